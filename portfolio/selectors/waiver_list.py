"""Waivers of all projects a person sees: what is waived, in whose words, how it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portfolio.choices import WaiverState
from portfolio.models import Waiver
from portfolio.selectors.governance import governance_address, load_governance
from portfolio.selectors.methodologies import said
from projects.models import Project

SOON = timedelta(days=14)
TONES = {"SUBMITTED": "amber", "APPROVED": "blue"}


@dataclass(frozen=True)
class WaiverLine:
    """A waiver with the words of what it is about; ``ends_soon`` asks for a renewal."""

    waiver: Waiver
    title: str
    tone: str
    ends_soon: bool
    url: str


def waiver_list(user: Any, *, state: str = "", portfolio: str = "") -> list[Waiver]:
    """Return the waivers of the projects a person sees, the waiting ones first. One query."""
    rows = _seen(user, portfolio)
    if state in WaiverState.values:
        rows = rows.filter(state=state)
    found = rows.select_related("project", "requested_by", "decided_by").order_by("-requested_on", "-pk")
    return sorted(found, key=lambda row: row.state != WaiverState.SUBMITTED)


def waiver_lines(user: Any, *, state: str = "", portfolio: str = "", today: date) -> list[WaiverLine]:
    """Return the waivers with the titles of what they are about. Ten queries whatever their number."""
    waivers = waiver_list(user, state=state, portfolio=portfolio)
    known = load_governance(list({row.project_id for row in waivers}), today)
    return [_line(row, known.get(row.project_id), today) for row in waivers]


def waiver_counts(user: Any, *, portfolio: str = "") -> dict[str, int]:
    """Return how many waivers of each state a person sees. One query."""
    counts = {state: Count("pk", filter=Q(state=state)) for state in WaiverState.values}
    return _seen(user, portfolio).aggregate(**counts)


def export_headings() -> list[Any]:
    """Return the headings of the file."""
    return [
        *(_("Project"), _("Name"), _("Requirement"), _("Title"), _("State"), _("Reason"), _("Risk")),
        *(_("Compensating control"), _("Asked on"), _("Asked by"), _("Approved on"), _("Decided by")),
        *(_("Note"), _("Until"), _("Ended on")),
    ]


def export_rows(lines: list[WaiverLine]) -> Iterator[list[Any]]:
    """Return a line for each waiver, in the order of the page."""
    for line in lines:
        row = line.waiver
        yield [
            *(row.project.code, row.project.name, row.requirement, line.title, row.get_state_display()),
            *(row.reason, row.risk, row.compensating_control, row.requested_on),
            *(row.requested_by.name if row.requested_by else "", row.approved_on),
            *(row.decided_by.name if row.decided_by else "", row.decision_note),
            *(row.expires_on, row.revoked_on),
        ]


def _seen(user: Any, portfolio: str) -> QuerySet[Waiver]:
    projects = Project.objects.visible_to(user, "rollup.view")
    if portfolio:
        projects = projects.filter(component__portfolio__code=portfolio)
    return Waiver.objects.filter(project__in=projects)


def _line(waiver: Waiver, known: Any, today: date) -> WaiverLine:
    content = known.content if known else None
    row = content.requirement(waiver.requirement) if content else None
    check = content.check(waiver.requirement) if content and row is None else None
    is_held = waiver.state == WaiverState.APPROVED
    return WaiverLine(
        waiver=waiver,
        title=said(row.title) if row else said(check.text) if check else "",
        tone=TONES.get(waiver.state, ""),
        ends_soon=is_held and today <= waiver.expires_on <= today + SOON,
        url=f"{governance_address(waiver.project.code)}#waivers-title",
    )
