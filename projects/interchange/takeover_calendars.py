"""Calendars of a document as the engine can count with them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from projects.interchange.document import (
    Calendar,
    CalendarException,
    Interval,
    Weekdays,
    WorkWeek,
)
from projects.interchange.problems import Place, Problem, problem
from projects.interchange.vocabulary import Severity

MOST_LEVELS = 7


def usable_calendars(calendars: Sequence[Calendar]) -> tuple[tuple[Calendar, ...], list[Problem]]:
    """
    Return the calendars, each after the one it is based on, and what had to be changed.

    Overlapping hours of a day become one stretch, days in reverse order are left out, and a base that is
    missing, that leads back to the calendar or that lies too deep is cut.
    """
    found = {calendar.uid: calendar for calendar in calendars}
    problems: list[Problem] = []
    result: dict[int, Calendar] = {}
    for calendar in sorted(found.values(), key=lambda item: len(_lineage(item, found))):
        made = _tidied(calendar)
        if made != calendar:
            problems.append(problem(Severity.INFO, "CALENDAR_TIMES", Place.CALENDAR, calendar.name))
        if calendar.parent_uid is not None and _lineage(calendar, found) == [calendar.uid]:
            problems.append(problem(Severity.WARNING, "CALENDAR_BASE", Place.CALENDAR, calendar.name))
            made = replace(made, parent_uid=None)
        result[made.uid] = made
    return tuple(result.values()), problems


def has_working_time(calendar: Calendar, calendars: Sequence[Calendar]) -> bool:
    """Return whether the calendar has a working day in its week, its own or of those it is based on."""
    found = {item.uid: item for item in calendars}
    line = [found[uid] for uid in _lineage(calendar, found) if uid in found]
    for number in range(7):
        said = [item.weekdays.days()[number] for item in line]
        if next((hours for hours in said if hours is not None), ()):
            return True
    return False


def _lineage(calendar: Calendar, found: dict[int, Calendar]) -> list[int]:
    """Return the uids from the calendar to its root; the calendar alone where that cannot be followed."""
    line = [calendar.uid]
    here = calendar
    while here.parent_uid is not None:
        if here.parent_uid not in found or here.parent_uid in line or len(line) > MOST_LEVELS:
            return [calendar.uid]
        here = found[here.parent_uid]
        line.append(here.uid)
    return line


def _tidied(calendar: Calendar) -> Calendar:
    exceptions = [_exception(item) for item in calendar.exceptions if item.from_date <= item.to_date]
    weeks = [_work_week(week) for week in calendar.work_weeks if week.from_date <= week.to_date]
    return replace(
        calendar,
        weekdays=_weekdays(calendar.weekdays),
        exceptions=tuple(exceptions),
        work_weeks=tuple(weeks),
    )


def _exception(item: CalendarException) -> CalendarException:
    return replace(item, intervals=_merged(item.intervals))


def _work_week(week: WorkWeek) -> WorkWeek:
    return replace(week, weekdays=_weekdays(week.weekdays))


def _weekdays(weekdays: Weekdays) -> Weekdays:
    return Weekdays(*(None if day is None else _merged(day) for day in weekdays.days()))


def _merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """
    Return the stretches in order; those that overlap become one.

    Examples
    --------
    >>> _merged((Interval(600, 720), Interval(480, 660)))
    (Interval(start_minute=480, end_minute=720),)
    """
    result: list[Interval] = []
    for item in sorted(intervals, key=lambda each: (each.start_minute, each.end_minute)):
        if not 0 <= item.start_minute < item.end_minute <= 1440:
            continue
        if result and item.start_minute < result[-1].end_minute:
            end = max(item.end_minute, result[-1].end_minute)
            result[-1] = Interval(result[-1].start_minute, end)
        else:
            result.append(item)
    return tuple(result)
