"""What a project adds to its methodology: requirements of its own, increments inside a phase."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portfolio.forms.methodologies import ReasonForm
from portfolio.forms.tailoring import IncrementsForm, OwnRequirementForm
from portfolio.models import OwnRequirement
from portfolio.services import increments, own_requirements
from portfolio.views.followed import GET_POST, act_on, governance_words, known_of
from portfolio.views.followed import GOVERNANCE_EDIT as EDIT
from projects.views.page import ProjectPage, page_for, run_form, signed_in


@signed_in
@GET_POST
def own_requirement_new(request: HttpRequest, code: str) -> HttpResponse:
    """Add a requirement of the project's own."""
    page = page_for(request, code, EDIT)
    form = OwnRequirementForm(page.posted, known=known_of(page), project=page.project, today=page.today)
    intro = _(
        "Something this project asks of itself beside its methodology. It is counted apart, and stays when "
        "the project goes on to another version."
    )
    words = governance_words(page, _("A requirement of its own"), _("Add"), intro)
    service = own_requirements.add_own_requirement
    return run_form(page, words, form, lambda: act_on(page, service, wish=form.wish))


@signed_in
@GET_POST
def own_requirement_edit(request: HttpRequest, code: str, requirement: str) -> HttpResponse:
    """Change a requirement of the project's own."""
    page = page_for(request, code, EDIT)
    known = known_of(page)
    row = _own(page, requirement)
    form = OwnRequirementForm(page.posted, known=known, project=page.project, today=page.today, row=row)
    intro = _("Past days keep what was asked then.")
    words = governance_words(page, f"{row.code} {row.title}", _("Save"), intro)
    service = own_requirements.change_own_requirement

    def act() -> Any:
        expected = form.cleaned_data["expected"] or row.pk
        return act_on(page, service, code=row.code, expected=expected, wish=form.wish)

    return run_form(page, words, form, act)


@signed_in
@GET_POST
def own_requirement_end(request: HttpRequest, code: str, requirement: str) -> HttpResponse:
    """Let a requirement of the project's own end."""
    page = page_for(request, code, EDIT)
    row = _own(page, requirement)
    form = ReasonForm(page.posted)
    title = _("End %(name)s") % {"name": f"{row.code} {row.title}"}
    intro = _("What was done about it is kept.")
    words = governance_words(page, title, _("End the requirement"), intro, is_danger=True)
    service = own_requirements.end_own_requirement

    def act() -> Any:
        given = {"code": row.code, "expected": row.pk, "note": form.cleaned_data["reason"]}
        return act_on(page, service, **given)

    return run_form(page, words, form, act)


@signed_in
@GET_POST
def increments_place(request: HttpRequest, code: str) -> HttpResponse:
    """Place increments inside a phase."""
    page = page_for(request, code, EDIT)
    form = IncrementsForm(page.posted, known=known_of(page), project=page.project, today=page.today)
    intro = _(
        "For a hybrid project: the gates stay as they are, and inside one phase the work goes in increments. "
        "Their reviews recur as controls; they are no gates."
    )
    words = governance_words(page, _("Increments inside a phase"), _("Place the increments"), intro)
    return run_form(page, words, form, lambda: act_on(page, increments.place_increments, **form.given))


@signed_in
@GET_POST
def increments_end(request: HttpRequest, code: str) -> HttpResponse:
    """Take the increments out of their phase."""
    page = page_for(request, code, EDIT)
    if known_of(page).additions.placement is None:
        raise Http404
    form = ReasonForm(page.posted)
    intro = _("Their reviews are not asked for any more; what was done is kept as extra.")
    words = governance_words(
        page, _("Take the increments out"), _("Take the increments out"), intro, is_danger=True
    )

    def act() -> Any:
        return act_on(page, increments.end_increments, note=form.cleaned_data["reason"])

    return run_form(page, words, form, act)


def _own(page: ProjectPage, code: str) -> OwnRequirement:
    found = own_requirements.own_requirement(known_of(page), code)
    if found is None:
        raise Http404
    return found
