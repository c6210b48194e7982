"""A started portal with the demo organisation, and a browser that shows it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

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
    # Nobody else is found, as behind a closed network; refusing single requests would switch the cache off.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
PATIENCE_MS = 20_000
TEAM = ("emma.larsen", "victor.stan", "ivan.horvat", "tomas.rossi")
# The browser itself notes every answer of 4xx; which of them are meant is the business of the journey.
EXPECTED_NOISE = (
    "Failed to load resource: the server responded with a status of 4",
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
    "Response Status Error",
)


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
def faults() -> Iterator[list[str]]:
    """
    Yield the list of what went wrong in the pages of this test; anything in it fails the test.

    Errors of scripts, refusals of the content policy (SEC-27), answers of 5xx, missing static files
    and requests that leave the portal (SEC-61).
    """
    seen: list[str] = []
    yield seen
    assert seen == []


@pytest.fixture
def new_context(
    browser: Browser, portal: Portal, faults: list[str]
) -> Iterator[Callable[..., BrowserContext]]:
    """Yield a function that opens a watched browser context of its own (another person)."""
    opened: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        settings = {"base_url": portal.url, "locale": "en-GB", "reduced_motion": "reduce", **options}
        fresh = browser.new_context(**settings)
        fresh.set_default_timeout(PATIENCE_MS)
        fresh.on("page", lambda page: _watch(page, portal.url, faults))
        opened.append(fresh)
        return fresh

    yield make
    for each in opened:
        each.close()


def _watch(page: Page, home: str, faults: list[str]) -> None:
    """Note in `faults` whatever a page must not do."""

    def note_console(message: ConsoleMessage) -> None:
        is_meant = message.text.startswith(EXPECTED_NOISE)
        if "Content Security Policy" in message.text or (message.type == "error" and not is_meant):
            faults.append(f"console: {message.text}")

    def note_response(response: Response) -> None:
        is_missing = "/static/" in response.url and response.status >= 400
        if response.status >= 500 or is_missing:
            faults.append(f"{response.status}: {response.url}")

    def note_request(address: str) -> None:
        if not address.startswith((home, "data:", "blob:", "about:")):
            faults.append(f"left the portal: {address}")

    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("console", note_console)
    page.on("response", note_response)
    page.on("request", lambda request: note_request(request.url))


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    """Return a fresh browser context that only reaches the portal (SEC-61)."""
    return new_context()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Return a page; an error of a script or a request that leaves the portal fails the test."""
    return context.new_page()


@pytest.fixture(scope="session")
def demo_people(portal: Portal) -> dict[str, dict[str, str]]:
    """Return the demo sign-ins by role."""
    people = json.loads(portal.manage("demo_logins", "--json"))
    return {person["role"]: person for person in people}


@pytest.fixture(scope="session")
def running_plan(portal: Portal, demo_people: dict[str, dict[str, str]]) -> str:
    """
    Return the address of a project of 1,000 rows in the middle of its work, made once for all journeys.

    416 tasks are done, 96 in work, 338 not begun; five people own 175, 175, 175, 175 and 150 of them.
    """
    team = [demo_people["TEAM_MEMBER"]["email"], *(f"{name}@northwind.example" for name in TEAM)]
    said = f"manager={demo_people['PROJECT_MANAGER']['email']!r}, team={team!r}, today=date.today()"
    source = "from datetime import date; from tests.running_plan import run_plan"
    portal.manage("shell", "-v", "0", "-c", f"{source}; run_plan('LIVE-1000', 1000, {said})")
    return "/projects/LIVE-1000/"


def sign_in_with(page: Page, email: str, password: str) -> Page:
    """Fill the form of the sign-in page and wait for what comes after it."""
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(password)
    page.locator("#id_password").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    return page


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """Return the cookies of the roles that have signed in so far: journeys begin behind that page."""
    return {}


@pytest.fixture
def signed_in(demo_people: dict[str, dict[str, str]], sessions: dict[str, Any]) -> Callable[..., Page]:
    """Return a function that signs a page in as the demo person of a role, anew if they sign out."""

    def as_role(page: Page, role: str, *, is_new: bool = False) -> Page:
        if is_new or role not in sessions:
            person = demo_people[role]
            sign_in_with(page, person["email"], person["password"])
            if not is_new:
                sessions[role] = page.context.cookies()
        else:
            page.context.add_cookies(sessions[role])
        return page

    return as_role


@pytest.fixture
def sign_in(page: Page, signed_in: Callable[..., Page]) -> Callable[..., Page]:
    """Return a function that signs in as the demo person of a role."""

    def as_role(role: str, *, is_new: bool = False) -> Page:
        return signed_in(page, role, is_new=is_new)

    return as_role


@pytest.fixture
def visitor(
    new_context: Callable[..., BrowserContext], signed_in: Callable[..., Page]
) -> Callable[..., Page]:
    """Return a function that gives a further person, signed in, a browser of her own."""

    def as_role(role: str, **options: object) -> Page:
        # Messages are written in the language of the newest session.
        return signed_in(new_context(**options).new_page(), role, is_new="locale" in options)

    return as_role


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    """Return the folder for files this journey saves."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    return folder
