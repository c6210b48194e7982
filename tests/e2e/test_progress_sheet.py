"""A progress list is taken away, changed offline while the portal goes on, and brought back (SCH-20)."""

import csv
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

PLAN = "/projects/EX-HLT-P1/plan/"


def _changed(path: Path, number: int, **cells: str) -> str:
    """Change cells of one row of the downloaded list; return the name of its task."""
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    rows[number].update({name.replace("_", " "): text for name, text in cells.items()})
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return rows[number]["Name"]


def _bring_back(page: Page, path: Path) -> None:
    page.goto(f"{PLAN}progress/sheet/")
    page.get_by_label("Drop the changed list here, or choose a file").set_input_files(path)
    page.get_by_role("button", name="Upload and preview").click()


def test_list_comes_back_and_is_merged(sign_in: Callable[[str], Page], downloads: Path) -> None:
    """Days left change in the portal and in the file: the person decides, then all is saved."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"{PLAN}progress/?show=running")
    page.get_by_role("link", name="By spreadsheet").click()
    with page.expect_download() as found:
        page.get_by_role("link", name="In progress: CSV").click()
    path = downloads / "list.csv"
    found.value.save_as(path)
    name = _changed(path, 0, Days_left="7")

    page.goto(f"{PLAN}progress/?show=running")
    row = page.get_by_role("group", name=name).first
    row.locator("input[name$=days_left]").fill("5")
    page.get_by_role("button", name="Save all").click()
    expect(page.locator("main")).to_contain_text("reported")

    _bring_back(page, path)
    expect(page.locator(".sheet-conflict")).to_contain_text("both sides changed it")
    page.get_by_role("button", name="Save all").click()
    expect(page.locator(".sheet-conflict")).to_contain_text("to be decided")
    page.get_by_label("Take the file").check()
    page.get_by_role("button", name="Save all").click()

    page.goto(f"{PLAN}progress/?show=running")
    row = page.get_by_role("group", name=name).first
    expect(row.locator("input[name$=days_left]")).to_have_value("7")


def test_refused_cell_is_named(sign_in: Callable[[str], Page], downloads: Path) -> None:
    """SCH-20: a start after the data date stands at its cell, and nothing is saved."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"{PLAN}progress/sheet/")
    with page.expect_download() as found:
        page.get_by_role("link", name="All open: CSV").click()
    path = downloads / "open.csv"
    found.value.save_as(path)
    _changed(path, -1, Actual_finish="2031-01-06", Actual_start="2031-01-06")

    _bring_back(page, path)

    expect(page.locator(".progress-row.is-refused")).to_contain_text("This day lies after the data date.")
