"""When an interrupted task is worked on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from projects.choices import TaskKind, TimeKind
from projects.engine.calendar import ELAPSED_CALENDAR
from projects.engine.instants import instant_of
from projects.engine.interruptions import Interruption, Stretch, stretches_of
from projects.engine.working_time import WorkingTime
from projects.models import Project, Task
from projects.selectors.calendars import evaluator
from projects.selectors.plan_dates import shown_finish, to_instant, to_moment
from projects.selectors.work_calendars import load_work_calendars


@dataclass(frozen=True)
class TaskStretch:
    """Work in one piece, as stored moments and in minutes; the finish is exclusive."""

    start: datetime
    finish: datetime
    work: int


class RestDays(NamedTuple):
    """The first and the last day on which an interrupted task rests."""

    first: date
    last: date


def interruptions_from(stored: Sequence[Sequence[int]] | None) -> tuple[Interruption, ...]:
    """Return the rests of a task from the column that keeps them."""
    return tuple(Interruption(after, rest) for after, rest in stored or ())


def stored_stretches(stretches: Iterable[TaskStretch]) -> list[list[str]] | None:
    """Return stretches for the column that keeps them; None for work in one piece."""
    return [
        [f"{moment:%Y-%m-%dT%H:%M}" for moment in (piece.start, piece.finish)] for piece in stretches
    ] or None


def stretches_from(stored: Sequence[Sequence[str]] | None) -> tuple[Stretch, ...]:
    """Return the stretches of that column for the engine."""
    return tuple(
        Stretch(*(instant_of(datetime.fromisoformat(moment)) for moment in piece)) for piece in stored or ()
    )


def task_stretches(task: Task) -> tuple[TaskStretch, ...]:
    """Return the planned stretches of a task; see `stretches_of_tasks`."""
    return stretches_of_tasks([task], task.project).get(task.pk, ())


def stretches_of_tasks(tasks: Iterable[Task], project: Project) -> dict[int, tuple[TaskStretch, ...]]:
    """
    Return the planned stretches of tasks of a project by key; only tasks are interrupted.

    Work in one piece or without dates has none.

    No query where nothing is interrupted, else three and one for each calendar that those of the tasks are
    based on.
    """
    return {key: found for key, (found, _hours) in _worked(tasks, project).items()}


def stretches_with_rests(
    tasks: Iterable[Task], project: Project
) -> dict[int, tuple[tuple[TaskStretch, ...], tuple[RestDays, ...]]]:
    """Return the planned stretches of tasks, and the days between them, as `stretches_of_tasks`."""
    return {key: (found, rest_days(found, hours)) for key, (found, hours) in _worked(tasks, project).items()}


def rest_days(stretches: Sequence[TaskStretch], hours: WorkingTime) -> tuple[RestDays, ...]:
    """Return the days from the first one with a rest to the last one, for each rest between stretches."""
    found = []
    for before, after in pairwise(stretches):
        first = to_moment(hours.next_working(to_instant(before.finish))).date()
        last = shown_finish(to_moment(hours.previous_working(to_instant(after.start))))
        found.append(RestDays(first, max(first, last or first)))
    return tuple(found)


def stretches_in(task: Task, hours: WorkingTime) -> tuple[TaskStretch, ...]:
    """Return the planned stretches of a task whose working time is known; none for work in one piece."""
    rests = interruptions_from(task.interruptions)
    if not rests or task.kind != TaskKind.TASK:
        return ()
    found = _stretches(task, rests, hours)
    return found if len(found) > 1 else ()


def _worked(
    tasks: Iterable[Task], project: Project
) -> dict[int, tuple[tuple[TaskStretch, ...], WorkingTime]]:
    """Return the stretches of interrupted tasks with their working time."""
    rests = {
        task.pk: (task, found)
        for task in tasks
        if task.kind == TaskKind.TASK
        and (found := interruptions_from(task.interruptions))
        and task.planned_start
        and task.planned_finish
    }
    if not rests:
        return {}
    keys = {project.calendar_id, *(task.calendar_id for task, _ in rests.values() if task.calendar_id)}
    hours = {key: evaluator(calendar) for key, calendar in load_work_calendars(keys).items()}
    clocks = {
        key: evaluator(ELAPSED_CALENDAR)
        if task.duration_kind == TimeKind.ELAPSED
        else hours[task.calendar_id or project.calendar_id]
        for key, (task, _) in rests.items()
    }
    stretches = {key: _stretches(task, found, clocks[key]) for key, (task, found) in rests.items()}
    return {key: (found, clocks[key]) for key, found in stretches.items() if len(found) > 1}


def _stretches(task: Task, rests: tuple[Interruption, ...], hours: WorkingTime) -> tuple[TaskStretch, ...]:
    if task.planned_start is None or task.planned_finish is None:
        return ()
    found = stretches_of(
        rests, hours, start=to_instant(task.planned_start), finish=to_instant(task.planned_finish)
    )
    return tuple(
        TaskStretch(to_moment(item.start), to_moment(item.finish), hours.between(item.start, item.finish))
        for item in found
    )
