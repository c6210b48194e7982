"""Rows of a project beside those of its plan, as they are stored: what an import may change too."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from projects.models import (
    ActualCost,
    Baseline,
    BaselineTask,
    BudgetAmount,
    BudgetLine,
    Calendar,
    CalendarException,
    CalendarWorkWeek,
    Commitment,
    ForecastLine,
    Project,
    Resource,
    ResourceRate,
)
from projects.selectors.plan_snapshot import Cells, columns_of, plain_cell

Rows = Mapping[str, Mapping[int, Cells]]


@dataclass(frozen=True)
class OwnedTable:
    """A table whose rows belong to a project; ``path`` leads from a row to it."""

    model: type[models.Model]
    path: str

    @property
    def label(self) -> str:
        """Name of the table."""
        return str(self.model._meta.label_lower)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all stored columns."""
        return columns_of(self.model)


# Rows come after those they point to; they are deleted in the other direction.
OWNED = (
    OwnedTable(Project, "pk"),
    OwnedTable(Calendar, "project"),
    OwnedTable(CalendarException, "calendar__project"),
    OwnedTable(CalendarWorkWeek, "calendar__project"),
    OwnedTable(Resource, "project"),
    OwnedTable(ResourceRate, "resource__project"),
    OwnedTable(Baseline, "project"),
    OwnedTable(BaselineTask, "baseline__project"),
    OwnedTable(BudgetLine, "project"),
    OwnedTable(BudgetAmount, "line__project"),
    OwnedTable(Commitment, "project"),
    OwnedTable(ActualCost, "project"),
    OwnedTable(ForecastLine, "project"),
)
# What follows from others or only says when and how often a row was saved.
FOLLOWING = frozenset({"version", "updated_at"})


def read_owned(project: Project) -> dict[str, dict[int, Cells]]:
    """Return all rows of the tables. One query for each."""
    return {
        table.label: {
            row[0]: row
            for row in table.model._default_manager.filter(**{table.path: project.pk})
            .order_by("pk")
            .values_list(*table.columns)
        }
        for table in OWNED
    }


def differing_rows(before: Rows, after: Rows) -> dict[str, Any]:
    """Return what differs between two readings as JSON keeps it, by table and key."""
    found: dict[str, Any] = {}
    for table in OWNED:
        old_rows, new_rows = before[table.label], after[table.label]
        changed = {
            str(pk): difference
            for pk in sorted(old_rows.keys() | new_rows.keys())
            if (difference := _difference(table, old_rows.get(pk), new_rows.get(pk)))
        }
        if changed:
            found[table.label] = changed
    return found


def _difference(table: OwnedTable, old: Cells | None, new: Cells | None) -> dict[str, Any] | None:
    if old == new:
        return None
    names = {
        name
        for place, name in enumerate(table.columns)
        if old is None or new is None or (old[place] != new[place] and name not in FOLLOWING)
    }
    if not names:
        return None
    return {"before": _plain(table, old, names), "after": _plain(table, new, names)}


def _plain(table: OwnedTable, row: Cells | None, names: set[str]) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        name: plain_value(table.model, name, row[place])
        for place, name in enumerate(table.columns)
        if name in names
    }


def plain_value(model: type[models.Model], name: str, value: Any) -> Any:
    """Return a cell that was read as an object as JSON keeps it."""
    if hasattr(value, "isoformat") and hasattr(value, "hour"):
        return value.isoformat()
    return plain_cell(model, name, value)
