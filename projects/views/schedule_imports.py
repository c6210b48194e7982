"""Import of schedules: drop a file, look at the preview, confirm."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from pmo_portal.accounts.access import require_permission
from pmo_portal.common.errors import DomainError
from projects.access import import_for
from projects.choices import ImportState
from projects.forms.saving import saves
from projects.forms.schedule_import import ConfirmForm, UploadForm
from projects.models import Project, ScheduleImport
from projects.selectors.imported_projects import imported_projects, is_of_day, shown_since
from projects.selectors.schedule_imports import (
    advice_for,
    import_row,
    imports_of,
    previewed_projects,
    problem_groups,
    refusal_of,
    twins_of,
)
from projects.services import schedule_imports
from projects.services.former_values import today
from projects.services.imported_projects import require_taken_back, take_back_projects
from projects.views.plan_imports import show_update
from projects.views.uploads import drop_zone

PER_PAGE = 20
RUNNING = frozenset({ImportState.UPLOADED, ImportState.CONFIRMED})


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission("plan.import")
def import_new(request: HttpRequest) -> HttpResponse:
    """Take a file; list the person's imports."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent, user=request.user)
    if request.method == "POST" and saves(form, lambda: _upload(request, form)):
        return redirect("projects:import_detail", form.made.pk)
    page = Paginator(imports_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [import_row(found) for found in page.object_list],
        **drop_zone(),
    }
    return render(request, "projects/imports/new.html", context, status=422 if form.errors else 200)


def _upload(request: HttpRequest, form: Any) -> None:
    upload = form.cleaned_data["file"]
    form.made = schedule_imports.upload_schedule(
        actor=request.user,
        name=upload.name,
        chunks=upload.chunks(),
        target_node=form.cleaned_data["target"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@login_required
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far an import is, and its preview; a confirmation is sent here."""
    found = import_for(request.user, pk)
    if request.headers.get("HX-Request") and request.method == "GET":
        return _progress(request, found)
    project = schedule_imports.project_of(found)
    if project is not None:
        return show_update(request, found, project, _state_of(found))
    projects = previewed_projects(found.preview)
    sent = (request.POST,) if request.method == "POST" else ()
    form = ConfirmForm(*sent, user=request.user, schedule_import=found, projects=projects)
    if request.method == "POST" and saves(form, lambda: _confirm(request, found, form)):
        return redirect("projects:import_detail", pk)
    context = {**_state_of(found), **_findings(request, found), "form": form}
    return render(request, "projects/imports/detail.html", context, status=422 if form.errors else 200)


def _findings(request: HttpRequest, found: ScheduleImport) -> dict[str, Any]:
    """Return what is to know about a file and what became of it."""
    return {
        "groups": problem_groups(found.preview),
        "twins": twins_of(found, user=request.user),
        "projects": list(found.projects.order_by("code")),
        "can_withdraw": found.state == ImportState.IMPORTED and is_of_day(found, today()),
    }


def _confirm(request: HttpRequest, found: ScheduleImport, form: Any) -> None:
    schedule_imports.confirm_import(
        actor=request.user,
        schedule_import=found,
        target_node=form.cleaned_data["target"],
        choices=form.choices(),
        expected_version=form.cleaned_data["version"],
    )


def _state_of(found: ScheduleImport) -> dict[str, Any]:
    """Return what the page says about the state of the import. No queries."""
    is_stuck = any(schedule_imports.is_stuck(found, state) for state in RUNNING)
    return {
        "found": found,
        "job": found.job,
        "is_running": found.state in RUNNING and not is_stuck,
        "is_stuck": is_stuck,
        "can_confirm": schedule_imports.can_confirm(found),
        "can_discard": schedule_imports.can_discard(found),
        "advice": advice_for(found.preview),
        "refusal": refusal_of(found),
    }


def _progress(request: HttpRequest, found: ScheduleImport) -> HttpResponse:
    """Return the progress bar; once the job has ended, have the page load itself again."""
    context = _state_of(found)
    response = render(request, "projects/imports/_progress.html", context)
    if not context["is_running"]:
        response["HX-Refresh"] = "true"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def import_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which projects would go and what happened in them since, or take the import back."""
    found = import_for(request.user, pk)
    projects = list(found.projects.order_by("pk"))
    if request.method == "POST":
        return _withdraw(request, found)
    context = {
        "found": found,
        "made": imported_projects(found),
        "refusal": _why_not(request, found, projects),
        "since": shown_since(projects, user=request.user),
    }
    return render(request, "projects/imports/withdraw.html", context)


def _why_not(request: HttpRequest, found: ScheduleImport, projects: Sequence[Project]) -> DomainError | None:
    try:
        require_taken_back(actor=request.user, schedule_import=found, projects=projects)
    except DomainError as refusal:
        return refusal
    return None


def _withdraw(request: HttpRequest, found: ScheduleImport) -> HttpResponse:
    try:
        take_back_projects(actor=request.user, schedule_import=found, expected_version=_sent_version(request))
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("projects:import_withdraw", found.pk)
    messages.success(request, _("The import is taken back."))
    return redirect("projects:import_detail", found.pk)


def _sent_version(request: HttpRequest) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1


@require_POST
@login_required
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an import up; its file is deleted."""
    found = import_for(request.user, pk)
    version = _sent_version(request)
    schedule_imports.discard_import(actor=request.user, schedule_import=found, expected_version=version)
    messages.success(request, _("%(file)s was discarded.") % {"file": found.file_name})
    return redirect("projects:import_new")
