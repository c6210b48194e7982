"""The person's own tasks through the API (SEC-12)."""

from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from pmo_portal.accounts.choices import Role
from projects.services import progress
from tests import factories

pytestmark = pytest.mark.django_db


def bob_with(number: int) -> APIClient:
    """Return Bob's client; he owns so many late tasks, Carla one."""
    project = factories.project("P-1")
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    owner = factories.person("Bob", of=bob)
    for index in range(number):
        factories.task(project, f"Task {index}", owner=owner, planned_start=factories.moment(2))
    factories.task(project, "Of Carla", owner=factories.person("Carla"), planned_start=factories.moment(2))
    progress.set_data_date(actor=None, project=project, data_date=date(2026, 3, 5))
    client = APIClient()
    client.force_authenticate(bob)
    return client


@pytest.mark.parametrize("number", [1, 3])
def test_list_returns_own_tasks_with_counts(number: int, django_assert_num_queries: Any) -> None:
    client = bob_with(number)

    with django_assert_num_queries(3):
        answer = client.get("/api/v1/my-work/").json()

    assert [
        (row["name"], row["group"], row["data_date"], row["may_record"]) for row in answer["results"]
    ] == [(f"Task {index}", "late", "2026-03-05", True) for index in range(number)]
    assert answer["counts"] == {"late": number, "today": 0, "week": 0, "waiting": 0, "later": 0, "done": 0}


def test_list_takes_the_filters_of_the_page() -> None:
    client = bob_with(3)

    one = client.get("/api/v1/my-work/?q=task 1&project=P-1").json()
    none = client.get("/api/v1/my-work/?show=done").json()

    assert ([row["name"] for row in one["results"]], one["counts"]["late"]) == (["Task 1"], 1)
    assert (none["results"], none["counts"]["late"]) == ([], 3)
