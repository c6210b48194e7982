"""A portfolio at two dates (HLT-8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pmo_portal.accounts.choices import ScopeKind
from pmo_portal.accounts.models import ScopeNode
from pmo_portal.accounts.scopes import within_reach
from pmo_portal.common.garbage import collection_paused
from portfolio.models import Portfolio
from portfolio.rollup.comparison import Comparison
from portfolio.rollup.comparison import compare as compare_rows
from portfolio.selectors.audiences import PERSONAL
from portfolio.selectors.dashboard_page import ProjectRef
from portfolio.selectors.dashboards import scope_of
from portfolio.selectors.groups import (
    GroupFigures,
    compared_rows,
    load_exchange_rates,
    total_up,
)
from portfolio.selectors.health_rows import newest_health, rows_below, slim_rows
from portfolio.selectors.policies import PolicyBook
from projects.models import Project


@dataclass(frozen=True)
class SideOfComparison:
    """The group at one of the dates; money in reporting currency, None when it is not shown."""

    as_of: date
    color: str
    score: float | None
    projects_total: int
    counts: Mapping[str, int]
    budget: Decimal | None
    actual: Decimal | None
    forecast: Decimal | None


@dataclass(frozen=True)
class ComparisonPage:
    """
    Two dates beside each other, over the projects the person may see.

    ``result`` names projects by code; ``names`` gives a link for each code. Places in ``result.moved``
    are titles of portfolios and programs in ``places``, by path. ``missing_rates``: codes of projects
    that are not in the sums of money, because the rate of their currency is missing (CST-20).
    """

    code: str
    title: str
    currency: str
    before: SideOfComparison
    after: SideOfComparison
    result: Comparison
    names: Mapping[str, ProjectRef]
    places: Mapping[str, str]
    missing_rates: tuple[str, ...]
    audience: str
    sees_money: bool


@collection_paused()
def compare(user: Any, portfolio: Portfolio | None, date_a: date, date_b: date) -> ComparisonPage | None:
    """
    Compare a portfolio, or all the person may see, at two dates; None while there is no organization.

    The earlier date comes first whatever the order given. Fourteen queries whatever the number of projects.
    """
    scope = scope_of(portfolio)
    if scope is None:
        return None
    first, second = sorted((date_a, date_b))
    visible = Project.objects.visible_to(user, "rollup.view")
    all_old = slim_rows(newest_health(first, visible), is_brief=True)
    all_new = slim_rows(newest_health(second, visible), is_brief=True)
    old, new = rows_below(all_old, scope.path), rows_below(all_new, scope.path)
    elsewhere = _homes_elsewhere(user, scope.path)
    rates = load_exchange_rates(second)
    policy = PolicyBook(second).of_portfolio(scope.portfolio_id)
    shown = {row.project_id for row in (*old, *new)}
    with_money = set(
        Project.objects.visible_to(user, "budget.view_totals")
        .filter(pk__in=shown)
        .values_list("pk", flat=True)
    )
    sees_money = shown <= with_money

    def side(day: date, rows: Any) -> SideOfComparison:
        figures = total_up(rows, scope=scope, as_of=day, policy=policy, rates=rates)
        return _side(day, figures, sees_money=sees_money)

    return ComparisonPage(
        code=portfolio.code if portfolio else "",
        title=scope.title,
        currency=scope.currency,
        before=side(first, old),
        after=side(second, new),
        result=compare_rows(
            compared_rows(old, scope.currency, rates),
            compared_rows(new, scope.currency, rates),
            policy.rules.trend,
            parents_before={row.code: row.home_path for row in all_old if row.home_path in elsewhere},
            parents_after={row.code: row.home_path for row in all_new if row.home_path in elsewhere},
        ),
        names={row.code: ProjectRef(row.code, row.name) for row in (*old, *new)},
        places={**elsewhere, **{row.home_path: row.home_title for row in (*old, *new)}},
        missing_rates=tuple(
            sorted({row.code for row in (*old, *new) if rates.to(scope.currency, row.currency) is None})
        ),
        audience=PERSONAL,
        sees_money=sees_money,
    )


def _homes_elsewhere(user: Any, path: str) -> dict[str, str]:
    """Return the titles of portfolios and programs outside of the group that the person sees, by path."""
    homes = ScopeNode.objects.filter(
        within_reach(user, "portfolio.view", node=""), kind__in=[ScopeKind.PORTFOLIO, ScopeKind.PROGRAM]
    )
    found = homes.exclude(path__startswith=path).values_list("path", "title")
    return {str(place): title for place, title in found}


def _side(day: date, figures: GroupFigures, *, sees_money: bool) -> SideOfComparison:
    score = figures.health.score
    return SideOfComparison(
        as_of=day,
        color=figures.health.color.value,
        score=None if score is None else float(score),
        projects_total=figures.projects_total,
        counts={item.color.value: item.count for item in figures.health.distribution},
        budget=figures.budget if sees_money else None,
        actual=figures.actual if sees_money else None,
        forecast=figures.forecast if sees_money else None,
    )
