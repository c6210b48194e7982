"""Import of tables: drop a file, say what the columns mean, look at the preview, confirm."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from pmo_portal.accounts.access import require_permission
from pmo_portal.common.errors import DomainError
from pmo_portal.documents.services.files import store_upload
from portfolio.forms.table_import import TableMappingForm, TableUploadForm, mapping_initial
from portfolio.interchange.mapping import TableMapping
from portfolio.models import PortfolioImport
from portfolio.selectors.table_imports import (
    leavers_page,
    lines_of,
    problem_groups,
    progress_of,
    refusal_of,
    remembered_names,
    steps_of,
    twins_of,
)
from portfolio.services import table_imports
from portfolio.services.import_mappings import known_name, mapping_named, remember_mapping, shipped_mappings
from projects.choices import ImportState, ReportCycle

ROWS_A_PAGE = 100
RECENT = 10


@require_permission("portfolio.import")
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Take a file."""
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = TableUploadForm(*given, user=request.user)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            file = store_upload(owner=request.user, name=upload.name, chunks=upload.chunks())
            made = table_imports.start_import(
                actor=request.user, file=file, portfolio=form.cleaned_data["portfolio"]
            )
            return redirect(made)
        except DomainError as refused:
            form.add_error("file", str(refused))
    recent = PortfolioImport.objects.visible_to(request.user).select_related("file").order_by("-pk")[:RECENT]
    context = {"form": form, "recent": recent, "steps": steps_of(None)}
    return render(request, "portfolio/imports/new.html", context, status=422 if form.is_bound else 200)


def own_import(request: HttpRequest, pk: int) -> PortfolioImport:
    """Return an import of this person; 404 for others."""
    imports = PortfolioImport.objects.visible_to(request.user).select_related("file", "portfolio__node")
    return get_object_or_404(imports, pk=pk)


@require_permission("portfolio.import")
@require_http_methods(["GET", "HEAD", "POST"])
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where the import stands; takes the mapping."""
    imported = own_import(request, pk)
    progress = progress_of(imported)
    if progress and not progress["is_over"] and request.method != "POST":
        return _show_progress(request, imported, progress)
    if request.headers.get("HX-Request") and request.method != "POST":
        return HttpResponse(headers={"HX-Refresh": "true"})
    if imported.state == ImportState.READ and (imported.mapping is None or _wants_columns(request)):
        return _columns(request, imported, progress)
    if imported.state == ImportState.READ:
        return _preview(request, imported, progress)
    return _show(
        request, "portfolio/imports/state.html", imported, progress=progress, **_done(request, imported)
    )


def _wants_columns(request: HttpRequest) -> bool:
    return request.method == "POST" or "columns" in request.GET


def _show(request: HttpRequest, template: str, imported: PortfolioImport, **values: Any) -> HttpResponse:
    status = values.pop("status", 200)
    context = {"imported": imported, "steps": steps_of(imported, step=values.pop("step", None)), **values}
    context["twins"] = twins_of(imported) if imported.state == ImportState.READ else []
    context["crumbs"] = [
        {"title": _("Import portfolios"), "url": reverse("portfolio:import_new")},
        {"title": imported.file.file_name},
    ]
    return render(request, template, context, status=status)


def _show_progress(request: HttpRequest, imported: PortfolioImport, progress: dict[str, Any]) -> HttpResponse:
    template = "portfolio/imports/state.html"
    if request.headers.get("HX-Request"):
        template += "#progress"
    return _show(request, template, imported, progress=progress, is_running=True)


def _columns(
    request: HttpRequest, imported: PortfolioImport, progress: dict[str, Any] | None
) -> HttpResponse:
    """Show the mapping form, filled from a remembered, fitting or guessed mapping; take it."""
    preview = imported.preview or {}
    name = request.GET.get("mapping") or next(iter(preview["fitting"]), "")
    initial = _initial(imported, name)
    form = TableMappingForm(request.POST or None, initial=initial, headers=preview["headers"])
    if request.method == "POST" and form.is_valid() and _took_mapping(request, imported, form):
        return redirect(imported)
    return _show(
        request,
        "portfolio/imports/columns.html",
        imported,
        form=form,
        step=2,
        names=[*((key, each.title) for key, each in shipped_mappings().items()), *remembered_names()],
        chosen_name=name,
        sample=zip(preview["headers"], zip(*preview["sample"], strict=True), strict=True)
        if preview["sample"]
        else [],
        status=422 if form.is_bound else 200,
    )


def _initial(imported: PortfolioImport, name: str) -> dict[str, Any]:
    preview = imported.preview or {}
    if name:
        try:
            return mapping_initial(mapping_named(name), preview["headers"])
        except DomainError:
            pass
    if imported.mapping is not None:
        kept = mapping_initial(TableMapping.from_dict(imported.mapping), preview["headers"])
        return {**kept, "as_of": imported.as_of}
    return {
        "currency": imported.portfolio.reporting_currency,  # type: ignore[union-attr]
        "has_first_status_as_baseline": True,
        "report_cycle": ReportCycle.MONTHLY,
        "as_of": None if "year" in preview["proposal"] else timezone.localdate(),
        **{f"column_{code}": headers[0] for code, headers in preview["proposal"].items()},
    }


def _took_mapping(request: HttpRequest, imported: PortfolioImport, form: TableMappingForm) -> bool:
    data = form.cleaned_data
    try:
        if data["remember_as"]:
            remember_mapping(actor=request.user, name=data["remember_as"], mapping=data["mapping"])  # type: ignore[arg-type]
        table_imports.choose_mapping(
            actor=request.user,  # type: ignore[arg-type]
            imported=imported,
            mapping=data["mapping"],
            mapping_name=data["remember_as"] or known_name(request.POST.get("mapping", "")),
            as_of=data["as_of"],
        )
    except DomainError as refused:
        form.add_error("remember_as" if refused.field == "name" else None, str(refused))
        return False
    return True


def _page_of(request: HttpRequest, lines: list[dict[str, Any]]) -> Any:
    return Paginator(lines, ROWS_A_PAGE).get_page(request.GET.get("page"))


def _preview(
    request: HttpRequest, imported: PortfolioImport, progress: dict[str, Any] | None
) -> HttpResponse:
    plan = (imported.preview or {}).get("plan")
    if plan is None:
        return _show(request, "portfolio/imports/state.html", imported, progress=progress)
    lines = lines_of(plan)
    page = _page_of(request, lines)
    counts = plan["counts"]
    return _show(
        request,
        "portfolio/imports/preview.html",
        imported,
        plan=plan,
        page=page,
        similar=[line for line in lines if line.get("similar")],
        groups=problem_groups(plan),
        takes=counts["CREATE"] + counts["UPDATE"] + counts["LATER_KNOWN"],
        missing=leavers_page(plan),
    )


def _done(request: HttpRequest, imported: PortfolioImport) -> dict[str, Any]:
    plan = (imported.preview or {}).get("plan")
    if plan:
        page = _page_of(request, lines_of(plan))
        return {"plan": plan, "groups": problem_groups(plan), "missing": leavers_page(plan), "page": page}
    return {"refusal": refusal_of(imported)}


@require_permission("portfolio.import")
@require_POST
def import_match(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the person's word on which rows are known projects, and preview again."""
    imported = own_import(request, pk)
    chosen = {
        int(name.removeprefix("row-")): code
        for name, code in request.POST.items()
        if name.startswith("row-") and name.removeprefix("row-").isdecimal() and code
    }
    table_imports.choose_mapping(
        actor=request.user,  # type: ignore[arg-type]
        imported=imported,
        mapping=TableMapping.from_dict(imported.mapping or {}),
        mapping_name=imported.mapping_name,
        as_of=imported.as_of,
        chosen=chosen,
    )
    return redirect(imported)


@require_permission("portfolio.import")
@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what the preview shows."""
    imported = own_import(request, pk)
    try:
        table_imports.confirm_import(
            actor=request.user,  # type: ignore[arg-type]
            imported=imported,
            leavers=request.POST.get("leavers") or None,
        )
    except DomainError as refused:
        messages.error(request, str(refused))
    return redirect(imported)


@require_permission("portfolio.import")
@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the import up."""
    imported = own_import(request, pk)
    try:
        table_imports.discard_import(actor=request.user, imported=imported)  # type: ignore[arg-type]
        messages.success(request, _("The import was discarded and its file deleted."))
    except DomainError as refused:
        messages.error(request, str(refused))
    return redirect("portfolio:import_new")
