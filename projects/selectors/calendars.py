"""Calendars as the engine counts with them, and as pages list them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from projects.engine.working_time import WorkingTime
from projects.models import Calendar, Project
from projects.selectors.work_calendars import load_work_calendars

FIRST_COMPILED = date(2020, 1, 1)
LAST_COMPILED = date(2032, 12, 31)


@dataclass(frozen=True)
class CalendarRow:
    """A calendar in a list."""

    pk: int
    name: str
    hours_per_day: Any
    working_days: int
    exceptions: int
    projects: int
    is_default: bool
    is_own: bool
    is_in_use: bool
    version: int


def working_time(calendar: Calendar) -> WorkingTime:
    """Return the evaluator of a calendar. Three queries, and one per calendar it is based on."""
    return WorkingTime(load_work_calendars([calendar.pk])[calendar.pk], FIRST_COMPILED, LAST_COMPILED)


def calendars_for(project: Project) -> Any:
    """Return the calendars a project may use: those of the organization and its own."""
    return Calendar.objects.filter(Q(project__isnull=True) | Q(project=project)).order_by("name", "pk")


def calendar_rows(project: Project) -> list[CalendarRow]:
    """Return the calendars of the project's page. One query."""
    rows = calendars_for(project).annotate(
        exception_count=Count("exceptions", distinct=True), project_count=Count("projects", distinct=True)
    )
    return [
        CalendarRow(
            pk=row.pk,
            name=row.name,
            hours_per_day=row.hours_per_day,
            working_days=sum(1 for day in range(7) if (row.week_pattern or {}).get(str(day))),
            exceptions=row.exception_count,
            projects=row.project_count,
            is_default=row.is_default,
            is_own=row.project_id is not None,
            is_in_use=row.pk == project.calendar_id,
            version=row.version,
        )
        for row in rows
    ]
