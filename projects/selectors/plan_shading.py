"""When nobody works, by calendar, for the drawing of a plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from projects.engine.calendar import DayHours, WorkCalendar
from projects.models import Project
from projects.selectors.work_calendars import load_work_calendars

AROUND = timedelta(days=400)
MOST_DAYS = 366 * 30
PROJECT = "project"


@dataclass(frozen=True)
class Shading:
    """
    By key of a calendar (``project`` for that of the plan) the hours of the week and of days that differ.

    Hours are pairs of minutes of the day; a day nobody works has none, a night shift ends beyond its day.

    ``first_moment`` is when work may begin on the first day of the project, local wall time.
    """

    calendars: dict[str, dict[str, Any]]
    first_moment: str | None


def plan_shading(project: Project, calendar_ids: Sequence[int], *, bounds: tuple[date, date]) -> Shading:
    """Return the shading of a plan's calendars around its days. At most eleven queries."""
    found = load_work_calendars({project.calendar_id, *calendar_ids})
    first = max(bounds[0], date.min + AROUND) - AROUND
    last = min(bounds[1], date.max - AROUND) + AROUND
    last = min(last, first + timedelta(days=min(MOST_DAYS, (date.max - first).days)))
    own = found[project.calendar_id]
    keyed = {PROJECT: own, **{str(pk): found[pk] for pk in calendar_ids if pk in found}}
    return Shading(
        calendars={key: _shading(calendar, first, last) for key, calendar in keyed.items()},
        first_moment=_first_moment(project, own),
    )


def _shading(calendar: WorkCalendar, first: date, last: date) -> dict[str, Any]:
    week = [calendar.weekly_hours(weekday) for weekday in range(7)]
    days: dict[str, DayHours] = {}
    ranges = [
        (max(first, start), min(last, end))
        for part in calendar.lineage()
        for start, end in (
            *((item.first, item.last) for item in part.exceptions),
            *((item.first, item.last) for item in part.work_weeks),
        )
    ]
    for start, end in ranges:
        for offset in range((end - start).days + 1):
            day = start + timedelta(days=offset)
            hours = calendar.hours_on(day)
            if hours != week[day.weekday()]:
                days[day.isoformat()] = hours
    return {"week": week, "days": days}


def _first_moment(project: Project, calendar: WorkCalendar) -> str | None:
    """Return the moment a file gives, else the first working minute on or after the planned start."""
    if project.schedule_start is not None:
        return f"{project.schedule_start:%Y-%m-%dT%H:%M}"
    if project.planned_start is None:
        return None
    for offset in range(AROUND.days):
        day = project.planned_start + timedelta(days=offset)
        hours = calendar.hours_on(day)
        if hours:
            return f"{day.isoformat()}T{hours[0][0] // 60:02d}:{hours[0][0] % 60:02d}"
    return f"{project.planned_start.isoformat()}T00:00"
