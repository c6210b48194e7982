"""The responsibility matrix of a project: who does what, from the methodology, changed here (ORG-6)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.common.errors import DomainError
from pmo_portal.common.export import csv_response, xlsx_response
from portfolio.access import responsibility_for
from portfolio.forms.responsibilities import RowForm, SharesForm
from portfolio.selectors.governance import governance_of
from portfolio.selectors.responsibilities import Matrix, export_table, load_matrix, parties_for
from portfolio.services import responsibilities as services
from portfolio.views.followed import known_of
from projects.views.page import FormPage, ProjectPage, page_for, run_form, signed_in

TAB = "portfolio:governance"
EDIT = "governance.edit"
EXPORTS = {"csv": csv_response, "xlsx": xlsx_response}
GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@signed_in
@require_safe
def responsibilities(request: HttpRequest, code: str) -> HttpResponse:
    """The matrix: roles and people against artefacts, gates, processes and work."""
    page = page_for(request, code, "project.view")
    known = governance_of(page.project, page.today)
    matrix = load_matrix(page.project, known, page.today) if known is not None else None
    kinds = EXPORTS if page.allows("export.run") else ()
    return page.show("portfolio/responsibilities/matrix.html", TAB, matrix=matrix, known=known, kinds=kinds)


@signed_in
@require_safe
def raci_export(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The matrix as a table."""
    page = page_for(request, code, "export.run")
    known = known_of(page)
    if kind not in EXPORTS:
        raise Http404
    headings, rows = export_table(load_matrix(page.project, known, page.today))
    name = "-".join((page.project.code, _("responsibilities")))
    return EXPORTS[kind](f"{name}.{kind}", headings, rows)


@signed_in
@require_POST
def raci_fill(request: HttpRequest, code: str) -> HttpResponse:
    """Take over what the methodology proposes for items that are not in the matrix yet."""
    page = page_for(request, code, EDIT)
    known_of(page)
    try:
        services.fill_matrix(actor=request.user, project=page.project, today=page.today)
        messages.success(request, _("The proposals of the methodology are in the matrix."))
    except DomainError as refused:
        messages.error(request, str(refused))
    return redirect(_address(page))


@signed_in
@GET_POST
def raci_new(request: HttpRequest, code: str) -> HttpResponse:
    """Add work of the plan, or a row in one's own words."""
    page = page_for(request, code, EDIT)
    known_of(page)
    form = RowForm(page.posted, project=page.project)
    words = _words(page, _("Add a row"), _("Add"))
    common = {"actor": request.user, "project": page.project, "today": page.today}
    return run_form(page, words, form, lambda: services.add_row(**common, **form.cleaned_data))


@signed_in
@GET_POST
def raci_edit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Give each party of a row its letter."""
    page = page_for(request, code, EDIT)
    known = known_of(page)
    found = responsibility_for(page.project, pk)
    matrix = load_matrix(page.project, known, page.today)
    row = _row(matrix, found.pk)
    parties = parties_for(page.project, known, matrix, page.today)
    form = SharesForm(page.posted, matrix=matrix, parties=parties, row=row)
    intro = _("Exactly one party is accountable (A), at least one responsible (R); one may be both.")
    words = _words(page, f"{row.code} {row.title}".strip(), _("Save"), intro)

    def act() -> Any:
        version = form.cleaned_data["version"]
        return services.set_shares(
            actor=request.user, row=found, shares=form.shares, expected_version=version, today=page.today
        )

    template = "portfolio/responsibilities/edit.html"
    return run_form(page, words, form, act, template=template, row=row)


@signed_in
@require_POST
def raci_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Remove a row of one's own, or leave one of the methodology out."""
    page = page_for(request, code, EDIT)
    known_of(page)
    return _act(page, services.remove_row, pk, _("The row is out of the matrix."))


@signed_in
@require_POST
def raci_restore(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a row that was left out into the matrix again."""
    page = page_for(request, code, EDIT)
    known_of(page)
    return _act(page, services.put_back, pk, _("The row is in the matrix again."))


def _act(page: ProjectPage, service: Any, pk: int, done: str) -> HttpResponse:
    found = responsibility_for(page.project, pk)
    sent = page.request.POST.get("version", "")
    version = int(sent) if sent.isascii() and sent.isdigit() else -1
    try:
        service(actor=page.request.user, row=found, expected_version=version)
        messages.success(page.request, done)
    except DomainError as refused:
        messages.error(page.request, str(refused))
    return redirect(_address(page))


def _row(matrix: Matrix, pk: int) -> Any:
    return next(row for row in (*matrix.rows, *matrix.left_out) if row.pk == pk)


def _address(page: ProjectPage) -> str:
    return reverse("portfolio:raci", args=[page.project.code])


def _words(page: ProjectPage, heading: Any, submit: Any, intro: Any = "") -> FormPage:
    return FormPage(heading, submit, _address(page), TAB, intro=intro)
