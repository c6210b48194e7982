"""The rows of a document as the outline of a plan takes them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from projects.engine.interruptions import Interruption
from projects.interchange.document import ProjectDocument, Task
from projects.interchange.interrupted import document_interruptions
from projects.interchange.pieces import has_usable_pieces
from projects.interchange.problems import Place, Problem, problem
from projects.interchange.vocabulary import Severity, TaskKind

MILESTONES: Final = frozenset({TaskKind.START_MILESTONE, TaskKind.FINISH_MILESTONE})
DEEPEST: Final = 10
NAMED: Final = 5
HUNDRED: Final = 100.0


@dataclass(frozen=True, slots=True)
class PlacedTask:
    """
    A row and its place; ``task`` has consistent dates and percentages.

    ``parent_uid`` is the uid of the summary above (None at the top), ``number`` counts from 0 among the rows
    of that summary, ``numbers`` are those of all levels from the top down. ``interruptions`` are the rests of
    a task that is not worked on in one piece.
    """

    task: Task
    kind: TaskKind
    parent_uid: int | None
    numbers: tuple[int, ...]
    interruptions: tuple[Interruption, ...] = ()

    @property
    def number(self) -> int:
        """Return the position among the rows of the same summary."""
        return self.numbers[-1]

    @property
    def wbs(self) -> str:
        """Return the outline number, such as 1.2.1."""
        return ".".join(str(number + 1) for number in self.numbers)


def place_tasks(document: ProjectDocument) -> tuple[tuple[PlacedTask, ...], list[Problem]]:
    """
    Return the rows in the order of the outline, parents first, and what was changed.

    The row that stands for the project is left out: the project itself takes its place. Summaries below the
    deepest level are dissolved, their rows move up.
    """
    tasks = {task.uid: task for task in document.tasks}
    children = _children(tasks)
    placed, dissolved = _placed(children)
    problems = []
    if any(task.is_project for task in tasks.values()):
        problems.append(problem(Severity.INFO, "PROJECT_ROW", Place.PROJECT))
    if dissolved:
        names = _names(dissolved)
        problems.append(problem(Severity.WARNING, "TOO_DEEP", Place.TASK, names, most=DEEPEST))
    lost = len(tasks) - len(placed) - len(dissolved) - sum(task.is_project for task in tasks.values())
    if lost:
        problems.append(problem(Severity.ERROR, "TASK_RING", Place.TASKS, count=lost))
    problems.extend(_changes([item.task for item in placed]))
    rests = document_interruptions(document)
    rows = tuple(
        replace(
            item,
            task=_consistent(item.task, item.kind),
            interruptions=rests.get(item.task.uid, ()) if item.kind is TaskKind.TASK else (),
        )
        for item in placed
    )
    return rows, problems


def _children(tasks: dict[int, Task]) -> dict[int | None, list[Task]]:
    """Return the rows below each row; below None those at the top, the row of the project not counted."""
    children: dict[int | None, list[Task]] = defaultdict(list)
    for task in tasks.values():
        if task.is_project:
            continue
        parent = tasks.get(task.parent_uid) if task.parent_uid is not None else None
        children[None if parent is None or parent.is_project else parent.uid].append(task)
    for rows in children.values():
        if all(task.id is not None for task in rows):
            rows.sort(key=lambda task: task.id or 0)
    return children


def _placed(children: dict[int | None, list[Task]]) -> tuple[list[PlacedTask], list[Task]]:
    result: list[PlacedTask] = []
    dissolved: list[Task] = []
    seen: set[int] = set()

    def visit(rows: Iterable[Task], parent: int | None, above: tuple[int, ...]) -> None:
        number = 0
        waiting = list(rows)[::-1]
        while waiting:
            task = waiting.pop()
            if task.uid in seen:
                continue
            seen.add(task.uid)
            below = children.get(task.uid, [])
            if below and len(above) >= DEEPEST:
                dissolved.append(task)
                waiting.extend(reversed(below))
                continue
            kind = TaskKind.SUMMARY if below else task.kind
            result.append(PlacedTask(task, kind, parent, (*above, number)))
            number += 1
            if below:
                visit(below, task.uid, result[-1].numbers)

    visit(children.get(None, ()), None, ())
    return result, dissolved


def _consistent(task: Task, kind: TaskKind) -> Task:
    """Return the row with dates in order and percentages from 0 to 100."""
    start, finish = _span(task, kind)
    actual_start, actual_finish = _actuals(task)
    return replace(
        task,
        name=task.name.strip() or "?",
        start=start,
        finish=finish,
        actual_start=actual_start,
        actual_finish=actual_finish,
        duration=0.0 if kind in MILESTONES else task.duration,
        remaining_duration=_remaining(task),
        percent_complete=_percent(task.percent_complete),
        percent_physical=_percent(task.percent_physical),
    )


def _remaining(task: Task) -> float | None:
    """Return what is left; files say nothing of it where all work is done and no finish is known (SCH-23)."""
    is_done = task.actual_start is not None and _percent(task.percent_complete) == HUNDRED
    return 0.0 if is_done and task.remaining_duration is None else task.remaining_duration


def _span(task: Task, kind: TaskKind) -> tuple[datetime | None, datetime | None]:
    if task.start is None or task.finish is None or task.start <= task.finish:
        return task.start, task.finish
    if kind is TaskKind.FINISH_MILESTONE:
        return task.finish, task.finish
    return task.start, task.start if kind is TaskKind.START_MILESTONE else None


def _actuals(task: Task) -> tuple[datetime | None, datetime | None]:
    """Return actual dates of which the finish has a start before it."""
    if task.actual_finish is None:
        return task.actual_start, None
    if task.actual_start is None:
        begin = task.start if task.start is not None and task.start <= task.actual_finish else None
        return begin or task.actual_finish, task.actual_finish
    if task.actual_finish < task.actual_start:
        return task.actual_start, None
    return task.actual_start, task.actual_finish


def _percent(value: float | None) -> float | None:
    return None if value is None else min(max(value, 0.0), HUNDRED)


def _changes(tasks: Sequence[Task]) -> list[Problem]:
    """Return one line for each kind of change to rows."""
    lines = (
        (
            [task for task in tasks if task.is_milestone and task.kind is TaskKind.TASK],
            Severity.INFO,
            "MILESTONE_WITH_DURATION",
        ),
        (
            [task for task in tasks if task.kind in MILESTONES and task.duration],
            Severity.INFO,
            "MILESTONE_DURATION",
        ),
        (
            [task for task in tasks if task.actual_finish and task.actual_start is None],
            Severity.WARNING,
            "ACTUAL_START_MISSING",
        ),
        (
            [task for task in tasks if _is_reversed(task)],
            Severity.ERROR,
            "ACTUALS_REVERSED",
        ),
        (
            [task for task in tasks if not has_usable_pieces(task)],
            Severity.WARNING,
            "SPLIT_PIECES",
        ),
    )
    return [
        problem(severity, code, Place.TASK, _names(found), tasks=len(found))
        for found, severity, code in lines
        if found
    ]


def _is_reversed(task: Task) -> bool:
    return bool(task.actual_start and task.actual_finish and task.actual_finish < task.actual_start)


def _names(tasks: Sequence[Task]) -> str:
    labels = [f"{task.id if task.id is not None else task.uid} {task.name[:60]}" for task in tasks[:NAMED]]
    return f"{', '.join(labels)}{' …' if len(tasks) > NAMED else ''}"
