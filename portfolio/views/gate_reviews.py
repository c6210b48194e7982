"""A review of a gate: vote, decide, take back; its conditions."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from portfolio.access import gate_condition_for, gate_review_for, gate_seat_of
from portfolio.choices import GatePart
from portfolio.forms.gates import DecisionForm, EvidenceForm, SettleForm, VoteForm
from portfolio.forms.methodologies import ReasonForm
from portfolio.models import GateCondition, GateReview
from portfolio.selectors.gate_forum import forum_choices
from portfolio.selectors.gate_page import GatePage, gate_page
from portfolio.services import gate_conditions, gate_decisions, gate_reviews
from portfolio.views.followed import known_of
from portfolio.views.gates import EDIT, GET_POST, release_offer, words_of
from projects.models import BudgetLine
from projects.selectors.cost_holds import lines_of
from projects.views.page import ProjectPage, page_for, run_form, signed_in


@signed_in
@GET_POST
def gate_vote(request: HttpRequest, code: str, gate: str, occurrence: int) -> HttpResponse:
    """Vote, with the reason."""
    page = page_for(request, code, "project.view")
    review = gate_review_for(page.project, gate, occurrence)
    own = gate_seat_of(request.user, review)
    form = VoteForm(page.posted, initial={"vote": own.vote, "reason": own.reason})
    intro = _("You may change your vote until the chair decides. An abstention counts for the quorum.")
    words = words_of(page, review, _("Vote at gate %(gate)s"), _("Cast a vote"), intro=intro)

    def act() -> Any:
        user: Any = request.user
        return gate_reviews.cast_vote(actor=user, review=review, today=page.today, **form.cleaned_data)

    return run_form(page, words, form, act)


@signed_in
@GET_POST
def gate_decide(request: HttpRequest, code: str, gate: str, occurrence: int) -> HttpResponse:
    """Decide, as the chair."""
    page = page_for(request, code, "project.view")
    review = gate_review_for(page.project, gate, occurrence)
    if gate_seat_of(request.user, review).part != GatePart.CHAIR:
        raise PermissionDenied
    shown = _shown(page, review)
    offered: dict[str, Any] = {"decisions": shown.decisions, "release": release_offer(page, gate)}
    owners, initial = _owners(page, shown), {"version": review.version}
    form = DecisionForm(page.posted, **offered, owners=owners, initial=initial, lines=_lines(page))
    words = words_of(page, review, _("Decide gate %(gate)s"), _("Decide"))

    def act() -> Any:
        given = {"review": review, "today": page.today, "expected_version": form.cleaned_data["version"]}
        user: Any = request.user
        return gate_decisions.decide_review(actor=user, **given, **form.given)

    return run_form(page, words, form, act, template="portfolio/gates/decide.html", shown=shown)


@signed_in
@GET_POST
def gate_withdraw(request: HttpRequest, code: str, gate: str, occurrence: int) -> HttpResponse:
    """Take the request back."""
    page = page_for(request, code, EDIT)
    review = gate_review_for(page.project, gate, occurrence)
    form = ReasonForm(page.posted)
    intro = _("The gate is planned again with its forum and answers; what was voted stays with this review.")
    words = words_of(page, review, _("Take back the request for gate %(gate)s"), _("Take back"), intro=intro)

    def act() -> Any:
        user: Any = request.user
        return gate_reviews.withdraw_review(
            actor=user, review=review, reason=form.cleaned_data["reason"], today=page.today
        )

    return run_form(page, words, form, act)


@signed_in
@GET_POST
def condition_show(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Say that a condition is met, and how."""
    page = page_for(request, code, "project.view")
    condition = gate_condition_for(page.project, pk)
    if condition.owner_id != request.user.pk:
        page.require(EDIT)
    form = EvidenceForm(page.posted, initial={"evidence": condition.evidence})
    words = words_of(page, condition.review, _("Condition of gate %(gate)s"), _("Save"), intro=condition.text)
    return run_form(page, words, form, lambda: _on(page, condition, gate_conditions.show_evidence, form))


@signed_in
@GET_POST
def condition_end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Agree that a condition is met, or waive it."""
    page = page_for(request, code, "project.view")
    condition = gate_condition_for(page.project, pk)
    gate_seat_of(request.user, condition.review)
    form = SettleForm(page.posted)
    words = words_of(
        page, condition.review, _("Settle a condition of gate %(gate)s"), _("Save"), intro=condition.text
    )
    return run_form(page, words, form, lambda: _on(page, condition, gate_conditions.end_condition, form))


def _on(page: ProjectPage, condition: GateCondition, act: Any, form: Any) -> Any:
    return act(actor=page.request.user, condition=condition, today=page.today, **form.cleaned_data)


def _shown(page: ProjectPage, review: GateReview) -> GatePage:
    found = gate_page(
        known_of(page),
        page.project,
        review.gate,
        review.occurrence,
        user=page.request.user,
        today=page.today,
    )
    if found is None:
        raise Http404
    return found


def _lines(page: ProjectPage) -> list[BudgetLine]:
    """Return the lines of the budget a hold may leave open, for who sees the money of the project."""
    return lines_of(page.project) if page.allows("budget.view_totals") else []


def _owners(page: ProjectPage, shown: GatePage) -> tuple[User, ...]:
    """Return who can own a condition: everybody who sees the project by a role in it."""
    return forum_choices(page.project, shown.stand.gate, known_of(page).content).everybody
