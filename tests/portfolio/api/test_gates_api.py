"""Gates of a project by the API: the same services, the same refusals."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from portfolio.models import GateDate, GateReview
from tests.factories import manager_of, project, user
from tests.portfolio.gates import G0_DAY, G1_DAY, decided, prepare, requested, scene

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

    seen = chair.get(f"{URL}G0/1/").headers["ETag"]
    given = {"decision": "GO", "reason": "Yes"}
    blind = chair.post(f"{URL}G0/1/decision/", given, format="json")
    early = chair.post(f"{URL}G0/1/decision/", given, format="json", headers={"If-Match": seen})
    vote = chair.post(f"{URL}G0/1/vote/", {"vote": "GO", "reason": "Yes"}, format="json")
    stale = chair.post(f"{URL}G0/1/decision/", given, format="json", headers={"If-Match": seen})
    tag = vote.headers["ETag"]
    done = chair.post(f"{URL}G0/1/decision/", given, format="json", headers={"If-Match": tag})

    assert (early.status_code, early.json()["error"]["code"]) == (409, "QUORUM")
    assert (blind.status_code, stale.status_code) == (428, 412)
    assert (vote.json()["state"], vote.json()["voted"]) == ("IN_REVIEW", 1)
    assert (done.json()["state"], done.json()["checksum"]) == ("CLOSED", review.checksum)


def test_refused_request_changes_nothing() -> None:
    found = scene()

    answer = client_of(found.alice).post(f"{URL}G1/1/request/", headers={"If-Match": '"1"'})

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "ORDER")
    assert not GateReview.objects.exclude(state="PLANNED").exists()


def test_nobody_overwrites_unseen() -> None:
    """SEC-29: forum, answers and request say which version they saw; one nobody began counts as the first."""
    found = scene()
    client = client_of(found.alice)
    answers = {"answers": [{"code": "G0-1", "answer": "YES"}]}
    forum = {"chair": found.petra.pk, "deciders": [found.stella.pk]}
    tag = client.get(f"{URL}G0/1/").headers["ETag"]

    blind = [
        client.post(f"{URL}G0/1/{act}/", body, format="json").status_code
        for act, body in (("answers", answers), ("forum", forum), ("request", {}))
    ]
    first = client.post(f"{URL}G0/1/answers/", answers, format="json", headers={"If-Match": tag})
    late = client.post(f"{URL}G0/1/forum/", forum, format="json", headers={"If-Match": tag})
    then = client.post(f"{URL}G0/1/forum/", forum, format="json", headers={"If-Match": first.headers["ETag"]})

    assert (tag, blind) == ('"1"', [428, 428, 428])
    assert (first.status_code, late.status_code, then.status_code) == (200, 412, 200)


def test_gates_that_are_not_there() -> None:
    """404 for a gate the version does not have, 409 while the project follows none."""
    found = scene()
    client = client_of(found.alice)
    other = project("P-2", parent=found.project.node.parent)
    tag = {"If-Match": '"1"'}
    answers = {"answers": [{"code": "G0-1", "answer": "YES"}]}

    missing = [
        client.post(f"{URL}{place}/answers/", answers, format="json", headers=tag).status_code
        for place in ("G9/1", "G0/7")
    ]
    unbound = client_of(manager_of(other)).get("/api/v1/projects/P-2/gates/G0/1/")

    assert missing == [404, 404]
    assert (unbound.status_code, unbound.json()["error"]["code"]) == (409, "NO_METHODOLOGY")


def test_refusal_names_its_field() -> None:
    found = scene()
    adam = user("Adam")
    body = {"chair": adam.pk, "deciders": [found.stella.pk]}

    answer = client_of(found.alice).post(
        f"{URL}G0/1/forum/", body, format="json", headers={"If-Match": '"1"'}
    )

    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == ["chair"]
    assert "Adam" not in answer.content.decode()


def test_days_are_planned_as_on_the_page() -> None:
    """Gates that are left out keep their day, decided ones for ever; nothing is overwritten unseen."""
    found = scene()
    decided(found, "GO")
    client, at = client_of(found.alice), f"{URL}days/"
    read = client.get(at)
    tag = read.headers["ETag"]

    def plan(tag: str | None, **day: object) -> Any:
        headers = {"If-Match": tag} if tag else {}
        return client.patch(at, {"days": [day]}, format="json", headers=headers)

    blind = plan(None, gate="G1", planned_on="2026-05-04")
    done = plan(tag, gate="G1", planned_on="2026-05-04")
    stale = plan(tag, gate="G1", planned_on="2026-06-01")
    tag = done.headers["ETag"]
    held = plan(tag, gate="G0", planned_on=None)
    unknown = plan(tag, gate="G9", planned_on="2026-06-01")
    twice = client.patch(
        at,
        {"days": [{"gate": "G1", "planned_on": None}, {"gate": "G1", "planned_on": "2026-06-01"}]},
        format="json",
        headers={"If-Match": tag},
    )

    assert [tuple(row.values()) for row in read.json()["days"]][:3] == [
        ("G0", 1, str(G0_DAY), True),
        ("G1", 1, str(G1_DAY), False),
        ("G2", 1, None, False),
    ]
    assert [(row["gate"], row["planned_on"]) for row in done.json()["days"]][:2] == [
        ("G0", str(G0_DAY)),
        ("G1", "2026-05-04"),
    ]
    assert (blind.status_code, stale.status_code, twice.status_code) == (428, 412, 400)
    assert (held.status_code, held.json()["error"]["code"]) == (409, "GATE_DECIDED")
    assert (unknown.status_code, list(unknown.json()["error"]["fields"])) == (400, ["G9"])
    assert GateDate.objects.count() == 3
