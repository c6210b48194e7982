"""Progress of a plan of 1,000 rows: one task, many in a list, one question after the other, the data date."""

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.running_plan import monday_of


def _monday() -> date:
    """Return the Monday of the week before the data date's end, a day of work."""
    return monday_of(date.today()) - timedelta(days=7)


def _short(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def test_one_task_is_foreseen_refused_on_its_field_and_saved(
    running_plan: str, sign_in: Callable[[str], Page]
) -> None:
    """SCH-20, SCH-22: 5 days worked, 5 left is 50 %; tomorrow is no actual day; finished, opened again."""
    page = sign_in("PROJECT_MANAGER")
    address = f"{running_plan}plan/220/progress/"
    page.goto(address)
    start = page.get_by_label("Actual start")
    start.fill(_monday().isoformat())
    page.get_by_label("% complete").fill("50")
    page.get_by_role("button", name="Preview").click()
    finish = _short(_monday() + timedelta(days=11))
    expect(page.get_by_role("status").first).to_contain_text(
        f"50.0 % complete, 5.0 working days left, finish {finish}"
    )

    start.fill((_monday() + timedelta(days=7)).isoformat())
    page.locator(".form-buttons button[type=submit]").first.click()
    expect(page.locator("#id_actual_start_error, .invalid-feedback").first).to_have_text(
        "This day lies after the data date."
    )
    start.fill(_monday().isoformat())
    page.get_by_label("% complete").fill("")
    page.get_by_label("Actual finish").fill((_monday() + timedelta(days=4)).isoformat())
    page.locator(".form-buttons button[type=submit]").first.click()
    expect(page.locator("#progress-title")).to_be_visible()

    page.goto(address)
    page.get_by_label("Actual finish").fill("")
    page.get_by_label("Working days left").fill("2")
    page.locator(".form-buttons button[type=submit]").first.click()
    expect(page.get_by_text("Say why the finished task is open again.")).to_be_visible()
    page.get_by_label("Note").fill("The crane came back")
    page.locator(".form-buttons button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("The crane came back")


def test_many_are_found_foreseen_refused_at_their_row_and_saved(
    running_plan: str, sign_in: Callable[[str], Page]
) -> None:
    """Issue 4, section 2: of all open tasks the words leave few, whose entries are saved together."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"{running_plan}plan/progress/?show=open")
    expect(page.locator(".pager-text")).to_contain_text("1–50 of 4")
    page.get_by_role("searchbox", name="Name or WBS number").fill("Train 1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?show=open&q=Train+1")
    rows = page.locator(".progress-row")
    expect(page.locator(".tool-count")).to_have_text(f"{rows.count()} tasks")
    late, other = rows.filter(has_text="Train 110"), rows.filter(has_text="Train 150")
    expect(late).to_contain_text(f"baseline {_short(_monday() - timedelta(days=7))} – ")

    _started(late, _monday(), "2")
    _started(other, _monday() + timedelta(days=7), "3")
    page.get_by_role("button", name="Preview").click()
    expect(other).to_contain_text("This day lies after the data date.")
    expect(late.locator(".invalid-feedback, .field-errors")).to_have_count(0)
    _started(other, _monday() + timedelta(days=1), "3")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#trial")).to_contain_text("Nothing is saved yet.")
    expect(other).to_contain_text("57.1 % complete, 3.0 working days left")
    page.get_by_role("button", name="Save all").click()

    expect(page.locator("#toasts")).to_contain_text("2 tasks are reported.")
    expect(page).to_have_url(
        f"{page.url.split('/projects')[0]}{running_plan}plan/progress/?show=open&q=Train+1"
    )
    expect(rows.filter(has_text="Train 110")).to_contain_text("reported")


def _started(row: Locator, day: date, left: str) -> None:
    row.locator("input[name$=actual_start]").fill(day.isoformat())
    row.locator("input[name$=days_left]").fill(left)


def test_assistant_asks_for_each_task_that_is_due(running_plan: str, sign_in: Callable[[str], Page]) -> None:
    """Issue 4, section 2: done on another day, skipped, not started because; each answer is one less."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"{running_plan}plan/progress/")
    due = int(page.locator(".tool-count").inner_text().split()[0])
    assert due > 40
    page.get_by_role("link", name="Ask me one by one").click()
    asked = page.locator(".form-card")
    expect(asked).to_contain_text(f"{due} tasks should have started or finished by now")
    expect(page.locator("#ask-title")).to_have_text("Build 20")

    page.get_by_label("Done on another day").check()
    page.get_by_label("Started on").first.fill((_monday() + timedelta(days=8)).isoformat())
    page.get_by_label("Finished on").fill((_monday() + timedelta(days=8)).isoformat())
    page.get_by_role("button", name="Save and go on").click()
    expect(asked).to_contain_text("This day lies after the data date.")
    for field in ("Started on", "Finished on"):
        page.get_by_label(field).first.fill((_monday() + timedelta(days=2)).isoformat())
    page.get_by_role("button", name="Save and go on").click()
    expect(asked).to_contain_text(f"{due - 1} tasks should have started or finished by now")

    former = page.locator("#ask-title").inner_text()
    page.get_by_role("link", name="Skip", exact=True).click()
    expect(page.locator("#ask-title")).not_to_have_text(former)
    page.get_by_label("Not started, later").check()
    page.get_by_label("Because").fill("The crew is ill")
    page.get_by_role("button", name="Save and go on").click()
    expect(asked).to_contain_text(f"{due - 2} tasks should have started or finished by now")


def test_data_date_goes_back_with_a_reason_only(running_plan: str, sign_in: Callable[[str], Page]) -> None:
    """SCH-20: DATA_DATE_BACK stands on the reason; then back to where it was, all of it in the head."""
    page = sign_in("PROJECT_MANAGER")
    sunday = _monday() + timedelta(days=6)
    page.goto(f"{running_plan}data-date/")
    page.get_by_label("Status known up to").or_(page.locator("[name=data_date]")).first.fill(
        (sunday - timedelta(days=1)).isoformat()
    )
    page.locator(".form-buttons button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("Say why it goes back.")
    page.locator("[name=reason]").fill("One day too far")
    page.locator(".form-buttons button[type=submit]").first.click()
    expect(page.locator(".page-head")).to_contain_text(
        f"Status known up to {_short(sunday - timedelta(days=1))}"
    )

    page.goto(f"{running_plan}plan/progress/")
    page.get_by_label("Status known up to the end of").fill(sunday.isoformat())
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.locator(".page-head")).to_contain_text(f"Status known up to {_short(sunday)}")
