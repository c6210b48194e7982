"""The gap plan of a maturity profile: targets and actions."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from pmo_portal.common.navigation import lies_under
from portfolio.access import gap_action_for
from portfolio.forms.assessments import AimsForm, GapActionForm
from portfolio.models import Assessment, GapAction
from portfolio.rollup.maturity import Aim
from portfolio.selectors.maturity_page import action_row
from portfolio.services import gap_plans
from portfolio.views.assessments import EDIT, may_lead, round_for
from portfolio.views.page import posted
from portfolio.views.structure import Words, run_form
from projects.forms.saving import saves

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
ACTION_VALUES = ("action", "owner", "due", "effort", "state", "note", "version")


@login_required
@GET_POST
def gap_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Targets by perspective; saving makes the actions."""
    found = round_for(request, pk, EDIT)
    aims = {aim.perspective: Aim(aim.target, aim.weight) for aim in found.aims.order_by("pk")}
    form = AimsForm(posted(request), aims=aims)
    if request.method == "POST" and saves(form, partial(_plan, request, found, form)):
        return redirect(found)
    context = {"assessment": found, "form": form}
    return render(
        request, "portfolio/assessments/targets.html", context, status=422 if form.is_bound else 200
    )


def _plan(request: HttpRequest, found: Assessment, form: AimsForm) -> None:
    gap_plans.plan_gaps(actor=request.user, assessment=found, aims=form.aims)


@login_required
@GET_POST
def gap_action(request: HttpRequest, pk: int) -> HttpResponse:
    """An action: the PMO plans it, its owner says what was done."""
    found = gap_action_for(request.user, pk)
    lies_under(request, "portfolio:maturity")
    values = {name: getattr(found, name) for name in ACTION_VALUES}
    form = GapActionForm(posted(request), is_lead=may_lead(request), initial=values)
    row = action_row(found, today=timezone.localdate())
    intro = f"{row.perspective}, {row.level}: {row.statement}"
    words = Words(_("Action of the gap plan"), _("Save"), found.assessment.get_absolute_url(), intro=intro)
    return run_form(request, words, form, partial(_edit, request, found, form), fresh=lambda: _fresh(found))


def _edit(request: HttpRequest, found: GapAction, form: Any) -> Assessment:
    gap_plans.edit_gap_action(
        actor=request.user,
        gap_action=found,
        changes=form.changes,
        today=timezone.localdate(),
        expected_version=form.cleaned_data["version"],
    )
    return found.assessment


def _fresh(found: GapAction) -> dict[str, Any]:
    found.refresh_from_db()
    return {name: getattr(found, name) for name in ACTION_VALUES}
