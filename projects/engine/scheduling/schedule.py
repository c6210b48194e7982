"""
Schedule a network: both passes, float, and what set each date.

Method: critical path by two passes in topological order [1]_, with calendars, four link types, lag,
constraints and progress. Page: ``docs/algorithms/scheduling.md``.

References
----------
.. [1] J. E. Kelley and M. R. Walker, "Critical-path planning and scheduling", 1959.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from projects.engine.instants import Instants
from projects.engine.scheduling.compiled import array_of
from projects.engine.scheduling.layout import DRIVES, IS_VIOLATED, TOTAL_FLOAT, Table
from projects.engine.scheduling.network import Network
from projects.engine.scheduling.options import ANY_YEAR, Reach, ScheduleOptions
from projects.engine.scheduling.workings import Workings, longest_path, open_work, prepare, run

Flags = NDArray[np.bool_]

# In the order of the rows of `projects.engine.scheduling.layout`.
_SHOWN = (
    "total_float",
    "start_float",
    "finish_float",
    "free_float",
    "early_start",
    "early_finish",
    "late_start",
    "late_finish",
    "remaining_start",
    "driver",
    "driver_link",
)


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
    workings : Workings or None
        What `projects.engine.scheduling.rescheduling.reschedule` goes on from; no part of the result.
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
    workings: Workings | None = field(default=None, repr=False, compare=False)


def compute_schedule(network: Network, options: ScheduleOptions, *, reach: Reach = ANY_YEAR) -> Schedule:
    """
    Return the dates and float of every activity.

    Parameters
    ----------
    network : Network
        n activities, m links between leaf activities.
    options : ScheduleOptions
        Conventions and choices.
    reach : Reach
        Days that dates may lie within: what a calculation may cost is bounded by them.

    Raises
    ------
    CycleError
        When activities wait for each other (SCH-10).
    EmptyCalendarError
        When a calendar has no working time (SCH-5).
    OverflowError
        When dates leave the days within reach.
    """
    workings = prepare(network, options, reach)
    if network.size:
        run(workings)
    return result_of(workings)


def result_of(workings: Workings) -> Schedule:
    """Return what the passes found, as arrays in the order of the network."""
    if workings.is_in_order:
        return _schedule_of(workings, slice(None), array_of(workings.shown))
    rank = array_of(workings.rank)
    return _schedule_of(workings, rank, np.take(array_of(workings.shown), rank, axis=1))


def result_again(workings: Workings, former: Schedule, places: Table) -> Schedule:
    """Return the same from a former result: only what is at ``places`` of the passes may differ."""
    rank = array_of(workings.rank)
    shown = np.array([getattr(former, name) for name in _SHOWN])
    is_here = np.zeros(rank.size, dtype=np.bool_)
    is_here[places] = True
    here = np.flatnonzero(is_here[rank])
    for number, row in enumerate(shown):
        row[here] = array_of(workings.shown[number])[rank[here]]
    return _schedule_of(workings, rank, shown)


def _schedule_of(workings: Workings, rank: Table | slice, shown: Table) -> Schedule:
    """Return a result from what it shows in the order of the network."""
    options, is_open, marks = workings.options, open_work(workings), array_of(workings.marks)
    on_path = longest_path(workings, is_open)
    is_open, total = is_open[rank], shown[TOTAL_FLOAT]
    is_critical = is_open & (total <= options.critical_limit)
    return Schedule(
        **dict(zip(_SHOWN, shown, strict=True)),
        is_critical=is_critical,
        is_near_critical=is_open & ~is_critical & (total <= options.near_critical_limit),
        is_longest_path=on_path[rank] == 1,
        is_driving=marks & DRIVES != 0,
        is_out_of_sequence=marks & IS_VIOLATED != 0,
        project_finish=workings.finish,
        workings=workings,
    )
