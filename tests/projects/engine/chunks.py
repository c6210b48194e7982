"""Chunks of projects for tests, written as facts and turned into arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import numpy as np

from projects.engine.calendar import STANDARD_CALENDAR, WorkCalendar
from projects.engine.instants import cents_array, hundredths_array, instants_array
from projects.engine.project_arrays import (
    UNKNOWN,
    BaselineColumns,
    EacMethod,
    ProjectArrays,
    ProjectColumns,
    TaskColumns,
    TaskKind,
    Technique,
)


@dataclass(frozen=True)
class TaskFacts:
    """A leaf task with its row in the current baseline; dates as ISO text."""

    start: str | None = None
    finish: str | None = None
    budget: str = "0"
    key: int = 0
    kind: TaskKind = TaskKind.TASK
    technique: Technique = Technique.PERCENT_COMPLETE
    actual_start: str | None = None
    actual_finish: str | None = None
    early_finish: str | None = None
    physical: str | None = None
    complete: str | None = None
    duration: int = 0
    remaining: int = UNKNOWN
    suspend_on: str | None = None
    resume_on: str | None = None
    calendar: WorkCalendar = STANDARD_CALENDAR
    is_active: bool = True
    is_key: bool = False
    is_baselined: bool = True
    is_removed: bool = False
    is_completion: bool = False


@dataclass(frozen=True)
class ProjectFacts:
    """A project with its tasks and sums."""

    tasks: Sequence[TaskFacts] = ()
    data_date: date | None = None
    key: int = 1
    actual_cost: str = "0"
    open_commitments: str = "0"
    uncommitted_etc: str | None = None
    budget: Sequence[str] | None = None
    baseline: int = 10
    original_start: str | None = None
    original_finish: str | None = None
    original_bac: str | None = None
    eac_method: EacMethod = EacMethod.EAC_1
    calendar: WorkCalendar = STANDARD_CALENDAR
    currency: str = field(default="EUR")


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _instants(texts: Sequence[str | None]) -> np.ndarray:
    return instants_array([_moment(text) for text in texts])


def _ints(values: Sequence[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def _cents(texts: Sequence[str | None]) -> np.ndarray:
    known = cents_array([Decimal(text or "0") for text in texts])
    return np.where([text is None for text in texts], UNKNOWN, known).astype(np.int64)


def chunk_of(*projects: ProjectFacts) -> ProjectArrays:
    """Return the arrays of some projects; removed tasks leave only their baseline row."""
    calendars = tuple(
        dict.fromkeys([p.calendar for p in projects] + [t.calendar for p in projects for t in p.tasks])
    )
    tasks = [(owner, task) for owner, project in enumerate(projects) for task in project.tasks]
    present = [(owner, task) for owner, task in tasks if not task.is_removed]
    place = {id(task): number for number, (_, task) in enumerate(present)}
    rows = [
        (owner, task) for owner, task in tasks if task.is_baselined and projects[owner].baseline != UNKNOWN
    ]
    completion = [
        next((place[id(t)] for t in project.tasks if t.is_completion), UNKNOWN) for project in projects
    ]
    return ProjectArrays(
        projects=_project_columns(projects, calendars, completion),
        tasks=_task_columns(present, calendars),
        baseline=BaselineColumns(
            project=_ints([owner for owner, _ in rows]),
            task=_ints([place.get(id(task), UNKNOWN) for _, task in rows]),
            start=_instants([task.start for _, task in rows]),
            finish=_instants([task.finish for _, task in rows]),
            duration=_ints([task.duration for _, task in rows]),
            budget=_cents([task.budget for _, task in rows]),
        ),
        calendars=calendars,
    )


def _project_columns(
    projects: Sequence[ProjectFacts], calendars: tuple[WorkCalendar, ...], completion: list[int]
) -> ProjectColumns:
    parts = [tuple(project.budget or ("0", "0", "0")) for project in projects]
    return ProjectColumns(
        project_id=_ints([project.key for project in projects]),
        currency=tuple(project.currency for project in projects),
        state=tuple("EXECUTING" for _ in projects),
        data_date=tuple(project.data_date for project in projects),
        calendar=_ints([calendars.index(project.calendar) for project in projects]),
        eac_method=_ints([project.eac_method for project in projects]),
        completion_task=_ints(completion),
        baseline_id=_ints([project.baseline for project in projects]),
        original_baseline_id=_ints([project.baseline for project in projects]),
        original_start=_instants([project.original_start for project in projects]),
        original_finish=_instants([project.original_finish for project in projects]),
        original_bac=_cents([project.original_bac for project in projects]),
        has_budget=np.array([project.budget is not None for project in projects], dtype=bool),
        budget_work=_cents([part[0] for part in parts]),
        budget_contingency=_cents([part[1] for part in parts]),
        budget_reserve=_cents([part[2] for part in parts]),
        actual_cost=_cents([project.actual_cost for project in projects]),
        open_commitments=_cents([project.open_commitments for project in projects]),
        uncommitted_etc=_cents([project.uncommitted_etc for project in projects]),
    )


def _task_columns(present: list[tuple[int, TaskFacts]], calendars: tuple[WorkCalendar, ...]) -> TaskColumns:
    tasks = [task for _, task in present]
    return TaskColumns(
        task_id=_ints([task.key or number for number, task in enumerate(tasks, 1)]),
        project=_ints([owner for owner, _ in present]),
        calendar=_ints([calendars.index(task.calendar) for task in tasks]),
        kind=_ints([task.kind for task in tasks]),
        technique=_ints([task.technique for task in tasks]),
        is_active=np.array([task.is_active for task in tasks], dtype=bool),
        is_key_milestone=np.array([task.is_key for task in tasks], dtype=bool),
        planned_start=_instants([task.start for task in tasks]),
        planned_finish=_instants([task.finish for task in tasks]),
        early_start=_instants([None for _ in tasks]),
        early_finish=_instants([task.early_finish for task in tasks]),
        actual_start=_instants([task.actual_start for task in tasks]),
        actual_finish=_instants([task.actual_finish for task in tasks]),
        duration=_ints([task.duration for task in tasks]),
        remaining_duration=_ints([task.remaining for task in tasks]),
        percent_complete=hundredths_array([_percent(task.complete) for task in tasks]),
        percent_physical=hundredths_array([_percent(task.physical) for task in tasks]),
        suspend_on=_instants([task.suspend_on for task in tasks]),
        resume_on=_instants([task.resume_on for task in tasks]),
    )


def _percent(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
