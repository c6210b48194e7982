"""A project manager reports a month, opens a task again and asks for a baseline; somebody else sets it."""

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.test_accessibility import violations_of

PROJECT = "/projects/NWU-015/"
MOST_QUESTIONS = 12


def _answer(page: Page) -> None:
    """Answer the question of the assistant with what is true of a late task."""
    answers = {each.get_attribute("value"): each for each in page.locator("[name=answer]").all()}
    if "not_started" in answers:
        answers["not_started"].check()
        page.get_by_label("Because").fill("The crane is late")
    else:
        answers["started"].check()
        page.get_by_label("Working days left").fill("6")
    page.get_by_role("button", name="Save and go on").click()


def test_month_is_reported_question_by_question(sign_in: Callable[[str], Page]) -> None:
    """SCH-20: the data date goes forward; each due task is asked about until everything is reported."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"{PROJECT}plan/progress/")
    known = page.get_by_label("Status known up to the end of")
    later = date.fromisoformat(known.input_value()) + timedelta(days=28)
    known.fill(later.isoformat())
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("The data date is set.")
    page.get_by_role("link", name="Ask me one by one").click()

    page.locator("[name=answer][value=other_day]").check()
    page.get_by_label("Finished on").or_(page.get_by_label("Reached on")).fill("2031-01-06")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("This day lies after the data date.")).to_be_visible()
    assert violations_of(page) == []

    done = page.get_by_text("Everything is reported")
    question = page.locator("#ask-title")
    for _number in range(MOST_QUESTIONS):
        expect(question.or_(done).first).to_be_visible()
        if done.count():
            break
        former = page.locator("main form").last.get_attribute("action")
        _answer(page)
        expect(page.locator(f"main form[action='{former}']")).to_have_count(0)
    expect(done).to_be_visible()


def test_finished_task_is_opened_again(sign_in: Callable[[str], Page]) -> None:
    """SCH-28: the page says how; without days left and reason it is refused on the fields."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"{PROJECT}plan/2/")
    page.get_by_role("link", name="Correct or reopen").click()
    expect(page.get_by_text("This task is finished. To open it again")).to_be_visible()
    page.get_by_label("Actual finish").fill("")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("Say why the finished task is open again.")).to_be_visible()
    page.get_by_label("Note").fill("The soil report has to be written again")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("Say how much work is left.")).to_be_visible()
    assert violations_of(page) == []
    page.get_by_label("Working days left").fill("2")
    page.get_by_role("button", name="Record").click()

    expect(page.locator("#toasts")).to_contain_text("Progress is recorded.")
    expect(page.get_by_role("link", name="Record progress")).to_be_visible()


def test_baseline_is_asked_for_set_and_compared(
    sign_in: Callable[[str], Page], visitor: Callable[..., Page]
) -> None:
    """SCH-36: Alice asks, the form of who may set it is filled in; then any two versions are compared."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"{PROJECT}baselines/")
    page.get_by_role("link", name="Ask for a baseline").click()
    page.get_by_label("Name").fill("After the crane")
    page.get_by_label("Reason").fill("The crane comes four weeks later, agreed with the sponsor")
    page.get_by_role("button", name="Send the request").click()
    expect(page.locator("#toasts")).to_contain_text("Asked: Greta Lindqvist.")

    setter = visitor("PORTFOLIO_MANAGER")
    setter.goto("/notifications/")
    message = setter.locator("li, article, tr", has_text="asks for a baseline of NWU-015").last
    message.get_by_role("button", name="Open").or_(message.get_by_role("link", name="Open")).click()
    expect(setter.get_by_label("Name")).to_have_value("After the crane")
    expect(setter.get_by_label("Reason")).to_have_value(
        "The crane comes four weeks later, agreed with the sponsor"
    )
    setter.get_by_role("button", name="Freeze the plan").click()
    expect(setter.locator("#baselines-title")).to_be_visible()

    page.goto(f"{PROJECT}baselines/?before=0&after=1&rows=changed")
    expect(page.locator("main")).to_contain_text("After the crane against Baseline 0")
    expect(page.locator("main")).to_contain_text("Variances are working days.")
    assert violations_of(page) == []
    page.goto("/notifications/")
    expect(page.locator("main")).to_contain_text("Baseline 1 After the crane of NWU-015")


def test_failed_check_leads_to_its_task_and_is_waived(
    sign_in: Callable[[str], Page], visitor: Callable[..., Page]
) -> None:
    """Domain 5.11: an offender is one click away; a waiver has a reason and a last day, and is taken back."""
    page = sign_in("PMO_ANALYST")
    page.goto(f"{PROJECT}quality/")
    row = page.locator(".quality-table tr", has=page.get_by_role("link", name="Waive", exact=True)).first
    row.locator("summary").click()
    row.locator(".offenders a").first.click()
    expect(page.locator("#task-title")).to_be_visible()
    page.go_back()

    row.get_by_role("link", name="Waive", exact=True).click()
    page.get_by_label("Reason").fill("short")
    page.get_by_role("button", name="Waive").click()
    expect(page.locator(".invalid-feedback")).to_be_visible()
    page.get_by_label("Reason").fill("The supplier plans these days, they are agreed in the contract")
    page.get_by_role("button", name="Waive").click()
    expect(page.locator("main")).to_contain_text("waived until")
    page.get_by_role("button", name="Take back").first.click()
    expect(page.locator("main")).not_to_contain_text("waived until")


def test_calendar_is_fetched_without_session_and_ended(
    sign_in: Callable[[str], Page], new_context: Callable[..., BrowserContext]
) -> None:
    """The secret address answers a calendar program until it is ended."""
    page = sign_in("TEAM_MEMBER")
    page.goto("/accounts/calendar/")
    page.get_by_role("button", name="Make the address").click()
    address = page.get_by_text("/projects/calendar-feed/").first.inner_text().strip()
    stranger = new_context()
    assert stranger.request.get(address).body().startswith(b"BEGIN:VCALENDAR")

    page.get_by_role("button", name="End the address").click()
    expect(page.get_by_role("button", name="Make the address")).to_be_visible()
    assert stranger.request.get(address).status == 404
