"""A piece of work from sign-in to sign-out with the keyboard alone (WCAG 2.1.1, 2.4.3, 2.4.7)."""

from playwright.sync_api import Locator, Page, expect

STOPS = 140
FOCUS_IS_SEEN = """element => [element, element.closest("label")].filter(Boolean).some(each => {
  const style = getComputedStyle(each);
  return style.outlineStyle !== "none" || style.boxShadow !== "none";
})"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus, as somebody without a pointer would; the focus must be seen there."""
    for _stop in range(STOPS):
        if wanted.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()
    assert wanted.evaluate(FOCUS_IS_SEEN)


def arrow_to(page: Page, wanted: Locator) -> None:
    """Press the arrow of an open menu until the item has the focus."""
    expect(wanted).to_be_visible()
    for _stop in range(STOPS):
        if wanted.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    expect(wanted).to_be_focused()


def test_sign_in_find_a_task_change_it_and_sign_out(
    page: Page, demo_people: dict[str, dict[str, str]]
) -> None:
    """Palette, project, task list, task, form: no step needs a pointer, and each shows where the focus is."""
    person = demo_people["PMO_ANALYST"]
    page.goto("/accounts/login/")
    tab_to(page, page.locator("#id_login"))
    page.keyboard.type(person["email"])
    tab_to(page, page.locator("#id_password"))
    page.keyboard.type(person["password"])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)

    page.keyboard.press("Control+k")
    page.keyboard.type("Harbour substation")
    hit = page.locator("#palette-list [role=option]", has_text="Harbour substation").first
    expect(hit).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/projects/*/")

    tab_to(page, page.locator("main a[href$='/plan/']").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/plan/")
    expect(page.locator(".plan-loading")).to_be_hidden()
    tab_to(page, page.get_by_role("button", name="More", exact=True))
    page.keyboard.press("Enter")
    arrow_to(page, page.get_by_role("link", name="Plain list"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/plan/list/")
    task = page.locator("main th[scope=row] a").first
    tab_to(page, task)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/list/"))
    tab_to(page, page.get_by_role("link", name="Edit", exact=True).first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/")
    name = page.locator("#id_name")
    tab_to(page, name)
    page.keyboard.press("Control+a")
    page.keyboard.type("Renamed by keyboard")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/edit/"))
    expect(page.locator("main")).to_contain_text("Renamed by keyboard")

    tab_to(page, page.locator(".person-button"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Sign out"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/login/**")
    page.goto("/portfolio/projects/")
    expect(page.locator("#id_login")).to_be_visible()
