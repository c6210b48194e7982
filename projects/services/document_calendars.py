"""Store the calendars of a document as calendars of one project."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from projects.interchange.document import Calendar as DocumentCalendar
from projects.interchange.document import Interval, ProjectOptions, Weekdays
from projects.models import Calendar, CalendarException, CalendarWorkWeek, Project

BATCH = 500
MINUTES_PER_HOUR = 60


def write_calendars(
    project: Project, *, calendars: Sequence[DocumentCalendar], options: ProjectOptions
) -> dict[int, Calendar]:
    """
    Return the stored calendars by their uid in the document.

    One statement per level of bases, one each for exceptions and work weeks. A calendar must follow the
    one it is based on.
    """
    stored: dict[int, Calendar] = {}
    waiting = list(calendars)
    while waiting:
        ready = [item for item in waiting if item.parent_uid is None or item.parent_uid in stored]
        made = Calendar.objects.bulk_create(
            [calendar_of(project, item=item, stored=stored, options=options) for item in ready],
            batch_size=BATCH,
        )
        stored |= {item.uid: calendar for item, calendar in zip(ready, made, strict=True)}
        waiting = [item for item in waiting if item.uid not in stored]
    write_exceptions([(stored[item.uid], item) for item in calendars])
    return stored


def write_exceptions(pairs: Sequence[tuple[Calendar, DocumentCalendar]]) -> None:
    """Store exceptions and work weeks of calendars that have none yet. Two statements."""
    CalendarException.objects.bulk_create(
        [row for calendar, item in pairs for row in exceptions_of(calendar, item=item)], batch_size=BATCH
    )
    CalendarWorkWeek.objects.bulk_create(
        [row for calendar, item in pairs for row in work_weeks_of(calendar, item=item)], batch_size=BATCH
    )


def exceptions_of(calendar: Calendar, *, item: DocumentCalendar) -> list[CalendarException]:
    """Return the exceptions of a calendar, not yet stored."""
    return [
        CalendarException(
            calendar=calendar,
            name=entry.name[:150],
            start=entry.from_date,
            finish=entry.to_date,
            intervals=_intervals(entry.intervals),
        )
        for entry in item.exceptions
    ]


def work_weeks_of(calendar: Calendar, *, item: DocumentCalendar) -> list[CalendarWorkWeek]:
    """Return the working weeks of a calendar that hold for a time only, not yet stored."""
    return [
        CalendarWorkWeek(
            calendar=calendar,
            name=week.name[:150],
            start=week.from_date,
            finish=week.to_date,
            week_pattern=_pattern(week.weekdays),
        )
        for week in item.work_weeks
    ]


def calendar_of(
    project: Project, *, item: DocumentCalendar, stored: Mapping[int, Calendar], options: ProjectOptions
) -> Calendar:
    """Return a calendar of the file, not yet stored; ``stored`` holds those it may be based on."""
    day = item.minutes_per_day or options.minutes_per_day or 480
    week = item.minutes_per_week or options.minutes_per_week or 5 * day
    return Calendar(
        project=project,
        uid=str(item.uid),
        name=item.name[:150] or str(item.uid),
        base=None if item.parent_uid is None else stored[item.parent_uid],
        week_pattern=_pattern(item.weekdays),
        hours_per_day=_within(Decimal(day) / MINUTES_PER_HOUR, Decimal("0.01"), Decimal(24)),
        days_per_week=_within(Decimal(week) / Decimal(day), Decimal("0.1"), Decimal(7)),
        days_per_month=_within(Decimal(options.days_per_month or 20), Decimal("0.1"), Decimal(31)),
    )


def _within(value: Decimal, step: Decimal, top: Decimal) -> Decimal:
    """Return the value rounded to the step, at least one step and at most ``top``."""
    return min(max(value.quantize(step, rounding=ROUND_HALF_UP), step), top)


def _pattern(weekdays: Weekdays) -> dict[str, Any]:
    """Return the week as it is stored: null takes the day of the base."""
    return {
        str(number): None if day is None else _intervals(day) for number, day in enumerate(weekdays.days())
    }


def _intervals(intervals: Sequence[Interval]) -> list[list[int]]:
    return [[item.start_minute, item.end_minute] for item in intervals]
