"""Checks 5 to 8 and 10: constraints, float, durations and resources of open tasks."""

import numpy as np

from projects.engine.instants import NO_INSTANT
from projects.engine.measure import Reason
from projects.engine.schedule_quality.clock import ProjectClock
from projects.engine.schedule_quality.facts import UNKNOWN, Flags, Numbers, PlanFacts
from projects.engine.schedule_quality.policy import QualityPolicy
from projects.engine.schedule_quality.population import Population
from projects.engine.schedule_quality.result import CheckResult, Offender, not_applicable, share
from projects.engine.schedule_quality.vocabulary import Check, Flaw
from projects.engine.scheduling.layout import (
    DURATION,
    FINISH_CAP,
    IS_ELAPSED,
    MUST_FINISH,
    MUST_START,
    START_CAP,
)

_HARD = (
    (MUST_START, Flaw.MUST_START_ON),
    (MUST_FINISH, Flaw.MUST_FINISH_ON),
    (START_CAP, Flaw.START_NO_LATER),
    (FINISH_CAP, Flaw.FINISH_NO_LATER),
)


def check_hard_constraints(facts: PlanFacts, population: Population, policy: QualityPolicy) -> CheckResult:
    """Return check 5: open tasks that a date holds against the logic."""
    columns = facts.network.columns[: facts.network.size]
    held = {flaw: columns[:, column] != NO_INSTANT for column, flaw in _HARD}
    found = population.tasks & np.logical_or.reduce(list(held.values()))
    offenders = tuple(
        Offender(int(at), flaw=next(flaw for flaw, flags in held.items() if flags[at]))
        for at in np.flatnonzero(found)
    )
    return _of_tasks(Check.HARD_CONSTRAINTS, population, policy, offenders)


def check_high_float(
    facts: PlanFacts, population: Population, policy: QualityPolicy, clock: ProjectClock
) -> CheckResult:
    """Return check 6: open tasks with more total float than a plan explains."""
    total = total_floats(facts, clock)
    found = population.tasks & (total > clock.ticks(policy.high_float_days))
    return _of_tasks(Check.HIGH_FLOAT, population, policy, _with_days(found, total, clock))


def check_negative_float(
    facts: PlanFacts, population: Population, policy: QualityPolicy, clock: ProjectClock
) -> CheckResult:
    """Return check 7: open tasks that are late before they begin."""
    total = total_floats(facts, clock)
    found = population.tasks & (total < 0) & (total != NO_INSTANT)
    return _of_tasks(Check.NEGATIVE_FLOAT, population, policy, _with_days(found, total, clock))


def total_floats(facts: PlanFacts, clock: ProjectClock) -> Numbers:
    """
    Return total float in working time; where the activity is elapsed, that of the project calendar.

    `NO_INSTANT` where undefined.
    """
    schedule, elapsed = facts.schedule, facts.network.columns[: facts.network.size, IS_ELAPSED] == 1
    total = schedule.total_float.copy()
    at = np.flatnonzero(elapsed & (total != NO_INSTANT))
    if at.size:
        total[at] = clock.between_many(schedule.early_finish[at], schedule.late_finish[at])
    return total


def check_high_duration(
    facts: PlanFacts, population: Population, policy: QualityPolicy, clock: ProjectClock
) -> CheckResult:
    """Return check 8: open tasks too long to be followed; the baseline's duration, if there is one."""
    length = planned_lengths(facts, clock)
    known = facts.baseline.duration != UNKNOWN
    elapsed = facts.network.columns[: facts.network.size, IS_ELAPSED] == 1
    at = np.flatnonzero(elapsed & known & (facts.baseline.finish != NO_INSTANT))
    frozen = facts.baseline.duration.copy()
    if at.size:
        frozen[at] = clock.between_many(facts.baseline.start[at], facts.baseline.finish[at])
    length = np.where(known, frozen, length)
    found = population.tasks & (length > clock.ticks(policy.high_duration_days))
    return _of_tasks(Check.HIGH_DURATION, population, policy, _with_days(found, length, clock))


def planned_lengths(facts: PlanFacts, clock: ProjectClock) -> Numbers:
    """Return planned durations in working time; elapsed ones as the working time they take up."""
    columns, schedule = facts.network.columns[: facts.network.size], facts.schedule
    length = columns[:, DURATION].copy()
    at = np.flatnonzero(columns[:, IS_ELAPSED] == 1)
    if at.size:
        length[at] = clock.between_many(schedule.early_start[at], schedule.early_finish[at])
    return length


def check_resources(
    facts: PlanFacts, population: Population, policy: QualityPolicy, clock: ProjectClock
) -> CheckResult:
    """Return check 10: open tasks of a day or more without resource or cost."""
    threshold = policy.checks[Check.RESOURCES]
    counted = population.tasks & (planned_lengths(facts, clock) >= clock.ticks(policy.resourced_from_days))
    if not population.tasks.any():
        return not_applicable(Check.RESOURCES, threshold, population.when_empty)
    if not facts.has_assignment.any():
        return not_applicable(Check.RESOURCES, threshold, Reason.INSUFFICIENT_DATA)
    bare = np.flatnonzero(counted & ~facts.has_assignment & ~facts.has_cost)
    return share(
        Check.RESOURCES,
        threshold,
        numerator=bare.size,
        denominator=int(counted.sum()),
        when_empty=Reason.NOT_APPLICABLE,
        offenders=tuple(Offender(int(at)) for at in bare),
    )


def _with_days(found: Flags, amount: Numbers, clock: ProjectClock) -> tuple[Offender, ...]:
    return tuple(Offender(int(at), days=clock.days(int(amount[at]))) for at in np.flatnonzero(found))


def _of_tasks(
    check: Check, population: Population, policy: QualityPolicy, offenders: tuple[Offender, ...]
) -> CheckResult:
    """Return offenders in percent of the open tasks."""
    return share(
        check,
        policy.checks[check],
        numerator=len(offenders),
        denominator=int(population.tasks.sum()),
        when_empty=population.when_empty,
        offenders=offenders,
    )
