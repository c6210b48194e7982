"""What a reader of an import has to know about a document: what is not taken over as it stands, and why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from projects.interchange.document import ProjectDocument, Task
from projects.interchange.network import leaf_network
from projects.interchange.pieces import has_usable_pieces
from projects.interchange.problems import Place, Problem, problem
from projects.interchange.vocabulary import Constraint, DurationKind, ScheduleFrom, Severity, TaskKind

MOST_OF_A_CODE: Final = 50
NAMED: Final = 5


class Peculiarity(NamedTuple):
    """A property of tasks worth a line."""

    matches: Callable[[Task], bool]
    severity: Severity
    code: str


def _ends_before_start(task: Task) -> bool:
    return task.start is not None and task.finish is not None and task.finish < task.start


def _is_constrained_summary(task: Task) -> bool:
    return task.kind is TaskKind.SUMMARY and task.constraint is not Constraint.ASAP


def _is_split(task: Task) -> bool:
    return bool(task.splits) and has_usable_pieces(task)


PECULIARITIES: Final = (
    Peculiarity(lambda task: task.is_external, Severity.WARNING, "EXTERNAL_TASK"),
    Peculiarity(
        lambda task: task.is_recurring and task.kind is TaskKind.SUMMARY, Severity.INFO, "RECURRING_TASK"
    ),
    Peculiarity(lambda task: task.is_manual and not task.is_project, Severity.INFO, "MANUAL_TASK"),
    Peculiarity(lambda task: not task.is_active, Severity.INFO, "INACTIVE_TASK"),
    Peculiarity(_is_split, Severity.INFO, "SPLIT_TASK"),
    Peculiarity(lambda task: bool(task.leveling_delay), Severity.INFO, "LEVELING_DELAY"),
    Peculiarity(lambda task: task.duration_kind is DurationKind.ELAPSED, Severity.INFO, "ELAPSED_DURATION"),
    Peculiarity(lambda task: task.second_constraint is not None, Severity.INFO, "SECOND_CONSTRAINT"),
    Peculiarity(lambda task: task.constraint in (Constraint.SON, Constraint.FON), Severity.INFO, "START_ON"),
    Peculiarity(_is_constrained_summary, Severity.WARNING, "SUMMARY_CONSTRAINT"),
    Peculiarity(_ends_before_start, Severity.ERROR, "DATES_REVERSED"),
    Peculiarity(lambda task: not task.name and not task.is_project, Severity.WARNING, "NO_NAME"),
)


def document_problems(document: ProjectDocument, found: Sequence[Problem] = ()) -> ProjectDocument:
    """Return the document with its problems: those found while reading, then those it shows itself."""
    problems = (
        *_head(document),
        *found,
        *_tasks(document),
        *_references(document),
        *leaf_network(document).problems,
    )
    return replace(document, problems=tuple(_bounded(problems)))


def _head(document: ProjectDocument) -> list[Problem]:
    problems = []
    if not document.tasks:
        problems.append(problem(Severity.WARNING, "NO_TASKS", Place.FILE))
    if document.options.schedule_from is ScheduleFrom.FINISH:
        problems.append(problem(Severity.WARNING, "SCHEDULE_FROM_FINISH", Place.PROJECT))
    if document.blank_rows:
        problems.append(problem(Severity.INFO, "BLANK_ROWS", Place.PROJECT, count=document.blank_rows))
    if not document.calendars:
        problems.append(problem(Severity.WARNING, "NO_CALENDAR", Place.PROJECT))
    return problems


def _tasks(document: ProjectDocument) -> list[Problem]:
    """Return one line for each peculiarity, with the number of tasks and the first of them."""
    problems = []
    for matches, severity, code in PECULIARITIES:
        tasks = [task for task in document.tasks if matches(task)]
        if tasks:
            problems.append(problem(severity, code, Place.TASK, _names(tasks), tasks=len(tasks)))
    return problems


def _references(document: ProjectDocument) -> list[Problem]:
    """Return what points at nothing: assignments without resource, calendars that are not there."""
    problems = []
    kinds = {task.uid: task.kind for task in document.tasks}
    nobody = sum(item.resource_uid is None for item in document.assignments)
    if nobody:
        problems.append(problem(Severity.INFO, "ASSIGNMENT_NOBODY", Place.ASSIGNMENTS, assignments=nobody))
    orphans = sum(item.task_uid not in kinds for item in document.assignments)
    if orphans:
        problems.append(
            problem(Severity.WARNING, "ASSIGNMENT_NO_TASK", Place.ASSIGNMENTS, assignments=orphans)
        )
    refused = {TaskKind.SUMMARY, TaskKind.START_MILESTONE, TaskKind.FINISH_MILESTONE}
    unfit = sum(
        kinds.get(item.task_uid) in refused and item.resource_uid is not None for item in document.assignments
    )
    if unfit:
        problems.append(problem(Severity.WARNING, "ASSIGNMENT_UNFIT", Place.ASSIGNMENTS, assignments=unfit))
    calendars = {calendar.uid for calendar in document.calendars}
    lost = [
        task
        for task in document.tasks
        if task.calendar_uid is not None and task.calendar_uid not in calendars
    ]
    if lost:
        problems.append(
            problem(Severity.WARNING, "CALENDAR_MISSING", Place.TASK, _names(lost), tasks=len(lost))
        )
    return problems


def _names(tasks: Sequence[Task]) -> str:
    labels = [
        f"{task.id if task.id is not None else task.uid} {task.name[:60]}".strip() for task in tasks[:NAMED]
    ]
    more = "" if len(tasks) <= NAMED else " …"
    return f"{', '.join(labels)}{more}"


def _bounded(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems, of each code the first ones and a line that counts the rest."""
    seen: dict[str, int] = {}
    first: dict[str, Problem] = {}
    result = []
    for item in problems:
        seen[item.code] = seen.get(item.code, 0) + 1
        first.setdefault(item.code, item)
        if seen[item.code] <= MOST_OF_A_CODE:
            result.append(item)
    for code, count in seen.items():
        if count > MOST_OF_A_CODE:
            result.append(replace(first[code], names="", more=count - MOST_OF_A_CODE))
    return result
