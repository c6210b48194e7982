"""How far computed dates agree with stored ones: by field, with the first differences, or why not."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from projects.interchange.agreement import (
    MOST_SHOWN,
    DateAgreement,
    DifferingTask,
    DifferingValue,
    FieldAgreement,
    NoComparison,
    compare_dates,
)
from projects.interchange.document import (
    Assignment,
    Calendar,
    Interval,
    Link,
    ProjectDocument,
    ProjectOptions,
    Resource,
    Task,
    Weekdays,
)
from projects.interchange.vocabulary import ScheduleFrom, TaskKind

pytestmark = pytest.mark.pure

MONDAY = datetime(2026, 3, 2, 8)
TUESDAY_EVENING = datetime(2026, 3, 3, 17)
WEDNESDAY = datetime(2026, 3, 4, 8)
WEDNESDAY_EVENING = datetime(2026, 3, 4, 17)
DIG = Task(
    uid=1,
    name="Dig",
    wbs="1",
    duration=960,
    early_start=MONDAY,
    early_finish=TUESDAY_EVENING,
    late_start=MONDAY,
    late_finish=WEDNESDAY,
    total_slack=0.4,
    is_critical=True,
)
POUR = Task(
    uid=2,
    name="Pour",
    wbs="2",
    duration=480,
    early_start=WEDNESDAY,
    early_finish=datetime(2026, 3, 9, 17),
    total_slack=480.0,
    is_critical=False,
)
FENCE = Task(uid=3, name="Fence", outline_number="3", duration=480)
TOP = Task(uid=4, name="All", kind=TaskKind.SUMMARY, early_start=MONDAY)
OPTIONS = ProjectOptions(start=MONDAY)


def _document(*tasks: Task, options: ProjectOptions = OPTIONS) -> ProjectDocument:
    known = {task.uid for task in tasks}
    links = (Link(1, 2),) if {1, 2} <= known else ()
    return ProjectDocument(options=options, tasks=tasks, links=links)


def test_each_field_counts_what_agrees_differs_and_cannot_be_compared() -> None:
    """Tuesday 17:00 and Wednesday 08:00 are the same working moment (SCH-1); summaries do not count."""
    found = compare_dates(_document(TOP, DIG, POUR, FENCE))

    assert found == DateAgreement(
        tasks=3,
        fields=(
            FieldAgreement("early_start", 2, 0, 1),
            FieldAgreement("early_finish", 1, 1, 1),
            FieldAgreement("late_start", 1, 0, 2),
            FieldAgreement("late_finish", 1, 0, 2),
            FieldAgreement("total_float", 1, 1, 1),
            FieldAgreement("critical", 1, 1, 1),
        ),
        differing=1,
        first=(
            DifferingTask(
                2,
                "2",
                "Pour",
                (
                    DifferingValue("early_finish", datetime(2026, 3, 9, 17), WEDNESDAY_EVENING),
                    DifferingValue("total_float", 480.0, 0.0),
                    DifferingValue("critical", False, True),
                ),
            ),
        ),
    )


def test_only_the_first_differing_tasks_are_named() -> None:
    wrong = [replace(FENCE, uid=number, early_start=WEDNESDAY) for number in range(10, 10 + MOST_SHOWN + 3)]

    found = compare_dates(_document(*wrong))

    assert (found.differing, len(found.first), found.first[0].uid, found.first[0].wbs) == (23, 20, 10, "3")


def test_backward_scheduled_file_is_marked() -> None:
    options = replace(OPTIONS, schedule_from=ScheduleFrom.FINISH)

    assert compare_dates(_document(DIG, options=options)).is_from_finish


def test_file_without_stored_dates_has_nothing_to_compare() -> None:
    assert compare_dates(_document(FENCE)) == DateAgreement(1, reason=NoComparison.NOT_STORED)


def test_file_without_tasks_has_nothing_to_compare() -> None:
    assert compare_dates(_document(TOP)) == DateAgreement(0, reason=NoComparison.NO_TASKS)


def test_people_who_never_work_on_the_tasks_calendar_are_the_reason() -> None:
    """SCH-5"""
    morning, evening = (Interval(480, 720),), (Interval(1080, 1320),)
    calendars = (
        Calendar(1, "Mornings", weekdays=Weekdays(*(7 * (morning,)))),
        Calendar(2, "Evenings", weekdays=Weekdays(*(7 * (evening,)))),
    )
    document = replace(
        _document(replace(DIG, calendar_uid=1)),
        calendars=calendars,
        resources=(Resource(7, "Ann", calendar_uid=2),),
        assignments=(Assignment(1, 7, units=1.0, work=960),),
    )

    assert compare_dates(document) == DateAgreement(1, reason=NoComparison.EMPTY_CALENDAR)


def test_dates_beyond_the_year_9999_are_the_reason() -> None:
    late = replace(OPTIONS, start=datetime(9998, 3, 2, 8))
    document = _document(replace(DIG, duration=480.0 * 366 * 3), options=late)

    assert date.max.year == 9999
    assert compare_dates(document) == DateAgreement(1, reason=NoComparison.OUT_OF_RANGE)


def test_duration_of_thousands_of_years_is_no_work_for_a_preview() -> None:
    """What nobody plans is refused before calendars are laid out for it; stored dates may be as far away."""
    endless = _document(replace(DIG, duration=480.0 * 260 * 3000))
    far = _document(replace(DIG, early_start=datetime(9990, 3, 2, 8)))

    assert compare_dates(endless) == DateAgreement(1, reason=NoComparison.OUT_OF_RANGE)
    assert compare_dates(far).fields[0] == FieldAgreement("early_start", 0, 1, 0)
