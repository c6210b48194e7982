"""A project manager works on the board: quick add, drag, keyboard, menu, a refusal; then the calendar."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.e2e.test_accessibility import violations_of

BOARD = "/projects/NWU-001/board/"


def column(page: Page, key: str) -> Locator:
    """Return the cards of a column."""
    return page.locator(f"#board [data-cell={key}]")


def drag(page: Page, card: Locator, target: Locator) -> None:
    """Drag a card with the mouse, in steps as a hand does."""
    card.scroll_into_view_if_needed()
    start, goal = card.bounding_box(), target.bounding_box()
    assert start is not None
    assert goal is not None
    page.mouse.move(start["x"] + 60, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 80, start["y"] + 20, steps=3)
    page.mouse.move(goal["x"] + goal["width"] / 2, goal["y"] + 40, steps=8)
    page.mouse.up()


def test_card_is_added_dragged_and_moved_by_keyboard(sign_in: Callable[[str], Page]) -> None:
    """New card: dragged to work, done by Alt and arrow; the way back is refused and it stays."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(BOARD, wait_until="networkidle")  # Before the script is there, adding loads the page anew.
    field = page.get_by_label("New task in Not started")
    field.fill("Paint the fence")
    field.press("Enter")
    expect(column(page, "NOT_STARTED")).to_contain_text("Paint the fence")
    expect(field).to_be_focused()

    drag(page, page.locator("[data-card]", has_text="Paint the fence"), column(page, "IN_PROGRESS"))
    card = column(page, "IN_PROGRESS").locator("[data-card]", has_text="Paint the fence")
    expect(card).to_be_focused()
    expect(page.locator("#announcer")).to_have_text("Paint the fence: Moved to In progress")

    page.keyboard.press("Alt+ArrowRight")
    done = column(page, "DONE").locator("[data-card]", has_text="Paint the fence")
    expect(done).to_be_focused()
    expect(done).to_contain_text("100 %")
    expect(page.locator("#toasts [data-toast]"), "one message for each act, the last one").to_have_count(1)

    page.keyboard.press("m")
    expect(page.get_by_role("menuitem")).to_have_text(["Not started", "In progress"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("The task is finished. Open it again on its own page")
    expect(done).to_be_focused()
    page.get_by_role("link", name="Move “Site acceptance” to…").click()
    expect(page.get_by_role("menuitem", name="Done")).to_be_visible()
    assert violations_of(page) == [], "the menu covers half of a target below it"


def test_board_and_calendar_on_a_phone(visitor: Callable[..., Page]) -> None:
    """Product section 5, phone: nothing wider than 390 px; a menu for dragging; the month is a list."""
    page = visitor("PROJECT_MANAGER", viewport={"width": 390, "height": 844})
    page.goto(BOARD)
    page.get_by_role("link", name="Move “Handed over” to…").click()
    expect(page.get_by_role("menuitem", name="Done")).to_be_visible()
    wrong = violations_of(page)
    widths = [page.evaluate("document.documentElement.scrollWidth")]

    page.goto("/projects/NWU-001/calendar/?month=2026-10")
    expect(page.locator(".month-list")).to_be_visible()
    expect(page.locator(".month-grid")).to_be_hidden()
    wrong += violations_of(page)
    widths.append(page.evaluate("document.documentElement.scrollWidth"))

    assert (wrong, widths) == ([], [390, 390])
