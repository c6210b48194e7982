"""Offices, experts and requests for help over the API."""

import pytest

from pmo_portal.accounts.choices import Role
from portfolio.models import HelpRequest, Pmo
from tests.factories import person
from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.libraries import paula
from tests.portfolio.offices import member, member_user, office

pytestmark = [pytest.mark.django_db, pytest.mark.once]
URL, HELP = "/api/v1/offices/", "/api/v1/help-requests/"


def test_office_is_set_up() -> None:
    client = client_of(paula())

    made = client.post(URL, {"name": "PMO", "mandate": "CONTROLLING"}).json()
    address = f"{URL}{made['id']}/"
    given = {"person": person("Rita").pk, "discipline": "RISK", "valid_from": "2026-01-01"}
    added = client.post(f"{address}members/", given)
    adopted = client.post(f"{address}charter/", {"text": "We help."})
    changed = client.patch(address, {"name": "Office"}, headers={"If-Match": '"1"'})
    stale = client.patch(address, {"name": "Late"}, headers={"If-Match": '"1"'})

    shown = client.get(address).json()
    assert [each.status_code for each in (added, adopted, changed, stale)] == [201, 201, 200, 412]
    assert (shown["name"], shown["gaps"]) == ("Office", ["IT", "PLANNING", "FINANCE"])
    assert [row["person_name"] for row in shown["members"]] == ["Rita"]
    assert [row["number"] for row in shown["charters"]] == [1]
    assert client.get(URL).json()["count"] == 1


def test_unknown_mandate_is_refused() -> None:
    answer = client_of(paula()).post(URL, {"name": "PMO", "mandate": "NO_PMO"})

    assert (answer.status_code, Pmo.objects.count()) == (400, 0)


def test_experts() -> None:
    member(office(), person("Eve"), topics="earned value")

    found = client_of(paula(Role.TEAM_MEMBER, "Bob")).get(f"{URL}experts/", {"q": "earned"}).json()

    assert [(row["name"], row["topics"], row["points"]) for row in found] == [("Eve", ["earned value"], 3)]


def test_question_is_asked_taken_answered_and_withdrawn() -> None:
    pmo = office()
    rita = client_of(member_user(pmo))
    bob = client_of(paula(Role.TEAM_MEMBER, "Bob"))
    first, second = (
        bob.post(HELP, {"pmo": pmo.pk, "discipline": "RISK", "title": title}).json() for title in "AB"
    )

    refused = rita.get(HELP)
    withdrawn = bob.post(f"{HELP}{second['id']}/withdraw/")

    assert (refused.status_code, withdrawn.json()["state"]) == (403, "WITHDRAWN")
    assert bob.get(HELP, {"state": "OPEN"}).json()["count"] == 1
    assert HelpRequest.objects.get(pk=first["id"]).state == "OPEN"


def test_member_answers() -> None:
    pmo = office()
    analyst = paula(Role.PMO_ANALYST, "Rita")
    member(pmo, person("Rita", of=analyst))
    made = client_of(paula(Role.TEAM_MEMBER, "Bob")).post(
        HELP, {"pmo": pmo.pk, "discipline": "RISK", "title": "Scale?"}
    )
    rita, address = client_of(analyst), f"{HELP}{made.json()['id']}/"

    taken = rita.post(f"{address}take/").json()
    answered = rita.post(f"{address}answer/", {"answer": "Five steps"}).json()

    assert (taken["state"], taken["taken_by"]) == ("TAKEN", "Rita")
    assert (answered["state"], answered["answer"]) == ("ANSWERED", "Five steps")
    assert rita.get(address).json()["answered_by"] == "Rita"
