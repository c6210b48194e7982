"""Budget lines and commitments."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from projects.forms.money import (
    BudgetLineForm,
    CloseForm,
    CommitmentForm,
    budget_line_values,
    commitment_values,
)
from projects.models import BudgetLine, Commitment
from projects.selectors.money import known_currencies
from projects.services import budgets, commitments
from projects.views.page import FormPage, ProjectPage, page_for, run_form, signed_in

WRITES = ["GET", "HEAD", "POST"]


def _words(page: ProjectPage, heading: Any, submit: Any, intro: Any = "") -> FormPage:
    return FormPage(heading, submit, page.url("money"), "money", intro=intro)


@signed_in
@require_http_methods(WRITES)
def budget_line_new(request: HttpRequest, code: str) -> HttpResponse:
    """Add a budget line."""
    page = page_for(request, code, "budget.edit")
    day = page.project.planned_start or page.today
    initial = {
        "effective_from": day,
        "currency": page.project.currency,
        "category": "LABOUR",
        "cost_type": "OPEX",
    }
    form = BudgetLineForm(
        page.posted, project=page.project, currencies=known_currencies(page.project), initial=initial
    )
    words = _words(page, _("New budget line"), _("Add"))
    return run_form(
        page,
        words,
        form,
        lambda: budgets.add_budget_line(actor=request.user, project=page.project, **form.changes),
    )


@signed_in
@require_http_methods(WRITES)
def budget_line_edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Edit a budget line."""
    page = page_for(request, code, "budget.edit")
    lines = BudgetLine.objects.select_related("project", "task")
    line = get_object_or_404(lines, project=page.project, pk=pk)
    currencies = sorted({line.currency, *known_currencies(page.project)})
    initial = budget_line_values(line)
    form = BudgetLineForm(page.posted, project=page.project, currencies=currencies, initial=initial)

    def save() -> None:
        version = form.cleaned_data["version"]
        budgets.edit_budget_line(
            actor=request.user, line=line, changes=form.changes, expected_version=version
        )

    words = _words(page, _("Edit budget line"), _("Save"))
    return run_form(
        page, words, form, save, fresh=lambda: budget_line_values(lines.get(pk=pk)), removable=line
    )


@signed_in
@require_POST
def budget_line_delete(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Remove a budget line nothing was recorded on."""
    page = page_for(request, code, "budget.edit")
    line = get_object_or_404(BudgetLine.objects.select_related("project"), project=page.project, pk=pk)
    version = request.POST.get("version", "")
    budgets.remove_budget_line(
        actor=request.user, line=line, expected_version=int(version) if version.isdecimal() else None
    )
    return page.go("money")


@signed_in
@require_http_methods(WRITES)
def commitment_new(request: HttpRequest, code: str) -> HttpResponse:
    """Add a commitment."""
    page = page_for(request, code, "budget.edit")
    form = CommitmentForm(
        page.posted,
        project=page.project,
        currencies=known_currencies(page.project),
        initial={"date": page.today, "currency": page.project.currency},
    )

    def save() -> None:
        reason = form.cleaned_data["reason"]
        commitments.add_commitment(actor=request.user, project=page.project, reason=reason, **form.changes)

    return run_form(page, _words(page, _("New commitment"), _("Add")), form, save)


@signed_in
@require_http_methods(WRITES)
def commitment_edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Edit an open commitment."""
    page = page_for(request, code, "budget.edit")
    rows = Commitment.objects.select_related("project", "line")
    row = get_object_or_404(rows, project=page.project, pk=pk)
    currencies = sorted({row.currency, *known_currencies(page.project)})
    form = CommitmentForm(
        page.posted, project=page.project, currencies=currencies, initial=commitment_values(row)
    )

    def save() -> None:
        commitments.edit_commitment(
            actor=request.user,
            commitment=row,
            changes=form.changes,
            expected_version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
        )

    words = _words(page, _("Edit commitment"), _("Save"))
    return run_form(page, words, form, save, fresh=lambda: commitment_values(rows.get(pk=pk)))


@signed_in
@require_http_methods(WRITES)
def commitment_close(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Close a commitment."""
    page = page_for(request, code, "budget.edit")
    row = get_object_or_404(Commitment.objects.select_related("project"), project=page.project, pk=pk)
    form = CloseForm(page.posted, initial={"closed_on": page.today, "version": row.version})

    def save() -> None:
        given = form.cleaned_data
        commitments.close_commitment(
            actor=request.user,
            commitment=row,
            closed_on=given["closed_on"],
            is_canceled=given["is_canceled"],
            expected_version=given["version"],
        )

    intro = _("What is not invoiced becomes available again. This cannot be undone.")
    heading = _("Close commitment %(number)s") % {"number": row.number}
    return run_form(page, _words(page, heading, _("Close it"), intro), form, save)
