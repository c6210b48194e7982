"""A team member on a phone: own tasks, done in two taps, a refusal, and the filters (SCH-20, SCH-22)."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.test_accessibility import violations_of

PHONE = {"width": 390, "height": 844}


def width_of(page: Page) -> int:
    """Return how wide the page is."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def test_task_is_done_in_two_taps_on_a_phone(visitor: Callable[..., Page]) -> None:
    """Product section 3: two minutes. The first tap looks, the second saves."""
    page = visitor("TEAM_MEMBER", viewport=PHONE, has_touch=True)
    page.goto("/my-work/?project=NWU-009")
    item = page.locator(".work-item", has=page.get_by_role("button", name="Done by")).first
    name = item.locator(".work-name").inner_text()
    wrong, widths = violations_of(page), [width_of(page)]

    item.get_by_role("button", name="Done by").tap()
    expect(page.get_by_role("status").first).to_contain_text("100.0 % complete")
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()
    wrong += violations_of(page)
    widths.append(width_of(page))
    page.get_by_role("button", name="Save").tap()

    expect(page.locator("#toasts")).to_contain_text(f"“{name}” is reported.")
    assert page.url.endswith("/my-work/?project=NWU-009")
    assert (wrong, widths) == ([], [390, 390])


def test_refusal_stands_on_its_field_on_a_phone(visitor: Callable[..., Page]) -> None:
    """SCH-20: FUTURE_ACTUAL; the form keeps what was typed."""
    page = visitor("TEAM_MEMBER", viewport=PHONE)
    page.goto("/my-work/?project=NWU-009")
    page.get_by_role("link", name="Update").first.click()
    page.get_by_label("Actual start").fill("2030-01-01")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("This day lies after the data date.")).to_be_visible()
    expect(page.get_by_label("Actual start")).to_have_value("2030-01-01")
    assert (violations_of(page), width_of(page)) == ([], 390)
