"""The portfolio dashboard: everything on the page in one read model (product section 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Max, QuerySet

from pmo_portal.accounts.choices import ScopeKind
from pmo_portal.accounts.models import ScopeNode
from portfolio.choices import RunState, SnapshotKind
from portfolio.models import GroupHealth, Portfolio, ProjectHealth
from portfolio.rollup.group import GroupColor
from portfolio.rollup.group import GroupHealth as GroupResult
from portfolio.rollup.render import render_rule
from portfolio.rollup.vocabulary import Color, Dimension
from portfolio.selectors.audiences import PERSONAL, Grants, Viewer
from portfolio.selectors.dashboard_page import ClosePoint, Dashboard, ShareRow
from portfolio.selectors.dashboard_parts import (
    bubbles_of,
    exception_rows,
    groups_below,
    named_parts,
    newest_run_state,
    next_milestones,
    number_of,
)
from portfolio.selectors.groups import (
    Former,
    GroupFigures,
    GroupScope,
    add_up,
    load_exchange_rates,
    organization_scope,
    portfolio_scope,
)
from portfolio.selectors.health_rows import (
    last_close_before,
    newest_health,
    rows_below,
    rows_of_close,
    slim_rows,
)
from portfolio.selectors.policies import PolicyBook
from projects.models import Project

CLOSES_SHOWN = 12


@dataclass(frozen=True)
class _Sum:
    """Figures for the viewer, stored or made for them."""

    as_of: date
    computed_at: datetime | None
    color: str
    score: float | None
    projects_total: int
    currency: str
    budget: Decimal | None
    actual: Decimal | None
    forecast: Decimal | None
    document: Mapping[str, Any]


def scope_of(portfolio: Portfolio | None) -> GroupScope | None:
    """Return the scope of a portfolio, or of the organization; None before there is one."""
    if portfolio is not None:
        return portfolio_scope(portfolio)
    root = ScopeNode.objects.filter(kind=ScopeKind.ORGANIZATION).order_by("pk").first()
    return organization_scope(root) if root else None


def available_dates(portfolio: Portfolio | None = None, *, limit: int = 400) -> list[tuple[date, str]]:
    """Return the dates with figures and their kind, newest first. Two queries."""
    scope = scope_of(portfolio)
    rows = GroupHealth.objects.filter(node_id=scope.node_id if scope else None)
    return list(rows.order_by("-as_of").values_list("as_of", "kind").distinct()[:limit])


def has_projects(user: Any, portfolio: Portfolio | None) -> bool:
    """Whether there is a project in a portfolio the person may see, rolled up or not. One query."""
    rows = Project.objects.visible_to(user, "rollup.view")
    return (
        rows.filter(node__path__startswith=str(portfolio.node.path)).exists() if portfolio else rows.exists()
    )


def dashboard(user: Any, portfolio: Portfolio | None, as_of: date) -> Dashboard:
    """
    Return the dashboard of a portfolio with everything below it, or of all the person may see.

    The number of queries does not depend on the number of projects. Figures are those of the newest
    roll-up up to ``as_of``; of projects the person may not see nothing enters, not even a count.
    """
    scope = scope_of(portfolio)
    if scope is None:
        return _empty(GroupScope("ORGANIZATION", 0, "", "", "", "EUR", None), as_of)
    grants = Grants(user)
    viewer = grants.viewer_of(scope.path)
    found = _stored(scope, viewer, as_of) if viewer.audience != PERSONAL else None
    if viewer.audience == PERSONAL:
        found, viewer = _personal(user, scope, as_of)
    if found is None:
        return replace(
            _empty(scope, as_of),
            audience=viewer.audience,
            groups=groups_below(user, grants, portfolio, as_of),
        )
    rows = newest_health(as_of, Project.objects.visible_to(user, "rollup.view")).filter(
        portfolio__node__path__startswith=scope.path
    )
    result = GroupResult.from_dict(found.document["health"])
    return Dashboard(
        code=portfolio.code if portfolio else "",
        title=scope.title,
        as_of=as_of,
        figures_as_of=found.as_of,
        computed_at=found.computed_at,
        audience=viewer.audience,
        sees_money=viewer.sees_money,
        currency=found.currency,
        color=found.color,
        reason_code=result.reason or "",
        rule=result.rule,
        rule_text=render_rule(result.rule),
        rules=result.outcome.rules,
        score=found.score,
        trend=found.document["trend"]["direction"],
        score_change=number_of(found.document["trend"]["change"]),
        projects_total=found.projects_total,
        distribution=_distribution(result, viewer),
        dimensions=_dimensions(result.dimensions),
        **named_parts(user, found.document, result),
        **_money(found, viewer),
        missing_rates=tuple(found.document["fx"]["missing"]),
        confidence=result.confidence,
        exceptions=exception_rows(rows),
        exception_counts=found.document["exceptions"],
        bubbles=bubbles_of(rows, scope, viewer, load_exchange_rates(as_of)),
        history=_history(user, scope, viewer, as_of),
        milestones=next_milestones(user, scope, rows, as_of),
        groups=groups_below(user, grants, portfolio, as_of),
        **_freshness(scope, found, rows, as_of),
    )


def _freshness(scope: GroupScope, found: _Sum, rows: QuerySet[ProjectHealth], as_of: date) -> dict[str, Any]:
    """Return whether there are newer figures, and how many projects changed since these were computed."""
    newest = GroupHealth.objects.filter(node_id=scope.node_id).aggregate(newest=Max("as_of"))["newest"]
    is_past = newest is not None and newest > found.as_of
    changed = 0 if is_past else rows.filter(project__updated_at__gt=F("computed_at")).count()
    run = newest_run_state(as_of)
    return {
        "is_past": is_past,
        "is_stale": bool(changed) or run == RunState.PARTIAL,
        "changed_count": changed,
        "run_state": run,
    }


def _money(found: _Sum, viewer: Viewer) -> dict[str, Any]:
    """Return the sums of money, each None for people who may not see totals."""
    names = ("budget", "actual", "forecast", "fx_effect")
    if not viewer.sees_money:
        return dict.fromkeys(names)
    effect = Decimal(found.document["fx"]["effect"])
    return dict(zip(names, (found.budget, found.actual, found.forecast, effect), strict=True))


def _empty(scope: GroupScope, as_of: date) -> Dashboard:
    return Dashboard(
        code="" if scope.kind == "ORGANIZATION" else scope.key,
        title=scope.title,
        as_of=as_of,
        figures_as_of=None,
        computed_at=None,
        audience=PERSONAL,
        sees_money=False,
        currency=scope.currency,
        color=Color.GREY,
        reason_code="INSUFFICIENT_DATA",
        rule=None,
        rule_text="",
        rules=(),
        score=None,
        trend="NEW",
        score_change=None,
        projects_total=0,
        distribution=(),
        dimensions={},
        worst_child=None,
        budget=None,
        actual=None,
        forecast=None,
        fx_effect=None,
        missing_rates=(),
        confidence=None,
        changes=None,
        exceptions=(),
        exception_counts={},
        bubbles=(),
        history=(),
        milestones=(),
        groups=(),
        is_past=False,
        is_stale=False,
        changed_count=0,
        run_state="",
    )


def _stored(scope: GroupScope, viewer: Viewer, as_of: date) -> _Sum | None:
    row = (
        GroupHealth.objects.filter(node_id=scope.node_id, audience=viewer.audience, as_of__lte=as_of)
        .order_by("-as_of")
        .first()
    )
    if row is None:
        return None
    return _Sum(
        as_of=row.as_of,
        computed_at=row.computed_at,
        color=row.color,
        score=row.score,
        projects_total=row.projects_total,
        currency=row.currency,
        budget=row.budget,
        actual=row.actual,
        forecast=row.forecast,
        document=row.document,
    )


def _personal(user: Any, scope: GroupScope, as_of: date) -> tuple[_Sum | None, Viewer]:
    """Return the sum over the projects the person may see; money only where all of it may be seen."""
    visible = Project.objects.visible_to(user, "rollup.view")
    close = last_close_before(as_of)
    rows = rows_below(slim_rows(newest_health(as_of, visible)), scope.path)
    former = rows_below(slim_rows(rows_of_close(close).filter(project__in=visible)), scope.path)
    allowed = set(
        Project.objects.visible_to(user, "budget.view_totals")
        .filter(pk__in=[row.project_id for row in rows])
        .values_list("pk", flat=True)
    )
    viewer = Viewer(PERSONAL, sees_money=all(row.project_id in allowed for row in rows))
    if not rows:
        return None, viewer
    figures = add_up(
        rows,
        scope=scope,
        as_of=as_of,
        policy=PolicyBook(as_of).of_portfolio(scope.portfolio_id),
        rates=load_exchange_rates(as_of),
        former=Former(close, former),
    )
    return _made(figures, max(row.as_of for row in rows)), viewer


def _made(figures: GroupFigures, as_of: date) -> _Sum:
    score = figures.health.score
    return _Sum(
        as_of=as_of,
        computed_at=None,
        color=figures.health.color.value,
        score=None if score is None else float(score),
        projects_total=figures.projects_total,
        currency=figures.currency,
        budget=figures.budget,
        actual=figures.actual,
        forecast=figures.forecast,
        document=figures.document,
    )


def _distribution(result: GroupResult, viewer: Viewer) -> tuple[ShareRow, ...]:
    return tuple(
        ShareRow(
            color=item.color.value,
            count=item.count,
            count_share=None if item.count_share is None else float(item.count_share),
            budget=item.budget if viewer.sees_money else None,
            budget_share=None if item.budget_share is None else float(item.budget_share),
        )
        for item in result.distribution
    )


def _dimensions(outcomes: Mapping[Dimension, GroupColor]) -> dict[str, str]:
    return {code.value: outcome.color.value for code, outcome in outcomes.items()}


def _history(user: Any, scope: GroupScope, viewer: Viewer, as_of: date) -> tuple[ClosePoint, ...]:
    """Return the last period closes, oldest first."""
    if viewer.audience == PERSONAL:
        return _personal_history(user, scope, as_of)
    rows = (
        GroupHealth.objects.filter(
            node_id=scope.node_id,
            audience=viewer.audience,
            kind=SnapshotKind.PERIOD_CLOSE,
            as_of__lte=as_of,
        )
        .order_by("-as_of")
        .values_list("as_of", "color", "score", "document__health__distribution")[:CLOSES_SHOWN]
    )
    points = [
        ClosePoint(day, color, score, {item["color"]: item["count"] for item in shares})
        for day, color, score, shares in rows
    ]
    return tuple(reversed(points))


def _personal_history(user: Any, scope: GroupScope, as_of: date) -> tuple[ClosePoint, ...]:
    days = list(
        ProjectHealth.objects.filter(kind=SnapshotKind.PERIOD_CLOSE, as_of__lte=as_of)
        .order_by("-as_of")
        .values_list("as_of", flat=True)
        .distinct()[:CLOSES_SHOWN]
    )
    rows = rows_below(
        slim_rows(
            ProjectHealth.objects.visible_to(user).filter(kind=SnapshotKind.PERIOD_CLOSE, as_of__in=days)
        ),
        scope.path,
    )
    rates, policy = load_exchange_rates(as_of), PolicyBook(as_of).of_portfolio(scope.portfolio_id)
    points = []
    for day in sorted(days):
        own = [row for row in rows if row.as_of == day]
        if own:
            figures = add_up(own, scope=scope, as_of=day, policy=policy, rates=rates, former=Former(None, []))
            counts = {item.color.value: item.count for item in figures.health.distribution}
            made = _made(figures, day)
            points.append(ClosePoint(day, made.color, made.score, counts))
    return tuple(points)
