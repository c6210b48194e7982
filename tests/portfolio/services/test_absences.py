"""Projects a later table leaves out leave the portfolio, and come back when one names them (HLT-8)."""

import io
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from portfolio.models import ComponentAbsence, Portfolio, PortfolioComponent
from portfolio.selectors.comparisons import compare
from portfolio.selectors.dashboards import dashboard
from portfolio.selectors.project_lists import ProjectFilters, project_list
from portfolio.services.import_mappings import remember_mapping
from portfolio.services.rollups import start_rollup
from portfolio.services.structure import create_portfolio
from portfolio.services.table_writing import import_file
from projects.models import Project, StatusReport
from tests import factories
from tests.portfolio.services.test_table_imports import HEADER, mapping

pytestmark = pytest.mark.django_db
DAYS = (date(2024, 3, 31), date(2025, 3, 31), date(2026, 3, 31))
BOTH = HEADER + b"Bridge;Amber;;2027-12-31;10\nRoad;Green;;;5\n"
BRIDGE = HEADER + b"Bridge;Amber;;2027-12-31;10\n"


@pytest.fixture
def roads() -> Portfolio:
    """Return an empty portfolio and the mapping of its tables."""
    remember_mapping(actor=None, name="small", mapping=mapping())
    return create_portfolio(actor=None, code="roads", name="Roads")


@pytest.fixture
def paula() -> User:
    """Return Paula, who sees everything."""
    person = factories.user("Paula")
    factories.grant(person, Role.PMO_HEAD, organization_node())
    return person


def take(
    portfolio: Portfolio, folder: Path, content: bytes, day: date, leavers: str | None = None
) -> dict[str, Any]:
    """Import a small table and return its plan."""
    path = folder / f"{day.year}.csv"
    path.write_bytes(content)
    return import_file(
        actor=None,
        path=path,
        portfolio=portfolio,
        mapping_name="small",
        now=timezone.now(),
        as_of=day,
        leavers=leavers,
    )


def stays() -> list[tuple[str, date, date | None]]:
    """Return all absences."""
    rows = ComponentAbsence.objects.order_by("component__project__name", "left_on")
    return list(rows.values_list("component__project__name", "left_on", "returned_on"))


def test_project_left_out_by_a_later_edition_leaves(roads: Portfolio, tmp_path: Path) -> None:
    """The plan names it with its last status; the trail says since when."""
    take(roads, tmp_path, BOTH, DAYS[0])

    plan = take(roads, tmp_path, BRIDGE, DAYS[1])

    road = Project.objects.get(name="Road")
    assert plan["leavers"] == {
        "left_on": "2025-03-31",
        "proposal": "LEAVE",
        "decision": "LEAVE",
        "projects": [{"code": road.code, "name": "Road", "last_status": "2024-03-31"}],
    }
    assert (plan["left"], stays()) == (1, [("Road", DAYS[1], None)])
    entry = AuditEntry.objects.get(action="portfolio.project_left")
    assert (entry.object_id, entry.after["left_on"]) == (str(road.pk), "2025-03-31")
    assert road.reports.count() == 1


@pytest.mark.parametrize(
    ("content", "leavers", "proposal"),
    [(BRIDGE, "KEEP", "LEAVE"), (HEADER + b"Harbor;Red;;;1\n", None, "KEEP")],
    ids=["the person keeps them", "not a full edition"],
)
def test_projects_stay(
    roads: Portfolio, tmp_path: Path, content: bytes, leavers: str | None, proposal: str
) -> None:
    """They stay when the person says so, and when the table names fewer than a third of them."""
    take(roads, tmp_path, BOTH, DAYS[0])

    plan = take(roads, tmp_path, content, DAYS[1], leavers)

    assert (plan["leavers"]["proposal"], plan["left"], stays()) == (proposal, 0, [])
    assert "Road" in [each["name"] for each in plan["leavers"]["projects"]]


def test_project_named_again_comes_back(roads: Portfolio, tmp_path: Path) -> None:
    """Its gap stays in the record, and closes on the day of the new status."""
    take(roads, tmp_path, BOTH, DAYS[0])
    take(roads, tmp_path, BRIDGE, DAYS[1])

    plan = take(roads, tmp_path, BOTH, DAYS[2])

    assert plan["returned"] == 1
    assert [line["name"] for line in plan["lines"] if line.get("returns")] == ["Road"]
    assert stays() == [("Road", DAYS[1], DAYS[2])]
    assert AuditEntry.objects.filter(action="portfolio.project_returned").count() == 1


def test_corrected_edition_of_the_same_day_takes_the_leaving_back(roads: Portfolio, tmp_path: Path) -> None:
    """A project that was forgotten in the file never left."""
    take(roads, tmp_path, BOTH, DAYS[0])
    take(roads, tmp_path, BRIDGE, DAYS[1])

    take(roads, tmp_path, BOTH, DAYS[1])

    assert stays() == []


def test_older_edition_dismisses_nobody(roads: Portfolio, tmp_path: Path) -> None:
    """A table of the past says nothing about who is there now."""
    take(roads, tmp_path, BOTH, DAYS[1])

    plan = take(roads, tmp_path, BRIDGE, DAYS[0])

    assert (plan["leavers"]["projects"], stays()) == ([], [])


def test_project_in_a_refused_row_is_not_missing(roads: Portfolio, tmp_path: Path) -> None:
    """The table names it, though twice, so it did not leave."""
    take(roads, tmp_path, BOTH, DAYS[0])

    plan = take(roads, tmp_path, BRIDGE + b"Road;Red;;;1\nRoad;Green;;;2\n", DAYS[1])

    assert (plan["counts"]["REFUSED"], plan["leavers"]["projects"]) == (2, [])


def test_project_made_by_hand_is_not_missing(roads: Portfolio, tmp_path: Path) -> None:
    """Only what tables brought in can be missing in a table."""
    take(roads, tmp_path, BRIDGE, DAYS[0])
    own = factories.project(name="Own")
    PortfolioComponent.objects.update_or_create(project=own, defaults={"portfolio": roads})

    plan = take(roads, tmp_path, BRIDGE, DAYS[1])

    assert plan["leavers"]["projects"] == []


def test_left_projects_count_no_more_from_that_day(
    roads: Portfolio, paula: User, tmp_path: Path, drain: Callable[[], int]
) -> None:
    """As-of pages before the day still show them; sums, lists and comparison after it do not (HLT-8)."""
    take(roads, tmp_path, BOTH, DAYS[0])
    take(roads, tmp_path, BRIDGE, DAYS[1])
    take(roads, tmp_path, BOTH, DAYS[2])
    drain()

    boards = [dashboard(paula, roads, day) for day in DAYS]
    lists = [
        [
            row.name
            for row in project_list(paula, ProjectFilters(portfolio=roads), as_of=day, sort="name").rows
        ]
        for day in DAYS
    ]
    first, second = compare(paula, roads, DAYS[0], DAYS[1]), compare(paula, roads, DAYS[1], DAYS[2])
    road = Project.objects.get(name="Road").code
    assert [board.projects_total for board in boards] == [2, 1, 2]
    assert [board.budget for board in boards] == [
        Decimal(15_000_000),
        Decimal(10_000_000),
        Decimal(15_000_000),
    ]
    assert lists == [["Bridge", "Road"], ["Bridge"], ["Bridge", "Road"]]
    assert first is not None
    assert second is not None
    assert (first.result.joined, first.result.left) == ((), (road,))
    assert (second.result.joined, second.result.left) == ((road,), ())


def test_rows_of_a_day_after_leaving_are_left_out(
    roads: Portfolio, paula: User, tmp_path: Path, drain: Callable[[], int]
) -> None:
    """Figures that were computed before the table came do not linger."""
    take(roads, tmp_path, BOTH, DAYS[0])
    start_rollup(actor=None, as_of=DAYS[1])
    drain()
    assert dashboard(paula, roads, DAYS[1]).projects_total == 2

    take(roads, tmp_path, BRIDGE, DAYS[1])
    drain()

    assert dashboard(paula, roads, DAYS[1]).projects_total == 1


def run_year(folder: Path, year: int, *options: str) -> dict[str, Any]:
    """Import a year of the GMPP file by the command; return its plan."""
    out = io.StringIO()
    path = str(folder / f"uk_{year}.csv")
    call_command("import_portfolio", path, "--mapping", "uk-gmpp", "--json", *options, stdout=out)
    plan: dict[str, Any] = json.loads(out.getvalue())
    return plan


def test_three_real_years_who_came_left_and_returned(oracle_dir: Path) -> None:
    """Exact counts of 2018, 2019 and 2021; every row and every project is accounted for."""
    plans = [run_year(oracle_dir / "portfolio", year) for year in (2018, 2019, 2021)]

    figures = [
        (plan["counts"]["CREATE"], plan["counts"]["UPDATE"], plan["left"], plan["returned"]) for plan in plans
    ]
    present = [PortfolioComponent.objects.known_on(date(year, 3, 31)).count() for year in (2018, 2019, 2021)]
    assert figures == [(133, 0, 0, 0), (28, 105, 28, 0), (114, 70, 64, 1)]
    assert present == [plan["rows_total"] - plan["counts"]["REFUSED"] for plan in plans]
    assert all(plan["counts"]["REFUSED"] == 0 for plan in plans)
    assert StatusReport.objects.count() == sum(plan["rows_total"] for plan in plans)


def test_command_keeps_leavers_when_told(oracle_dir: Path) -> None:
    """``--leavers keep`` leaves everybody where they are."""
    folder = oracle_dir / "portfolio"
    run_year(folder, 2018)

    plan = run_year(folder, 2019, "--leavers", "keep")

    assert (plan["left"], len(plan["leavers"]["projects"])) == (0, 28)
    assert not ComponentAbsence.objects.exists()
