"""A team member on a phone: own tasks of a large plan, two taps, a refusal, filters (SCH-20, SCH-22)."""

from collections.abc import Callable
from datetime import date

from playwright.sync_api import Page, expect

from tests.e2e.test_accessibility import violations_of

PHONE = {"width": 390, "height": 844}
#: What of this week still lies ahead of Bob on a Monday, a Tuesday and so on, and from what day it is.
AHEAD = (18, 9, 5, 5, 1, 1, 0)


def width_of(page: Page) -> int:
    """Return how wide the page is."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def test_this_week_is_filled_and_says_what_comes_before(
    running_plan: str, visitor: Callable[..., Page]
) -> None:
    """Issue 4, section 3: of 1,000 rows Bob owns 175; those of this week say what they come after."""
    today = date.today()
    page = visitor("TEAM_MEMBER", viewport=PHONE)
    page.goto("/my-work/?project=LIVE-1000")
    groups = page.get_by_role("navigation", name="Show").get_by_role("link")
    shown = [text.rsplit(maxsplit=1) for text in groups.all_inner_texts()[1:]]
    numbers = {title: int(count) for title, count in shown}
    expected = AHEAD[today.weekday()]
    assert (numbers["This week"], numbers["Later"]) == (expected, 42)
    page.get_by_role("link", name="This week").click()

    expect(page.locator(".tool-count")).to_have_text(f"{expected} task{'' if expected == 1 else 's'}")
    items = page.locator(".work-item")
    expect(items).to_have_count(expected)
    if expected:
        expect(items.filter(has_text="Order 363")).to_have_count(1)
    if expected > 1:
        expect(items.filter(has_text="comes after your “")).not_to_have_count(0)
    assert (violations_of(page), width_of(page)) == ([], 390)


def test_task_is_done_in_two_taps_on_a_phone(running_plan: str, visitor: Callable[..., Page]) -> None:
    """Product section 3: two minutes. The first tap looks, the second saves."""
    page = visitor("TEAM_MEMBER", viewport=PHONE, has_touch=True)
    page.goto("/my-work/?project=LIVE-1000&show=late")
    late = page.locator(".tool-count")
    before = int(late.inner_text().split()[0])
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
    assert page.url.endswith("/my-work/?show=late&project=LIVE-1000")
    expect(late).to_have_text(f"{before - 1} tasks")
    assert (wrong, widths) == ([], [390, 390])


def test_refusal_stands_on_its_field_on_a_phone(running_plan: str, visitor: Callable[..., Page]) -> None:
    """SCH-20: FUTURE_ACTUAL; the form keeps what was typed."""
    page = visitor("TEAM_MEMBER", viewport=PHONE)
    page.goto("/my-work/?project=LIVE-1000")
    page.get_by_role("link", name="Update").first.click()
    page.get_by_label("Actual start").fill("2099-01-01")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("This day lies after the data date.")).to_be_visible()
    expect(page.get_by_label("Actual start")).to_have_value("2099-01-01")
    assert (violations_of(page), width_of(page)) == ([], 390)
