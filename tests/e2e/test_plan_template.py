"""From a plan to a template of projects."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_plan_is_saved_as_a_template(running_plan: str, sign_in: Callable[[str], Page]) -> None:
    """Issue 4, section 1: rows and links come along, dates and people do not."""
    page = sign_in("PROJECT_MANAGER")
    page.goto(f"{running_plan}plan/")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("link", name="Save as template").click()
    page.get_by_label("Code").fill("FROM-A-PLAN")
    page.get_by_role("button", name="Keep as draft").click()

    page.wait_for_url(re.compile(r"/standards/templates/FROM-A-PLAN/1\.0\.0/$"))
    main = page.get_by_role("main")
    expect(main).to_contain_text(re.compile("82[57] tasks, 25 milestones, 771 links"))
    expect(main).to_contain_text("Order 3")
    expect(main).not_to_contain_text("Emma Larsen")
