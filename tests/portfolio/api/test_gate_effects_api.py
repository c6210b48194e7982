"""Effects of gate decisions over the API: costs a hold stops, the checklist a kill opens (domain 2.5)."""

from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from portfolio.models import ClosingItem
from projects.models import ActualCost
from projects.services.budgets import add_budget_line
from tests.portfolio.gates import executing, killed, requested, voted
from tests.portfolio.methods import DAY

pytestmark = pytest.mark.django_db
PROJECT = "/api/v1/projects/P-1/"


def client_of(person: Any) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def test_hold_over_the_api_leaves_listed_lines_open() -> None:
    found = executing()
    work, end = (
        add_budget_line(
            actor=None, project=found.project, amount=Decimal(9), effective_from=DAY, name=name,
            category="LABOUR", cost_type="OPEX",
        )
        for name in ("Work", "Contract end")
    )  # fmt: skip
    review = voted(requested(found), "HOLD", found.petra, found.stella)
    given = {"decision": "HOLD", "reason": "Too dear", "closing_lines": [end.pk]}

    held = client_of(found.petra).post(
        f"{PROJECT}gates/G0/1/decision/", given, format="json", headers={"If-Match": f'"{review.version}"'}
    )
    mine = client_of(found.alice)
    cost = {"posting_date": "2026-03-02", "amount": "5", "text": "Late"}
    refused = mine.post(f"{PROJECT}actual-costs/", {**cost, "line": work.pk}, format="json")
    posted = mine.post(f"{PROJECT}actual-costs/", {**cost, "line": end.pk}, format="json")

    assert (held.status_code, held.json()["closing_lines"]) == (200, ["Contract end"])
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "COSTS_HELD")
    assert list(refused.json()["error"]["fields"]) == ["line"]
    assert (posted.status_code, ActualCost.objects.count()) == (201, 1)
    hold = mine.get(f"{PROJECT}funds/").json()["cost_hold"]
    assert (hold["gate"], hold["open_lines"]) == ("G0", [end.pk])


def test_closing_checklist_over_the_api() -> None:
    found, _review = killed()
    item = ClosingItem.objects.filter(owner=found.alice).order_by("number")[0]
    mine, other = client_of(found.alice), client_of(found.stella)
    at = f"{PROJECT}closing-list/"

    before = other.get(at).json()
    refused = other.post(f"{at}{item.pk}/done/", {}, format="json")
    done = mine.post(f"{at}{item.pk}/done/", {"note": "Told all"}, format="json")
    twice = mine.post(f"{at}{item.pk}/done/", {}, format="json")
    reopened = mine.post(f"{at}{item.pk}/reopen/")

    assert (before["gate"], before["done"], before["total"], len(before["items"])) == ("G0", 0, 9, 9)
    assert (refused.status_code, twice.status_code) == (403, 409)
    assert (done.json()["note"], done.json()["done_by_name"]) == ("Told all", "Alice")
    assert (reopened.status_code, reopened.json()["done_on"]) == (200, None)


@pytest.mark.parametrize("act", ["done", "reopen"])
def test_closing_checklist_on_the_page(act: str, client: Any) -> None:
    """A line is ticked off where it stands; who may not tick sees no button."""
    found, _review = killed()
    at = "/portfolio/projects/P-1/closing/"
    item = ClosingItem.objects.filter(owner=found.alice).order_by("number")[0]
    if act == "reopen":
        ClosingItem.objects.filter(pk=item.pk).update(done_on=DAY)
    client.force_login(found.alice)

    client.post(f"{at}{item.pk}/", {"act": act, "note": "Told all"})
    part = client.get(at, headers={"HX-Request": "true"}).content.decode()

    item.refresh_from_db()
    assert (item.done_on is not None, item.note) == (act == "done", "Told all" if act == "done" else "")
    assert ("1 of 9 done" if act == "done" else "0 of 9 done") in part
    assert part.count('name="act"') == 9
    client.force_login(found.petra)
    assert client.get("/projects/P-1/").content.decode().count(f'hx-get="{at}"') == 1


def test_note_that_is_too_long_stays_in_its_line(client: Any) -> None:
    """The error stands on the field, with what was typed; an order that is open stands there too."""
    found, _review = killed()
    item = ClosingItem.objects.filter(owner=found.alice).order_by("number")[0]
    client.force_login(found.alice)
    at = f"/portfolio/projects/P-1/closing/{item.pk}/"

    refused = client.post(at, {"act": "done", "note": "x" * 401})

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "A note has at most 400 characters." in page
    assert f'value="{"x" * 401}"' in page
    assert page.count('aria-invalid="true"') == 1
