"""What was worked out, as plain data: counts, lists and a digest that tells one outcome from another."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from projects.choices import MissingRows
from projects.models import Calendar, Link
from projects.selectors.plan_dates import shown_constraint
from projects.services.plan_update.matching import PLACE
from projects.services.plan_update.worked_out import FieldChange, Note, PlanUpdate, RowUpdate

MOST_SHOWN = 200
KIND_OF_DATE = {
    "constraint_date": "constraint_type",
    "second_constraint_date": "second_constraint_type",
}


def report_of(update: PlanUpdate) -> dict[str, Any]:
    """
    Return the update as the preview keeps it: lists are cut to their first rows, counts and digest are not.
    """
    lists = _lists(update)
    digest = hashlib.sha256(
        json.dumps([lists, counts_of(update), _hidden(update)], sort_keys=True).encode()
    ).hexdigest()
    return {
        "digest": digest,
        "may_remove": update.may_remove,
        "has_effect": update.has_effect,
        "counts": counts_of(update),
        "fields": dict(Counter(change.name for row in update.rows for change in row.changes)),
        **{name: rows[:MOST_SHOWN] for name, rows in lists.items()},
    }


def counts_of(update: PlanUpdate) -> dict[str, int]:
    """Return how much of each kind comes, changes, stays and goes."""
    supplies = update.supplies
    old = [row for row in supplies.resources if not row.is_new]
    return {
        "added": len(update.added),
        "changed": len(update.changed),
        "unchanged": len(update.rows) - len(update.changed),
        "missing": len(update.missing),
        "removable": sum(row.is_removable for row in update.missing),
        "guessed": update.matching.ways.get(PLACE, 0),
        "progress": len(update.entries),
        "links_added": len(update.links.added),
        "links_changed": len(update.links.changed),
        "links_removed": len(update.links.removed),
        "calendars_added": sum(item.is_new for item in supplies.calendars),
        "calendars_changed": sum(item.is_changed for item in supplies.calendars),
        "resources_added": len(supplies.resources) - len(old),
        "resources_changed": sum(bool(row.values) for row in old),
        "assignments_added": len(supplies.assignments_added),
        "assignments_changed": len(supplies.assignments_changed),
        "assignments_removed": len(supplies.assignments_removed),
        "baselines": len(update.taken.baselines) if update.takes_baselines else 0,
        "money": int(update.takes_money),
    }


def counts_with(update: PlanUpdate, missing: str) -> dict[str, int]:
    """Return the counts that are not 0, with what becomes of the rows that are not in the file."""
    counts = counts_of(update)
    removable = counts.pop("removable")
    if missing == MissingRows.REMOVE:
        counts["removed"] = removable
    elif missing == MissingRows.DEACTIVATE:
        counts["deactivated"] = sum(row.is_removable and row.task.is_active for row in update.missing)
    return {name: number for name, number in counts.items() if number}


def _lists(update: PlanUpdate) -> dict[str, list[dict[str, Any]]]:
    names = {item.task.uid: item.task.name for item in update.taken.tasks}
    return {
        "header": _changes(update.header),
        "added_rows": [
            {"wbs": item.wbs, "name": item.task.name[:250], "kind": item.kind.value} for item in update.added
        ],
        "changed_rows": [
            {
                "uid": row.task.uid,
                "wbs": row.item.wbs,
                "name": row.task.name,
                "changes": _changes(_in_days(row)),
            }
            for row in update.changed
        ],
        "missing_rows": [
            {
                "uid": row.task.uid,
                "wbs": row.task.wbs,
                "name": row.task.name,
                "facts": sorted(row.facts),
                "is_removable": row.is_removable,
            }
            for row in update.missing
        ],
        "link_rows": [
            *(
                {
                    "act": "added",
                    "first": names[item.pred],
                    "second": names[item.succ],
                    "type": item.type.value,
                }
                for item in update.links.added
            ),
            *(
                {**_link(item.link), "act": "changed", "changes": _changes(item.changes)}
                for item in update.links.changed
            ),
            *({**_link(link), "act": "removed"} for link in update.links.removed),
        ],
        "notes": [_note(note) for note in update.notes],
    }


def _hidden(update: PlanUpdate) -> list[Any]:
    """Return what the lists do not show, for the digest."""
    supplies = update.supplies
    return [
        [[row.task.pk, _values(row.values)] for row in update.rows if row.values],
        [[item.calendar.name, _values(item.values), item.is_changed] for item in supplies.calendars],
        [[item.resource.name, _values(item.values)] for item in supplies.resources],
        [[item.assignment.pk, _values(item.values)] for item in supplies.assignments_changed],
        [item.pk for item in supplies.assignments_removed],
        [[entry.item.task.uid, str(entry.values["percent_complete"])] for entry in update.entries],
    ]


def _values(values: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items()}


def _link(link: Link) -> dict[str, str]:
    return {"first": link.predecessor.name, "second": link.successor.name, "type": str(link.type)}


def _changes(changes: Iterable[FieldChange]) -> list[dict[str, Any]]:
    return [{"name": change.name, "old": _plain(change.old), "new": _plain(change.new)} for change in changes]


def _in_days(row: RowUpdate) -> list[FieldChange]:
    """Return the changes of a row, dates of constraints as the days their kinds mean (SCH-4)."""
    told = []
    for change in row.changes:
        kind = KIND_OF_DATE.get(change.name)
        if kind is None:
            told.append(change)
            continue
        was = getattr(row.task, kind)
        days = (shown_constraint(was, change.old), shown_constraint(row.values.get(kind, was), change.new))
        told.append(FieldChange(change.name, *days))
    return told


def _note(note: Note) -> dict[str, Any]:
    return {"code": note.code, "severity": note.severity, "where": note.where, "values": dict(note.values)}


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Calendar):
        return {"calendar": value.name, "is_own": value.project_id is not None}
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return str(value)
