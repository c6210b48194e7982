"""Lessons in the browser: the tab of a project, the list, a lesson, and what the PMO does."""

import pytest
from django.test import Client

from pmo_portal.accounts.choices import Role
from portfolio.models import Lesson, LessonOffer, LessonProfile, NoLessons, StandardChange
from portfolio.services.document_templates import load_shipped_documents
from portfolio.services.lesson_offers import look_for_lessons, set_lesson_tags
from portfolio.services.lessons import accept_lesson, merge_lesson
from tests import factories
from tests.portfolio.lessons import STORY, TODAY, captured, curator, hide, published
from tests.portfolio.libraries import published as library_item
from tests.portfolio.libraries import republished
from tests.portfolio.views.test_dashboards import words

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TAB = "/portfolio/projects/P-1/lessons/"
LIST = "/library/lessons/"
KEYS = ("document:charter", "document:gate-pack", "document:charter")
GIVEN = {**STORY, "language": "en", "category": "Site", "tags": "permit"}


def test_member_captures_and_the_pmo_publishes(client: Client) -> None:
    project = factories.project("P-1")
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, project.node)
    client.force_login(bob)

    made = client.post(f"{TAB}new/", GIVEN, follow=True)
    assert "Captured. The PMO reads it" in words(made)
    assert "Ask for the permit first Captured" in words(made)

    lesson = Lesson.objects.get()
    client.force_login(curator())
    assert "Ask for the permit first Captured" in words(client.get(LIST))
    client.post(f"{LIST}{lesson.pk}/accept/", {"version": lesson.version})
    done = client.post(f"{LIST}{lesson.pk}/publish/", follow=True)

    assert "Published: others find it in the library" in words(done)
    assert "In the library" in words(done)
    assert "Effect, use and origin" in words(client.get(f"/library/items/lesson-{lesson.pk}/en/"))
    assert client.get(f"/library/items/lesson-{lesson.pk}/en/edit/").headers["Location"] == (
        f"{LIST}{lesson.pk}/"
    )


def test_missing_recommendation_stands_at_its_field(client: Client) -> None:
    project = factories.project("P-1")
    client.force_login(factories.manager_of(project))

    refused = client.post(f"{TAB}new/", {**GIVEN, "recommendation": ""})

    assert (refused.status_code, Lesson.objects.count()) == (422, 0)
    assert "This field is required." in words(refused)


def test_stale_edit_shows_both_versions(client: Client) -> None:
    project = factories.project("P-1")
    client.force_login(curator())
    lesson = captured(project)
    address = f"{LIST}{lesson.pk}/edit/"
    client.post(address, {**GIVEN, "title": "Theirs", "version": 1})

    stale = client.post(address, {**GIVEN, "title": "Mine", "version": 1})

    assert (stale.status_code, Lesson.objects.get().title) == (422, "Theirs")
    assert "Theirs Mine" in words(stale)


def test_empty_tab_says_what_to_do_and_takes_none(client: Client) -> None:
    """KNO-7."""
    project = factories.project("P-1")
    client.force_login(factories.manager_of(project))

    empty = client.get(TAB)
    assert "A project is closed with at least one lesson" in words(empty)
    assert 'required minlength="10" maxlength="2000"' in empty.content.decode()
    short = client.post(f"{TAB}none/", {"reason": "no"}, follow=True)
    done = client.post(f"{TAB}none/", {"reason": "It was stopped in its first week."}, follow=True)

    assert "Say why, in at least 10 characters." in words(short)
    assert "There is none: It was stopped in its first week. Alice" in words(done)
    assert NoLessons.objects.count() == 1


def test_offer_is_explained_and_marked(client: Client) -> None:
    """KNO-6."""
    project = factories.project("P-1", category="Site", tier="T1", state="PLANNING")
    published(factories.project("P-2", category="Site", tier="T2"), tags="permit")
    client.force_login(factories.manager_of(project))

    client.post(f"{TAB}tags/", {"tags": "Permit"})
    looked = client.post(f"{TAB}look/", {"occasion": "START"}, follow=True)
    assert "1 more lesson fits." in words(looked)
    assert "4 points same category: Site (3) shared tag: permit (1)" in words(looked)

    offer = LessonOffer.objects.get()
    refused = client.post(f"{TAB}offers/{offer.pk}/", {"mark": "LATER"}, follow=True)
    marked = client.post(
        f"{TAB}offers/{offer.pk}/", {"mark": "APPLIED", "note": "in the tender"}, follow=True
    )

    assert LessonProfile.objects.get().tags == "permit"
    assert "Say why, in a few words." in words(refused)
    assert "1 of 1 marked" in words(marked)
    assert "No further lesson fits" in words(client.post(f"{TAB}look/", {"occasion": "GATE"}, follow=True))
    client.force_login(curator())
    shown = words(client.get(f"{LIST}{offer.lesson_id}/"))
    assert f"Used by 1 P-1 {project.name} in the tender" in shown


def test_rejected_and_merged_lessons_say_so(client: Client) -> None:
    first, second = factories.project("P-1"), factories.project("P-2")
    target, again, vague = captured(first), captured(second), captured(first, title="Vague")
    client.force_login(curator())

    client.post(f"{LIST}{vague.pk}/reject/", {"reason": "It names nobody who acts."})
    nothing = client.post(f"{LIST}{again.pk}/merge/", {"into": again.pk}, follow=True)
    merged = client.post(f"{LIST}{again.pk}/merge/", {"into": target.pk}, follow=True)

    assert "Choose the lesson that says the same." in words(nothing)
    assert "Merged into Ask for the permit first" in words(merged)
    assert "Rejected: It names nobody who acts." in words(client.get(f"{LIST}{vague.pk}/"))
    assert "Met by 2 projects" in words(client.get(f"{LIST}{target.pk}/"))
    assert "Vague Rejected" in words(client.get(LIST, {"state": "RETIRED"}))


def test_change_of_a_standard_keeps_its_link(client: Client) -> None:
    """KNO-8."""
    item = library_item()
    lesson = published(factories.project("P-1"), standard="item:risk-register:en", fault="No trigger.")
    change = StandardChange.objects.get()
    client.force_login(curator())

    assert "Version 1.0 is still in force." in words(client.get(LIST))
    republished(item, title="Register with triggers")
    assert "Version 1.1 has the change" in words(client.get(LIST))
    done = client.post(f"{LIST}changes/{change.pk}/done/", {"number": "1.1"}, follow=True)

    assert "Done. The lesson keeps the link to the new version." in words(done)
    assert f'href="{item.get_absolute_url()}?version=1.1"' in done.content.decode()
    assert Lesson.objects.get(pk=lesson.pk).state == "ACTIONED"
    again = client.post(f"{LIST}changes/{change.pk}/decline/", {"reason": "Too late for it."}, follow=True)
    assert "This request is decided already." in words(again)


def test_others_see_published_lessons_of_open_projects_only(client: Client) -> None:
    """ORG-9, SEC-13."""
    bob = factories.user("Bob")
    factories.grant(bob, Role.TEAM_MEMBER, factories.project("P-1").node)
    shared = published(factories.project("P-2"), title="Shared")
    secret = published(factories.project("P-3", is_confidential=True), title="Secret")
    waits = captured(factories.project("P-4"), title="Waits")
    client.force_login(bob)

    shown = words(client.get(LIST))

    assert ("Shared" in shown, "Secret" in shown, "Waits" in shown) == (True, False, False)
    codes = [client.get(f"{LIST}{each.pk}/").status_code for each in (shared, secret, waits)]
    assert codes == [200, 404, 404]


def test_confidential_lessons_show_nowhere_to_the_pmo_analyst(client: Client) -> None:
    """ORG-9, SEC-13: neither as a change of a standard, nor as a tag, an offer, or what was merged."""
    library_item()
    project, secret = (factories.project(code, category="Site", state="PLANNING") for code in ("P-1", "P-2"))
    about = {"title": "Canary", "tags": "canary", "standard": "item:risk-register:en", "fault": "Canary."}
    lesson = published(secret, **about)
    set_lesson_tags(actor=None, project=secret, tags="canary-profile")
    look_for_lessons(actor=None, project=project, occasion="START", today=TODAY)
    merged = merge_lesson(actor=None, lesson=captured(project), into=captured(secret, title="Canary two"))
    offer, change = LessonOffer.objects.get(), StandardChange.objects.get()
    hide(secret)
    anna = curator()
    client.force_login(anna)

    pages = [
        client.get(address)
        for address in (LIST, f"{LIST}?state=PUBLISHED", f"{LIST}?q=canary", TAB, f"{TAB}new/")
    ]
    pages += [client.get(f"{LIST}{merged.pk}/"), client.get(f"{LIST}{merged.pk}/edit/")]
    assert [page.status_code for page in pages[:-1]] == [200] * 6
    assert not any("canary" in page.content.decode().lower().replace("q=canary", "") for page in pages[:2])
    assert not any("Canary" in words(page) or "canary-" in words(page) for page in pages)
    assert "Merged into a lesson you do not see." in words(pages[5])
    posts = [
        client.post(f"{TAB}offers/{offer.pk}/", {"mark": "APPLIED"}),
        client.post(f"{LIST}changes/{change.pk}/decline/", {"reason": "It is fine as it is."}),
        client.post(f"{LIST}{lesson.pk}/retire/", {"reason": "It is out of date."}),
    ]
    assert [each.status_code for each in posts] == [404, 404, 404]
    client.force_login(curator(Role.PMO_HEAD, "Paula"))
    assert "Canary" in words(client.get(LIST))


@pytest.mark.parametrize(
    ("address", "given", "kept"),
    [
        ("tags/", {"tags": "a long one " * 30}, "a long one"),
        ("none/", {"reason": "too short"}, "too short"),
    ],
)
def test_refused_text_stands_in_its_form(
    client: Client, address: str, given: dict[str, str], kept: str
) -> None:
    project = factories.project("P-1")
    set_lesson_tags(actor=None, project=project, tags="permit")
    client.force_login(factories.manager_of(project))

    refused = client.post(f"{TAB}{address}", given)

    shown = refused.content.decode()
    assert (refused.status_code, 'aria-invalid="true"' in shown, f'value="{kept}' in shown) == (
        422,
        True,
        True,
    )
    assert LessonProfile.objects.get().tags == "permit"


def test_refused_reason_of_the_pmo_stands_in_its_form(client: Client) -> None:
    lesson = captured(factories.project("P-1"))
    client.force_login(curator())

    refused = client.post(f"{LIST}{lesson.pk}/reject/", {"reason": "vague"})

    assert (refused.status_code, Lesson.objects.get().state) == (422, "CAPTURED")
    assert 'value="vague"' in refused.content.decode()
    assert "Say why, in at least 10 characters." in words(refused)


def test_author_is_told_that_the_pmo_reads_an_edited_lesson_again(client: Client) -> None:
    """ORG-8."""
    project = factories.project("P-1")
    alice = factories.manager_of(project)
    lesson = captured(project, actor=alice)
    accept_lesson(actor=None, lesson=lesson)
    client.force_login(alice)
    address = f"{LIST}{lesson.pk}/edit/"

    assert "When you change it, the PMO reads it again." in words(client.get(address))
    client.post(address, {**GIVEN, "title": "Better", "version": 2})

    lesson.refresh_from_db()
    assert (lesson.title, lesson.state) == ("Better", "CAPTURED")


def test_list_is_searched_by_words(client: Client) -> None:
    project = factories.project("P-1")
    captured(project)
    published(project, title="Walk the site", kind="KEEP")
    client.force_login(curator())

    assert "Walk the site" in words(client.get(LIST, {"q": "site walk"}))
    assert "Walk the site" not in words(
        client.get(LIST, {"q": "permit", "kind": "AVOID", "phase": "PLANNING"})
    )
    assert "No lesson fits" in words(client.get(LIST, {"q": "zeppelin"}))


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_the_same_number_of_questions(
    client: Client, number: int, django_assert_num_queries: object
) -> None:
    project = factories.project("P-1", category="Site", state="PLANNING")
    other = factories.project("P-2", category="Site")
    load_shipped_documents(actor=None, today=TODAY)
    for key in KEYS[:number]:
        published(other, standard=key)
        captured(project)
    look_for_lessons(actor=None, project=project, occasion="START", today=TODAY)
    client.force_login(curator())
    client.get(LIST)

    with django_assert_num_queries(18):  # type: ignore[operator]
        client.get(LIST)
    with django_assert_num_queries(18):  # type: ignore[operator]
        client.get(TAB)


def test_state_page_asks_for_lessons(client: Client) -> None:
    """KNO-7."""
    project = factories.project("P-1", state="CLOSING")
    client.force_login(curator(Role.PMO_HEAD, "Paula"))

    assert (
        f'href="/portfolio/projects/{project.code}/lessons/"'
        in client.get("/projects/P-1/state/").content.decode()
    )
