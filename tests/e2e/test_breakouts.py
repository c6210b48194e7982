"""Texts that try to become script: names on every page (SEC-25), Markdown of people (SEC-26)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bench.breakouts import PAYLOADS
from pmo_portal.common.markdown import render_markdown
from tests.mutations import MUTATIONS
from tests.portal import Portal

_PLANT = """
from pmo_portal.accounts.models import Person, ScopeNode
from pmo_portal.accounts.services.scopes import organization_node
from portfolio.models import Portfolio
from portfolio.services.components import create_project
from portfolio.services.structure import create_portfolio, create_program
from projects.models import Project, Task
from projects.services.tasks import create_task
payloads = {payloads!r}
whole = " ".join(payloads)[:240]
if not Portfolio.objects.filter(code="XSS").exists():
    home = create_portfolio(actor=None, code="XSS", name=whole[:150], parent=None, reporting_currency="EUR")
    create_program(actor=None, code="XSS-PRG", name=whole[:150], portfolio=home)
    for number, text in enumerate(payloads):
        facts = {{"code": f"XSS-{{number}}", "description": whole}}
        project = create_project(actor=None, portfolio=home, name=text, **facts)
        create_task(actor=None, project=project, name=text, notes=whole)
        Person.objects.create(name=text)
"""
PAGES = (
    "/",
    "/portfolio/",
    "/portfolio/p/XSS/",
    "/portfolio/p/XSS/edit/",
    "/portfolio/projects/?portfolio=XSS",
    "/portfolio/projects/?q=%3Cscript%3Ewindow.__xss%3D1%3C/script%3E",
    "/portfolio/compare/?portfolio=XSS",
    "/portfolio/projects/new/?portfolio=XSS",
    "/portfolio/import/",
    "/projects/import/",
    "/administration/grants/new/",
    "/jobs/",
)
PROJECT_PAGES = ("", "edit/", "plan/", "plan/1/", "plan/1/edit/", "money/", "team/", "team/new/", "activity/")


@pytest.fixture(scope="module")
def planted(portal: Portal) -> None:
    portal.manage("shell", "-v", "0", "-c", _PLANT.format(payloads=PAYLOADS))


@pytest.mark.usefixtures("planted")
def test_no_text_runs_as_script(sign_in: Callable[[str], Page]) -> None:
    """SEC-25: 9 break-out strings in names of projects, tasks, people and portfolios: 0 executions."""
    page = sign_in("PMO_HEAD")
    addresses = [*PAGES, *(f"/projects/XSS-{n}/{part}" for n in (0, 3, 7) for part in PROJECT_PAGES)]
    executed = []

    for address in addresses:
        page.goto(address)
        expect(page.locator("h1").first).to_be_visible()
        if page.evaluate("typeof window.__xss !== 'undefined'"):
            executed.append(address)

    assert executed == []


@pytest.mark.usefixtures("planted")
def test_texts_are_shown_as_they_are(sign_in: Callable[[str], Page]) -> None:
    """The sweep above really meets the texts: they stand in the list and in the palette."""
    page = sign_in("PMO_HEAD")
    page.goto("/projects/XSS-0/")
    expect(page.locator("h1")).to_contain_text(PAYLOADS[0])
    page.keyboard.press("Control+k")
    page.keyboard.type("XSS-0")

    expect(page.locator("#palette-list [role=option]").first).to_contain_text("<script>")

    assert page.evaluate("typeof window.__xss") == "undefined"


def test_no_markdown_runs_as_script_even_where_no_policy_forbids_it(page: Page) -> None:
    """SEC-26: 32 mutations in a browser, on a page without a Content-Security-Policy."""

    def executions(html: str) -> int | None:
        page.evaluate("delete window.__xss")
        page.set_content(f"<!doctype html><title>-</title><body>{html}</body>", wait_until="load")
        for link in page.locator("a").all():
            link.dispatch_event("mouseover")
        return page.evaluate("window.__xss ?? null")

    assert executions(MUTATIONS[1]) == 2, "raw, the canary sings"
    assert {text: ran for text in MUTATIONS if (ran := executions(render_markdown(text))) is not None} == {}
    assert page.locator("img, script, iframe, svg, math, style, base, meta").count() == 0
