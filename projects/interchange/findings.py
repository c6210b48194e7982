"""What a reader of an import has to know about a document: what is not taken over as it stands, and why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from projects.interchange.document import Problem, ProjectDocument, Task
from projects.interchange.network import leaf_network
from projects.interchange.vocabulary import Constraint, DurationKind, ScheduleFrom, Severity, TaskKind

MOST_OF_A_CODE: Final = 50
NAMED: Final = 5


class Peculiarity(NamedTuple):
    """A property of tasks worth a line."""

    matches: Callable[[Task], bool]
    severity: Severity
    code: str
    words: str


def _ends_before_start(task: Task) -> bool:
    return task.start is not None and task.finish is not None and task.finish < task.start


def _is_constrained_summary(task: Task) -> bool:
    return task.kind is TaskKind.SUMMARY and task.constraint is not Constraint.ASAP


PECULIARITIES: Final = (
    Peculiarity(
        lambda task: task.is_external,
        Severity.WARNING,
        "EXTERNAL_TASK",
        "Stands for a task of another project and is not taken over as work",
    ),
    Peculiarity(
        lambda task: task.is_recurring and task.kind is TaskKind.SUMMARY,
        Severity.INFO,
        "RECURRING_TASK",
        "Recurring: its occurrences come as single tasks",
    ),
    Peculiarity(
        lambda task: task.is_manual and not task.is_project,
        Severity.INFO,
        "MANUAL_TASK",
        "Scheduled by hand: keeps its stored dates",
    ),
    Peculiarity(
        lambda task: not task.is_active,
        Severity.INFO,
        "INACTIVE_TASK",
        "Inactive: comes in and is ignored by the schedule",
    ),
    Peculiarity(
        lambda task: bool(task.splits),
        Severity.INFO,
        "SPLIT_TASK",
        "Interrupted: the stretches of work are kept as information",
    ),
    Peculiarity(
        lambda task: bool(task.leveling_delay),
        Severity.INFO,
        "LEVELING_DELAY",
        "Has a leveling delay, which is kept as information",
    ),
    Peculiarity(
        lambda task: task.duration_kind is DurationKind.ELAPSED,
        Severity.INFO,
        "ELAPSED_DURATION",
        "Has a duration on the clock (elapsed)",
    ),
    Peculiarity(
        lambda task: task.second_constraint is not None,
        Severity.INFO,
        "SECOND_CONSTRAINT",
        "Has a second constraint, which is kept as information",
    ),
    Peculiarity(
        lambda task: task.constraint in (Constraint.SON, Constraint.FON),
        Severity.INFO,
        "START_ON",
        "Has the constraint Start On or Finish On, taken as Must Start or Must Finish On",
    ),
    Peculiarity(
        _is_constrained_summary,
        Severity.WARNING,
        "SUMMARY_CONSTRAINT",
        "A summary with a constraint, which a summary does not take",
    ),
    Peculiarity(_ends_before_start, Severity.ERROR, "DATES_REVERSED", "Finishes before it starts"),
    Peculiarity(
        lambda task: not task.name and not task.is_project, Severity.WARNING, "NO_NAME", "Has no name"
    ),
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
        problems.append(Problem(Severity.WARNING, "File", "The schedule has no tasks.", "NO_TASKS"))
    if document.options.schedule_from is ScheduleFrom.FINISH:
        message = (
            "The file is scheduled back from its finish; the portal schedules from the start. "
            "Stored dates are kept."
        )
        problems.append(Problem(Severity.WARNING, "Project", message, "SCHEDULE_FROM_FINISH"))
    if document.blank_rows:
        message = f"Blank rows are left out ({document.blank_rows})."
        problems.append(Problem(Severity.INFO, "Project", message, "BLANK_ROWS"))
    if not document.calendars:
        message = "The file has no calendar; the standard calendar is used."
        problems.append(Problem(Severity.WARNING, "Project", message, "NO_CALENDAR"))
    return problems


def _tasks(document: ProjectDocument) -> list[Problem]:
    """Return one line for each peculiarity, with the number of tasks and the first of them."""
    problems = []
    for matches, severity, code, words in PECULIARITIES:
        tasks = [task for task in document.tasks if matches(task)]
        if tasks:
            problems.append(
                Problem(severity, _names(tasks), f"{words} ({_count(len(tasks), 'task')}).", code)
            )
    return problems


def _references(document: ProjectDocument) -> list[Problem]:
    """Return what points at nothing: assignments without resource, calendars that are not there."""
    problems = []
    kinds = {task.uid: task.kind for task in document.tasks}
    nobody = sum(item.resource_uid is None for item in document.assignments)
    if nobody:
        message = (
            f"Naming no resource, left out; the work stays with the task ({_count(nobody, 'assignment')})."
        )
        problems.append(Problem(Severity.INFO, "Assignments", message, "ASSIGNMENT_NOBODY"))
    orphans = sum(item.task_uid not in kinds for item in document.assignments)
    if orphans:
        message = f"Belonging to no task of the file, left out ({_count(orphans, 'assignment')})."
        problems.append(Problem(Severity.WARNING, "Assignments", message, "ASSIGNMENT_NO_TASK"))
    refused = {TaskKind.SUMMARY, TaskKind.START_MILESTONE, TaskKind.FINISH_MILESTONE}
    unfit = sum(
        kinds.get(item.task_uid) in refused and item.resource_uid is not None for item in document.assignments
    )
    if unfit:
        message = f"On a summary or milestone, which takes none, left out ({_count(unfit, 'assignment')})."
        problems.append(Problem(Severity.WARNING, "Assignments", message, "ASSIGNMENT_UNFIT"))
    calendars = {calendar.uid for calendar in document.calendars}
    lost = [
        task
        for task in document.tasks
        if task.calendar_uid is not None and task.calendar_uid not in calendars
    ]
    if lost:
        message = (
            f"Names a calendar that is not in the file; the project's is used ({_count(len(lost), 'task')})."
        )
        problems.append(Problem(Severity.WARNING, _names(lost), message, "CALENDAR_MISSING"))
    return problems


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _names(tasks: Sequence[Task]) -> str:
    labels = [
        f"{task.id if task.id is not None else task.uid} {task.name[:60]}".strip() for task in tasks[:NAMED]
    ]
    more = "" if len(tasks) <= NAMED else " …"
    return f"Task {', '.join(labels)}{more}"


def _bounded(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems, of each code the first ones and a line that counts the rest."""
    seen: dict[str, int] = {}
    first: dict[str, Problem] = {}
    result = []
    for problem in problems:
        seen[problem.code] = seen.get(problem.code, 0) + 1
        first.setdefault(problem.code, problem)
        if seen[problem.code] <= MOST_OF_A_CODE:
            result.append(problem)
    for code, count in seen.items():
        if count > MOST_OF_A_CODE:
            message = f"{count - MOST_OF_A_CODE} more like: {first[code].message}"
            result.append(Problem(first[code].severity, first[code].where.split(" ", 1)[0], message, code))
    return result
