"""Dependencies between projects: what this one waits for, and who waits for it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.accounts.access import may
from pmo_portal.common.errors import DomainError
from projects.access import dependency_for, givers_for
from projects.forms import dependencies as forms
from projects.forms.saving import VersionedForm
from projects.models import ProjectDependency
from projects.selectors.dependencies import DependencyRow, dependency_rows
from projects.selectors.moves import MovesPage, moves_page
from projects.services import dependencies as services
from projects.services import schedules
from projects.views.moves import telling_moves
from projects.views.page import SAVED, FormPage, ProjectPage, page_for, run_form, signed_in

WRITES = ["GET", "HEAD", "POST"]
FORM = "projects/dependencies/form.html"


@signed_in
@require_safe
def dependencies(request: HttpRequest, code: str) -> HttpResponse:
    """Both directions, with dates, room and what is to be decided."""
    page = page_for(request, code, "task.view", "milestone.view")
    rows = dependency_rows(page.project, user=request.user, today=page.today)
    return page.show(
        "projects/dependencies/list.html",
        "plan",
        incoming=[row for row in rows if row.is_incoming],
        outgoing=[row for row in rows if not row.is_incoming],
    )


@signed_in
@require_http_methods(WRITES)
def dependency_new(request: HttpRequest, code: str) -> HttpResponse:
    """Choose the project to wait for, then its milestone."""
    page = page_for(request, code, "dependency.edit")
    givers = givers_for(request.user, page.project)
    giver = givers.filter(code=request.GET.get("giver", "")).first()
    done = _("The dependency is recorded. The managers of the other project are asked to agree.")
    intro = giver or _("First choose the project, then its milestone.")
    words = _words(page, _("Wait for another project"), _("Ask for it"), done, intro=intro)
    if giver is None:
        chooser = forms.GiverForm(page.posted, givers=givers)
        response = page.show("projects/dependencies/giver.html", "plan", form=chooser, words=words)
        response.status_code = 200 if page.posted is None else 422
        return response
    form = forms.DependencyForm(page.posted, giver=giver, receiver=page.project)
    return run_form(page, words, form, partial(_add, page, form), template=FORM, giver=giver)


def _words(page: ProjectPage, heading: Any, submit: Any, done: Any = SAVED, **more: Any) -> FormPage:
    return FormPage(heading, submit, page.url("dependencies"), "plan", done, **more)


def _add(page: ProjectPage, form: forms.DependencyForm) -> None:
    given = form.cleaned_data["giver_milestone"]
    with telling_moves(page):
        made = services.add_dependency(
            actor=page.request.user,
            is_agreed_by_giver=may(page.request.user, "dependency.edit", given.project.node),
            now=timezone.now(),
            **form.cleaned_data,
        )
    _tell_circle(page, made)


def _tell_circle(page: ProjectPage, made: ProjectDependency) -> None:
    row = _row(page, made)
    if row is not None and row.circle:
        messages.warning(
            page.request,
            str(_("These projects wait for each other in a circle. One of them has to give way.")),
        )


def _row(page: ProjectPage, dependency: ProjectDependency) -> DependencyRow | None:
    rows = dependency_rows(page.project, user=page.request.user, today=page.today)
    return next((row for row in rows if row.pk == dependency.pk), None)


def _side(request: HttpRequest, code: str, pk: int, side: str) -> tuple[ProjectPage, ProjectDependency]:
    """Return page and dependency for somebody who speaks for one side of it."""
    page = page_for(request, code, "dependency.edit")
    return page, dependency_for(request.user, page.project, pk, side=side)


def _fresh(dependency: ProjectDependency) -> dict[str, Any]:
    return forms.dependency_values(ProjectDependency.objects.get(pk=dependency.pk))


def _run(
    page: ProjectPage, words: FormPage, dependency: ProjectDependency, form: Any, act: Any, **values: Any
) -> HttpResponse:
    """Show the form beside the facts of the dependency, or act and say what moved."""

    def save() -> None:
        with telling_moves(page):
            act(dependency=dependency, expected_version=form.cleaned_data["version"])

    return run_form(
        page,
        words,
        form,
        save,
        fresh=partial(_fresh, dependency),
        template=FORM,
        row=_row(page, dependency),
        **values,
    )


@signed_in
@require_http_methods(WRITES)
def dependency_edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Another day of need, or whether the promised date bounds the plan."""
    page, dependency = _side(request, code, pk, "receiver")
    form = forms.DependencyEditForm(page.posted, initial=forms.dependency_values(dependency))

    def act(**how: Any) -> None:
        services.edit_dependency(actor=request.user, changes=form.changes, **how)

    return _run(page, _words(page, _("Change the dependency"), _("Save")), dependency, form, act)


@signed_in
@require_http_methods(WRITES)
def dependency_accept(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Look at what the other project's new date moves, then take it over."""
    page, dependency = _side(request, code, pk, "receiver")
    done = _("The new date is taken over.")
    words = _words(page, _("Take over the new date"), _("Take it over"), done)
    act = partial(services.accept_date, actor=request.user, now=timezone.now())
    return _confirm(page, words, dependency, act)


@signed_in
@require_http_methods(WRITES)
def dependency_end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """End it: nothing of the other project bounds the milestone any more."""
    page, dependency = _side(request, code, pk, "receiver")
    done = _("The dependency is ended.")
    words = _words(page, _("End the dependency"), _("End it"), done, is_danger=True)
    return _confirm(page, words, dependency, partial(services.end_dependency, actor=request.user))


def _confirm(page: ProjectPage, words: FormPage, dependency: ProjectDependency, act: Any) -> HttpResponse:
    """Show what an act would move in the plan, and do it when it is confirmed."""
    form = VersionedForm(page.posted, initial={"version": dependency.version})
    moves, refusal = (None, None)
    if page.posted is None:
        moves, refusal = _trial(page, partial(act, dependency=dependency, expected_version=None))
    return _run(page, words, dependency, form, act, moves=moves, refusal=refusal)


def _trial(page: ProjectPage, act: Any) -> tuple[MovesPage | None, DomainError | None]:
    """Return what an act would move, or why it is refused."""
    try:
        effects = schedules.try_out(act)
    except DomainError as refusal:
        return None, refusal
    return moves_page(page.project, effects[-1] if effects else schedules.NOTHING), None


@signed_in
@require_http_methods(WRITES)
def dependency_renegotiate(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Ask the other project for another date."""
    page, dependency = _side(request, code, pk, "receiver")
    form = forms.RenegotiateForm(page.posted, initial=forms.dependency_values(dependency))
    done = _("The managers of the other project are asked.")
    intro = _("Your plan stays as it is until you take a date over.")
    words = _words(page, _("Ask for another date"), _("Ask"), done, intro=intro)

    def act(**how: Any) -> None:
        services.renegotiate(actor=request.user, **form.changes, **how)

    return _run(page, words, dependency, form, act)


@signed_in
@require_http_methods(WRITES)
def dependency_decline(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Say why this project does not agree."""
    page, dependency = _side(request, code, pk, "giver")
    form = forms.DeclineForm(page.posted, initial=forms.dependency_values(dependency))
    done = _("The managers of the other project are told.")
    intro = _("The other project decides what becomes of it.")
    words = _words(page, _("Do not agree"), _("Send"), done, intro=intro)

    def act(**how: Any) -> None:
        services.decline(actor=request.user, **form.changes, **how)

    return _run(page, words, dependency, form, act)


@signed_in
@require_POST
def dependency_agree(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Agree that the other project waits for this one."""
    page, dependency = _side(request, code, pk, "giver")
    try:
        services.agree(actor=request.user, dependency=dependency, now=timezone.now(), expected_version=None)
        messages.success(request, str(_("Agreed. You are asked again when they need another date.")))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return page.go("dependencies")
