"""A started portal with the demo organisation, and a browser that shows it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import needs
from tests.portal import Portal, running_portal

CHROMIUM_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE_MS = 15_000


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Yield a portal started as `make run` starts it: embedded, demo loaded, first rollup done."""
    with running_portal(tmp_path_factory.mktemp("journey") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield Debian's Chromium."""
    path = needs.chromium()
    if path is None:
        needs.cannot_have("Chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser, portal: Portal) -> Iterator[BrowserContext]:
    """Yield a fresh browser context that only reaches the portal (SEC-61)."""
    fresh = browser.new_context(base_url=portal.url, locale="en-GB", reduced_motion="reduce")
    fresh.set_default_timeout(PATIENCE_MS)
    fresh.route(lambda url: not url.startswith(portal.url), lambda route: route.abort())
    yield fresh
    fresh.close()


@pytest.fixture
def faults() -> list[str]:
    """Return the list of what went wrong in the pages of this test: errors, refusals of the policy."""
    return []


@pytest.fixture
def page(context: BrowserContext, faults: list[str], portal: Portal) -> Iterator[Page]:
    """Yield a page; an error of a script or a request that leaves the portal fails the test."""
    fresh = context.new_page()
    fresh.on("pageerror", lambda error: faults.append(f"script: {error}"))
    fresh.on(
        "console",
        lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None,
    )
    fresh.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((portal.url, "data:", "blob:", "about:"))
            else faults.append(f"left the portal: {request.url}")
        ),
    )
    yield fresh
    assert faults == []


@pytest.fixture(scope="session")
def demo_people(portal: Portal) -> dict[str, dict[str, str]]:
    """Return the demo sign-ins by role."""
    people = json.loads(portal.manage("demo_logins", "--json"))
    return {person["role"]: person for person in people}


@pytest.fixture
def sign_in(page: Page, demo_people: dict[str, dict[str, str]]) -> Callable[[str], Page]:
    """Return a function that signs in as the demo person of a role."""

    def as_role(role: str) -> Page:
        person = demo_people[role]
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(person["email"])
        page.locator("input[name=password]").fill(person["password"])
        page.locator("main button[type=submit], form button[type=submit]").first.click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page

    return as_role


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    """Return the folder for files this journey saves."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    return folder
