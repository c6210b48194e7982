"""What a file has no word for is as in the plan; what somebody changed is as in the file."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from projects.interchange.document import (
    Calendar,
    CalendarException,
    Interval,
    ProjectDocument,
    ProjectOptions,
    Resource,
    Task,
    Weekdays,
    WorkWeek,
)
from projects.interchange.unsaid import with_unsaid
from projects.interchange.vocabulary import Convention, DurationKind, TaskKind

pytestmark = pytest.mark.pure
DAY = (Interval(480, 960),)
WEEK = Weekdays(DAY, DAY, DAY, DAY, DAY, (), ())
OWN = ProjectDocument(
    ProjectOptions(convention=Convention.PORTAL, default_calendar_uid=1),
    calendars=(
        Calendar(1, "Office", weekdays=WEEK, exceptions=(
            CalendarException(date(2026, 3, 9), date(2026, 3, 10), "Closed"),
        )),
    ),
    tasks=(
        Task(1, "Dig", id=1, wbs="1", outline_number="1"),
        Task(2, "Shell", id=2, wbs="2", outline_number="2", kind=TaskKind.SUMMARY),
        Task(3, "Wall", id=3, wbs="2.1", outline_number="2.1", parent_uid=2,
             duration_kind=DurationKind.ELAPSED),
        Task(4, "Roof", id=4, wbs="3", outline_number="3", priority=720, deadline=datetime(2026, 4, 1)),
    ),
)  # fmt: skip
# As P6 gives it back: below one row, activities first, days off one by one and without names.
FILE = ProjectDocument(
    ProjectOptions(file_format="XER", convention=Convention.PRIMAVERA, default_calendar_uid=7),
    calendars=(
        Calendar(7, "Office", weekdays=WEEK, exceptions=(
            CalendarException(date(2026, 3, 9), date(2026, 3, 9)),
            CalendarException(date(2026, 3, 10), date(2026, 3, 10)),
        )),
    ),
    tasks=(
        Task(9, "House", id=1, wbs="H", outline_number="1", kind=TaskKind.SUMMARY),
        Task(1, "Dig", id=2, wbs="H", outline_number="1.1", parent_uid=9, activity_id="A00010", priority=500,
             calendar_uid=7),
        Task(4, "Roof", id=3, wbs="H", outline_number="1.2", parent_uid=9, activity_id="A00030",
             priority=600),
        Task(2, "Shell", id=4, wbs="H.2", outline_number="1.3", parent_uid=9, kind=TaskKind.SUMMARY),
        Task(3, "Wall", id=5, wbs="H.2", outline_number="1.3.1", parent_uid=2, activity_id="A00020"),
    ),
)  # fmt: skip
ROWS = {1: 1, 2: 2, 3: 3, 4: 4}


def read(document: ProjectDocument = FILE) -> ProjectDocument:
    return with_unsaid(document, own=OWN, rows=ROWS)


def test_file_of_primavera_reads_as_the_plan_it_came_from() -> None:
    found = read()

    rows = {task.uid: task for task in found.tasks}
    assert rows[9].is_project
    assert [replace(rows[task.uid], parent_uid=task.parent_uid, id=task.id, outline_level=0, extra={},
                    priority=task.priority) for task in OWN.tasks] == list(OWN.tasks)  # fmt: skip
    assert [task.name for task in sorted(found.tasks, key=lambda task: task.id or 0)] == [
        "House", "Dig", "Shell", "Roof", "Wall"
    ]  # fmt: skip
    assert found.calendars == (replace(OWN.calendars[0], uid=7),)
    assert found.options.convention is Convention.PORTAL


def test_what_was_changed_in_the_other_tool_is_seen() -> None:
    tasks = {task.uid: task for task in FILE.tasks}
    tasks[1] = replace(tasks[1], activity_id="DIG-1", notes="Mind the pipes")
    tasks[4] = replace(tasks[4], priority=900)
    hours = replace(FILE.calendars[0], exceptions=FILE.calendars[0].exceptions[:1])

    found = read(replace(FILE, tasks=tuple(tasks.values()), calendars=(hours,)))

    rows = {task.uid: task for task in found.tasks}
    assert (rows[1].activity_id, rows[1].notes, rows[4].priority) == ("DIG-1", "Mind the pipes", 900)
    assert found.calendars == (hours,)


def test_weeks_that_hold_for_a_time_are_the_same_as_their_days() -> None:
    short = Weekdays((), (), (), (), (), (), ())
    own = replace(
        OWN.calendars[0], work_weeks=(WorkWeek(date(2026, 8, 3), date(2026, 8, 9), "Summer", short),)
    )
    single = tuple(CalendarException(date(2026, 8, day), date(2026, 8, day)) for day in range(3, 8))
    file = replace(FILE.calendars[0], exceptions=(*FILE.calendars[0].exceptions, *single))

    found = with_unsaid(replace(FILE, calendars=(file,)), own=replace(OWN, calendars=(own,)), rows=ROWS)

    assert found.calendars == (replace(own, uid=7),)


def test_comma_of_a_name_is_the_semicolon_microsoft_project_makes_of_it() -> None:
    """`Doe, Jane` who comes back as `Doe; Jane` is nobody new; another name is."""
    own = replace(OWN, resources=(Resource(5, "Doe, Jane"), Resource(6, "Crane 7,5 t")))
    names = ("Doe; Jane", "Crane 7;5 t", "Doe; John")
    file = ProjectDocument(
        ProjectOptions(file_format="MSPDI"),
        resources=tuple(Resource(number, name) for number, name in enumerate(names, start=1)),
    )

    found = with_unsaid(file, own=own, rows={})

    assert [item.name for item in found.resources] == ["Doe, Jane", "Crane 7,5 t", "Doe; John"]
