"""Summary rows: dates, percent, work and float rolled up from below (SCH-30, SCH-31, SCH-33)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pmo_portal.common.upserts import update_rows
from projects.choices import MILESTONES, TaskKind
from projects.engine.instants import NO_INSTANT
from projects.engine.summaries import FULL, UNKNOWN, OutlineRows, Summaries, done_and_left, roll_up
from projects.engine.working_time import WorkingTime
from projects.models import Project, Task
from projects.selectors.calendars import working_time
from projects.selectors.columns import (
    Coded,
    Flag,
    FlagOrNone,
    Hundredths,
    Known,
    Minute,
    Raw,
    WholeOrNone,
    read_columns,
)
from projects.selectors.plan_dates import to_moment

Numbers = NDArray[np.int64]

SUMMARY, MILESTONE, OTHER = 0, 1, 2
STARTS = ("planned_start", "early_start", "late_start")
FINISHES = ("planned_finish", "early_finish", "late_finish")
HOURS = ("work_hours", "actual_work_hours", "remaining_work_hours")
FLOATS = ("total_float", "free_float")
MOMENTS = (*STARTS, *FINISHES, "actual_start", "actual_finish")
_KINDS = {str(kind): OTHER for kind in TaskKind}
_KINDS |= {str(TaskKind.SUMMARY): SUMMARY, **{str(kind): MILESTONE for kind in MILESTONES}}
_READ: Mapping[str, str | Raw] = {
    "pk": "pk",
    "parent_id": Known("parent_id"),
    "kind": Coded("kind", codes=_KINDS),
    "is_active": Flag("is_active"),
    "duration": "duration",
    "remaining_duration": Known("remaining_duration"),
    "percent_complete": Hundredths("percent_complete"),
    "is_critical": FlagOrNone("is_critical"),
    **{name: Minute(name) for name in MOMENTS},
    **{name: Hundredths(name) for name in HOURS},
    **{name: WholeOrNone(name) for name in FLOATS},
}


def rollup_summaries(project: Project, *, hours: WorkingTime | None = None) -> int:
    """
    Write the rolled-up columns of the summaries that changed; return how many.

    One packed read of all rows, four to learn the project's calendar where ``hours`` are not given, and one
    statement for what changed.
    """
    stored = read_columns(Task.objects.filter(project=project), **_READ)
    is_summary = stored["kind"] == SUMMARY
    if not is_summary.any():
        return 0
    order = np.argsort(stored["pk"], kind="stable")
    stored = {name: column[order] for name, column in stored.items()}
    hours = hours or working_time(project.calendar)
    new = _columns_of(roll_up(_rows_of(stored, hours)), hours)
    differs = np.zeros(stored["pk"].size, dtype=np.bool_)
    for name, column in new.items():
        differs |= column != stored[name]
    places = np.flatnonzero(differs & (stored["kind"] == SUMMARY))
    update_rows(Task, [_cells(new, int(stored["pk"][place]), int(place)) for place in places])
    return int(places.size)


def _rows_of(stored: Mapping[str, Numbers], hours: WorkingTime) -> OutlineRows:
    pk, parent = stored["pk"], stored["parent_id"]
    percent = stored["percent_complete"]
    done, left = done_and_left(
        duration=stored["duration"], remaining=stored["remaining_duration"], percent=percent
    )
    ends = (stored["actual_start"], stored["actual_finish"])
    finished = np.flatnonzero((ends[0] != NO_INSTANT) & (ends[1] != NO_INSTANT) & (stored["kind"] == OTHER))
    done[finished] = hours.between_many(ends[0][finished], ends[1][finished])
    left[finished] = 0
    return OutlineRows(
        parent=np.where(np.isin(parent, pk), np.searchsorted(pk, parent), UNKNOWN),
        is_summary=stored["kind"] == SUMMARY,
        is_active=stored["is_active"] == 1,
        is_milestone=stored["kind"] == MILESTONE,
        is_reached=percent == FULL,
        starts=tuple(stored[name] for name in STARTS),
        finishes=tuple(stored[name] for name in FINISHES),
        actual_start=ends[0],
        actual_finish=ends[1],
        done=done,
        left=left,
        hours=tuple(stored[name] for name in HOURS),
        total_float=stored["total_float"],
        free_float=stored["free_float"],
        is_critical=stored["is_critical"] == 1,
    )


def _columns_of(found: Summaries, hours: WorkingTime) -> dict[str, Numbers]:
    """Return the columns of the table; the duration is the working time between start and finish."""
    start, finish = found.starts[0], found.finishes[0]
    duration = np.zeros(start.size, dtype=np.int64)
    spans = np.flatnonzero((start != NO_INSTANT) & (finish != NO_INSTANT))
    duration[spans] = np.maximum(0, hours.between_many(start[spans], finish[spans]))
    return {
        **dict(zip(STARTS, found.starts, strict=True)),
        **dict(zip(FINISHES, found.finishes, strict=True)),
        **dict(zip(HOURS, found.hours, strict=True)),
        "actual_start": found.actual_start,
        "actual_finish": found.actual_finish,
        "percent_complete": found.percent,
        "remaining_duration": found.left,
        "duration": duration,
        "total_float": found.total_float,
        "free_float": found.free_float,
        "is_critical": np.where(found.is_critical, 1, np.where(found.total_float == NO_INSTANT, UNKNOWN, 0)),
    }


def _cells(columns: Mapping[str, Numbers], pk: int, place: int) -> dict[str, Any]:
    """Return what one summary gets, by column."""
    values = {name: int(column[place]) for name, column in columns.items()}
    critical = values["is_critical"]
    cells: dict[str, Any] = {
        "pk": pk,
        **values,
        "is_critical": None if critical == UNKNOWN else bool(critical),
    }
    for name in MOMENTS:
        cells[name] = None if values[name] == NO_INSTANT else to_moment(values[name])
    for name in FLOATS:
        cells[name] = None if values[name] == NO_INSTANT else values[name]
    for name in (*HOURS, "percent_complete"):
        cells[name] = Decimal(values[name]) / 100
    return cells
