"""Pages and API of dependencies between projects."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from projects.models import ProjectDependency
from tests import factories
from tests.projects.services.test_dependencies import Scene, scene

__all__ = ["scene"]
pytestmark = pytest.mark.django_db
PAGE = "/projects/GET-1/dependencies/"
API = "/api/v1/projects/GET-1/dependencies/"


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(client: Client, method: str, address: str, body: Any = None, version: int | None = None) -> Any:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return client.generic(
        method, address, json.dumps(body or {}), content_type="application/json", headers=headers
    )


def test_project_and_milestone_are_chosen_in_two_steps(scene: Scene) -> None:
    client = as_user(scene.rita)

    first = client.get(f"{PAGE}new/")
    second = client.get(f"{PAGE}new/?giver=GIVE-1")
    data = {
        "giver_milestone": scene.delivery.pk,
        "milestone": scene.arrival.pk,
        "need_by": "2026-03-16",
        "drives_schedule": "on",
    }
    answer = client.post(f"{PAGE}new/?giver=GIVE-1", data, follow=True)

    assert "GIVE-1 Give" in first.content.decode()
    assert "Delivered · 2026-03-06" in second.content.decode()
    assert "are asked to agree" in answer.content.decode()
    assert ProjectDependency.objects.get().receiver_agreed_by == scene.rita


def test_new_date_is_looked_at_before_it_is_taken_over(scene: Scene) -> None:
    """The page says what would move and keeps nothing; the button does it."""
    made = scene.add()
    scene.slip(3)
    client = as_user(scene.rita)
    before = scene.days(scene.build)

    looked = client.get(f"{PAGE}{made.pk}/accept/").content.decode()

    assert "3 working days later" in client.get(PAGE).content.decode()
    assert "2 tasks move, the plan finishes 3 working days later." in looked
    assert scene.days(scene.build) == before
    client.post(f"{PAGE}{made.pk}/accept/", {"version": "1"})
    assert scene.days(scene.build) != before


def test_each_side_acts_only_for_itself(scene: Scene) -> None:
    made = scene.add()

    for address in (f"{PAGE}{made.pk}/agree/", f"{API}{made.pk}/agree/"):
        assert as_user(scene.rita).post(address).status_code == 404
    foreign = f"/projects/GIVE-1/dependencies/{made.pk}/"
    assert as_user(scene.gina).get(f"{foreign}accept/").status_code == 404
    assert as_user(scene.gina).post(f"{foreign}agree/").status_code == 302
    assert ProjectDependency.objects.get().giver_agreed_by == scene.gina


def test_who_speaks_for_both_sides_need_not_ask(scene: Scene) -> None:
    paula = factories.user("Paula")
    factories.grant(paula, Role.PMO_HEAD, scene.receiver.node.parent)
    body = {
        "milestone": scene.arrival.uid,
        "giver_project": "GIVE-1",
        "giver_milestone": scene.delivery.uid,
        "need_by": "2026-03-16",
    }

    answer = sent(as_user(paula), "POST", API, body)

    assert answer.status_code == 201
    found = answer.json()
    assert (found["agreed_by_giver"]["name"], found["rating"], found["slack"]) == ("Paula", "GREEN", 6)


def test_api_goes_the_whole_way(scene: Scene) -> None:
    client = as_user(scene.rita)
    made = scene.add()
    one = f"{API}{made.pk}/"

    assert sent(client, "PATCH", one, {"need_by": "2026-03-20"}, 1).json()["need_by"] == "2026-03-20"
    assert sent(client, "PATCH", one, {"need_by": "2026-03-21"}, 1).status_code == 412
    reopened = {"note": "We need it a week earlier.", "need_by": "2026-03-12"}
    assert sent(client, "POST", f"{one}renegotiate/", reopened, 2).json()["agreed_by_receiver"] is None
    assert sent(client, "POST", f"{one}accept/", None, 3).json()["agreed_by_receiver"]["name"] == "Rita"
    assert sent(client, "DELETE", one, None, 4).status_code == 204
    assert client.get(API).json()["results"] == []


def test_giver_that_may_not_be_seen_is_as_unknown_as_one_that_is_not(scene: Scene) -> None:
    """SEC-11: the code in the body is no oracle."""
    factories.project("SECRET-1")
    body = {"milestone": scene.arrival.uid, "giver_milestone": 1, "need_by": "2026-03-16"}
    client = as_user(scene.rita)

    answers = [sent(client, "POST", API, body | {"giver_project": code}) for code in ("SECRET-1", "NONE-1")]

    assert [answer.status_code for answer in answers] == [400, 400]
    texts = [answer.content.decode().replace("SECRET-1", "X").replace("NONE-1", "X") for answer in answers]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_for_one_and_three(scene: Scene, count: int) -> None:
    for number in range(count):
        milestone = factories.task(scene.receiver, f"M{number}", kind="FINISH_MILESTONE")
        scene.add(milestone=milestone)
    client = as_user(scene.rita)
    client.get(PAGE)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(PAGE)

    assert answer.status_code == 200
    assert len(asked) == 16


def test_plan_holds_the_bound_for_its_marks(scene: Scene) -> None:
    scene.add()

    grid = as_user(scene.rita).get("/api/v1/projects/GET-1/plan/").json()["dependencies"]

    row = dict(zip(grid["columns"], grid["rows"][0], strict=True))
    assert row == {
        "uid": scene.arrival.uid,
        "incoming": True,
        "label": "GIVE-1 Give · Delivered",
        "promised": "2026-03-06",
        "forecast": "2026-03-06",
        "need_by": "2026-03-16",
        "slack": 6,
        "moved": None,
        "rating": "AMBER",
        "bounds": True,
    }
