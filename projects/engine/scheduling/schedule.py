"""
Schedule a network: both passes, float, and what set each date.

Method: critical path by two passes in topological order [1]_, with calendars, four link types, lag,
constraints and progress. Page: ``docs/algorithms/scheduling.md``.

References
----------
.. [1] J. E. Kelley and M. R. Walker, "Critical-path planning and scheduling", 1959.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projects.engine.calendar import EmptyCalendarError
from projects.engine.instants import FIRST_DAY, LAST_DAY, MINUTES_PER_DAY, NO_INSTANT, Instants
from projects.engine.scheduling.as_late import move_as_late_as_possible
from projects.engine.scheduling.backward_pass import backward_pass
from projects.engine.scheduling.calendar_tables import build_tables
from projects.engine.scheduling.float_pass import (
    end_floats,
    free_floats,
    mark_driving,
    mark_out_of_sequence,
    walk_back,
)
from projects.engine.scheduling.forward_pass import forward_pass
from projects.engine.scheduling.layout import (
    ACTUAL_FINISH,
    ACTUAL_START,
    DEADLINE,
    DRIVER,
    DRIVER_LINK,
    EARLY_FINISH,
    EARLY_START,
    FINISH_CAP,
    FINISH_FLOOR,
    FIRST_INTERVAL,
    FIXED_FINISH,
    FIXED_START,
    IS_LATE,
    IS_MICROSOFT,
    IS_PRIMAVERA,
    KIND,
    LATE_FINISH,
    LATE_START,
    MUST_FINISH,
    MUST_START,
    PART_WORK,
    REMAINING_START,
    RESUME,
    START_CAP,
    START_FLOOR,
    Table,
)
from projects.engine.scheduling.level_of_effort import span_level_of_effort
from projects.engine.scheduling.network import ActivityKind, Network
from projects.engine.scheduling.options import Convention, FloatKind, ScheduleOptions
from projects.engine.scheduling.order import topological_order
from projects.engine.scheduling.rules import no_dates, rules_of

Flags = NDArray[np.bool_]

_GIVEN_DATES = (
    *(ACTUAL_START, ACTUAL_FINISH, RESUME, DEADLINE, FIXED_START, FIXED_FINISH),
    *(START_FLOOR, FINISH_FLOOR, START_CAP, FINISH_CAP, MUST_START, MUST_FINISH),
)
DAYS_BEFORE = 400
DAYS_AFTER = 800


@dataclass(frozen=True, slots=True)
class Schedule:
    """
    Result of a calculation; arrays of shape (n,) in the order of the network, links of shape (m,).

    Attributes
    ----------
    early_start, early_finish, late_start, late_finish : ndarray of int64
        Instants; a finish is exclusive.
    remaining_start : ndarray of int64
        Where unfinished work starts or goes on.
    total_float, start_float, finish_float, free_float : ndarray of int64
        Working minutes of the activity's calendar; `NO_INSTANT` where undefined (finished, level of effort).
    is_critical, is_near_critical, is_longest_path : ndarray of bool
        See SCH-18.
    driver, driver_link : ndarray of int64
        What set the start (`Driver`) and the link that did, or -1.
    is_driving, is_out_of_sequence : ndarray of bool, shape (m,)
        Links that set a start (SCH-19); links that actual dates violate (SCH-26).
    project_finish : int
        Latest early finish; `NO_INSTANT` for an empty network.
    """

    early_start: Instants
    early_finish: Instants
    late_start: Instants
    late_finish: Instants
    remaining_start: Instants
    total_float: Table
    start_float: Table
    finish_float: Table
    free_float: Table
    is_critical: Flags
    is_near_critical: Flags
    is_longest_path: Flags
    driver: Table
    driver_link: Table
    is_driving: Flags
    is_out_of_sequence: Flags
    project_finish: int


def compute_schedule(network: Network, options: ScheduleOptions) -> Schedule:
    """
    Return the dates and float of every activity.

    Parameters
    ----------
    network : Network
        n activities, m links between leaf activities.
    options : ScheduleOptions
        Conventions and choices.

    Raises
    ------
    CycleError
        When activities wait for each other (SCH-10).
    EmptyCalendarError
        When a calendar has no working time (SCH-5).
    OverflowError
        When dates leave the years 1 to 9999.
    """
    order = topological_order(network.columns, network.links)
    rules = rules_of(network, options)
    first, last = _days_of(network)
    while True:
        tables = _tables(network, first, last)
        dates, finish = _both_passes(network, rules, order, tables)
        before, after = _out_of_table(dates, first * network.ticks, last * network.ticks)
        if not before and not after:
            return _result(network, options, rules, order, tables, dates, finish)
        first, last = first - before * (last - first), last + after * (last - first)
        if first < FIRST_DAY or last > LAST_DAY:
            raise OverflowError("The dates of the plan leave the years 1 to 9999.")


def _days_of(network: Network) -> tuple[int, int]:
    """Return the days that the dates of a network probably stay within."""
    given = network.columns[: network.size, list(_GIVEN_DATES)].ravel()
    known = np.concatenate([given, np.array([network.start, network.must_finish_by])])
    known = known[known != NO_INSTANT]
    day = MINUTES_PER_DAY * network.ticks
    longest = 6 * int(network.parts[:, PART_WORK].max(initial=0)) // day
    first = int(known.min()) // day - DAYS_BEFORE - longest
    last = int(known.max()) // day + DAYS_AFTER + longest
    return max(first, FIRST_DAY), min(last, LAST_DAY)


def _tables(network: Network, first: int, last: int) -> Table:
    tables = build_tables(network.calendars, first, last, network.ticks)
    sizes = np.diff(tables[: len(network.calendars) + 1, FIRST_INTERVAL])
    if not sizes.all():
        raise EmptyCalendarError(network.calendars[int(np.flatnonzero(sizes == 0)[0])].name)
    return tables


def _out_of_table(dates: Table, first: int, last: int) -> tuple[bool, bool]:
    """Return whether dates lie before or after the days the tables were built for."""
    known = dates[:, [EARLY_START, EARLY_FINISH, LATE_START, LATE_FINISH]]
    known = known[known != NO_INSTANT]
    low, high = first * MINUTES_PER_DAY, last * MINUTES_PER_DAY
    return bool((known <= low).any()), bool((known >= high).any())


def _both_passes(network: Network, rules: Table, order: Table, tables: Table) -> tuple[Table, int]:
    """Return filled dates and the project's early finish."""
    columns, parts, links = network.columns, network.parts, network.links
    dates = no_dates(network.size)
    if network.size == 0:
        return dates, NO_INSTANT
    forward_pass(columns, parts, links, tables, rules, order, dates, False)
    finish = _project_finish(network, rules, dates)
    cap = finish if network.must_finish_by == NO_INSTANT else network.must_finish_by
    backward_pass(columns, parts, links, tables, rules, order, dates, cap)
    if columns[:, IS_LATE].any():
        if rules[IS_MICROSOFT]:
            forward_pass(columns, parts, links, tables, rules, order, dates, True)
        else:
            move_as_late_as_possible(columns, parts, links, tables, rules, order, dates, finish)
    if not rules[IS_PRIMAVERA]:
        span_level_of_effort(columns, links, tables, dates, network.start, finish)
    return dates, finish


def _project_finish(network: Network, rules: Table, dates: Table) -> int:
    """Return the latest early finish; level of effort does not set it (SCH-8, SCH-11)."""
    counts = network.columns[: network.size, KIND] != ActivityKind.LEVEL_OF_EFFORT
    if rules[IS_PRIMAVERA]:
        counts[:] = True
    return int(dates[counts, EARLY_FINISH].max(initial=NO_INSTANT))


def _result(
    network: Network,
    options: ScheduleOptions,
    rules: Table,
    order: Table,
    tables: Table,
    dates: Table,
    finish: int,
) -> Schedule:
    columns, parts, links = network.columns, network.parts, network.links
    start_float, finish_float, free_float = (np.zeros(network.size, dtype=np.int64) for _ in range(3))
    end_floats(columns, tables, rules, dates, start_float, finish_float)
    total = _total_float(network, rules, options, start_float, finish_float)
    free_floats(columns, parts, links, tables, rules, dates, total, finish, free_float)
    is_driving, is_violated = (np.zeros(links.shape[0], dtype=np.int64) for _ in range(2))
    mark_driving(columns, parts, links, tables, rules, dates, is_driving)
    mark_out_of_sequence(columns, links, tables, is_violated)
    open_work = columns[: network.size, ACTUAL_FINISH] == NO_INSTANT
    if not rules[IS_PRIMAVERA]:
        open_work &= columns[: network.size, KIND] != ActivityKind.LEVEL_OF_EFFORT
    critical = open_work & (total <= options.critical_limit)
    near = open_work & ~critical & (total <= options.near_critical_limit)
    on_path = np.zeros(network.size, dtype=np.int64)
    if open_work.any():
        ends = open_work & (dates[:, EARLY_FINISH] == dates[open_work, EARLY_FINISH].max())
        on_path[ends] = 1
        walk_back(columns, links, order, is_driving, open_work.astype(np.int64), on_path)
    if options.convention == Convention.PORTAL:
        for column in (total, start_float, finish_float, free_float):
            column[~open_work] = NO_INSTANT
    return Schedule(
        early_start=dates[:, EARLY_START].copy(),
        early_finish=dates[:, EARLY_FINISH].copy(),
        late_start=dates[:, LATE_START].copy(),
        late_finish=dates[:, LATE_FINISH].copy(),
        remaining_start=dates[:, REMAINING_START].copy(),
        total_float=total,
        start_float=start_float,
        finish_float=finish_float,
        free_float=free_float,
        is_critical=critical,
        is_near_critical=near,
        is_longest_path=on_path == 1,
        driver=dates[:, DRIVER].copy(),
        driver_link=dates[:, DRIVER_LINK].copy(),
        is_driving=is_driving == 1,
        is_out_of_sequence=is_violated == 1,
        project_finish=finish,
    )


def _total_float(
    network: Network, rules: Table, options: ScheduleOptions, start_float: Table, finish_float: Table
) -> Table:
    """Return total float by the kind wanted; only the finish counts once work has begun (SCH-16)."""
    columns = network.columns[: network.size]
    if options.float_kind == FloatKind.START:
        total = start_float.copy()
    elif options.float_kind == FloatKind.FINISH:
        total = finish_float.copy()
    else:
        total = np.minimum(start_float, finish_float)
        begun = columns[:, ACTUAL_START] != NO_INSTANT
        total[begun] = finish_float[begun]
    total[columns[:, ACTUAL_FINISH] != NO_INSTANT] = 0
    if rules[IS_MICROSOFT]:
        total[columns[:, IS_LATE] == 1] = 0
    return total
