"""A project manager asks what a change would move, saves it, and sees the plan follow."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

PROJECT = "/projects/EX-SCH/"


def test_change_is_tried_out_saved_and_moves_the_plan(sign_in: Callable[[str], Page]) -> None:
    """EX-SCH with B three days longer: B, D, E and F move, nothing is saved before it is asked for."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"{PROJECT}plan/list/")
    expect(page.locator(".plan-dates")).to_contain_text("The portal computes these dates")
    page.locator(".plan-table tbody").get_by_role("link", name="B", exact=True).click()
    page.get_by_role("link", name="Edit", exact=True).last.click()
    page.locator("input[name=days]").fill("6")

    page.get_by_role("button", name="What would move?").click()
    expect(page.locator("#moves")).to_contain_text("4 tasks move, the plan finishes 3 working days later.")
    expect(page.locator("input[name=days]")).to_have_value("6")
    rows = page.get_by_role("group", name="Tasks that move").locator("tbody tr")
    expect(rows).to_have_count(4)

    page.locator(".form-buttons button[type=submit]").first.click()
    expect(page.locator("body")).to_contain_text("4 tasks move, the plan finishes 3 working days later.")
    page.goto(f"{PROJECT}plan/scheduling/")
    expect(page.locator("main")).to_contain_text("Finish of the plan: 23 Mar 2026")


def test_dates_are_kept_and_handed_over_again(running_plan: str, sign_in: Callable[[str], Page]) -> None:
    """1,000 rows: the switch says what it would move before it does; nothing, when the dates are right."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"{running_plan}plan/scheduling/")

    page.get_by_role("button", name="Keep the dates as they are from now on").click()
    expect(page.locator("#owner-title")).to_contain_text("The dates are as they were given")
    expect(page.locator("main")).to_contain_text("If the portal computed the dates now: Nothing moves.")

    page.get_by_role("button", name="Let the portal compute the dates").click()
    expect(page.locator("#owner-title")).to_contain_text("The portal computes the dates")
