"""Calendars of a document as those of MPXJ."""

from collections.abc import Mapping, Sequence
from typing import Any

from projects.interchange.document import Calendar, Interval, Weekdays
from projects.interchange.from_mpxj.calendars import WEEKDAYS
from projects.interchange.to_mpxj.values import Values, one_line


def whole_weeks(calendars: Sequence[Calendar]) -> dict[int, Weekdays]:
    """
    Return the usual week of each calendar, with the days it has from the one it is based on.

    Examples
    --------
    >>> day = (Interval(480, 960),)
    >>> base = Calendar(1, "Standard", weekdays=Weekdays(monday=day))
    >>> weeks = whole_weeks([base, Calendar(2, "Ann", parent_uid=1, weekdays=Weekdays(tuesday=day))])
    >>> weeks[2].monday == day, weeks[2].tuesday == day, weeks[2].sunday
    (True, True, None)
    """
    weeks: dict[int, Weekdays] = {}
    for item in calendars:
        base = Weekdays() if item.parent_uid is None else weeks[item.parent_uid]
        weeks[item.uid] = filled(item.weekdays, base)
    return weeks


def filled(week: Weekdays, usual: Weekdays) -> Weekdays:
    """Return a week whose days that say nothing are as usual."""
    pairs = zip(week.days(), usual.days(), strict=True)
    return Weekdays(*(other if day is None else day for day, other in pairs))


class CalendarWriter:
    """Adds calendars to a project."""

    def __init__(self, java: Any, values: Values) -> None:
        self.values = values
        day_of_week = java("java.time.DayOfWeek")
        self.days_of_week = [getattr(day_of_week, name) for name in WEEKDAYS]
        self.day_type = java("org.mpxj.DayType")
        self.time_range = java("org.mpxj.LocalTimeRange")
        self.date_range = java("org.mpxj.LocalDateRange")

    def write(self, project: Any, calendars: Sequence[Calendar]) -> Mapping[int, Any]:
        """Return the calendars of the project by number; one that is based on another follows it."""
        made: dict[int, Any] = {}
        for item in calendars:
            made[item.uid] = project.addCalendar()
        weeks = whole_weeks(calendars)
        for item in calendars:
            parent = None if item.parent_uid is None else made[item.parent_uid]
            self._fill(made[item.uid], item, parent, weeks[item.uid])
        return made

    def _fill(self, calendar: Any, item: Calendar, parent: Any, usual: Weekdays) -> None:
        calendar.setUniqueID(self.values.whole(item.uid))
        calendar.setName(one_line(item.name))
        calendar.setPersonal(item.is_personal)
        if parent is not None:
            calendar.setParent(parent)
        calendar.setCalendarMinutesPerDay(self.values.whole(item.minutes_per_day))
        calendar.setCalendarMinutesPerWeek(self.values.whole(item.minutes_per_week))
        self._week(calendar, item.weekdays, inherits=parent is not None)
        for exception in item.exceptions:
            first, last = self.values.day(exception.from_date), self.values.day(exception.to_date)
            added = calendar.addCalendarException(first, last)
            added.setName(one_line(exception.name))
            self._hours(added, exception.intervals)
        for week in item.work_weeks:
            added = calendar.addWorkWeek()
            added.setName(one_line(week.name) or one_line(item.name))
            first, last = self.values.day(week.from_date), self.values.day(week.to_date)
            added.setDateRange(self.date_range(first, last))
            # MS Project XML has no way to say of a day of such a week that it is as usual.
            self._week(added, filled(week.weekdays, usual), inherits=False)

    def _week(self, days: Any, weekdays: Weekdays, *, inherits: bool) -> None:
        for weekday, intervals in zip(self.days_of_week, weekdays.days(), strict=True):
            if intervals is None and inherits:
                days.setCalendarDayType(weekday, self.day_type.DEFAULT)
                continue
            kind = self.day_type.WORKING if intervals else self.day_type.NON_WORKING
            days.setCalendarDayType(weekday, kind)
            self._hours(days.addCalendarHours(weekday), intervals or ())

    def _hours(self, hours: Any, intervals: Sequence[Interval]) -> None:
        for interval in intervals:
            start, end = self.values.minute(interval.start_minute), self.values.minute(interval.end_minute)
            hours.add(self.time_range(start, end))
