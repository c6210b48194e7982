"""Checks 12 and 13: whether the critical path is one, and whether it is long enough."""

from dataclasses import replace

import numpy as np

from projects.engine.calendar import EmptyCalendarError
from projects.engine.instants import MINUTES_PER_DAY, NO_INSTANT
from projects.engine.measure import Measure, Reason, quotient
from projects.engine.schedule_quality.clock import ProjectClock
from projects.engine.schedule_quality.facts import Flags, PlanFacts
from projects.engine.schedule_quality.policy import QualityPolicy
from projects.engine.schedule_quality.population import Population
from projects.engine.schedule_quality.result import CheckResult, Offender, judged, not_applicable
from projects.engine.schedule_quality.vocabulary import Check, Flaw, Verdict
from projects.engine.scheduling.calendar_tables import build_tables, minutes_between
from projects.engine.scheduling.layout import (
    DEADLINE,
    DURATION,
    FIRST_PART,
    FLOAT_CALENDAR,
    LINK_TYPE,
    PART_CALENDAR,
    PART_REMAINING,
    PART_WORK,
    PREDECESSOR,
    SUCCESSOR,
)
from projects.engine.scheduling.network import LinkType, Network
from projects.engine.scheduling.schedule import Schedule, compute_schedule


def check_critical_path(
    facts: PlanFacts, population: Population, policy: QualityPolicy, clock: ProjectClock
) -> CheckResult:
    """
    Return check 12: a long delay of the first open task of the longest path must move the finish as far.

    The first one whose length is part of the path, see `_paced`; where it is that of none, the first of all.
    The delay is so many working days of the project calendar, given as working time of the calendars the
    task itself runs on. The network stays as it is; a changed copy is scheduled.
    """
    threshold = policy.checks[Check.CRITICAL_PATH_TEST]
    on_path = population.tasks & facts.schedule.is_longest_path
    if not on_path.any():
        return not_applicable(Check.CRITICAL_PATH_TEST, threshold, _when_no_path(population))
    paced = on_path & _paced(facts)
    path = np.flatnonzero(paced if paced.any() else on_path)
    subject = int(path[np.lexsort((path, facts.schedule.remaining_start[path]))[0]])
    try:
        until = clock.after(int(facts.schedule.early_finish[subject]), threshold.limit)
        longer = lengthened(facts.network, subject, int(facts.schedule.early_finish[subject]), until)
        delayed = compute_schedule(longer, facts.options)
    except (OverflowError, EmptyCalendarError):
        return not_applicable(Check.CRITICAL_PATH_TEST, threshold, Reason.CALC_ERROR)
    moved = clock.days(clock.between(_open_finish(facts.schedule), _open_finish(delayed)))
    result = judged(
        Check.CRITICAL_PATH_TEST,
        threshold,
        Measure.of(moved),
        numerator=moved,
        denominator=threshold.limit,
        subject=subject,
    )
    failed = result.verdict is Verdict.FAIL
    return replace(result, offenders=(Offender(subject, days=moved),)) if failed else result


def _paced(facts: PlanFacts) -> Flags:
    """
    Return the activities the longest path leaves by their finish, or ends with: their length is part of it.

    What it leaves by the start alone, as by an SS link, may take longer and move nothing, in sound plans too.
    """
    schedule, links = facts.schedule, facts.network.links
    path, before, after = schedule.is_longest_path, links[:, PREDECESSOR], links[:, SUCCESSOR]
    by_finish = np.isin(links[:, LINK_TYPE], (LinkType.FS, LinkType.FF)) & schedule.is_driving & path[after]
    found: Flags = path & (schedule.early_finish == _open_finish(schedule))
    found[before[by_finish]] = True
    return found


def _open_finish(schedule: Schedule) -> int:
    """Return the finish of what is open: where the longest path ends."""
    return int(schedule.early_finish[schedule.is_longest_path].max())


def _when_no_path(population: Population) -> Reason:
    """Return why there is no task to test: all are finished, or the path has none but milestones."""
    return Reason.NOT_APPLICABLE if population.tasks.any() else population.when_empty


def lengthened(network: Network, activity: int, since: int, until: int) -> Network:
    """Return the network with an activity longer by the working time between two instants."""
    columns, parts = network.columns.copy(), network.parts.copy()
    first, last = columns[activity, FIRST_PART], columns[activity + 1, FIRST_PART]
    columns[activity, DURATION] += _time_of(network, int(columns[activity, FLOAT_CALENDAR]), since, until)
    for at in range(first, last):
        extra = _time_of(network, int(parts[at, PART_CALENDAR]), since, until)
        parts[at, PART_WORK] += extra
        parts[at, PART_REMAINING] += extra
    return replace(network, columns=columns, parts=parts)


def _time_of(network: Network, calendar: int, since: int, until: int) -> int:
    """Return the working time of one calendar of the network between two instants."""
    day = MINUTES_PER_DAY * network.ticks
    tables = build_tables([network.calendars[calendar]], since // day - 1, until // day + 2, network.ticks)
    return int(minutes_between(tables, 0, since, until))


def check_path_length(
    facts: PlanFacts, population: Population, policy: QualityPolicy, clock: ProjectClock
) -> CheckResult:
    """
    Return check 13, the critical path length index: (CPL + TF) / CPL.

    CPL is the working time from the data date to the forecast finish, TF that from the forecast to the
    finish wanted: of the baseline, else the deadline or the date the project must finish by.
    """
    threshold = policy.checks[Check.CPLI]
    if not population.works.any():
        return not_applicable(Check.CPLI, threshold, Reason.NOT_APPLICABLE)
    if not population.open.any():
        return not_applicable(Check.CPLI, threshold, Reason.FINISHED)
    wanted = _wanted_finish(facts, population)
    if wanted == NO_INSTANT:
        return not_applicable(Check.CPLI, threshold, Reason.NO_BASELINE)
    if facts.data_date_end == NO_INSTANT:
        return not_applicable(Check.CPLI, threshold, Reason.NO_DATA_DATE)
    early = facts.schedule.early_finish
    forecast = facts.schedule.project_finish
    if facts.completion is not None:
        forecast = int(early[facts.completion])
    length = clock.between(facts.data_date_end, forecast)
    if length <= 0:
        return not_applicable(Check.CPLI, threshold, Reason.FINISHED)
    spare = clock.between(forecast, wanted)
    ending = population.open & (early == forecast)
    path, margin = clock.days(length), clock.days(spare)
    return judged(
        Check.CPLI,
        threshold,
        quotient(path + margin, path, when_zero=Reason.FINISHED),
        numerator=path + margin,
        denominator=path,
        offenders=(
            tuple(Offender(int(at), flaw=Flaw.FORECAST_LATE, days=-margin) for at in np.flatnonzero(ending))
            if spare < 0
            else ()
        ),
    )


def _wanted_finish(facts: PlanFacts, population: Population) -> int:
    """Return the instant the project should be finished at, or `NO_INSTANT`."""
    ends = population.last
    if facts.completion is not None and facts.baseline.finish[facts.completion] != NO_INSTANT:
        return int(facts.baseline.finish[facts.completion])
    if facts.baseline.project_finish != NO_INSTANT:
        return facts.baseline.project_finish
    if ends is not None and facts.network.columns[ends, DEADLINE] != NO_INSTANT:
        return int(facts.network.columns[ends, DEADLINE])
    return facts.network.must_finish_by
