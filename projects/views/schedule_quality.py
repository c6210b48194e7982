"""How well the plan is built."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pmo_portal.common.export import csv_response, xlsx_response
from projects.selectors.quality_page import export_headings, export_rows, quality_page
from projects.selectors.quality_trends import score_chart
from projects.services.schedule_quality import order_check
from projects.views.page import page_for, signed_in

EXPORTS = {"csv": csv_response, "xlsx": xlsx_response}


@signed_in
@require_safe
def quality(request: HttpRequest, code: str) -> HttpResponse:
    """The score, the 14 checks with the tasks they stumble over, and the findings."""
    page = page_for(request, code, "task.view")
    found = quality_page(page.project, today=page.today)
    may_export = found.as_of is not None and page.allows("export.run")
    titles = {"csv": _("CSV"), "xlsx": _("Excel")}
    links = [{"title": titles[kind], "url": page.url("quality_export", kind)} for kind in EXPORTS]
    shown = {"quality": found, "trend": score_chart(found.history), "exports": links if may_export else []}
    return page.show("projects/quality.html", "plan", **shown)


@signed_in
@require_safe
def quality_export(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """A line for each task or link that a check stumbles over, and one for each check without any."""
    page = page_for(request, code, "task.view")
    page.require("export.run")
    found = quality_page(page.project, today=page.today)
    if kind not in EXPORTS or found.as_of is None:
        raise Http404
    name = f"{page.project.code}-quality-{found.as_of.isoformat()}.{kind}"
    return EXPORTS[kind](name, export_headings(), export_rows(found))


@signed_in
@require_POST
def quality_check(request: HttpRequest, code: str) -> HttpResponse:
    """Order a fresh check."""
    page = page_for(request, code, "task.edit")
    order_check(actor=request.user, project=page.project)
    messages.success(request, _("The plan is being checked. The result is here within a minute."))
    return page.go("quality")
