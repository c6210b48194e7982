"""Waivers: asked for, withdrawn, decided by sponsor or PMO head, renewed, revoked, expired (STD-6, STD-7)."""

from datetime import date

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from portfolio import actions
from portfolio.access import acts_in_role
from portfolio.choices import WaiverState as State
from portfolio.models import Waiver
from portfolio.rollup.methodology import CheckRule, RequirementRule, TierRule
from portfolio.selectors.governance import Governance, governance_of, name_of
from portfolio.services.governance import bound, lock_project, record, requirement_of
from portfolio.services.waiver_messages import rest_wish, tell_of_decision, tell_of_end, tell_of_wish
from portfolio.services.waiver_watch import alert_of_waivers
from projects.models import Project

SPONSORED_TIERS = frozenset({"T1", "T2"})


def waivable(known: Governance, code: str) -> RequirementRule | CheckRule:
    """Return what a waiver is about: a requirement, or a question of the checklist of a gate."""
    check = known.content.check(code)
    is_question = check is not None and known.content.requirement(code) is None
    return check if check is not None and is_question else requirement_of(known, code)


def waiver_approver(row: RequirementRule | CheckRule, tier: str) -> str:
    """Return the role that decides: sponsor for T1 and T2, PMO head for T3, T4 and knock-outs (STD-7)."""
    return Role.SPONSOR if tier in SPONSORED_TIERS and not row.is_knock_out else Role.PMO_HEAD


def newest_held(project: Project, requirement: str) -> Waiver | None:
    """Return the waiver of a requirement that holds, if there is one: the one that lasts longest."""
    held = Waiver.objects.filter(project=project, requirement=requirement, state=State.APPROVED)
    return held.order_by("-expires_on", "-pk").first()


def latest_expiry(today: date) -> date:
    """Return the last day a waiver may reach: twelve months ahead (STD-7)."""
    try:
        return today.replace(year=today.year + 1)
    except ValueError:
        return today.replace(year=today.year + 1, day=28)


@transaction.atomic
def request_waiver(
    *,
    actor: User | None,
    project: Project,
    requirement: str,
    reason: str,
    risk: str,
    compensating_control: str,
    expires_on: date,
    today: date,
) -> Waiver:
    """
    Ask for leave to do without a mandatory requirement, or with a knock-out unmet, for a time.

    While one holds, this asks for its renewal: it takes the place of the former when it is approved.

    Raises
    ------
    DomainError
        If it is not mandatory, the last day is over, beyond twelve months or not after the one of the waiver
        that holds, or a text is missing.
    Conflict
        If one waits already.
    """
    project = lock_project(actor, project)
    known = bound(project, today)
    row = waivable(known, requirement)
    _require_waivable(row, known.records.tier)
    if not today <= expires_on <= latest_expiry(today):
        raise DomainError(
            _("A waiver ends at most twelve months ahead, on a day that is not over."),
            field="expires_on",
            code="EXPIRY",
        )
    _require_new(project, row.code, expires_on)
    made = Waiver(
        project=project,
        requirement=row.code,
        reason=reason.strip(),
        risk=risk.strip(),
        compensating_control=compensating_control.strip(),
        approver=waiver_approver(row, known.records.tier),
        expires_on=expires_on,
        requested_on=today,
        requested_by=actor,
    )
    made.full_clean()
    made.save()
    after = {"requirement": row.code, "until": expires_on}
    record(actor, actions.WAIVER_REQUESTED, made, project, after=after, label=name_of(known, row.code))
    tell_of_wish(waiver=made, besides=actor)
    return made


@transaction.atomic
def decide_waiver(*, actor: User | None, waiver: Waiver, is_approved: bool, note: str, today: date) -> Waiver:
    """
    Approve or reject a waiver; the PMO is alerted when more than a fifth is waived now (STD-6).

    Raises
    ------
    NotAllowed
        If the person is not its approver, or asked for it (ORG-8).
    """
    project = lock_project(actor, waiver.project, "project.view")
    locked = _lock(waiver, State.SUBMITTED)
    if actor is not None:
        require_decider(actor=actor, waiver=locked)
    if actor is not None and locked.requested_by_id == actor.pk:
        raise NotAllowed(_("You asked for it, so somebody else has to decide."), code="OWN_REQUEST")
    if not is_approved and not note.strip():
        raise DomainError(_("Say why it is rejected."), field="note", code="NOTE_MISSING")
    locked.state = State.APPROVED if is_approved else State.REJECTED
    locked.approved_on = today if is_approved else None
    locked.decided_by, locked.decision_note = actor, note.strip()
    locked.save()
    action = actions.WAIVER_APPROVED if is_approved else actions.WAIVER_REJECTED
    _record(actor, action, locked, project, today, note.strip())
    if is_approved:
        _end_former(actor, locked, project, today)
        alert_of_waivers(project=project, today=today)
    tell_of_decision(waiver=locked, besides=actor)
    return locked


def require_decider(*, actor: User, waiver: Waiver) -> None:
    """
    Go on if the person decides on the waiver (STD-7).

    Raises
    ------
    NotAllowed
        If the person is not its approver.
    """
    if not acts_in_role(actor, (waiver.approver,), waiver.project.node):
        raise NotAllowed(
            _("This waiver is decided by: %(role)s.") % {"role": waiver.get_approver_display()},
            code="NOT_THE_APPROVER",
        )


@transaction.atomic
def withdraw_waiver(*, actor: User | None, waiver: Waiver, today: date) -> Waiver:
    """
    Take back a request nobody has decided on; the requirement was never waived by it.

    Raises
    ------
    NotAllowed
        If somebody else asked for it.
    """
    project = lock_project(actor, waiver.project, "project.view")
    locked = _lock(waiver, State.SUBMITTED)
    if actor is not None and locked.requested_by_id != actor.pk:
        raise NotAllowed(_("Only who asked for it takes the request back."), code="NOT_YOURS")
    locked.state = State.WITHDRAWN
    locked.save(update_fields=["state"])
    _record(actor, actions.WAIVER_WITHDRAWN, locked, project, today)
    rest_wish(waiver=locked)
    return locked


@transaction.atomic
def revoke_waiver(*, actor: User | None, waiver: Waiver, note: str, today: date) -> Waiver:
    """End an approved waiver; the requirement counts again from today on."""
    project = lock_project(actor, waiver.project)
    locked = _lock(waiver, State.APPROVED)
    if not note.strip():
        raise DomainError(_("Say why it ends."), field="note", code="NOTE_MISSING")
    locked.state, locked.revoked_on = State.REVOKED, today
    locked.save(update_fields=["state", "revoked_on"])
    _record(actor, actions.WAIVER_REVOKED, locked, project, today, note)
    tell_of_end(waiver=locked, besides=actor, note=note.strip())
    return locked


@transaction.atomic
def expire_waivers(*, today: date) -> int:
    """Let waivers expire whose last day is over, and tell who asked for them. Safe to run twice."""
    due = Waiver.objects.select_for_update(of=("self",)).expired_on(today)
    found = list(due.select_related("project__node", "requested_by").order_by("pk"))
    for waiver in found:
        waiver.state = State.EXPIRED
        waiver.save(update_fields=["state"])
        _record(None, actions.WAIVER_EXPIRED, waiver, waiver.project, today)
        tell_of_end(waiver=waiver)
    return len(found)


def _record(
    actor: User | None, action: str, waiver: Waiver, project: Project, today: date, reason: str = ""
) -> None:
    """Write the line in the trail under the name of what is waived."""
    label = name_of(governance_of(project, today), waiver.requirement)
    after = {"requirement": waiver.requirement}
    record(actor, action, waiver, project, after=after, reason=reason, label=label)


def _require_new(project: Project, requirement: str, expires_on: date) -> None:
    """Refuse a second one that waits, and a renewal that does not last longer."""
    others = Waiver.objects.filter(project=project, requirement=requirement)
    if others.waiting().exists():
        raise Conflict(_("There is a waiver for it already."), code="WAIVER_OPEN")
    held = newest_held(project, requirement)
    if held is not None and expires_on <= held.expires_on:
        raise DomainError(
            _("The waiver that holds ends on %(day)s. A renewal has to last longer.")
            % {"day": date_format(held.expires_on, "SHORT_DATE_FORMAT")},
            field="expires_on",
            code="NOT_LONGER",
        )


def _end_former(actor: User | None, waiver: Waiver, project: Project, today: date) -> None:
    """Let the waivers this one renews give way on its first day: the requirement stays waived."""
    rows = Waiver.objects.select_for_update(of=("self",)).filter(
        project=project, requirement=waiver.requirement, state=State.APPROVED
    )
    for former in rows.exclude(pk=waiver.pk).order_by("pk"):
        former.state, former.revoked_on = State.RENEWED, today
        former.save(update_fields=["state", "revoked_on"])
        _record(actor, actions.WAIVER_RENEWED, former, project, today)


def _require_waivable(row: RequirementRule | CheckRule, tier: str) -> None:
    if isinstance(row, CheckRule):
        if not row.is_knock_out or not row.is_asked_of(tier):
            raise DomainError(
                _("Only the knock-outs of a checklist are waived; the others only lower the readiness."),
                code="NOT_KNOCK_OUT",
            )
    elif row.rule_for(tier) != TierRule.MANDATORY:
        raise DomainError(
            _("It is not mandatory at this tier. It can be dropped with a note."), code="NOT_MANDATORY"
        )


def _lock(waiver: Waiver, state: str) -> Waiver:
    locked = Waiver.objects.select_for_update(of=("self",)).get(pk=waiver.pk)
    if locked.state != state:
        raise Conflict(
            _("The waiver is now in the state “%(state)s”, which does not allow this.")
            % {"state": locked.get_state_display()},
            code="WRONG_STATE",
        )
    return locked
