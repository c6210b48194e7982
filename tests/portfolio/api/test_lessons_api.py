"""Lessons, offers and changes of standards over the API."""

from typing import Any

import pytest

from pmo_portal.accounts.choices import Role
from portfolio.models import Lesson, LessonOffer, NoLessons, StandardChange
from portfolio.services.lesson_offers import look_for_lessons
from portfolio.services.lessons import merge_lesson
from tests import factories
from tests.portfolio.api.test_portfolio_api import client_of
from tests.portfolio.lessons import STORY, TODAY, captured, curator, hide, published
from tests.portfolio.libraries import published as library_item
from tests.portfolio.libraries import republished

pytestmark = [pytest.mark.django_db, pytest.mark.once]
URL, OFFERS, CHANGES = "/api/v1/lessons/", "/api/v1/lesson-offers/", "/api/v1/standard-changes/"
PROJECT = "/api/v1/projects/P-1/lessons/"


def test_lesson_goes_from_the_project_into_the_library() -> None:
    project = factories.project("P-1")
    alice, pmo = client_of(factories.manager_of(project)), client_of(curator())

    made = alice.post(URL, {**STORY, "project": "P-1", "tags": ["Permit", "crane"]}, format="json").json()
    address = f"{URL}{made['id']}/"
    first, second = {"If-Match": '"1"'}, {"If-Match": '"2"'}
    refused = alice.post(f"{address}accept/", headers=first)
    blind = pmo.post(f"{address}accept/")
    early = pmo.post(f"{address}publish/", headers=first)
    accepted = pmo.post(f"{address}accept/", headers=first)
    stale = pmo.post(f"{address}publish/", headers=first)
    done = pmo.post(f"{address}publish/", headers=second)

    assert (made["state"], made["tags"], made["captured_by"]) == ("CAPTURED", ["permit", "crane"], "Alice")
    answers = (refused, blind, early, accepted, stale, done)
    assert [each.status_code for each in answers] == [403, 428, 409, 200, 412, 200]
    shown = alice.get(address).json()
    assert (shown["state"], shown["seen_in"], shown["uses"]) == ("PUBLISHED", 1, 0)
    assert pmo.get("/api/v1/library/", {"kind": "LESSON"}).json()["count"] == 1


def test_author_changes_a_lesson_with_its_version() -> None:
    project = factories.project("P-1")
    alice = factories.manager_of(project)
    client = client_of(alice)
    address = f"{URL}{captured(project, actor=alice).pk}/"

    blind = client.patch(address, {"title": "Blind"})
    changed = client.patch(address, {"title": "Better"}, headers={"If-Match": '"1"'})
    stale = client.patch(address, {"title": "Late"}, headers={"If-Match": '"1"'})

    assert [each.status_code for each in (blind, changed, stale)] == [428, 200, 412]
    assert Lesson.objects.get().title == "Better"


def test_lessons_are_rejected_merged_and_retired() -> None:
    project = factories.project("P-1")
    vague, again, target = captured(project), captured(project), published(project)
    client, reason = client_of(curator()), {"reason": "It names nobody who acts."}

    def act(lesson: Lesson, name: str, body: dict[str, Any]) -> int:
        version = Lesson.objects.get(pk=lesson.pk).version
        address = f"{URL}{lesson.pk}/{name}/"
        return client.post(address, body, headers={"If-Match": f'"{version}"'}).status_code

    rejected = act(vague, "reject", reason)
    merged = act(again, "merge", {"into": target.pk})
    lost = act(target, "merge", {"into": 987_654_321})
    retired = act(target, "retire", reason)

    assert [rejected, merged, lost, retired] == [200, 200, 404, 200]
    assert client.get(f"{URL}counts/").json()["state"] == {
        "CAPTURED": 0,
        "VALIDATED": 0,
        "PUBLISHED": 0,
        "ACTIONED": 0,
        "RETIRED": 3,
    }
    assert Lesson.objects.get(pk=again.pk).merged_into == target


def test_counts_take_the_filters_of_the_list() -> None:
    captured(factories.project("P-1"))
    captured(factories.project("P-2"), kind="KEEP")
    client = client_of(curator())

    assert client.get(f"{URL}counts/", {"project": "P-2"}).json()["kind"] == {"KEEP": 1, "AVOID": 0}
    assert client.get(URL, {"kind": "AVOID"}).json()["count"] == 1


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_the_same_number_of_questions(number: int, django_assert_num_queries: object) -> None:
    for each in range(number):
        captured(factories.project(f"P-{each}"))
    client = client_of(curator())

    with django_assert_num_queries(3):  # type: ignore[operator]
        assert client.get(URL).json()["count"] == number


def test_offers_are_looked_for_and_marked() -> None:
    """KNO-6."""
    project = factories.project("P-1", category="Site", state="PLANNING")
    published(factories.project("P-2", category="Site"))
    client = client_of(factories.manager_of(project))

    looked = client.post(OFFERS, {"project": "P-1", "occasion": "START"}).json()
    offer = client.get(OFFERS, {"project": "P-1"}).json()["results"][0]
    refused = client.post(f"{OFFERS}{offer['id']}/mark/", {"mark": "LATER"})
    marked = client.post(f"{OFFERS}{offer['id']}/mark/", {"mark": "APPLIED", "note": "in the tender"})

    assert looked == {"offered": 1}
    assert (offer["points"], offer["why"]) == (4, ["same category: Site (3)", "same tier: T2 (1)"])
    assert (refused.status_code, marked.json()["mark"]) == (400, "APPLIED")
    assert client.get(PROJECT).json() == {
        "captured": 0,
        "offered": 1,
        "marked": 1,
        "review_rate": "1.0000",
        "tags": [],
        "none_reason": None,
    }
    assert LessonOffer.objects.get().note == "in the tender"


def test_project_says_what_it_is_about_and_why_it_has_no_lessons() -> None:
    """KNO-7."""
    client = client_of(factories.manager_of(factories.project("P-1")))

    nothing = client.patch(PROJECT, {}, format="json")
    done = client.patch(
        PROJECT, {"tags": ["Permit"], "none_reason": "It was stopped in its first week."}, format="json"
    ).json()

    assert nothing.status_code == 400
    assert (done["tags"], done["review_rate"]) == (["permit"], None)
    assert NoLessons.objects.get().reason == done["none_reason"]


def test_change_of_a_standard_is_completed_or_declined() -> None:
    """KNO-8."""
    item = library_item()
    for code in ("P-1", "P-2"):
        published(factories.project(code), standard="item:risk-register:en")
    first, second = StandardChange.objects.order_by("pk")
    client = client_of(curator())

    same = client.post(f"{CHANGES}{first.pk}/complete/", {"number": "1.0"})
    republished(item, title="Register with triggers")
    done = client.post(f"{CHANGES}{first.pk}/complete/", {"number": "1.1"}).json()
    client.post(f"{CHANGES}{second.pk}/decline/", {"reason": "The guide says it already."})

    assert same.status_code == 409
    assert done["new_version"] == f"{item.get_absolute_url()}?version=1.1"
    assert client.get(CHANGES, {"state": "DECLINED"}).json()["count"] == 1


def test_outsider_sees_and_does_nothing() -> None:
    """SEC-13."""
    project = factories.project("P-1")
    lesson = captured(project)
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, factories.project("P-2").node)
    client = client_of(bob)

    foreign = client.post(URL, {**STORY, "project": "P-1"}, format="json")

    assert (client.get(URL).json()["count"], client.get(f"{URL}{lesson.pk}/").status_code) == (0, 404)
    assert (foreign.status_code, Lesson.objects.count()) == (404, 1)


def test_confidential_lessons_are_served_to_nobody_else() -> None:
    """ORG-9, SEC-13: changes of standards, offers, counts, and where a lesson was merged into."""
    library_item()
    project, secret = (factories.project(code, category="Site", state="PLANNING") for code in ("P-1", "P-2"))
    lesson = published(secret, standard="item:risk-register:en")
    look_for_lessons(actor=None, project=project, occasion="START", today=TODAY)
    merged = merge_lesson(actor=None, lesson=captured(project), into=captured(secret))
    change = StandardChange.objects.get()
    hide(secret)
    pmo = client_of(curator())

    assert pmo.get(CHANGES).json()["count"] == 0
    assert pmo.post(f"{CHANGES}{change.pk}/decline/", {"reason": "It is fine."}).status_code == 404
    assert pmo.get(OFFERS).json()["count"] == 0
    assert pmo.get(f"{URL}{lesson.pk}/").status_code == 404
    assert [row["merged_into"] for row in pmo.get(URL).json()["results"]] == [None]
    assert pmo.get(f"{URL}counts/").json()["state"]["PUBLISHED"] == 0
    head = client_of(curator(Role.PMO_HEAD, "Paula"))
    assert head.get(f"{URL}{merged.pk}/").json()["merged_into"] == merged.merged_into_id
    assert head.get(CHANGES).json()["count"] == 1


def test_tags_that_do_not_fit_are_refused_at_their_field() -> None:
    client = client_of(factories.manager_of(factories.project("P-1")))

    refused = client.patch(PROJECT, {"tags": [f"{'x' * 50}-{each}" for each in range(9)]}, format="json")

    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, ["tags"])
