"""The drawing of the plan: mouse, baselines, time axis, paper, pictures; columns as a person wants them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.test_plan_keys import CODE
from tests.e2e.test_plan_keys import plan as plan_of_1000
from tests.portal import Portal

plan = plan_of_1000
TWO_BASELINES = "/projects/NWU-003/plan/"
MIDDLE = """path => {
  const {x, y} = path.getPointAtLength(path.getTotalLength() / 2);
  const to = path.getScreenCTM();
  return [x * to.a + to.e, y * to.d + to.f];
}"""


@pytest.fixture
def opened(plan: str, sign_in: Callable[[str], Page]) -> Page:
    """Return the plan in a browser at the zoom of weeks, its third row in sight."""
    page = _open(sign_in("PROJECT_MANAGER"), plan)
    _pick(page, "Zoom", "Weeks")
    page.locator('.plan-row[data-place="2"] [data-at="1"]').click()
    page.keyboard.press("Control+g")
    return page


def _open(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator(".plan-app")).to_have_attribute("data-ready", "yes")
    return page


def _pick(page: Page, menu: str, entry: str) -> None:
    page.get_by_role("button", name=re.compile(f"^{menu}(:|$)")).click()
    page.locator(".plan-menu").get_by_text(entry, exact=True).click()


def _saved(page: Page) -> None:
    expect(page.locator(".plan-status-state")).to_have_class(re.compile("is-saved"), timeout=60_000)


def _middle(shape: Locator) -> tuple[float, float]:
    box = shape.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 8, start[1] + 3)
    page.mouse.move(*end, steps=3)
    page.mouse.up()


def test_bar_explains_itself_is_linked_by_mouse_and_the_link_changed(opened: Page) -> None:
    """Issue 4: hover says why, drag end to end links, a click on the link edits type and lag."""
    page = opened
    page.mouse.move(*_middle(page.locator('.time-task[data-uid="3"] .time-bar')))
    expect(page.locator(".plan-card-why")).to_contain_text("Starts Mon 2 Mar 2026 with the project")

    end = _middle(page.locator('.time-task[data-uid="3"] [data-end="F"]'))
    left, level = _middle(page.locator('.time-task[data-uid="4"] .time-bar'))
    _drag(page, end, (left - 3, level))
    preds = page.locator('.plan-row[data-place="3"] [data-at="6"]')
    expect(preds).to_have_text("3")
    _saved(page)
    line = page.locator(".time-link").last.locator(".link-line")
    page.mouse.click(*line.evaluate(MIDDLE))
    dialog = page.get_by_role("dialog", name="Link")
    dialog.get_by_label("Type").select_option("SS")
    dialog.get_by_label("Lag").fill("2d")
    dialog.get_by_role("button", name="Save").click()
    expect(preds).to_have_text("3SS+2d")
    for _step in range(2):
        _saved(page)
        page.keyboard.press("Control+z")
    expect(preds).to_have_text("")


def test_bar_is_made_longer_at_its_end(opened: Page) -> None:
    """Issue 4: drag to resize; what it costs is said, and undone."""
    page = opened
    duration = page.locator('.plan-row[data-place="2"] [data-at="2"]')
    stood = duration.inner_text()
    box = page.locator('.time-task[data-uid="3"] .time-bar').bounding_box()
    assert box is not None
    end = (box["x"] + box["width"] - 2, box["y"] + 6)
    _drag(page, end, (end[0] + 60, end[1]))
    expect(page.locator(".plan-status-text")).to_contain_text("1 task moves")
    expect(duration).not_to_have_text(stood)
    _saved(page)
    page.keyboard.press("Control+z")
    expect(duration).to_have_text(stood)


def test_columns_are_moved_and_widened_and_stay(opened: Page) -> None:
    """Issue 4: columns ordered by the person, widths kept, also when the page is opened again."""
    page = opened
    heads = page.get_by_role("columnheader")
    right = page.locator('.plan-th[data-key="name"] .plan-th-edge').bounding_box()
    assert right is not None
    _drag(page, (right["x"] + 2, right["y"] + 8), (right["x"] + 42, right["y"] + 8))
    _drag(
        page,
        _middle(page.locator('.plan-th[data-key="finish"]')),
        _middle(page.locator('.plan-th[data-key="duration"]')),
    )
    order = ["WBS", "Name", "Finish", "Duration", "Start"]
    expect(heads.nth(2)).to_have_text("Finish")
    wide = page.locator('.plan-th[data-key="name"]').bounding_box()

    _open(page, page.url.split("?")[0])

    assert heads.all_inner_texts()[:5] == order
    assert page.locator('.plan-th[data-key="name"]').bounding_box() == wide
    assert wide is not None
    assert wide["width"] > 250


def test_own_field_is_a_column_that_shows_what_was_typed(plan: str, sign_in: Callable[[str], Page]) -> None:
    """Issue 4: own fields as columns; a day a file brought is shown as days are."""
    page = _open(sign_in("PROJECT_MANAGER"), f"{plan}?columns=wbs,name,own:Lot")
    first, second = (page.locator(f'.plan-row[data-place="{place}"] [data-at="2"]') for place in (2, 3))
    expect(first).to_have_text("2 Mar 2026 09:00")
    second.click()
    page.keyboard.type("North")
    page.keyboard.press("Enter")
    _saved(page)
    expect(second).to_have_text("North")
    page.keyboard.press("Control+z")
    expect(second).to_have_text("")


def test_row_with_a_calendar_of_its_own_is_shaded_by_it(plan: str, sign_in: Callable[[str], Page]) -> None:
    """Issue 4, non-working shading by calendar: days off of the row, not of the project."""
    page = _open(sign_in("PROJECT_MANAGER"), f"{plan}?columns=name,calendar")
    _pick(page, "Zoom", "Weeks")
    cell = page.locator('.plan-row[data-place="4"] [data-at="1"]')
    own = page.locator(".layer-shading .time-ground")
    cell.click()
    page.keyboard.press("Control+g")
    expect(own).to_have_count(0)
    page.keyboard.type("Worked examples")
    page.keyboard.press("Enter")
    expect(cell).to_have_text("Worked examples")
    _saved(page)

    expect(own).to_have_count(1)
    assert page.locator(".layer-shading .time-ground ~ .time-idle").count() > 1
    page.keyboard.press("Control+z")
    _saved(page)
    expect(own).to_have_count(0)


def test_two_baselines_hours_paper_and_pictures(sign_in: Callable[[str], Page]) -> None:
    """Issue 4: any two baselines, non-working hours, a legend that names them, print, SVG and PDF."""
    page = _open(sign_in("PMO_HEAD"), TWO_BASELINES)
    names = ("Approved with the business case", "New plan after review")
    for name in names:
        _pick(page, "View", name)
    _pick(page, "View", "Progress line")
    for line in ("time-baseline.is-line-0", "time-baseline.is-line-1", "time-progress-line"):
        expect(page.locator(f".plan-time .{line}").first).to_be_attached()
    summary = page.locator(".plan-row.is-summary").first.get_attribute("data-uid")
    expect(page.locator(f'.time-task[data-uid="{summary}"] .time-baseline')).to_have_count(2)
    _pick(page, "View", "Legend")
    for name in names:
        expect(page.get_by_role("dialog", name="Legend")).to_contain_text(name)
    page.keyboard.press("Escape")

    _pick(page, "Zoom", "Days")
    shades = page.locator(".plan-time .time-idle")
    whole = shades.evaluate_all("all => Math.min(...all.map(each => each.width.baseVal.value))")
    _pick(page, "Zoom", "Hours")
    parts = shades.evaluate_all("all => Math.min(...all.map(each => each.width.baseVal.value))")
    assert whole >= 38, "a day is the least that is shaded at the zoom of days"
    assert 0 < parts < 720 / 12, "the lunch of one hour is shaded at the zoom of hours"

    page.evaluate("window.print = () => {}")
    _pick(page, "Print and pictures", "Print")
    sheets = page.locator("#plan-paper .plan-sheet")
    expect(sheets).to_have_count(2)
    expect(sheets.first.locator(".plan-sheet-head")).to_contain_text("Page 1 of 2")
    expect(sheets.first.locator(".plan-sheet-foot")).to_contain_text(names[1])
    expect(sheets.first.locator(".plan-picture .time-progress-line")).to_be_attached()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    with page.expect_download() as saved:
        _pick(page, "Print and pictures", "Save the drawing as SVG")
    drawing = saved.value.path().read_text()
    assert "NWU-003 Meter data hub" in drawing
    assert "Data date 31 Oct 2026" in drawing
    links = page.locator(".time-link .link-line").evaluate_all(
        "all => [...new Set(all.map(each => getComputedStyle(each).stroke))]"
    )
    assert links
    for color in links:
        assert re.search(rf'<path[^>]*stroke[=:]\s*"?{re.escape(color)}', drawing), "links keep their colors"
    _pick(page, "Print and pictures", "PDF, spreadsheet and files of other tools")
    page.wait_for_url("**/projects/NWU-003/plan/export/")


def test_1000_rows_have_baselines_paper_and_pictures(
    plan: str, portal: Portal, sign_in: Callable[[str], Page]
) -> None:
    """Issue 4: the drawing of a large plan goes on paper and into pictures whole, with two baselines."""
    freezing = f"from tests.large_plan import freeze; freeze({CODE!r}, 'Early', 'Late')"
    portal.manage("shell", "-v", "0", "-c", freezing)
    page = _open(sign_in("PROJECT_MANAGER"), plan)
    for name in ("Early", "Late"):
        _pick(page, "View", name)
    first = page.locator(".time-task").first
    expect(first.locator(".time-baseline")).to_have_count(2)

    page.evaluate("window.print = () => {}")
    _pick(page, "Print and pictures", "Print")
    sheets = page.locator("#plan-paper .plan-sheet")
    expect(sheets.first.locator(".plan-sheet-foot")).to_contain_text("Late")
    expect(sheets).to_have_count(39)
    expect(sheets.last.locator(".plan-sheet-head")).to_contain_text("Page 39 of 39")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    with page.expect_download() as saved:
        _pick(page, "Print and pictures", "Save the drawing as SVG")
    drawing = saved.value.path().read_text()
    assert [text for text in (CODE, "Order 3", "Survey 1000") if text not in drawing] == []
