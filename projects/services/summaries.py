"""Summary rows: dates, percent and work rolled up from below (SCH-30, SCH-31)."""

from collections import defaultdict
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from projects.choices import MILESTONES, TaskKind
from projects.engine.working_time import WorkingTime
from projects.models import Project, Task
from projects.selectors.calendars import working_time
from projects.selectors.plan_dates import to_instant

HUNDRED = Decimal(100)
ROLLED_UP = (
    "planned_start",
    "planned_finish",
    "actual_start",
    "actual_finish",
    "percent_complete",
    "duration",
    "remaining_duration",
    "work_hours",
    "actual_work_hours",
    "remaining_work_hours",
)
READ = ("pk", "parent_id", "kind", "is_active", "sort_path", *ROLLED_UP)


def rollup_summaries(project: Project, *, hours: WorkingTime | None = None) -> int:
    """
    Write the rolled-up columns of the summaries that changed; return how many.

    One read of all rows and a write for each summary that changed. Weights of SCH-31 are whole
    durations (done and remaining); milestones weigh nothing, and where there is nothing else their
    count decides.
    """
    rows: list[dict[str, Any]] = list(Task.objects.filter(project=project).values(*READ))
    if not any(row["kind"] == TaskKind.SUMMARY for row in rows):
        return 0
    hours = hours or working_time(project.calendar)
    _weigh_leaves(rows, hours)
    children: dict[int, list[dict[str, Any]]] = defaultdict(list)
    changed: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda each: each["sort_path"], reverse=True):
        if row["kind"] == TaskKind.SUMMARY:
            new = _rolled_up(children[row["pk"]], hours)
            if any(row[name] != new[name] for name in ROLLED_UP):
                changed.append({"pk": row["pk"], **{name: new[name] for name in ROLLED_UP}})
            row.update(new)
        if row["parent_id"] and row["is_active"]:
            children[row["parent_id"]].append(row)
    # One statement for all would be a CASE over every row and column: slower from the first row on.
    for row in changed:
        Task(**row).save(update_fields=ROLLED_UP)
    return len(changed)


def _weigh_leaves(rows: list[dict[str, Any]], hours: WorkingTime) -> None:
    """Give each leaf its total and done minutes, and milestones their count."""
    finished = []
    for row in rows:
        is_milestone = row["kind"] in MILESTONES
        share = row["percent_complete"]
        left = row["remaining_duration"]
        total = Decimal(row["duration"])
        if left is not None and share < HUNDRED:
            total = Decimal(left) * HUNDRED / (HUNDRED - share) if left else total
        row["total"] = Decimal(0) if is_milestone else total
        row["done"] = row["total"] * share / HUNDRED
        row["milestones"] = int(is_milestone)
        row["reached"] = int(is_milestone and share == HUNDRED)
        row["open"] = int(row["actual_finish"] is None)
        if not is_milestone and row["actual_start"] and row["actual_finish"]:
            finished.append(row)
    worked = _between(finished, "actual_start", "actual_finish", hours)
    for row, minutes in zip(finished, worked, strict=True):
        row["total"] = row["done"] = Decimal(minutes)


def _between(rows: list[dict[str, Any]], first: str, second: str, hours: WorkingTime) -> list[int]:
    starts = np.array([to_instant(row[first]) for row in rows], np.int64)
    finishes = np.array([to_instant(row[second]) for row in rows], np.int64)
    return [int(minutes) for minutes in hours.between_many(starts, finishes)] if rows else []


def _rolled_up(below: list[dict[str, Any]], hours: WorkingTime) -> dict[str, Any]:
    """Return the columns of a summary from its active children."""
    start = _edge(below, "planned_start", first=True)
    finish = _edge(below, "planned_finish", first=False)
    is_open = not below or any(row["open"] for row in below)
    total = sum((row["total"] for row in below), Decimal(0))
    done = sum((row["done"] for row in below), Decimal(0))
    milestones, reached = (sum(row[name] for row in below) for name in ("milestones", "reached"))
    share = done / total if total else (Decimal(reached) / milestones if milestones else Decimal(0))
    spans = bool(start and finish)
    whole = max(0, hours.between(to_instant(start), to_instant(finish))) if start and finish else 0
    return {
        "planned_start": start,
        "planned_finish": finish,
        "actual_start": _edge(below, "actual_start", first=True),
        "actual_finish": None if is_open else _edge(below, "actual_finish", first=False),
        "percent_complete": (share * HUNDRED).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP),
        "duration": whole if spans else 0,
        "remaining_duration": int(total - done),
        **{
            name: sum((row[name] for row in below), Decimal(0))
            for name in ("work_hours", "actual_work_hours", "remaining_work_hours")
        },
        "total": total,
        "done": done,
        "milestones": milestones,
        "reached": reached,
        "open": int(is_open),
    }


def _edge(rows: list[dict[str, Any]], name: str, *, first: bool) -> datetime | None:
    moments = [row[name] for row in rows if row[name]]
    return (min if first else max)(moments, default=None)
