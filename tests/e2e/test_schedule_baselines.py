"""Baselines and schedule quality of a plan of 1,000 rows: ask, approve, compare; offenders, a waiver."""

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.e2e.test_accessibility import violations_of
from tests.running_plan import WEEKS_BEFORE, monday_of

START = monday_of(date.today()) - timedelta(weeks=WEEKS_BEFORE)


def _short(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def test_any_two_baselines_are_compared_in_words_and_rows(
    running_plan: str, sign_in: Callable[[str], Page]
) -> None:
    """Issue 4, section 3: what changed since baseline 0; 850 rows, the latest slip first; the trend."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"{running_plan}baselines/?before=0&after=1")
    page.wait_for_function("() => document.querySelector('#milestone-trend canvas, #milestone-trend svg')")
    lines = page.locator(".change-lines li")
    before, after = (_short(START + timedelta(days=days)) for days in (65, 71))
    expect(lines).to_contain_text(
        [
            f"The plan finishes 4 working days later: {after} instead of {before}.",
            "415 of 850 tasks finish later. Train 110 (+9 d), Build 220 (+9 d), Survey 440 (+9 d)",
            "53 of 850 tasks finish earlier. Order 227 (−2 d), Build 228 (−2 d), Order 259 (−2 d)",
            "78 tasks take longer. Test 21, Test 29, Test 37 and 75 more",
        ]
    )
    rows = page.locator("section:has(#rows-title) tbody tr")
    expect(rows, "milestones").to_have_count(25)
    expect(page.locator("main")).to_contain_text("13 further milestones are not drawn.")

    page.get_by_role("link", name="All tasks").click()
    expect(page.locator(".pager-text")).to_have_text("1–100 of 850")
    page.get_by_role("link", name="What changed").click()
    expect(page.locator(".pager-text")).to_have_text("1–100 of 476")
    expect(rows.first).to_contain_text("Train 110")
    expect(rows.first).to_contain_text("9 working days late")
    assert violations_of(page) == []


def test_baseline_is_asked_for_and_approved(
    running_plan: str, sign_in: Callable[[str], Page], visitor: Callable[..., Page]
) -> None:
    """SCH-36: the manager asks with a reason, who may set baselines finds it filled in and sets it."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"{running_plan}baselines/")
    page.get_by_role("link", name="Ask for a baseline").click()
    page.get_by_label("Name").fill("After the storm")
    page.get_by_label("Effective from").fill((monday_of(date.today()) + timedelta(days=7)).isoformat())
    page.locator(".form-buttons button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("eason")
    page.get_by_label("Reason").fill("The storm cost two weeks.")
    page.locator(".form-buttons button[type=submit]").first.click()
    page.wait_for_url("**/baselines/")

    head = visitor("PORTFOLIO_MANAGER")
    head.goto("/")
    head.locator("main a[href*='LIVE-1000/baselines/new/']").first.click()
    expect(head.get_by_label("Name")).to_have_value("After the storm")
    expect(head.get_by_label("Reason")).to_have_value("The storm cost two weeks.")
    head.locator(".form-buttons button[type=submit]").first.click()
    expect(head.locator("section:has(#baselines-title) tbody th").first).to_contain_text("2 After the storm")
    expect(head.locator("#rows-title")).to_have_text("The plan now against Baseline 2 · After the storm")
    expect(head.locator(".change-lines")).to_contain_text("Nothing")


def test_offender_is_one_click_away_and_a_check_is_waived(
    running_plan: str, visitor: Callable[..., Page]
) -> None:
    """Issue 4, section 3: 14 checks, the rows behind one of them, a waiver with reason and end; the trend."""
    page = visitor("PMO_HEAD")
    page.goto(f"{running_plan}quality/")
    checks = page.get_by_role("group").filter(has=page.locator(".quality-table")).first.locator("tbody tr")
    expect(checks).to_have_count(14)
    logic = checks.first
    logic.locator("summary").click()
    offender = logic.locator(".offenders a").first
    name = offender.inner_text().split(maxsplit=1)[1]
    expect(logic.locator(".offenders li")).to_have_count(
        int(logic.locator("summary").inner_text().split()[0])
    )
    offender.click()
    expect(page.locator("#task-title")).to_contain_text(name)
    page.go_back()

    checks.first.get_by_role("link", name="Waive").click()
    page.get_by_label("Reason").fill("The chains end at the handover of each phase.")
    page.locator(".form-buttons button[type=submit]").first.click()
    expect(checks.first).to_contain_text("waived until")
    page.locator("summary", has_text="Show as table").click()
    expect(page.locator("main")).to_contain_text(_short(START + timedelta(days=13)))
