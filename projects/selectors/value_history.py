"""What the planned and the earned value of one project were day by day, from its dated facts (CST-12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from projects.choices import TaskKind as Kind
from projects.engine.instants import (
    MINUTES_PER_DAY,
    NO_INSTANT,
    finish_day,
    start_day,
)
from projects.engine.project_arrays import UNKNOWN, BaselineColumns, Numbers, ProjectArrays
from projects.engine.value_series import BaselineFrame, DatedProgress, ValuePoint, value_series
from projects.models import Baseline, BaselineTask, Project, TaskProgress
from projects.selectors.columns import Day, Hundredths, Known, Minute
from projects.selectors.packed_columns import read_columns
from projects.selectors.periods import Span, spans_between
from projects.selectors.value_profiles import FormerDetails, load_profiles, profiled_rows

MOST_PERIODS = 240
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class NamedPoint:
    """Amounts at the end of a day: of a period, or the data date inside one."""

    label: str
    is_data_date: bool
    point: ValuePoint


def value_points(
    project: Project,
    chunk: ProjectArrays,
    *,
    as_of: date,
    costs: Sequence[tuple[date, int]],
    former: FormerDetails,
) -> list[NamedPoint]:
    """
    Return the cumulative amounts at the end of each period and at the data date. Five queries.

    The periods run from the first baseline's start to the last planned finish or the data date, at most
    twenty years of months. ``former`` is what tasks that changed since said at the end of the day.
    """
    frames = _frames(project, chunk, as_of, former)
    bounds = _bounds(chunk, frames)
    if bounds is None:
        return []
    data_date = chunk.projects.data_date[0]
    spans = spans_between(*bounds)[:MOST_PERIODS]
    days = {span.end for span in spans}
    if data_date is not None and data_date >= bounds[0]:
        days.add(data_date)
    points = value_series(
        chunk,
        frames=frames,
        progress=_entries(project, chunk, data_date or as_of),
        costs=costs,
        days=sorted(days),
    )
    return _named(points, spans, data_date)


def _named(points: Sequence[ValuePoint], spans: Sequence[Span], data_date: date | None) -> list[NamedPoint]:
    codes = {span.end: span.code for span in spans}
    return [
        NamedPoint(codes.get(point.day, point.day.isoformat()), point.day == data_date, point)
        for point in points
    ]


def _bounds(chunk: ProjectArrays, frames: Sequence[BaselineFrame]) -> tuple[date, date] | None:
    """Return the first and the last day of the curve; None without a dated baseline row."""
    starts = [int(start) for frame in frames for start in frame.rows.start if start != NO_INSTANT]
    ends = [int(finish) for frame in frames for finish in frame.rows.finish if finish != NO_INSTANT]
    if not starts or not ends:
        return None
    first, last = start_day(min(starts)), finish_day(max(ends))
    data_date = chunk.projects.data_date[0]
    return first, max(last, data_date or last)


def _frames(
    project: Project, chunk: ProjectArrays, as_of: date, former_said: FormerDetails
) -> list[BaselineFrame]:
    """Return the baselines in force up to the day, in order; the newest is the one of the chunk."""
    known = list(
        Baseline.objects.filter(project=project, effective_from__lte=as_of)
        .order_by("effective_from", "number")
        .values_list("pk", "effective_from")
    )
    if not known:
        return []
    former = {pk: project.pk for pk, _ in known[:-1]}
    rows = read_columns(
        BaselineTask.objects.filter(baseline_id__in=list(former)).exclude(kind=Kind.SUMMARY),
        row_id="pk",
        baseline_id="baseline_id",
        task_id=Known("task_id"),
        start=Minute("start"),
        finish=Minute("finish"),
        duration="duration",
        budget=Hundredths("budget"),
    )
    profiles = load_profiles(
        profiled_rows(former, former_said), former, chunk.tasks.task_id, as_of=as_of, former=former_said
    )
    place = _places(chunk)
    frames = []
    for pk, effective_from in known[:-1]:
        at = np.flatnonzero(rows["baseline_id"] == pk)
        columns = BaselineColumns(
            project=np.zeros(at.size, dtype=np.int64),
            task=np.array([place.get(key, UNKNOWN) for key in rows["task_id"][at].tolist()], dtype=np.int64),
            start=rows["start"][at],
            finish=rows["finish"][at],
            duration=rows["duration"][at],
            budget=rows["budget"][at],
        )
        own = {row: profiles[key] for row, key in enumerate(rows["row_id"][at].tolist()) if key in profiles}
        frames.append(BaselineFrame(effective_from, columns, own))
    return [*frames, BaselineFrame(known[-1][1], chunk.baseline, chunk.profiles)]


def _places(chunk: ProjectArrays) -> dict[int, int]:
    return {task_id: position for position, task_id in enumerate(chunk.tasks.task_id.tolist())}


def _entries(project: Project, chunk: ProjectArrays, until: date) -> DatedProgress:
    """Return all entries of progress up to a day, by day and task. Two queries."""
    said = TaskProgress.objects.filter(task__project=project, data_date__lte=until)
    rows = read_columns(
        said,
        entry_id="pk",
        task_id="task_id",
        day=Day("data_date"),
        actual_start=Minute("actual_start"),
        actual_finish=Minute("actual_finish"),
        percent=Hundredths("percent_complete"),
        physical=Hundredths("percent_physical"),
    )
    place = _places(chunk)
    task: Numbers = np.array([place.get(key, UNKNOWN) for key in rows["task_id"].tolist()], dtype=np.int64)
    order = np.lexsort((rows["task_id"], rows["day"]))
    order = order[task[order] != UNKNOWN]
    counted: Mapping[int, Decimal] = {
        pk: Decimal(progress["done"])
        for pk, progress in said.filter(ev_progress__isnull=False)
        .order_by("pk")
        .values_list("pk", "ev_progress")
        if progress and "done" in progress
    }
    keys = rows["entry_id"][order].tolist()
    return DatedProgress(
        task=task[order],
        day_end=(rows["day"][order] + 1) * MINUTES_PER_DAY,
        actual_start=rows["actual_start"][order],
        actual_finish=rows["actual_finish"][order],
        percent_complete=rows["percent"][order],
        percent_physical=rows["physical"][order],
        quantities={number: counted[key] for number, key in enumerate(keys) if key in counted},
    )
