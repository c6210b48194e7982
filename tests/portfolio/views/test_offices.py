"""The office, experts and requests for help in the browser."""

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from portfolio.models import HelpRequest, Pmo
from tests.factories import person
from tests.portfolio.libraries import paula
from tests.portfolio.offices import member, office
from tests.portfolio.views.test_dashboards import words

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_office_is_set_up_with_charter_and_member(client: Client) -> None:
    client.force_login(paula())
    who = person("Rita")

    made = client.post("/pmo/offices/new/", {"name": "PMO", "mandate": "CONTROLLING", "answer_days": 2})
    pk = Pmo.objects.get().pk
    client.post(f"/pmo/offices/{pk}/charter/", {"text": "We help projects."})
    given = {"person": who.pk, "discipline": "RISK", "role": "LEAD", "topics": "risk workshops"}
    client.post(
        f"/pmo/offices/{pk}/members/new/", {**given, "allocation_percent": 50, "valid_from": "2026-01-01"}
    )

    shown = words(client.get("/pmo/"))
    assert made.headers["Location"] == f"/pmo/#office-{pk}"
    assert "Nobody covers: IT, Planning, Finance." in shown
    assert "risk workshops 50 %" in shown
    assert "We help projects." in shown
    assert "within 2 working days" in shown


def test_wrong_allocation_stands_at_its_field(client: Client) -> None:
    client.force_login(paula())
    pk = office().pk

    refused = client.post(f"/pmo/offices/{pk}/members/new/", {"allocation_percent": 150})

    assert refused.status_code == 422
    assert "Ensure this value is less than or equal to 100." in words(refused)


def test_empty_office_says_what_to_do(client: Client) -> None:
    client.force_login(paula())

    assert "Write down what the PMO may do" in words(client.get("/pmo/"))
    assert "none is set up yet" in words(client.get("/pmo/help/"))


def test_expert_is_found(client: Client) -> None:
    client.force_login(paula(Role.TEAM_MEMBER, "Bob"))
    member(office(), person("Eve"), topics="earned value")

    assert "Eve PMO earned value" in words(client.get("/pmo/experts/", {"q": "earned value"}))
    assert "Nobody found" in words(client.get("/pmo/experts/", {"q": "zeppelin"}))


def test_question_is_asked_and_answered(client: Client) -> None:
    pmo, bob = office(), paula(Role.TEAM_MEMBER, "Bob")
    rita = paula(Role.QUALITY_REVIEWER, "Rita")
    member(pmo, person("Rita", of=rita))
    client.force_login(bob)
    asked = client.post("/pmo/help/new/", {"pmo": pmo.pk, "discipline": "RISK", "title": "Which scale?"})
    url = f"/pmo/help/{HelpRequest.objects.get().pk}/"
    client.force_login(rita)

    taken = client.post(f"{url}take/")
    refused = client.post(url, {"answer": "", "version": 2})
    stale = client.post(url, {"answer": "Five", "version": 1})
    answered = client.post(url, {"answer": "Five steps", "version": 2})

    codes = [each.status_code for each in (asked, taken, refused, stale, answered)]
    assert codes == [302, 302, 422, 422, 302]
    client.force_login(bob)
    assert "Five steps" in words(client.get(url))
    assert "Which scale?" in words(client.get("/pmo/help/", {"state": "ANSWERED"}))


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_for_many(client: Client, count: int, django_assert_num_queries: object) -> None:
    bob = paula(Role.TEAM_MEMBER, "Bob")
    pmo = office()
    client.force_login(bob)
    for number in range(count):
        client.post("/pmo/help/new/", {"pmo": pmo.pk, "discipline": "RISK", "title": f"Question {number}"})
    client.get("/pmo/help/")

    with django_assert_num_queries(13):  # type: ignore[operator]
        shown = client.get("/pmo/help/")

    assert words(shown).count("Question 0") == 1
