"""Money of a project."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from pmo_portal.common.templatetags.common import money2
from projects.forms.money import ActualCostForm, ForecastForm, ReversalForm
from projects.models import ActualCost
from projects.selectors.cost_holds import cost_stand
from projects.selectors.money import (
    budget_rows,
    commitment_rows,
    cost_postings,
    cost_row,
    known_currencies,
    money_totals,
)
from projects.services import costs
from projects.views.page import FormPage, page_for, run_form, signed_in

PAGE_SIZE = 50
WRITES = ["GET", "HEAD", "POST"]


@signed_in
@require_safe
def money(request: HttpRequest, code: str) -> HttpResponse:
    """Totals for those who may see totals; lines, commitments and postings for those who may see them."""
    page = page_for(request, code, "budget.view", "budget.view_totals")
    totals, booking = money_totals(page.project), cost_stand(page.project)
    if not page.allows("budget.view"):
        return page.show("projects/money.html", "money", totals=totals, booking=booking)
    postings = Paginator(cost_postings(page.project), PAGE_SIZE).get_page(request.GET.get("page"))
    budget = budget_rows(page.project)
    return page.show(
        "projects/money.html",
        "money",
        totals=totals,
        booking=booking,
        budget=budget,
        without_line=totals.actual - sum(row.actual for row in budget),
        commitments=commitment_rows(page.project),
        postings=postings,
        costs=[cost_row(cost) for cost in postings.object_list],
        shows_lines=True,
    )


@signed_in
@require_http_methods(WRITES)
def actual_cost_new(request: HttpRequest, code: str) -> HttpResponse:
    """Post a cost."""
    page = page_for(request, code, "budget.edit")
    form = ActualCostForm(
        page.posted,
        project=page.project,
        currencies=known_currencies(page.project),
        initial={"posting_date": page.today, "currency": page.project.currency, "source": "INVOICE"},
    )
    intro = _("It cannot be changed, only reversed. Health counts it once the data date reaches its day.")
    intro = f"{cost_stand(page.project).sentence} {intro}".strip()
    words = FormPage(_("Post a cost"), _("Post"), page.url("money"), "money", intro=intro)
    return run_form(
        page,
        words,
        form,
        lambda: costs.post_actual_cost(actor=request.user, project=page.project, **form.cleaned_data),
    )


@signed_in
@require_http_methods(WRITES)
def actual_cost_reverse(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a posting back."""
    page = page_for(request, code, "budget.edit")
    cost = get_object_or_404(ActualCost.objects.select_related("project"), project=page.project, pk=pk)
    form = ReversalForm(page.posted, initial={"posting_date": page.today})
    day = date_format(cost.posting_date, "SHORT_DATE_FORMAT")
    intro = " · ".join(part for part in (day, money2(cost.amount, cost.currency), cost.text) if part)
    words = FormPage(_("Reverse a posting"), _("Reverse"), page.url("money"), "money", intro=intro)
    return run_form(
        page,
        words,
        form,
        lambda: costs.reverse_actual_cost(actor=request.user, cost=cost, **form.cleaned_data),
    )


@signed_in
@require_http_methods(WRITES)
def forecast_set(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is still to be spent."""
    page = page_for(request, code, "budget.edit")
    form = ForecastForm(page.posted, initial={"made_on": page.today})
    words = FormPage(
        heading=_("Estimate to complete"),
        submit=_("Save"),
        back=page.url("money"),
        tab="money",
        intro=_("What will still be spent beyond the costs posted and the commitments that are open."),
    )
    return run_form(
        page,
        words,
        form,
        lambda: costs.set_forecast(actor=request.user, project=page.project, **form.cleaned_data),
    )
