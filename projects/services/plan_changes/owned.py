"""
Rows beside the plan on their way back: calendars, resources, baselines, money, the project itself.

They come back on the day of the import only, which kept what they were the day before.
"""

from collections.abc import Mapping
from typing import Any

from django.db import models

from pmo_portal.common.upserts import update_rows
from projects.models import Project
from projects.selectors.owned_rows import FOLLOWING, OWNED, OwnedTable, plain_value, read_owned
from projects.selectors.plan_snapshot import stored_value

Found = Mapping[str, Mapping[str, Any]]


def changed_since(project: Project, found: Found) -> bool:
    """Whether one of the rows is not as the step left it. One query for each table."""
    now = read_owned(project)
    for table in OWNED:
        for key, row in found.get(table.label, {}).items():
            cells = now[table.label].get(int(key))
            if (cells is None) != (row["after"] is None):
                return True
            for name, after in (row["after"] or {}).items():
                if cells is None or name in FOLLOWING:
                    continue
                if plain_value(table.model, name, cells[table.columns.index(name)]) != after:
                    return True
    return False


def restore(project: Project, found: Found) -> None:
    """Store again what went and write back what was another; what came stays until `remove`."""
    for table in OWNED:
        rows = found.get(table.label, {})
        gone = [_object(table, row["before"]) for row in rows.values() if row["after"] is None]
        table.model._default_manager.bulk_create(gone, batch_size=500)
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for key, row in rows.items():
            if row["before"] and row["after"]:
                values = _stored(table.model, row["before"])
                groups.setdefault(tuple(sorted(values)), []).append({"pk": int(key), **values})
        for group in groups.values():
            update_rows(table.model, group)


def remove(found: Found) -> None:
    """Delete the rows that came, those that point to others first."""
    for table in reversed(OWNED):
        came = [int(key) for key, row in found.get(table.label, {}).items() if row["before"] is None]
        if came:
            rows = table.model._default_manager.filter(pk__in=came)
            rows._raw_delete(rows.db)


def _object(table: OwnedTable, values: Mapping[str, Any]) -> Any:
    return table.model(**_stored(table.model, values))


def _stored(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: stored_value(model, name, value) for name, value in values.items()}
