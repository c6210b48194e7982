"""Arithmetic in working time: exact to the minute, on scalars and on arrays (SCH-1, SCH-2, SCH-5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from projects.engine.calendar import DAYS_OF_WEEK, DayHours, EmptyCalendarError, WorkCalendar
from projects.engine.instants import FIRST_DAY, LAST_DAY, MINUTES_PER_DAY, Instants, day_number

EMPTY_AFTER_DAYS = 3653
EVERY_DAY = (FIRST_DAY, LAST_DAY)
_MARGIN_DAYS = 400
_MONDAY_OFFSET = 3  # 1970-01-01 was a Thursday


@dataclass(frozen=True, slots=True)
class _Span:
    """Days ``[first_day, last_day)``: merged intervals, work before each, working days before each day."""

    first_day: int
    last_day: int
    starts: Instants
    ends: Instants
    work_before: Instants
    total: int
    days_before: Instants


class WorkingTime:
    """
    Evaluator of a `WorkCalendar`.

    Instants are minutes since 1970-01-01 00:00, see `projects.engine.instants`. The compiled range grows by
    itself when a question reaches beyond it, so every instant from year 1 to 9999 may be asked.

    Methods with the suffix ``_many`` take and return int64 arrays of equal shape (or broadcastable).
    """

    __slots__ = ("_reach", "_span", "calendar")

    def __init__(
        self, calendar: WorkCalendar, first: date, last: date, *, reach: tuple[int, int] = EVERY_DAY
    ) -> None:
        """
        Compile ``calendar`` for the days ``first`` to ``last``, both included.

        Work is looked for from the day of ``reach`` up to the one before its end (days since 1970-01-01);
        beyond them it is an `OverflowError`.
        """
        self.calendar = calendar
        self._reach = reach
        self._span = compile_days(calendar, day_number(first), day_number(last) + 1)

    def add(self, instant: int, minutes: int) -> int:
        """
        Return the instant at which ``minutes`` of work from ``instant`` end (SCH-2).

        Parameters
        ----------
        instant : int
            Where work may begin.
        minutes : int
            Working minutes; 0 returns ``instant`` itself, a negative number goes backward.

        Raises
        ------
        EmptyCalendarError
            When ten years bring no working time.
        OverflowError
            When the work ends out of reach.
        """
        return int(self.add_many(np.array([instant], np.int64), np.array([minutes], np.int64))[0])

    def subtract(self, instant: int, minutes: int) -> int:
        """Return the latest instant from which ``minutes`` of work end at ``instant``."""
        return self.add(instant, -minutes)

    def between(self, first: int, second: int) -> int:
        """Return the signed working minutes from ``first`` to ``second``."""
        return int(self.between_many(np.array([first], np.int64), np.array([second], np.int64))[0])

    def next_working(self, instant: int) -> int:
        """Return the first instant at or after ``instant`` at which work can start."""
        return int(self.next_working_many(np.array([instant], np.int64))[0])

    def previous_working(self, instant: int) -> int:
        """Return the last instant at or before ``instant`` at which work can end."""
        return int(self.previous_working_many(np.array([instant], np.int64))[0])

    def working_days_between(self, first: date, second: date) -> int:
        """
        Return the signed working days from ``first`` (included) to ``second`` (excluded).

        A working day is a day on which some work starts. Swapping the days changes the sign.
        """
        start, end = day_number(first), day_number(second)
        span = self._stretch(min(start, end), max(start, end))
        return int(span.days_before[end - span.first_day] - span.days_before[start - span.first_day])

    def working_days_between_many(self, first_days: Instants, second_days: Instants) -> Instants:
        """Return signed working days between day numbers (days since 1970-01-01), elementwise."""
        span = self._cover_days(first_days, second_days)
        return span.days_before[second_days - span.first_day] - span.days_before[first_days - span.first_day]

    def between_many(self, first: Instants, second: Instants) -> Instants:
        """Return signed working minutes from ``first`` to ``second``, elementwise."""
        span = self._cover(first, second)
        return _position(span, second) - _position(span, first)

    def positions(self, instants: Instants, first: int, last: int) -> Instants:
        """
        Return working minutes from a fixed origin at or before ``first``; only differences have meaning.

        Parameters
        ----------
        instants : ndarray of int64
            All within ``[first, last]``.
        first, last : int
            Range shared by all calls whose results are compared.
        """
        bounds = np.array([first, last], np.int64)
        span = self._cover(bounds, bounds)
        return _position(span, instants) - _position(span, bounds[:1])

    def add_many(self, instants: Instants, minutes: Instants) -> Instants:
        """Return the instants at which ``minutes`` of work end, elementwise, as `add`."""
        instants, minutes = np.broadcast_arrays(instants, minutes)
        if instants.size == 0:
            return np.array(instants, dtype=np.int64)
        span = self._cover(instants, instants)

        def outside(span: _Span) -> tuple[bool, bool]:
            target = _position(span, instants) + minutes
            return bool((target < 0).any()), bool((target > span.total).any())

        span = self._grow_until(span, outside)
        target = _position(span, instants) + minutes
        if span.total == 0:
            return np.array(instants, dtype=np.int64)
        forward = np.searchsorted(span.work_before, target, side="left") - 1
        backward = np.searchsorted(span.work_before, target, side="right") - 1
        index = np.maximum(np.where(minutes > 0, forward, backward), 0)
        moved = span.starts[index] + target - span.work_before[index]
        return np.where(minutes == 0, instants, moved)

    def next_working_many(self, instants: Instants) -> Instants:
        """Return the first instants at or after which work can start, elementwise."""
        if instants.size == 0:
            return np.array(instants, dtype=np.int64)
        span = self._cover(instants, instants)
        latest = int(instants.max())
        span = self._grow_until(span, lambda s: (False, not s.ends.size or int(s.ends[-1]) <= latest))
        index = np.searchsorted(span.ends, instants, side="right")
        return np.maximum(instants, span.starts[index])

    def previous_working_many(self, instants: Instants) -> Instants:
        """Return the last instants at or before which work can end, elementwise."""
        if instants.size == 0:
            return np.array(instants, dtype=np.int64)
        span = self._cover(instants, instants)
        earliest = int(instants.min())
        span = self._grow_until(span, lambda s: (not s.starts.size or int(s.starts[0]) >= earliest, False))
        index = np.searchsorted(span.starts, instants, side="left") - 1
        return np.minimum(instants, span.ends[index])

    def _cover(self, first: Instants, second: Instants) -> _Span:
        if first.size == 0 or second.size == 0:
            return self._span
        low = min(int(first.min()), int(second.min())) // MINUTES_PER_DAY
        high = max(int(first.max()), int(second.max())) // MINUTES_PER_DAY
        return self._stretch(low - 1, high + 1)

    def _cover_days(self, first: Instants, second: Instants) -> _Span:
        if first.size == 0 or second.size == 0:
            return self._span
        return self._stretch(
            min(int(first.min()), int(second.min())), max(int(first.max()), int(second.max()))
        )

    def _stretch(self, low: int, high: int) -> _Span:
        """Return a span that contains the days ``low`` to ``high``; grows with a margin when it does not."""
        span = self._span
        if low < span.first_day or high > span.last_day:
            first = min(span.first_day, low - _MARGIN_DAYS) if low < span.first_day else span.first_day
            last = max(span.last_day, high + _MARGIN_DAYS) if high > span.last_day else span.last_day
            span = self._span = compile_days(self.calendar, first, last)
        return span

    def _grow_until(self, span: _Span, outside: Callable[[_Span], tuple[bool, bool]]) -> _Span:
        """Grow the span until nothing lies outside; refuse when ten more years bring no work."""
        while True:
            before, after = outside(span)
            if not before and not after:
                return span
            if (before and span.first_day <= self._reach[0]) or (after and span.last_day >= self._reach[1]):
                raise OverflowError("The work would end outside the days that are looked at.")
            first = span.first_day - (EMPTY_AFTER_DAYS if before else 0)
            last = span.last_day + (EMPTY_AFTER_DAYS if after else 0)
            grown = compile_days(self.calendar, first, last)
            if grown.total == span.total:
                raise EmptyCalendarError(self.calendar.name)
            span = self._span = grown


def _position(span: _Span, instants: Instants) -> Instants:
    """Return the working minutes of the span before each instant."""
    if span.total == 0:
        return np.zeros(instants.shape, dtype=np.int64)
    index = np.searchsorted(span.starts, instants, side="right") - 1
    inside = np.maximum(index, 0)
    worked = np.minimum(instants, span.ends[inside]) - span.starts[inside]
    return np.where(index < 0, 0, span.work_before[inside] + worked)


def compile_days(calendar: WorkCalendar, first_day: int, last_day: int) -> _Span:
    """Return the working time that starts on the days ``[first_day, last_day)`` (days since 1970-01-01)."""
    first_day, last_day = max(first_day, FIRST_DAY), min(last_day, LAST_DAY)
    patterns, hours = _day_patterns(calendar, first_day, last_day)
    starts, ends = _intervals(patterns, hours, first_day)
    length = ends - starts
    works = np.array([bool(day_hours) for day_hours in hours], dtype=np.int64)
    return _Span(
        first_day=first_day,
        last_day=last_day,
        starts=starts,
        ends=ends,
        work_before=np.concatenate([[0], np.cumsum(length)])[:-1].astype(np.int64),
        total=int(length.sum()),
        days_before=np.concatenate([[0], np.cumsum(works[patterns])]).astype(np.int64),
    )


def _day_patterns(
    calendar: WorkCalendar, first_day: int, last_day: int
) -> tuple[NDArray[np.int64], list[DayHours]]:
    """Return for each day the index of its hours, and the list of hours: later writes win."""
    hours = [calendar.weekly_hours(weekday) for weekday in range(DAYS_OF_WEEK)]
    days = np.arange(first_day, last_day, dtype=np.int64)
    weekday = (days + _MONDAY_OFFSET) % DAYS_OF_WEEK
    patterns = weekday.copy()
    line = calendar.lineage()[::-1]
    for source in line:
        for week in reversed(source.work_weeks):
            part = _part(week.first, week.last, first_day, last_day)
            if part.start < part.stop:
                patterns[part] = weekday[part] + len(hours)
                hours += [
                    calendar.default_hours(number) if day is None else day
                    for number, day in enumerate(week.days)
                ]
    for source in line:
        for exception in reversed(source.exceptions):
            part = _part(exception.first, exception.last, first_day, last_day)
            if part.start < part.stop:
                patterns[part] = len(hours)
                hours.append(exception.hours)
    return patterns, hours


def _part(first: date, last: date, first_day: int, last_day: int) -> slice:
    start = max(day_number(first), first_day) - first_day
    stop = min(day_number(last) + 1, last_day) - first_day
    return slice(start, max(stop, 0))


def _intervals(patterns: Instants, hours: list[DayHours], first_day: int) -> tuple[Instants, Instants]:
    """Return the merged working intervals of all days in order."""
    count = np.array([len(day_hours) for day_hours in hours], dtype=np.int64)
    offset = np.concatenate([[0], np.cumsum(count)])[:-1]
    flat = np.array([interval for day_hours in hours for interval in day_hours], dtype=np.int64).reshape(
        -1, 2
    )
    per_day = count[patterns]
    day = np.repeat(np.arange(patterns.size, dtype=np.int64), per_day)
    nth = np.arange(day.size) - np.repeat(np.cumsum(per_day) - per_day, per_day)
    bounds = flat[offset[patterns][day] + nth]
    midnight = (day + first_day) * MINUTES_PER_DAY
    starts, ends = midnight + bounds[:, 0], midnight + bounds[:, 1]
    if not starts.size:
        return starts, ends
    reach = np.maximum.accumulate(ends)
    opens = np.concatenate([[True], starts[1:] > reach[:-1]])
    closes = np.concatenate([opens[1:], [True]])
    return starts[opens], reach[closes]
