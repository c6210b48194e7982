"""Summary rows: dates, percent, work and float rolled up from below (SCH-30, SCH-31, SCH-33)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pmo_portal.common.upserts import update_rows
from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.network import ActivityKind
from projects.engine.summaries import FULL, UNKNOWN, OutlineRows, Summaries, done_and_left, roll_up
from projects.engine.working_time import WorkingTime
from projects.models import Project, Task
from projects.selectors.calendars import working_time
from projects.selectors.key_places import places_of
from projects.selectors.networks import read_rows
from projects.selectors.plan_dates import to_moment
from projects.selectors.schedules import FLOATS, HOURS, SUMMARY_COLUMNS

Numbers = NDArray[np.int64]

STARTS = ("planned_start", "early_start", "late_start")
FINISHES = ("planned_finish", "early_finish", "late_finish")
ACTUALS = ("actual_start", "actual_finish")
_MILESTONES = (ActivityKind.START_MILESTONE, ActivityKind.FINISH_MILESTONE)


def rollup_summaries(
    project: Project, *, hours: WorkingTime | None = None, rows: Mapping[str, Numbers] | None = None
) -> int:
    """
    Write the rolled-up columns of the summaries that changed; return how many.

    One packed read of all rows where ``rows`` are not given, four to learn the project's calendar where
    ``hours`` are not, and one statement for what changed.
    """
    stored = read_rows(project, SUMMARY_COLUMNS) if rows is None else rows
    is_summary = stored["kind"] == UNKNOWN
    if not is_summary.any():
        return 0
    hours = hours or working_time(project.calendar)
    new = _columns_of(roll_up(_outline(stored, hours)), hours, is_summary)
    differs = np.zeros(is_summary.size, dtype=np.bool_)
    for name, column in new.items():
        differs |= column != stored[name]
    places = np.flatnonzero(differs & is_summary)
    update_rows(Task, [_cells(new, int(stored["task_id"][place]), int(place)) for place in places])
    return int(places.size)


def _outline(stored: Mapping[str, Numbers], hours: WorkingTime) -> OutlineRows:
    keys, parent = stored["task_id"], stored["parent_id"]
    kind, percent = stored["kind"], stored["percent_complete"]
    is_milestone = np.isin(kind, _MILESTONES)
    done, left = done_and_left(duration=stored["duration"], remaining=stored["remaining"], percent=percent)
    start, finish = (stored[name] for name in ACTUALS)
    is_over = (start != NO_INSTANT) & (finish != NO_INSTANT) & (kind != UNKNOWN) & ~is_milestone
    over = np.flatnonzero(is_over)
    done[over], left[over] = hours.between_many(start[over], finish[over]), 0
    return OutlineRows(
        parent=places_of(parent, keys),
        is_summary=kind == UNKNOWN,
        is_active=stored["is_active"] == 1,
        is_milestone=is_milestone,
        is_reached=percent == FULL,
        starts=tuple(stored[name] for name in STARTS),
        finishes=tuple(stored[name] for name in FINISHES),
        actual_start=start,
        actual_finish=finish,
        done=done,
        left=left,
        hours=tuple(stored[name] for name in HOURS),
        total_float=stored["total_float"],
        free_float=stored["free_float"],
        is_critical=stored["is_critical"] == 1,
    )


def _columns_of(found: Summaries, hours: WorkingTime, is_summary: NDArray[np.bool_]) -> dict[str, Numbers]:
    """Return the columns of the table; the duration is the working time between start and finish."""
    start, finish = found.starts[0], found.finishes[0]
    duration = np.zeros(start.size, dtype=np.int64)
    spans = np.flatnonzero(is_summary & (start != NO_INSTANT) & (finish != NO_INSTANT))
    duration[spans] = np.maximum(0, hours.between_many(start[spans], finish[spans]))
    return {
        **dict(zip(STARTS, found.starts, strict=True)),
        **dict(zip(FINISHES, found.finishes, strict=True)),
        **dict(zip(HOURS, found.hours, strict=True)),
        "actual_start": found.actual_start,
        "actual_finish": found.actual_finish,
        "percent_complete": found.percent,
        "remaining": found.left,
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
    cells["remaining_duration"] = cells.pop("remaining")
    for name in (*STARTS, *FINISHES, *ACTUALS):
        cells[name] = None if values[name] == NO_INSTANT else to_moment(values[name])
    for name in FLOATS:
        cells[name] = None if values[name] == NO_INSTANT else values[name]
    for name in (*HOURS, "percent_complete"):
        cells[name] = Decimal(values[name]) / 100
    return cells
