"""A schedule with a bit of everything, read to the last field (issue section 4, Schedules; domain 5.1)."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from projects.interchange.document import (
    Assignment,
    Baseline,
    BaselineRow,
    CalendarException,
    Interval,
    Link,
    ProjectDocument,
    Resource,
    Task,
)
from projects.interchange.reading import read_schedule
from projects.interchange.vocabulary import (
    Constraint,
    Convention,
    DurationKind,
    LagCalendar,
    LagUnit,
    LinkType,
    TaskKind,
    TaskType,
)
from tests.projects.interchange.samples import BRIDGE, KNOWN_MPP, TWO_PROJECTS, mspdi


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> ProjectDocument:
    """Return the bridge as read from the XML of Microsoft Project."""
    path = tmp_path_factory.mktemp("bridge") / "bridge.xml"
    path.write_bytes(mspdi(BRIDGE))
    (document,) = read_schedule(path)
    return document


def test_options_of_project_are_read(bridge: ProjectDocument) -> None:
    """Name, dates, units and the habits of the tool."""
    options = bridge.options

    assert (options.name, options.convention, options.file_format) == (
        "Bridge",
        Convention.MICROSOFT,
        "MSPDI",
    )
    assert (options.start, options.status_date) == (datetime(2026, 3, 2, 8), date(2026, 3, 6))
    assert (options.minutes_per_day, options.minutes_per_week, options.days_per_month) == (480, 2400, 20)
    assert (options.currency, options.default_calendar_uid) == ("EUR", 1)
    assert options.lag_calendar is LagCalendar.SUCCESSOR


def test_calendar_keeps_pattern_exceptions_and_parent(bridge: ProjectDocument) -> None:
    """00:00 as an end is midnight; the yearly exception is expanded; a day without pattern inherits."""
    standard, ann = bridge.calendars

    assert standard.weekdays.monday == (Interval(480, 720), Interval(780, 1440))
    assert (standard.weekdays.tuesday, standard.weekdays.sunday) == (None, ())
    assert standard.exceptions == (
        CalendarException(date(2026, 4, 6), date(2026, 4, 7), "Easter"),
        CalendarException(date(2026, 5, 1), date(2026, 5, 1), "Labour Day", is_recurring=True),
        CalendarException(date(2027, 5, 1), date(2027, 5, 1), "Labour Day", is_recurring=True),
        CalendarException(date(2028, 5, 1), date(2028, 5, 1), "Labour Day", is_recurring=True),
    )
    assert (ann.parent_uid, ann.is_personal, ann.weekdays.monday) == (1, True, None)


def test_task_in_progress_is_read_whole(bridge: ProjectDocument) -> None:
    """Durations in minutes, money as Decimal, the custom field by its alias."""
    assert bridge.tasks[2] == Task(
        uid=2,
        id=2,
        name="Dig",
        parent_uid=1,
        wbs="1.1",
        outline_number=bridge.tasks[2].outline_number,
        outline_level=2,
        duration=2400.0,
        remaining_duration=1200.0,
        start=datetime(2026, 3, 2, 8),
        finish=datetime(2026, 3, 6, 17),
        actual_start=datetime(2026, 3, 2, 8),
        percent_complete=50.0,
        percent_physical=40.0,
        work=2400.0,
        task_type=TaskType.FIXED_DURATION,
        constraint=Constraint.SNET,
        constraint_date=datetime(2026, 3, 2, 8),
        deadline=datetime(2026, 3, 10, 17),
        priority=700,
        notes="Mind the cable.",
        cost=Decimal("4000.00"),
        actual_cost=Decimal("2000.00"),
        fixed_cost=Decimal("50.00"),
        extra={"Zone": "North"},
    )


def test_tree_and_kinds_of_rows(bridge: ProjectDocument) -> None:
    """Row 0 is the project; a milestone after something is a finish milestone; elapsed runs on the clock."""
    assert [(task.uid, task.parent_uid, task.kind) for task in bridge.tasks] == [
        (0, None, TaskKind.SUMMARY),
        (1, 0, TaskKind.SUMMARY),
        (2, 1, TaskKind.TASK),
        (3, 1, TaskKind.TASK),
        (4, 0, TaskKind.FINISH_MILESTONE),
    ]
    assert [task.is_project for task in bridge.tasks] == [True, False, False, False, False]
    assert (bridge.tasks[3].duration, bridge.tasks[3].duration_kind) == (2880.0, DurationKind.ELAPSED)


def test_links_keep_type_and_lag(bridge: ProjectDocument) -> None:
    """A percent lag stays a percentage; a lead is negative; the link on the summary is kept as it is."""
    assert bridge.links == (
        Link(2, 3, LinkType.SS, 25.0, LagUnit.PERCENT),
        Link(1, 4, LinkType.FS, -480.0),
    )
    assert "LINK_SUMMARY" in [problem.code for problem in bridge.problems]


def test_resources_assignments_and_baseline(bridge: ProjectDocument) -> None:
    """Units are shares of one full time, rates are per hour."""
    assert bridge.resources == (
        Resource(1, "Ann", 1, calendar_uid=2, max_units=0.5, rate=Decimal("80.00"), email="ann@example.org"),
    )
    assert bridge.assignments == (
        Assignment(
            task_uid=2,
            resource_uid=1,
            units=0.5,
            work=2400.0,
            actual_work=1200.0,
            remaining_work=1200.0,
            cost=Decimal("3200.00"),
            start=datetime(2026, 3, 2, 8),
            finish=datetime(2026, 3, 6, 17),
        ),
    )
    row = BaselineRow(
        2, datetime(2026, 3, 2, 8), datetime(2026, 3, 5, 17), 1920.0, 1920.0, Decimal("3200.00")
    )
    assert bridge.baselines == (Baseline(0, (row,)),)


def test_file_with_several_projects_gives_them_all(tmp_path: Path) -> None:
    """An XER file may hold several projects; Primavera's data date means the day before (CON-6)."""
    path = tmp_path / "two.xer"
    path.write_text(TWO_PROJECTS, encoding="cp1252", newline="\r\n")

    documents = read_schedule(path)

    assert [(item.name, [task.name for task in item.tasks]) for item in documents] == [
        ("North", ["North", "Dig"]),
        ("South", ["South", "Pour"]),
    ]
    assert [(problem.where, problem.code) for problem in documents[1].problems] == [
        ("Link A1 Dig → B1 Pour", "LINK_OUTSIDE")
    ]
    assert [item.options.convention for item in documents] == [Convention.PRIMAVERA] * 2
    assert [item.options.status_date for item in documents] == [date(2026, 3, 1)] * 2


def test_project_without_name_has_that_of_its_file(tmp_path: Path) -> None:
    """The file's name is a label, never a path (SEC-24)."""
    path = tmp_path / "Quay wall; rm -rf.xml"
    path.write_bytes(mspdi(BRIDGE).replace(b"Bridge", b""))

    (document,) = read_schedule(path)

    assert document.name == "Quay wall; rm -rf"


@pytest.mark.skipif(KNOWN_MPP is None, reason="no reference data: set PMO_ORACLE_DIR to the oracle folder")
def test_name_of_the_file_decides_nothing(tmp_path: Path) -> None:
    """A real .mpp under any other name is read all the same."""
    assert KNOWN_MPP is not None
    path = tmp_path / "plan.xml"
    path.symlink_to(KNOWN_MPP)

    assert read_schedule(path)[0].options.file_format == "MPP"
