"""
Working time of several calendars as flat arrays, for loops that visit one activity after another.

`projects.engine.working_time` answers whole arrays of one calendar; a pass through a network asks
single questions of changing calendars, a million times. Answers agree with it to the minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from projects.engine.calendar import WorkCalendar
from projects.engine.instants import MINUTES_PER_DAY, Instants
from projects.engine.scheduling.compiled import compiled
from projects.engine.scheduling.layout import (
    DAY_COUNT,
    DAY_INTERVAL,
    DAY_LENGTH,
    ENDS,
    FIRST_INTERVAL,
    HEAD,
    STARTS,
    TABLE_COLUMNS,
    TABLE_START,
    WORKED_BEFORE,
    Table,
)
from projects.engine.working_time import compile_days


@dataclass(frozen=True, slots=True)
class SharedTime:
    """Working time that two calendars have in common: a task's and a person's."""

    first: WorkCalendar
    second: WorkCalendar

    @property
    def name(self) -> str:
        """Both names, for messages."""
        return f"{self.first.name} ∩ {self.second.name}"


def build_tables(
    calendars: Sequence[WorkCalendar | SharedTime], first_day: int, last_day: int, ticks: int = 1
) -> Table:
    """
    Return the working time that starts on the days ``[first_day, last_day)`` of each calendar.

    Merged intervals ``[start, end)``, ascending within a calendar, one calendar after another: instants in
    STARTS and ENDS, working minutes of the calendar before each in WORKED_BEFORE; FIRST_INTERVAL says by
    calendar where its intervals begin, with one entry more than there are calendars. The other columns are
    explained in `projects.engine.scheduling.layout`.

    ``ticks`` per minute is the unit of all instants and minutes of the tables.
    """
    found = (_intervals(calendar, first_day, last_day) for calendar in calendars)
    intervals = [(starts * ticks, ends * ticks) for starts, ends in found]
    sizes = [starts.size for starts, _ in intervals]
    worked = [np.concatenate([[0], np.cumsum(ends - starts)[:-1]]) for starts, ends in intervals]
    count, days = sum(sizes), last_day - first_day
    rows = max(count, len(sizes) + 1, days * len(sizes), TABLE_COLUMNS)
    tables = np.zeros((rows, TABLE_COLUMNS), dtype=np.int64)
    day = MINUTES_PER_DAY * ticks
    tables[:3, HEAD] = first_day * day, day, days
    mornings = np.arange(first_day, last_day) * day
    tables[: len(sizes) + 1, FIRST_INTERVAL] = np.concatenate([[0], np.cumsum(sizes)])
    tables[:count, STARTS] = np.concatenate([starts for starts, _ in intervals])
    tables[:count, ENDS] = np.concatenate([ends for _, ends in intervals])
    tables[:count, WORKED_BEFORE] = np.concatenate(
        [work[: starts.size] for work, (starts, _) in zip(worked, intervals, strict=True)]
    )
    for calendar, (starts, _) in enumerate(intervals):
        last_started = np.searchsorted(starts, mornings, side="right") - 1
        first = tables[calendar, FIRST_INTERVAL]
        tables[calendar * days : (calendar + 1) * days, DAY_INTERVAL] = first + np.maximum(last_started, 0)
    return tables


def _intervals(
    calendar: WorkCalendar | SharedTime, first_day: int, last_day: int
) -> tuple[Instants, Instants]:
    """Return starts and ends of the working intervals of one calendar."""
    if isinstance(calendar, WorkCalendar):
        span = compile_days(calendar, first_day, last_day)
        return span.starts, span.ends
    one = compile_days(calendar.first, first_day, last_day)
    two = compile_days(calendar.second, first_day, last_day)
    edges = np.unique(np.concatenate([one.starts, one.ends, two.starts, two.ends]))
    starts, ends = edges[:-1], edges[1:]
    works = np.ones(starts.size, dtype=bool)
    for span in (one, two):
        at = np.searchsorted(span.starts, starts, side="right") - 1
        works &= (at >= 0) & (ends <= span.ends[np.maximum(at, 0)]) if span.ends.size else False
    return starts[works], ends[works]


@compiled
def interval_at(tables: Table, calendar: int, instant: int) -> int:
    """Return the last interval that starts at or before ``instant``, or the first one."""
    days = tables[DAY_COUNT, HEAD]
    day = (instant - tables[TABLE_START, HEAD]) // tables[DAY_LENGTH, HEAD]
    at = tables[calendar * days + min(max(day, 0), days - 1), DAY_INTERVAL]
    last = tables[calendar + 1, FIRST_INTERVAL] - 1
    while at < last and tables[at + 1, STARTS] <= instant:
        at += 1
    return at


@compiled
def position_of(tables: Table, calendar: int, instant: int) -> int:
    """Return the working minutes of the calendar before ``instant``; before the table it is negative."""
    at = interval_at(tables, calendar, instant)
    if instant >= tables[at, ENDS] and at < tables[calendar + 1, FIRST_INTERVAL] - 1:
        return tables[at, WORKED_BEFORE] + tables[at, ENDS] - tables[at, STARTS]
    return tables[at, WORKED_BEFORE] + instant - tables[at, STARTS]


@compiled
def minutes_between(tables: Table, calendar: int, first: int, second: int) -> int:
    """Return signed working minutes from ``first`` to ``second``."""
    return position_of(tables, calendar, second) - position_of(tables, calendar, first)


@compiled
def add_minutes(tables: Table, calendar: int, instant: int, minutes: int) -> int:
    """
    Return the instant at which ``minutes`` of work from ``instant`` end (SCH-2); 0 returns ``instant``.

    Going back returns the latest start from which the work ends at ``instant``.
    """
    if minutes == 0:
        return instant
    at = interval_at(tables, calendar, instant)
    first = tables[calendar, FIRST_INTERVAL]
    last = tables[calendar + 1, FIRST_INTERVAL] - 1
    wanted = tables[at, WORKED_BEFORE] + min(instant, tables[at, ENDS]) - tables[at, STARTS] + minutes
    if at == last:
        wanted += max(instant - tables[at, ENDS], 0)
    if minutes > 0:
        while at < last and tables[at + 1, WORKED_BEFORE] < wanted:
            at += 1
    else:
        while at > first and tables[at, WORKED_BEFORE] > wanted:
            at -= 1
        while at < last and tables[at + 1, WORKED_BEFORE] <= wanted:
            at += 1
    return tables[at, STARTS] + wanted - tables[at, WORKED_BEFORE]


@compiled
def next_start(tables: Table, calendar: int, instant: int) -> int:
    """Return the first instant at or after ``instant`` at which work can start."""
    at = interval_at(tables, calendar, instant)
    if instant < tables[at, STARTS]:
        return tables[at, STARTS]
    if instant < tables[at, ENDS] or at == tables[calendar + 1, FIRST_INTERVAL] - 1:
        return instant
    return tables[at + 1, STARTS]


@compiled
def previous_finish(tables: Table, calendar: int, instant: int) -> int:
    """Return the last instant at or before ``instant`` at which work can end."""
    at = interval_at(tables, calendar, instant)
    if instant <= tables[at, STARTS]:
        return tables[at - 1, ENDS] if at > tables[calendar, FIRST_INTERVAL] else instant
    return min(instant, tables[at, ENDS])
