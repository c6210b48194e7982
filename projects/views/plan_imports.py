"""Import into a project: drop a file on its plan, see what would change, confirm."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from projects.access import import_for
from projects.choices import ChangeSource
from projects.forms.saving import saves
from projects.forms.schedule_import import PlanUploadForm, UpdateForm
from projects.models import Project, ScheduleImport
from projects.selectors.plan_update_page import is_outdated, update_previews
from projects.selectors.schedule_imports import problem_groups, twins_of
from projects.selectors.taken_imports import imports_into
from projects.services import schedule_imports
from projects.services.plan_updates import stamp_of
from projects.views.page import ProjectPage, page_for, signed_in
from projects.views.uploads import drop_zone


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def plan_import(request: HttpRequest, code: str) -> HttpResponse:
    """Take a file for the plan of this project."""
    page = page_for(request, code, "plan.import")
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PlanUploadForm(*sent)
    if request.method == "POST" and saves(form, lambda: _upload(page, form)):
        return redirect("projects:import_detail", form.made.pk)
    response = page.show(
        "projects/plan_import.html",
        "plan",
        form=form,
        has_plan=page.project.tasks.exists(),
        imports=imports_into(page.project, user=request.user, source=ChangeSource.PLAN_FILE),
        **drop_zone(),
    )
    response.status_code = 422 if form.errors else 200
    return response


def _upload(page: ProjectPage, form: Any) -> None:
    upload = form.cleaned_data["file"]
    form.made = schedule_imports.upload_schedule(
        actor=page.request.user,
        name=upload.name,
        chunks=upload.chunks(),
        target_node=page.project.node,
    )


def show_update(
    request: HttpRequest, found: ScheduleImport, project: Project, state: Mapping[str, Any]
) -> HttpResponse:
    """Show what the file would do to the plan; a confirmation is sent here."""
    previews = update_previews(found.preview, project=project)
    sent = (request.POST,) if request.method == "POST" else ()
    form = UpdateForm(*sent, schedule_import=found, previews=previews)
    if request.method == "POST" and saves(form, lambda: _confirm(request, found, form)):
        return redirect("projects:import_detail", found.pk)
    context = {
        **state,
        "project": project,
        "previews": previews,
        "form": form,
        "changes_nothing": not any(item.can_confirm for item in previews),
        "groups": problem_groups(found.preview),
        "twins": twins_of(found, user=request.user),
        "is_outdated": is_outdated(found.preview, stamp=stamp_of(project)),
    }
    return render(request, "projects/imports/update.html", context, status=422 if form.errors else 200)


def _confirm(request: HttpRequest, found: ScheduleImport, form: Any) -> None:
    schedule_imports.confirm_update(
        actor=request.user,
        schedule_import=found,
        number=form.cleaned_data["number"],
        missing=form.cleaned_data["missing"],
        expected_version=form.cleaned_data["version"],
    )


@require_POST
@login_required
def import_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare the file anew with the plan as it is now."""
    found = import_for(request.user, pk)
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isdecimal() and len(sent) < 10 else -1
    schedule_imports.compare_again(actor=request.user, schedule_import=found, expected_version=version)
    return redirect("projects:import_detail", pk)
