"""Hold a review of a gate: requested on frozen evidence, voted on, taken back, renewed (STD-15 to STD-17)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from portfolio import actions
from portfolio.access import barred_from
from portfolio.choices import GatePart, GateState, GateVote
from portfolio.models import GateMember, GateReview
from portfolio.models.gate import RUNNING, checksum_of
from portfolio.selectors.gate_facts import asked_at, evidence_of, readiness_at
from portfolio.selectors.gates import gate_stands, request_blockers, reviews_of, stand_of
from portfolio.services.gate_forums import keep_forum, members_of, require_free
from portfolio.services.gate_messages import settle_asked, tell
from portfolio.services.gate_preparation import gate_rule, lock_review, open_review, plan_next, require_state
from portfolio.services.governance import bound, lock_project, record
from projects.models import Project
from projects.services.changes import require_version, save_version


class NotReadyError(Conflict):
    """Something still keeps the review from being requested."""

    code = "NOT_READY"


@transaction.atomic
def request_review(
    *,
    actor: User | None,
    project: Project,
    gate: str,
    occurrence: int,
    today: date,
    expected_version: int | None = None,
) -> GateReview:
    """
    Ask for the decision: what the gate asks and how it is answered is frozen with its checksum (STD-15).

    Raises
    ------
    NotReadyError
        If a gate, a condition, an answer, a day or the forum is missing; the sentences say which.
    """
    project = lock_project(actor, project)
    known = bound(project, today)
    rule = gate_rule(known, gate, occurrence, project)
    review = open_review(project, known, rule, occurrence)
    require_version(review.version, expected=expected_version)
    require_state(review, (GateState.PLANNED,))
    stands = gate_stands(known, reviews_of(project), today)
    stand = stand_of(stands, gate, occurrence)
    assert stand is not None
    lines = asked_at(
        known,
        rule,
        occurrence,
        project=project,
        answers=review.answers.select_related("made_by"),
        today=today,
    )
    blockers = request_blockers(
        stand,
        stands,
        lines,
        project=project,
        barred=barred_from(project),
        requester_id=actor.pk if actor else None,
    )
    if blockers:
        raise NotReadyError(" ".join(row.sentence for row in blockers), code=blockers[0].code)
    found = readiness_at(rule, lines)
    review.version_followed = known.version
    review.evidence = evidence_of(review, lines, found, project=project, known=known, gate=rule, today=today)
    review.checksum = checksum_of(review.evidence)
    review.readiness_percent = None if found.percent is None else round(found.percent, 4)
    review.state, review.requested_on, review.requested_by = GateState.REQUESTED, today, actor
    save_version(review)
    after = {"gate": review.label, "readiness": review.readiness_percent, "checksum": review.checksum}
    record(actor, actions.GATE_REQUESTED, review, project, after=after)
    tell(
        review,
        members_of(review),
        kind="gate_requested",
        title=_("Gate %(gate)s asks for your vote: %(project)s"),
        key="requested",
    )
    return review


@transaction.atomic
def withdraw_review(*, actor: User | None, review: GateReview, reason: str, today: date) -> GateReview:
    """Take the request back; the gate is planned again, with the answers as they were."""
    project = lock_project(actor, review.project)
    locked = lock_review(review)
    require_state(locked, RUNNING)
    if not reason.strip():
        raise DomainError(_("Say why it is taken back."), field="reason", code="REASON_MISSING")
    known = bound(project, today)
    locked.state, locked.reason, locked.closed_on = GateState.WITHDRAWN, reason.strip(), today
    save_version(locked)
    planned = known.gate_days.get((locked.gate, locked.occurrence))
    is_planned = (locked.gate, locked.occurrence + 1) in known.gate_days
    plan_next(locked, project, day=None if is_planned else planned, actor=actor, today=today)
    keep_forum(locked, project)
    settle_asked(locked, "requested", "forum")
    record(actor, actions.GATE_WITHDRAWN, locked, project, after={"gate": locked.label}, reason=locked.reason)
    tell(
        locked,
        members_of(locked),
        kind="gate_withdrawn",
        title=_("The request for gate %(gate)s was taken back: %(project)s"),
        key="withdrawn",
    )
    return locked


@transaction.atomic
def cast_vote(*, actor: User, review: GateReview, vote: str, reason: str, today: date) -> GateMember:
    """
    Vote, or abstain, with the reason; a vote may be changed until the decision.

    Raises
    ------
    NotAllowed
        If the person is no decider of this review, or requested it (ORG-8).
    DomainError
        If the reason is missing, or there is no such vote.
    """
    project = lock_project(actor, review.project, "project.view")
    locked = lock_review(review)
    require_state(locked, RUNNING)
    member = locked.members.select_for_update().filter(user=actor).exclude(part=GatePart.ADVISER).first()
    if member is None:
        raise NotAllowed(_("Only the deciders of this forum vote."), code="NO_DECIDER")
    if locked.requested_by_id == actor.pk:
        raise NotAllowed(_("You requested the review, so you have no vote."), code="OWN_REQUEST")
    require_free(actor, project)
    if vote not in GateVote.values:
        raise DomainError(_("There is no such vote."), field="vote", code="NO_SUCH_VOTE")
    if not reason.strip():
        raise DomainError(_("Say why you vote so."), field="reason", code="REASON_MISSING")
    member.vote, member.reason, member.voted_on = vote, reason.strip(), today
    member.save(update_fields=["vote", "reason", "voted_on"])
    locked.state = GateState.IN_REVIEW
    save_version(locked)
    settle_asked(locked, "requested", users=[actor])
    after = {"gate": locked.label, "vote": vote}
    record(actor, actions.GATE_VOTED, locked, project, after=after, reason=member.reason)
    return member


@transaction.atomic
def renew_review(
    *, actor: User | None, project: Project, gate: str, occurrence: int, next_on: date, today: date
) -> GateReview:
    """
    Plan a gate again whose decision has lapsed (STD-17).

    Raises
    ------
    Conflict
        If the decision still holds, or is not the newest one of the gate.
    """
    project = lock_project(actor, project)
    known = bound(project, today)
    gate_rule(known, gate, occurrence, project)
    stand = stand_of(gate_stands(known, reviews_of(project), today), gate, occurrence)
    if stand is None or stand.review is None or not stand.is_renewable:
        raise Conflict(_("This decision has not lapsed, so there is nothing to renew."), code="NOT_LAPSED")
    if next_on < today:
        raise DomainError(_("The day is over."), field="next_on", code="OVER")
    made = plan_next(stand.review, project, day=next_on, actor=actor, today=today)
    keep_forum(stand.review, project)
    after = {"gate": made.label, "due_on": next_on}
    record(actor, actions.GATE_PLANNED, made, project, after=after)
    return made
