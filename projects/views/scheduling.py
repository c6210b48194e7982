"""Who owns the dates of a plan, by which rules they are computed, and what a computation would move."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.common.errors import DomainError
from projects.forms.scheduling import SchedulingForm, rules_in_words, scheduling_values
from projects.models import Project
from projects.selectors.moves import MovesPage, moves_page
from projects.selectors.plan_dates import shown_finish
from projects.services import projects, schedules
from projects.views.moves import telling_moves
from projects.views.page import FormPage, ProjectPage, page_for, run_form, signed_in


@signed_in
@require_safe
def scheduling(request: HttpRequest, code: str) -> HttpResponse:
    """The rules, and the finish; where people gave the dates, what would move if they were computed now."""
    page = page_for(request, code, "task.view")
    moves, finish, refusal = _dates_of(page)
    return page.show(
        "projects/scheduling.html",
        "plan",
        rules=rules_in_words(page.project),
        is_auto=page.project.is_auto_scheduled,
        has_rows=page.project.tasks.exists(),
        moves=moves,
        finish=finish,
        refusal=refusal,
    )


def _dates_of(page: ProjectPage) -> tuple[MovesPage | None, date | None, DomainError | None]:
    """Return what would move, or where the dates are computed and stored the finish, or why there is none."""
    try:
        if page.project.is_auto_scheduled:
            return None, shown_finish(schedules.stored_finish(page.project)), None
        return moves_page(page.project, schedules.preview_schedule(page.project)), None, None
    except DomainError as refusal:
        return None, None, refusal


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def scheduling_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change the rules."""
    page = page_for(request, code, "project.edit")
    form = SchedulingForm(page.posted, project=page.project, initial=scheduling_values(page.project))
    words = FormPage(
        _("Rules of scheduling"), _("Save"), page.url("scheduling"), "plan", _("The rules are saved.")
    )

    def save() -> None:
        version = form.cleaned_data["version"]
        with telling_moves(page):
            projects.edit_project(
                actor=request.user, project=page.project, changes=form.changes, expected_version=version
            )

    return run_form(page, words, form, save, fresh=lambda: scheduling_values(_fresh(page.project)))


def _fresh(project: Project) -> Project:
    return Project.objects.select_related("calendar").get(pk=project.pk)


@signed_in
@require_POST
def scheduling_switch(request: HttpRequest, code: str) -> HttpResponse:
    """Hand the dates over to the engine, or keep them as they are."""
    page = page_for(request, code, "task.edit")
    is_auto = request.POST.get("dates") == "computed"
    done: Any = (
        _("The portal computes the dates from now on.") if is_auto else _("The dates stay as they are.")
    )
    try:
        with telling_moves(page):
            schedules.set_auto_scheduling(
                actor=request.user,
                project=page.project,
                is_auto=is_auto,
                expected_version=_number(request.POST.get("version")),
            )
        messages.success(request, str(done))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return page.go("scheduling")


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None
