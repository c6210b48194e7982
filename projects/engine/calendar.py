"""What a work calendar says: weekly hours, work weeks, exceptions, and the parent they refine."""

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from projects.engine.instants import MINUTES_PER_DAY

Interval = tuple[int, int]
"""Half-open ``[start, end)`` in minutes of the day; an end past 1440 runs into the next day."""

DayHours = tuple[Interval, ...]
"""Working intervals of one day in order; empty means a day off."""

DAYS_OF_WEEK = 7
DAY_OFF: DayHours = ()
ROUND_THE_CLOCK: DayHours = ((0, MINUTES_PER_DAY),)
OFFICE_HOURS: DayHours = ((480, 720), (780, 1020))


class CalendarError(ValueError):
    """A calendar that cannot be used; ``code`` says why."""

    def __init__(self, message: str, *, code: str = "INVALID_CALENDAR") -> None:
        super().__init__(message)
        self.code = code


class EmptyCalendarError(CalendarError):
    """No working time within ten years (SCH-5)."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Calendar “{name}” has no working time within ten years.", code="EMPTY_CALENDAR")


def _check_hours(hours: DayHours) -> None:
    for start, end in hours:
        if not 0 <= start < MINUTES_PER_DAY or not start < end <= start + MINUTES_PER_DAY:
            raise CalendarError(f"Working interval {start}–{end} is not within one day.")
    if any(first[1] > second[0] for first, second in pairwise(hours)):
        raise CalendarError("Working intervals of a day overlap or are out of order.")


def shift(start: int, end: int) -> Interval:
    """
    Return a working interval; an end at or before the start lies on the next day.

    Examples
    --------
    >>> shift(1320, 360)
    (1320, 1800)
    """
    return (start, end if end > start else end + MINUTES_PER_DAY)


@dataclass(frozen=True, slots=True)
class WorkWeek:
    """Another weekly pattern from ``first`` to ``last`` (both included), Monday first; ``None`` = default."""

    first: date
    last: date
    days: tuple[DayHours | None, ...]

    def __post_init__(self) -> None:
        if len(self.days) != DAYS_OF_WEEK or self.last < self.first:
            raise CalendarError("A work week needs seven days and a last day not before the first.")
        for hours in self.days:
            _check_hours(hours or DAY_OFF)


@dataclass(frozen=True, slots=True)
class CalendarException:
    """The hours of every day from ``first`` to ``last`` (both included); empty hours = days off."""

    first: date
    last: date
    hours: DayHours = DAY_OFF

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise CalendarError("An exception ends before it begins.")
        _check_hours(self.hours)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """
    Definition of working time.

    For each day the first answer counts: exceptions, then work weeks, then the weekly pattern; on each
    step the calendar's own entry before its parent's, the earlier entry of a tuple before a later one.
    A default day of a work week takes the weekly pattern of the parent (without parent: its own).

    Attributes
    ----------
    name : str
        Shown in messages; calendars of the same hours are equal whatever they are called.
    week : tuple of seven DayHours or None
        Monday first; ``None`` takes the parent's day (without parent: a day off).
    work_weeks, exceptions
        Refinements for ranges of days.
    parent : WorkCalendar or None
        Calendar that answers where this one is silent.
    minutes_per_day : int
        Working minutes one day of duration stands for.
    """

    name: str = field(compare=False)
    week: tuple[DayHours | None, ...]
    work_weeks: tuple[WorkWeek, ...] = ()
    exceptions: tuple[CalendarException, ...] = ()
    parent: "WorkCalendar | None" = None
    minutes_per_day: int = 480

    def __post_init__(self) -> None:
        if len(self.week) != DAYS_OF_WEEK:
            raise CalendarError("A weekly pattern has seven days.")
        if self.minutes_per_day <= 0:
            raise CalendarError("A working day needs more than 0 minutes.")
        for hours in self.week:
            _check_hours(hours or DAY_OFF)

    def lineage(self) -> tuple["WorkCalendar", ...]:
        """Return the calendar, its parent, its parent's parent and so on."""
        line = [self]
        while line[-1].parent is not None:
            line.append(line[-1].parent)
        return tuple(line)

    def weekly_hours(self, weekday: int) -> DayHours:
        """Return the pattern's hours of a weekday, 0 = Monday."""
        for calendar in self.lineage():
            hours = calendar.week[weekday]
            if hours is not None:
                return hours
        return DAY_OFF

    def hours_on(self, day: date) -> DayHours:
        """Return the working intervals that start on ``day``."""
        line = self.lineage()
        for calendar in line:
            for exception in calendar.exceptions:
                if exception.first <= day <= exception.last:
                    return exception.hours
        for calendar in line:
            for week in calendar.work_weeks:
                if week.first <= day <= week.last:
                    hours = week.days[day.weekday()]
                    return self.default_hours(day.weekday()) if hours is None else hours
        return self.weekly_hours(day.weekday())

    def default_hours(self, weekday: int) -> DayHours:
        """Return what a default day of a work week means: the parent's pattern, else the own one."""
        return (self.parent or self).weekly_hours(weekday)


STANDARD_CALENDAR = WorkCalendar("Standard", (OFFICE_HOURS,) * 5 + (DAY_OFF,) * 2)
"""Monday to Friday 8–12 and 13–17."""

ELAPSED_CALENDAR = WorkCalendar("24 hours", (ROUND_THE_CLOCK,) * 7, minutes_per_day=MINUTES_PER_DAY)
"""Every minute of every day."""
