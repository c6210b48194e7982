"""Calendars as the engine counts with them, and as pages list them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from projects.engine.calendar import WorkCalendar
from projects.engine.scheduling.options import PLAUSIBLE
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
    return evaluator(load_work_calendars([calendar.pk])[calendar.pk])


def evaluator(calendar: WorkCalendar) -> WorkingTime:
    """Return the evaluator of a calendar that was read; it finds work in the years 1900 to 2199."""
    reach = (PLAUSIBLE.first_day, PLAUSIBLE.last_day)
    return WorkingTime(calendar, FIRST_COMPILED, LAST_COMPILED, reach=reach)


def calendars_for(project: Project | None) -> Any:
    """Return the calendars a project may use: those of the organization and its own."""
    own = Q(project=project) if project else Q(pk__in=[])
    return Calendar.objects.filter(Q(project__isnull=True) | own).order_by("name", "pk")


def organization_calendar_rows(user: Any) -> list[CalendarRow]:
    """Return the calendars of the organization; projects the person sees count (SEC-13). Two queries."""
    rows = calendars_for(None).annotate(exception_count=Count("exceptions", distinct=True))
    used = dict(
        Project.objects.visible_to(user).order_by().values_list("calendar_id").annotate(number=Count("pk"))
    )
    return [_row(row, projects=used.get(row.pk, 0), is_in_use=False) for row in rows]


def calendar_rows(project: Project) -> list[CalendarRow]:
    """Return the calendars of the project's page. One query."""
    rows = calendars_for(project).annotate(
        exception_count=Count("exceptions", distinct=True), project_count=Count("projects", distinct=True)
    )
    return [_row(row, projects=row.project_count, is_in_use=row.pk == project.calendar_id) for row in rows]


def _row(row: Any, *, projects: int, is_in_use: bool) -> CalendarRow:
    return CalendarRow(
        pk=row.pk,
        name=row.name,
        hours_per_day=row.hours_per_day,
        working_days=sum(1 for day in range(7) if (row.week_pattern or {}).get(str(day))),
        exceptions=row.exception_count,
        projects=projects,
        is_default=row.is_default,
        is_own=row.project_id is not None,
        is_in_use=is_in_use,
        version=row.version,
    )
