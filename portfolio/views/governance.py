"""The tab Governance of a project, and what is done there."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from pmo_portal.common.errors import DomainError
from portfolio.access import acts_in_role, waiver_for
from portfolio.choices import WaiverState
from portfolio.forms.governance import (
    BindForm,
    ComplexityForm,
    GatesForm,
    MigrateForm,
    StepForm,
    TailorForm,
    WaiverDecisionForm,
    WaiverForm,
)
from portfolio.forms.methodologies import ReasonForm
from portfolio.models import Waiver
from portfolio.rollup.methodology import CheckRule, RequirementRule
from portfolio.selectors.adoption_page import newest_percent
from portfolio.selectors.gates import calendar_version, decided_gates, passed_gates
from portfolio.selectors.governance import (
    Governance,
    approver_roles,
    governance_address,
    governance_of,
    newer_version,
    pending_score,
)
from portfolio.selectors.governance_page import governance_page, why_asked
from portfolio.selectors.methodologies import said
from portfolio.selectors.upgrade_page import kept_lines, other_lines, upgrade_rows
from portfolio.selectors.waiver_rows import waiver_rows
from portfolio.services import artefacts, governance, waivers
from portfolio.services.migration import migrate_methodology
from portfolio.views.followed import GET_POST, act_on, governance_words, known_of
from portfolio.views.followed import GOVERNANCE_EDIT as EDIT
from portfolio.views.followed import GOVERNANCE_TAB as TAB
from projects.views.page import ProjectPage, page_for, run_form, signed_in

WORK = "artefact.submit"


@signed_in
@require_safe
def project_governance(request: HttpRequest, code: str) -> HttpResponse:
    """Phases, requirements with the reason why, tier and compliance."""
    page = page_for(request, code, "project.view")
    known = governance_of(page.project, page.today)
    shown = newer = None
    adoption = newest_percent(page.project, day=page.today)
    if known is not None:
        newer = newer_version(known)
        pending, passed = pending_score(page.project, page.today), passed_gates(page.project)
        shown = governance_page(known, pending=pending, passed=passed, today=page.today)
    recorded = _recorded(page, known) if known is not None else set()
    values = {"governance": shown, "newer": newer, "adoption": adoption, "recorded": recorded}
    rows = waiver_rows(page.project, shown.waivers if shown else (), user=request.user)
    return page.show("portfolio/governance/detail.html", TAB, **values, waivers=rows)


@signed_in
@GET_POST
def governance_bind(request: HttpRequest, code: str) -> HttpResponse:
    """Choose the version the project follows."""
    page = page_for(request, code, EDIT)
    form = BindForm(page.posted)
    intro = _(
        "The project keeps this version when newer ones are published, until you bring it to a newer one."
    )
    words = governance_words(page, _("Choose a methodology"), _("Follow this version"), intro)
    return run_form(page, words, form, lambda: act_on(page, governance.bind_methodology, **form.cleaned_data))


@signed_in
@GET_POST
def governance_migrate(request: HttpRequest, code: str) -> HttpResponse:
    """Go on to the version in force: what is added, removed and changed, before it is done."""
    page = page_for(request, code, EDIT)
    known = known_of(page)
    version = newer_version(known)
    if version is None:
        raise Http404
    form = MigrateForm(page.posted, initial={"expected": known.version.pk})
    words = governance_words(page, version, _("Go on to this version"), "")
    template, given = "portfolio/governance/migrate.html", {"version": version}
    shown = {"known": known, "version": version, "rows": upgrade_rows(known, version)}
    shown |= {"others": other_lines(known, version), "kept": kept_lines(known, version)}

    def act() -> Any:
        return act_on(page, migrate_methodology, **given, **form.cleaned_data)

    return run_form(page, words, form, act, template=template, **shown)


@signed_in
@GET_POST
def governance_score(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the ten questions of the complexity score."""
    page = page_for(request, code, EDIT)
    known = known_of(page)
    form = ComplexityForm(page.posted, answers=known.score.answers if known.score else {})
    intro = _("Judge the work as it is; what you do against the difficulty does not lower a score.")
    words = governance_words(page, _("Complexity score"), _("Compute the tier"), intro)
    return run_form(
        page, words, form, lambda: act_on(page, governance.score_complexity, answers=form.answers)
    )


@signed_in
@GET_POST
def governance_gates(request: HttpRequest, code: str) -> HttpResponse:
    """Plan the days of the gates."""
    page = page_for(request, code, EDIT)
    decided = decided_gates(page.project)
    initial = {"version": calendar_version(page.project)}
    form = GatesForm(page.posted, known=known_of(page), decided=decided, initial=initial)
    intro = _("Requirements become due on the day of their gate.")
    words = governance_words(page, _("Days of the gates"), _("Save"), intro)

    def act() -> Any:
        version = form.cleaned_data["version"]
        return act_on(page, governance.plan_gates, dates=form.dates, expected_version=version)

    def fresh() -> dict[str, Any]:
        now = GatesForm(None, known=known_of(page), decided=decided)
        return {name: now[name].initial for name in now.keys} | {"version": calendar_version(page.project)}

    return run_form(page, words, form, act, fresh=fresh)


@signed_in
@GET_POST
def governance_step(request: HttpRequest, code: str, requirement: str) -> HttpResponse:
    """Record what happened to an artefact, or approve it."""
    page = page_for(request, code, "project.view")
    known = known_of(page)
    row = _requirement(known, requirement)
    if not page.allows(WORK):
        _require_role(page, approver_roles(known, row))
    form = StepForm(page.posted, is_control=bool(row.cadence), last=known.last_steps.get(row.code))
    words = governance_words(page, f"{row.code} {said(row.title)}", _("Save"), why_asked(known, row))
    given = {"requirement": row.code}
    return run_form(
        page, words, form, lambda: act_on(page, artefacts.record_step, **given, **form.cleaned_data)
    )


@signed_in
@GET_POST
def governance_tailor(request: HttpRequest, code: str, requirement: str) -> HttpResponse:
    """Keep, drop or add a requirement."""
    page = page_for(request, code, EDIT)
    known = known_of(page)
    row = _requirement(known, requirement)
    form = TailorForm(page.posted, rule=row.rule_for(known.records.tier))
    words = governance_words(page, f"{row.code} {said(row.title)}", _("Save"), why_asked(known, row))
    given = {"requirement": row.code}
    return run_form(page, words, form, lambda: act_on(page, governance.tailor, **given, **form.cleaned_data))


@signed_in
@GET_POST
def waiver_request(request: HttpRequest, code: str, requirement: str) -> HttpResponse:
    """Ask for a waiver."""
    page = page_for(request, code, EDIT)
    row = _waivable(known_of(page), requirement)
    name = said(row.text if isinstance(row, CheckRule) else row.title)
    held = waivers.newest_held(page.project, row.code)
    form = WaiverForm(page.posted, initial=_wish_of(held))
    intro = _("Decided by the sponsor at T1 and T2, by the PMO head at T3, T4 and for every knock-out.")
    asks = _("Renew the waiver: %(name)s") if held else _("Ask for a waiver: %(name)s")
    title = asks % {"name": f"{row.code} {name}"}
    words = governance_words(page, title, _("Submit"), intro)
    given = {"requirement": row.code}
    return run_form(
        page, words, form, lambda: act_on(page, waivers.request_waiver, **given, **form.cleaned_data)
    )


@signed_in
@GET_POST
def waiver_decide(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Approve or reject a waiver."""
    page = page_for(request, code, "project.view")
    waiver = waiver_for(page.project, pk, WaiverState.SUBMITTED)
    _require_role(page, (waiver.approver,))
    form = WaiverDecisionForm(page.posted)
    title = _("Decide on the waiver of %(code)s") % {"code": waiver.requirement}
    until = date_format(waiver.expires_on, "SHORT_DATE_FORMAT")
    words = governance_words(page, title, _("Decide"), _("It is asked for until %(day)s.") % {"day": until})

    def act() -> Any:
        is_approved = form.cleaned_data["decision"] == WaiverState.APPROVED
        return waivers.decide_waiver(
            actor=request.user,
            waiver=waiver,
            is_approved=is_approved,
            note=form.cleaned_data["note"],
            today=page.today,
        )

    return run_form(page, words, form, act, template="portfolio/governance/waiver.html", waiver=waiver)


@signed_in
@require_POST
def waiver_withdraw(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take back what nobody has decided on."""
    page = page_for(request, code, "project.view")
    waiver = waiver_for(page.project, pk, WaiverState.SUBMITTED)
    if waiver.requested_by_id != request.user.pk:
        raise PermissionDenied
    act_as: Any = request.user
    waivers.withdraw_waiver(actor=act_as, waiver=waiver, today=page.today)
    messages.success(request, _("The request is withdrawn."))
    return redirect(f"{governance_address(code)}#waivers-title")


@signed_in
@GET_POST
def waiver_revoke(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """End an approved waiver."""
    page = page_for(request, code, EDIT)
    waiver = waiver_for(page.project, pk, WaiverState.APPROVED)
    form = ReasonForm(page.posted)
    title = _("End the waiver of %(code)s") % {"code": waiver.requirement}
    words = governance_words(
        page, title, _("End the waiver"), _("The requirement counts again from today on.")
    )

    def act() -> Any:
        note = form.cleaned_data["reason"]
        return waivers.revoke_waiver(actor=request.user, waiver=waiver, note=note, today=page.today)

    return run_form(page, words, form, act)


def _recorded(page: ProjectPage, known: Governance) -> set[str]:
    """Return the codes of the requirements for which this person may say what happened."""
    asked = {row.code: tuple(approver_roles(known, row)) for row in known.content.requirements}
    if page.allows(WORK):
        return set(asked)
    held = {
        roles for roles in set(asked.values()) if acts_in_role(page.request.user, roles, page.project.node)
    }
    return {code for code, roles in asked.items() if roles in held}


def _wish_of(held: Waiver | None) -> dict[str, str]:
    """Return what the form of a renewal begins with: the words of the waiver that holds."""
    names = ("reason", "risk", "compensating_control")
    return {name: getattr(held, name) for name in names} if held else {}


def _require_role(page: ProjectPage, roles: Iterable[str]) -> None:
    """Go on if the person has one of the roles of the portal here."""
    if not acts_in_role(page.request.user, roles, page.project.node):
        raise PermissionDenied


def _waivable(known: Governance, code: str) -> RequirementRule | CheckRule:
    try:
        return waivers.waivable(known, code)
    except DomainError as fault:
        raise Http404 from fault


def _requirement(known: Governance, code: str) -> RequirementRule:
    row = known.content.requirement(code)
    if row is None:
        raise Http404
    return row
