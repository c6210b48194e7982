"""
What a step changed: the facts before and after, found by comparing the plan with itself.

Whatever services did, the difference of two snapshots is exact. What follows from facts (computed dates,
float, numbers of the outline, sums of summaries) is left out: it is computed again when a step is undone.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.db import models

from projects.choices import TaskKind
from projects.models import Link, Project, Task
from projects.selectors.plan_snapshot import (
    Cells,
    PlanSnapshot,
    cell,
    columns_of,
    hanging_tables,
    place_of,
    plain_cell,
)

COMPUTED: Final = frozenset(
    {
        *("wbs", "sort_path", "outline_level", "position", "version", "created_at", "updated_at"),
        *("early_start", "early_finish", "late_start", "late_finish", "total_float", "free_float"),
        *("is_critical", "is_near_critical", "is_on_longest_path", "is_deadline_missed"),
        *("start_driver", "start_link_id", "external_start"),
    }
)
PLANNED: Final = frozenset({"planned_start", "planned_finish"})
ROLLED_UP: Final = PLANNED | {
    *("actual_start", "actual_finish", "percent_complete", "remaining_duration", "duration"),
    *("work_hours", "actual_work_hours", "remaining_work_hours"),
}
OF_LINKS: Final = frozenset({"version", "is_driving", "is_out_of_sequence"})
FORECAST: Final = frozenset({"forecast_start", "forecast_finish"})
Plain = dict[str, Any]


def touched(
    project: Project, before: PlanSnapshot, after: PlanSnapshot, *, moved: Collection[int]
) -> dict[str, Any]:
    """
    Return what differs between two snapshots as JSON keeps it.

    ``tasks``, ``links`` and the tables of ``hanging`` hold for each key what was ``before`` and is ``after``:
    all columns of a row that came or went, the differing facts of others. ``orders`` are the rows below each
    row whose order is another one, ``moved`` those that were placed.
    """
    return {
        "tasks": _tasks(project, before.tasks, after.tasks),
        "links": _rows(Link, before.links, after.links, OF_LINKS, columns_of(Link)),
        "hanging": {
            table.label: found
            for table in hanging_tables()
            if (
                found := _rows(
                    table.model,
                    before.hanging.get(table.label, {}),
                    after.hanging.get(table.label, {}),
                    frozenset(),
                    table.columns,
                )
            )
        },
        "orders": _orders(before.tasks, after.tasks),
        "moved": sorted(moved),
    }


def is_nothing(found: Mapping[str, Any]) -> bool:
    """Whether a step changed nothing."""
    return not any(found[name] for name in ("tasks", "links", "hanging", "orders"))


def _tasks(project: Project, before: Mapping[int, Cells], after: Mapping[int, Cells]) -> dict[str, Any]:
    names = columns_of(Task)
    found: dict[str, Any] = {}
    for pk in before.keys() | after.keys():
        old, new = before.get(pk), after.get(pk)
        if old == new:
            continue
        if old is None or new is None:
            found[str(pk)] = _came_or_went(Task, old, new, names)
            continue
        differing = _differing(Task, old, new, derived_columns(project, old, new), names)
        if differing:
            found[str(pk)] = {"uid": cell(new, "uid"), **differing}
    return found


def derived_columns(project: Project, old: Cells, new: Cells) -> frozenset[str]:
    """Return the columns of a row that follow from others, so that nobody's step changed them."""
    is_summary = cell(old, "kind") == cell(new, "kind") == TaskKind.SUMMARY
    if is_summary:
        return COMPUTED | ROLLED_UP
    is_manual = cell(old, "is_manual") or cell(new, "is_manual")
    if (
        project.is_auto_scheduled
        and not is_manual
        and TaskKind.SUMMARY
        not in {
            cell(old, "kind"),
            cell(new, "kind"),
        }
    ):
        return COMPUTED | PLANNED
    return COMPUTED


def _rows(
    model: type[models.Model],
    before: Mapping[int, Cells],
    after: Mapping[int, Cells],
    skipped: frozenset[str],
    names: tuple[str, ...],
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pk in before.keys() | after.keys():
        old, new = before.get(pk), after.get(pk)
        if old == new:
            continue
        if old is None or new is None:
            found[str(pk)] = _came_or_went(model, old, new, names)
            continue
        differing = _differing(model, old, new, skipped, names)
        if differing:
            found[str(pk)] = differing
    return found


def _differing(
    model: type[models.Model], old: Cells, new: Cells, skipped: frozenset[str], names: tuple[str, ...]
) -> Plain:
    """Return the facts of a row that differ, before and after; nothing where none does."""
    facts = {
        name
        for name, first, second in zip(names, old, new, strict=True)
        if first != second and name not in skipped
    }
    if not facts:
        return {}
    return {"before": _plain(model, old, facts, names), "after": _plain(model, new, facts, names)}


def _came_or_went(
    model: type[models.Model], old: Cells | None, new: Cells | None, names: tuple[str, ...]
) -> Plain:
    found: Plain = {
        "before": None if old is None else _plain(model, old, names, names),
        "after": None if new is None else _plain(model, new, names, names),
    }
    if model is Task:
        found["uid"] = cell(old or new or (), "uid")
    return found


def _plain(model: type[models.Model], row: Cells, wanted: Collection[str], names: tuple[str, ...]) -> Plain:
    return {name: plain_cell(model, name, row[place]) for place, name in enumerate(names) if name in wanted}


def _orders(before: Mapping[int, Cells], after: Mapping[int, Cells]) -> dict[str, Any]:
    """Return the numbers of the rows below each row, before and after, where they differ ("": the top)."""
    first, second = rows_below(before), rows_below(after)
    return {
        "" if parent is None else str(parent): [first.get(parent, []), second.get(parent, [])]
        for parent in first.keys() | second.keys()
        if first.get(parent, []) != second.get(parent, [])
    }


def rows_below(rows: Mapping[int, Cells]) -> dict[int | None, list[int]]:
    """Return the numbers of the rows below each row; rows come in the order of the outline."""
    at_uid, at_parent = place_of(Task, "uid"), place_of(Task, "parent_id")
    uids = {pk: row[at_uid] for pk, row in rows.items()}
    found: dict[int | None, list[int]] = defaultdict(list)
    for row in rows.values():
        found[uids.get(row[at_parent])].append(row[at_uid])
    return found
