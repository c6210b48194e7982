"""The endpoint of earned value: figures as text, reasons, who sees work packages."""

from datetime import date

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from projects.models import Project
from tests import factories
from tests.projects.selectors.test_earned_value import ex_evm

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/projects/EX-EVM/earned-value/"


def browser_of(project: Project, role: str) -> Client:
    user = factories.user(role.title())
    factories.grant(user, role, project.node)
    client = Client()
    client.force_login(user)
    return client


def test_figures_of_ex_evm_come_as_text() -> None:
    """EX-EVM, SEC-47: money with two decimals, ratios with six, days as ISO dates."""
    browser = browser_of(ex_evm(), Role.PROJECT_MANAGER)

    answer = browser.get(ADDRESS, {"as_of": "2026-03-31"}).json()

    figures = answer["figures"]
    names = ("bac", "ev", "cpi", "earned_schedule", "ieac_date")
    assert {name: figures[name]["value"] for name in names} == {
        "bac": "100000.00",
        "ev": "37000.00",
        "cpi": "0.880952",
        "earned_schedule": "2.600000",
        "ieac_date": "2026-07-29",
    }
    assert [row["eac"] for row in answer["estimates"]] == [
        "113513.51", "105000.00", "128975.89", None, "114479.91", "113513.51",
    ]  # fmt: skip
    assert answer["estimates"][3]["reason"] == "INSUFFICIENT_DATA"
    assert answer["forecast"] == {
        "factor": None, "periods": "6.923077", "finish": "2026-07-29", "reason": None,
    }  # fmt: skip
    assert answer["periods"][2]["ev"] == "37000.00"
    assert len(answer["work_packages"]) == 6


def test_totals_alone_leave_work_packages_out() -> None:
    """SEC-9: an executive gets figures without lines, a member is refused."""
    project = ex_evm()

    executive = browser_of(project, Role.EXECUTIVE).get(ADDRESS)
    member = browser_of(project, Role.TEAM_MEMBER).get(ADDRESS)

    assert (executive.status_code, member.status_code) == (200, 403)
    assert "work_packages" not in executive.json()


def test_undefined_figures_carry_their_reason() -> None:
    """CON-4: null, never 0."""
    project = factories.project("EX-EVM")
    browser = browser_of(project, Role.PROJECT_MANAGER)

    answer = browser.get(ADDRESS).json()

    assert answer["figures"]["spi"] == {"value": None, "reason": "NO_BASELINE"}
    assert answer["as_of"] >= date(2026, 1, 1).isoformat()
