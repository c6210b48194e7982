"""A project manager plans, a team member reports, an executive reads; no tab overwrites another."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

PROJECT = "/projects/EX-HLT-P2/"


def _save(page: Page) -> None:
    page.locator(".form-buttons button[type=submit]").first.click()


def _new_task(page: Page, name: str, owner: str = "") -> str:
    """Create a task and return the address of its page."""
    page.goto(f"{PROJECT}plan/new/")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=start]").fill("2026-11-02")
    page.locator("input[name=days]").fill("5")
    if owner:
        page.locator("select[name=owner]").select_option(label=owner)
    _save(page)
    page.goto(f"{PROJECT}plan/list/?q={name.replace(' ', '+')}")
    page.locator(".plan-table tbody a", has_text=name).click()
    expect(page.locator("#task-title")).to_contain_text(name)
    return page.url


def test_project_manager_plans_links_and_reports(sign_in: Callable[[str], Page]) -> None:
    """A.3: create two tasks, link them, record progress."""
    page = sign_in("PROJECT_MANAGER")
    first = _new_task(page, "Lay the cable")
    _new_task(page, "Test the cable")

    predecessor = page.locator("select[name=predecessor]")
    wanted = predecessor.locator("option", has_text="Lay the cable").first.get_attribute("value")
    predecessor.select_option(str(wanted))
    page.get_by_role("button", name="Add link").click()
    expect(page.locator(".link-list").first).to_contain_text("Lay the cable")

    page.goto(first)
    page.get_by_role("link", name="Record progress").click()
    page.locator("input[name=actual_start]").fill("2026-03-02")
    page.locator("input[name=percent_complete]").fill("40")
    _save(page)
    expect(page.locator("#progress-title")).to_be_visible()
    expect(page.locator("main")).to_contain_text(re.compile(r"40(\.0)?\s?%"))


def test_stale_save_shows_the_other_change(sign_in: Callable[[str], Page]) -> None:
    """XC-1, SEC-29: two tabs edit one task; the later save is refused and shows both values."""
    page = sign_in("PROJECT_MANAGER")
    task = _new_task(page, "Shared task")
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(task)
        tab.get_by_role("link", name="Edit", exact=True).last.click()
    other.locator("input[name=name]").fill("Renamed in the other tab")
    _save(other)
    expect(other.locator("#task-title")).to_contain_text("Renamed in the other tab")

    page.locator("input[name=name]").fill("My own name")
    _save(page)

    conflict = page.locator(".other-change")
    expect(conflict).to_contain_text("Renamed in the other tab")
    expect(conflict).to_contain_text("My own name")
    other.goto(task)
    expect(other.locator("#task-title")).to_contain_text("Renamed in the other tab")


def test_team_member_records_own_progress_only(
    sign_in: Callable[[str], Page], visitor: Callable[..., Page]
) -> None:
    """Permission matrix row 5 (``o``): own tasks yes, tasks of others no, plan never."""
    alice = visitor("PROJECT_MANAGER")
    foreign = _new_task(alice, "Not Bob's task")
    own = _new_task(alice, "Work of a team member", owner="Bob Tanaka")
    page = sign_in("TEAM_MEMBER")

    page.goto(foreign)
    expect(page.locator("#task-title")).to_contain_text("Not Bob's task")
    expect(page.get_by_role("link", name="Record progress")).to_have_count(0)
    expect(page.get_by_role("link", name="Edit", exact=True)).to_have_count(0)
    refused = page.goto(f"{foreign}progress/")
    assert refused is not None
    assert refused.status in {403, 404}

    page.goto(own)
    page.get_by_role("link", name="Record progress").click()
    page.locator("textarea[name=note]").fill("Waiting for the supplier")
    _save(page)
    expect(page.locator("main")).to_contain_text("Waiting for the supplier")


def test_executive_sees_milestones_and_no_budget_lines(sign_in: Callable[[str], Page]) -> None:
    """Permission matrix rows 5 and 8: milestones and totals, neither tasks nor budget lines."""
    page = sign_in("EXECUTIVE")
    page.goto(f"{PROJECT}plan/list/")

    kinds = page.locator(".plan-table tbody tr")
    expect(page.locator("main")).not_to_contain_text("Work package")
    assert kinds.count() == page.locator(".plan-table tbody tr .visually-hidden").count()

    page.goto(f"{PROJECT}money/")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main table tbody tr", has_text="Work package")).to_have_count(0)
    expect(page.get_by_role("link", name="Add", exact=False)).to_have_count(0)
