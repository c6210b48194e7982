"""Every main page under axe-core in light and dark, and on a phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PROJECT = "/projects/EX-HLT-P2/"
ANALYST_PAGES = (
    "/",
    "/portfolio/",
    "/portfolio/p/EX-HLT/",
    "/portfolio/p/EX-HLT/edit/",
    "/portfolio/projects/",
    "/portfolio/projects/?color=RED&columns=score&columns=finish",
    "/portfolio/projects/?q=nothing-of-that-name",
    "/portfolio/compare/",
    "/portfolio/policy/",
    "/portfolio/new/",
    "/portfolio/programs/new/",
    "/portfolio/projects/new/",
    "/portfolio/import/",
    "/portfolio/health/EX-HLT-P2/",
    PROJECT,
    f"{PROJECT}plan/",
    f"{PROJECT}plan/new/",
    f"{PROJECT}plan/2/",
    f"{PROJECT}board/",
    f"{PROJECT}board/?by=phase&lanes=owner",
    f"{PROJECT}calendar/",
    f"{PROJECT}state/",
    f"{PROJECT}edit/",
    f"{PROJECT}money/",
    f"{PROJECT}team/",
    f"{PROJECT}baselines/",
    f"{PROJECT}calendars/",
    "/projects/import/",
    f"{PROJECT}earned-value/",
    f"{PROJECT}quality/",
    f"{PROJECT}dependencies/",
    "/portfolio/projects/EX-HLT-P2/lessons/",
    "/portfolio/projects/NWU-002/governance/",
    "/standards/compliance/",
    "/standards/waivers/",
    "/standards/methodologies/SG/",
    "/library/",
    "/library/?q=zzzzqq",
    "/library/lessons/",
    "/library/training/",
    "/library/training/compliance/",
    "/pmo/",
    "/pmo/experts/",
    "/pmo/help/",
    "/pmo/adoption/",
    "/pmo/need/",
    "/pmo/maturity/",
    "/need/",
    "/jobs/",
    "/notifications/",
    "/documents/",
    "/accounts/profile/",
    "/accounts/sessions/",
    "/accounts/tokens/",
    "/help/",
    "/help/glossary/",
    "/no-such-page/",
)
HEAD_PAGES = ("/audit/", f"{PROJECT}activity/", "/administration/grants/", "/administration/permissions/")
OWN = "/projects/NWU-022/"
#: What only who plans a project opens; the rest of the plan is above.
PLAN_PAGES = (
    f"{OWN}plan/",
    f"{OWN}plan/list/",
    f"{OWN}plan/progress/",
    f"{OWN}plan/progress/assistant/",
    f"{OWN}plan/progress/sheet/",
    f"{OWN}plan/import/",
    f"{OWN}plan/export/",
    f"{OWN}plan/scheduling/",
    f"{OWN}board/",
    f"{OWN}calendar/",
    f"{OWN}baselines/",
    f"{OWN}quality/",
    f"{OWN}calendars/",
    "/portfolio/projects/NWU-022/template/new/",
)
ADMINISTRATOR_PAGES = ("/administration/people/", "/administration/people/new/", "/administration/units/")
PHONE_PAGES = (
    "/",
    "/portfolio/",
    "/portfolio/projects/",
    "/portfolio/compare/",
    "/portfolio/policy/",
    PROJECT,
    f"{PROJECT}plan/",
    f"{PROJECT}money/",
    f"{PROJECT}baselines/",
    "/projects/NWU-002/baselines/",
    "/jobs/",
    "/portfolio/import/",
    "/projects/import/",
    "/standards/compliance/",
    "/library/",
    "/pmo/",
    "/pmo/maturity/",
    "/notifications/",
    "/accounts/sessions/",
    "/help/",
)
#: Stacked tables that still have to be scrolled sideways.
CUT = """() => [...document.querySelectorAll(".table-responsive:has(> .table-stack)")]
  .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.getAttribute("aria-label"))"""
SETTLED = "() => !document.querySelector('[hx-trigger=load], .htmx-request')"


#: What axe-core looks at: everything, or what another theme of the same page can change.
WHOLE = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
COLORS = ("color-contrast", "link-in-text-block")


def violations_of(page: Page, *, rules: tuple[str, ...] = WHOLE) -> list[str]:
    """Return what axe-core finds on the page as it is."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async rules => (await axe.run(document, { runOnly: rules, resultTypes: ["violations"] }))
          .violations.map(each => `${each.id}: ${each.nodes.slice(0, 3).map(n => n.html.slice(0, 160))}`)""",
        list(rules),
    )
    return [str(each) for each in found]


def _sweep(page: Page, addresses: tuple[str, ...]) -> list[str]:
    wrong = []
    for address in addresses:
        page.goto(address)
        expect(page.locator("h1").first).to_be_visible()
        page.wait_for_function(SETTLED)
        wrong += [f"{address} {each}" for each in violations_of(page)]
    return wrong


def _sweep_themes(page: Page, addresses: tuple[str, ...]) -> list[str]:
    """Return what is wrong in light, and what the dark theme adds."""
    wrong = []
    for address in addresses:
        page.emulate_media(color_scheme="light")
        wrong += _sweep(page, (address,))
        page.emulate_media(color_scheme="dark")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        wrong += [f"{address} in dark: {each}" for each in violations_of(page, rules=COLORS)]
    return wrong


def test_pages_have_no_violation(visitor: Callable[..., Page]) -> None:
    """WCAG 2.2 AA as far as axe-core sees it, on every main page in both themes; a plan in German."""
    wrong = _sweep_themes(visitor("PMO_ANALYST"), ANALYST_PAGES)
    wrong += _sweep_themes(visitor("PMO_HEAD"), HEAD_PAGES)
    wrong += _sweep_themes(visitor("PROJECT_MANAGER", locale="de-DE"), PLAN_PAGES)
    wrong += _sweep_themes(visitor("ADMINISTRATOR"), ADMINISTRATOR_PAGES)

    assert wrong == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_sign_in_has_no_violation(new_context: Callable[..., object], theme: str) -> None:
    """WCAG 2.2 AA before anybody is signed in."""
    page = new_context(color_scheme=theme).new_page()  # type: ignore[attr-defined]

    assert _sweep(page, ("/accounts/login/", "/accounts/password/reset/")) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme_is_the_one_asked_for(visitor: Callable[..., Page], theme: str) -> None:
    """The sweep above really sees both themes."""
    page = visitor("EXECUTIVE", color_scheme=theme)
    page.goto("/")

    assert page.evaluate("document.documentElement.dataset.bsTheme") == theme


def test_phone_pages_fit_and_have_no_violation(visitor: Callable[..., Page]) -> None:
    """Product section 5, phone: nothing wider than 390 px, no table loses a column, WCAG 2.2 AA."""
    page = visitor("PMO_ANALYST", viewport={"width": 390, "height": 844})

    assert _sweep_phone(page, PHONE_PAGES) == []


def test_phone_pages_of_a_plan_fit_and_have_no_violation(visitor: Callable[..., Page]) -> None:
    """Issue 4, proof: the pages around a plan at 390 px, also when something is half scrolled away."""
    page = visitor("PROJECT_MANAGER", viewport={"width": 390, "height": 844})
    wrong = _sweep_phone(page, PLAN_PAGES)
    page.goto(f"{OWN}board/")
    top = page.get_by_role("navigation", name="View").bounding_box()
    assert top is not None
    page.evaluate("top => scrollTo(0, top)", top["y"] - 40)

    assert wrong + violations_of(page) == []


def _sweep_phone(page: Page, addresses: tuple[str, ...]) -> list[str]:
    wrong = []
    for address in addresses:
        wrong += _sweep(page, (address,))
        width = page.evaluate("document.documentElement.scrollWidth")
        cut = page.evaluate(CUT)
        wrong += [f"{address} is {width} px wide"] if width > 390 else []
        wrong += [f"{address} cuts {each}" for each in cut]
    return wrong
