"""A plan of 1,000 rows goes out as files and comes back; nothing is lost and nothing changes."""

import csv
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

WORKER_MS = 120_000


def test_plan_goes_out_and_its_file_changes_nothing(
    running_plan: str, sign_in: Callable[[str], Page], downloads: Path
) -> None:
    """Issue 4, section 4: spreadsheet, calendar and MS Project XML, made in the background, brought back."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"{running_plan}plan/export/")
    for title in ("CSV", "iCalendar", "Excel"):
        with page.expect_download() as found:
            page.get_by_role("link", name=f"Download {title}").click()
        found.value.save_as(downloads / title)
    rows = list(csv.DictReader((downloads / "CSV").read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) >= 1000
    assert (downloads / "iCalendar").read_text(encoding="utf-8").count("BEGIN:VEVENT") == 25
    assert (downloads / "Excel").stat().st_size > 50_000

    page.goto("/documents/")
    files = page.get_by_role("link", name="Plan of Plan of 1000 rows")
    before = files.count()
    page.goto(f"{running_plan}plan/export/")
    page.get_by_role("button", name="Make the file MS Project XML").click()
    expect(files).to_have_count(before + 1, timeout=WORKER_MS)
    with page.expect_download() as found:
        files.first.click()
    found.value.save_as(downloads / "plan.xml")
    page.goto(f"{running_plan}plan/import/")
    page.locator("input[type=file]").set_input_files(downloads / "plan.xml")
    page.get_by_role("button", name="Upload and preview").click()

    counts = page.locator(".metric-value")
    expect(counts).to_have_text(["0", "0", f"{len(rows):,}", "0"], timeout=WORKER_MS)
    expect(page.get_by_role("button", name="Confirm and update the plan")).to_have_count(0)
