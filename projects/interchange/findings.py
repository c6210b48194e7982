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
    """A property of tasks worth a line: ``words`` completes *12 tasks …*."""

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
        "stand for tasks of other projects and are not taken over as work",
    ),
    Peculiarity(
        lambda task: task.is_recurring and task.kind is TaskKind.SUMMARY,
        Severity.INFO,
        "RECURRING_TASK",
        "are recurring; their occurrences come as single tasks",
    ),
    Peculiarity(
        lambda task: task.is_manual and not task.is_project,
        Severity.INFO,
        "MANUAL_TASK",
        "are scheduled by hand and keep their stored dates",
    ),
    Peculiarity(
        lambda task: not task.is_active,
        Severity.INFO,
        "INACTIVE_TASK",
        "are inactive; they come in and are ignored by the schedule",
    ),
    Peculiarity(
        lambda task: bool(task.splits),
        Severity.INFO,
        "SPLIT_TASK",
        "are interrupted; the stretches are kept as information",
    ),
    Peculiarity(
        lambda task: bool(task.leveling_delay),
        Severity.INFO,
        "LEVELING_DELAY",
        "carry a leveling delay, which is kept as information",
    ),
    Peculiarity(
        lambda task: task.duration_kind is DurationKind.ELAPSED,
        Severity.INFO,
        "ELAPSED_DURATION",
        "have a duration on the clock (elapsed)",
    ),
    Peculiarity(
        lambda task: task.second_constraint is not None,
        Severity.INFO,
        "SECOND_CONSTRAINT",
        "have a second constraint, which is kept as information",
    ),
    Peculiarity(
        lambda task: task.constraint in (Constraint.SON, Constraint.FON),
        Severity.INFO,
        "START_ON",
        "have the constraint Start On or Finish On, treated as Must Start or Must Finish On",
    ),
    Peculiarity(
        _is_constrained_summary,
        Severity.WARNING,
        "SUMMARY_CONSTRAINT",
        "are summaries with a constraint, which a summary does not take",
    ),
    Peculiarity(_ends_before_start, Severity.ERROR, "DATES_REVERSED", "finish before they start"),
    Peculiarity(lambda task: not task.name, Severity.WARNING, "NO_NAME", "have no name"),
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
        message = f"{document.blank_rows} blank rows are left out."
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
            problems.append(Problem(severity, _names(tasks), f"{len(tasks)} tasks {words}.", code))
    return problems


def _references(document: ProjectDocument) -> list[Problem]:
    """Return what points at nothing: assignments without resource, calendars that are not there."""
    problems = []
    kinds = {task.uid: task.kind for task in document.tasks}
    nobody = sum(item.resource_uid is None for item in document.assignments)
    if nobody:
        message = f"{nobody} assignments name no resource and are left out; the work stays with the task."
        problems.append(Problem(Severity.INFO, "Assignments", message, "ASSIGNMENT_NOBODY"))
    orphans = sum(item.task_uid not in kinds for item in document.assignments)
    if orphans:
        message = f"{orphans} assignments belong to no task of the file and are left out."
        problems.append(Problem(Severity.WARNING, "Assignments", message, "ASSIGNMENT_NO_TASK"))
    refused = {TaskKind.SUMMARY, TaskKind.START_MILESTONE, TaskKind.FINISH_MILESTONE}
    unfit = sum(
        kinds.get(item.task_uid) in refused and item.resource_uid is not None for item in document.assignments
    )
    if unfit:
        message = (
            f"{unfit} assignments are on summaries or milestones, which take none (SCH-35), and are left out."
        )
        problems.append(Problem(Severity.WARNING, "Assignments", message, "ASSIGNMENT_UNFIT"))
    calendars = {calendar.uid for calendar in document.calendars}
    lost = [
        task
        for task in document.tasks
        if task.calendar_uid is not None and task.calendar_uid not in calendars
    ]
    if lost:
        message = f"{len(lost)} tasks name a calendar that is not in the file; the project's is used."
        problems.append(Problem(Severity.WARNING, _names(lost), message, "CALENDAR_MISSING"))
    return problems


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
