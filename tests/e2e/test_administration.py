"""An administrator brings somebody in, and takes the access away at once."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import sign_in_with
from tests.e2e.people import PASSWORD, make_stranger
from tests.portal import Portal


def test_administrator_invites_a_person(sign_in: Callable[[str], Page]) -> None:
    """A new person is there, without a role, and gets an invitation."""
    page = sign_in("ADMINISTRATOR")
    page.goto("/administration/people/new/")
    page.locator("input[name=name]").fill("Nora Newcomer")
    page.locator("input[name=email]").fill("nora@northwind.example")
    page.locator("main form button[type=submit]").first.click()
    page.goto("/administration/people/?q=Nora")
    page.get_by_role("link", name="Nora Newcomer").first.click()

    page.get_by_role("button", name="Send an invitation").click()

    expect(page.locator("#toasts")).to_contain_text("nora@northwind.example")
    expect(page.get_by_role("heading", name="Roles", exact=True)).to_be_visible()


def test_role_given_and_ended_ends_the_session_at_once(
    portal: Portal, visitor: Callable[..., Page], new_context: Callable[..., object], page: Page
) -> None:
    """SEC-7: the moment an auditor loses the role, the next click meets the sign-in page."""
    quentin = make_stranger(portal, "Quentin")
    admin = visitor("ADMINISTRATOR")
    _give_role(admin, quentin.email, "AUDITOR")
    sign_in_with(page, quentin.email, PASSWORD)
    page.goto("/portfolio/projects/")
    expect(page.locator("table tbody tr").first).to_be_visible()

    admin.goto("/administration/grants/?q=Quentin")
    admin.locator("table tbody tr", has_text=quentin.email).get_by_role("button").click()
    expect(admin.locator("table tbody tr", has_text=quentin.email)).to_have_count(0)

    page.goto("/portfolio/projects/")
    assert "/accounts/login" in page.url
    sign_in_with(page, quentin.email, PASSWORD)
    page.goto("/portfolio/projects/")
    expect(page.locator("table tbody tr")).to_have_count(0)


def _give_role(page: Page, email: str, role: str) -> None:
    page.goto("/administration/grants/new/")
    person = page.locator("select[name=user] option", has_text=email).get_attribute("value")
    page.locator("select[name=user]").evaluate("(select, value) => { select.value = value }", person)
    node = page.locator("select[name=node]")
    node.evaluate("select => { select.value = [...select.options].find(each => each.value).value }")
    page.locator("select[name=role]").evaluate("(select, value) => { select.value = value }", role)
    page.get_by_role("button", name="Give the role").click()
    page.wait_for_url(lambda url: "/new/" not in url)


def test_ended_access_ends_all_sessions(portal: Portal, visitor: Callable[..., Page], page: Page) -> None:
    """SEC-7: ending somebody's access throws them out of every browser."""
    leaver = make_stranger(portal, "Lena")
    sign_in_with(page, leaver.email, PASSWORD)
    expect(page.locator("h1")).to_contain_text("Lena")
    admin = visitor("ADMINISTRATOR")
    admin.goto("/administration/people/?q=Lena")
    admin.get_by_role("link", name="Lena").first.click()

    admin.locator("#id_reason").fill("Left the organization")
    admin.get_by_role("button", name="End access").click()
    expect(admin.locator("main")).to_contain_text("Give access back")

    page.goto("/")
    assert "/accounts/login" in page.url
