"""All stored columns of a plan at one moment, as the driver gives them: to compare, not to calculate with."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Q

from projects.models import BaselineTask, Link, Project, Task
from projects.selectors.columns import Bare, LocalMoment

Cells = tuple[Any, ...]


@dataclass(frozen=True)
class PlanSnapshot:
    """
    Rows in the order of the outline and links, by key; cells in the order of `columns_of`.

    ``hanging`` are rows of other tables that point to some of the tasks, by table and key.
    """

    tasks: Mapping[int, Cells]
    links: Mapping[int, Cells]
    hanging: Mapping[str, Mapping[int, Cells]]


@dataclass(frozen=True)
class Hanging:
    """A table that points to tasks; ``columns`` are those a step of the plan may change."""

    model: type[models.Model]
    key: str
    columns: tuple[str, ...]
    goes_along: bool

    @property
    def label(self) -> str:
        """Name of the table."""
        return str(self.model._meta.label_lower)


@cache
def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """Return the names of all stored columns."""
    return tuple(field.attname for field in model._meta.concrete_fields)


@cache
def place_of(model: type[models.Model], column: str) -> int:
    """Return the place of a column in the cells."""
    return columns_of(model).index(column)


def cell(row: Cells, column: str) -> Any:
    """Return one cell of a task."""
    return row[place_of(Task, column)]


@cache
def hanging_tables() -> tuple[Hanging, ...]:
    """
    Return the tables that point to tasks, links aside.

    Rows of those that ``goes_along`` are deleted with their task; the others lose it.
    """
    found = []
    for relation in Task._meta.related_objects:
        model: Any = relation.related_model
        if model in (Task, Link):
            continue
        key = relation.field.attname
        goes_along = relation.on_delete is models.CASCADE
        extra = ("pv_profile", "frozen_on") if model is BaselineTask else ()
        columns = columns_of(model) if goes_along else (model._meta.pk.attname, key, *extra)
        found.append(Hanging(model, key, columns, goes_along))
    return tuple(sorted(found, key=lambda table: table.label))


def read_snapshot(project: Project) -> PlanSnapshot:
    """Return the plan as it is stored. Two queries."""
    tasks = Task.objects.filter(project=project).order_by("sort_path", "pk")
    links = Link.objects.filter(project=project).order_by("pk")
    return PlanSnapshot(tasks=_cells(Task, tasks), links=_cells(Link, links), hanging={})


def read_hanging(
    task_ids: Collection[int], *, known: Mapping[str, Mapping[int, Cells]] | None = None
) -> dict[str, dict[int, Cells]]:
    """
    Return the rows of other tables that point to some tasks, and those of ``known`` again.

    One query for each table, none without tasks.
    """
    found: dict[str, dict[int, Cells]] = {}
    for table in hanging_tables():
        before = (known or {}).get(table.label, {})
        if not task_ids and not before:
            found[table.label] = {}
            continue
        rows = table.model._default_manager.filter(
            Q(**{f"{table.key}__in": list(task_ids)}) | Q(pk__in=list(before))
        ).order_by("pk")
        found[table.label] = _cells(table.model, rows, table.columns)
    return found


def _cells(
    model: type[models.Model], rows: models.QuerySet[Any], columns: Sequence[str] = ()
) -> dict[int, Cells]:
    names = columns or columns_of(model)
    read = [_expression(model, name) for name in names]
    return {row[0]: row for row in rows.values_list(*read)}


def _expression(model: type[models.Model], column: str) -> Any:
    """Return how a column is read without an object for each cell, where there is a way."""
    field = _field(model, column)
    if isinstance(field, models.DateTimeField):
        return LocalMoment(column)
    if isinstance(field, (models.JSONField, models.BooleanField, models.DecimalField)):
        return Bare(column)
    return column


@cache
def _field(model: type[models.Model], column: str) -> Any:
    return next(field for field in model._meta.concrete_fields if field.attname == column)


def plain_cell(model: type[models.Model], column: str, raw: Any) -> Any:
    """Return a cell as JSON keeps it, the same on both databases and exact."""
    if raw is None:
        return None
    field = _field(model, column)
    if isinstance(field, models.DateTimeField):
        return f"{datetime.fromisoformat(raw).replace(tzinfo=None).isoformat()}+00:00"
    if isinstance(field, models.DecimalField):
        return f"{Decimal(str(raw)):.{field.decimal_places}f}"
    if isinstance(field, models.BooleanField):
        return bool(raw)
    if isinstance(field, models.JSONField):
        return json.loads(raw) if isinstance(raw, str) else raw
    return raw.isoformat() if isinstance(raw, date) else raw


def stored_value(model: type[models.Model], column: str, plain: Any) -> Any:
    """Return what a cell of `plain_cell` is in Python, ready to be stored."""
    field = _field(model, column)
    if plain is None or field.is_relation or isinstance(field, models.JSONField):
        return plain
    return field.to_python(plain)
