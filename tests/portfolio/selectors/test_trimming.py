"""Explanations show no task and no amount the reader may not see (SEC-13, matrix rows 5 and 8)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from pmo_portal.accounts.choices import Role
from portfolio.selectors.trimming import trimmed
from portfolio.services import rollups
from projects.models import Project
from tests.factories import grant, user
from tests.portfolio.worlds import AS_OF, make_portfolio, make_project, plan

pytestmark = pytest.mark.django_db
STORED = {
    "records": [
        {"kind": "task", "id": "7", "label": "Dig"},
        {"kind": "task", "id": "8", "label": "Pour"},
        {"kind": "report", "id": "7", "label": "March"},
    ],
    "distance": {"steps": "450", "step_unit": "MONEY"},
    "slip": {"steps": "2", "step_unit": "WORKING_DAYS"},
}


def test_trimmed_leaves_out_tasks_and_amounts() -> None:
    """Other records and other units stay."""
    assert trimmed(STORED, task_uids=frozenset({"8"}), shows_amounts=False) == {
        "records": [STORED["records"][1], STORED["records"][2]],
        "distance": {"steps": None, "step_unit": "MONEY"},
        "slip": {"steps": "2", "step_unit": "WORKING_DAYS"},
    }
    assert trimmed(STORED, task_uids=frozenset({"7", "8"}), shows_amounts=True) == STORED


@pytest.fixture
def project(drain: Callable[[], int]) -> Project:
    made = make_project("P1", make_portfolio())
    task = plan(made)
    task.name = "Zanzibar foundations"
    task.save()
    rollups.start_rollup(actor=None, as_of=AS_OF)
    drain()
    return made


@pytest.mark.parametrize(
    ("role", "sees_task"), [(Role.PROJECT_MANAGER, True), (Role.EXECUTIVE, False), (Role.AUDITOR, True)]
)
def test_explanation_names_tasks_only_to_those_who_see_them(
    project: Project, role: str, sees_task: bool
) -> None:
    """The panel and the API answer alike."""
    reader = user()
    grant(reader, role, project.node)
    page, api = Client(), APIClient()
    page.force_login(reader)
    api.force_authenticate(reader)
    address = reverse("portfolio:project_health_panel", args=[project.code])

    shown = page.get(f"{address}?as_of={AS_OF}").content.decode()
    told = api.get(f"/api/v1/project-health/{project.code}/?as_of={AS_OF}").content.decode()

    assert ("Zanzibar" in shown, "Zanzibar" in told) == (sees_task, sees_task)


@pytest.mark.parametrize(("role", "sees_amounts"), [(Role.EXECUTIVE, True), (Role.TEAM_MEMBER, False)])
def test_distances_in_money_need_the_right_to_totals(project: Project, role: str, sees_amounts: bool) -> None:
    """A team member learns that cost is amber, not how many euros are left."""
    reader = user()
    grant(reader, role, project.node)
    api = APIClient()
    api.force_authenticate(reader)

    told: Any = api.get(f"/api/v1/project-health/{project.code}/?as_of={AS_OF}").data

    steps = [
        item["distance"]["steps"]
        for item in told["indicators"]
        if item["distance"] and item["distance"]["step_unit"] == "MONEY"
    ]
    assert steps
    assert all((step is not None) == sees_amounts for step in steps)
