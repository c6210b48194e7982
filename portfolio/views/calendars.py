"""Calendars of the organization: the list, hours and days off, the default."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.accounts.access import may, require_permission
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.common.errors import DomainError
from portfolio.views.page import posted
from portfolio.views.structure import Words
from projects.forms.organizing import CalendarForm, calendar_values
from projects.forms.saving import saves
from projects.models import Calendar
from projects.selectors.calendars import calendars_for, organization_calendar_rows
from projects.services import calendars as services

RIGHT = "project.create"
GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def _may_edit(request: HttpRequest) -> bool:
    return may(request.user, RIGHT, organization_node())


def _require_edit(request: HttpRequest) -> None:
    """Let go on who changes what all projects may use."""
    if not _may_edit(request):
        raise PermissionDenied


@require_permission(RIGHT)
@require_safe
def calendars(request: HttpRequest) -> HttpResponse:
    """The calendars all projects may use."""
    context = {"rows": organization_calendar_rows(request.user), "may_edit": _may_edit(request)}
    return render(request, "portfolio/calendars/list.html", context)


def _show(request: HttpRequest, form: CalendarForm, heading: str) -> HttpResponse:
    words = Words(heading, _("Save"), reverse("portfolio:calendars"))
    context = {"form": form, "words": words}
    return render(request, "portfolio/calendars/form.html", context, status=422 if form.is_bound else 200)


@require_permission(RIGHT)
@GET_POST
def calendar_new(request: HttpRequest) -> HttpResponse:
    """Add a calendar of the organization."""
    _require_edit(request)
    week = {f"hours_{day}": "08:00-12:00 13:00-17:00" for day in range(5)}
    form = CalendarForm(posted(request), project=None, initial={**week, "hours_per_day": 8})

    def save() -> None:
        days = form.days_off_from(timezone.localdate().year)
        services.create_calendar(actor=request.user, project=None, days_off=days, **form.changes)

    if request.method == "POST" and saves(form, save):
        messages.success(request, str(_("The calendar is added.")))
        return redirect("portfolio:calendars")
    return _show(request, form, str(_("New calendar")))


@require_permission(RIGHT)
@GET_POST
def calendar_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit hours and days off; projects that use it are rated again."""
    _require_edit(request)
    calendar = get_object_or_404(calendars_for(None).select_related("base"), pk=pk)
    form = CalendarForm(posted(request), project=None, calendar=calendar, initial=calendar_values(calendar))

    def save() -> None:
        services.edit_calendar(
            actor=request.user,
            calendar=calendar,
            changes=form.changes,
            days_off=form.days_off_from(timezone.localdate().year),
            expected_version=form.cleaned_data["version"],
        )

    if request.method == "POST" and saves(form, save, fresh=lambda: _fresh(pk)):
        messages.success(request, str(_("The calendar is saved.")))
        return redirect("portfolio:calendars")
    return _show(request, form, calendar.name)


def _fresh(pk: int) -> dict[str, object]:
    return calendar_values(Calendar.objects.get(pk=pk))


@require_permission(RIGHT)
@require_POST
def calendar_default(request: HttpRequest, pk: int) -> HttpResponse:
    """Let new projects start with it."""
    _require_edit(request)
    calendar = get_object_or_404(calendars_for(None), pk=pk)
    try:
        services.set_default_calendar(actor=request.user, calendar=calendar)
        messages.success(request, str(_("New projects start with this calendar.")))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("portfolio:calendars")
