"""What of a document becomes rows of a plan, and what the reader is told (SCH-9, SCH-10, CON-6)."""

from datetime import date, datetime
from typing import Any

from projects.interchange.document import (
    Assignment,
    Calendar,
    CalendarException,
    Interval,
    Problem,
    ProjectDocument,
    ProjectOptions,
    Resource,
    Task,
    Weekdays,
)
from projects.interchange.takeover import TakenOver, take_over
from projects.interchange.vocabulary import ProgressMode, TaskKind

WORKS = Weekdays(*[(Interval(480, 720),)] * 5, (), ())


def _document(*tasks: Task, **parts: Any) -> ProjectDocument:
    options = parts.pop("options", ProjectOptions(name="Plan"))
    return ProjectDocument(options=options, tasks=tasks, **parts)


def _codes(taken: TakenOver) -> list[str]:
    return [problem.code for problem in taken.problems]


def _problem(taken: TakenOver, code: str) -> Problem:
    return next(problem for problem in taken.problems if problem.code == code)


def test_rows_follow_the_order_of_the_sheet() -> None:
    """Rows of one summary stand in the order of their ids, whatever the order in the file."""
    taken = take_over(_document(Task(7, "B", id=2), Task(9, "A", id=1), Task(4, "C", id=3, parent_uid=7)))

    assert [(item.task.name, item.wbs, item.parent_uid) for item in taken.tasks] == [
        ("A", "1", None),
        ("B", "2", None),
        ("C", "2.1", 7),
    ]
    assert [item.kind for item in taken.tasks] == [TaskKind.TASK, TaskKind.SUMMARY, TaskKind.TASK]


def test_row_of_project_is_left_out_and_told() -> None:
    top = Task(0, "Plan", kind=TaskKind.SUMMARY, is_project=True)

    taken = take_over(_document(top, Task(1, "A", parent_uid=0)))

    assert [item.wbs for item in taken.tasks] == ["1"]
    assert _codes(taken) == ["PROJECT_ROW"]


def test_summaries_too_deep_are_dissolved_and_told() -> None:
    """A plan is ten levels deep; the rows below are kept and move up."""
    chain = [Task(n, f"L{n}", id=n, parent_uid=n - 1 if n > 1 else None) for n in range(1, 15)]

    taken = take_over(_document(*chain))

    assert max(len(item.numbers) for item in taken.tasks) == 11
    assert [item.task.name for item in taken.tasks][-1] == "L14"
    assert _problem(taken, "TOO_DEEP").where == "Task 11 L11, 12 L12, 13 L13"


def test_rows_in_a_ring_are_left_out_and_told() -> None:
    """ORG-1: a row cannot be part of itself."""
    taken = take_over(_document(Task(1, "A", parent_uid=2), Task(2, "B", parent_uid=1), Task(3, "C")))

    assert [item.task.name for item in taken.tasks] == ["C"]
    assert _codes(taken) == ["TASK_RING"]


def test_actual_dates_are_put_in_order_and_told() -> None:
    early, late = datetime(2026, 3, 2, 8), datetime(2026, 3, 4, 17)
    reversed_dates = Task(1, "A", actual_start=late, actual_finish=early)
    no_start = Task(2, "B", start=early, actual_finish=late, percent_complete=130)

    taken = take_over(_document(reversed_dates, no_start))

    assert [(item.task.actual_start, item.task.actual_finish) for item in taken.tasks] == [
        (late, None),
        (early, late),
    ]
    assert taken.tasks[1].task.percent_complete == 100
    assert {"ACTUALS_REVERSED", "ACTUAL_START_MISSING"} <= set(_codes(taken))


def test_nothing_is_left_where_all_is_done_and_no_finish_known() -> None:
    """SCH-23: files say nothing of 0 minutes left; elsewhere what they do not say stays unknown."""
    begun: Any = {"duration": 960.0, "actual_start": datetime(2026, 3, 2, 8)}
    taken = take_over(
        _document(
            Task(1, "Done", percent_complete=100.0, **begun),
            Task(2, "Begun", percent_complete=99.0, **begun),
            Task(3, "Told", percent_complete=100.0, remaining_duration=60.0, **begun),
            Task(4, "Waiting", percent_complete=100.0),
        )
    )

    assert [item.task.remaining_duration for item in taken.tasks] == [0.0, None, 60.0, None]


def test_data_date_is_the_last_day_of_progress_where_the_file_has_none() -> None:
    """CON-6: midnight belongs to the day before."""
    done = Task(1, "A", actual_start=datetime(2026, 3, 2, 8), actual_finish=datetime(2026, 3, 5))

    taken = take_over(_document(done))

    assert taken.data_date == date(2026, 3, 4)
    assert _codes(taken) == ["NO_STATUS_DATE"]


def test_actuals_after_the_status_date_are_told() -> None:
    done = Task(1, "A", id=1, actual_start=datetime(2026, 3, 9, 8))

    taken = take_over(_document(done, options=ProjectOptions(name="Plan", status_date=date(2026, 3, 6))))

    assert taken.data_date == date(2026, 3, 6)
    assert _problem(taken, "FUTURE_ACTUAL").where == "Task 1"


def test_calendars_follow_their_bases_and_lost_bases_are_told() -> None:
    calendars = (
        Calendar(3, "Night", parent_uid=2),
        Calendar(2, "Site", parent_uid=1),
        Calendar(1, "Standard", weekdays=WORKS),
        Calendar(4, "Lost", parent_uid=99),
    )

    taken = take_over(_document(calendars=calendars, options=ProjectOptions(default_calendar_uid=3)))

    order = [calendar.uid for calendar in taken.calendars]
    assert order.index(1) < order.index(2) < order.index(3)
    assert taken.default_calendar_uid == 3
    assert _codes(taken) == ["CALENDAR_BASE"]
    assert next(item for item in taken.calendars if item.uid == 4).parent_uid is None


def test_hours_that_overlap_are_put_in_order_and_told() -> None:
    wrong = Calendar(
        1,
        "Standard",
        weekdays=Weekdays(monday=(Interval(600, 720), Interval(480, 660))),
        exceptions=(CalendarException(date(2026, 3, 5), date(2026, 3, 4)),),
    )

    taken = take_over(_document(calendars=(wrong,), options=ProjectOptions(default_calendar_uid=1)))

    assert taken.calendars[0].weekdays.monday == (Interval(480, 720),)
    assert taken.calendars[0].exceptions == ()
    assert _codes(taken) == ["CALENDAR_TIMES"]


def test_calendar_without_working_time_is_not_the_project_calendar() -> None:
    """SCH-5: the engine cannot count with it."""
    taken = take_over(
        _document(calendars=(Calendar(1, "Empty"),), options=ProjectOptions(default_calendar_uid=1))
    )

    assert taken.default_calendar_uid is None
    assert _codes(taken) == ["DEFAULT_CALENDAR_EMPTY"]


def test_assignments_are_added_up_and_unfit_ones_left_out() -> None:
    """SCH-35: milestones take none; one line for each resource of a task."""
    document = _document(
        Task(1, "A"),
        Task(2, "M", kind=TaskKind.FINISH_MILESTONE),
        resources=(Resource(5, "Ann"),),
        assignments=(
            Assignment(1, 5, 0.5, 60),
            Assignment(1, 5, 0.5, 30),
            Assignment(2, 5),
            Assignment(1, None),
            Assignment(1, 77),
        ),
    )

    taken = take_over(document)

    assert taken.assignments == (Assignment(1, 5, 1.0, 90),)
    assert _codes(taken) == ["ASSIGNMENT_REPEATED", "ASSIGNMENT_STRANGER"]


def test_habits_the_portal_does_not_have_are_told() -> None:
    options = ProjectOptions(name="Plan", progress_mode=ProgressMode.ACTUAL_DATES)

    assert _codes(take_over(_document(options=options))) == ["ACTUAL_DATES"]
