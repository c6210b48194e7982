"""A project waits for a milestone of another; it moves, and the date is taken over."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

WAITING, GIVING = "EX-HLT-P1", "EX-HLT-P2"


def test_manager_waits_for_another_project_and_follows_its_date(sign_in: Callable[[str], Page]) -> None:
    """One manager of both projects: agreed at once; the giver's date moves, the receiver takes it over."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"/projects/{WAITING}/plan/")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("link", name="Dependencies").click()
    page.get_by_role("link", name="Wait for another project").click()
    page.goto(f"/projects/{WAITING}/dependencies/new/?giver={GIVING}")
    page.get_by_label("Its milestone").select_option(index=2)
    page.get_by_label("Your milestone that waits").select_option(index=1)
    page.get_by_label("Needed by").fill("2027-01-29")
    page.get_by_role("button", name="Ask for it").click()
    row = page.locator(".dependency").first
    expect(row).to_contain_text("Handed over waits for Handed over EX-HLT-P2")
    expect(row).to_contain_text("Agreed by Alice Moreau")

    row.get_by_role("link", name="Handed over").last.click()
    expect(page).to_have_url(re.compile(GIVING))
    given = page.locator(".dependency").first
    expect(given).to_contain_text("is waited for by")
    given.get_by_role("link", name="Handed over").first.click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Start", exact=True).fill("2027-01-12")
    page.get_by_label("Finish", exact=True).fill("2027-01-12")
    page.get_by_role("button", name="Save").click()

    page.goto(f"/projects/{WAITING}/dependencies/")
    expect(page.locator(".dependency-notice")).to_contain_text("moved")
    page.get_by_role("link", name="Take over the new date").click()
    expect(page.locator("main")).to_contain_text("In your plan:")
    page.get_by_role("button", name="Take it over").click()
    expect(page.locator(".dependency-notice")).to_have_count(0)

    page.goto(f"/projects/{WAITING}/plan/")
    expect(page.locator(".plan-mark", has_text="Waits for another project")).to_have_count(1)
    expect(page.locator(".time-outside")).to_have_count(1)
