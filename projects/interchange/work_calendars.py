"""A calendar of a document as the engine counts with it."""

from collections.abc import Iterable, Mapping

from projects.engine.calendar import CalendarException as EngineException
from projects.engine.calendar import WorkCalendar
from projects.engine.calendar import WorkWeek as EngineWeek
from projects.interchange.document import Calendar, Interval


def work_calendar(calendar: Calendar, known: Mapping[int, WorkCalendar]) -> WorkCalendar:
    """Return a usable calendar of a document as the engine counts with it; ``known`` has its parent."""
    parent = None if calendar.parent_uid is None else known.get(calendar.parent_uid)
    return WorkCalendar(
        calendar.name,
        tuple(None if hours is None else _hours(hours) for hours in calendar.weekdays.days()),
        work_weeks=tuple(
            EngineWeek(
                week.from_date,
                week.to_date,
                tuple(None if hours is None else _hours(hours) for hours in week.weekdays.days()),
            )
            for week in calendar.work_weeks
        ),
        exceptions=tuple(
            EngineException(item.from_date, item.to_date, _hours(item.intervals))
            for item in calendar.exceptions
        ),
        parent=parent,
    )


def _hours(intervals: Iterable[Interval]) -> tuple[tuple[int, int], ...]:
    return tuple((item.start_minute, item.end_minute) for item in intervals)
