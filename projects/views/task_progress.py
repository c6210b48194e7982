"""Progress of one task at the data date: look at where it leads to, record it, open a finished task again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from projects.access import task_for
from projects.choices import MILESTONES
from projects.forms.saving import saves
from projects.forms.tasks import ProgressForm, progress_values
from projects.models import Task
from projects.selectors.moves import moves_page
from projects.services.progress import record_progress
from projects.services.progress_lists import ProgressTrial, try_progress
from projects.services.progress_rules import NO_FINISH
from projects.views.moves import telling_moves
from projects.views.page import FormPage, ProjectPage, page_for, run_form, signed_in
from projects.views.progress_lists import shown_foreseen


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def task_progress(request: HttpRequest, code: str, uid: int) -> HttpResponse:
    """Record progress at the data date; a trial says where it leads to (SCH-22)."""
    task = task_for(request.user, code, uid, "task.progress")
    page = page_for(request, code)
    form = ProgressForm(page.posted, task=task, initial=progress_values(task))
    trial = _tried(page, form) if "trial" in request.POST else None
    return run_form(
        page,
        _words(page, task),
        form,
        lambda: _record(page, form),
        fresh=lambda: progress_values(_fresh(task)),
        template="projects/tasks/progress.html",
        is_trial="trial" in request.POST,
        foreseen=shown_foreseen(page, trial.rows[0]) if trial else None,
        moves=moves_page(page.project, trial.effect) if trial else None,
    )


def _words(page: ProjectPage, task: Task) -> FormPage:
    return FormPage(
        heading=_("Record progress"),
        submit=_("Record"),
        back=page.url("task_detail", task.uid),
        tab="plan",
        done=_("Progress is recorded."),
        intro=str(task),
        has_preview=page.project.data_date is not None,
    )


def _fresh(task: Task) -> Task:
    return Task.objects.select_related("project__calendar").get(pk=task.pk)


def _entry(page: ProjectPage, form: ProgressForm) -> dict[str, Any]:
    """Return what the services take; a milestone starts when it is reached."""
    said = form.said()
    if form.task.kind in MILESTONES:
        said["actual_start"] = said["actual_finish"]
    return {
        "actor": page.request.user,
        "task": form.task,
        "data_date": page.project.data_date,
        "expected_version": form.cleaned_data["version"],
        **said,
    }


def _tried(page: ProjectPage, form: ProgressForm) -> ProgressTrial | None:
    """Return where the entry leads to; refusals go on the form."""
    found: list[ProgressTrial] = []
    saves(form, lambda: found.append(try_progress(**_entry(page, form))))
    return found[0] if found else None


def _record(page: ProjectPage, form: ProgressForm) -> None:
    """Record what the form says, and warn when no work is left without a finish (SCH-23)."""
    with telling_moves(page):
        entry = record_progress(**_entry(page, form))
    if entry.remaining_duration == 0 and entry.actual_finish is None:
        messages.warning(page.request, str(NO_FINISH))
