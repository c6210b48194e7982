"""PMO: how far projects use what the PMO offers (KNO-10)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pmo_portal.accounts.access import require_permission
from pmo_portal.accounts.scopes import holds
from pmo_portal.common.export import csv_response, xlsx_response
from pmo_portal.common.templatetags.common import percent0
from portfolio.access import portfolios_seen_by
from portfolio.rollup.adoption import WEIGHTS
from portfolio.selectors.adoption_page import (
    AdoptionPage,
    adoption_page,
    courses_missing,
    export_headings,
    export_rows,
    part_titles,
    project_adoption,
    trend_chart,
)
from portfolio.views.page import Scope, scope_for
from projects.views.page import page_for, signed_in

EXPORTS = {"csv": csv_response, "xlsx": xlsx_response}
ROWS_SHOWN = 100


def _asked(scope: Scope) -> AdoptionPage:
    sort = scope.request.GET.get("sort", "percent")
    return adoption_page(scope.request.user, day=scope.day, portfolio=scope.portfolio, sort=sort)


@require_permission("rollup.view")
@require_safe
def adoption(request: HttpRequest) -> HttpResponse:
    """Adoption by project with mean, median and trend."""
    scope = scope_for(request)
    page = _asked(scope)
    pages = Paginator(page.rows, ROWS_SHOWN)
    context = scope.context(
        page=page,
        rows=pages.get_page(request.GET.get("page")),
        chart=trend_chart(page.trend),
        portfolios=portfolios_seen_by(request.user).order_by("name", "pk"),
        titles=[(part, title, percent0(WEIGHTS[part])) for part, title in part_titles().items()],
        kinds=EXPORTS if holds(request.user, "export.run") else (),
    )
    return render(request, "portfolio/adoption/list.html", context)


@require_permission("rollup.view")
@require_safe
def adoption_export(request: HttpRequest, kind: str) -> HttpResponse:
    """A line for each project of the page."""
    if kind not in EXPORTS or not holds(request.user, "export.run"):
        raise Http404
    scope = scope_for(request)
    name = "-".join((_("adoption"), scope.day.isoformat()))
    return EXPORTS[kind](f"{name}.{kind}", export_headings(), export_rows(_asked(scope)))


@signed_in
@require_safe
def project_adoption_page(request: HttpRequest, code: str) -> HttpResponse:
    """The four parts of a project, why they count as they do, and the months before."""
    page = page_for(request, code, "project.view")
    row, trend = project_adoption(page.project, day=timezone.localdate())
    sees_training = row is not None and holds(request.user, "training.view")
    shown: dict[str, Any] = {
        "adoption": row,
        "chart": trend_chart(trend, is_project=True),
        "missing": courses_missing(page.project, day=row.as_of) if row and sees_training else (),
    }
    return page.show("portfolio/adoption/project.html", "portfolio:governance", **shown)
