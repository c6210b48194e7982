"""
What a person needs to take a step back: the rights that writing the former facts asks for, row by row.

Rights may have been taken away since the step. A row or link that goes away because the step made it only
asks for the right to edit; where the way back does a deletion again, it asks for the right to delete.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import NotAllowed
from projects.access import PlanRights
from projects.models import PlanChange, TaskProgress
from projects.selectors.plan_snapshot import Hanging, PlanSnapshot, cell, hanging_tables
from projects.services.progress import WRITTEN

PRICES = frozenset({"fixed_cost"})
FOLLOWING = frozenset({"updated_at", "version"})


def require_way_back(change: PlanChange, rights: PlanRights, before: PlanSnapshot) -> None:
    """
    Refuse to take a step back where the person may not write what it changed.

    Parameters
    ----------
    before : PlanSnapshot
        The plan as it stands, with what hangs on the rows of the step.

    Raises
    ------
    NotAllowed
    """
    found = change.touched
    reported = _reported(found, before)
    for pk in reported:
        _require(rights.records or (rights.records_own and _is_own(str(pk), rights, before)))
    for key, row in found["tasks"].items():
        if row["before"] is None or row["after"] is None:
            _require(rights.edits and (row["before"] is not None or not _deletes(change) or rights.deletes))
        else:
            _require_columns(row["before"].keys(), int(key) in reported, _is_own(key, rights, before), rights)
    for row in found["links"].values():
        is_leaving = row["before"] is None
        _require(rights.edits and (not is_leaving or not _deletes(change) or rights.deletes))
    if (found["orders"] or found["moved"]) and not rights.edits:
        _require(False)


def _require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed(_("You may see this plan, but not take back what this step changed."))


def _require_columns(columns: Any, is_reported: bool, is_own: bool, rights: PlanRights) -> None:
    for column in columns - FOLLOWING:
        if is_reported and column in WRITTEN:
            _require(rights.records or (rights.records_own and is_own))
        else:
            _require(rights.edits and (column not in PRICES or rights.prices))


def _deletes(change: PlanChange) -> bool:
    """Whether the way back does again what the first step of the chain did, deletions among it."""
    return bool(change.effect.get("depth", 0) % 2)


def _is_own(key: str, rights: PlanRights, before: PlanSnapshot) -> bool:
    """Whether the person owns the row as it stands; what is gone is told by the comparison."""
    row = before.tasks.get(int(key))
    return row is not None and rights.person_id is not None and cell(row, "owner_id") == rights.person_id


def _reported(found: Mapping[str, Any], before: PlanSnapshot) -> set[int]:
    """Return the keys of the rows whose progress the step said."""
    table = next(each for each in hanging_tables() if each.model is TaskProgress)
    entries = found["hanging"].get(table.label, {})
    return {task for key, row in entries.items() if (task := _task_of(table, key, row, before)) is not None}


def _task_of(table: Hanging, key: str, row: Mapping[str, Any], before: PlanSnapshot) -> int | None:
    for said in (row["after"], row["before"]):
        if said and table.key in said:
            return int(said[table.key])
    cells = before.hanging.get(table.label, {}).get(int(key))
    return None if cells is None else int(cells[table.columns.index(table.key)])
