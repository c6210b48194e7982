"""The progress of a large plan is taken away, changed offline while the portal goes on, and brought back."""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path

from playwright.sync_api import Page, expect

Row = dict[str, str]


def _taken(page: Page, plan: str, name: str, path: Path) -> list[Row]:
    """Return the rows of a list taken from the page."""
    page.goto(f"{plan}progress/sheet/")
    with page.expect_download() as found:
        page.get_by_role("link", name=name).click()
    found.value.save_as(path)
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def _bring_back(page: Page, plan: str, path: Path, rows: list[Row], changes: Mapping[str, Row]) -> None:
    """Change cells of the list by name of the task, and bring it back."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, **changes.get(row["Name"], {})} for row in rows)
    page.goto(f"{plan}progress/sheet/")
    page.get_by_label("Drop the changed list here, or choose a file").set_input_files(path)
    page.get_by_role("button", name="Upload and preview").click()


def test_list_comes_back_and_is_merged(
    running_plan: str, sign_in: Callable[[str], Page], downloads: Path
) -> None:
    """Days left change in the portal and in the file: asked above the rest, decided, then all is saved."""
    page = sign_in("PROJECT_MANAGER")
    plan = f"{running_plan}plan/"
    rows = _taken(page, plan, "In progress: CSV", downloads / "list.csv")
    open_rows = [row for row in rows if row["Name"].startswith(("Hand", "Test", "Design", "Order"))]
    name, changes = open_rows[0]["Name"], {row["Name"]: {"Days left": "7"} for row in open_rows[:60]}
    assert len(changes) == 60
    page.goto(f"{plan}progress/?show=running&q={name.replace(' ', '+')}")
    row = page.get_by_role("group", name=name).first
    row.locator("input[name$=days_left]").fill("5")
    page.get_by_role("button", name="Save all").click()
    expect(page.locator("#toasts")).to_contain_text("1 task is reported.")

    _bring_back(page, plan, downloads / "list.csv", rows, changes)
    expect(page.locator("#sheet-title")).to_have_text("60 rows of the file say something new")
    expect(page.locator("main")).to_contain_text(f"Unchanged rows: {len(rows) - 60}.")
    expect(page.locator(".sheet-part")).to_have_text(["1 row needs an answer", "59 rows as the file says"])
    expect(page.locator(".progress-row").first).to_contain_text(name)
    expect(page.locator(".progress-row:visible"), "nine are folded").to_have_count(51)
    expect(page.locator(".sheet-conflict")).to_contain_text("both sides changed it")
    page.get_by_role("button", name="Save all").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is saved yet")
    expect(page.locator(".sheet-conflict")).to_contain_text("to be decided")
    page.get_by_label("Take the file").check()
    page.get_by_role("button", name="Save all").click()

    expect(page.locator("#toasts")).to_contain_text("60 tasks are reported.")
    page.goto(f"{plan}progress/?show=running&q={name.replace(' ', '+')}")
    expect(row.locator("input[name$=days_left]")).to_have_value("7")


def test_refused_cell_is_named(running_plan: str, sign_in: Callable[[str], Page], downloads: Path) -> None:
    """SCH-20: the one row that starts after the data date stands above all others, its cell named."""
    page = sign_in("PROJECT_MANAGER")
    plan = f"{running_plan}plan/"
    rows = _taken(page, plan, "All open: CSV", downloads / "open.csv")
    assert len(rows) > 400
    last = next(row["Name"] for row in reversed(rows) if row["Name"].startswith("Train"))
    refused = {"Actual finish": "2099-01-06", "Actual start": "2099-01-06"}

    _bring_back(page, plan, downloads / "open.csv", rows, {last: refused})

    first = page.locator(".progress-row").first
    expect(first).to_contain_text(last)
    expect(first).to_contain_text("This day lies after the data date.")
    expect(first).to_be_in_viewport()
