"""A plan of 1,000 rows goes out as files and comes back; nothing is lost and nothing changes."""

import csv
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

WORKER_MS = 120_000


def test_plan_goes_out_and_its_file_changes_nothing(
    running_plan: str, sign_in: Callable[[str], Page], downloads: Path
) -> None:
    """Issue 4, section 4: spreadsheet, calendar, files of MS Project and Primavera brought back, PDF."""
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

    for title in ("MS Project XML", "Primavera XER", "Primavera PMXML"):
        file = _made_file(page, running_plan, title, downloads / title.replace(" ", "."))
        page.goto(f"{running_plan}plan/import/")
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_role("button", name="Upload and preview").click()
        counts = page.locator(".metric-value")
        expect(counts).to_have_text(["0", "0", f"{len(rows):,}", "0"], timeout=WORKER_MS)
        expect(page.get_by_role("button", name="Confirm and update the plan")).to_have_count(0)

    assert _made_file(page, running_plan, "PDF", downloads / "plan.pdf").read_bytes()[:5] == b"%PDF-"


def _made_file(page: Page, plan: str, title: str, file: Path) -> Path:
    """Order a file that a worker makes, and fetch it from the documents."""
    page.goto("/documents/")
    files = page.get_by_role("link", name="Plan of Plan of 1000 rows")
    before = files.count()
    page.goto(f"{plan}plan/export/")
    page.get_by_role("button", name=f"Make the file {title}").click()
    expect(files).to_have_count(before + 1, timeout=WORKER_MS)
    with page.expect_download() as found:
        files.first.click()
    found.value.save_as(file)
    return file
