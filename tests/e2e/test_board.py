"""A project manager works on the board of 1,000 rows: add, drag, keys, menu, limits; then the calendar."""

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.e2e.test_accessibility import violations_of
from tests.running_plan import monday_of


def column(page: Page, key: str) -> Locator:
    """Return the cards of a column."""
    return page.locator(f"#board [data-cell='{key}']")


def counts(page: Page) -> Locator:
    """Return the number of cards in the head of each column."""
    return page.locator("#board .kanban-head .board-count")


def drag(page: Page, card: Locator, target: Locator) -> None:
    """Drag a card with the mouse, in steps as a hand does."""
    card.scroll_into_view_if_needed()
    start, goal = card.bounding_box(), target.bounding_box()
    assert start is not None
    assert goal is not None
    page.mouse.move(start["x"] + 60, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 80, start["y"] + 20, steps=3)
    page.mouse.move(goal["x"] + goal["width"] / 2, goal["y"] + goal["height"] / 2, steps=8)
    page.mouse.up()


def test_card_is_added_dragged_and_moved_by_keyboard(
    running_plan: str, sign_in: Callable[[str], Page]
) -> None:
    """New card: dragged into a full column past its limit, done by Alt and arrow; the way back is refused."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"{running_plan}board/limits/")
    page.get_by_label("In progress").fill("96")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#board .board-limit")).to_have_text("Limit 96, now 96")
    expect(counts(page)).to_have_text(["62", "276", "96", "201"])
    expect(column(page, "WAITING").locator("[data-card]")).to_have_count(60)
    page.wait_for_load_state("networkidle")  # Before the script is there, adding loads the page anew.
    field = page.get_by_label("New task in Not started")
    field.fill("Paint the fence")
    field.press("Enter")
    expect(column(page, "NOT_STARTED")).to_contain_text("Paint the fence")
    expect(field).to_be_focused()

    head = page.locator("[data-column=IN_PROGRESS]")
    drag(page, page.locator("[data-card]", has_text="Paint the fence"), head)
    card = column(page, "IN_PROGRESS").locator("[data-card]", has_text="Paint the fence")
    expect(card).to_be_focused()
    expect(page.locator("#announcer")).to_have_text("Paint the fence: Moved to In progress")
    expect(page.locator("#board .board-limit")).to_have_text("Limit 96, now 97: too many")
    expect(head, "stays in sight however far down the card is").to_be_in_viewport()

    page.keyboard.press("Alt+ArrowRight")
    done = column(page, "DONE").locator("[data-card]", has_text="Paint the fence")
    expect(done).to_be_focused()
    expect(done).to_contain_text("100 %")
    expect(counts(page)).to_have_text(["62", "276", "96", "202"])
    expect(page.locator("#toasts [data-toast]"), "one message for each act, the last one").to_have_count(1)

    page.keyboard.press("m")
    expect(page.get_by_role("menuitem")).to_have_text(["Not started", "In progress"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("The task is finished. Open it again on its own page")
    expect(done).to_be_focused()
    page.get_by_role("link", name="Move “Test 45” to…").click()
    expect(page.get_by_role("menuitem", name="Done")).to_be_visible()
    assert violations_of(page) == [], "the menu covers half of a target below it"


def test_phases_owners_and_swimlanes(running_plan: str, sign_in: Callable[[str], Page]) -> None:
    """25 phases in lanes of 5 owners: a task is added to a phase, goes to the next and to nobody."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"{running_plan}board/", wait_until="networkidle")
    page.locator("select[name=by]").select_option(label="Phase")
    page.wait_for_url("**/?by=phase", wait_until="networkidle")
    expect(page.locator("[data-column]")).to_have_count(26)
    page.get_by_label("Swimlanes").select_option(label="Owner")
    lanes = page.locator(".board-lane")
    expect(lanes).to_have_count(6)
    expect(lanes.first).to_contain_text("Bob Tanaka")
    heads = page.locator("#board .kanban-head")
    expect(heads.nth(23)).to_contain_text("24 Design 921")

    field = page.get_by_label("New task in 24 Design 921")
    field.fill("Sweep the yard")
    field.press("Enter")
    card = page.locator("[data-card]", has_text="Sweep the yard")
    expect(column(page, "921").locator("[data-card]", has_text="Sweep the yard")).to_be_visible()
    card.focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(column(page, "961").locator("[data-card]", has_text="Sweep the yard")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-lane]", has=card).locator("xpath=preceding-sibling::h3[1]")).to_contain_text(
        "Victor Stan"
    )

    page.goto(f"{running_plan}board/?by=owner&show=milestones")
    expect(page.locator(".tool-count")).to_have_text("25 cards")
    page.get_by_role("searchbox").fill("Survey 80")
    page.keyboard.press("Enter")
    expect(page.locator("[data-card]")).to_have_count(2)
    expect(page.locator("[data-card]").first).to_contain_text("Survey 80")


def test_board_and_calendar_on_a_phone(running_plan: str, visitor: Callable[..., Page]) -> None:
    """Product section 5, phone: nothing wider than 390 px; a menu for dragging; the month is a short list."""
    page = visitor("PROJECT_MANAGER", viewport={"width": 390, "height": 844})
    page.goto(f"{running_plan}board/")
    page.get_by_role("link", name="Move “Build 20” to…").click()
    expect(page.get_by_role("menuitem", name="Done")).to_be_visible()
    wrong = violations_of(page)
    widths = [page.evaluate("document.documentElement.scrollWidth")]

    tuesday = monday_of(date.today()) - timedelta(days=27)
    page.goto(f"{running_plan}calendar/?month={tuesday:%Y-%m}")
    expect(page.locator(".month-grid")).to_be_hidden()
    day = page.locator(".month-day", has_text=f"Tue {tuesday.day} {tuesday:%b %Y}")
    rows = day.locator("xpath=following-sibling::ul[1]/li")
    expect(rows, "the first six of 73").to_have_count(6)
    wrong += violations_of(page)
    widths.append(page.evaluate("document.documentElement.scrollWidth"))
    day.locator("xpath=following-sibling::p[1]/a").click()
    expect(page.locator("#day li")).to_have_count(73)
    page.get_by_label("Show").select_option(label="Milestones")
    expect(page.locator(".month-list")).not_to_contain_text("Order 3")

    assert (wrong, widths) == ([], [390, 390])


def test_choice_made_before_the_scripts_are_there_counts(
    running_plan: str, sign_in: Callable[[str], Page]
) -> None:
    """Product section 5: nothing a person does is lost, however slowly the rest of a page arrives."""
    page = sign_in("PROJECT_MANAGER")
    page.route("**/app.*js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{running_plan}calendar/")

    page.get_by_label("Show").select_option(label="Milestones")

    page.wait_for_url(lambda url: "show=milestones" in url)
    expect(page.get_by_label("Show")).to_have_value("milestones")
