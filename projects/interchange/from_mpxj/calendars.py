"""Calendars of a project, their exceptions expanded into single ones."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any, Final

from projects.interchange.document import (
    Calendar,
    CalendarException,
    Interval,
    Weekdays,
    WorkWeek,
)
from projects.interchange.from_mpxj.values import day, text
from projects.interchange.problems import Place, Problem, problem
from projects.interchange.vocabulary import Severity

WEEKDAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
MOST_EXCEPTIONS: Final = 5000
MINUTES_PER_DAY: Final = 1440
# Primavera writes exceptions that never end as ones that end in a far year.
LAST_DAY: Final = date(2199, 12, 31)


class CalendarReader:
    """Reads calendars and remembers what it could not take over."""

    def __init__(self, days_of_week: Iterable[Any]) -> None:
        self.days_of_week = tuple(days_of_week)
        self.problems: list[Problem] = []

    def read(self, calendars: Iterable[Any]) -> tuple[Calendar, ...]:
        """Return all calendars of the project."""
        return tuple(self._calendar(calendar) for calendar in calendars if calendar.getUniqueID() is not None)

    def _calendar(self, calendar: Any) -> Calendar:
        name = text(calendar.getName(), limit=200)
        parent = calendar.getParent()
        return Calendar(
            uid=int(calendar.getUniqueID()),
            name=name,
            parent_uid=None if parent is None else int(parent.getUniqueID()),
            weekdays=self._weekdays(calendar, name),
            exceptions=self._exceptions(calendar, name),
            work_weeks=self._work_weeks(calendar, name),
            minutes_per_day=_whole(calendar.getCalendarMinutesPerDay()),
            minutes_per_week=_whole(calendar.getCalendarMinutesPerWeek()),
            is_personal=bool(calendar.getPersonal()),
        )

    def _weekdays(self, days: Any, name: str) -> Weekdays:
        """Return the pattern of a calendar or a work week; the rest of a pattern is inherited."""
        pattern: list[tuple[Interval, ...] | None] = []
        for weekday in self.days_of_week:
            kind = str(days.getCalendarDayType(weekday) or "DEFAULT")
            if kind == "DEFAULT":
                pattern.append(None)
            elif kind == "WORKING":
                pattern.append(self._intervals(days.getCalendarHours(weekday), name))
            else:
                pattern.append(())
        return Weekdays(*pattern)

    def _exceptions(self, calendar: Any, name: str) -> tuple[CalendarException, ...]:
        result: list[CalendarException] = []
        for exception in calendar.getCalendarExceptions():
            recurring = exception.getRecurring()
            label = text(exception.getName(), limit=200)
            if recurring is not None and not recurring.isValid():
                self._report(name, "CALENDAR_RECURRENCE", exception=label)
                continue
            for single in exception.getExpandedExceptions():
                first, last = day(single.getFromDate()), day(single.getToDate())
                if first is None or last is None or last < first:
                    self._report(name, "CALENDAR_EXCEPTION", exception=label)
                    continue
                last = min(last, max(first, LAST_DAY))
                hours = self._intervals(single, name)
                result.append(CalendarException(first, last, label, hours, recurring is not None))
                if len(result) >= MOST_EXCEPTIONS:
                    self._report(name, "CALENDAR_EXCEPTIONS", most=MOST_EXCEPTIONS)
                    return tuple(result)
        return tuple(sorted(result, key=lambda item: (item.from_date, item.to_date)))

    def _work_weeks(self, calendar: Any, name: str) -> tuple[WorkWeek, ...]:
        result = []
        for week in calendar.getWorkWeeks():
            period = week.getDateRange()
            first = None if period is None else day(period.getStart())
            last = None if period is None else day(period.getEnd())
            if first is None or last is None:
                self._report(name, "CALENDAR_WEEK", week=text(week.getName(), limit=200))
                continue
            result.append(WorkWeek(first, last, text(week.getName(), limit=200), self._weekdays(week, name)))
        return tuple(result)

    def _intervals(self, hours: Any, name: str) -> tuple[Interval, ...]:
        """Return working intervals in order, those that overlap joined."""
        found: list[tuple[int, int]] = []
        for period in hours or ():
            start, end = _minute(period.getStart()), _minute(period.getEnd())
            if start is None or end is None:
                continue
            if end == 0:
                end = MINUTES_PER_DAY
            if end < start:
                self._report(name, "CALENDAR_MIDNIGHT")
                end = MINUTES_PER_DAY
            if end > start:
                found.append((start, end))
        return _joined(sorted(found))

    def _report(self, name: str, code: str, **values: object) -> None:
        found = problem(Severity.WARNING, code, Place.CALENDAR, name, **values)
        if found not in self.problems:
            self.problems.append(found)


def _joined(found: list[tuple[int, int]]) -> tuple[Interval, ...]:
    result: list[Interval] = []
    for start, end in found:
        if result and start < result[-1].end_minute:
            result[-1] = Interval(result[-1].start_minute, max(end, result[-1].end_minute))
        else:
            result.append(Interval(start, end))
    return tuple(result)


def _minute(value: Any) -> int | None:
    """Return a time of day in minutes after midnight, seconds rounded."""
    if value is None:
        return None
    moment = time.fromisoformat(str(value))
    return moment.hour * 60 + moment.minute + (1 if moment.second >= 30 else 0)


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
