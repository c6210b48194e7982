"""Take the plan away as a file."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pmo_portal.common.errors import DomainError
from pmo_portal.common.export import download
from projects.interchange.java import java_runtime
from projects.selectors.export_words import AT_ONCE, EXPORT_FORMATS
from projects.services.plan_exports import export_plan, order_export
from projects.views.page import page_for, signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def plan_export(request: HttpRequest, code: str) -> HttpResponse:
    """The formats with what each cannot carry; files of other tools are ordered here."""
    page = page_for(request, code, "task.view")
    page.require("export.run")
    if request.method == "POST":
        try:
            order_export(actor=request.user, project=page.project, kind=request.POST.get("format", ""))
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return page.go("plan_export")
        messages.info(request, _("The export is made in the background and appears here when it is ready."))
        return redirect("documents:list")
    has_java = java_runtime() is not None
    return page.show("projects/plan_export.html", "plan", formats=EXPORT_FORMATS, has_java=has_java)


@signed_in
@require_safe
def plan_export_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """A spreadsheet or a calendar, at once (SEC-28)."""
    page = page_for(request, code, "task.view")
    page.require("export.run")
    if kind not in AT_ONCE:
        raise Http404
    built = export_plan(actor=request.user, project=page.project, kind=kind)
    return download(built.file_name, built.content, built.media_type)
