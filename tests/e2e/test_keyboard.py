"""The portal without a mouse, and work in the background."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

WORKER_MS = 120_000


def test_palette_finds_and_opens_a_project(sign_in: Callable[[str], Page]) -> None:
    """Product section 6: Ctrl K, type, Enter."""
    page = sign_in("PMO_ANALYST")
    page.goto("/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-input")).to_be_focused()

    page.keyboard.type("Harbour substation")
    hit = page.locator("#palette-list [role=option]", has_text="Harbour substation").first
    expect(hit).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")

    page.wait_for_url("**/projects/*/")
    expect(page.locator("h1")).to_contain_text("Harbour substation")


def test_palette_closes_with_escape_and_gives_focus_back(sign_in: Callable[[str], Page]) -> None:
    """WCAG 2.1.2: no keyboard trap."""
    page = sign_in("PMO_ANALYST")
    page.goto("/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.locator("#palette")).to_be_hidden()


def test_skip_link_comes_first_and_leads_to_the_content(sign_in: Callable[[str], Page]) -> None:
    """WCAG 2.4.1, 2.4.7: first stop of the keyboard, visible, moves the focus past the menu."""
    page = sign_in("PMO_ANALYST")
    page.goto("/portfolio/projects/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip-link")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()

    page.keyboard.press("Enter")

    expect(page.locator("#content")).to_be_focused()


def test_focus_is_visible_on_every_stop(sign_in: Callable[[str], Page]) -> None:
    """WCAG 2.4.7: each of the first stops of the keyboard has an outline or a ring."""
    page = sign_in("PMO_ANALYST")
    page.goto("/portfolio/projects/")
    unseen = []

    for _stop in range(25):
        page.keyboard.press("Tab")
        unseen.append(
            page.evaluate(
                """() => {
                  const element = document.activeElement;
                  const around = [element, element.closest("label")].filter(Boolean);
                  const styles = around.map(each => getComputedStyle(each));
                  const isSeen = styles.some(s => s.outlineStyle !== "none" || s.boxShadow !== "none");
                  return isSeen || element === document.body ? "" : element.outerHTML.slice(0, 120);
                }"""
            )
        )

    assert [each for each in unseen if each] == []


def test_roll_up_shows_on_the_jobs_page_and_ends(sign_in: Callable[[str], Page]) -> None:
    """Product section 5, speed: what takes long is found again under Jobs, and its end shows by itself."""
    page = sign_in("PMO_ANALYST")
    page.goto("/portfolio/")
    page.get_by_role("button", name="Roll up now").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(re.compile("oll-up"))

    page.goto("/jobs/")

    newest = page.locator("#job-table tbody tr", has_text=re.compile("[Rr]oll")).first
    expect(newest).to_be_visible()
    expect(newest).to_contain_text(re.compile("[Dd]one|Ended|Finished"), timeout=WORKER_MS)
