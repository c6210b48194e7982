"""The keys of the plan page one expects from a desktop tool; nothing is lost and the focus never is."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.portal import Portal

CODE = "KEYS-1000"
PREDECESSORS, OWNER = 6, 7
CUT = """() => {
  const data = new DataTransfer();
  document.activeElement.dispatchEvent(new ClipboardEvent("cut", {clipboardData: data, bubbles: true}));
  window.kept = data.getData("text/plain");
}"""
COPY = CUT.replace('"cut"', '"copy"')
PASTE = """() => {
  const data = new DataTransfer();
  data.setData("text/plain", window.kept);
  const facts = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", facts));
}"""


@pytest.fixture(scope="module")
def plan(portal: Portal, demo_people: dict[str, dict[str, str]]) -> str:
    """Make a plan of 1,000 rows once."""
    manager = demo_people["PROJECT_MANAGER"]["email"]
    source = f"from tests.large_plan import make_plan; make_plan({CODE!r}, 1000, manager={manager!r})"
    own = f"Task.objects.filter(project__code={CODE!r}, uid=3).update(extra={{'Lot': '2026-03-02T09:00'}})"
    portal.manage("shell", "-v", "0", "-c", f"{source}; from projects.models import Task; {own}")
    return f"/projects/{CODE}/plan/"


@pytest.fixture
def opened(plan: str, sign_in: Callable[[str], Page]) -> Page:
    """Return the plan in a browser, nothing focused yet."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(plan)
    expect(page.locator(".plan-app")).to_have_attribute("data-ready", "yes")
    return page


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _row(page: Page, name: str) -> Locator:
    return page.locator(".plan-row", has=page.get_by_text(name, exact=True))


def _saved(page: Page) -> None:
    expect(page.locator(".plan-status-state")).to_have_class(re.compile("is-saved"), timeout=60_000)


def test_inserted_row_takes_the_name_typed_and_changes_no_other(opened: Page) -> None:
    """Issue 4: Ins opens an empty row above; Esc lets it go; Enter and a name make one step."""
    page = opened
    count = page.locator(".plan-status-count")
    _press(page, "ArrowDown", "ArrowDown", "ArrowDown", "Insert")
    expect(page.locator(".plan-input")).to_be_focused()
    _press(page, "Escape")
    expect(count).to_have_text("1000 rows")

    _press(page, "Insert")
    page.keyboard.type("Slipped in")
    _press(page, "Enter")
    _saved(page)

    expect(page.locator(".plan-status-text")).to_contain_text("One row added.")
    expect(count).to_have_text("1001 rows")
    expect(_row(page, "Slipped in")).to_have_attribute("data-place", "2")
    expect(page.locator('.plan-row[data-place="3"]')).to_contain_text("Order 3")
    _press(page, "Control+z")
    expect(page.locator(".plan-status-text")).to_contain_text("Undone.")
    expect(count).to_have_text("1000 rows")


def test_delete_empties_a_cell_and_deletes_only_on_names(opened: Page) -> None:
    """A key that deletes a branch where somebody means a cell costs a plan."""
    page = opened
    count = page.locator(".plan-status-count")
    cell = page.locator(f'.plan-row[data-place="4"] [data-at="{PREDECESSORS}"]')
    page.locator('.plan-row[data-place="4"] [data-at="1"]').click()
    _press(page, *["ArrowRight"] * (PREDECESSORS - 1))
    page.keyboard.type("3SS+1d")
    _press(page, "Enter")
    _saved(page)
    _press(page, "ArrowUp", "Delete")
    _saved(page)
    expect(cell).to_have_text("")
    expect(count).to_have_text("1000 rows")
    _press(page, "Control+z")
    expect(cell).to_contain_text("3SS+1d")
    _saved(page)

    _press(page, "Home", "ArrowRight", "Delete")
    _saved(page)
    expect(count).not_to_have_text("1000 rows")
    _press(page, "Control+z")
    expect(count).to_have_text("1000 rows")


def test_one_sign_is_a_value_and_tab_on_the_first_row_says_why_it_stays(opened: Page) -> None:
    """A day is "7", a predecessor "3"; what cannot be indented costs no question to the server."""
    page = opened
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    page.locator('.plan-row[data-place="0"] [data-at="1"]').click()
    _press(page, "Tab")
    expect(page.locator(".plan-status-text")).to_have_text("There is no row above it on the same level.")
    assert asked == []

    row = page.locator('.plan-row[data-place="6"]')
    duration, preds = (row.locator(f'[data-at="{at}"]') for at in (2, PREDECESSORS))
    stood = duration.inner_text(), preds.inner_text()
    duration.click()
    _press(page, "7", "Enter")
    expect(duration).to_contain_text("7 d")
    _saved(page)
    page.locator('.plan-row[data-place="6"] [data-at="1"]').click()
    _press(page, *["ArrowRight"] * (PREDECESSORS - 1), "Backspace", "Enter")
    _saved(page)
    expect(preds).to_have_text("")
    _press(page, "ArrowUp", "3", "Enter")
    expect(preds).to_have_text("3")
    _saved(page)
    for _step in range(3):
        _press(page, "Control+z")
        _saved(page)
    expect(preds).to_have_text(stood[1])
    expect(duration).to_have_text(stood[0])


def test_owner_is_chosen_filled_down_and_emptied_and_a_branch_is_cut(opened: Page) -> None:
    """Issue 4: a choice from the list holds, Ctrl+D copies, Del empties it; cut branches keep their rows."""
    page = opened
    cells = [page.locator(f'.plan-row[data-place="{place}"] [data-at="{OWNER}"]') for place in (3, 4)]
    page.locator('.plan-row[data-place="3"] [data-at="1"]').click()
    _press(page, "End", "F2")
    page.get_by_role("option", name="Alice Moreau").click()
    expect(cells[0]).to_have_text("Alice Moreau")
    _saved(page)
    _press(page, "Shift+ArrowDown", "Control+d")
    expect(cells[1]).to_have_text("Alice Moreau")
    _saved(page)
    _press(page, "Delete")
    expect(cells[0]).to_have_text("")
    expect(cells[1]).to_have_text("")
    _saved(page)

    page.locator('.plan-row[data-place="9"] [data-at="1"]').click()
    page.evaluate(CUT)
    cut = page.locator(".plan-row.is-cut")
    expect(page.locator(".plan-status-text")).to_contain_text("8 rows cut")
    expect(cut).to_have_count(8)
    _press(page, "Escape")
    expect(cut).to_have_count(0)
    page.evaluate(CUT)
    page.evaluate(PASTE)
    expect(page.locator(".plan-status-text")).to_contain_text("cannot be put into itself")
    expect(cut).to_have_count(8)
    page.locator('.plan-row[data-place="17"] [data-at="1"]').click()
    page.evaluate(PASTE)
    expect(page.locator(".plan-status-text")).to_contain_text("8 rows put in their new place.")
    expect(cut).to_have_count(0)
    expect(_row(page, "Review 10")).to_have_attribute("data-place", "17")
    for _step in range(4):
        _saved(page)
        _press(page, "Control+z")
    expect(_row(page, "Review 10")).to_have_attribute("data-place", "9")


def test_found_row_keeps_the_focus_when_the_search_ends(opened: Page) -> None:
    """Issue 4: find, next, and back to all rows at what was found; a filter gives the row back."""
    page = opened
    _press(page, "Control+f")
    page.keyboard.type("Survey")
    _press(page, "Enter", "F3", "Control+f", "Escape")
    found = _row(page, "Survey 16").locator('[data-at="1"]')
    expect(found).to_be_focused()

    _press(page, "Alt+f", "ArrowDown")
    expect(page.locator(".plan-status-count")).to_contain_text("of 1000")
    _press(page, "Escape")
    expect(found).to_be_focused()
    _press(page, "Shift+F2")
    page.wait_for_url("**/plan/16/")
    page.go_back()
    expect(page.locator(".plan-app")).to_have_attribute("data-ready", "yes")
    _press(page, "ArrowUp")
    expect(_row(page, "Survey 16").locator('[data-at="1"]')).to_be_focused()


def test_rows_apart_are_marked_and_a_wrong_choice_stays(opened: Page) -> None:
    """WCAG 2.1.1: what Ctrl and a click do, Ctrl and space do; a name nobody bears stays in its field."""
    page = opened
    page.locator('.plan-row[data-place="8"] [data-at="1"]').click()
    _press(page, "Control+Space", "ArrowDown", "ArrowDown", "Control+Space", "ArrowDown")
    chosen = page.locator('.plan-row[aria-selected="true"]')
    expect(chosen).to_have_count(2)
    _press(page, "Escape")
    expect(chosen).to_have_count(1)

    page.locator('.plan-row[data-place="8"] [data-at="1"]').click()
    _press(page, "End")
    page.keyboard.type("Nobody of this name")
    _press(page, "Enter")
    expect(page.locator(".plan-input")).to_have_value("Nobody of this name")
    expect(page.locator(".plan-status-text")).to_contain_text("is not in the list of Owner")
    _press(page, "Escape", "Alt+c")
    expect(page.locator("dialog :focus")).to_have_attribute("type", "checkbox")
    _press(page, "Escape")
    expect(page.locator(f'.plan-row[data-place="8"] [data-at="{OWNER}"]')).to_be_focused()


def test_cells_are_copied_as_a_spreadsheet_reads_them(opened: Page) -> None:
    """Issue 4, copy: what is marked lies on the clipboard, cells with tabs, rows on lines of their own."""
    page = opened
    page.locator('.plan-row[data-place="2"] [data-at="1"]').click()
    _press(page, "Shift+ArrowDown", "Shift+ArrowRight")
    page.evaluate(COPY)

    expect(page.locator(".plan-status-text")).to_contain_text("2 rows copied")
    cells = [
        [page.locator(f'.plan-row[data-place="{place}"] [data-at="{at}"]').inner_text() for at in (1, 2)]
        for place in (2, 3)
    ]
    copied = [line.split("\t") for line in page.evaluate("window.kept").splitlines()]
    assert [name for name, _length in copied] == [name for name, _length in cells]
    assert [text.replace(" ", "") for _name, text in copied] == [
        text.replace(" ", "") for _name, text in cells
    ]


def test_keys_work_after_a_right_click_on_the_drawing(opened: Page) -> None:
    """Ctrl+Z takes back and ? explains, wherever the mouse was last."""
    page = opened
    duration = page.locator('.plan-row[data-place="2"] [data-at="2"]')
    stood = duration.inner_text()
    duration.click()
    page.keyboard.type("8d")
    _press(page, "Enter")
    _saved(page)
    expect(duration).to_have_text("8 d")

    page.locator('.time-task[data-uid="4"] .time-bar').click(button="right")
    expect(page.locator(".plan-menu")).to_be_visible()
    _press(page, "Escape", "Control+z")
    expect(duration).to_have_text(stood)
    _saved(page)
    page.locator('.time-task[data-uid="4"] .time-bar').click(button="right")
    _press(page, "Escape", "?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
