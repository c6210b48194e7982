"""Calendars a project may use."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.accounts.access import may
from pmo_portal.accounts.services.scopes import organization_node
from projects.forms.organizing import CalendarForm, calendar_values
from projects.models import Calendar
from projects.selectors.calendars import calendar_rows, calendars_for
from projects.services import calendars as services
from projects.services import projects
from projects.views.page import FormPage, ProjectPage, page_for, run_form, signed_in

OF_ALL = "project.create"


def _edits_all(page: ProjectPage) -> bool:
    """Whether the person may change calendars of the whole organization."""
    return may(page.request.user, OF_ALL, organization_node())


@signed_in
@require_safe
def calendars(request: HttpRequest, code: str) -> HttpResponse:
    """Calendars of the organization and of the project."""
    page = page_for(request, code, "task.view")
    rows = calendar_rows(page.project)
    return page.show("projects/calendars.html", "plan", calendars=rows, edits_all=_edits_all(page))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_new(request: HttpRequest, code: str) -> HttpResponse:
    """Add a calendar of this project."""
    page = page_for(request, code, "task.edit")
    week = {f"hours_{day}": "08:00-12:00 13:00-17:00" for day in range(5)}
    form = CalendarForm(page.posted, project=page.project, initial={**week, "hours_per_day": 8})
    words = FormPage(_("New calendar"), _("Add"), page.url("calendars"), "plan", _("The calendar is added."))

    def save() -> None:
        services.create_calendar(
            actor=request.user,
            project=page.project,
            days_off=form.days_off_from(_first_year(page)),
            **form.changes,
        )

    return run_form(page, words, form, save)


def _first_year(page: ProjectPage) -> int:
    return (page.project.planned_start or page.today).year


def _calendar_form(page: ProjectPage, calendar: Calendar) -> CalendarForm:
    return CalendarForm(
        page.posted, project=page.project, calendar=calendar, initial=calendar_values(calendar)
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Edit a calendar; those of the organization need a right on the whole of it."""
    page = page_for(request, code, "task.edit", OF_ALL)
    calendar = get_object_or_404(calendars_for(page.project).select_related("project", "base"), pk=pk)
    if calendar.project_id is None and not _edits_all(page):
        raise PermissionDenied
    form = _calendar_form(page, calendar)
    words = FormPage(
        _("Edit calendar"), _("Save"), page.url("calendars"), "plan", _("The calendar is saved.")
    )

    def save() -> None:
        services.edit_calendar(
            actor=request.user,
            calendar=calendar,
            changes=form.changes,
            days_off=form.days_off_from(_first_year(page)),
            expected_version=form.cleaned_data["version"],
        )

    return run_form(page, words, form, save, fresh=lambda: calendar_values(Calendar.objects.get(pk=pk)))


@signed_in
@require_POST
def calendar_use(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Make it the calendar of the project."""
    page = page_for(request, code, "task.edit")
    calendar = get_object_or_404(calendars_for(page.project), pk=pk)
    projects.edit_project(
        actor=request.user, project=page.project, changes={"calendar": calendar}, expected_version=None
    )
    return page.go("calendars")
