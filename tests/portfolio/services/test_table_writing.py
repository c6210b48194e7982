"""A table is read and prepared first, and written in bulk in one short transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pmo_portal.audit.models import AuditEntry
from pmo_portal.audit.services.anchors import verify_trail
from pmo_portal.common.errors import Conflict
from pmo_portal.common.models import Job
from portfolio.models import Portfolio, PortfolioComponent
from portfolio.services.import_mappings import remember_mapping
from portfolio.services.structure import create_portfolio
from portfolio.services.table_writing import TableOrder, carry_out, import_file
from projects.choices import ProjectState
from projects.models import (
    Baseline,
    BudgetLine,
    ForecastLine,
    FormerProject,
    FormerTask,
    Project,
    Task,
    TaskProgress,
)
from projects.services.projects import create_project, edit_project
from tests.portfolio.services.test_table_imports import HEADER, mapping

pytestmark = pytest.mark.django_db
FIRST, SECOND = date(2025, 3, 31), date(2026, 3, 31)


@pytest.fixture
def roads() -> Portfolio:
    """Return an empty portfolio and the mapping of its tables."""
    remember_mapping(actor=None, name="small", mapping=mapping())
    return create_portfolio(actor=None, code="roads", name="Roads")


def table(folder: Path, rows: int, *, finish: str = "2027-12-31", name: str = "Project") -> Path:
    """Write a table with so many rows."""
    path = folder / f"{rows}-{finish}-{name}.csv"
    lines = [f"{name} {number} alpha,Green,2024-01-08,{finish},10" for number in range(rows)]
    path.write_text("\n".join([HEADER.decode().strip().replace(";", ","), *lines]) + "\n")
    return path


def take(portfolio: Portfolio, path: Path, day: date) -> dict[str, Any]:
    """Import a table."""
    return import_file(
        actor=None, path=path, portfolio=portfolio, mapping_name="small", now=timezone.now(), as_of=day
    )


def statements(portfolio: Portfolio, path: Path, day: date) -> int:
    """Return the number of statements an import takes."""
    with CaptureQueriesContext(connection) as found:
        take(portfolio, path, day)
    return len(found)


def test_statements_do_not_grow_with_rows(roads: Portfolio, tmp_path: Path) -> None:
    """The same number at 1 and 30 rows, for new projects and for known ones."""
    other = create_portfolio(actor=None, code="rails", name="Rails")
    take(create_portfolio(actor=None, code="warm", name="Warm"), table(tmp_path, 1, name="Warm"), FIRST)

    created = [
        statements(roads, table(tmp_path, 1), FIRST),
        statements(other, table(tmp_path, 30, name="Line"), FIRST),
    ]
    updated = [
        statements(roads, table(tmp_path, 1, finish="2028-12-31"), SECOND),
        statements(other, table(tmp_path, 30, name="Line", finish="2028-12-31"), SECOND),
    ]

    assert created[0] == created[1]
    assert updated[0] == updated[1]
    assert Project.objects.count() == 32


def test_everything_of_a_row_is_written(roads: Portfolio, tmp_path: Path) -> None:
    """Project, node, place, plan, baseline, progress, budget, forecast, status and trail."""
    take(roads, table(tmp_path, 2), FIRST)

    project = Project.objects.select_related("node", "component").get(name="Project 1 alpha")
    tasks = Task.objects.filter(project=project).order_by("sort_path")
    rows = [
        (row.uid, row.wbs, row.name, row.is_key_milestone, row.actual_finish is not None) for row in tasks
    ]
    assert rows == [(1, "1", "Start", False, True), (2, "2", "Delivery complete", True, False)]
    assert project.node.path == f"{roads.node.path}{project.node_id}/"
    assert (project.component.joined_on, project.component.table_series) == (FIRST, "small")
    baseline = Baseline.objects.get(project=project)
    assert (baseline.number, baseline.rows.count(), baseline.is_current) == (0, 2, True)
    assert TaskProgress.objects.filter(task__project=project, data_date=FIRST).count() == 2
    assert BudgetLine.objects.get(project=project).amount == Decimal(10_000_000)
    assert ForecastLine.objects.get(project=project).etc_amount == Decimal(10_000_000)
    entries = AuditEntry.objects.filter(node=project.node).order_by("sequence")
    assert list(entries.values_list("action", flat=True)) == [
        "project.created",
        "tasks.created",
        "baseline.set",
        "budget_line.created",
        "forecast.set",
        "status.published",
    ]


def test_trail_of_a_bulk_import_holds(roads: Portfolio, tmp_path: Path, settings: Any) -> None:
    """The chain of MACs goes through thousands of prepared entries as through single ones (SEC-57)."""
    settings.DATA_DIR = tmp_path
    take(roads, table(tmp_path, 30), FIRST)
    take(roads, table(tmp_path, 30, finish="2028-12-31"), SECOND)

    assert verify_trail() == []
    changed = AuditEntry.objects.filter(action="project.changed").order_by("sequence")[0]
    assert changed.before == {"planned_finish": "2027-12-31", "data_date": "2025-03-31"}
    assert changed.after == {"planned_finish": "2028-12-31", "data_date": "2026-03-31"}


def test_services_of_one_project_go_on_after_a_bulk_import(roads: Portfolio, tmp_path: Path) -> None:
    """Numbers, codes and keys continue; nothing collides."""
    take(roads, table(tmp_path, 3), FIRST)

    own = create_project(actor=None, parent_node=roads.node, name="Own")
    take(roads, table(tmp_path, 4), FIRST)

    codes = Project.objects.order_by("pk").values_list("code", flat=True)
    assert list(codes) == ["PRJ-0001", "PRJ-0002", "PRJ-0003", own.code, "PRJ-0005"]
    assert own.code == "PRJ-0004"


def order_of(portfolio: Portfolio, path: Path, day: date) -> TableOrder:
    """Return an order as the wizard gives it."""
    return TableOrder(
        actor=None,
        path=path,
        source=path.name,
        portfolio=portfolio,
        mapping=mapping(),
        mapping_name="small",
        now=timezone.now(),
        as_of=day,
    )


def test_change_between_reading_and_writing_is_seen(roads: Portfolio, tmp_path: Path) -> None:
    """Prepared rows never overwrite what somebody saved meanwhile: all is read again (SEC-30)."""
    take(roads, table(tmp_path, 1), FIRST)
    project = Project.objects.get()
    opened = []

    @contextmanager
    def meanwhile() -> Iterator[dict[str, Any]]:
        if not opened:
            edit_project(actor=None, project=project, changes={"category": "Site"}, expected_version=None)
        opened.append(1)
        with transaction.atomic():
            yield {}

    carry_out(
        order_of(roads, table(tmp_path, 1, finish="2028-12-31"), SECOND),
        within=meanwhile,
        keep=lambda _home, _plan: None,
    )

    project.refresh_from_db()
    assert (len(opened), project.category, project.planned_finish) == (2, "Site", date(2028, 12, 31))
    assert project.reports.count() == 2


def test_portfolio_that_never_rests_is_refused(roads: Portfolio, tmp_path: Path) -> None:
    """After five tries the import gives up and leaves nothing."""
    take(roads, table(tmp_path, 1), FIRST)
    project = Project.objects.get()

    @contextmanager
    def restless() -> Iterator[dict[str, Any]]:
        category = "Site" if Project.objects.get().category != "Site" else "Net"
        edit_project(actor=None, project=project, changes={"category": category}, expected_version=None)
        with transaction.atomic():
            yield {}

    with pytest.raises(Conflict, match="kept changing"):
        carry_out(
            order_of(roads, table(tmp_path, 1), SECOND), within=restless, keep=lambda _home, _plan: None
        )

    assert project.reports.count() == 1


def test_closed_project_and_later_data_date_add_history_only(roads: Portfolio, tmp_path: Path) -> None:
    """A row about a closed project, or one known to a later day, changes none of its facts."""
    take(roads, table(tmp_path, 2), FIRST)
    Project.objects.filter(name="Project 0 alpha").update(state=ProjectState.CLOSED)
    Project.objects.filter(name="Project 1 alpha").update(data_date=date(2026, 6, 30))

    plan = take(roads, table(tmp_path, 2, finish="2029-12-31"), SECOND)

    assert plan["counts"]["LATER_KNOWN"] == 2
    finishes = Project.objects.values_list("planned_finish", flat=True)
    assert set(finishes) == {date(2027, 12, 31)}
    assert sum(project.reports.count() for project in Project.objects.all()) == 4


def test_project_with_a_plan_of_its_own_keeps_it(roads: Portfolio, tmp_path: Path) -> None:
    """A table adds no milestones and no baseline to a plan that people made."""
    own = create_project(actor=None, parent_node=roads.node, name="Project 0 alpha")
    PortfolioComponent.objects.create(project=own, portfolio=roads)
    Task.objects.create(project=own, uid=1, name="Design", wbs="1", sort_path="00000")

    plan = take(roads, table(tmp_path, 1), FIRST)

    assert plan["counts"]["UPDATE"] == 1
    assert list(own.tasks.values_list("name", flat=True)) == ["Design"]
    assert not own.baselines.exists()


def test_import_orders_one_roll_up_a_day(roads: Portfolio, tmp_path: Path) -> None:
    """The days its statuses speak of and today are rolled up at once, not project by project."""
    take(roads, table(tmp_path, 5), FIRST)

    jobs = Job.objects.filter(name="portfolio.roll_up_day").order_by("key").values_list("key", flat=True)
    assert jobs[0] == "2025-03-31"
    assert len(jobs) == 2
    assert not Job.objects.filter(name="portfolio.refresh_health").exists()


def test_known_project_keeps_what_it_was(roads: Portfolio, tmp_path: Path) -> None:
    """A later status counts as known on its day, so the days before it can be computed again (SEC-37)."""
    take(roads, table(tmp_path, 2), FIRST)
    older, newer = Project.objects.order_by("pk")
    made_at = datetime(2025, 4, 1, 8, tzinfo=UTC)
    Project.objects.filter(pk=older.pk).update(created_at=made_at)

    take(roads, table(tmp_path, 2, finish="2028-12-31"), SECOND)

    header = FormerProject.objects.get()
    assert (header.project_id, header.known_until, header.data_date) == (older.pk, date(2026, 3, 30), FIRST)
    row = FormerTask.objects.get()
    assert (row.name, row.known_until, row.is_reported) == ("Delivery complete", date(2026, 3, 30), True)
    assert row.planned_finish is not None
    assert row.planned_finish.date() == date(2027, 12, 31)
    entry = TaskProgress.objects.get(task__project=older, task__is_key_milestone=True, data_date=SECOND)
    assert entry.recorded_at == datetime(2026, 3, 31, 12, tzinfo=UTC)
    assert not FormerProject.objects.filter(project=newer).exists()


def test_code_of_the_source_keeps_its_case(roads: Portfolio, tmp_path: Path) -> None:
    """A later table that writes the reference otherwise, under another name, is about the same project."""
    own = mapping()
    coded = replace(own, columns={**own.columns, "code": ("Number",)})
    remember_mapping(actor=None, name="coded", mapping=coded)
    head = "Number," + HEADER.decode().strip().replace(";", ",")
    path = tmp_path / "coded.csv"
    for day, row in ((FIRST, "A-1,North,Green,2024-01-08,2027-12-31,10"), (SECOND, "a-1,Polar,Green,,,10")):
        path.write_text(f"{head}\n{row}\n")
        import_file(
            actor=None, path=path, portfolio=roads, mapping_name="coded", now=timezone.now(), as_of=day
        )

    (project,) = Project.objects.all()
    assert (project.code, project.source_reference, project.data_date) == ("A-1", "A-1", SECOND)
