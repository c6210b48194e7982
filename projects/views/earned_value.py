"""Earned value of a project: the page and its exports."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from pmo_portal.common.export import csv_response, xlsx_response
from projects.forms.earned_value import asked_factor, asked_past_day
from projects.selectors.earned_value import EarnedValue, earned_value
from projects.selectors.value_tables import (
    curve_chart,
    package_cells,
    package_headings,
    period_cells,
    period_headings,
    searched,
)
from projects.views.page import ProjectPage, page_for, signed_in

PAGE_SIZE = 50
EXPORTS = {"csv": csv_response, "xlsx": xlsx_response}


@signed_in
@require_safe
def earned_value_page(request: HttpRequest, code: str) -> HttpResponse:
    """Curve, figures, estimates; work packages for those who may see lines."""
    page = page_for(request, code, "budget.view", "budget.view_totals")
    found, as_of = _asked(page)
    search = request.GET.get("q", "")[:100]
    rows = searched(found.rows, search) if page.allows("budget.view") else []
    return page.show(
        "projects/earned_value.html",
        "earned_value",
        value=found,
        as_of=as_of,
        chart=curve_chart(found),
        packages=Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        search=search,
        shows_lines=page.allows("budget.view"),
        exports=_export_links(page),
    )


def _asked(page: ProjectPage) -> tuple[EarnedValue, date | None]:
    query = page.request.GET
    as_of = asked_past_day(query, today=page.today)
    return earned_value(page.project, as_of=as_of or page.today, factor=asked_factor(query)), as_of


def _export_links(page: ProjectPage) -> list[dict[str, Any]]:
    """Return the downloads: periods for all, work packages for those who see lines."""
    if not page.allows("export.run"):
        return []
    titles = {"periods": _("Periods"), "packages": _("Work packages")}
    query = page.request.GET.urlencode()
    return [
        {
            "title": f"{title} ({name})",
            "url": reverse("projects:earned_value_export", args=[page.project.code, table, kind])
            + (f"?{query}" if query else ""),
        }
        for table, title in titles.items()
        for kind, name in (("csv", "CSV"), ("xlsx", "Excel"))
        if table == "periods" or page.allows("budget.view")
    ]


@signed_in
@require_safe
def earned_value_export(request: HttpRequest, code: str, table: str, kind: str) -> HttpResponse:
    """The periods, or the work packages that were found, as a file (SEC-28)."""
    page = page_for(request, code, "budget.view", "budget.view_totals")
    page.require("export.run")
    if kind not in EXPORTS or table not in {"periods", "packages"}:
        raise Http404
    if table == "packages" and not page.allows("budget.view"):
        raise PermissionDenied
    found, as_of = _asked(page)
    name = f"{code}-{table}-{(as_of or page.today).isoformat()}.{kind}"
    if table == "periods":
        return EXPORTS[kind](name, period_headings(), period_cells(found))
    rows = searched(found.rows, request.GET.get("q", "")[:100])
    return EXPORTS[kind](name, package_headings(), package_cells(found, rows))
