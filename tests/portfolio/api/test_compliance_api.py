"""Compliance and waivers over the API (STD-5 to STD-7)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pmo_portal.accounts.choices import Role
from portfolio.models import Waiver
from tests.factories import grant, manager_of, project, user
from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.methods import anna
from tests.portfolio.views.test_compliance import followed

pytestmark = pytest.mark.django_db
API = "/api/v1"


def asked(client: Any, *, requirement: str = "SG-04", **changes: Any) -> Any:
    given = {
        "requirement": requirement,
        "reason": "Law",
        "risk": "None",
        "compensating_control": "Look",
        "expires_on": (timezone.localdate() + timedelta(days=30)).isoformat(),
        **changes,
    }
    return client.post(f"{API}/projects/P-1/waivers/", given, format="json")


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_a_fixed_number_of_queries(count: int) -> None:
    for number in range(count):
        followed(f"P-{number}")
    client = client_of(anna())

    with CaptureQueriesContext(connection) as queries:
        rows = client.get(f"{API}/compliance/").json()["results"]

    assert [row["compliance"]["percent"] for row in rows] == ["50.0000"] * count
    assert len(queries) == 24


def test_requirements_and_trend_say_what_the_page_says() -> None:
    followed()
    client = client_of(anna())

    least = client.get(f"{API}/compliance/requirements/").json()["results"][0]
    trend = client.get(f"{API}/compliance/trend/").json()

    assert (least["code"], least["due"], least["not_met"]) == ("SG-02", 1, 1)
    assert (len(trend), trend[-1]["percent"], trend[-1]["projects"]) == (6, "50.0000", 1)
    assert trend[0]["percent"] is None


def test_project_tells_every_requirement() -> None:
    made = followed()
    client = client_of(manager_of(made))

    found = client.get(f"{API}/projects/P-1/compliance/").json()

    assert (found["tier"], found["percent"], found["due"]) == ("T2", "50.0000", 2)
    assert {row["code"]: row["status"] for row in found["requirements"]}["SG-01"] == "MET"
    project("P-2")
    assert client_of(anna()).get(f"{API}/projects/P-2/compliance/").status_code == 404


def test_waiver_from_asking_to_its_end() -> None:
    """STD-7, ORG-8: asked by the manager, decided by the sponsor, ended with a reason."""
    made = followed()
    alice, sam = client_of(manager_of(made)), user("Sam")
    grant(sam, Role.SPONSOR, made.node)
    sponsor = client_of(sam)

    pk = asked(alice).json()["id"]
    address = f"{API}/projects/P-1/waivers/{pk}"
    own = alice.post(f"{address}/decision/", {"is_approved": True}, format="json")
    silent = sponsor.post(f"{address}/decision/", {"is_approved": False}, format="json")
    done = sponsor.post(f"{address}/decision/", {"is_approved": True}, format="json")
    ended = alice.post(f"{address}/end/", {"reason": "Written now"}, format="json")

    assert (own.status_code, silent.status_code, done.json()["state"]) == (403, 400, "APPROVED")
    assert "note" in silent.content.decode()
    assert (ended.status_code, ended.json()["state"], Waiver.objects.get().state) == (
        200,
        "REVOKED",
        "REVOKED",
    )
    assert [row["id"] for row in alice.get(f"{API}/projects/P-1/waivers/").json()["results"]] == [pk]


def test_wrong_waiver_is_refused_at_its_field() -> None:
    made = followed()
    client = client_of(manager_of(made))

    late = asked(client, expires_on="2099-01-01")

    assert late.status_code == 400
    assert "expires_on" in late.content.decode()
    assert Waiver.objects.count() == 0


def test_waivers_of_others_are_not_there() -> None:
    """ORG-9."""
    made = followed()
    asked(client_of(manager_of(made)))
    olga = user("Olga")
    grant(olga, Role.PROJECT_MANAGER, project("P-9").node)

    assert client_of(olga).get(f"{API}/waivers/").json()["results"] == []
    assert client_of(olga).get(f"{API}/projects/P-1/waivers/").status_code == 404
    found = client_of(anna()).get(f"{API}/waivers/?state=SUBMITTED").json()["results"]
    assert [(row["project"], row["requirement"]) for row in found] == [("P-1", "SG-04")]
