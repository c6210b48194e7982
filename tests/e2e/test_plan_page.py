"""The plan page at 1,000 rows: keyboard, paste, mouse, two people, a lost connection, a phone."""

import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.portal import Portal

CODE = "PLAN-1000"
ADDRESS = f"/projects/{CODE}/plan/"
NAME, DURATION, START, FINISH, PERCENT, PREDECESSORS = 1, 2, 3, 4, 5, 6
PATIENCE_MS = 60_000
PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const facts = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", facts));
}"""


@pytest.fixture(scope="module")
def plan(portal: Portal, demo_people: dict[str, dict[str, str]]) -> str:
    """Make the plan of 1,000 rows once."""
    manager = demo_people["PROJECT_MANAGER"]["email"]
    source = f"from tests.large_plan import make_plan; make_plan({CODE!r}, 1000, manager={manager!r})"
    portal.manage("shell", "-v", "0", "-c", source)
    return ADDRESS


def _opened(page: Page, address: str = ADDRESS) -> Page:
    page.goto(address)
    expect(page.locator(".plan-app")).to_have_attribute("data-ready", "yes")
    return page


def _cell(page: Page, name: str, at: int) -> Locator:
    row = page.locator(".plan-row", has=page.get_by_text(name, exact=True))
    return row.locator(f'[data-at="{at}"]')


def _saved(page: Page) -> None:
    expect(page.locator(".plan-status-state")).to_have_class(re.compile("is-saved"), timeout=PATIENCE_MS)


def _to_new_row(page: Page) -> None:
    page.locator('.plan-row [data-at="1"]').first.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")


def test_rows_are_written_linked_and_undone_by_keyboard_only(
    plan: str, sign_in: Callable[[str], Page]
) -> None:
    """Issue 4, section 1: type, Enter, indent, link, see the finish move, undo and redo."""
    page = _opened(sign_in("PROJECT_MANAGER"))
    _to_new_row(page)
    for name in ("Key one", "Key two", "Key three", "Key four", "Key five"):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    _saved(page)
    level = page.locator(".plan-row", has_text="Key five").get_attribute("aria-level")

    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    _saved(page)
    expect(page.locator(".plan-row", has_text="Key five")).to_have_attribute(
        "aria-level", str(int(level or 0) + 1)
    )
    page.keyboard.press("Shift+Tab")
    _saved(page)
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Control+l")
    _saved(page)
    before = _cell(page, "Key five", FINISH).inner_text()
    page.keyboard.press("ArrowRight")
    page.keyboard.type("7d")
    page.keyboard.press("Enter")
    _saved(page)

    expect(_cell(page, "Key four", DURATION)).to_contain_text("7 d")
    expect(page.locator(".plan-status-text")).to_contain_text("2 tasks move")
    expect(_cell(page, "Key five", FINISH)).not_to_have_text(before)
    page.keyboard.press("Control+z")
    expect(_cell(page, "Key five", FINISH)).to_have_text(before)
    _saved(page)
    page.keyboard.press("Control+y")
    expect(_cell(page, "Key five", FINISH)).not_to_have_text(before)


def test_wrong_text_stays_with_its_sentence_and_tab_leaves_after_escape(
    plan: str, sign_in: Callable[[str], Page]
) -> None:
    """Issue 4: errors on the cell, nothing lost; WCAG 2.1.2: the grid is no trap."""
    page = _opened(sign_in("PROJECT_MANAGER"))
    cell = page.locator('.plan-row[data-place="2"] [data-at="2"]')
    cell.click()
    was = cell.inner_text()
    page.keyboard.type("abc")
    page.keyboard.press("Enter")

    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(cell).to_contain_text("abc")
    expect(page.locator(".plan-status-text")).to_contain_text("length of time")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(cell).to_have_text(was)
    page.locator('.plan-row[data-place="2"] [data-at="1"]').click()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator(".plan-splitter")).to_be_focused()


def test_200_rows_are_pasted_from_a_spreadsheet(plan: str, sign_in: Callable[[str], Page]) -> None:
    """Issue 4, proof: 200 rows with durations in one step, their indents kept, and taken back in one."""
    page = _opened(sign_in("PROJECT_MANAGER"))
    count = page.locator(".plan-status-count").inner_text()
    _to_new_row(page)
    lines = [f"{'  ' if number % 5 else ''}Pasted {number}\t{1 + number % 3}d" for number in range(200)]
    page.evaluate(PASTE, "\n".join(lines))
    _saved(page)

    expect(page.locator(".plan-status-count")).not_to_have_text(count)
    rows = int(page.locator(".plan-status-count").inner_text().split()[0]) - int(count.split()[0])
    assert rows == 200
    page.keyboard.press("Control+End")
    expect(_cell(page, "Pasted 199", DURATION)).to_contain_text("2 d")
    code = _cell(page, "Pasted 199", 0).locator(".plan-text")
    assert code.evaluate("text => text.scrollWidth <= text.clientWidth"), "longer codes have room"
    page.keyboard.press("Control+z")
    expect(page.locator(".plan-status-count")).to_have_text(count)


def test_bar_is_dragged_and_the_tip_says_what_would_move(plan: str, sign_in: Callable[[str], Page]) -> None:
    """Issue 4: drag to move, the effect before it is kept, the former bar as a ghost after it."""
    page = _opened(sign_in("PROJECT_MANAGER"))
    cell = page.locator('.plan-row[data-place="2"] [data-at="3"]')
    before = cell.inner_text()
    box = page.locator('.time-task[data-uid="3"] .time-bar').bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 6, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 6)
    page.mouse.move(box["x"] + 90, box["y"] + 6)

    expect(page.locator(".plan-tip-effect")).to_contain_text(re.compile("move"))
    page.mouse.up()
    _saved(page)
    expect(cell).not_to_have_text(before)
    expect(page.locator('.time-task[data-uid="3"] .time-ghost')).to_be_attached()
    page.get_by_role("button", name="Undo", exact=True).last.click()
    expect(cell).to_have_text(before)


def test_two_people_change_the_same_field(
    plan: str, sign_in: Callable[[str], Page], visitor: Callable[..., Page]
) -> None:
    """SEC-30, issue 4: the second sees both values and who, and chooses; undo overwrites nobody either."""
    mine, theirs = _opened(sign_in("PROJECT_MANAGER")), _opened(visitor("PROJECT_MANAGER"))
    for page in (mine, theirs):
        page.locator('.plan-row[data-place="4"] [data-at="1"]').click()
        page.keyboard.press("F2")
    their_name, my_name = (f"{who} {uuid.uuid4().hex[:6]}" for who in ("Theirs", "Mine"))
    theirs.keyboard.type(their_name)
    theirs.keyboard.press("Enter")
    _saved(theirs)
    mine.keyboard.type(my_name)
    mine.keyboard.press("Enter")

    dialog = mine.get_by_role("dialog")
    expect(dialog).to_contain_text(their_name)
    expect(dialog).to_contain_text(my_name)
    dialog.get_by_role("radio", name=re.compile("You entered")).check()
    dialog.get_by_role("button", name="Save my choice").click()
    _saved(mine)
    expect(mine.locator('.plan-row[data-place="4"] [data-at="1"]')).to_contain_text(my_name)
    _opened(theirs)
    name = theirs.locator('.plan-row[data-place="4"] [data-at="1"]')
    expect(name).to_contain_text(my_name)
    name.click()
    theirs.keyboard.press("Control+z")
    expect(theirs.locator(".plan-status-text")).to_contain_text(f"{my_name}: Name (Alice Moreau).")
    expect(theirs.get_by_role("button", name="Undo", exact=True).first).to_have_attribute(
        "aria-disabled", "true"
    )
    expect(name).to_contain_text(my_name)


def test_what_is_typed_without_connection_waits_and_is_sent(
    plan: str, sign_in: Callable[[str], Page]
) -> None:
    """Issue 4, proof: without connection for 30 s steps wait, and are sent when the server answers again."""
    page = sign_in("PROJECT_MANAGER")
    page.clock.install()
    _opened(page)
    cell = page.locator('.plan-row[data-place="5"] [data-at="1"]')
    cell.click()
    page.context.set_offline(True)
    page.keyboard.type("Typed in a tunnel")
    page.keyboard.press("Enter")
    page.clock.fast_forward(30_000)
    expect(page.locator(".plan-status-state")).to_contain_text("one step waits")
    expect(cell).to_contain_text("Typed in a tunnel")

    page.context.set_offline(False)

    _saved(page)
    _opened(page)
    expect(page.locator('.plan-row[data-place="5"] [data-at="1"]')).to_contain_text("Typed in a tunnel")


def test_search_filter_and_levels(plan: str, sign_in: Callable[[str], Page]) -> None:
    """Issue 4: rows that match stay with those above them; levels fold; the count says how many."""
    page = _opened(sign_in("PROJECT_MANAGER"))
    page.get_by_role("searchbox", name="Search in the plan").fill("Survey 992")
    expect(page.locator(".plan-status-count")).to_contain_text("1 of")
    expect(page.locator(".plan-row:not(.is-new)")).to_have_count(3)
    page.get_by_role("searchbox", name="Search in the plan").fill("")
    page.get_by_role("button", name="Outline").click()
    page.get_by_role("menuitem", name="Show one level").click()

    expect(page.locator('.plan-row[aria-expanded="false"]').first).to_be_visible()
    expect(page.locator('.plan-row[aria-level="2"]')).to_have_count(0)


def test_phone_shows_grid_or_drawing(plan: str, visitor: Callable[..., Page]) -> None:
    """Issue 4, proof: at 390 px name, finish and percent, and the drawing at one touch."""
    page = _opened(visitor("PROJECT_MANAGER", viewport={"width": 390, "height": 844}, has_touch=True))
    expect(page.get_by_role("columnheader")).to_have_text(["Name", "Finish", "% complete"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.get_by_role("button", name="Drawing").click()

    expect(page.locator(".time-bar").first).to_be_visible()
    expect(page.locator(".plan-grid")).to_be_hidden()


def test_days_progress_lacks_are_proposed_and_kept_as_changed(
    plan: str, sign_in: Callable[[str], Page]
) -> None:
    """A percentage of a task that has not begun: the plan proposes the start, the person corrects it."""
    page = _opened(sign_in("PROJECT_MANAGER"), "/projects/NWU-022/plan/")
    row = page.locator(".plan-row", has=page.get_by_text("0 %", exact=True)).first
    uid = row.get_attribute("data-uid")
    row.locator(f'[data-at="{PERCENT}"]').click()

    page.keyboard.type("50")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    day = dialog.locator('input[data-field="actual_start"]')
    expect(day).to_have_value(re.compile(r"^2026-\d\d-\d\d$"))
    day.fill("2026-10-29")
    dialog.get_by_role("button", name="Save with these days").click()

    _saved(page)
    expect(page.locator(f'.plan-row[data-uid="{uid}"] [data-at="{PERCENT}"]')).to_contain_text("%")
    page.goto(f"/projects/NWU-022/plan/{uid}/")
    expect(page.locator("main")).to_contain_text("29 Oct 2026")
