"""
A plan with everything there and back (XC-4).

Calendar with exceptions, lags, constraints, deadline, progress, assignments, rates, costs, baselines.
"""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from projects.interchange.document import (
    Assignment,
    Baseline,
    BaselineRow,
    Calendar,
    CalendarException,
    Interval,
    Link,
    ProjectDocument,
    ProjectOptions,
    Resource,
    Split,
    Task,
    Weekdays,
)
from projects.interchange.java import java_runtime
from projects.interchange.vocabulary import (
    Constraint,
    Convention,
    FloatMode,
    LagCalendar,
    LagUnit,
    LinkType,
    ProgressMode,
    ScheduleFormat,
    TaskKind,
)
from projects.selectors.project_documents import project_document
from tests.oracle.round_trip import SEEN, mpxj, stored, trip

# How a plan is stored is tested on both databases in tests/projects/services; here it goes through files.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.skipif(java_runtime() is None, reason="no Java runtime"),
]
DAY = (Interval(480, 720), Interval(780, 1020))
WEEK = Weekdays(DAY, DAY, DAY, DAY, DAY, (), ())
HALF = (Interval(480, 720),)


def moment(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour)


def leaf(uid: int, name: str, days: int, start: int, finish: int, **facts: object) -> Task:
    dates = {"start": moment(start, 8 if days else 17), "finish": moment(finish, 17)}
    task = Task(uid, name, parent_uid=1, outline_level=2, duration=480.0 * days, **dates, **facts)  # type: ignore[arg-type]
    return replace(task, remaining_duration=480.0 * days) if task.remaining_duration is None else task


def plan(convention: Convention) -> ProjectDocument:
    closed = CalendarException(date(2026, 3, 5), date(2026, 3, 6), "Move", ())
    half = CalendarException(date(2026, 3, 12), date(2026, 3, 12), "Half a day", HALF)
    begun = {"actual_start": moment(2, 8), "remaining_duration": 480.0, "percent_complete": 50.0}
    frozen = BaselineRow(2, moment(2, 8), moment(3, 17), 960.0, 960.0, Decimal("1234.50"))
    return ProjectDocument(
        options=ProjectOptions(
            name="Whole",
            convention=convention,
            start=moment(2, 8),
            status_date=date(2026, 3, 2),
            default_calendar_uid=1,
            currency="EUR",
        ),
        calendars=(
            Calendar(1, "Standard", weekdays=WEEK, exceptions=(closed, half)),
            Calendar(2, "Night", weekdays=replace(WEEK, saturday=HALF)),
        ),
        tasks=(
            Task(1, "Phase", kind=TaskKind.SUMMARY, outline_level=1),
            leaf(2, "Dig", 2, 2, 3, **begun),
            leaf(3, "Pour", 3, 9, 11, calendar_uid=2, fixed_cost=Decimal("99.95"), notes="Weather"),
            leaf(4, "Dry", 5, 17, 23, constraint=Constraint.SNET, constraint_date=moment(17, 8)),
            leaf(5, "Gate", 0, 23, 23, kind=TaskKind.FINISH_MILESTONE, deadline=moment(27, 17)),
        ),
        links=(
            Link(2, 3, LinkType.FS, lag=480.0),
            Link(3, 4, LinkType.SS, lag=-240.0),
            Link(3, 4, LinkType.FF, lag=25.0, lag_unit=LagUnit.PERCENT)
            if convention is Convention.MICROSOFT
            else Link(3, 4, LinkType.FF, lag=60.0),
            Link(4, 5, LinkType.FS),
        ),
        resources=(Resource(1, name="Ann", max_units=1.0, rate=Decimal("80.00")),),
        assignments=(Assignment(3, 1, units=0.5, work=720.0, actual_work=0.0, remaining_work=720.0),),
        baselines=(Baseline(0, (frozen,)), Baseline(3, (replace(frozen, cost=Decimal("1500")),))),
    )


TRIPS = [
    (Convention.MICROSOFT, ScheduleFormat.MSPDI),
    (Convention.PRIMAVERA, ScheduleFormat.XER),
    (Convention.PRIMAVERA, ScheduleFormat.PMXML),
]


@pytest.mark.parametrize(("convention", "kind"), TRIPS)
def test_whole_plan_comes_back(convention: Convention, kind: ScheduleFormat) -> None:
    with mpxj() as files:
        found = trip(plan(convention), kind, files)

    assert found.differences == ()
    assert (found.tasks, found.links) == (5, 4)


def test_money_and_baselines_come_back_from_ms_project_xml() -> None:
    with mpxj() as files:
        out = project_document(stored(plan(Convention.MICROSOFT)), rights=SEEN)
        back = project_document(stored(files.there_and_back(out, ScheduleFormat.MSPDI)), rights=SEEN)

    assert back.baselines == out.baselines
    assert [item.number for item in back.baselines] == [0, 3]
    assert [task.fixed_cost for task in back.tasks] == [task.fixed_cost for task in out.tasks]
    assert [item.rate for item in back.resources] == [Decimal("80.00")]


def test_rules_of_the_portal_come_back_from_ms_project_xml() -> None:
    """Convention, progress, float, lags and the day to finish by stand in the row of the project."""
    said = plan(Convention.PORTAL)
    rules = replace(
        said.options,
        float_mode=FloatMode.FINISH,
        progress_mode=ProgressMode.PROGRESS_OVERRIDE,
        lag_calendar=LagCalendar.ALWAYS,
        planned_start=moment(2, 8),
        must_finish_by=datetime(2026, 5, 1),
        critical_slack_limit=480.0,
    )

    with mpxj() as files:
        found = trip(replace(said, options=rules), ScheduleFormat.MSPDI, files)

    assert (found.settings, found.differences) == (frozenset(), ())


def test_day_the_plan_starts_on_comes_back_from_ms_project_xml() -> None:
    """It is kept as a day before the first task, not as a moment of the tool, which the data date follows."""
    said = plan(Convention.PORTAL)
    options = replace(said.options, planned_start=datetime(2026, 2, 26), has_start_day=True)
    first = stored(replace(said, options=options))

    with mpxj() as files:
        back = files.there_and_back(project_document(first, rights=SEEN), ScheduleFormat.MSPDI)
    second = stored(back)

    assert (first.schedule_start, second.schedule_start) == (None, None)
    assert (first.planned_start, second.planned_start) == (date(2026, 2, 26), date(2026, 2, 26))
    assert "START_MOVED" not in {problem.code for problem in back.problems}


PIECES = (Split(moment(2, 8), moment(3, 17)), Split(moment(9, 8), moment(9, 17)))


@pytest.mark.parametrize("is_assigned", [True, False])
@pytest.mark.parametrize("known", [None, date(2026, 3, 2), date(2026, 3, 5)])
def test_stretches_come_back_from_ms_project_xml(known: date | None, is_assigned: bool) -> None:
    """As work over time, of who is assigned or of nobody; done before the status date, left after it."""
    said = plan(Convention.PORTAL)
    done = 0.0 if known is None else 480.0 if known.day == 2 else 960.0
    begun = {} if known is None else {"actual_start": moment(2, 8), "percent_complete": done / 14.4}
    row = leaf(6, "Dive", 3, 2, 9, splits=PIECES, remaining_duration=1440.0 - done, **begun)
    by = (Assignment(6, 1, units=0.5, work=720.0, actual_work=done / 2, remaining_work=720.0 - done / 2),)
    split = replace(
        said,
        options=replace(said.options, status_date=known),
        tasks=(*said.tasks[:1], row),
        links=(),
        assignments=by if is_assigned else (),
        baselines=(),
    )

    with mpxj() as files:
        back = files.there_and_back(split, ScheduleFormat.MSPDI)

    (found,) = (task for task in back.tasks if task.uid == 6)
    assert (found.splits, found.duration, found.remaining_duration) == (PIECES, 1440.0, 1440.0 - done)
    assert [item.resource_uid for item in back.assignments] == [1 if is_assigned else None]


@pytest.mark.parametrize("work", [None, 0.0])
def test_stretches_of_a_task_whose_people_have_no_work_come_back(work: float | None) -> None:
    """Nobody works instead, beside who is assigned."""
    said = plan(Convention.PORTAL)
    row = leaf(6, "Dive", 3, 2, 9, splits=PIECES, remaining_duration=1440.0)
    idle = Assignment(6, 1, units=0.5, work=work, actual_work=None, remaining_work=work)
    split = replace(said, tasks=(*said.tasks[:1], row), links=(), assignments=(idle,), baselines=())

    with mpxj() as files:
        back = files.there_and_back(split, ScheduleFormat.MSPDI)

    (found,) = (task for task in back.tasks if task.uid == 6)
    assert found.splits == PIECES


@pytest.mark.parametrize(("convention", "kind"), TRIPS)
def test_rows_without_dates_come_back(convention: Convention, kind: ScheduleFormat) -> None:
    """A plan that nobody dated yet: rows, links, durations and who works on them."""
    said = plan(convention)
    undated = replace(
        said,
        options=replace(said.options, start=None, status_date=None),
        tasks=tuple(
            replace(
                task,
                start=None,
                finish=None,
                actual_start=None,
                percent_complete=0.0,
                remaining_duration=task.duration,
            )
            for task in said.tasks
        ),
        baselines=(),
    )

    with mpxj() as files:
        back = files.there_and_back(undated, kind)

    rows = {task.uid: task for task in back.tasks}
    for task in undated.tasks[1:]:
        found = rows[task.uid]
        assert (found.name, found.kind, found.duration, found.start) == (
            *(task.name, task.kind, task.duration),
            None,
        )
    assert {(link.pred, link.succ, link.type) for link in back.links} == {
        (link.pred, link.succ, link.type) for link in undated.links
    }
    assert [(item.task_uid, item.resource_uid) for item in back.assignments] == [(3, 1)]
