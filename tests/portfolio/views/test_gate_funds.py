"""Money a go releases: on the form, at the gate, on the tab Money, in the pack; hidden from who sees none."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from rest_framework.test import APIClient

from pmo_portal.accounts.choices import Role
from portfolio.models import GateReview
from portfolio.selectors.gate_funds import funds_of
from portfolio.selectors.gate_page import gate_page
from portfolio.selectors.governance import governance_of
from portfolio.services import gate_packs
from projects.models import Project
from tests.factories import grant, user
from tests.portfolio.gates import decided, requested, scene, voted
from tests.portfolio.methods import DAY
from tests.portfolio.services.test_gate_funds import funded
from tests.portfolio.views.test_dashboards import words

pytestmark = pytest.mark.django_db
G0 = "/portfolio/projects/P-1/gates/G0/1/"
FUNDS = "/portfolio/projects/P-1/funds/"


def test_chair_releases_money_on_the_form(client: Client) -> None:
    found = funded(amount=2000)
    voted(requested(found), "GO", found.petra, found.stella)
    client.force_login(found.petra)
    given = {"decision": "GO", "reason": "Sound", "version": GateReview.objects.get().version}

    form = words(client.get(f"{G0}decision/"))
    empty = words(client.get(FUNDS))
    much = client.post(f"{G0}decision/", {**given, "released_amount": "2000.01"})
    done = client.post(f"{G0}decision/", {**given, "released_amount": "1250.50"}, follow=True)

    assert "Money released for SG1 Feasibility (EUR)" in form
    assert "Budget 2,000.00 EUR, released so far 0.00 EUR, left 2,000.00 EUR." in form
    assert "No gate has released money yet" in empty
    assert (much.status_code, "The budget leaves 2,000.00 EUR to be released." in words(much)) == (422, True)
    assert "Releases 1,250.50 EUR for the next phase." in words(done)
    shown = words(client.get(FUNDS))
    assert "1,251 EUR released, 0 EUR spent or promised" in shown
    assert "Not released yet 749.50 EUR" in shown
    part = words(client.get(FUNDS, headers={"HX-Request": "true"}))
    assert part.startswith("Money released at gates")
    assert FUNDS in client.get("/projects/P-1/money/").content.decode()


def test_amounts_are_for_those_who_see_money(client: Client) -> None:
    found = funded()
    decided(found, "GO", released_amount=Decimal(300), valid_until=date(2099, 1, 1))
    bob = user("Bob")
    grant(bob, Role.TEAM_MEMBER, found.project.node)
    api, bobs = APIClient(), APIClient()
    api.force_authenticate(found.alice)
    bobs.force_authenticate(bob)
    client.force_login(bob)

    assert "300.00" not in words(client.get(G0))
    assert client.get(FUNDS).status_code == 403
    assert bobs.get("/api/v1/projects/P-1/gates/G0/1/").json()["released_amount"] is None
    assert api.get("/api/v1/projects/P-1/gates/G0/1/").json()["released_amount"] == "300.00"
    told = api.get("/api/v1/projects/P-1/funds/").json()
    assert (told["released"], told["left"], told["free"]) == ("300.00", "700.00", "300.00")
    assert [(row["gate"], row["phase"]) for row in told["releases"]] == [("G0", "SG1 Feasibility")]


def test_project_without_methodology_or_budget_shows_no_empty_frame(client: Client) -> None:
    found = scene()
    voted(requested(found), "GO", found.petra, found.stella)
    client.force_login(found.petra)

    assert "Money released for" not in words(client.get(f"{G0}decision/"))


def test_pack_lists_what_gates_released() -> None:
    """The seal stays that of the evidence; the pack of a reader without sight of money has no amounts."""
    found = funded()
    review = decided(found, "GO", released_amount=Decimal(300))
    project = Project.objects.get()
    known = governance_of(project, DAY)
    assert known is not None
    shown = gate_page(known, project, "G0", 1, user=found.petra, today=DAY)
    assert shown is not None
    funds = funds_of(project, known, DAY)

    table = gate_packs._funds(funds)
    request = gate_packs._request(shown, funds)

    assert table["rows"] == [["G0", "SG1 Feasibility", _told(DAY), "300\xa0EUR"]]
    assert ["Not released yet", "700\xa0EUR"] in table["facts"]
    assert request["decided"][-1] == ["Released", "300\xa0EUR"]
    assert gate_packs._funds(None)["rows"] == []
    assert ["Released", "300\xa0EUR"] not in gate_packs._request(shown, None)["decided"]
    assert review.is_intact


def _told(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
