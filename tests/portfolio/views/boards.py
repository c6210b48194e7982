"""EX-HLT in the database: five projects of one portfolio, rated and stored as a roll-up does."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from portfolio.choices import RunState, SnapshotKind
from portfolio.models import Portfolio, ProjectHealth, RollupRun
from portfolio.rollup.codec import to_plain
from portfolio.rollup.exceptions import ExceptionContext, find_exceptions
from portfolio.rollup.facts import ProjectFacts
from portfolio.rollup.project import rate_project
from portfolio.rollup.vocabulary import Color, Freshness
from portfolio.services.components import create_project
from portfolio.services.groups import aggregate_groups
from portfolio.services.structure import create_portfolio
from projects.models import Project
from tests.factories import grant, user
from tests.portfolio.rollup.examples import AS_OF, POLICY, five

CLOSE = date(2026, 2, 28)
NAMES = {"P1": "ERP", "P2": "Data center", "P3": "Portal", "P4": "HR policy", "P5": "Fit-out"}
FORMER = {
    "P1": ("GREEN", 100.0, 2000),
    "P2": ("GREEN", 100.0, 1200),
    "P3": ("AMBER", 50.0, 800),
    "P5": ("GREEN", 97.5, 600),
}
THOUSAND = Decimal(1000)


@dataclass(frozen=True)
class Board:
    """The portfolio of EX-HLT with its projects by key."""

    portfolio: Portfolio
    projects: dict[str, Project]
    paula: User


def paula(portfolio: Portfolio) -> User:
    """Return Paula of the PMO, who sees and may do everything here."""
    made = user("Paula")
    grant(made, Role.PMO_HEAD, portfolio.node.parent)
    return made


def build_board(*, keys: tuple[str, ...] = tuple(NAMES), with_close: bool = True) -> Board:
    """Return the portfolio with its roll-up of 31 March 2026 and the close before."""
    portfolio = create_portfolio(actor=None, code="NW", name="Northwind", reporting_currency="EUR")
    projects = {
        key: create_project(
            actor=None, name=NAMES[key], portfolio=portfolio, code=key, currency="EUR", state="EXECUTING"
        )
        for key in keys
    }
    if with_close:
        _close(portfolio, {key: projects[key] for key in keys if key in FORMER})
    run = RollupRun.objects.create(as_of=AS_OF, state=RunState.COMPLETE, projects_total=len(keys))
    for given in five():
        if given.key in projects:
            store(given, projects[given.key], portfolio, run)
    aggregate_groups(run=run, as_of=AS_OF, kind=SnapshotKind.DAILY)
    return Board(portfolio, projects, paula(portfolio))


def store(given: ProjectFacts, project: Project, portfolio: Portfolio, run: RollupRun) -> ProjectHealth:
    """Keep the health of a project as a roll-up does; the example counts in thousands."""
    health = rate_project(given, POLICY, run.as_of)
    former = FORMER.get(given.key)
    context = ExceptionContext(former_color=Color(former[0]) if former else None)
    document = health.to_dict()
    indicators = document.pop("indicators")
    cost = given.cost
    weight = cost.bac if given.has_baseline else cost.budget
    return ProjectHealth.objects.create(
        project=project,
        portfolio=portfolio,
        run=run,
        as_of=run.as_of,
        kind=run.kind,
        policy_version="1",
        input_hash=given.key,
        state=given.state.value,
        color=health.color.value,
        reason_code=health.reason.value if health.reason else "",
        score=None if health.score is None else float(health.score),
        coverage=float(health.coverage),
        data_quality=float(health.data_quality.value or 0),
        trend=_trend(health.score, former),
        dimension_colors={item.code.value: item.effective.value for item in health.dimensions},
        is_flagship=project.is_flagship,
        is_stale=health.freshness in {Freshness.STALE, Freshness.VERY_STALE},
        currency=project.currency,
        weight=_thousands(weight),
        budget=_thousands(cost.budget),
        actual=_thousands(cost.ac),
        forecast=_thousands(cost.eac if cost.eac is not None else cost.fac),
        ev=_thousands(cost.ev),
        pv=_thousands(cost.pv),
        spi_t=None if given.schedule.spi_t is None else float(given.schedule.spi_t),
        cpi=None if not cost.ev or not cost.ac else float(cost.ev / cost.ac),
        slip_wd=None if given.schedule.forecast_slip_wd is None else int(given.schedule.forecast_slip_wd),
        exceptions=to_plain(find_exceptions(health, given, POLICY, context)),
        indicators=indicators,
        explanation=document,
    )


def _trend(score: Any, former: tuple[str, float, int] | None) -> str:
    if former is None or score is None:
        return "NEW"
    change = float(score) - former[1]
    return "IMPROVING" if change >= 5 else "DECLINING" if change <= -5 else "STABLE"


def _thousands(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount * THOUSAND


def _close(portfolio: Portfolio, projects: dict[str, Project]) -> None:
    run = RollupRun.objects.create(as_of=CLOSE, kind=SnapshotKind.PERIOD_CLOSE, state=RunState.COMPLETE)
    for key, project in projects.items():
        color, score, budget = FORMER[key]
        ProjectHealth.objects.create(
            project=project,
            portfolio=portfolio,
            run=run,
            as_of=CLOSE,
            kind=SnapshotKind.PERIOD_CLOSE,
            is_locked=True,
            policy_version="1",
            input_hash=f"close {key}",
            state="EXECUTING",
            color=color,
            score=score,
            coverage=100,
            currency="EUR",
            weight=budget * THOUSAND,
            budget=budget * THOUSAND,
            explanation={"freshness": "FRESH"},
        )
    aggregate_groups(run=run, as_of=CLOSE, kind=SnapshotKind.PERIOD_CLOSE)
