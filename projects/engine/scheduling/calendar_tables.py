"""
Working time of several calendars as flat arrays, for loops that visit one activity after another.

`projects.engine.working_time` answers whole arrays of one calendar; a pass through a network asks
single questions of changing calendars, a million times. Answers agree with it to the minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from projects.engine.calendar import EmptyCalendarError, WorkCalendar
from projects.engine.instants import MINUTES_PER_DAY, Instants
from projects.engine.scheduling.compiled import compiled, inlined, native
from projects.engine.scheduling.layout import (
    ENDS,
    FIRST_INTERVAL,
    FIRST_WORK_BLOCK,
    HEAD,
    STARTS,
    TABLE_ROWS,
    TABLE_START,
    TIME_BLOCK,
    TIME_BLOCKS,
    TIME_SHIFT,
    WORK_BLOCK,
    WORK_SHIFT,
    WORKED_BEFORE,
    Table,
)
from projects.engine.working_time import compile_days

MOST_DAYS_KEPT = 40_000
# Where the interval that is never reached starts: after the year 9999 in any unit, far from overflow.
FOREVER = 1 << 60


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

    Merged intervals ``[start, end)``, ascending within a calendar, one calendar after another; the rows are
    explained in `projects.engine.scheduling.layout`.

    ``ticks`` per minute is the unit of all instants and minutes of the tables.
    """
    found = (_intervals(calendar, first_day, last_day) for calendar in calendars)
    intervals = [(starts * ticks, ends * ticks) for starts, ends in found]
    worked = [np.concatenate([[0], np.cumsum(ends - starts)]) for starts, ends in intervals]
    day = MINUTES_PER_DAY * ticks
    time_shift = _shift([np.diff(starts) for starts, _ in intervals], day)
    work_shift = _shift([ends - starts for starts, ends in intervals], day)
    blocks = first_day * day + (np.arange((((last_day - first_day) * day) >> time_shift) + 1) << time_shift)
    by_time = [_last_up_to(starts, blocks) for starts, _ in intervals]
    by_work = [
        _last_up_to(work[:-1], np.arange((int(work[-1]) >> work_shift) + 1) << work_shift) for work in worked
    ]
    firsts = np.cumsum([1, *(starts.size + 2 for starts, _ in intervals)])
    rows: dict[int, Table] = {
        STARTS: np.concatenate([_framed(starts, starts) for starts, _ in intervals]),
        ENDS: np.concatenate([_framed(ends, starts) for starts, ends in intervals]),
        WORKED_BEFORE: np.concatenate([_framed(work[:-1], work) for work in worked]),
        FIRST_INTERVAL: firsts,
        TIME_BLOCK: np.concatenate([at + first for at, first in zip(by_time, firsts, strict=False)]),
        WORK_BLOCK: np.concatenate([at + first for at, first in zip(by_work, firsts, strict=False)]),
        FIRST_WORK_BLOCK: np.concatenate([[0], np.cumsum([at.size for at in by_work])]),
        HEAD: np.array([first_day * day, time_shift, blocks.size, work_shift]),
    }
    tables = np.zeros((TABLE_ROWS, max(row.size for row in rows.values())), dtype=np.int64)
    for row, values in rows.items():
        tables[row, : values.size] = values
    return tables


def _framed(values: Table, bounds: Table) -> Table:
    """Return values of intervals between those of one without length before them and of one never reached."""
    return np.concatenate([bounds[:1], values, [FOREVER]]) if values.size else np.array([0, FOREVER])


def _shift(lengths: list[Table], day: int) -> int:
    """Return the power of two that is the longest block to hold one border at most, within reason."""
    shortest = min((int(length.min()) for length in lengths if length.size), default=day)
    return min(max(shortest, day >> 5), day).bit_length() - 1


def _last_up_to(sorted_values: Table, wanted: Table) -> Table:
    """Return the position of the last value that is not above each wanted one, or 0."""
    return np.maximum(np.searchsorted(sorted_values, wanted, side="right") - 1, 0)


@lru_cache(maxsize=8)
def _kept_tables(
    calendars: tuple[WorkCalendar | SharedTime, ...], first_day: int, last_day: int, ticks: int
) -> tuple[Table, Table]:
    tables = build_tables(calendars, first_day, last_day, ticks)
    return np.diff(tables[FIRST_INTERVAL, : len(calendars) + 1]) - 2, native(tables)


def tables_for(
    calendars: tuple[WorkCalendar | SharedTime, ...], first_day: int, last_day: int, ticks: int
) -> Table:
    """
    Return tables as `build_tables` does, in the form loops read; those used last are kept.

    Raises
    ------
    EmptyCalendarError
        When a calendar has no working time (SCH-5).
    """
    is_kept = last_day - first_day <= MOST_DAYS_KEPT
    find = _kept_tables if is_kept else _kept_tables.__wrapped__
    sizes, tables = find(calendars, first_day, last_day, ticks)
    if not sizes.all():
        raise EmptyCalendarError(calendars[int(np.flatnonzero(sizes == 0)[0])].name)
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


@inlined
def interval_at(tables: Table, calendar: int, instant: int) -> int:
    """Return the last interval that starts at or before ``instant``, or the first one."""
    blocks = tables[HEAD][TIME_BLOCKS]
    block = (instant - tables[HEAD][TABLE_START]) >> tables[HEAD][TIME_SHIFT]
    at = tables[TIME_BLOCK][calendar * blocks + min(max(block, 0), blocks - 1)]
    at += tables[STARTS][at + 1] <= instant
    while tables[STARTS][at + 1] <= instant:
        at += 1
    return at


@inlined
def interval_of_work(tables: Table, calendar: int, worked: int) -> int:
    """Return the last interval before which not more than ``worked`` minutes lie, or the first one."""
    block = tables[FIRST_WORK_BLOCK][calendar] + max(worked >> tables[HEAD][WORK_SHIFT], 0)
    at = tables[WORK_BLOCK][min(block, tables[FIRST_WORK_BLOCK][calendar + 1] - 1)]
    at += tables[WORKED_BEFORE][at + 1] <= worked
    while tables[WORKED_BEFORE][at + 1] <= worked:
        at += 1
    return at


@inlined
def position_of(tables: Table, calendar: int, instant: int) -> int:
    """Return the working minutes of the calendar before ``instant``; before the table it is negative."""
    at = interval_at(tables, calendar, instant)
    end = tables[ENDS][at] if tables[STARTS][at + 1] != FOREVER else FOREVER
    return tables[WORKED_BEFORE][at] + min(instant, end) - tables[STARTS][at]


@inlined
def finish_at(tables: Table, calendar: int, position: int) -> int:
    """Return the instant at which so many minutes are worked: the end of an interval, not the next start."""
    at = interval_of_work(tables, calendar, position - 1)
    return tables[STARTS][at] + position - tables[WORKED_BEFORE][at]


@inlined
def start_at(tables: Table, calendar: int, position: int) -> int:
    """Return the last instant before which so many minutes are worked: the start of an interval."""
    at = interval_of_work(tables, calendar, position)
    return tables[STARTS][at] + position - tables[WORKED_BEFORE][at]


@compiled
def minutes_between(tables: Table, calendar: int, first: int, second: int) -> int:
    """Return signed working minutes from ``first`` to ``second``."""
    return position_of(tables, calendar, second) - position_of(tables, calendar, first)


@inlined
def instant_after(tables: Table, calendar: int, instant: int, minutes: int) -> int:
    """Return the instant at which ``minutes`` of work from ``instant`` end, as `add_minutes`."""
    if minutes == 0:
        return instant
    wanted = position_of(tables, calendar, instant) + minutes
    at = interval_of_work(tables, calendar, wanted - (minutes > 0))
    return tables[STARTS][at] + wanted - tables[WORKED_BEFORE][at]


@compiled
def add_minutes(tables: Table, calendar: int, instant: int, minutes: int) -> int:
    """
    Return the instant at which ``minutes`` of work from ``instant`` end (SCH-2); 0 returns ``instant``.

    Going back returns the latest start from which the work ends at ``instant``. Code that runs seldom calls
    this one: it keeps what has to be compiled small.
    """
    return instant_after(tables, calendar, instant, minutes)


@inlined
def next_interval(tables: Table, calendar: int, instant: int) -> int:
    """Return the interval in which work can start at or after ``instant``; the last one lasts."""
    at = interval_at(tables, calendar, instant)
    return at + ((instant >= tables[ENDS][at]) & (tables[STARTS][at + 1] != FOREVER))


@compiled
def next_start(tables: Table, calendar: int, instant: int) -> int:
    """Return the first instant at or after ``instant`` at which work can start."""
    return max(instant, tables[STARTS][next_interval(tables, calendar, instant)])


@inlined
def previous_interval(tables: Table, calendar: int, instant: int) -> int:
    """Return the interval in which work can end up to ``instant``; the one before the first has no length."""
    at = interval_at(tables, calendar, instant)
    return at - (instant <= tables[STARTS][at])


@compiled
def previous_finish(tables: Table, calendar: int, instant: int) -> int:
    """Return the last instant at or before ``instant`` at which work can end."""
    return min(instant, tables[ENDS][previous_interval(tables, calendar, instant)])


@compiled
def last_start(tables: Table, calendar: int, instant: int) -> int:
    """Return the last instant up to ``instant`` at which work can start: Friday 16:59 for Sunday."""
    return min(instant, tables[ENDS][interval_at(tables, calendar, instant)] - 1)


@compiled
def same_moment_from(tables: Table, calendar: int, instant: int) -> int:
    """Return the first instant between which and ``instant`` no work lies: Friday 17:00 for Monday 08:00."""
    at = interval_at(tables, calendar, instant)
    if instant == tables[STARTS][at]:
        return tables[ENDS][at - 1]
    if tables[STARTS][at + 1] != FOREVER:
        return min(instant, tables[ENDS][at])
    return instant
