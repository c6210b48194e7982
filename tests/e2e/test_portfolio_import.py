"""Two years of a real portfolio through the wizard, and what changed between them."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.portal import Portal

WORKER_MS = 120_000
CODE = "GMPP"


def test_two_years_are_imported_and_compared(
    sign_in: Callable[[str], Page], oracle_dir: Path, portal: Portal
) -> None:
    """CON-7: the second year updates the same projects; who joined, left and changed shows."""
    page = sign_in("PMO_ANALYST")
    _make_portfolio(page)
    _import_year(page, oracle_dir / "portfolio" / "uk_2018.csv")
    _import_year(page, oracle_dir / "portfolio" / "uk_2019.csv")
    for day in ("2018-03-31", "2019-03-31"):
        assert "COMPLETE" in portal.manage("run_rollup", "--as-of", day)

    page.goto(f"/portfolio/compare/?portfolio={CODE}&before=2018-03-31&after=2019-03-31")

    for heading in ("Joined", "Left and moved", "From color to color", "Reported confidence"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    assert int(page.locator("#joined .badge").inner_text()) > 0
    expect(page.locator("#joined .name-list li").first).to_be_visible()
    assert (page.locator("#joined .badge").inner_text(), page.locator("#left .badge").first.inner_text()) == (
        "28",
        "28",
    )
    both = sum(int(text) for text in page.locator(".matrix td span").all_inner_texts() if text.isdecimal())
    assert both > 50
    _see_the_past(page)


def _make_portfolio(page: Page) -> None:
    page.goto("/portfolio/new/")
    page.locator("input[name=code]").fill(CODE)
    page.locator("input[name=name]").fill("Major projects")
    page.locator("select[name=reporting_currency]").select_option("GBP")
    page.locator("main form[method=post] button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/new/" not in url)


def _import_year(page: Page, table: Path) -> None:
    """Walk the wizard: file, columns from the shipped mapping, preview, confirm."""
    page.goto("/portfolio/import/")
    page.locator("input[type=file]").set_input_files(table)
    page.locator("select[name=portfolio]").select_option(label="Major projects")
    page.get_by_role("button", name="Read the table").click()

    preview = page.get_by_role("button", name="Show the preview")
    expect(preview).to_be_visible(timeout=WORKER_MS)
    expect(page.locator("#id_mapping")).not_to_have_value("")
    preview.click()
    confirm = page.locator("form[action$='/confirm/'] button")
    expect(confirm).to_be_enabled(timeout=WORKER_MS)
    confirm.click()
    expect(page.get_by_text("The table is imported")).to_be_visible(timeout=WORKER_MS)


def _see_the_past(page: Page) -> None:
    """The page of the portfolio turns to a past date."""
    page.goto(f"/portfolio/p/{CODE}/?as_of=2018-03-31")
    expect(page.locator(".as-of-chip")).to_be_visible()
    expect(page.locator(".spread-table tbody tr").first).to_be_visible()
