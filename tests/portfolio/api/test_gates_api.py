"""Gates of a project by the API: the same services, the same refusals."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from portfolio.models import GateReview
from tests.portfolio.gates import prepare, requested, scene

pytestmark = pytest.mark.django_db
URL = "/api/v1/projects/P-1/gates/"


def client_of(person: Any) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def test_list_and_detail() -> None:
    found = scene()
    prepare(found)
    client = client_of(found.alice)

    rows = client.get(URL).json()
    detail = client.get(f"{URL}G0/1/").json()

    assert [(row["gate"], row["state"], row["is_next"]) for row in rows][:2] == [
        ("G0", "PLANNED", True),
        ("G1", "PLANNED", False),
    ]
    assert (detail["is_ready"], detail["readiness_percent"], detail["blockers"]) == (True, "100.0000", [])
    assert [(row["name"], row["part"]) for row in detail["members"]] == [
        ("Petra", "CHAIR"),
        ("Stella", "DECIDER"),
    ]
    assert client.get(f"{URL}G9/1/").status_code == 404


def test_acts_lead_to_a_decision() -> None:
    found = scene()
    review = requested(found)
    chair = client_of(found.petra)

    early = chair.post(f"{URL}G0/1/decision/", {"decision": "GO", "reason": "Yes"}, format="json")
    vote = chair.post(f"{URL}G0/1/vote/", {"vote": "GO", "reason": "Yes"}, format="json")
    done = chair.post(f"{URL}G0/1/decision/", {"decision": "GO", "reason": "Yes"}, format="json")

    assert (early.status_code, early.json()["error"]["code"]) == (409, "QUORUM")
    assert (vote.json()["state"], vote.json()["voted"]) == ("IN_REVIEW", 1)
    assert (done.json()["state"], done.json()["checksum"]) == ("CLOSED", review.checksum)


def test_refused_request_changes_nothing() -> None:
    found = scene()

    answer = client_of(found.alice).post(f"{URL}G1/1/request/")

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "ORDER")
    assert not GateReview.objects.exclude(state="PLANNED").exists()
