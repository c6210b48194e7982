"""Help of the library beside the fields and steps it belongs to."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver

from pmo_portal.common.errors import DomainError
from pmo_portal.common.guidance import PAGES, PLACES
from portfolio.models import KnowledgeLabel, UsageEvent
from portfolio.services.library import edit_item, publish
from portfolio.services.library_content import load_library, starter_items
from tests.factories import manager_of, project, user
from tests.portfolio.libraries import content, paula, published
from tests.portfolio.views.test_dashboards import words

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 10)
URL = "/library/guidance/"


def helping(code: str = "estimate", *, places: tuple[str, ...] = ("task.duration",), **about: Any) -> Any:
    """A published item that stands beside places."""
    about.setdefault("title", "Estimate well")
    return published(code, kind="GUIDE", places=places, **about)


def test_every_place_is_on_a_page_that_exists() -> None:
    known = {f"{space}:{name}" for space in ("projects", "portfolio") for name in _names(space)}

    assert set(PAGES) - known == set()
    assert len({place.code for place in PLACES}) == len(PLACES)


def _names(space: str) -> set[str]:
    try:
        resolver = get_resolver().namespace_dict[space][1]
    except KeyError as fault:
        raise NoReverseMatch from fault
    return {name for name in resolver.reverse_dict if isinstance(name, str)}


def test_starter_content_stands_beside_a_dozen_places_in_both_languages() -> None:
    bound = {
        language: {
            place for item in starter_items() if item.language == language for place in item.content.places
        }
        for language in ("en", "de")
    }

    assert bound["en"] == bound["de"]
    assert len(bound["en"]) >= 12


def test_page_asks_for_its_help_and_others_do_not(client: Client) -> None:
    made = project("P-1")
    client.force_login(manager_of(made))

    form = client.get("/projects/P-1/plan/new/").content.decode()
    other = client.get("/projects/P-1/activity/").content.decode()

    asked = form.split(f'hx-get="{URL}?at=projects:task_new&amp;fields=')[1].split('"')[0].split(",")
    assert {"name", "days", "owner", "constraint_type"} <= set(asked)
    assert URL not in other


def test_help_of_a_page_goes_into_the_line_of_its_title(client: Client) -> None:
    """Below the people it took a line of its own."""
    helping(places=("project.overview",))
    client.force_login(paula())

    told = client.get(f"{URL}?at=projects:overview").content.decode()

    assert 'hx-swap-oob="afterend:main .page-head-text .page-title"' in told


@pytest.mark.parametrize("count", [1, 3])
def test_help_goes_beside_its_field(client: Client, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        helping(f"estimate-{number}")
    client.force_login(paula())

    with django_assert_num_queries(8):
        answer = client.get(f"{URL}?at=projects:task_edit&fields=name,days")

    told = answer.content.decode()
    assert told.count('hx-swap-oob="beforeend:#div_id_days"') == 1
    assert told.count("/library/items/estimate-") == count
    others = [
        client.get(f"{URL}?at={where}") for where in ("projects:team", "projects:task_edit&fields=name")
    ]
    assert [each.content.strip() for each in others] == [b"", b""]


def test_reading_the_help_counts_and_is_in_ones_own_language(client: Client) -> None:
    english = helping()
    german = helping(language="de", title="Gut schätzen")
    paula_ = paula()
    client.force_login(paula_)

    shown = words(client.get(f"{URL}task.duration/", headers={"Accept-Language": "en"}))
    again = words(client.get(f"{URL}task.duration/", headers={"Accept-Language": "de"}))

    assert "Estimate well" in shown
    assert "Gut schätzen" not in shown
    assert "Gut schätzen" in again
    assert [event.item for event in UsageEvent.objects.order_by("pk")] == [english, german]
    assert {event.kind for event in UsageEvent.objects.all()} == {"VIEW"}


def test_place_without_help_is_not_there(client: Client) -> None:
    client.force_login(paula())

    assert [client.get(f"{URL}{place}/").status_code for place in ("task.name", "nowhere")] == [404, 404]


def test_who_does_not_read_the_library_gets_nothing(client: Client) -> None:
    helping()
    client.force_login(user("Nobody"))

    assert client.get(f"{URL}?at=projects:task_new&fields=days").content.strip() == b""
    assert client.get(f"{URL}task.duration/").status_code == 403


def test_draft_helps_nobody_and_a_new_version_takes_the_place_over(client: Client) -> None:
    """KNO-1: the binding belongs to the version, so it is published with it."""
    item = helping()
    edit_item(actor=None, item=item, content=content(title="Estimate better", places=("plan",)))
    client.force_login(paula())

    before = client.get(f"{URL}plan/").status_code
    publish(actor=None, item=item, today=TODAY)

    assert (before, client.get(f"{URL}plan/").status_code) == (404, 200)
    assert client.get(f"{URL}task.duration/").status_code == 404


def test_unknown_place_is_refused() -> None:
    with pytest.raises(DomainError) as refused:
        helping(places=("moon",))

    assert (refused.value.code, refused.value.field) == ("UNKNOWN_PLACE", "places")
    assert KnowledgeLabel.objects.count() == 0


def test_pmo_edits_the_binding_on_the_item(client: Client) -> None:
    item = published("wbs", title="Cut the work")
    client.force_login(paula())
    given = {
        "title": "Cut the work",
        "summary": "How.",
        "body": "Text",
        "tags": "",
        "places": ["task.name", "plan"],
    }

    client.post(f"/library/items/{item.code}/en/edit/", given)
    publish(actor=None, item=item, today=TODAY)

    shown = words(client.get(f"/library/items/{item.code}/en/"))
    assert "Shown beside Plan, Task: name" in shown


def test_upgrade_binds_starter_items_nobody_changed() -> None:
    load_library(today=TODAY)
    bound = KnowledgeLabel.objects.filter(kind="PLACE").count()
    KnowledgeLabel.objects.filter(kind="PLACE").delete()

    done = load_library(today=TODAY)

    live = KnowledgeLabel.objects.filter(kind="PLACE", version__state="PUBLISHED")
    assert (done.renewed, live.count()) == (50, bound)
