"""What the plan shows lives in its address; what was typed survives a closed window (issue 4, section 1)."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.e2e.test_plan_page import ADDRESS, CODE, PATIENCE_MS
from tests.e2e.test_plan_page import plan as plan_of_1000

plan = plan_of_1000


def _opened(page: Page, address: str = ADDRESS) -> Page:
    page.goto(address)
    expect(page.locator(".plan-app")).to_have_attribute("data-ready", "yes")
    return page


def _asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_filter_highlight_group_and_columns_are_shared_by_address(
    plan: str, sign_in: Callable[[str], Page], visitor: Callable[..., Page]
) -> None:
    """Product section 3: everything has an address that can be bookmarked and shared."""
    page = _opened(sign_in("PROJECT_MANAGER"))
    page.get_by_role("searchbox", name="Search in the plan").fill("Survey")
    page.get_by_label("Filter", exact=True).select_option("No owner")
    page.get_by_role("button", name="Highlight instead of filtering").click()
    page.get_by_role("button", name="Outline").click()
    page.get_by_role("menuitemcheckbox", name="Group by phase").click()
    page.get_by_role("button", name="View").click()
    page.get_by_role("menuitem", name="Columns").click()
    page.get_by_role("dialog").get_by_label("Total float", exact=True).check()
    page.get_by_role("dialog").get_by_role("button", name="Use").click()

    assert _asked(page) == {
        "q": ["Survey"],
        "show": ["ownerless"],
        "mark": ["yes"],
        "group": ["phase"],
        "columns": ["wbs,name,duration,start,finish,percent,preds,owner,total_float"],
    }
    count = page.locator(".plan-status-count").inner_text()
    other = _opened(visitor("PROJECT_MANAGER"), page.url)
    expect(other.locator(".plan-status-count")).to_have_text(count)
    expect(other.get_by_role("searchbox", name="Search in the plan")).to_have_value("Survey")
    expect(other.get_by_role("columnheader").last).to_have_text("Total float")
    expect(other.locator(".plan-row.is-group").first).to_contain_text("1 Design 1")
    expect(other.locator(".plan-row.is-hit").first).to_be_visible()


def test_columns_of_an_address_do_not_replace_the_persons_own(
    plan: str, visitor: Callable[..., Page]
) -> None:
    """A link from somebody else is looked at; the own columns come back with the next plan."""
    page = _opened(visitor("PROJECT_MANAGER"))
    own = page.get_by_role("columnheader").all_inner_texts()

    _opened(page, f"{ADDRESS}?columns=finish,%3Cscript%3E,constructor,owner&show=nothing&group=nothing")
    expect(page.get_by_role("columnheader")).to_have_text(["Name", "Finish", "Owner"])
    assert _asked(page) == {"columns": ["name,finish,owner"]}

    _opened(page)
    expect(page.get_by_role("columnheader")).to_have_text(own)


def test_filter_nothing_fits_says_so_and_leads_back(plan: str, visitor: Callable[..., Page]) -> None:
    """An empty page always says what to do next."""
    page = _opened(visitor("PROJECT_MANAGER"), f"{ADDRESS}?q=nothing+like+this&show=ownerless")
    expect(page.locator(".plan-empty")).to_contain_text("No row fits")

    page.get_by_role("button", name="Show all rows").click()

    expect(page.locator(".plan-empty")).to_be_hidden()
    expect(page.locator(".plan-row").first).to_be_visible()
    assert _asked(page) == {}


def test_steps_of_a_closed_window_are_sent_by_the_next_one_and_said(
    plan: str, sign_in: Callable[[str], Page]
) -> None:
    """Issue 4: without connection edits are kept, also when the window is closed; the return says so."""
    page = _opened(sign_in("PROJECT_MANAGER"))
    cell = page.locator('.plan-row[data-place="3"] [data-at="1"]')
    cell.click()
    page.context.set_offline(True)
    page.keyboard.type("Typed before the window closed")
    page.keyboard.press("Enter")
    expect(page.locator(".plan-status-state")).to_have_class(re.compile("is-waiting"))
    page.close()
    again = page.context.new_page()
    page.context.set_offline(False)

    again.goto("/")
    expect(again.locator("#toasts")).to_contain_text(f"Changes in the plan of {CODE} wait")
    _opened(again)

    expect(again.locator(".plan-notice")).to_contain_text("One step of")
    expect(again.locator(".plan-status-state")).to_have_class(re.compile("is-saved"), timeout=PATIENCE_MS)
    _opened(again)
    expect(again.locator(".plan-notice")).to_have_count(0)
    expect(again.locator('.plan-row[data-place="3"] [data-at="1"]')).to_contain_text(
        "Typed before the window closed"
    )


def test_steps_that_wait_since_yesterday_are_asked_about_and_sign_out_clears_them(
    plan: str, sign_in: Callable[..., Page]
) -> None:
    """Old steps are not sent unasked; nothing of a person stays in the browser after signing out."""
    page = _opened(sign_in("PROJECT_MANAGER", is_new=True))
    was = page.locator('.plan-row[data-place="6"] [data-at="1"]').inner_text()
    page.evaluate(
        """code => localStorage.setItem(`pmo.waiting.${document.body.dataset.person}.elsewhere.${code}`,
          JSON.stringify({code, at: Date.now() - 86400000, keys: {}, waiting: [{key: "old-1", changes: [
            {act: "set", uid: 7, fields: {name: "From yesterday"}, was: {}}]}]}))""",
        CODE,
    )
    _opened(page)

    expect(page.locator(".plan-notice")).to_contain_text("Send it?")
    expect(page.locator('.plan-row[data-place="6"] [data-at="1"]')).to_contain_text(was)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=re.compile("Menu of")).click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "/plan/" not in url)
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('pmo.waiting'))") == []
