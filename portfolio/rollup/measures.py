"""Raw indicator values from a project's facts: value or null with reason, before any color (11.2 step 2)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from portfolio.rollup.facts import ProjectFacts
from portfolio.rollup.health import RawValue
from portfolio.rollup.numbers import CONTEXT, HUNDRED, divide, percent
from portfolio.rollup.policy import HealthPolicy, IndicatorPolicy, MeasurementRules, RatedWhen
from portfolio.rollup.shared import shared
from portfolio.rollup.vocabulary import BEFORE_EXECUTING, Unit
from projects.engine.measure import Reason


@dataclass(frozen=True, slots=True)
class _Measured:
    value: Decimal | None
    step_unit: Unit | None = None
    step_size: Decimal | None = None
    against_original: Decimal | None = None


def measure(facts: ProjectFacts, policy: HealthPolicy) -> dict[str, RawValue]:
    """
    Return the raw value of every indicator of the policy.

    Parameters
    ----------
    facts : ProjectFacts
        Inputs of one project at one date.
    policy : HealthPolicy
        Says which indicators there are and when each is rated.

    Returns
    -------
    dict of str to RawValue
        By indicator code, in policy order. A null value carries its reason (CON-4): the one given in
        ``facts.missing``, else the one of the condition that does not hold, else ``INSUFFICIENT_DATA``.
    """
    return {rule.code: _measure_one(facts, rule, policy.measurement) for rule in policy.indicators}


def _measure_one(facts: ProjectFacts, rule: IndicatorPolicy, limits: MeasurementRules) -> RawValue:
    found = facts.records.get(rule.code)
    records = tuple(sorted(set(found))) if found else ()
    closed_gate = _GATES[rule.rated_when](facts, limits)
    formula = FORMULAS.get(rule.code)
    if closed_gate is None and formula is not None:
        measured = formula(facts)
        if measured.value is not None:
            return RawValue(
                code=rule.code,
                value=measured.value,
                step_unit=measured.step_unit,
                step_size=measured.step_size,
                records=records,
                against_original=measured.against_original,
            )
    reason = facts.missing.get(rule.code) or closed_gate or Reason.INSUFFICIENT_DATA
    if not records:
        return shared(rule, reason, lambda: RawValue(rule.code, None, reason))
    return RawValue(rule.code, None, reason, records=records)


# Conditions: None when the indicator may be rated, else the reason why not.


def _positive(value: Decimal | None) -> bool:
    return value is not None and value > 0


def _always(_facts: ProjectFacts, _limits: MeasurementRules) -> Reason | None:
    return None


def _baseline(facts: ProjectFacts, _limits: MeasurementRules) -> Reason | None:
    return None if facts.has_baseline else Reason.NO_BASELINE


def _share_reached(part: Decimal | None, whole: Decimal | None, needed: Decimal) -> Reason | None:
    if whole is None or whole <= 0:
        return Reason.NO_BUDGET
    if part is None:
        return Reason.INSUFFICIENT_DATA
    return None if part * HUNDRED >= needed * whole else Reason.TOO_EARLY


def _planned_unfinished(facts: ProjectFacts, limits: MeasurementRules) -> Reason | None:
    if not facts.has_baseline:
        return Reason.NO_BASELINE
    if facts.schedule.is_finished:
        return Reason.FINISHED
    return _share_reached(facts.cost.pv, facts.cost.bac, limits.min_planned_percent)


def _earned(facts: ProjectFacts, limits: MeasurementRules) -> Reason | None:
    if not facts.has_baseline:
        return Reason.NO_BASELINE
    too_early = _share_reached(facts.cost.ev, facts.cost.bac, limits.min_earned_percent)
    if too_early is None and facts.cost.ac is not None and facts.cost.ac <= 0:
        return Reason.NO_COST
    return too_early


def _budget(facts: ProjectFacts, _limits: MeasurementRules) -> Reason | None:
    has_bac = facts.has_baseline and _positive(facts.cost.bac)
    return None if has_bac or _positive(facts.cost.budget) else Reason.NO_BUDGET


def _budget_unfinished(facts: ProjectFacts, _limits: MeasurementRules) -> Reason | None:
    if not _positive(facts.cost.budget):
        return Reason.NO_BUDGET
    return Reason.FINISHED if facts.schedule.is_finished else None


def _register_reviewed(facts: ProjectFacts, _limits: MeasurementRules) -> Reason | None:
    return None if facts.risk.is_register_reviewed else Reason.INSUFFICIENT_DATA


def _demand(facts: ProjectFacts, _limits: MeasurementRules) -> Reason | None:
    demand = facts.resources.demand_hours
    if demand is None:
        return Reason.INSUFFICIENT_DATA
    return None if demand > 0 else Reason.NOT_APPLICABLE


def _team(facts: ProjectFacts, _limits: MeasurementRules) -> Reason | None:
    size = facts.resources.team_size
    if size is None:
        return Reason.INSUFFICIENT_DATA
    return None if size >= 1 else Reason.NOT_APPLICABLE


def _review_done(facts: ProjectFacts, _limits: MeasurementRules) -> Reason | None:
    if facts.state in BEFORE_EXECUTING:
        return Reason.TOO_EARLY
    return None if facts.quality.is_any_review_done else Reason.INSUFFICIENT_DATA


def _enough_decided(facts: ProjectFacts, limits: MeasurementRules) -> Reason | None:
    if facts.state in BEFORE_EXECUTING:
        return Reason.TOO_EARLY
    decided = facts.quality.decided_deliverables
    return None if decided is not None and decided >= limits.min_decided else Reason.INSUFFICIENT_DATA


def _benefits_set(facts: ProjectFacts, _limits: MeasurementRules) -> Reason | None:
    return None if facts.benefits.are_benefits_set else Reason.INSUFFICIENT_DATA


def _benefits_planned(facts: ProjectFacts, limits: MeasurementRules) -> Reason | None:
    if facts.state in BEFORE_EXECUTING:
        return Reason.TOO_EARLY
    unset = _benefits_set(facts, limits)
    if unset is None and facts.benefits.to_date_ratio is None:
        return Reason.NOT_PLANNED_YET
    return unset


def _anything_due(facts: ProjectFacts, _limits: MeasurementRules) -> Reason | None:
    return Reason.NOT_APPLICABLE if facts.governance.compliance_percent is None else None


_GATES: dict[RatedWhen, Callable[[ProjectFacts, MeasurementRules], Reason | None]] = {
    RatedWhen.ALWAYS: _always,
    RatedWhen.BASELINE: _baseline,
    RatedWhen.BASELINE_PLANNED_UNFINISHED: _planned_unfinished,
    RatedWhen.BUDGET: _budget,
    RatedWhen.BUDGET_UNFINISHED: _budget_unfinished,
    RatedWhen.EARNED: _earned,
    RatedWhen.REGISTER_REVIEWED: _register_reviewed,
    RatedWhen.DEMAND: _demand,
    RatedWhen.TEAM: _team,
    RatedWhen.REVIEW_DONE: _review_done,
    RatedWhen.ENOUGH_DECIDED: _enough_decided,
    RatedWhen.BENEFITS_SET: _benefits_set,
    RatedWhen.BENEFITS_PLANNED: _benefits_planned,
    RatedWhen.ANYTHING_DUE: _anything_due,
}


# Formulas: the value and how many natural steps make one unit of it.

_NOTHING = _Measured(None)


def _count(value: int | None, unit: Unit = Unit.COUNT) -> _Measured:
    return _NOTHING if value is None else _Measured(Decimal(value), unit, Decimal(1))


def _percent_of(part: Decimal | None, whole: Decimal | None, unit: Unit) -> _Measured:
    if part is None or whole is None or whole <= 0:
        return _NOTHING
    return _Measured(percent(part, whole), unit, CONTEXT.divide(whole, HUNDRED))


def _finish_slip(facts: ProjectFacts) -> _Measured:
    schedule = facts.schedule
    slip = _percent_of(schedule.forecast_slip_wd, schedule.baseline_duration_wd, Unit.WORKING_DAYS)
    original = _percent_of(schedule.original_slip_wd, schedule.original_duration_wd, Unit.WORKING_DAYS)
    return replace(slip, against_original=original.value)


def _variance_at_completion(facts: ProjectFacts) -> _Measured:
    cost = facts.cost
    if facts.has_baseline and _positive(cost.bac) and cost.bac is not None and cost.eac is not None:
        return _percent_of(cost.bac - cost.eac, cost.bac, Unit.MONEY)
    if cost.budget is None or cost.fac is None:
        return _NOTHING
    return _percent_of(cost.budget - cost.fac, cost.budget, Unit.MONEY)


def _cost_performance(facts: ProjectFacts) -> _Measured:
    cost = facts.cost
    if cost.ev is None or cost.ac is None:
        return _NOTHING
    return _Measured(divide(cost.ev, cost.ac))


def _budget_use(facts: ProjectFacts) -> _Measured:
    cost = facts.cost
    if cost.budget is None or cost.ac is None or cost.open_commitments is None:
        return _NOTHING
    return _Measured(divide(cost.ac + cost.open_commitments, cost.budget), Unit.MONEY, cost.budget)


def _scope_growth(facts: ProjectFacts) -> _Measured:
    scope, bac = facts.scope, facts.cost.bac
    changes = _percent_of(scope.approved_change_cost, scope.original_bac, Unit.MONEY)
    if bac is None or scope.original_bac is None:
        return changes
    growth = _percent_of(bac - scope.original_bac, scope.original_bac, Unit.MONEY)
    return replace(changes, against_original=growth.value)


def _unfilled_demand(facts: ProjectFacts) -> _Measured:
    return _percent_of(facts.resources.unfilled_hours, facts.resources.demand_hours, Unit.HOURS)


def _overloaded_share(facts: ProjectFacts) -> _Measured:
    resources = facts.resources
    if resources.team_size is None or resources.overloaded_people is None:
        return _NOTHING
    return _percent_of(Decimal(resources.overloaded_people), Decimal(resources.team_size), Unit.PEOPLE)


def _first_time_rate(facts: ProjectFacts) -> _Measured:
    quality = facts.quality
    if quality.accepted_first_time is None or not quality.decided_deliverables:
        return _NOTHING
    return _Measured(percent(Decimal(quality.accepted_first_time), Decimal(quality.decided_deliverables)))


FORMULAS: dict[str, Callable[[ProjectFacts], _Measured]] = {
    "HS1": _finish_slip,
    "HS2": lambda facts: _Measured(facts.schedule.spi_t),
    "HS3": lambda facts: _count(facts.schedule.overdue_key_milestones),
    "HC1": _variance_at_completion,
    "HC2": _cost_performance,
    "HC3": _budget_use,
    "HP1": _scope_growth,
    "HP2": lambda facts: _count(facts.scope.undecided_changes),
    "HR1": lambda facts: _Measured(facts.risk.exposure_ratio),
    "HR2": lambda facts: _count(facts.risk.unanswered_very_high_risks),
    "HR3": lambda facts: _count(facts.risk.overdue_critical_issues),
    "HU1": _unfilled_demand,
    "HU2": _overloaded_share,
    "HQ1": lambda facts: _count(facts.quality.overdue_findings),
    "HQ2": _first_time_rate,
    "HB1": lambda facts: _Measured(facts.benefits.forecast_ratio),
    "HB2": lambda facts: _Measured(facts.benefits.to_date_ratio),
    "HG1": lambda facts: _Measured(facts.governance.compliance_percent),
    "HG2": lambda facts: _count(facts.governance.oldest_condition_overdue_days, Unit.DAYS),
}
