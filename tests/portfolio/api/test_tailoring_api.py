"""What a project adds to its methodology, over the API (STD-3, STD-20)."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.models import OwnRequirement
from tests.factories import manager_of
from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.services.test_tailoring import hybrid
from tests.portfolio.views.test_compliance import followed

pytestmark = pytest.mark.django_db
URL = "/api/v1/projects/P-1"


def own(owner: Any, **changes: Any) -> dict[str, Any]:
    about = {"title": "Noise plan", "reason": "A school is near", "gate": "G1", "approver": "SPONSOR"}
    return {**about, "owner": owner.pk, "weight": 2, **changes}


@pytest.mark.parametrize("count", [1, 3])
def test_own_requirements_take_a_fixed_number_of_queries(count: int) -> None:
    alice = manager_of(followed())
    client = client_of(alice)
    for _number in range(count):
        client.post(f"{URL}/own-requirements/", own(alice), format="json")

    with CaptureQueriesContext(connection) as queries:
        rows = client.get(f"{URL}/own-requirements/").json()["results"]

    assert [row["code"] for row in rows] == [f"OWN-{number}" for number in range(1, count + 1)]
    assert len(queries) == 10


def test_own_requirement_is_read_changed_ended_and_counted_apart() -> None:
    alice = manager_of(followed())
    client = client_of(alice)
    made = client.post(f"{URL}/own-requirements/", own(alice), format="json").json()

    changed = client.put(
        f"{URL}/own-requirements/OWN-1/", own(alice, weight=3, expected=made["id"]), format="json"
    ).json()
    stale = client.put(
        f"{URL}/own-requirements/OWN-1/", own(alice, weight=1, expected=made["id"]), format="json"
    )
    standing = client.get(f"{URL}/compliance/").json()
    end = {"reason": "School moved", "expected": changed["id"]}
    ended = client.post(f"{URL}/own-requirements/OWN-1/end/", end, format="json")

    assert (made["owner_name"], changed["weight"], stale.status_code) == (alice.name, 3, 409)
    assert (standing["percent"], standing["own"]["due"]) == ("50.0000", 0)
    assert [row["code"] for row in standing["requirements"] if row["is_own"]] == ["OWN-1"]
    assert ended.status_code == 200
    assert client.get(f"{URL}/own-requirements/OWN-1/").status_code == 404
    assert OwnRequirement.objects.count() == 3


def test_increments_are_placed_read_and_taken_out() -> None:
    """STD-20: increments of AH inside SG4; what recurs is named."""
    client = client_of(manager_of(followed()))
    hybrid()
    given = {"methodology": "AH", "phase": "AH2", "inside": "SG4", "cadence": "TWO_WEEKLY"}

    refused = client.put(f"{URL}/increments/", {**given, "methodology": "SG"}, format="json")
    made = client.put(f"{URL}/increments/", given, format="json")
    read = client.get(f"{URL}/increments/").json()
    ended = client.post(f"{URL}/increments/end/", {"reason": "One release only"}, format="json")

    assert (refused.status_code, "methodology" in str(refused.json())) == (400, True)
    assert made.json() == read
    assert read["controls"] == ["A2", "AH-17", "AH-18", "AH-19", "AH-20", "AH-21"]
    assert (read["methodology"], read["version"], read["inside"]) == ("AH", "1.0.2", "SG4")
    assert (ended.status_code, client.get(f"{URL}/increments/").status_code) == (204, 404)
