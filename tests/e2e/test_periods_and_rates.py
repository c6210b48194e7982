"""The PMO enters a rate and closes a period; a posting in it is then refused."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.portal import Portal

# The demo has closed all its months; the newest one is opened again, past the pages, to be closed here.
_OPEN_AGAIN = """
from portfolio.models import GroupHealth, ProjectHealth, RollupRun
from projects.models import Period
period = Period.objects.filter(closed_at__isnull=False).order_by("-end").first()
Period.objects.filter(pk=period.pk).update(closed_at=None, closed_by=None)
RollupRun.objects.filter(as_of=period.end).update(kind="DAILY")
for rows in (ProjectHealth, GroupHealth):
    rows.objects.filter(as_of=period.end).update(is_locked=False)
print(period.code, period.end)
"""


@pytest.fixture
def open_period(portal: Portal) -> tuple[str, str]:
    """Return code and last day of a period that is over and open."""
    code, end = portal.manage("shell", "-v", "0", "-c", _OPEN_AGAIN).split()[-2:]
    return code, end


def test_pmo_closes_a_period(open_period: tuple[str, str], sign_in: Callable[[str], Page]) -> None:
    """CST-6, HLT-5: said before, seen while it runs, and postings are refused from then on."""
    code, end = open_period
    page = sign_in("PMO_HEAD")
    page.goto("/administration/periods/")
    page.locator(".page-actions").get_by_role("link", name=f"Close {code}").click()
    expect(page.locator("main")).to_contain_text("cannot be opened again")
    page.get_by_label("I know that this cannot be undone").check()

    page.get_by_role("button", name="Close for ever").click()

    row = page.locator("table tbody tr", has_text=code)
    expect(row).to_contain_text("Closed", timeout=90_000)
    expect(row).to_contain_text("Paula Hartmann")
    page.goto("/projects/EX-HLT-P2/money/costs/new/")
    page.locator("[name=posting_date]").fill(end)
    page.locator("[name=amount]").fill("100")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("The first open period is")


def test_pmo_enters_a_rate(sign_in: Callable[[str], Page]) -> None:
    """CST-19: a rate is entered, seen in force, and corrected only with a reason."""
    page = sign_in("PMO_HEAD")
    page.goto("/administration/rates/edit/?source=NOK&target=EUR")
    page.locator("[name=rate]").fill("0.085")
    first_open = page.evaluate("new Date().toISOString().slice(0, 8) + '01'")
    page.locator("[name=valid_from]").fill(first_open)
    page.get_by_role("button", name="Save").click()
    row = page.locator("table tbody tr", has_text="NOK")
    expect(row).to_contain_text("in force")

    row.get_by_role("link", name="Correct").click()
    page.locator("[name=rate]").fill("0.086")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Say why it is corrected")
    page.locator("[name=reason]").fill("Typing error")
    page.get_by_role("button", name="Save").click()

    expect(page.locator("table tbody tr", has_text="NOK")).to_contain_text("0.086")
