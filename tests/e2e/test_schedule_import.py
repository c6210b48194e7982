"""A schedule of Microsoft Project becomes a project with a plan, a color and its reason."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

WORKER_MS = 120_000


def test_mpp_becomes_a_project_with_a_color(sign_in: Callable[[str], Page], oracle_dir: Path) -> None:
    """A.3: drop the file, look at the preview, confirm, see the plan, roll up, read why."""
    page = sign_in("PMO_ANALYST")
    page.goto("/projects/import/")
    page.locator("input[type=file]").set_input_files(oracle_dir / "import" / "mpp8-sample98.mpp")
    page.get_by_role("button", name="Upload and preview").click()

    confirm = page.get_by_role("button", name="Confirm and import")
    expect(confirm).to_be_visible(timeout=WORKER_MS)
    rows = page.locator("table tr", has_text="Rows of the plan").first
    expect(rows.locator("td").first).to_have_text("19")
    confirm.click()
    done = page.locator(".alert-success")
    expect(done).to_be_visible(timeout=WORKER_MS)

    done.get_by_role("link").click()
    expect(page.locator("h1")).to_be_visible()
    overview = page.url
    page.goto(f"{overview}plan/list/")
    expect(page.locator(".plan-table tbody tr")).to_have_count(19)

    _roll_up(page)
    page.goto(overview)
    expect(page.locator(".explanation-rule")).not_to_be_empty()
    expect(page.locator(".verdict-effective .health-text")).to_have_text("Not rated")


def _roll_up(page: Page) -> None:
    """Order a roll-up on the dashboard and wait until its page no longer says that it runs."""
    page.goto("/portfolio/")
    page.get_by_role("button", name="Roll up now").click()
    expect(page.get_by_role("button", name="Roll up now")).to_be_visible(timeout=WORKER_MS)


def test_broken_schedule_is_refused_in_words(sign_in: Callable[[str], Page], tmp_path: Path) -> None:
    """SEC-29 and product section 5: what happened, why, what to do; nothing stays behind."""
    page = sign_in("PMO_ANALYST")
    broken = tmp_path / "broken.mpp"
    broken.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"not a compound file" * 200)
    page.goto("/projects/import/")
    page.locator("input[type=file]").set_input_files(broken)
    page.get_by_role("button", name="Upload and preview").click()

    refused = page.locator(".alert-danger")

    expect(refused).to_be_visible(timeout=WORKER_MS)
    expect(refused).to_contain_text("This file was not taken")


def test_project_manager_updates_her_own_plan(sign_in: Callable[[str], Page], oracle_dir: Path) -> None:
    """Security matrix row 17: drop the file, see what changes, confirm, see the plan, take the file back."""
    page = sign_in("PROJECT_MANAGER")
    page.goto("/projects/NWU-008/plan/")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("link", name="Import schedule", exact=True).click()
    page.locator("input[type=file]").set_input_files(oracle_dir / "import" / "mpp9-sample.mpp")
    page.get_by_role("button", name="Upload and preview").click()

    confirm = page.get_by_role("button", name="Confirm and update the plan")
    expect(confirm).to_be_visible(timeout=WORKER_MS)
    added, _changed, _unchanged, missing = page.locator(".metric-value").all_inner_texts()
    assert (added, int(missing) > 0) == ("22", True)
    expect(page.get_by_role("radio", name="Keep them")).to_be_checked()
    confirm.click()

    expect(page.locator(".alert-success")).to_be_visible(timeout=WORKER_MS)
    page.get_by_role("link", name="Open the plan").click()
    page.wait_for_url("**/projects/NWU-008/plan/")
    page.goto("/projects/NWU-008/plan/list/")
    expect(page.locator(".plan-table tbody tr")).to_have_count(22 + int(missing))

    page.goto("/projects/NWU-008/plan/import/")
    page.get_by_role("link", name="Take back").first.click()
    page.get_by_role("button", name="Take the import back").click()
    page.wait_for_url("**/projects/NWU-008/plan/**")
    page.goto("/projects/NWU-008/plan/list/")
    expect(page.locator(".plan-table tbody tr")).to_have_count(int(missing))
