"""Somebody without a role sees nothing, anywhere."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import sign_in_with
from tests.e2e.people import make_stranger
from tests.portal import Portal


@pytest.fixture
def codes(portal: Portal) -> list[str]:
    """Return the codes of some projects that exist."""
    source = "from projects.models import Project; print(*Project.objects.values_list('code', flat=True)[:5])"
    return portal.manage("shell", "-v", "0", "-c", source).split()


def test_stranger_sees_nothing(page: Page, portal: Portal, codes: list[str]) -> None:
    """SEC-9, SEC-10: no project on Home, in lists, in the search, by address or through the API."""
    stranger = make_stranger(portal, "Charlie")
    sign_in_with(page, stranger.email, stranger.password)
    assert len(codes) == 5

    expect(page.locator("#my-projects")).to_have_count(0)
    expect(page.locator("h1")).to_contain_text("Charlie")
    for address in ("/portfolio/", "/portfolio/projects/", "/portfolio/compare/"):
        page.goto(address)
        expect(page.locator("h1")).to_be_visible()
        assert not [code for code in codes if code in page.content()]
    for code in codes:
        answer = page.goto(f"/projects/{code}/")
        assert answer is not None
        assert answer.status == 404
    found = page.request.get("/search/", params={"q": codes[0]}, headers={"Accept": "application/json"})
    assert found.json() == []


def test_stranger_gets_nothing_from_the_api(page: Page, portal: Portal, codes: list[str]) -> None:
    """SEC-9: empty list and 404 with a session; 401 without."""
    address = f"/api/v1/projects/{codes[0]}/"
    assert page.request.get(address).status == 401
    stranger = make_stranger(portal, "Charlie")
    sign_in_with(page, stranger.email, stranger.password)

    listed = page.request.get("/api/v1/projects/")

    assert listed.json()["results"] == []
    assert page.request.get(address).status == 404


def test_stranger_is_told_what_to_do(page: Page, portal: Portal) -> None:
    """Product section 5: an empty page says what goes here and whom to ask."""
    stranger = make_stranger(portal, "Charlie")

    sign_in_with(page, stranger.email, stranger.password)

    expect(page.locator("main .empty-state").first).to_contain_text("Ask the PMO")


def test_address_of_a_page_leads_back_after_signing_in(
    page: Page, demo_people: dict[str, dict[str, str]], new_context: Callable[..., object]
) -> None:
    """A person who was not signed in lands where the link pointed."""
    person = demo_people["EXECUTIVE"]
    page.goto("/portfolio/projects/")
    page.locator("#id_login").fill(person["email"])
    page.locator("#id_password").fill(person["password"])

    page.locator("#id_password").press("Enter")

    page.wait_for_url("**/portfolio/projects/")
    expect(page.locator("h1")).to_be_visible()
