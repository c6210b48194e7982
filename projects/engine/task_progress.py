"""Progress of all leaf tasks of a chunk: earned value, duration done, forecast finish."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from projects.engine.chunk_calendars import ChunkCalendars
from projects.engine.instants import NO_INSTANT, Instants
from projects.engine.phased_rows import PhasedRows
from projects.engine.project_arrays import UNKNOWN, Numbers, ProjectArrays, TaskColumns, TaskKind, Technique
from projects.engine.techniques import at_finish_share, at_start_and_finish_share, units_share
from projects.engine.time_phasing import cents_of_share, share_of_cents, sum_by
from projects.engine.value_profiles import ValueProfile

FULL = 10_000
COUNTED = frozenset({Technique.UNITS, Technique.AGILE_POINTS})


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
    for row in earned_singly(rows):
        single = earned_share(rows, tasks, row, planned=planned)
        earned[row] = 0 if single is None else cents_of_share(int(rows.budget[row]), single)
    return earned


def earned_singly(rows: PhasedRows) -> list[int]:
    """Return the rows whose earned share needs more than the columns of tasks."""
    profiled = [row for row in rows.profiles if rows.is_present[row]]
    return sorted({*rows.single.tolist(), *profiled})


def earned_share(rows: PhasedRows, tasks: TaskColumns, row: int, *, planned: Numbers) -> Fraction | None:
    """
    Return the earned share (0-1) of one row, whatever its technique.

    None for an apportioned row whose base is not there. ``planned`` is that of `earned_cents`.
    """
    technique = Technique(int(rows.technique[row]))
    if rows.follows(row):
        base = rows.base_row(row)
        return None if base is None else earned_share(rows, tasks, base, planned=planned)
    if not rows.is_present[row]:
        return Fraction(0)
    task = int(rows.task[row])
    is_started, is_finished = (
        bool(column[task] != NO_INSTANT) for column in (tasks.actual_start, tasks.actual_finish)
    )
    profile = rows.profiles.get(row, ValueProfile())
    if is_finished or technique is Technique.FIXED_0_100:
        return at_finish_share(is_finished=is_finished)
    if technique is Technique.FIXED_50_50:
        return at_start_and_finish_share(
            is_started=is_started, is_finished=False, start_share=profile.start_share
        )
    if technique is Technique.LEVEL_OF_EFFORT:
        budget = int(rows.budget[row])
        return Fraction(int(planned[row]), budget) if budget else Fraction(0)
    done = rows.quantities.get(task)
    if technique in COUNTED and done is not None and profile.planned_quantity:
        return units_share(done=done, planned=profile.planned_quantity)
    physical, duration = int(tasks.percent_physical[task]), int(tasks.percent_complete[task])
    percent = physical if physical != UNKNOWN else duration
    return Fraction(min(max(percent, 0), FULL), FULL)


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
    percent = np.clip(tasks.percent_complete, 0, FULL)
    typed = (percent > 0) & (actual > 0)
    by_percent = actual * (FULL - percent) // np.where(typed, percent, 1)
    choices = [
        tasks.actual_finish != NO_INSTANT,
        tasks.remaining_duration != UNKNOWN,
        (tasks.actual_start != NO_INSTANT) & typed,
    ]
    values = [np.zeros(percent.size, dtype=np.int64), tasks.remaining_duration, by_percent]
    return np.select(choices, values, default=tasks.duration)
