"""Everything about a chunk that is a sum, an extreme or a list over its tasks: arrays per project."""

from dataclasses import dataclass

import numpy as np

from projects.engine.chunk_calendars import ChunkCalendars
from projects.engine.earned_periods import EarnedPeriods, earned_periods
from projects.engine.instants import NO_INSTANT, Instants, end_of_day
from projects.engine.phased_rows import PhasedRows
from projects.engine.project_arrays import UNKNOWN, Bools, Numbers, ProjectArrays, TaskKind, Technique
from projects.engine.task_progress import DurationDone, duration_done, earned_cents, forecast_finish
from projects.engine.time_phasing import sum_by

LISTED_TASKS = 10
_LATEST = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, slots=True, eq=False)
class TaskCounts:
    """Active leaf tasks per project; ``unfinished`` leaves level of effort out."""

    total: Numbers
    complete: Numbers
    started: Numbers
    unfinished: Numbers
    last_actual_finish: Instants


@dataclass(frozen=True, slots=True, eq=False)
class TaskLists:
    """Ids of tasks behind a number, per project."""

    overdue: list[list[int]]
    finishing: list[list[int]]
    late: list[list[int]]


@dataclass(frozen=True, slots=True, eq=False)
class ChunkTotals:
    """
    Totals per project.

    Attributes
    ----------
    bac, pv, ev, loe_budget : ndarray of int64
        Cents.
    baseline_start, baseline_finish, forecast_finish : ndarray of int64
        Instants or `NO_INSTANT`.
    funded_finish : ndarray of int64
        Baseline finish of the last row with budget: where PV reaches BAC.
    removed_rows : ndarray of int64
        Baseline rows without task.
    """

    bac: Numbers
    pv: Numbers
    ev: Numbers
    loe_budget: Numbers
    baseline_start: Instants
    baseline_finish: Instants
    funded_finish: Instants
    forecast_finish: Instants
    removed_rows: Numbers
    counts: TaskCounts
    duration: DurationDone
    periods: EarnedPeriods
    lists: TaskLists


def chunk_totals(chunk: ProjectArrays, calendars: ChunkCalendars) -> ChunkTotals:
    """Return the totals of all projects of a chunk; the work is done on whole arrays."""
    size = len(chunk.projects.project_id)
    data_end = np.array(
        [NO_INSTANT if day is None else end_of_day(day) for day in chunk.projects.data_date], dtype=np.int64
    )
    rows = PhasedRows(chunk, calendars)
    planned = rows.cents_at(data_end)
    earned = sum_by(rows.project, earned_cents(rows, chunk.tasks, planned), size)
    start = _earliest(rows.project, rows.start, size)
    funded = rows.budget > 0
    funded_finish = _latest(rows.project[funded], rows.finish[funded], size)
    effort = rows.technique == Technique.LEVEL_OF_EFFORT
    forecast = forecast_finish(chunk.tasks)
    baseline_finish = _baseline_finish(chunk, rows, size)
    project_forecast = _project_forecast(chunk, forecast, size)
    return ChunkTotals(
        bac=sum_by(rows.project, rows.budget, size),
        pv=sum_by(rows.project, planned, size),
        ev=earned,
        loe_budget=sum_by(rows.project[effort], rows.budget[effort], size),
        baseline_start=start,
        baseline_finish=baseline_finish,
        funded_finish=funded_finish,
        forecast_finish=project_forecast,
        removed_rows=np.bincount(rows.project[~rows.is_present], minlength=size),
        counts=_task_counts(chunk, size),
        duration=duration_done(chunk, calendars, data_end),
        periods=earned_periods(rows, start=start, finish=funded_finish, earned=earned),
        lists=TaskLists(
            overdue=_overdue_milestones(chunk, rows, data_end),
            finishing=_finishing_tasks(chunk, forecast, project_forecast),
            late=_late_tasks(chunk, rows, forecast),
        ),
    )


def _earliest(groups: Numbers, instants: Instants, size: int) -> Instants:
    known = instants != NO_INSTANT
    result = np.full(size, _LATEST, dtype=np.int64)
    np.minimum.at(result, groups[known], instants[known])
    return np.where(result == _LATEST, NO_INSTANT, result)


def _latest(groups: Numbers, instants: Instants, size: int) -> Instants:
    result = np.full(size, NO_INSTANT, dtype=np.int64)
    np.maximum.at(result, groups, instants)
    return result


def _completion(chunk: ProjectArrays) -> tuple[Numbers, Numbers]:
    """Return the projects with an active completion milestone, and its task."""
    completion = chunk.projects.completion_task
    named = np.flatnonzero(completion != UNKNOWN)
    named = named[chunk.tasks.is_active[completion[named]]] if named.size else named
    return named, completion[named]


def _baseline_finish(chunk: ProjectArrays, rows: PhasedRows, size: int) -> Instants:
    """Return the baseline finish: of the completion milestone, else the latest of all rows."""
    finish = _latest(rows.project, rows.finish, size)
    named, task = _completion(chunk)
    by_task = np.full(len(chunk.tasks.task_id), NO_INSTANT, dtype=np.int64)
    present = rows.is_present
    by_task[rows.task[present]] = rows.finish[present]
    known = by_task[task] != NO_INSTANT
    finish[named[known]] = by_task[task[known]]
    return finish


def _project_forecast(chunk: ProjectArrays, forecast: Instants, size: int) -> Instants:
    """Return the forecast project finish: of the completion milestone, else the latest (SCH-38)."""
    active = chunk.tasks.is_active
    finish = _latest(chunk.tasks.project[active], forecast[active], size)
    named, task = _completion(chunk)
    known = forecast[task] != NO_INSTANT
    finish[named[known]] = forecast[task[known]]
    return finish


def _task_counts(chunk: ProjectArrays, size: int) -> TaskCounts:
    tasks = chunk.tasks
    complete = tasks.actual_finish != NO_INSTANT
    effort = tasks.kind == TaskKind.LEVEL_OF_EFFORT

    def count(selected: Bools) -> Numbers:
        return np.bincount(tasks.project[tasks.is_active & selected], minlength=size)

    active = tasks.is_active
    return TaskCounts(
        total=count(active),
        complete=count(complete),
        started=count(complete | (tasks.actual_start != NO_INSTANT)),
        unfinished=count(~complete & ~effort),
        last_actual_finish=_latest(tasks.project[active], tasks.actual_finish[active], size),
    )


def _ids_by_project(chunk: ProjectArrays, tasks: Numbers) -> list[list[int]]:
    """Return task ids per project, in the order given."""
    lists: list[list[int]] = [[] for _ in range(len(chunk.projects.project_id))]
    owners = chunk.tasks.project[tasks].tolist()
    for project, task_id in zip(owners, chunk.tasks.task_id[tasks].tolist(), strict=True):
        lists[project].append(task_id)
    return lists


def _overdue_milestones(chunk: ProjectArrays, rows: PhasedRows, data_end: Instants) -> list[list[int]]:
    """Return key milestones with baseline finish up to the data date that are not reached (HS3)."""
    present = np.flatnonzero(rows.is_present & rows.is_dated)
    task, finish, until = rows.task[present], rows.finish[present], data_end[rows.project[present]]
    overdue = (
        chunk.tasks.is_key_milestone[task]
        & (chunk.tasks.actual_finish[task] == NO_INSTANT)
        & (until != NO_INSTANT)
        & (finish <= until)
    )
    found = task[overdue]
    return _ids_by_project(chunk, found[np.argsort(chunk.tasks.task_id[found])])


def _finishing_tasks(chunk: ProjectArrays, forecast: Instants, finish: Instants) -> list[list[int]]:
    """Return the tasks that end with the project."""
    tasks = chunk.tasks
    last = np.flatnonzero(tasks.is_active & (forecast != NO_INSTANT) & (forecast == finish[tasks.project]))
    order = np.lexsort((tasks.task_id[last], tasks.project[last]))
    return _ids_by_project(chunk, _first_of_each(tasks.project, last[order]))


def _late_tasks(chunk: ProjectArrays, rows: PhasedRows, forecast: Instants) -> list[list[int]]:
    """Return the tasks with the largest finish slip against the baseline, worst first."""
    tasks = chunk.tasks
    present = np.flatnonzero(rows.is_present & rows.is_dated)
    task, planned = rows.task[present], rows.finish[present]
    late = (forecast[task] != NO_INSTANT) & (forecast[task] > planned)
    task, slip = task[late], forecast[task[late]] - planned[late]
    order = np.lexsort((tasks.task_id[task], -slip, tasks.project[task]))
    return _ids_by_project(chunk, _first_of_each(tasks.project, task[order]))


def _first_of_each(project: Numbers, tasks: Numbers) -> Numbers:
    """Return the first ten tasks of each project from tasks sorted by project."""
    owner = project[tasks]
    first = np.searchsorted(owner, owner, side="left")
    return tasks[np.arange(tasks.size) - first < LISTED_TASKS]
