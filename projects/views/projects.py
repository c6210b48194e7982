"""Overview, header, state and data date of a project; its activity."""

from datetime import date
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from projects.forms.projects import DataDateForm, ProjectForm, StateForm, project_values
from projects.models import Project
from projects.selectors.activity import activity_of, happenings
from projects.selectors.money import money_totals
from projects.selectors.overview import overview_facts
from projects.selectors.schedule_quality import quality_summary
from projects.selectors.states import next_states
from projects.services import progress, projects, states
from projects.views.moves import telling_moves
from projects.views.page import FormPage, ProjectPage, page_for, run_form, signed_in

PAGE_SIZE = 50


@signed_in
@require_safe
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """Facts on the left, the health panel of the portfolio loaded beside them."""
    page = page_for(request, code)
    shows_money = page.allows("budget.view", "budget.view_totals")
    return page.show(
        "projects/overview.html",
        "overview",
        description=page.project.description,
        facts=overview_facts(page.project, user=request.user, today=page.today),
        money=money_totals(page.project) if shows_money else None,
        quality=quality_summary(page.project, today=page.today) if page.allows("task.view") else None,
        org_unit=page.project.org_unit,
        category=page.project.category,
        next_states=next_states(page.project),
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Edit the header."""
    page = page_for(request, code, "project.edit")
    form = ProjectForm(page.posted, project=page.project, initial=project_values(page.project))
    words = FormPage(
        _("Edit project"), _("Save"), page.url("overview"), "overview", _("The project is saved.")
    )

    def save() -> None:
        version = form.cleaned_data["version"]
        projects.edit_project(
            actor=request.user, project=page.project, changes=form.changes, expected_version=version
        )

    return run_form(page, words, form, save, fresh=lambda: project_values(_fresh(page.project)))


def _fresh(project: Project) -> Project:
    return Project.objects.get(pk=project.pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def state(request: HttpRequest, code: str) -> HttpResponse:
    """Bring the project into another state; says what follows from each."""
    page = page_for(request, code, "project.edit", "project.delete")
    following = next_states(page.project)
    initial = {"version": page.project.version, "state": following[0] if len(following) == 1 else None}
    form = StateForm(page.posted, project=page.project, initial=initial)
    words = FormPage(_("Change state"), _("Change state"), page.url("overview"), "overview")

    def save() -> None:
        given = dict(form.cleaned_data)
        version = given.pop("version")
        states.change_state(
            actor=request.user, project=page.project, today=page.today, expected_version=version, **given
        )

    fresh = partial(_state_values, page.project)
    return run_form(page, words, form, save, fresh=fresh, template="projects/state.html", following=following)


def _state_values(project: Project) -> dict[str, object]:
    return {"version": _fresh(project).version}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def data_date(request: HttpRequest, code: str) -> HttpResponse:
    """Set up to which day the status is known."""
    page = page_for(request, code, "task.edit", "project.edit")
    initial = {"data_date": page.project.data_date or page.today, "version": page.project.version}
    form = DataDateForm(page.posted, initial=initial)
    back = "progress_list" if request.GET.get("back") == "progress_list" else "plan"
    words = FormPage(_("Set the data date"), _("Set"), page.url(back), "plan", _("The data date is set."))

    def save() -> None:
        given = form.cleaned_data
        with telling_moves(page):
            progress.set_data_date(
                actor=request.user,
                project=page.project,
                data_date=given["data_date"],
                reason=given["reason"],
                expected_version=given["version"],
            )
        _tell_future(page, given["data_date"])

    return run_form(page, words, form, save, fresh=partial(_data_date_values, page.project))


def _tell_future(page: ProjectPage, day: date) -> None:
    """Say what a data date after today means: nobody refuses it, and it is seldom meant."""
    if day <= page.today:
        return
    said = gettext(
        "The data date lies in the future: what is planned up to %(day)s counts as due."
        " Set it back if that was a slip."
    )
    messages.warning(page.request, said % {"day": date_format(day, "SHORT_DATE_FORMAT")})


def _data_date_values(project: Project) -> dict[str, object]:
    now = _fresh(project)
    return {"data_date": now.data_date, "version": now.version}


@signed_in
@require_safe
def activity(request: HttpRequest, code: str) -> HttpResponse:
    """What happened, newest first."""
    page = page_for(request, code, "audit.view_business")
    entries = Paginator(activity_of(page.project, user=request.user), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    shown = happenings(entries.object_list, shows_amounts=page.allows("budget.view"))
    return page.show("projects/activity.html", "activity", entries=entries, happenings=shown)
