"""Periods of the organization: the list, new ones, the close."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.accounts.access import may, require_any_permission, require_permission
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.common.errors import DomainError
from portfolio.forms.periods import CloseForm, PeriodsForm
from portfolio.selectors.periods import period_board
from portfolio.services.periods import close_period
from portfolio.views.page import posted, rights_of
from portfolio.views.structure import Words
from projects.forms.saving import saves
from projects.models import Period
from projects.selectors.periods import next_start
from projects.services import periods as services

RIGHT = "period.close"


def _may_close(request: HttpRequest) -> bool:
    return may(request.user, RIGHT, organization_node())


def _require_close(request: HttpRequest) -> None:
    """Let go on who closes periods of the whole organization."""
    if not _may_close(request):
        raise PermissionDenied


@require_any_permission(RIGHT, "budget.view")
@require_safe
def periods(request: HttpRequest) -> HttpResponse:
    """All periods; the table asks again while a close is computed."""
    context = {
        "board": period_board(timezone.localdate()),
        "may_close": _may_close(request),
        "may": rights_of(request.user),
        "today": timezone.localdate(),
    }
    template = "portfolio/periods/list.html" + ("#period-board" if request.htmx else "")
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_permission(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def period_new(request: HttpRequest) -> HttpResponse:
    """The next periods, by the calendar or with days of their own."""
    _require_close(request)
    start = next_start()
    first = timezone.localdate().replace(month=1, day=1)
    form = PeriodsForm(posted(request), is_first=start is None, initial={"start": start or first})
    if request.method == "POST" and saves(form, lambda: _create(request, form)):
        messages.success(request, str(_("The periods are created.")))
        return redirect("portfolio:periods")
    words = Words(_("New periods"), _("Create"), reverse("portfolio:periods"))
    context = {"form": form, "words": words}
    return render(request, "portfolio/periods/form.html", context, status=422 if form.is_bound else 200)


def _create(request: HttpRequest, form: Any) -> None:
    given = form.cleaned_data
    if form.is_by_month:
        services.create_months(actor=request.user, months=given["months"], first_day=given["start"])
    else:
        services.create_periods(actor=request.user, spans=[form.span])


@require_permission(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def period_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a close means, then close."""
    _require_close(request)
    period, today = get_object_or_404(Period, pk=pk), timezone.localdate()
    form = CloseForm(posted(request), is_closed=period.is_closed)
    if request.method == "POST" and saves(
        form, lambda: close_period(actor=request.user, period_end=period.end, today=today)
    ):
        messages.success(request, str(_("The period is closed. Its figures are being computed and locked.")))
        return redirect("portfolio:periods")
    submit = _("Compute again") if period.is_closed else _("Close for ever")
    words = Words(_("Close the period"), submit, reverse("portfolio:periods"), is_danger=not period.is_closed)
    context = {"form": form, "words": words, "period": period, "today": today}
    return render(request, "portfolio/periods/close.html", context, status=422 if form.is_bound else 200)


@require_permission(RIGHT)
@require_POST
def period_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the last open period."""
    _require_close(request)
    period = get_object_or_404(Period, pk=pk)
    try:
        services.remove_period(actor=request.user, period=period)
        messages.success(request, str(_("The period is removed.")))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("portfolio:periods")
