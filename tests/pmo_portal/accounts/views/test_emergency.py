"""Pages and endpoints of emergency access, and what an emergency reader meets elsewhere."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import EmergencyAccess, RoleGrant, User
from pmo_portal.accounts.services import emergency
from pmo_portal.accounts.services.tokens import create_token
from pmo_portal.audit.models import AuditEntry
from tests.matrix_clients import Insider
from tests.matrix_world import World, parts_of
from tests.test_permission_matrix import NOISE, _address, _answer, _request, lines, names

pytestmark = pytest.mark.django_db
REASON = "The plan cannot be opened any more"
PAGE = "/administration/emergency/"
WRITING = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def ada(world: World, client: Client) -> Client:
    """The administrator's browser."""
    client.force_login(world.users["ADM"])
    client.get("/accounts/profile/")
    return client


def _body(code: str = "OWN-1", **values) -> dict:
    return {"project_code": code, "reason": REASON, "hours": "1", **values}


def _shape(response) -> tuple[int, str]:
    return response.status_code, NOISE.sub("", response.content.decode())


def test_right_and_wrong_code_are_answered_alike(ada: Client, world: World) -> None:
    """SEC-10: status, address, words and the list are the same; SEC-3: the session has a new id."""
    answers = []
    for code in ("OWN-1", "NIX-1"):
        former = ada.session.session_key
        answer = ada.post(f"{PAGE}new/", _body(code))
        page = ada.get(PAGE).content.decode().replace(code, "CODE")
        assert former != ada.session.session_key
        answers.append((answer.status_code, answer.url, NOISE.sub("", page)))
        ada.post(reverse("administration:emergency_end", args=[EmergencyAccess.objects.latest("pk").pk]))
        ada.get(PAGE)
        EmergencyAccess.objects.all().delete()

    assert answers[0] == answers[1]
    assert "Written down, and every PMO head is told." in answers[0][2]


def test_open_access_shows_everywhere_and_is_written_down(ada: Client, world: World) -> None:
    ada.post(f"{PAGE}new/", _body())

    page = ada.get("/projects/OWN-1/")
    listed = ada.get("/api/v1/projects/").json()
    refused = [ada.get(address).status_code for address in ("/projects/FOR-1/", "/projects/OWN-1/edit/")]

    assert page.status_code == 200
    assert "Emergency access to OWN-1" in page.content.decode()
    assert [row["code"] for row in listed["results"]] == ["OWN-1"]
    assert refused == [404, 403]
    used = AuditEntry.objects.filter(action="emergency.used").order_by("sequence")
    assert [entry.after["request"] for entry in used] == ["GET /projects/OWN-1/", "GET /api/v1/projects/"]
    assert {(entry.actor, entry.node) for entry in used} == {(world.users["ADM"], world.own.node)}


def test_use_by_a_token_is_written_down_too(ada: Client, world: World) -> None:
    adam = world.users["ADM"]
    secret = create_token(actor=adam, user=adam, name="test", scope="WRITE").secret
    api = Client(headers={"Authorization": f"Token {secret}"})
    body = {"project": "OWN-1", "reason": REASON, "hours": 1}

    opened = api.post("/api/v1/emergency-accesses/", body, content_type="application/json")
    answer = api.get("/api/v1/projects/OWN-1/")

    assert (opened.status_code, answer.status_code) == (201, 200)
    used = AuditEntry.objects.filter(action="emergency.used").values_list("after__request", flat=True)
    assert list(used) == ["GET /api/v1/projects/OWN-1/"]
    ended = api.post(f"/api/v1/emergency-accesses/{opened.json()['id']}/end/")
    assert (ended.json()["is_open"], ended.json()["ended_by"]) == (False, adam.email)
    assert api.get("/api/v1/projects/OWN-1/").status_code == 404


def test_session_outlives_the_access_and_sees_nothing(ada: Client, world: World) -> None:
    """The browser stays signed in; the hour of the database ends the sight, the next page writes it down."""
    ada.post(f"{PAGE}new/", _body())
    past = Now() - timedelta(seconds=1)
    EmergencyAccess.objects.update(ends_at=past, opened_at=past - timedelta(hours=1))
    RoleGrant.objects.filter(role=Role.EMERGENCY_READER).update(ends_at=past)

    answer = ada.get("/projects/OWN-1/")
    page = ada.get(PAGE).content.decode()

    assert answer.status_code == 404
    assert "Emergency access to OWN-1" not in page
    assert "Time is over" in page
    assert AuditEntry.objects.filter(action="emergency.lapsed").count() == 1
    assert not User.objects.get(pk=world.users["ADM"].pk).has_emergency_access


def test_head_sees_ends_and_confirms(ada: Client, world: World) -> None:
    ada.post(f"{PAGE}new/", _body())
    access = EmergencyAccess.objects.get()
    head = Client()
    head.force_login(world.users["DIR"])

    page = head.get(PAGE).content.decode()
    head.post(reverse("administration:emergency_end", args=[access.pk]))
    head.post(reverse("administration:emergency_confirm", args=[access.pk]))

    assert world.own.name in page
    assert REASON in page
    assert "Open" in page
    assert ada.get("/projects/OWN-1/").status_code == 404
    after = head.get(PAGE).content.decode()
    assert "Ended by DIR" in after
    assert "Confirmed by DIR" in after
    auditor = Client()
    auditor.force_login(world.users["AUD"])
    assert "Ended by DIR" in auditor.get(PAGE).content.decode()


def test_form_says_what_is_missing(ada: Client) -> None:
    answer = ada.post(f"{PAGE}new/", _body(reason="Too short"))

    assert answer.status_code == 422
    assert "at least 20 characters" in answer.content.decode()
    assert not EmergencyAccess.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries_whatever_its_length(
    ada: Client, world: World, django_assert_num_queries, rows: int
) -> None:
    """SEC-58b."""
    for number in range(rows):
        access = emergency.open_access(
            actor=world.users["ADM"], project_code=f"X-{number}", reason=REASON, hours=1
        )
        emergency.end_access_now(actor=world.users["ADM"], access=access)

    with django_assert_num_queries(9):
        assert ada.get(PAGE).status_code == 200


@pytest.mark.once
@pytest.mark.parametrize("name", sorted({name for name, method in lines() if method in WRITING}))
def test_emergency_reader_changes_nothing_anywhere(name: str, world: World) -> None:
    """SEC-9: whatever an administrator may not write, an emergency reader may not write either."""
    if "emergency" in name:
        assert name in names()
        return
    address = _address(name, parts_of(name, world), "own")
    before = {method: _answer(Insider(world.users["ADM"]), method, address).status_code for method in WRITING}
    _become_reader(world)
    # Refused is refused; a filter of a list, kept under a name, is the person's own and says nothing.
    refused = {403, 404, 405, *([422] if name == "portfolio:projects" else [])}
    wrong = []

    for method in WRITING:
        status = _request(world, "ADM", method, address).status_code
        if status != before[method] and not {status, before[method]} <= refused:
            wrong.append(f"{method}: {status}, without emergency access {before[method]}")

    assert wrong == []


def _become_reader(world: World) -> None:
    emergency.open_access(actor=world.users["ADM"], project_code="OWN-1", reason=REASON, hours=1)
