"""
Keep what undated facts were before they change, so that any past day can be computed again (SEC-37, HLT-5).

Services call these before they write. The values at the end of a day count: the first change of a day
leaves a row that was true until the day before, later changes of the day leave nothing.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from pmo_portal.common.schedule import database_now
from projects.models import (
    BudgetLine,
    Calendar,
    Commitment,
    FormerBudgetLine,
    FormerCalendar,
    FormerCommitment,
    FormerProject,
    FormerTask,
    Project,
    Task,
    TaskProgress,
)

BATCH = 500
_known_on: ContextVar[date | None] = ContextVar("known_on", default=None)


def _columns(model: type[models.Model], *, without: Collection[str]) -> dict[str, Any]:
    """Return the columns of a table of former values that have the name of the original's."""
    names = [field.attname for field in model._meta.concrete_fields]
    return {name: name for name in names if name not in {"id", "known_until", *without}}


_PROJECT = {"project_id": "pk", **_columns(FormerProject, without={"project_id"})}
_TASK = {
    "task_id": "pk",
    "is_reported": Exists(TaskProgress.objects.filter(task_id=OuterRef("pk"))),
    **_columns(FormerTask, without={"task_id", "is_reported"}),
}
_LINE = {"line_id": "pk", **_columns(FormerBudgetLine, without={"line_id"})}
_COMMITMENT = {"commitment_id": "pk", **_columns(FormerCommitment, without={"commitment_id"})}
PROJECT_FACTS = frozenset(_PROJECT) - {"project_id"} | {"calendar"}
TASK_FACTS = frozenset(_TASK) - {"task_id", "project_id", "entered_on", "is_reported"} | {"calendar", "owner"}


@contextmanager
def known_on(day: date) -> Iterator[None]:
    """
    Take everything entered inside as known on this day instead of today.

    For facts that come with their own day, such as the rows of a dated table.
    """
    token = _known_on.set(day)
    try:
        yield
    finally:
        _known_on.reset(token)


def today() -> date:
    """Return the day facts are entered on: the organization's date by the database clock."""
    return _known_on.get() or database_now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def recorded_at() -> Any:
    """Return the moment facts are entered: now by the database clock."""
    day = _known_on.get()
    return Now() if day is None else datetime.combine(day, time(12), tzinfo=UTC)


def entry_day(project: Project) -> date | None:
    """
    Return the day to note on a new row of the project; None if the project is new itself.

    What is entered on the first day of a project counts as known since ever: a project that comes late
    brings its history along. One query of the clock, and one for a project that was just made.
    """
    made: Any = project.created_at
    if not isinstance(made, datetime):  # the database has set it, and nobody has read it yet
        made = Project.objects.values_list("created_at", flat=True).get(pk=project.pk)
    return later_day(today(), made)


def later_day(day: date, created_at: datetime) -> date | None:
    """Return the day if it comes after the one a project was made on, else None."""
    return day if day > created_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date() else None


def remember_project(project: Project) -> None:
    """Keep the header of a project as it is stored now."""
    day = entry_day(project)
    if day is not None:
        _copy(FormerProject, Project.objects.filter(pk=project.pk), _PROJECT, day)


def remember_tasks(project: Project, task_ids: Collection[int]) -> None:
    """Keep rows of the plan as they are stored now: one statement for each five hundred."""
    day = entry_day(project) if task_ids else None
    if day is None:
        return
    ids = list(task_ids)
    for start in range(0, len(ids), BATCH):
        rows = Task.objects.filter(project=project, pk__in=ids[start : start + BATCH])
        _copy(FormerTask, rows.filter(_entered_before(day)), _TASK, day)


def remember_plan(project: Project) -> None:
    """Keep all rows of a plan as they are stored now, in one statement: for writers of whole plans."""
    day = entry_day(project)
    if day is not None:
        rows = Task.objects.filter(project=project).filter(_entered_before(day))
        _copy(FormerTask, rows, _TASK, day)


def remember_known_on(day: date, *, project_ids: Collection[int], task_ids: Collection[int]) -> None:
    """
    Keep headers and rows of many projects as stored now, before facts known on a day change them.

    Projects made on that day or later leave nothing. One statement for each five hundred.
    """
    midnight = datetime.combine(day, time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
    ids = sorted(project_ids)
    for start in range(0, len(ids), BATCH):
        headers = Project.objects.filter(pk__in=ids[start : start + BATCH], created_at__lt=midnight)
        _copy(FormerProject, headers, _PROJECT, day)
    ids = sorted(task_ids)
    for start in range(0, len(ids), BATCH):
        rows = Task.objects.filter(pk__in=ids[start : start + BATCH], project__created_at__lt=midnight)
        _copy(FormerTask, rows.filter(_entered_before(day)), _TASK, day)


def remember_budget_line(line: BudgetLine) -> None:
    """Keep a budget line as it is stored now."""
    day = entry_day(line.project)
    if day is not None:
        rows = BudgetLine.objects.filter(pk=line.pk).filter(_entered_before(day))
        _copy(FormerBudgetLine, rows, _LINE, day)


def remember_commitment(commitment: Commitment) -> None:
    """Keep the amounts of a commitment as they are stored now."""
    day = entry_day(commitment.project)
    if day is not None:
        rows = Commitment.objects.filter(pk=commitment.pk).filter(_entered_before(day))
        _copy(FormerCommitment, rows, _COMMITMENT, day)


def remember_calendar(calendar: Calendar) -> None:
    """Keep the hours of a calendar with its exceptions and working weeks as they are stored now."""
    day = entry_day(calendar.project) if calendar.project else today()
    if day is None:
        return
    stored = Calendar.objects.get(pk=calendar.pk)
    FormerCalendar.objects.bulk_create(
        [
            FormerCalendar(
                calendar=stored,
                known_until=day - timedelta(days=1),
                name=stored.name,
                base_id=stored.base_id,
                week_pattern=stored.week_pattern,
                hours_per_day=stored.hours_per_day,
                exceptions=_dated(stored.exceptions.values_list("start", "finish", "intervals", "pk")),
                work_weeks=_dated(stored.work_weeks.values_list("start", "finish", "week_pattern", "pk")),
            )
        ],
        ignore_conflicts=True,
    )


def _dated(rows: QuerySet[Any, Any]) -> list[list[Any]]:
    """Return dated rows of a calendar as JSON, in their order."""
    ordered = rows.order_by("start", "pk")
    return [[start.isoformat(), finish.isoformat(), hours] for start, finish, hours, _pk in ordered]


def _entered_before(day: date) -> Q:
    """Return the condition "the row was there at the end of the day before"."""
    return Q(entered_on__isnull=True) | Q(entered_on__lt=day)


def _copy(
    former: type[models.Model], rows: QuerySet[Any, Any], columns: Mapping[str, Any], day: date
) -> None:
    """Insert what the database holds of the rows, unless the day has left a row already."""
    chosen, values = rows.order_by().values_list("pk").query.sql_with_params()
    model: Any = rows.model
    insert, given = _copying(former, model, tuple(columns.items()))
    until = connection.ops.adapt_datefield_value(day - timedelta(days=1))
    statement = f"{insert} IN ({chosen})) AS kept WHERE true ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        cursor.execute(statement, [until, *given, *values])


@cache
def _copying(
    former: type[models.Model], model: type[models.Model], columns: tuple[tuple[str, Any], ...]
) -> tuple[str, tuple[Any, ...]]:
    """Return the statement up to the condition which rows are copied, and the values in it after the day."""
    select, given = model._base_manager.values_list(*dict(columns).values()).query.sql_with_params()
    fields = {field.attname: field.column for field in former._meta.concrete_fields}
    names = [fields[name] for name in (*dict(columns), "known_until")]
    quoted = ", ".join(connection.ops.quote_name(str(name)) for name in names)
    key = f'"{model._meta.db_table}"."{model._meta.pk.column}"'
    start = f'INSERT INTO "{former._meta.db_table}" ({quoted})'
    return f"{start} SELECT kept.*, %s FROM ({select} WHERE {key}", given  # noqa: S608 - own names
