"""The office: who works in the PMO, for what, which discipline it lacks, and who can help."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from pmo_portal.accounts.access import may, require_permission
from pmo_portal.accounts.scopes import holds
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.common.export import csv_response, xlsx_response
from portfolio.access import office_for, office_member_for
from portfolio.forms.offices import CharterForm, MemberForm, OfficeForm
from portfolio.selectors.assessments import newest_mandate
from portfolio.selectors.experts import find_experts
from portfolio.selectors.handovers import open_handovers
from portfolio.selectors.need_page import name_of
from portfolio.selectors.office_duties import office_duties
from portfolio.selectors.office_tables import ListAsked, OfficeList, office_table
from portfolio.selectors.offices import office_views
from portfolio.services import offices
from portfolio.views.page import posted
from portfolio.views.structure import Words, run_form

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
EDIT = "office.edit"
EXPORTS = {"csv": csv_response, "xlsx": xlsx_response}
OFFICE_VALUES = ("name", "mandate", "scope_unit", "parent", "head", "answer_days", "version")
MEMBER_VALUES = (
    "person",
    "discipline",
    "role",
    "topics",
    "allocation_percent",
    "valid_from",
    "valid_to",
    "version",
)


@require_permission("office.view")
@require_safe
def office(request: HttpRequest) -> HttpResponse:
    """All offices with their members and gaps."""
    today, recommended = timezone.localdate(), newest_mandate()
    may_edit = may(request.user, EDIT, organization_node())
    context = {
        "views": office_views(today),
        "recommended": recommended,
        "recommended_name": name_of(recommended),
        "may_edit": may_edit,
        "handovers": open_handovers(request.user, today) if may_edit else [],
        "kinds": export_kinds(request.user),
        "duties": office_duties(),
    }
    return render(request, "portfolio/office/page.html", context)


@require_permission("office.view")
@require_safe
def experts(request: HttpRequest) -> HttpResponse:
    """Who can help with a topic."""
    question = _question(request)
    context = {
        "question": question,
        "experts": find_experts(request.user, question, timezone.localdate()),
        "kinds": export_kinds(request.user),
    }
    return render(request, "portfolio/office/experts.html", context)


def _question(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:120]


def export_kinds(user: Any) -> list[str]:
    """Return the kinds of files the person may take along."""
    return list(EXPORTS) if holds(user, "export.run") else []


@require_permission("office.view")
@require_safe
def office_export(request: HttpRequest, which: str, kind: str) -> HttpResponse:
    """A list of the office as a file, with the filters of its page."""
    if which not in set(OfficeList) or kind not in export_kinds(request.user):
        raise Http404
    asked = ListAsked(request.user, timezone.localdate(), _question(request), request.GET.get("state", ""))
    table = office_table(OfficeList(which), asked)
    return EXPORTS[kind](f"{table.name}.{kind}", table.headings, table.rows)


def _values(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    row.refresh_from_db()
    return {name: getattr(row, name) for name in names}


@require_permission(EDIT)
@GET_POST
def office_new(request: HttpRequest) -> HttpResponse:
    """A new office."""
    form = OfficeForm(posted(request), initial={"mandate": newest_mandate()})
    words = Words(_("New office"), _("Create office"), reverse("portfolio:office"))
    return run_form(request, words, form, lambda: offices.create_office(actor=request.user, **form.changes))


@require_permission("office.view")
@GET_POST
def office_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit an office."""
    found = office_for(request.user, pk, EDIT)
    form = OfficeForm(posted(request), initial=_values(found, OFFICE_VALUES))
    words = Words(_("Edit the office"), _("Save"), found.get_absolute_url())

    def act() -> Any:
        version = form.cleaned_data["version"]
        return offices.edit_office(
            actor=request.user, office=found, changes=form.changes, expected_version=version
        )

    return run_form(request, words, form, act, fresh=lambda: _values(found, OFFICE_VALUES))


@require_permission("office.view")
@GET_POST
def charter_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Adopt the next version of the charter."""
    found = office_for(request.user, pk, EDIT)
    former = found.charters.order_by("-number").first()
    form = CharterForm(posted(request), initial={"text": former.text if former else ""})
    intro = _("Former versions stay, with the day they were adopted.")
    words = Words(_("Charter"), _("Adopt"), found.get_absolute_url(), intro=intro)

    def act() -> Any:
        offices.adopt_charter(
            actor=request.user, office=found, today=timezone.localdate(), **form.cleaned_data
        )
        return found

    return run_form(request, words, form, act)


@require_permission("office.view")
@GET_POST
def member_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A new member of an office."""
    found = office_for(request.user, pk, EDIT)
    form = MemberForm(posted(request), initial={"valid_from": timezone.localdate()})
    words = Words(_("New member"), _("Add member"), found.get_absolute_url(), intro=found.name)

    def act() -> Any:
        offices.add_member(actor=request.user, office=found, **form.changes)
        return found

    return run_form(request, words, form, act)


@require_permission("office.view")
@GET_POST
def member_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit a member; leaving is a last day."""
    found = office_member_for(request.user, pk, EDIT)
    form = MemberForm(posted(request), initial=_values(found, MEMBER_VALUES))
    words = Words(_("Edit the member"), _("Save"), found.pmo.get_absolute_url(), intro=found.pmo.name)

    def act() -> Any:
        version = form.cleaned_data["version"]
        offices.edit_member(actor=request.user, member=found, changes=form.changes, expected_version=version)
        return found.pmo

    return run_form(request, words, form, act, fresh=lambda: _values(found, MEMBER_VALUES))
