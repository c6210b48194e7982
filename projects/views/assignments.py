"""Who works on a task."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from pmo_portal.common.errors import DomainError
from projects.access import task_for
from projects.forms.assignments import AssignForm, AssignmentForm, assignment_values
from projects.forms.saving import saves
from projects.models import Assignment, Task
from projects.selectors.assignments import assignments_in
from projects.services import assignments
from projects.views.efforts import telling_efforts
from projects.views.moves import telling_moves
from projects.views.page import FormPage, ProjectPage, page_for, run_form, signed_in
from projects.views.tasks import show_task


@signed_in
@require_POST
def assignment_add(request: HttpRequest, code: str, uid: int) -> HttpResponse:
    """Put somebody on a task."""
    task = task_for(request.user, code, uid, "task.edit")
    page = page_for(request, code)
    form = AssignForm(request.POST, task=task)
    if not saves(form, partial(_add, page, task, form)):
        return show_task(page, task, assign_form=form)
    messages.success(request, str(_("The assignment is added.")))
    return page.go("task_detail", uid)


def _add(page: ProjectPage, task: Task, form: AssignForm) -> None:
    with telling_moves(page), telling_efforts(page):
        assignments.assign_resource(
            actor=page.request.user,
            task=task,
            units_percent=form.cleaned_data["units_percent"],
            expected_version=form.cleaned_data["version"],
            **form.who(),
        )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Change units or work of somebody on a task."""
    page = page_for(request, code, "task.edit")
    row = get_object_or_404(assignments_in(page.project), pk=pk)
    form = AssignmentForm(page.posted, initial=assignment_values(row))
    back, intro = page.url("task_detail", row.task.uid), f"{row.resource.name} · {row.task}"
    words = FormPage(_("Change assignment"), _("Save"), back, "plan", SAVED, intro=intro)
    return run_form(page, words, form, partial(_edit, page, row, form), fresh=partial(_fresh, page, pk))


SAVED = _("The assignment is saved.")


def _edit(page: ProjectPage, row: Assignment, form: AssignmentForm) -> None:
    with telling_moves(page), telling_efforts(page):
        assignments.edit_assignment(
            actor=page.request.user,
            assignment=row,
            changes=form.changes,
            expected_version=form.cleaned_data["version"],
        )


def _fresh(page: ProjectPage, pk: int) -> dict[str, Any]:
    return assignment_values(assignments_in(page.project).get(pk=pk))


@signed_in
@require_POST
def assignment_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take somebody off a task."""
    page = page_for(request, code, "task.edit")
    row = get_object_or_404(assignments_in(page.project), pk=pk)
    try:
        with telling_moves(page), telling_efforts(page):
            assignments.remove_assignment(actor=request.user, assignment=row, expected_version=None)
    except DomainError as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, str(_("%(name)s is taken off the task.")) % {"name": row.resource.name})
    return page.go("task_detail", row.task.uid)
