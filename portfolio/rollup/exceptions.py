"""The exceptions list E1 to E12: what the PMO must look at whatever the score says (domain 11.4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portfolio.rollup.facts import ProjectFacts, RecordRef
from portfolio.rollup.health import ProjectHealth
from portfolio.rollup.numbers import HUNDRED, ZERO, decimal_text, divide, percent
from portfolio.rollup.policy import ExceptionRules, HealthPolicy
from portfolio.rollup.vocabulary import Color, DataQualityBand, Freshness, Population, ProjectState
from projects.engine.measure import Reason


class ExceptionCode(StrEnum):
    """Codes of the exceptions list; a translation catalog has one sentence for each."""

    NEWLY_RED = "E1"
    RED_WITHOUT_RECOVERY = "E2"
    REPORT_STALE = "E3"
    OPTIMISTIC = "E4"
    FORECAST_OVER_BUDGET = "E5"
    CONDITION_OVERDUE = "E6"
    DEPENDENCY_RED = "E7"
    DATA_QUALITY_LOW = "E8"
    TCPI_HIGH = "E9"
    ESCALATION_UNACKNOWLEDGED = "E10"
    NO_BASELINE = "E11"
    EAC_BELOW_TREND = "E12"


@dataclass(frozen=True, slots=True)
class ExceptionContext:
    """
    What the list needs beyond one date's facts.

    ``former_color`` is the color at the former period close (``None``: there was none);
    ``red_closes`` the number of successive period closes that are RED, the present one included;
    ``unacknowledged_wd`` the working days of the oldest escalation nobody acknowledged.
    """

    former_color: Color | None = None
    red_closes: int = 0
    has_recovery_plan: bool = False
    red_dependencies: tuple[RecordRef, ...] = ()
    unacknowledged_wd: int | None = None
    escalations: tuple[RecordRef, ...] = ()


@dataclass(frozen=True, slots=True)
class ExceptionItem:
    """One exception: code, project key, values for its sentence as text, records behind it."""

    code: ExceptionCode
    key: str
    params: Mapping[str, str] = field(default_factory=dict)
    records: tuple[RecordRef, ...] = ()


@dataclass(frozen=True, slots=True)
class _Case:
    health: ProjectHealth
    facts: ProjectFacts
    context: ExceptionContext
    rules: ExceptionRules
    as_of: date

    def item(self, code: ExceptionCode, records: tuple[RecordRef, ...] = (), **params: str) -> ExceptionItem:
        return ExceptionItem(code, self.health.key, params, records)


def find_exceptions(
    health: ProjectHealth, facts: ProjectFacts, policy: HealthPolicy, context: ExceptionContext
) -> tuple[ExceptionItem, ...]:
    """
    Return the exceptions of one project in the order E1 to E12.

    Parameters
    ----------
    health : ProjectHealth
        Result of `rate_project` for the same facts.
    facts : ProjectFacts
        Inputs of the project.
    policy : HealthPolicy
        Gives the limits.
    context : ExceptionContext
        History and links; what is not given raises no exception.

    Returns
    -------
    tuple of ExceptionItem
        Empty for projects that are on hold, closed or left out.
    """
    if health.population != Population.RATED:
        return ()
    case = _Case(health, facts, context, policy.exceptions, health.as_of)
    found = (check(case) for check in _CHECKS)
    return tuple(item for item in found if item is not None)


def _newly_red(case: _Case) -> ExceptionItem | None:
    former = case.context.former_color
    if case.health.color != Color.RED or former == Color.RED:
        return None
    return case.item(ExceptionCode.NEWLY_RED, before=former.value if former else "")


def _red_without_recovery(case: _Case) -> ExceptionItem | None:
    closes = case.context.red_closes
    if case.health.color != Color.RED or closes < case.rules.red_closes or case.context.has_recovery_plan:
        return None
    return case.item(ExceptionCode.RED_WITHOUT_RECOVERY, closes=str(closes))


def _report_stale(case: _Case) -> ExceptionItem | None:
    if case.health.freshness not in (Freshness.STALE, Freshness.VERY_STALE):
        return None
    age = case.health.report_age_days
    return case.item(
        ExceptionCode.REPORT_STALE,
        freshness=case.health.freshness.value,
        age_days="" if age is None else str(age),
    )


def _optimistic(case: _Case) -> ExceptionItem | None:
    found = [item for item in case.health.dimensions if item.is_optimistic]
    if not found:
        return None
    return case.item(ExceptionCode.OPTIMISTIC, dimensions=",".join(item.code for item in found))


def _forecast_over_budget(case: _Case) -> ExceptionItem | None:
    cost = case.facts.cost
    if cost.fac is None or cost.budget is None or cost.budget <= 0:
        return None
    if cost.fac * HUNDRED <= case.rules.forecast_percent_of_budget * cost.budget:
        return None
    return case.item(
        ExceptionCode.FORECAST_OVER_BUDGET,
        forecast=decimal_text(cost.fac),
        budget=decimal_text(cost.budget),
        percent=decimal_text(percent(cost.fac, cost.budget) or ZERO),
    )


def _condition_overdue(case: _Case) -> ExceptionItem | None:
    days = case.facts.governance.oldest_condition_overdue_days
    if not days or days < 0:
        return None
    records = case.facts.records.get("HG2", ())
    return case.item(ExceptionCode.CONDITION_OVERDUE, records, days=str(days))


def _dependency_red(case: _Case) -> ExceptionItem | None:
    red = tuple(sorted(case.context.red_dependencies))
    return case.item(ExceptionCode.DEPENDENCY_RED, red, count=str(len(red))) if red else None


def _data_quality_low(case: _Case) -> ExceptionItem | None:
    quality = case.health.data_quality
    if quality.band != DataQualityBand.LOW or quality.value is None:
        return None
    return case.item(ExceptionCode.DATA_QUALITY_LOW, value=decimal_text(quality.value))


def _tcpi_high(case: _Case) -> ExceptionItem | None:
    cost = case.facts.cost
    if not case.facts.has_baseline or cost.bac is None or cost.ev is None or cost.ac is None or cost.bac <= 0:
        return None
    if cost.ev >= cost.bac or cost.ev * HUNDRED < case.rules.tcpi_from_percent_done * cost.bac:
        return None
    if cost.ac >= cost.bac:
        return case.item(ExceptionCode.TCPI_HIGH, reason=Reason.BUDGET_EXHAUSTED.value)
    tcpi = divide(cost.bac - cost.ev, cost.bac - cost.ac)
    if tcpi is None or tcpi <= case.rules.tcpi_limit:
        return None
    return case.item(ExceptionCode.TCPI_HIGH, tcpi=decimal_text(tcpi))


def _escalation_unacknowledged(case: _Case) -> ExceptionItem | None:
    days = case.context.unacknowledged_wd
    if days is None or days <= case.rules.unacknowledged_wd:
        return None
    records = tuple(sorted(case.context.escalations))
    return case.item(ExceptionCode.ESCALATION_UNACKNOWLEDGED, records, days=str(days))


def _no_baseline(case: _Case) -> ExceptionItem | None:
    since = case.facts.report.executing_since
    if case.facts.has_baseline or case.facts.state != ProjectState.EXECUTING or since is None:
        return None
    days = (case.as_of - since).days
    if days < case.rules.days_without_baseline:
        return None
    return case.item(ExceptionCode.NO_BASELINE, days=str(days))


def _eac_below_trend(case: _Case) -> ExceptionItem | None:
    cost = case.facts.cost
    if cost.eac is None or cost.bac is None or cost.ev is None or cost.ac is None or cost.bac <= 0:
        return None
    trend = divide(cost.bac * cost.ac, cost.ev)
    if trend is None or not cost.ac:
        return None
    if (trend - cost.eac) * HUNDRED <= case.rules.eac_gap_percent * cost.bac:
        return None
    return case.item(
        ExceptionCode.EAC_BELOW_TREND, declared=decimal_text(cost.eac), trend=decimal_text(trend)
    )


_CHECKS: tuple[Callable[[_Case], ExceptionItem | None], ...] = (
    _newly_red,
    _red_without_recovery,
    _report_stale,
    _optimistic,
    _forecast_over_budget,
    _condition_overdue,
    _dependency_red,
    _data_quality_low,
    _tcpi_high,
    _escalation_unacknowledged,
    _no_baseline,
    _eac_below_trend,
)
