"""
Working time of several calendars as flat arrays, for loops that visit one activity after another.

`projects.engine.working_time` answers whole arrays of one calendar; a pass through a network asks
single questions of changing calendars, a million times. Answers agree with it to the minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from projects.engine.calendar import WorkCalendar
from projects.engine.instants import Instants
from projects.engine.scheduling.compiled import compiled
from projects.engine.scheduling.layout import ENDS, FIRST_INTERVAL, STARTS, WORKED_BEFORE, Table
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
    calendar where its intervals begin, with one entry more than there are calendars.

    ``ticks`` per minute is the unit of all instants and minutes of the tables.
    """
    found = (_intervals(calendar, first_day, last_day) for calendar in calendars)
    intervals = [(starts * ticks, ends * ticks) for starts, ends in found]
    sizes = [starts.size for starts, _ in intervals]
    worked = [np.concatenate([[0], np.cumsum(ends - starts)[:-1]]) for starts, ends in intervals]
    count = sum(sizes)
    tables = np.zeros((4, max(count, len(sizes) + 1)), dtype=np.int64)
    tables[FIRST_INTERVAL, : len(sizes) + 1] = np.concatenate([[0], np.cumsum(sizes)])
    tables[STARTS, :count] = np.concatenate([starts for starts, _ in intervals])
    tables[ENDS, :count] = np.concatenate([ends for _, ends in intervals])
    tables[WORKED_BEFORE, :count] = np.concatenate(
        [work[: starts.size] for work, (starts, _) in zip(worked, intervals, strict=True)]
    )
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
    low = tables[FIRST_INTERVAL, calendar]
    high = tables[FIRST_INTERVAL, calendar + 1]
    first = low
    while low < high:
        middle = (low + high) >> 1
        if tables[STARTS, middle] <= instant:
            low = middle + 1
        else:
            high = middle
    return low - 1 if low > first else first


@compiled
def position_of(tables: Table, calendar: int, instant: int) -> int:
    """Return the working minutes of the calendar before ``instant``; before the table it is negative."""
    at = interval_at(tables, calendar, instant)
    if instant >= tables[ENDS, at] and at < tables[FIRST_INTERVAL, calendar + 1] - 1:
        return tables[WORKED_BEFORE, at] + tables[ENDS, at] - tables[STARTS, at]
    return tables[WORKED_BEFORE, at] + instant - tables[STARTS, at]


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
    first = tables[FIRST_INTERVAL, calendar]
    last = tables[FIRST_INTERVAL, calendar + 1] - 1
    wanted = tables[WORKED_BEFORE, at] + min(instant, tables[ENDS, at]) - tables[STARTS, at] + minutes
    if at == last:
        wanted += max(instant - tables[ENDS, at], 0)
    if minutes > 0:
        while at < last and tables[WORKED_BEFORE, at + 1] < wanted:
            at += 1
    else:
        while at > first and tables[WORKED_BEFORE, at] > wanted:
            at -= 1
        while at < last and tables[WORKED_BEFORE, at + 1] <= wanted:
            at += 1
    return tables[STARTS, at] + wanted - tables[WORKED_BEFORE, at]


@compiled
def next_start(tables: Table, calendar: int, instant: int) -> int:
    """Return the first instant at or after ``instant`` at which work can start."""
    at = interval_at(tables, calendar, instant)
    if instant < tables[STARTS, at]:
        return tables[STARTS, at]
    if instant < tables[ENDS, at] or at == tables[FIRST_INTERVAL, calendar + 1] - 1:
        return instant
    return tables[STARTS, at + 1]


@compiled
def previous_finish(tables: Table, calendar: int, instant: int) -> int:
    """Return the last instant at or before ``instant`` at which work can end."""
    at = interval_at(tables, calendar, instant)
    if instant <= tables[STARTS, at]:
        return tables[ENDS, at - 1] if at > tables[FIRST_INTERVAL, calendar] else instant
    return min(instant, tables[ENDS, at])
