"""Assessments of PMO need and maturity: lists, a round, answers."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo_portal.accounts.access import may, require_permission
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.common.errors import DomainError
from pmo_portal.common.export import download
from pmo_portal.common.navigation import lies_under
from pmo_portal.documents.services.pdf import PDF_TYPE
from portfolio.access import assessment_for
from portfolio.choices import AssessmentKind, MaturityScope
from portfolio.forms.assessments import (
    AssessmentForm,
    InviteForm,
    MaturityForm,
    NeedForm,
    WithdrawForm,
    initial_answers,
)
from portfolio.models import Assessment, Respondent
from portfolio.selectors.assessment_evidence import maturity_evidence, need_evidence
from portfolio.selectors.assessment_words import perspective_names
from portfolio.selectors.assessments import former_of, history_of, may_see_result, open_assessments, result_of
from portfolio.selectors.maturity_page import action_rows, maturity_history, profile_view
from portfolio.selectors.need_page import history_rows, need_view
from portfolio.services import assessments
from portfolio.services.assessment_reports import assessment_pdf
from portfolio.views.page import posted
from portfolio.views.structure import Words, run_form
from projects.forms.saving import saves

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
EDIT = "assessment.edit"


def may_lead(request: HttpRequest) -> bool:
    """Whether the person leads assessments."""
    return may(request.user, EDIT, organization_node())


def round_for(request: HttpRequest, pk: int, permission: str = "assessment.view") -> Assessment:
    """Return a round as `assessment_for`, its page under need or maturity."""
    found = assessment_for(request.user, pk, permission)
    lies_under(request, _home_of(found.kind))
    return found


def _home_of(kind: str) -> str:
    return "portfolio:need" if kind == AssessmentKind.NEED else "portfolio:maturity"


@require_permission("assessment.view")
@require_safe
def need(request: HttpRequest) -> HttpResponse:
    """The need of a PMO: the newest result, and how it went over the years."""
    history = history_of(AssessmentKind.NEED)
    newest = need_view(result_of(history[0]).need) if history else None
    context = {
        "open_ones": open_assessments(AssessmentKind.NEED),
        "rows": history_rows(history),
        "newest": history[0] if history else None,
        "view": newest,
        "may_lead": may_lead(request),
    }
    return render(request, "portfolio/assessments/need.html", context)


@require_permission("assessment.view")
@require_safe
def maturity(request: HttpRequest) -> HttpResponse:
    """Maturity by perspective: the newest profile of a level, and how it went over the years."""
    asked = request.GET.get("scope", "")
    scope = asked if asked in MaturityScope.values else MaturityScope.PORTFOLIO
    history = history_of(AssessmentKind.MATURITY, scope)
    newest = history[0] if history else None
    context = {
        "scope": scope,
        "scopes": [_tab(value, label, scope) for value, label in MaturityScope.choices],
        "open_ones": open_assessments(AssessmentKind.MATURITY),
        "rows": maturity_history(history),
        "names": perspective_names(),
        "newest": newest,
        "view": profile_view(result_of(newest), former_of(newest, history)) if newest else None,
        "actions": action_rows(newest, today=timezone.localdate()) if newest else [],
        "may_lead": may_lead(request),
    }
    return render(request, "portfolio/assessments/maturity.html", context)


def _tab(value: str, label: Any, scope: str) -> dict[str, Any]:
    return {"title": label, "url": f"?scope={value}", "is_active": value == scope}


@require_permission(EDIT)
@GET_POST
def assessment_new(request: HttpRequest) -> HttpResponse:
    """A new assessment with its respondents."""
    asked = request.GET.get("kind", "")
    kind = asked if asked in AssessmentKind.values else AssessmentKind.NEED
    today = timezone.localdate()
    title = _("PMO need") if kind == AssessmentKind.NEED else _("Maturity")
    initial = {"title": f"{title} {today.year}", "held_on": today, "scope": request.GET.get("scope", "")}
    form = AssessmentForm(posted(request), kind=kind, initial=initial)
    lies_under(request, _home_of(kind))
    heading = _("Assess the need of a PMO") if kind == AssessmentKind.NEED else _("Assess maturity")
    words = Words(heading, _("Start and invite"), reverse(_home_of(kind)))
    return run_form(request, words, form, partial(_start, request, form))


def _start(request: HttpRequest, form: AssessmentForm) -> Assessment:
    given = dict(form.cleaned_data)
    people = given.pop("people")
    draft = assessments.AssessmentDraft(kind=form.kind, **given)
    return assessments.start_assessment(actor=request.user, draft=draft, people=people)


@login_required
@require_safe
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """A round: who answered, and its result; respondents see the result once it is closed."""
    found = round_for(request, pk)
    result = result_of(found)
    context: dict[str, Any] = {
        "assessment": found,
        "result": result,
        "own": _own(request, found),
        "may_lead": may_lead(request),
    }
    if may_see_result(request.user, result):
        context |= _need_context(result.need) if result.need else _maturity_context(found, result)
    return render(request, "portfolio/assessments/detail.html", context)


@login_required
@require_safe
def assessment_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The result on paper; respondents get it once the round is closed."""
    found = result_of(round_for(request, pk))
    if not may_see_result(request.user, found):
        raise Http404
    address = request.build_absolute_uri(found.assessment.get_absolute_url())
    content = assessment_pdf(found, address=address, now=timezone.now(), today=timezone.localdate())
    return download(f"{slugify(found.assessment.title) or pk}.pdf", content, PDF_TYPE)


def _need_context(result: Any) -> dict[str, Any]:
    return {"view": need_view(result)}


def _maturity_context(found: Assessment, result: Any) -> dict[str, Any]:
    former = former_of(found, history_of(found.kind, found.scope))
    return {
        "profile": profile_view(result, former),
        "former": former,
        "actions": action_rows(found, today=timezone.localdate()),
    }


def _own(request: HttpRequest, found: Assessment) -> Respondent | None:
    return found.respondents.filter(person__user=request.user).first()


@login_required
@GET_POST
def assessment_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The answers of the person who is asked."""
    found = round_for(request, pk)
    own = _own(request, found)
    if own is None:
        raise Http404
    if not found.is_open:
        return redirect(found)
    initial = initial_answers(own.answers, own.evidence)
    known = _known(request, found)
    form = (NeedForm if found.is_need else MaturityForm)(posted(request), initial=initial, known=known)
    if request.method == "POST" and saves(form, partial(_answer, request, found, form)):
        messages.success(
            request, str(_("Your answers are kept. You can change them until the round is closed."))
        )
        return redirect(found)
    context = {"assessment": found, "form": form, "own": own}
    return render(request, "portfolio/assessments/answer.html", context, status=422 if form.is_bound else 200)


def _known(request: HttpRequest, found: Assessment) -> Any:
    if found.is_need:
        return need_evidence(request.user)
    return maturity_evidence(request.user, today=timezone.localdate())


def _answer(request: HttpRequest, found: Assessment, form: Any) -> None:
    assessments.answer_assessment(
        actor=request.user,
        assessment=found,
        answers=form.answers,
        evidence=form.evidence,
        now=timezone.now(),
    )


@login_required
@GET_POST
def assessment_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask more people."""
    found = round_for(request, pk, EDIT)
    form = InviteForm(posted(request))
    words = Words(_("Invite respondents"), _("Invite"), found.get_absolute_url())
    return run_form(request, words, form, partial(_invite, request, found, form))


def _invite(request: HttpRequest, found: Assessment, form: Any) -> Assessment:
    assessments.invite_respondents(
        actor=request.user,
        assessment=found,
        people=form.cleaned_data["people"],
    )
    return found


@login_required
@require_POST
def assessment_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the round and keep its result."""
    found = round_for(request, pk, EDIT)
    try:
        assessments.close_assessment(
            actor=request.user,
            assessment=found,
            expected_version=None,
            now=timezone.now(),
        )
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, str(_("The assessment is closed and its result kept.")))
    return redirect(found)


@login_required
@GET_POST
def assessment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up an open assessment."""
    found = round_for(request, pk, EDIT)
    form = WithdrawForm(posted(request), initial={"version": found.version})
    words = Words(
        _("Withdraw the assessment"),
        _("Withdraw"),
        found.get_absolute_url(),
        warning=_("Its answers will count nowhere. This cannot be undone."),
        is_danger=True,
    )
    return run_form(request, words, form, partial(_withdraw, request, found, form))


def _withdraw(request: HttpRequest, found: Assessment, form: Any) -> Assessment:
    return assessments.withdraw_assessment(
        actor=request.user,
        assessment=found,
        reason=form.cleaned_data["reason"],
        expected_version=form.cleaned_data["version"],
    )
