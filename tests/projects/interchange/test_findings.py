"""What is not taken over, and why, in few clear lines (issue section 4, preview)."""

from dataclasses import replace
from datetime import datetime

from projects.interchange.document import (
    Assignment,
    Calendar,
    Link,
    ProjectDocument,
    ProjectOptions,
    Resource,
    Task,
)
from projects.interchange.findings import document_problems
from projects.interchange.problems import Place, problem
from projects.interchange.vocabulary import Constraint, DurationKind, ScheduleFrom, Severity, TaskKind

CLEAN = ProjectDocument(
    options=ProjectOptions(name="House"),
    calendars=(Calendar(1, "Standard"),),
    tasks=(Task(0, "", kind=TaskKind.SUMMARY, is_project=True), Task(1, "Dig", id=1, parent_uid=0)),
    resources=(Resource(1, "Ann"),),
    assignments=(Assignment(1, 1),),
)


def lines(document: ProjectDocument) -> list[tuple[str, str, str]]:
    """Return severity, place and message of each problem."""
    return [(item.severity.value, item.where, item.message) for item in document_problems(document).problems]


def test_problems_of_clean_document_are_none() -> None:
    """The nameless row of the project itself is no problem."""
    assert lines(CLEAN) == []


def test_problems_of_empty_document_say_so() -> None:
    """A schedule without tasks or calendar is odd, not wrong."""
    empty = ProjectDocument(options=ProjectOptions(schedule_from=ScheduleFrom.FINISH), blank_rows=4)

    assert [(problem.severity, problem.code) for problem in document_problems(empty).problems] == [
        (Severity.WARNING, "NO_TASKS"),
        (Severity.WARNING, "SCHEDULE_FROM_FINISH"),
        (Severity.INFO, "BLANK_ROWS"),
        (Severity.WARNING, "NO_CALENDAR"),
    ]


def test_problems_of_peculiar_tasks_are_counted_by_kind() -> None:
    """One line for each peculiarity, with the first tasks and their number."""
    tasks = (
        *CLEAN.tasks,
        *(Task(uid, f"Hand {uid}", id=uid, is_manual=True) for uid in range(2, 9)),
        Task(9, "Cure", id=9, duration=1440.0, duration_kind=DurationKind.ELAPSED),
        Task(10, "Old", id=10, is_active=False),
        Task(11, "Odd", id=11, start=datetime(2026, 3, 3), finish=datetime(2026, 3, 2)),
        Task(12, "Phase", id=12, kind=TaskKind.SUMMARY, constraint=Constraint.SNET),
    )

    assert lines(replace(CLEAN, tasks=tasks)) == [
        (
            "INFO",
            "Task 2 Hand 2, 3 Hand 3, 4 Hand 4, 5 Hand 5, 6 Hand 6 …",
            "Scheduled by hand: keeps its stored dates (7 tasks).",
        ),
        ("INFO", "Task 10 Old", "Inactive: comes in and is ignored by the schedule (1 task)."),
        ("INFO", "Task 9 Cure", "Has a duration on the clock (elapsed) (1 task)."),
        (
            "WARNING",
            "Task 12 Phase",
            "A summary with a constraint, which a summary does not take (1 task).",
        ),
        ("ERROR", "Task 11 Odd", "Finishes before it starts (1 task)."),
    ]


def test_problems_of_loose_assignments_are_counted() -> None:
    """SCH-35: summaries and milestones take no assignments; nobody's assignments are left out."""
    loose = (Assignment(1, None), Assignment(1, None), Assignment(0, 1), Assignment(99, 1))

    problems = document_problems(replace(CLEAN, assignments=loose)).problems

    assert [(problem.code, problem.message) for problem in problems] == [
        ("ASSIGNMENT_NOBODY", "Naming no resource, left out; the work stays with the task (2 assignments)."),
        ("ASSIGNMENT_NO_TASK", "Belonging to no task of the file, left out (1 assignment)."),
        ("ASSIGNMENT_UNFIT", "On a summary or milestone, which takes none, left out (1 assignment)."),
    ]


def test_problems_of_one_code_are_bounded() -> None:
    """Of 120 self-links 50 are listed and the rest is counted."""
    document = replace(CLEAN, links=tuple(Link(1, 1) for _ in range(120)))

    problems = document_problems(document).problems

    assert len(problems) == 51
    assert problems[-1].message == (
        "70 more like: A link from a task to itself or to its own summary is left out."
    )


def test_problems_found_while_reading_stay() -> None:
    """What the reader noticed is kept beside what the document shows."""
    noticed = problem(Severity.ERROR, "IGNORED_PART", Place.FILE, count=1, kinds="Cut")

    assert document_problems(CLEAN, [noticed]).problems == (noticed,)
