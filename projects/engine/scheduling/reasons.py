"""Facts behind "why a task is where it is": the date that binds, and the days between that nobody works."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from projects.engine.calendar import WorkCalendar
from projects.engine.instants import day_from_number, day_number, finish_day, start_day
from projects.engine.working_time import WorkingTime

MOST_DAYS = 400


@dataclass(frozen=True, slots=True)
class DateRule:
    """A date that the start (or else the finish) of an activity has to keep."""

    instant: int
    is_of_start: bool


def binding_rule(
    rules: Sequence[DateRule], *, start: int, finish: int, working_time: WorkingTime
) -> int | None:
    """
    Return the place of the first rule that holds exactly: no work lies between its date and the activity's.

    Parameters
    ----------
    start, finish : int
        Instants of the activity; the finish is exclusive.
    working_time : WorkingTime
        Of the activity's calendar.

    Returns
    -------
    int or None
        ``None`` when no rule explains the dates.
    """
    for place, rule in enumerate(rules):
        end = start if rule.is_of_start else finish
        if int(working_time.between(rule.instant, end)) == 0:
            return place
    return None


def skipped_days(calendar: WorkCalendar, *, after: int, until: int) -> tuple[date, ...]:
    """
    Return the days between two instants that are worked in a usual week, but not here: holidays.

    Parameters
    ----------
    after : int
        Instant at which what is waited for ends.
    until : int
        Instant at which the waiting one starts.

    Examples
    --------
    Friday evening to Tuesday morning, the Monday between is a holiday:

    >>> from projects.engine.calendar import DAY_OFF, OFFICE_HOURS, CalendarException
    >>> from projects.engine.instants import end_of_day, start_of_day
    >>> holiday = CalendarException(date(2026, 3, 9), date(2026, 3, 9))
    >>> week = WorkCalendar("Standard", (OFFICE_HOURS,) * 5 + (DAY_OFF,) * 2, exceptions=(holiday,))
    >>> skipped_days(week, after=end_of_day(date(2026, 3, 6)), until=start_of_day(date(2026, 3, 10)))
    (datetime.date(2026, 3, 9),)
    """
    first, last = day_number(finish_day(after)) + 1, day_number(start_day(until))
    days = (day_from_number(number) for number in range(first, min(last, first + MOST_DAYS)))
    return tuple(day for day in days if calendar.weekly_hours(day.weekday()) and not calendar.hours_on(day))
