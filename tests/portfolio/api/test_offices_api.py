"""Offices, experts and requests for help over the API."""

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import Person
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
    assert [row["fault"] for row in shown["coverage"]] == ["DISCIPLINE_GAP"] * 3 + [""]
    assert shown["promise"] == {"answered": 0, "median_days": None, "in_time_percent": None}
    assert client.get(URL).json()["count"] == 1
    assert client.get(f"{URL}coverage/").json()[0]["gaps"] == ["IT", "PLANNING", "FINANCE"]


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


def test_member_is_changed_and_leaves() -> None:
    """ORG-7: who leaves gets a last day, and stays in the history."""
    pmo, client = office(), client_of(paula())
    made = member(pmo, topics="risk")
    address = f"{URL}{pmo.pk}/members/{made.pk}/"

    changed = client.patch(address, {"topics": "risk, issues"}, headers={"If-Match": '"1"'})
    stale = client.patch(address, {"topics": "none"}, headers={"If-Match": '"1"'})
    wrong = client.patch(address, {"valid_to": "2025-12-31"}, headers={"If-Match": '"2"'})
    left = client.patch(address, {"valid_to": "2026-01-31"}, headers={"If-Match": '"2"'})

    codes = [each.status_code for each in (changed, stale, wrong, left)]
    assert codes == [200, 412, 400, 200]
    assert client.get(address).json()["valid_to"] == "2026-01-31"
    assert client.get(f"{URL}{pmo.pk}/").json()["gaps"] == ["IT", "PLANNING", "FINANCE", "RISK"]
    assert client.get(f"{URL}{office('Other').pk}/members/{made.pk}/").status_code == 404


def test_member_changes_nothing_without_the_right() -> None:
    made = member(office())
    bob = client_of(paula(Role.TEAM_MEMBER, "Bob"))

    refused = bob.patch(
        f"{URL}{made.pmo_id}/members/{made.pk}/", {"topics": "x"}, headers={"If-Match": '"1"'}
    )

    made.refresh_from_db()
    assert (refused.status_code, made.topics, made.version) == (403, "", 1)


def test_who_left_and_still_holds_something() -> None:
    """ORG-7: listed for hand-over to who sets up offices."""
    made = member(office())
    Person.objects.filter(pk=made.person_id).update(active_to="2026-02-01")

    [found] = client_of(paula()).get(f"{URL}handovers/").json()

    assert (found["name"], found["left_on"], found["held"][0]["office"]) == ("Rita", "2026-02-01", "PMO")
    assert client_of(paula(Role.TEAM_MEMBER, "Bob")).get(f"{URL}handovers/").status_code == 403


def test_counts_and_files_are_of_what_one_sees() -> None:
    """ORG-9: counts and files hold one's own questions, not those of others."""
    pmo = office()
    bob, eve = (client_of(paula(Role.TEAM_MEMBER, name)) for name in ("Bob", "Eve"))
    for client, title in ((bob, "Bob asks"), (eve, "Eve asks")):
        client.post(HELP, {"pmo": pmo.pk, "discipline": "RISK", "title": title})

    counts = bob.get(f"{HELP}counts/").json()
    file = bob.get(f"{URL}export/", {"which": "help", "kind": "csv"}).content.decode("utf-8-sig")

    assert (counts["waiting"], counts["mine"], counts["late"], counts["answered"]) == (1, 1, 0, 0)
    assert "Bob asks" in file
    assert "Eve asks" not in file
    assert bob.get(HELP, {"waiting": "false"}).json()["count"] == 0
    assert bob.get(f"{URL}export/", {"which": "secrets"}).status_code == 400
    assert bob.get(f"{URL}export/", {"which": "members", "kind": "xlsx"}).content[:2] == b"PK"


@pytest.mark.parametrize("count", [1, 3])
def test_office_with_many_members_asks_the_same(count: int, django_assert_num_queries: object) -> None:
    pmo = office()
    for number in range(count):
        member(pmo, person(f"P{number}"))
    client = client_of(paula())

    with django_assert_num_queries(8):  # type: ignore[operator]
        shown = client.get(f"{URL}{pmo.pk}/").json()

    assert len(shown["members"]) == count
