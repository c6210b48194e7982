"""Progress of all leaf tasks of a chunk: earned value, duration done, forecast finish."""

from dataclasses import dataclass

import numpy as np

from projects.engine.chunk_calendars import ChunkCalendars
from projects.engine.instants import NO_INSTANT, Instants
from projects.engine.phased_rows import PhasedRows
from projects.engine.project_arrays import UNKNOWN, Numbers, ProjectArrays, TaskColumns, TaskKind, Technique
from projects.engine.time_phasing import share_of_cents, sum_by

FULL = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class DurationDone:
    """
    Duration progress per project (SCH-31).

    Attributes
    ----------
    done, total : ndarray of int64
        Σ AD and Σ (AD + RD) in working minutes; where a project has milestones only: completed and count.
    """

    done: Numbers
    total: Numbers


def forecast_finish(tasks: TaskColumns) -> Instants:
    """Return per task the actual finish, else the early finish, else the planned finish (SCH-38)."""
    forecast = np.where(tasks.early_finish != NO_INSTANT, tasks.early_finish, tasks.planned_finish)
    return np.where(tasks.actual_finish != NO_INSTANT, tasks.actual_finish, forecast)


def earned_cents(rows: PhasedRows, tasks: TaskColumns, planned: Numbers) -> Numbers:
    """
    Return the earned value of every baseline row in cents (domain 6.3).

    Parameters
    ----------
    rows : PhasedRows
        Baseline rows that count.
    tasks : TaskColumns
        Progress of the tasks.
    planned : ndarray of int64, shape (n_rows,)
        Planned value at the data date; level of effort earns it.

    Returns
    -------
    ndarray of int64, shape (n_rows,)
        The budget of finished tasks, otherwise by technique; removed tasks earn nothing. Without a physical
        percentage the duration percentage counts, without both 0.
    """
    earned = np.zeros(rows.budget.size, dtype=np.int64)
    present = np.flatnonzero(rows.is_present)
    task, budget, technique = rows.task[present], rows.budget[present], rows.technique[present]
    physical, duration = tasks.percent_physical[task], tasks.percent_complete[task]
    percent = np.clip(np.where(physical != UNKNOWN, physical, duration), 0, FULL)
    share = share_of_cents(budget, percent, np.full(budget.size, FULL, dtype=np.int64))
    started = tasks.actual_start[task] != NO_INSTANT
    choices = [
        tasks.actual_finish[task] != NO_INSTANT,
        technique == Technique.FIXED_0_100,
        (technique == Technique.FIXED_50_50) & started,
        technique == Technique.FIXED_50_50,
        technique == Technique.LEVEL_OF_EFFORT,
    ]
    nothing = np.zeros(budget.size, dtype=np.int64)
    values = [budget, nothing, (budget + 1) // 2, nothing, planned[present]]
    earned[present] = np.select(choices, values, default=share)
    return earned


def duration_done(chunk: ProjectArrays, calendars: ChunkCalendars, data_end: Instants) -> DurationDone:
    """
    Return the duration progress of each project.

    Parameters
    ----------
    chunk : ProjectArrays
        Facts.
    calendars : ChunkCalendars
        Evaluators of its calendars.
    data_end : ndarray of int64, shape (n_projects,)
        End of the data date, or `NO_INSTANT`: then a started task counts its percentage of the duration.
    """
    tasks, size = chunk.tasks, len(chunk.projects.project_id)
    until = np.where(tasks.actual_finish != NO_INSTANT, tasks.actual_finish, data_end[tasks.project])
    worked = calendars.between(tasks.calendar, tasks.actual_start, until)
    actual = np.maximum(worked - _suspended(tasks, calendars, until), 0)
    remaining = _remaining(tasks, actual)
    undated = (tasks.actual_start != NO_INSTANT) & (until == NO_INSTANT)
    percent = np.clip(tasks.percent_complete, 0, FULL)
    actual[undated] = tasks.duration[undated] * percent[undated] // FULL
    remaining[undated] = tasks.duration[undated] - actual[undated]

    milestone = (tasks.kind == TaskKind.START_MILESTONE) | (tasks.kind == TaskKind.FINISH_MILESTONE)
    weigh = np.flatnonzero(tasks.is_active & ~milestone)
    done = sum_by(tasks.project[weigh], actual[weigh], size)
    total = done + sum_by(tasks.project[weigh], remaining[weigh], size)
    only = np.flatnonzero(tasks.is_active & milestone)
    reached = (tasks.actual_finish[only] != NO_INSTANT).astype(np.int64)
    empty = total == 0
    count = sum_by(tasks.project[only], np.ones(only.size, dtype=np.int64), size)
    return DurationDone(
        done=np.where(empty, sum_by(tasks.project[only], reached, size), done),
        total=np.where(empty, count, total),
    )


def _suspended(tasks: TaskColumns, calendars: ChunkCalendars, until: Instants) -> Numbers:
    """Return the working minutes of suspension up to ``until``; open-ended while no resumption is set."""
    if tasks.suspend_on is None or tasks.resume_on is None:
        return np.zeros(until.size, dtype=np.int64)
    resumed = np.where(tasks.resume_on == NO_INSTANT, until, np.minimum(tasks.resume_on, until))
    return np.maximum(calendars.between(tasks.calendar, tasks.suspend_on, resumed), 0)


def _remaining(tasks: TaskColumns, actual: Numbers) -> Numbers:
    """Return RD: 0 when finished, as given, else from the percentage, else the duration (SCH-22, A.2)."""
    percent = tasks.percent_complete
    typed = (percent > 0) & (percent < FULL) & (actual > 0)
    by_percent = actual * (FULL - percent) // np.where(typed, percent, 1)
    choices = [
        tasks.actual_finish != NO_INSTANT,
        tasks.remaining_duration != UNKNOWN,
        (tasks.actual_start != NO_INSTANT) & typed,
    ]
    values = [np.zeros(percent.size, dtype=np.int64), tasks.remaining_duration, by_percent]
    return np.select(choices, values, default=tasks.duration)
