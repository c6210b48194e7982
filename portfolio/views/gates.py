"""Gates of a project, and what prepares a review: forum, answers, request."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from pmo_portal.accounts.access import require_permission
from pmo_portal.accounts.scopes import holds
from pmo_portal.common.export import csv_response, download, xlsx_response
from pmo_portal.documents.services.pdf import PDF_TYPE
from portfolio.access import acts_in_role
from portfolio.forms.filters import asked_gates
from portfolio.forms.gates import (
    AnswersForm,
    FormerForm,
    ForumForm,
    ReleaseOffer,
    RenewForm,
    RequestForm,
)
from portfolio.models import GateReview
from portfolio.selectors.gate_calendar import asked_rows, export_headings, export_rows, gate_calendar
from portfolio.selectors.gate_facts import asked_at
from portfolio.selectors.gate_forum import forum_choices
from portfolio.selectors.gate_funds import funds_of, phase_after
from portfolio.selectors.gate_page import gate_page, gate_rows, gate_url, open_lines
from portfolio.selectors.gates import GateStand, gate_stands, reviews_of, stand_of
from portfolio.selectors.governance import Governance, governance_of
from portfolio.services import gate_forums, gate_preparation, gate_reviews
from portfolio.services.gate_packs import gate_pack_pdf
from portfolio.views.followed import known_of
from projects.views.page import FormPage, ProjectPage, page_for, run_form, signed_in

EXPORTS = {"csv": csv_response, "xlsx": xlsx_response}
TAB = "portfolio:governance"
EDIT = "governance.edit"
GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_permission("rollup.view")
@require_safe
def gate_calendar_page(request: HttpRequest) -> HttpResponse:
    """Gates of all projects by month; every figure opens its list."""
    today = timezone.localdate()
    asked = asked_gates(request.GET)
    found = gate_calendar(request.user, asked, today=today)
    kinds = EXPORTS if holds(request.user, "export.run") else ()
    context = {"found": found, "asked": asked, "today": today, "kinds": kinds}
    return render(request, "portfolio/gates/calendar.html", context)


@require_permission("rollup.view")
@require_safe
def gates_export(request: HttpRequest, kind: str) -> HttpResponse:
    """A line for each gate of the page."""
    if kind not in EXPORTS or not holds(request.user, "export.run"):
        raise Http404
    today = timezone.localdate()
    rows = asked_rows(request.user, asked_gates(request.GET), today=today)
    name = "-".join((str(_("gates")), today.isoformat()))
    return EXPORTS[kind](f"{name}.{kind}", export_headings(), export_rows(rows))


@signed_in
@require_safe
def gate_pack(request: HttpRequest, code: str, gate: str, occurrence: int) -> HttpResponse:
    """The gate pack on paper: question, readiness, evidence, forecast, forum, decision."""
    page = page_for(request, code, "project.view")
    shown = gate_page(known_of(page), page.project, gate, occurrence, user=request.user, today=page.today)
    if shown is None:
        raise Http404
    address = request.build_absolute_uri(gate_url(code, gate, occurrence))
    funds = funds_of(page.project, known_of(page), page.today) if page.allows("budget.view_totals") else None
    content = gate_pack_pdf(shown, page.project, address=address, funds=funds, now=timezone.now())
    return download(f"{page.project.code}-{shown.stand.label}.pdf", content, PDF_TYPE)


@signed_in
@require_safe
def project_gates(request: HttpRequest, code: str) -> HttpResponse:
    """All gates of a project with what was decided, and the one that comes next."""
    page = page_for(request, code, "project.view")
    known = governance_of(page.project, page.today)
    rows = gate_rows(known, page.project, today=page.today) if known else []
    return page.show("portfolio/gates/project.html", TAB, known=known, rows=rows)


@signed_in
@require_safe
def project_funds(request: HttpRequest, code: str) -> HttpResponse:
    """What gates released against budget and spending: part of the tab Money, or a page of its own."""
    page = page_for(request, code, "budget.view", "budget.view_totals")
    known = governance_of(page.project, page.today)
    is_part = bool(request.htmx) and not request.htmx.boosted
    template = "portfolio/gates/funds.html#funds" if is_part else "portfolio/gates/funds.html"
    return page.show(template, "money", funds=funds_of(page.project, known, page.today), known=known)


@signed_in
@require_safe
def gate(request: HttpRequest, code: str, gate: str, occurrence: int) -> HttpResponse:
    """One review: readiness with reasons, forum and votes, decision, conditions."""
    page = page_for(request, code, "project.view")
    shown = gate_page(known_of(page), page.project, gate, occurrence, user=request.user, today=page.today)
    if shown is None:
        raise Http404
    is_pmo = acts_in_role(request.user, gate_preparation.PMO, page.project.node)
    return page.show("portfolio/gates/detail.html", TAB, shown=shown, is_pmo=is_pmo)


@signed_in
@GET_POST
def gate_forum(request: HttpRequest, code: str, gate: str, occurrence: int) -> HttpResponse:
    """Name the forum."""
    page = page_for(request, code, EDIT)
    known = known_of(page)
    stand = _stand(page, known, gate, occurrence)
    review = stand.review
    form = ForumForm(
        page.posted,
        choices=forum_choices(page.project, stand.gate, known.content),
        members=review.members.all() if review else (),
        initial={"version": stand.version},
    )
    words = words_of(page, stand, _("Forum of gate %(gate)s"), _("Save"))
    return run_form(page, words, form, lambda: _prepare(page, stand, gate_forums.set_forum, form))


@signed_in
@GET_POST
def gate_answers(request: HttpRequest, code: str, gate: str, occurrence: int) -> HttpResponse:
    """Answer the questions of the checklist the portal cannot answer."""
    page = page_for(request, code, EDIT)
    known = known_of(page)
    stand = _stand(page, known, gate, occurrence)
    review = stand.review
    answers = list(review.answers.all()) if review else []
    lines = asked_at(known, stand.gate, occurrence, project=page.project, answers=answers, today=page.today)
    initial = {"version": stand.version}
    form = AnswersForm(page.posted, lines=open_lines(lines), answers=answers, initial=initial)
    intro = _("Answer as it is: evidence is frozen when the review is requested.")
    words = words_of(page, stand, _("Checklist of gate %(gate)s"), _("Save"), intro=intro)

    def act() -> Any:
        return gate_preparation.answer_checks(
            **_given(page, stand), answers=form.answers, expected_version=form.cleaned_data["version"]
        )

    return run_form(page, words, form, act, template="portfolio/gates/answers.html", stand=stand)


@signed_in
@GET_POST
def gate_request(request: HttpRequest, code: str, gate: str, occurrence: int) -> HttpResponse:
    """Ask for the decision."""
    page = page_for(request, code, EDIT)
    stand = _stand(page, known_of(page), gate, occurrence)
    form = RequestForm(page.posted, initial={"version": stand.version})
    intro = _("All that the decision rests on is frozen with a checksum, and the forum is asked to vote.")
    words = words_of(
        page, stand, _("Request the review of gate %(gate)s"), _("Request the review"), intro=intro
    )

    def act() -> Any:
        return gate_reviews.request_review(
            **_given(page, stand), expected_version=form.cleaned_data["version"]
        )

    return run_form(page, words, form, act)


@signed_in
@GET_POST
def gate_renew(request: HttpRequest, code: str, gate: str, occurrence: int) -> HttpResponse:
    """Plan a lapsed gate again."""
    page = page_for(request, code, EDIT)
    stand = _stand(page, known_of(page), gate, occurrence)
    form = RenewForm(page.posted)
    intro = _("No work went on while the decision held, so it is taken again.")
    words = words_of(page, stand, _("Renew gate %(gate)s"), _("Plan it"), intro=intro)

    def act() -> Any:
        return gate_reviews.renew_review(**_given(page, stand), **form.cleaned_data)

    return run_form(page, words, form, act)


@signed_in
@GET_POST
def gate_former(request: HttpRequest, code: str, gate: str, occurrence: int) -> HttpResponse:
    """Keep that a gate was passed before the project was kept here."""
    page = page_for(request, code, EDIT)
    stand = _stand(page, known_of(page), gate, occurrence)
    form = FormerForm(page.posted, release=release_offer(page, gate))
    intro = _("For gates that were passed before the project was kept here; only the PMO records them.")
    words = words_of(page, stand, _("Gate %(gate)s was passed earlier"), _("Record"), intro=intro)

    def act() -> Any:
        given = _given(page, stand)
        del given["occurrence"]
        return gate_preparation.record_former_decision(**given, **form.cleaned_data)

    return run_form(page, words, form, act)


def release_offer(page: ProjectPage, gate: str) -> ReleaseOffer | None:
    """Return what can be released at a gate; None without sight of money, a budget or a phase after it."""
    known = known_of(page)
    phase = phase_after(known, gate)
    if not phase or not page.allows("budget.view_totals"):
        return None
    funds = funds_of(page.project, known, page.today)
    return ReleaseOffer(phase, funds) if funds.money.budget is not None else None


def words_of(
    page: ProjectPage, stand: GateStand | GateReview, heading: Any, submit: Any, *, intro: Any = ""
) -> FormPage:
    """Return the words of a form that leads back to the review."""
    gate = stand.gate if isinstance(stand, GateReview) else stand.gate.code
    back = gate_url(page.project.code, gate, stand.occurrence)
    return FormPage(heading % {"gate": stand.label}, submit, back, TAB, intro=intro)


def _stand(page: ProjectPage, known: Governance, gate: str, occurrence: int) -> GateStand:
    found = stand_of(gate_stands(known, reviews_of(page.project), page.today), gate, occurrence)
    if found is None:
        raise Http404
    return found


def _given(page: ProjectPage, stand: GateStand) -> dict[str, Any]:
    return {
        "actor": page.request.user,
        "project": page.project,
        "gate": stand.gate.code,
        "occurrence": stand.occurrence,
        "today": page.today,
    }


def _prepare(page: ProjectPage, stand: GateStand, act: Callable[..., Any], form: Any) -> Any:
    return act(**_given(page, stand), **form.changes, expected_version=form.cleaned_data["version"])
