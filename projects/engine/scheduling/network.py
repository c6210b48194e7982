"""A network of activities as arrays: what a pass reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from projects.engine.calendar import ELAPSED_CALENDAR, WorkCalendar
from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.calendar_tables import SharedTime
from projects.engine.scheduling.layout import (
    ACTIVITY_COLUMNS,
    ACTUAL_FINISH,
    ACTUAL_START,
    CALENDAR,
    DEADLINE,
    DURATION,
    FINISH_CAP,
    FINISH_FLOOR,
    FIRST_INCOMING,
    FIRST_OUTGOING,
    FIRST_PART,
    FIXED_FINISH,
    FIXED_START,
    FLOAT_CALENDAR,
    IS_ELAPSED,
    IS_LATE,
    KIND,
    LEVELING_DELAY,
    MUST_FINISH,
    MUST_START,
    PART_CALENDAR,
    PART_COLUMNS,
    PART_DELAY,
    PART_REMAINING,
    PART_WORK,
    RESUME,
    START_CAP,
    START_FLOOR,
    Table,
)
from projects.engine.scheduling.options import LagCalendar, ScheduleOptions

Numbers = NDArray[np.int64]


class ActivityKind(IntEnum):
    """What an activity is to the passes; summaries are no activities."""

    TASK = 0
    START_MILESTONE = 1
    FINISH_MILESTONE = 2
    LEVEL_OF_EFFORT = 3


class LinkType(IntEnum):
    """Which ends a link ties."""

    FS = 0
    SS = 1
    FF = 2
    SF = 3


@dataclass(frozen=True, slots=True)
class Part:
    """
    Work of one assignment that decides how long its activity takes.

    ``delay`` after the start and ``work`` at the assigned units, both in working minutes of ``calendar``;
    ``remaining`` is the part of the work not done yet.
    """

    calendar: int
    work: int
    delay: int = 0
    remaining: int | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """
    One task of the plan as the engine sees it. Instants as in `projects.engine.instants`.

    Attributes
    ----------
    calendar : int
        Position of the task's calendar; an elapsed duration runs on the clock but starts in working time.
    duration, remaining : int
        Working minutes (or elapsed ones), ``remaining`` None where nothing was done.
    start_floor, finish_floor, start_cap, finish_cap, must_start, must_finish : int
        Constraint dates: not earlier than, not later than, exactly on.
    fixed_start, fixed_finish : int
        Dates of a manually scheduled task; the passes leave them.
    rest, remaining_rest : int
        Minutes without work between stretches of the duration, and of what remains of it; for activities
        without parts.
    parts : tuple of Part
        Assignments that decide the length; empty for the duration itself.
    """

    kind: ActivityKind = ActivityKind.TASK
    calendar: int = 0
    duration: int = 0
    remaining: int | None = None
    is_elapsed: bool = False
    is_as_late_as_possible: bool = False
    actual_start: int = NO_INSTANT
    actual_finish: int = NO_INSTANT
    resume: int = NO_INSTANT
    start_floor: int = NO_INSTANT
    finish_floor: int = NO_INSTANT
    start_cap: int = NO_INSTANT
    finish_cap: int = NO_INSTANT
    must_start: int = NO_INSTANT
    must_finish: int = NO_INSTANT
    deadline: int = NO_INSTANT
    fixed_start: int = NO_INSTANT
    fixed_finish: int = NO_INSTANT
    leveling_delay: int = 0
    rest: int = 0
    remaining_rest: int = 0
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Dependency:
    """``successor`` waits for ``predecessor``; lag in minutes or in percent of the first one's duration."""

    predecessor: int
    successor: int
    type: LinkType = LinkType.FS
    lag: int = 0
    lag_percent: float | None = None
    is_lag_elapsed: bool = False
    lag_calendar: int | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """
    What is scheduled.

    Attributes
    ----------
    columns, parts, links : ndarray of int64
        Columns as in `projects.engine.scheduling.layout`; missing instants are `NO_INSTANT`.
    start : int
        Instant before which nothing unstarted is planned: project start, or the first instant after the
        data date (CON-6).
    must_finish_by : int
        Instant the project shall be finished at, else `NO_INSTANT` (SCH-8).
    ticks : int
        Units of time per minute, of every instant and duration here and in the result: 1, or 10 for plans of
        a tool that keeps tenths of minutes.
    calendars : tuple of WorkCalendar or SharedTime
        The last one is always the round-the-clock calendar of elapsed time.
    """

    start: int
    size: int
    columns: Table
    parts: Table
    links: Table
    calendars: tuple[WorkCalendar | SharedTime, ...]
    must_finish_by: int = NO_INSTANT
    ticks: int = 1


def tie(
    columns: Table,
    *,
    predecessor: Numbers,
    successor: Numbers,
    kind: Numbers,
    lag: Numbers,
    lag_calendar: Numbers,
) -> Table:
    """
    Return links as an array; fill in ``columns`` how many lead into and out of the activities before each.
    """
    size = columns.shape[0] - 1
    for ends, first in ((successor, FIRST_INCOMING), (predecessor, FIRST_OUTGOING)):
        columns[0, first] = 0
        columns[1:, first] = np.cumsum(np.bincount(ends, minlength=size))
    return np.column_stack((predecessor, successor, kind, lag, lag_calendar)).astype(np.int64, copy=False)


FIELDS = {
    KIND: "kind",
    CALENDAR: "calendar",
    DURATION: "duration",
    IS_ELAPSED: "is_elapsed",
    IS_LATE: "is_as_late_as_possible",
    ACTUAL_START: "actual_start",
    ACTUAL_FINISH: "actual_finish",
    RESUME: "resume",
    START_FLOOR: "start_floor",
    FINISH_FLOOR: "finish_floor",
    START_CAP: "start_cap",
    FINISH_CAP: "finish_cap",
    MUST_START: "must_start",
    MUST_FINISH: "must_finish",
    DEADLINE: "deadline",
    FIXED_START: "fixed_start",
    FIXED_FINISH: "fixed_finish",
    LEVELING_DELAY: "leveling_delay",
}


def columns_of(activities: Sequence[Activity], elapsed_calendar: int) -> tuple[Table, Table]:
    """Return the activities and their parts as arrays; the offsets of links are filled by `tie`."""
    size = len(activities)
    columns = np.zeros((size + 1, ACTIVITY_COLUMNS), dtype=np.int64)
    for column, name in FIELDS.items():
        columns[:size, column] = [int(getattr(activity, name)) for activity in activities]
    choose_clocks(columns, elapsed_calendar)
    clocks = columns[:size, FLOAT_CALENDAR].tolist()
    groups = [item.parts or (_whole(item, clock),) for item, clock in zip(activities, clocks, strict=True)]
    columns[1:, FIRST_PART] = np.cumsum([len(group) for group in groups])
    flat = [part for group in groups for part in group]
    parts = np.empty((len(flat), PART_COLUMNS), dtype=np.int64)
    parts[:, PART_CALENDAR] = [part.calendar for part in flat]
    parts[:, PART_DELAY] = [part.delay for part in flat]
    parts[:, PART_WORK] = [part.work for part in flat]
    parts[:, PART_REMAINING] = [part.work if part.remaining is None else part.remaining for part in flat]
    return columns, parts


def choose_clocks(columns: Table, elapsed_calendar: int) -> None:
    """Fill in on which calendar float is counted; what takes no time takes no elapsed time either."""
    columns[:, IS_ELAPSED] &= columns[:, DURATION] > 0
    columns[:, FLOAT_CALENDAR] = np.where(columns[:, IS_ELAPSED] == 1, elapsed_calendar, columns[:, CALENDAR])


def _whole(activity: Activity, clock: int) -> Part:
    """Return the duration itself as the one part of an activity without assignments."""
    remaining = activity.duration if activity.remaining is None else activity.remaining
    return Part(
        calendar=clock,
        work=activity.duration + activity.rest,
        remaining=remaining + activity.remaining_rest,
    )


def network_of(
    activities: Sequence[Activity],
    dependencies: Sequence[Dependency],
    calendars: Sequence[WorkCalendar | SharedTime],
    *,
    start: int,
    options: ScheduleOptions,
    project_calendar: int = 0,
    must_finish_by: int = NO_INSTANT,
    ticks: int = 1,
) -> Network:
    """
    Return the network of activities and dependencies, which name activities by position.

    Parameters
    ----------
    calendars : sequence of WorkCalendar or SharedTime
        Activities name them by position; the calendar of elapsed time is added.
    start : int
        See `Network`.
    options : ScheduleOptions
        Decide on whose calendar working lag runs.
    """
    elapsed = len(calendars)
    lags = [_lag_of(item, activities, options, project_calendar, elapsed) for item in dependencies]

    def column(values: Iterable[int]) -> Numbers:
        return np.fromiter(values, dtype=np.int64, count=len(dependencies))

    columns, parts = columns_of(activities, elapsed)
    links = tie(
        columns,
        predecessor=column(item.predecessor for item in dependencies),
        successor=column(item.successor for item in dependencies),
        kind=column(item.type for item in dependencies),
        lag=column(minutes for minutes, _ in lags),
        lag_calendar=column(calendar for _, calendar in lags),
    )
    return Network(
        start=start,
        size=len(activities),
        columns=columns,
        parts=parts,
        links=links,
        calendars=(*calendars, ELAPSED_CALENDAR),
        must_finish_by=must_finish_by,
        ticks=ticks,
    )


def _lag_of(
    dependency: Dependency,
    activities: Sequence[Activity],
    options: ScheduleOptions,
    project_calendar: int,
    elapsed: int,
) -> tuple[int, int]:
    """Return lag in minutes and the calendar it runs on; a percentage of elapsed time is elapsed."""
    predecessor = activities[dependency.predecessor]
    lag, is_elapsed = dependency.lag, dependency.is_lag_elapsed
    if dependency.lag_percent is not None:
        lag = round(predecessor.duration * dependency.lag_percent / 100)
        is_elapsed = predecessor.is_elapsed
    if is_elapsed or options.lag_calendar == LagCalendar.ROUND_THE_CLOCK:
        return lag, elapsed
    if dependency.lag_calendar is not None:
        return lag, dependency.lag_calendar
    if options.lag_calendar == LagCalendar.PROJECT:
        return lag, project_calendar
    if options.lag_calendar == LagCalendar.SUCCESSOR:
        return lag, activities[dependency.successor].calendar
    return lag, predecessor.calendar
