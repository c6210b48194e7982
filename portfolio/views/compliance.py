"""Standards: compliance of all projects, and waivers; on the page and as files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pmo_portal.accounts.access import require_permission
from pmo_portal.accounts.scopes import holds
from pmo_portal.common.export import csv_response, xlsx_response
from portfolio.access import portfolios_seen_by
from portfolio.choices import WaiverState
from portfolio.forms.filters import asked_code
from portfolio.selectors import compliance_page as selector
from portfolio.selectors import waiver_list

EXPORTS = {"csv": csv_response, "xlsx": xlsx_response}
TABLES = {
    "projects": (gettext_lazy("projects"), selector.project_headings, selector.project_rows),
    "requirements": (gettext_lazy("requirements"), selector.requirement_headings, selector.requirement_rows),
}


@require_permission("rollup.view")
@require_safe
def compliance(request: HttpRequest) -> HttpResponse:
    """Compliance by project, by requirement and over time."""
    today, portfolio = timezone.localdate(), asked_code(request.GET)
    page = selector.compliance_page(request.user, today=today, portfolio=portfolio)
    context = {"page": page, "today": today, **_tools(request, portfolio)}
    return render(request, "portfolio/compliance/compliance.html", context)


@require_permission("rollup.view")
@require_safe
def compliance_export(request: HttpRequest, which: str, kind: str) -> HttpResponse:
    """A line for each project or requirement of the page."""
    _require_export(request, kind)
    if which not in TABLES:
        raise Http404
    today = timezone.localdate()
    title, headings, rows = TABLES[which]
    page = selector.compliance_page(request.user, today=today, portfolio=asked_code(request.GET))
    name = "-".join((_("compliance"), str(title), today.isoformat()))
    return EXPORTS[kind](f"{name}.{kind}", headings(), rows(page))


@require_permission("rollup.view")
@require_safe
def waivers(request: HttpRequest) -> HttpResponse:
    """Waivers of all projects, those that wait first."""
    state, portfolio, today = _asked_state(request), asked_code(request.GET), timezone.localdate()
    counts = waiver_list.waiver_counts(request.user, portfolio=portfolio)
    context = {
        "lines": waiver_list.waiver_lines(request.user, state=state, portfolio=portfolio, today=today),
        "states": [(code, title, counts[code]) for code, title in WaiverState.choices],
        "everything": sum(counts.values()),
        "state": state,
        **_tools(request, portfolio),
    }
    return render(request, "portfolio/compliance/waivers.html", context)


@require_permission("rollup.view")
@require_safe
def waivers_export(request: HttpRequest, kind: str) -> HttpResponse:
    """A line for each waiver of the page."""
    _require_export(request, kind)
    today = timezone.localdate()
    lines = waiver_list.waiver_lines(
        request.user, state=_asked_state(request), portfolio=asked_code(request.GET), today=today
    )
    name = "-".join((_("waivers"), today.isoformat()))
    return EXPORTS[kind](f"{name}.{kind}", waiver_list.export_headings(), waiver_list.export_rows(lines))


def _asked_state(request: HttpRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in WaiverState.values else ""


def _require_export(request: HttpRequest, kind: str) -> None:
    if kind not in EXPORTS or not holds(request.user, "export.run"):
        raise Http404


def _tools(request: HttpRequest, portfolio: str) -> dict[str, Any]:
    """Return what the head of both pages offers: portfolios to choose, kinds of files."""
    return {
        "portfolio": portfolio,
        "portfolios": portfolios_seen_by(request.user).order_by("name", "pk"),
        "kinds": EXPORTS if holds(request.user, "export.run") else (),
    }
