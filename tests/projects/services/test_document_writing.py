"""Projects written from documents: every count of the preview is stored, to the last calendar exception."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.models import Job
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
from projects.interchange.reading import read_schedule
from projects.interchange.takeover import take_over
from projects.interchange.vocabulary import (
    Constraint,
    DurationKind,
    LagCalendar,
    LagUnit,
    LinkType,
    TaskKind,
)
from projects.models import BaselineTask, Project
from projects.models import Calendar as StoredCalendar
from projects.models import CalendarException as StoredException
from projects.models import Task as StoredTask
from projects.selectors.work_calendars import load_work_calendars
from projects.services.document_writing import Incoming, last_day, write_projects
from tests import factories, needs

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 10)
SAMPLES = (
    "import/mpp9-sample.mpp",
    "import/mpp12-mpp12relations.mpp",
    "import/mpp12-calendar-calendars-project2007-mpp12.mpp",
    "raw/1185855a582b.mpp",
    "raw/0ed23cb1afbe.xml",
)


def _write(document: ProjectDocument, **choices: Any) -> Project:
    (project,) = write_projects(
        actor=None,
        incoming=[Incoming(document, **choices)],
        parent_node=factories.portfolio_node(),
        today=TODAY,
        file_name="plan.mpp",
    )
    return project


def _stored_counts(project: Project) -> dict[str, Any]:
    tasks = project.tasks.all()
    first = project.baselines.order_by("number").first()
    links = list(project.links.values_list("type", flat=True))
    return {
        "tasks": tasks.count(),
        "summaries": tasks.filter(kind="SUMMARY").count(),
        "milestones": tasks.filter(kind__in=["START_MILESTONE", "FINISH_MILESTONE"]).count(),
        "links": len(links),
        "links_by_type": {kind: links.count(kind) for kind in ("FS", "SS", "FF", "SF")},
        "resources": project.own_resources.count(),
        "assignments": sum(task.assignments.count() for task in tasks),
        "calendars": project.own_calendars.count(),
        "calendar_exceptions": StoredException.objects.filter(calendar__project=project).count(),
        "baselines": project.baselines.count(),
        "baseline_tasks": first.rows.count() if first else 0,
    }


def _oracle(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        needs.cannot_have(f"reference file {name}")
    return path


def _index(folder: Path, suffix: str) -> list[Path]:
    return sorted(path for path in (folder / "import").glob(f"*.{suffix}"))


def _at(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 3, day, hour)


WEEK = Weekdays(*[(Interval(480, 720), Interval(780, 1020))] * 5, (), ())
HOUSE = ProjectDocument(
    options=ProjectOptions(
        name="House",
        status_date=date(2026, 3, 4),
        currency="CHF",
        default_calendar_uid=2,
        lag_calendar=LagCalendar.SUCCESSOR,
        honors_constraints=True,
    ),
    calendars=(
        Calendar(
            2,
            "Site",
            parent_uid=1,
            weekdays=Weekdays(friday=(Interval(480, 720),)),
            exceptions=(
                CalendarException(date(2026, 4, 6), date(2026, 4, 7), "Easter"),
                CalendarException(date(2026, 4, 11), date(2026, 4, 11), "Extra", (Interval(480, 1440),)),
            ),
        ),
        Calendar(1, "Standard", weekdays=WEEK),
    ),
    tasks=(
        Task(0, "House", id=0, kind=TaskKind.SUMMARY, is_project=True),
        Task(10, "Shell", id=1, parent_uid=0, kind=TaskKind.SUMMARY, fixed_cost=Decimal(50)),
        Task(
            12,
            "Build",
            id=3,
            parent_uid=10,
            duration=960,
            start=_at(4),
            finish=_at(5, 17),
            constraint=Constraint.SON,
            constraint_date=_at(4),
            total_slack=0.0,
            is_critical=True,
            extra={"Zone": "North"},
            wbs="1.2",
            outline_number="1.2",
        ),
        Task(
            11,
            "Dig",
            id=2,
            parent_uid=10,
            wbs="EARTH",
            outline_number="1.1",
            duration=960,
            remaining_duration=0,
            start=_at(2),
            finish=_at(3, 17),
            actual_start=_at(2),
            actual_finish=_at(3, 17),
            percent_complete=100,
            cost=Decimal(100),
            actual_cost=Decimal(120),
            work=960,
        ),
        Task(13, "Done", id=4, parent_uid=0, kind=TaskKind.FINISH_MILESTONE, is_milestone=True, duration=0),
    ),
    links=(
        Link(11, 12, LinkType.FS, 50, LagUnit.PERCENT),
        Link(10, 13, LinkType.FS, -60, lag_kind=DurationKind.ELAPSED, lag_calendar=LagCalendar.ALWAYS),
    ),
    resources=(Resource(1, "Ann", rate=Decimal("80.5"), max_units=0.5),),
    assignments=(Assignment(11, 1, 0.5, 480), Assignment(11, 1, 0.5, 480), Assignment(13, 1)),
    baselines=(
        Baseline(
            0,
            (
                BaselineRow(10, _at(2), _at(5, 17), 1920, cost=Decimal(200)),
                BaselineRow(11, _at(2), _at(3, 17), 960, 960, Decimal(90)),
                BaselineRow(12, _at(4), _at(5, 17), 960),
            ),
        ),
        Baseline(3, (BaselineRow(11, _at(2), _at(2, 17), 480),)),
    ),
)


def test_outline_of_file_becomes_outline_of_plan() -> None:
    """The row of the project is the project itself; rows stand in the order of their ids."""
    project = _write(HOUSE, code="house")

    rows = list(project.tasks.in_order().values_list("uid", "wbs", "outline_level", "kind", "parent__uid"))
    assert rows == [
        (10, "1", 1, "SUMMARY", None),
        (11, "1.1", 2, "TASK", 10),
        (12, "1.2", 2, "TASK", 10),
        (13, "2", 1, "FINISH_MILESTONE", None),
    ]


def test_head_of_file_becomes_head_of_project() -> None:
    project = _write(HOUSE, name="Our house", code="house", is_confidential=True)

    project.refresh_from_db()
    assert (project.name, project.code, project.node.is_confidential) == ("Our house", "house", True)
    assert (project.planned_start, project.planned_finish) == (date(2026, 3, 2), date(2026, 3, 5))
    assert (project.data_date, project.state, project.currency) == (date(2026, 3, 4), "EXECUTING", "CHF")
    assert (project.convention, project.honor_hard_dates) == ("MICROSOFT", True)
    assert (project.default_lag_calendar, project.calendar.name) == ("SUCCESSOR", "Site")


def test_wall_times_are_stored_without_conversion() -> None:
    """08:00 in the file is 08:00 in the plan, whatever the zone of the server."""
    project = _write(HOUSE)

    build = StoredTask.objects.get(project=project, uid=12)
    assert build.planned_start == datetime(2026, 3, 4, 8, tzinfo=UTC)
    assert build.planned_finish == datetime(2026, 3, 5, 17, tzinfo=UTC)
    assert (build.constraint_type, build.constraint_date) == ("MSO", datetime(2026, 3, 4, 8, tzinfo=UTC))
    assert (build.total_float, build.is_critical, build.is_near_critical) == (0, True, False)
    dig = StoredTask.objects.get(project=project, uid=11)
    # A WBS code that only counts the outline is the plan's own.
    assert (build.extra, dig.extra) == ({"Zone": "North"}, {"WBS": "EARTH"})


def test_links_of_summary_become_links_of_leaves() -> None:
    """SCH-9: both leaves drive the milestone; lag, unit, kind and calendar are kept."""
    project = _write(HOUSE)

    links = set(
        project.links.values_list(
            "predecessor__uid", "successor__uid", "lag", "lag_percent", "lag_kind", "lag_calendar"
        )
    )
    assert links == {
        (11, 12, 0, Decimal(50), "WORK", ""),
        (11, 13, -60, None, "ELAPSED", "ROUND_THE_CLOCK"),
        (12, 13, -60, None, "ELAPSED", "ROUND_THE_CLOCK"),
    }


def test_ring_of_links_is_cut_and_told() -> None:
    """SCH-10: the plan stays free of rings, the preview names the tasks."""
    tasks = tuple(Task(uid, f"T{uid}", id=uid) for uid in (1, 2, 3))
    document = ProjectDocument(
        options=ProjectOptions(name="Ring"), tasks=tasks, links=(Link(1, 2), Link(2, 3), Link(3, 1))
    )

    project = _write(document)

    assert project.links.count() == 2


def test_calendars_are_stored_to_the_last_exception() -> None:
    project = _write(HOUSE)

    site = StoredCalendar.objects.get(project=project, uid="2")
    assert site.base is not None
    assert site.base.name == "Standard"
    assert site.week_pattern == {**dict.fromkeys("012356"), "4": [[480, 720]]}
    assert list(site.exceptions.order_by("start").values_list("name", "start", "finish", "intervals")) == [
        ("Easter", date(2026, 4, 6), date(2026, 4, 7), []),
        ("Extra", date(2026, 4, 11), date(2026, 4, 11), [[480, 1440]]),
    ]


def test_money_work_and_progress_are_stored() -> None:
    """The budget is that of baseline 0; costs stand on the day of the actual finish."""
    project = _write(HOUSE)

    lines = list(project.budget_lines.order_by("task__uid").values_list("task__uid", "amount", "currency"))
    assert lines == [(10, Decimal(50), "CHF"), (11, Decimal(90), "CHF")]
    cost = project.actual_costs.get()
    assert (cost.posting_date, cost.amount, cost.source) == (date(2026, 3, 3), Decimal(120), "IMPORT")
    dig = StoredTask.objects.get(project=project, uid=11)
    assignment = dig.assignments.get()
    assert (assignment.work_hours, assignment.units_percent) == (Decimal(16), Decimal(100))
    assert assignment.resource.rates.get().cost_per_hour == Decimal("80.5")
    entry = dig.progress_entries.get()
    assert (entry.data_date, entry.percent_complete) == (date(2026, 3, 4), Decimal(100))
    assert (entry.percent_physical, entry.recorded_by) == (Decimal(100), None)


def test_lowest_baseline_is_current_and_keeps_leaves_only() -> None:
    project = _write(HOUSE)

    baselines = list(
        project.baselines.order_by("number").values_list("number", "is_current", "effective_from", "bac")
    )
    assert baselines == [
        (0, True, date(2026, 3, 2), Decimal(90)),
        (3, False, date(2026, 3, 1), Decimal(100)),
    ]
    rows = BaselineTask.objects.filter(baseline__number=0).order_by("task_uid")
    assert list(rows.values_list("task_uid", "duration", "budget")) == [
        (11, 960, Decimal(90)),
        (12, 960, Decimal(0)),
    ]


def test_import_is_audited_with_counts_and_asks_for_health() -> None:
    project = _write(HOUSE)

    entry = AuditEntry.objects.get(action="project.imported")
    assert entry.object_id == str(project.pk)
    assert {**take_over(HOUSE).counts()}.items() <= entry.after.items()
    assert set(Job.objects.values_list("name", flat=True)) == {
        "portfolio.adopt_projects",
        "portfolio.refresh_health",
    }


def test_code_that_is_taken_leaves_nothing() -> None:
    """SEC-24: all or nothing, with two projects in the file."""
    from pmo_portal.common.errors import DomainError

    _write(HOUSE, code="house")
    home = factories.portfolio_node()
    before = (Project.objects.count(), StoredTask.objects.count(), AuditEntry.objects.count())

    with pytest.raises(DomainError):
        write_projects(
            actor=None,
            incoming=[Incoming(HOUSE, code="second"), Incoming(HOUSE, code="house")],
            parent_node=home,
            today=TODAY,
        )

    assert (Project.objects.count(), StoredTask.objects.count(), AuditEntry.objects.count()) == before


def test_statements_do_not_grow_with_tasks() -> None:
    """Rows are written in bulk: 40 tasks take as many statements as 10."""

    def chain(count: int) -> ProjectDocument:
        tasks = tuple(Task(uid, f"T{uid}", id=uid, duration=480) for uid in range(1, count + 1))
        links = tuple(Link(uid, uid + 1) for uid in range(1, count))
        return ProjectDocument(options=ProjectOptions(name="Chain"), tasks=tasks, links=links)

    _write(chain(1))
    counts = []
    for size in (10, 15):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            _write(chain(size))
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_count_of_preview_is_stored(oracle_dir: Path, name: str) -> None:
    documents = read_schedule(_oracle(oracle_dir, name))

    for document in documents:
        project = _write(document)
        assert _stored_counts(project) == take_over(document).counts()


@pytest.mark.parametrize("suffix", ["xer", "pmxml", "mpx", "xml", "planner"])
def test_every_format_is_stored_as_previewed(oracle_dir: Path, suffix: str) -> None:
    paths = _index(oracle_dir, suffix)
    if not paths:
        needs.cannot_have(f"reference file of the form .{suffix}")

    for document in read_schedule(paths[0]):
        project = _write(document)
        assert _stored_counts(project) == take_over(document).counts()


@pytest.mark.parametrize("name", ["import/mpp12-calendar-calendars-project2007-mpp12.mpp"])
def test_calendars_of_real_file_answer_as_the_document(oracle_dir: Path, name: str) -> None:
    """Every exception and every day of the week stands in the plan as in the document."""
    (document,) = read_schedule(_oracle(oracle_dir, name))

    project = _write(document)

    stored = {row.uid: row for row in project.own_calendars.prefetch_related("exceptions", "work_weeks")}
    for calendar in document.calendars:
        row = stored[str(calendar.uid)]
        days = [
            None if day is None else [[item.start_minute, item.end_minute] for item in day]
            for day in calendar.weekdays.days()
        ]
        assert [row.week_pattern[str(number)] for number in range(7)] == days
        assert [
            (item.name, item.start, item.finish, item.intervals)
            for item in sorted(row.exceptions.all(), key=lambda each: each.pk)
        ] == [
            (
                item.name,
                item.from_date,
                item.to_date,
                [[part.start_minute, part.end_minute] for part in item.intervals],
            )
            for item in calendar.exceptions
        ]
    assert len(load_work_calendars([row.pk for row in stored.values()])) == len(document.calendars)


@pytest.mark.parametrize(
    ("finish", "day"),
    [
        (datetime(2026, 3, 6, 17), date(2026, 3, 6)),
        (datetime(2026, 3, 7), date(2026, 3, 6)),
        (datetime(1, 1, 1), date(1, 1, 1)),
    ],
)
def test_midnight_belongs_to_the_day_before(finish: datetime, day: date) -> None:
    """Also in a file that says the first moment there is."""
    assert last_day(finish) == day


@pytest.mark.parametrize(
    ("shift", "work", "kept"),
    [
        (0, 4, [["2026-03-02T08:00", "2026-03-03T17:00"], ["2026-03-06T08:00", "2026-03-09T17:00"]]),
        (1, 4, [["2026-03-03T08:00", "2026-03-04T17:00"], ["2026-03-09T08:00", "2026-03-10T17:00"]]),
        (0, 6, None),
        (0, 3, None),
    ],
)
def test_baseline_takes_the_rests_of_its_task_where_they_make_its_duration(
    shift: int, work: int, kept: Any
) -> None:
    """CST-7: two days of work, two of rest, two of work; a day later the rest moved along."""
    day, hours = timedelta(days=1), timedelta(hours=9)
    start = datetime(2026, 3, 2, 8)
    splits = (Split(start, start + day + hours), Split(start + 4 * day, start + 7 * day + hours))
    begin, end = start + shift * day, start + (7 + shift) * day + hours
    row = BaselineRow(1, start=begin, finish=end, duration=work * 480.0)
    task = Task(uid=1, name="Dive", start=start, finish=splits[1].finish, duration=1920, splits=splits)
    document = ProjectDocument(
        options=ProjectOptions(name="Bay"), tasks=(task,), baselines=(Baseline(0, rows=(row,)),)
    )

    _write(document)
    told = {found.code for found in take_over(document).problems}

    assert BaselineTask.objects.get().stretches == kept
    assert ("BASELINE_RESTS" in told) == (shift > 0)
