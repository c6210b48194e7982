"""
The pages of the sidebar, as one table.

Addresses are named, not imported; an entry whose address does not exist (yet) is left out. Who sees
which entry comes from the person's rights, asked for once a page.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RightsQuestion = Callable[[Any, Iterable[str]], frozenset[str]]


@dataclass(frozen=True)
class Page:
    """A line of the table; ``permissions``: one of them is enough, none means everybody."""

    title: str | Promise
    address: str
    icon: str
    group: str | Promise = ""
    permissions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A line of the sidebar as the template shows it."""

    title: str
    url: str
    icon: str
    group: str
    is_active: bool


PORTFOLIO = _("Portfolio")
STANDARDS = _("Standards")
LIBRARY = _("Library")
OFFICE = _("PMO")
WORK = _("Imports and jobs")
ADMINISTRATION = _("Administration")
PAGES: tuple[Page, ...] = (
    Page(_("Home"), "home", "home"),
    Page(_("My work"), "my_work", "list-check"),
    Page(_("Dashboard"), "portfolio:index", "layout-dashboard", PORTFOLIO, ("rollup.view",)),
    Page(_("Projects"), "portfolio:projects", "folders", PORTFOLIO, ("project.view",)),
    Page(_("Compare dates"), "portfolio:compare", "arrows-diff", PORTFOLIO, ("rollup.view",)),
    Page(_("Methodologies"), "portfolio:methodologies", "route", STANDARDS, ("methodology.view",)),
    Page(_("Project templates"), "portfolio:project_templates", "template", STANDARDS, ("template.view",)),
    Page(_("Document templates"), "portfolio:document_templates", "file-text", STANDARDS, ("template.view",)),
    Page(_("Compliance"), "portfolio:compliance", "clipboard-check", STANDARDS, ("rollup.view",)),
    Page(_("Gates"), "portfolio:gates", "flag", STANDARDS, ("rollup.view",)),
    Page(_("Waivers"), "portfolio:waivers", "shield", STANDARDS, ("rollup.view",)),
    Page(_("Health policy"), "portfolio:policy_detail", "gavel", STANDARDS, ("policy.view",)),
    Page(_("Search the library"), "portfolio:library", "book", LIBRARY, ("library.view",)),
    Page(_("Lessons"), "portfolio:lessons", "bulb", LIBRARY, ("library.view",)),
    Page(_("Courses"), "portfolio:courses", "presentation", LIBRARY, ("library.view",)),
    Page(_("My training"), "portfolio:my_training", "certificate", LIBRARY, ("library.view",)),
    Page(_("Training compliance"), "portfolio:training", "clipboard-check", LIBRARY, ("training.view",)),
    Page(_("The office"), "portfolio:office", "building-community", OFFICE, ("office.view",)),
    Page(_("Ask for help"), "portfolio:help_requests", "help-circle", OFFICE, ("office.view",)),
    Page(_("Adoption"), "portfolio:adoption", "chart-line", OFFICE, ("rollup.view",)),
    Page(_("PMO need"), "portfolio:need", "scale", OFFICE, ("assessment.view",)),
    Page(_("Maturity"), "portfolio:maturity", "chart-bar", OFFICE, ("assessment.view",)),
    Page(_("Import schedules"), "projects:import_new", "file-import", WORK, ("plan.import",)),
    Page(_("Import portfolios"), "portfolio:import_new", "file-upload", WORK, ("portfolio.import",)),
    Page(_("Jobs"), "jobs:list", "player-play", WORK),
    Page(_("People"), "administration:people", "users", ADMINISTRATION, ("user.view",)),
    Page(_("Roles"), "administration:grants", "shield-check", ADMINISTRATION, ("role.view", "member.edit")),
    Page(
        _("Permissions"),
        "administration:permissions",
        "table",
        ADMINISTRATION,
        ("user.view", "role.view", "member.edit"),
    ),
    Page(_("Organization units"), "administration:units", "sitemap", ADMINISTRATION, ("user.view",)),
    Page(
        _("Periods"), "portfolio:periods", "calendar-stats", ADMINISTRATION, ("period.close", "budget.view")
    ),
    Page(_("Calendars"), "portfolio:calendars", "calendar", ADMINISTRATION, ("project.create",)),
    Page(_("Exchange rates"), "portfolio:rates", "coins", ADMINISTRATION, ("rate.view",)),
    Page(
        _("Emergency access"),
        "administration:emergency",
        "lock-open",
        ADMINISTRATION,
        ("emergency.open", "emergency.view"),
    ),
    Page(
        _("Audit"),
        "audit:list",
        "history",
        ADMINISTRATION,
        ("audit.view_business", "audit.view_technical"),
    ),
)
PERMISSIONS = frozenset(code for page in PAGES for code in page.permissions)

_questions: list[RightsQuestion] = []


def set_rights_question(question: RightsQuestion) -> None:
    """Name the function that answers which permissions a person holds; accounts does so at start."""
    _questions[:] = [question]


def entries_for(request: HttpRequest) -> list[Entry]:
    """Return the sidebar of the person; empty for strangers. One query."""
    if not request.user.is_authenticated:
        return []
    held = _questions[0](request.user, PERMISSIONS)
    shown = [page for page in PAGES if not page.permissions or held.intersection(page.permissions)]
    addresses = [(page, address) for page in shown if (address := _address(page)) is not None]
    place = getattr(request, "menu_address", request.path)
    active = _active_address(place, [address for _page, address in addresses])
    return [
        Entry(
            title=str(page.title),
            url=address,
            icon=page.icon,
            group=str(page.group),
            is_active=address == active,
        )
        for page, address in addresses
    ]


def lies_under(request: HttpRequest, name: str) -> None:
    """Say under which entry a page lies whose address does not tell."""
    request.menu_address = reverse(name)  # type: ignore[attr-defined]


def _address(page: Page) -> str | None:
    try:
        return reverse(page.address)
    except NoReverseMatch:
        return None


def _active_address(path: str, addresses: list[str]) -> str | None:
    """Return the entry the path lies under: the longest that fits; the root only for itself."""
    fitting = [
        address for address in addresses if path == address or (address != "/" and path.startswith(address))
    ]
    return max(fitting, key=len, default=None)
