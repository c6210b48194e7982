"""The earned value page and its exports: who sees which part, empty, phone-proof, queries (SEC-9, SEC-28)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from projects.models import Project
from projects.services import baselines, budgets, costs, progress
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 6)
ADDRESS = "/projects/NW-1/earned-value/"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def filled(count: int = 1) -> Project:
    """A project whose tasks of two days are half done at the end of Friday."""
    project = factories.project("NW-1", name="Substations", currency="EUR")
    made = []
    for number in range(count):
        task = factories.task(project, f"Trench {number}", planned_start=moment(2), duration=960)
        budgets.add_budget_line(
            actor=None, project=project, amount=Decimal(70_707), effective_from=DAY, task=task
        )
        made.append(task)
    baselines.set_baseline(actor=None, project=project, effective_from=date(2026, 3, 2))
    project = progress.set_data_date(actor=None, project=project, data_date=DAY)
    costs.post_actual_cost(actor=None, project=project, posting_date=DAY, amount=Decimal(40_000))
    for task in made:
        progress.record_progress(
            actor=None, task=task, data_date=DAY, actual_start=moment(2), percent_complete=Decimal(50),
            percent_physical=Decimal(50),
        )  # fmt: skip
    return project


def test_manager_sees_figures_estimates_and_work_packages() -> None:
    project = filled()
    alice = factories.manager_of(project)

    page = signed_in(alice).get(ADDRESS)

    shown = page.content.decode()
    assert page.status_code == 200
    assert "Trench 0" in shown
    assert "EAC-1" in shown
    assert "declared" in shown
    assert "35,354" in shown  # half of 70,707 in whole money
    assert page.context["value"].rows[0].ev == Decimal("35353.50")


def test_executive_sees_totals_without_work_packages() -> None:
    """SEC-9: lines need ``budget.view``; the packages cannot be exported either."""
    project = filled()
    erin = factories.user("Erin")
    factories.grant(erin, Role.EXECUTIVE, project.node)
    browser = signed_in(erin)

    page = browser.get(ADDRESS)

    assert page.status_code == 200
    assert b"Trench 0" not in page.content
    assert browser.get(f"{ADDRESS}packages.csv").status_code == 403
    assert browser.get(f"{ADDRESS}periods.csv").status_code == 200


def test_member_is_refused_and_outsider_finds_nothing() -> None:
    """SEC-9, SEC-10."""
    project = filled()
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    charlie = factories.manager_of(factories.project("OWN"), "Charlie")

    answers = [signed_in(user).get(ADDRESS).status_code for user in (bob, charlie)]

    assert answers == [403, 404]


def test_project_without_baseline_offers_the_first_step() -> None:
    project = factories.project("NW-1")
    alice = factories.manager_of(project)

    page = signed_in(alice).get(ADDRESS)

    assert page.status_code == 200
    assert b"No earned value without a baseline" in page.content


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("table", ["periods", "packages"])
def test_exports_hold_what_the_page_shows(table: str, kind: str) -> None:
    project = filled()
    alice = factories.manager_of(project)

    answer = signed_in(alice).get(f"{ADDRESS}{table}.{kind}")

    assert answer.status_code == 200
    assert f"NW-1-{table}-" in answer.headers["Content-Disposition"]
    if kind == "csv":
        lines = answer.content.decode("utf-8-sig").splitlines()
        expected = {
            "periods": "2026-03-06,2026-03-06,70707.00,35353.50,40000.00,70707.00,35353.50,40000.00,EUR",
            "packages": "1,Trench 0,Percent complete,100.00,50.00,70707.00,70707.00,35353.50,,-35353.50,,EUR",
        }
        assert lines[1] == expected[table]


def test_search_finds_work_packages() -> None:
    project = filled(3)
    alice = factories.manager_of(project)

    page = signed_in(alice).get(f"{ADDRESS}?q=trench 1")

    assert [row.name for row in page.context["packages"].object_list] == ["Trench 1"]


@pytest.mark.parametrize("query", ["as_of=nonsense", "factor=x", "factor=-1", "as_of=2026-03-03&factor=0,9"])
def test_odd_addresses_are_answered(query: str) -> None:
    project = filled()
    alice = factories.manager_of(project)

    assert signed_in(alice).get(f"{ADDRESS}?{query}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries(count: int, django_assert_num_queries: Any) -> None:
    """Conventions 10: one and three tasks, one literal."""
    project = filled(count)
    browser = signed_in(factories.manager_of(project))
    browser.get(ADDRESS)

    with django_assert_num_queries(36):
        browser.get(ADDRESS)
