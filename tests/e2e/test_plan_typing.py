"""Typing on a slow line: answers that arrive meanwhile take nothing away and are no conflict with oneself."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.test_plan_keys import plan as plan_of_1000

plan = plan_of_1000
SLOW = """(() => {
  const send = window.fetch;
  window.fetch = async (...given) => {
    if (String(given[0]).includes("/plan/changes/")) await new Promise((done) => setTimeout(done, 700));
    return send(...given);
  };
})()"""
PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const facts = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", facts));
}"""


@pytest.fixture
def slow(plan: str, sign_in: Callable[[str], Page]) -> Page:
    """Return the plan with name, duration and constraint, on a line that takes its time."""
    page = sign_in("PROJECT_MANAGER")
    page.add_init_script(SLOW)
    page.goto(f"{plan}?columns=name,duration,constraint,constraint_day")
    expect(page.locator(".plan-app")).to_have_attribute("data-ready", "yes")
    return page


def _saved(page: Page) -> None:
    expect(page.locator(".plan-status-state")).to_have_class(re.compile("is-saved"), timeout=60_000)


def _cell(page: Page, place: int, at: int) -> Locator:
    return page.locator(f'.plan-row[data-place="{place}"] [data-at="{at}"]')


def test_field_over_a_new_row_stays_open_when_the_row_gets_its_number(slow: Page) -> None:
    """Issue 4, type-to-edit: the second half of what is typed does not replace the first."""
    page = slow
    _cell(page, 0, 0).click()
    for key in ("Control+End", "Home"):
        page.keyboard.press(key)
    page.keyboard.type("On a slow line")
    for key in ("Enter", "ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.type("1")
    row = page.locator(".plan-row", has=page.get_by_text("On a slow line", exact=True))
    expect(row).to_have_attribute("data-uid", re.compile(r"^\d+$"))
    page.keyboard.type("2d")
    page.keyboard.press("Enter")
    _saved(page)

    expect(row.locator('[data-at="1"]')).to_have_text("12 d")
    for _step in range(2):
        page.keyboard.press("Control+z")
        _saved(page)
    expect(row).to_have_count(0)


def test_date_after_its_constraint_is_no_conflict_with_oneself(slow: Page) -> None:
    """SEC-30: the day the server proposes for a constraint is replaced by what was typed behind it."""
    page = slow
    _cell(page, 3, 2).click()
    page.keyboard.type("Start no earlier")
    page.keyboard.press("Enter")
    _cell(page, 3, 3).click()
    page.keyboard.type("2026-06-01")
    page.keyboard.press("Enter")
    _saved(page)

    expect(page.locator(".plan-dialog")).to_have_count(0)
    expect(_cell(page, 3, 3)).to_have_text("1 Jun 2026")
    for _step in range(2):
        page.keyboard.press("Control+z")
        _saved(page)
    expect(_cell(page, 3, 2)).to_have_text("")


def test_refused_paste_names_the_cell_and_goes_there(slow: Page) -> None:
    """Issue 4, paste over cells: which of many cells cannot be read is said, and has the focus."""
    page = slow
    name = _cell(page, 4, 0).inner_text()
    _cell(page, 3, 1).click()
    page.evaluate(PASTE, "2d\nrubbish\n4d")

    expect(page.locator(".plan-status-text")).to_contain_text(f"{name}, Duration: Write a length of time")
    expect(_cell(page, 4, 1)).to_be_focused()
    expect(_cell(page, 4, 1)).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".plan-status-state")).to_have_text("Not all saved")
    page.keyboard.type("3d")
    page.keyboard.press("Enter")
    _saved(page)
    for place, days in ((3, "2 d"), (4, "3 d"), (5, "4 d")):
        expect(_cell(page, place, 1)).to_have_text(days)
    expect(page.locator(".plan-row.is-waiting")).to_have_count(0)
    page.keyboard.press("Control+z")
    _saved(page)


def test_refused_new_rows_go_again_whole_or_not_at_all(slow: Page) -> None:
    """Issue 4, paste of new rows: one wrong cell is corrected and all come, or Esc gives all up."""
    page = slow
    count = page.locator(".plan-status-count")
    stood = count.inner_text()
    rows = "Pasted one\t1d\n  Pasted two\tlong\n  Pasted three\t3d"
    _cell(page, 0, 0).click()
    for way in ("Escape", "5d"):
        for key in ("Control+End", "Home"):
            page.keyboard.press(key)
        page.evaluate(PASTE, rows)
        expect(page.locator(".plan-status-text")).to_contain_text("Pasted two, Duration")
        if way == "Escape":
            page.keyboard.press(way)
            expect(count).to_have_text(stood)
            continue
        page.keyboard.type(way)
        page.keyboard.press("Enter")
        _saved(page)

    three = page.locator(".plan-row", has=page.get_by_text("Pasted three", exact=True))
    expect(three.locator('[data-at="1"]')).to_have_text("3 d")
    expect(page.locator(".plan-row[data-uid^=n]:not(.is-new)")).to_have_count(0)
    page.keyboard.press("Control+z")
    _saved(page)
    expect(count).to_have_text(stood)


def test_table_of_another_tool_goes_into_the_grid_though_a_field_is_open(
    plan: str, sign_in: Callable[[str], Page]
) -> None:
    """Issue 4, paste: titles and dates of Microsoft Project; its numbers mean the rows that come along."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"{plan}?columns=name,duration,preds,constraint")
    expect(page.locator(".plan-app")).to_have_attribute("data-ready", "yes")
    _cell(page, 0, 0).click()
    for key in ("Control+End", "Home", "F2"):
        page.keyboard.press(key)
    expect(page.locator(".plan-input")).to_be_focused()
    lines = ["ID\tTask Name\tDuration\tStart\tPredecessors", "1\tAlpha\t3 days\tMon 02/03/26\t"]
    page.evaluate(PASTE, "\n".join([*lines, "2\tBeta\t2,5 Tage\t\t3SS", "3\tGamma\t0 days\t\t1FS+1 day"]))
    _saved(page)

    row = page.locator(".plan-row", has=page.get_by_text("Beta", exact=True))
    gamma = page.locator(".plan-row", has=page.get_by_text("Gamma", exact=True))
    expect(page.locator(".plan-status-text")).to_contain_text("3 rows added.")
    expect(row.locator('[data-at="2"]')).to_have_text(f"{gamma.get_attribute('data-uid')}SS")
    expect(row.locator('[data-at="1"]')).to_have_text("2.5 d")
    expect(gamma).to_contain_text("Milestone")
    row.locator('[data-at="3"]').click()
    page.keyboard.type("snet")
    page.keyboard.press("Enter")
    _saved(page)
    expect(row.locator('[data-at="3"]')).to_have_text("Start no earlier than")
    for _step in range(2):
        page.keyboard.press("Control+z")
        _saved(page)
    expect(row).to_have_count(0)
