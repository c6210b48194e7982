"""One task: look, create, edit, move, delete."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.common.errors import DomainError
from projects.access import task_for
from projects.choices import MILESTONES
from projects.forms.assignments import AssignForm
from projects.forms.saving import saves
from projects.forms.tasks import LinkForm, MoveForm, TaskForm, task_values
from projects.models import Link, Task, TaskProgress
from projects.selectors.assignments import staff_of
from projects.selectors.plan import task_detail
from projects.services import tasks
from projects.views.efforts import telling_efforts
from projects.views.moves import tell_moves, telling_moves, trial_of
from projects.views.page import FormPage, ProjectPage, page_for, run_form, signed_in

WRITES = ["GET", "HEAD", "POST"]


@signed_in
@require_safe
def task_detail_page(request: HttpRequest, code: str, uid: int) -> HttpResponse:
    """Everything about one row."""
    page = page_for(request, code)
    task = task_for(request.user, code, uid)
    return show_task(page, task)


def show_task(
    page: ProjectPage,
    task: Task,
    *,
    link_form: LinkForm | None = None,
    assign_form: AssignForm | None = None,
) -> HttpResponse:
    """Render the page of a task, with the link or assignment that was refused if there is one."""
    is_own = task.owner is not None and task.owner.user_id == page.request.user.pk
    linkable = page.allows("task.edit") and task.kind != "SUMMARY"
    staffable = linkable and task.kind not in MILESTONES and task.actual_finish is None
    response = page.show(
        "projects/tasks/detail.html",
        "plan",
        is_auto=page.project.is_auto_scheduled,
        task=task_detail(task, user=page.request.user, today=page.today),
        link_form=link_form or (LinkForm(task=task) if linkable else None),
        staff=staff_of(task),
        assign_form=assign_form or (AssignForm(task=task) if staffable else None),
        may_record=page.allows("task.progress") and (is_own or _may_record_all(page)),
    )
    response.status_code = 200 if link_form is None and assign_form is None else 422
    return response


def _may_record_all(page: ProjectPage) -> bool:
    """People who edit tasks record progress of all of them, others of their own."""
    return page.allows("task.edit")


@signed_in
@require_http_methods(WRITES)
def task_new(request: HttpRequest, code: str) -> HttpResponse:
    """Add a row."""
    page = page_for(request, code, "task.edit")
    parent = Task.objects.filter(project=page.project, uid=_number(request.GET.get("parent"))).first()
    initial = {
        "parent": parent,
        "kind": "TASK",
        "days": 1,
        "constraint_type": "ASAP",
        "task_type": "FIXED_UNITS",
        "ev_technique": "PERCENT_COMPLETE",
    }
    form = TaskForm(page.posted, project=page.project, initial=initial)
    words = FormPage(_("New task"), _("Add task"), page.url("plan"), "plan", _("The task is added."))

    def save() -> None:
        parent = form.cleaned_data["parent"]
        with telling_moves(page):
            tasks.create_task(actor=request.user, project=page.project, parent=parent, **form.changes)

    return run_form(page, words, form, save)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


@signed_in
@require_http_methods(WRITES)
def task_edit(request: HttpRequest, code: str, uid: int) -> HttpResponse:
    """Edit a row."""
    task = task_for(request.user, code, uid, "task.edit")
    page = page_for(request, code)
    form = TaskForm(page.posted, project=page.project, task=task, initial=task_values(task))
    back = page.url("task_detail", uid)
    words = FormPage(_("Edit task"), _("Save"), back, "plan", _("The task is saved."), intro=str(task))
    change = partial(_change, page, task, form)
    return run_form(
        page,
        words,
        form,
        partial(_keep, page, change),
        fresh=lambda: task_values(_fresh(task)),
        template="projects/tasks/form.html",
        is_trial="trial" in request.POST,
        moves=trial_of(page, form, change),
        is_auto=page.project.is_auto_scheduled,
    )


def _change(page: ProjectPage, task: Task, form: TaskForm) -> None:
    version = form.cleaned_data["version"]
    tasks.edit_task(actor=page.request.user, task=task, changes=form.changes, expected_version=version)


def _keep(page: ProjectPage, change: Callable[[], None]) -> None:
    """Change the task for good, and say what followed."""
    with telling_efforts(page):
        tell_moves(page, change)


def _fresh(task: Task) -> Task:
    return Task.objects.select_related("project__calendar").get(pk=task.pk)


@signed_in
@require_http_methods(WRITES)
def task_delete(request: HttpRequest, code: str, uid: int) -> HttpResponse:
    """Say what goes with the row, then delete it."""
    task = task_for(request.user, code, uid, "task.delete")
    page = page_for(request, code)
    if request.method == "POST":
        gone = tasks.delete_task(
            actor=request.user, task=task, expected_version=_number(request.POST.get("version")) or None
        )
        text = ngettext("%(count)s row was deleted.", "%(count)s rows were deleted.", gone)
        messages.success(request, text % {"count": gone})
        return page.go("plan")
    below = Task.objects.filter(project=page.project, sort_path__startswith=task.sort_path)
    return page.show(
        "projects/tasks/delete.html",
        "plan",
        task=task,
        rows=below.count(),
        links=(Link.objects.filter(predecessor__in=below) | Link.objects.filter(successor__in=below)).count(),
        progress=TaskProgress.objects.filter(task__in=below).count(),
    )


@signed_in
@require_POST
def task_move(request: HttpRequest, code: str, uid: int) -> HttpResponse:
    """Indent, outdent, move up or down."""
    task = task_for(request.user, code, uid, "task.edit")
    page = page_for(request, code)
    form = MoveForm(request.POST)
    if not saves(form, lambda: _move(request.user, task, form.cleaned_data["to"])):
        messages.error(request, " ".join(str(text) for text in form.non_field_errors()))
    return page.go("plan")


def _move(actor: Any, task: Task, way: str) -> None:
    if way == "indent":
        tasks.indent_task(actor=actor, task=task)
    elif way == "outdent":
        tasks.outdent_task(actor=actor, task=task)
    elif way == "up" and task.position == 0:
        raise DomainError(_("The row is the first of its level already."), code="FIRST_ROW")
    else:
        place = task.position - 1 if way == "up" else task.position + 2
        tasks.move_task(actor=actor, task=task, parent=task.parent, position=place)
