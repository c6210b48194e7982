"""Checks 9, 11 and 14: dates against the data date and against the baseline."""

from decimal import Decimal

import numpy as np

from projects.engine.instants import MINUTES_PER_DAY, NO_INSTANT
from projects.engine.measure import Measure, Reason
from projects.engine.schedule_quality.clock import ProjectClock
from projects.engine.schedule_quality.facts import Flags, Numbers, PlanFacts
from projects.engine.schedule_quality.policy import QualityPolicy
from projects.engine.schedule_quality.population import Population
from projects.engine.schedule_quality.result import (
    CheckResult,
    Offender,
    count,
    judged,
    not_applicable,
    share,
)
from projects.engine.schedule_quality.vocabulary import Check, Flaw
from projects.engine.scheduling.layout import ACTUAL_FINISH, ACTUAL_START


def check_invalid_dates(
    facts: PlanFacts, population: Population, policy: QualityPolicy, clock: ProjectClock
) -> CheckResult:
    """
    Return check 9: activities forecast before the data date, or with actual dates after it.

    A forecast is in the past when working time lies between it and the end of the data date. It is the
    computed one, or the given one in a plan whose dates people keep. The forecast of level of effort follows
    others and is not counted; its actual dates are.
    """
    threshold = policy.checks[Check.INVALID_DATES]
    if not facts.network.size:
        return not_applicable(Check.INVALID_DATES, threshold, Reason.NOT_APPLICABLE)
    if facts.data_date_end == NO_INSTANT:
        return not_applicable(Check.INVALID_DATES, threshold, Reason.NO_DATA_DATE)
    columns = facts.network.columns[: facts.network.size]
    started, finished = (columns[:, column] != NO_INSTANT for column in (ACTUAL_START, ACTUAL_FINISH))
    future = (columns[:, ACTUAL_START] >= facts.data_date_end) | (
        columns[:, ACTUAL_FINISH] > facts.data_date_end
    )
    future |= finished & ~started
    start = facts.schedule.early_start if facts.given_start is None else facts.given_start
    finish = facts.schedule.early_finish if facts.given_finish is None else facts.given_finish
    past = population.open & ~started & _before(facts, start, clock)
    past |= population.open & _before(facts, finish, clock)
    offenders = tuple(
        Offender(int(at), flaw=Flaw.ACTUAL_IN_FUTURE if future[at] else Flaw.FORECAST_IN_PAST)
        for at in np.flatnonzero(future | past)
    )
    return count(Check.INVALID_DATES, threshold, offenders)


def _before(facts: PlanFacts, instants: Numbers, clock: ProjectClock) -> Flags:
    """Return which instants lie working time before the end of the data date."""
    found: Flags = (instants < facts.data_date_end) & (instants != NO_INSTANT)
    at = np.flatnonzero(found)
    if at.size:
        found[at] = clock.between_many(instants[at], np.full(at.size, facts.data_date_end)) > 0
    return found


def check_missed_tasks(
    facts: PlanFacts, population: Population, policy: QualityPolicy, clock: ProjectClock
) -> CheckResult:
    """Return check 11: tasks due by the data date that are unfinished or finished on a later day."""
    threshold = policy.checks[Check.MISSED_TASKS]
    missing = _why_not(facts, population)
    if missing is not None:
        return not_applicable(Check.MISSED_TASKS, threshold, missing)
    due = _due(facts, population)
    actual, planned = facts.network.columns[: facts.network.size, ACTUAL_FINISH], facts.baseline.finish
    open_yet = actual == NO_INSTANT
    day = MINUTES_PER_DAY * facts.network.ticks
    late = due & (open_yet | ((actual - 1) // day > (planned - 1) // day))
    offenders = tuple(
        Offender(
            int(at),
            flaw=Flaw.UNFINISHED if open_yet[at] else Flaw.FINISHED_LATE,
            days=clock.days(
                clock.between(int(planned[at]), facts.data_date_end if open_yet[at] else int(actual[at]))
            ),
        )
        for at in np.flatnonzero(late)
    )
    return share(
        Check.MISSED_TASKS,
        threshold,
        numerator=len(offenders),
        denominator=int(due.sum()),
        when_empty=Reason.TOO_EARLY,
        offenders=offenders,
    )


def check_execution(facts: PlanFacts, population: Population, policy: QualityPolicy) -> CheckResult:
    """Return check 14, the baseline execution index: completed tasks over those that should be."""
    threshold = policy.checks[Check.BEI]
    missing = _why_not(facts, population)
    if missing is not None:
        return not_applicable(Check.BEI, threshold, missing)
    columns = facts.network.columns[: facts.network.size]
    completed = population.works & (columns[:, ACTUAL_FINISH] != NO_INSTANT)
    expected = _due(facts, population) | (population.works & (facts.baseline.finish == NO_INSTANT))
    total = int(expected.sum())
    if total == 0:
        return not_applicable(Check.BEI, threshold, Reason.TOO_EARLY)
    return judged(
        Check.BEI,
        threshold,
        Measure.of(Decimal(int(completed.sum())) / Decimal(total)),
        numerator=Decimal(int(completed.sum())),
        denominator=Decimal(total),
        offenders=tuple(
            Offender(int(at), flaw=Flaw.UNFINISHED) for at in np.flatnonzero(expected & ~completed)
        ),
    )


def _why_not(facts: PlanFacts, population: Population) -> Reason | None:
    """Return why nothing can be compared with the baseline, if so."""
    if not population.works.any():
        return Reason.NOT_APPLICABLE
    if not facts.baseline.exists:
        return Reason.NO_BASELINE
    return Reason.NO_DATA_DATE if facts.data_date_end == NO_INSTANT else None


def _due(facts: PlanFacts, population: Population) -> Flags:
    """Return the tasks whose baseline finish is not after the data date."""
    finish = facts.baseline.finish
    due: Flags = population.works & (finish != NO_INSTANT) & (finish <= facts.data_date_end)
    return due
