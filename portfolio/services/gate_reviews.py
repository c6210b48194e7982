"""Hold a review of a gate: requested on frozen evidence, voted on, decided (STD-13 to STD-17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import acting_on
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from portfolio import actions
from portfolio.choices import GateDecision, GatePart, GateState, GateVote
from portfolio.models import GateCondition, GateMember, GateReview
from portfolio.models.gate import checksum_of
from portfolio.rollup.readiness import Decision, open_decisions
from portfolio.selectors.gate_facts import asked_at, evidence_of, frozen_readiness, readiness_at
from portfolio.selectors.gate_forum import owner_of
from portfolio.selectors.gate_words import limits_sentence
from portfolio.selectors.gates import decisions_for, gate_stands, request_blockers, reviews_of, stand_of
from portfolio.services.gate_messages import tell
from portfolio.services.gate_preparation import gate_rule, open_review, plan_next
from portfolio.services.governance import bound, lock_project, record
from projects.choices import ProjectState
from projects.models import Project
from projects.services.changes import require_version, save_version
from projects.services.states import change_state

GO_DAYS = 180
HOLD_DAYS = 90
DAY = timedelta(days=1)


class NotReadyError(Conflict):
    """Something still keeps the review from being requested."""

    code = "NOT_READY"


@dataclass(frozen=True)
class ConditionGiven:
    """A condition of a conditional GO: an action with owner and day."""

    text: str
    owner: User
    due: date


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
    if review.state != GateState.PLANNED:
        raise _wrong_state(review)
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
        stand, stands, lines, project=project, requester_id=actor.pk if actor else None
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
        _members(review),
        kind="gate_requested",
        title=_("Gate %(gate)s asks for your vote: %(project)s"),
        key="requested",
    )
    return review


@transaction.atomic
def withdraw_review(*, actor: User | None, review: GateReview, reason: str, today: date) -> GateReview:
    """Take the request back; the gate is planned again, with the answers as they were."""
    project = lock_project(actor, review.project)
    locked = _lock(review)
    if not locked.is_running:
        raise _wrong_state(locked)
    if not reason.strip():
        raise DomainError(_("Say why it is taken back."), field="reason", code="REASON_MISSING")
    known = bound(project, today)
    locked.state, locked.reason, locked.closed_on = GateState.WITHDRAWN, reason.strip(), today
    save_version(locked)
    planned = known.gate_days.get((locked.gate, locked.occurrence))
    is_planned = (locked.gate, locked.occurrence + 1) in known.gate_days
    plan_next(locked, project, day=None if is_planned else planned, actor=actor, today=today)
    _keep_forum(locked)
    record(actor, actions.GATE_WITHDRAWN, locked, project, after={"gate": locked.label}, reason=locked.reason)
    tell(
        locked,
        _members(locked),
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
    locked = _lock(review)
    if not locked.is_running:
        raise _wrong_state(locked)
    member = locked.members.select_for_update().filter(user=actor).exclude(part=GatePart.ADVISER).first()
    if member is None:
        raise NotAllowed(_("Only the deciders of this forum vote."), code="NO_DECIDER")
    if locked.requested_by_id == actor.pk:
        raise NotAllowed(_("You requested the review, so you have no vote."), code="OWN_REQUEST")
    if vote not in GateVote.values:
        raise DomainError(_("There is no such vote."), field="vote", code="NO_SUCH_VOTE")
    if not reason.strip():
        raise DomainError(_("Say why you vote so."), field="reason", code="REASON_MISSING")
    member.vote, member.reason, member.voted_on = vote, reason.strip(), today
    member.save(update_fields=["vote", "reason", "voted_on"])
    locked.state = GateState.IN_REVIEW
    save_version(locked)
    after = {"gate": locked.label, "vote": vote}
    record(actor, actions.GATE_VOTED, locked, project, after=after, reason=member.reason)
    return member


@transaction.atomic
def decide_review(
    *,
    actor: User | None,
    review: GateReview,
    decision: str,
    reason: str,
    today: date,
    conditions: Sequence[ConditionGiven] = (),
    rework: str = "",
    next_on: date | None = None,
    valid_until: date | None = None,
    expected_version: int | None = None,
) -> GateReview:
    """
    Decide, as the chair; what follows happens in the same moment.

    GO closes the review. CONDITIONAL_GO keeps it until its conditions are met. HOLD puts the project on hold,
    RECYCLE plans the gate again, KILL cancels the project.

    Parameters
    ----------
    next_on : date, optional
        Needed by RECYCLE: the day of the next review.
    valid_until : date, optional
        Last day of a HOLD (90 days unless given) or of a GO nothing was begun on (180 days).

    Raises
    ------
    NotAllowed
        If the person does not chair the forum, or requested the review.
    Conflict
        If the quorum is missed, or the readiness forbids the decision (STD-14).
    DomainError
        If something the decision needs is missing; the field is named.
    """
    project = lock_project(actor, review.project, "project.view")
    locked = _lock(review)
    require_version(locked.version, expected=expected_version)
    if not locked.is_running:
        raise _wrong_state(locked)
    _require_chair(actor, locked)
    _require_quorum(locked)
    _require_open(locked, project, decision, today)
    _require_given(decision, reason, conditions, rework, next_on, today)
    if decision == GateDecision.KILL:
        _require_killers(locked, project)
    limit = valid_until or today + DAY * (HOLD_DAYS if decision == GateDecision.HOLD else GO_DAYS)
    if limit < today:
        raise DomainError(_("The last day is over."), field="valid_until", code="OVER")
    holds = decision in (GateDecision.GO, GateDecision.CONDITIONAL_GO, GateDecision.HOLD)
    stays = decision == GateDecision.CONDITIONAL_GO
    locked.state = GateState.DECIDED if stays else GateState.CLOSED
    locked.closed_on = None if stays else today
    locked.decision, locked.decided_on, locked.decided_by = decision, today, actor
    locked.reason, locked.rework = reason.strip(), rework.strip()
    locked.valid_until = limit if holds else None
    locked.dissent = _dissent(locked, decision)
    save_version(locked)
    _add_conditions(locked, conditions if stays else ())
    after = {"gate": locked.label, "decision": decision, "conditions": len(conditions) if stays else 0}
    record(actor, actions.GATE_DECIDED, locked, project, after=after, reason=locked.reason)
    _follow(locked, project, next_on=next_on, actor=actor, today=today)
    _tell_decision(locked, project)
    return locked


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
    stand = stand_of(gate_stands(known, reviews_of(project), today), gate, occurrence)
    if stand is None or stand.review is None or not stand.is_lapsed:
        raise Conflict(_("This decision has not lapsed, so there is nothing to renew."), code="NOT_LAPSED")
    if next_on < today:
        raise DomainError(_("The day is over."), field="next_on", code="OVER")
    made = plan_next(stand.review, project, day=next_on, actor=actor, today=today)
    after = {"gate": made.label, "due_on": next_on}
    record(actor, actions.GATE_PLANNED, made, project, after=after)
    return made


def _lock(review: GateReview) -> GateReview:
    return GateReview.objects.select_for_update(of=("self",)).get(pk=review.pk)


def _wrong_state(review: GateReview) -> Conflict:
    return Conflict(
        _("The review is in the state “%(state)s”, which does not allow this.")
        % {"state": review.get_state_display()},
        code="WRONG_STATE",
    )


def _require_chair(actor: User | None, review: GateReview) -> None:
    if actor is None:
        return
    if not review.members.filter(user=actor, part=GatePart.CHAIR).exists():
        raise NotAllowed(_("The chair of the forum decides."), code="NOT_THE_CHAIR")
    if review.requested_by_id == actor.pk:
        raise NotAllowed(_("You requested the review, so somebody else has to decide."), code="OWN_REQUEST")


def _require_quorum(review: GateReview) -> None:
    """Refuse while fewer deciders than the quorum took part (STD-16)."""
    present = review.members.exclude(vote="").count()
    quorum = int(review.evidence["quorum"])
    if present < quorum:
        raise Conflict(
            _("%(number)s of %(quorum)s deciders have voted. Abstentions count too.")
            % {"number": present, "quorum": quorum},
            code="QUORUM",
        )


def _require_open(review: GateReview, project: Project, decision: str, today: date) -> None:
    """Refuse what readiness (STD-14) or state (ORG-5) forbid; waivers approved since the request count."""
    if decision not in GateDecision.values:
        raise DomainError(_("There is no such decision."), field="decision", code="NO_SUCH_DECISION")
    found = frozen_readiness(review, bound(project, today), today)
    possible = decisions_for(found, project)
    if Decision(decision) in possible:
        return
    if Decision(decision) not in open_decisions(found):
        raise Conflict(limits_sentence(found, possible), field="decision", code="NOT_READY")
    raise Conflict(
        _("A project that is “%(state)s” cannot be decided so: it would change nothing.")
        % {"state": project.get_state_display()},
        field="decision",
        code="NO_EFFECT",
    )


def _require_given(
    decision: str,
    reason: str,
    conditions: Sequence[ConditionGiven],
    rework: str,
    next_on: date | None,
    today: date,
) -> None:
    if not reason.strip():
        raise DomainError(_("Say why this is decided."), field="reason", code="REASON_MISSING")
    if decision == GateDecision.CONDITIONAL_GO:
        _require_conditions(conditions, today)
    if decision == GateDecision.RECYCLE:
        if not rework.strip():
            raise DomainError(_("List what has to be reworked."), field="rework", code="REWORK_MISSING")
        if next_on is None or next_on < today:
            raise DomainError(_("Plan the day of the next review."), field="next_on", code="NO_DAY")


def _require_conditions(conditions: Sequence[ConditionGiven], today: date) -> None:
    if not conditions:
        raise DomainError(
            _("Write down at least one condition."), field="conditions", code="CONDITIONS_MISSING"
        )
    if any(not row.text.strip() or row.due < today for row in conditions):
        raise DomainError(
            _("Each condition has a text, an owner and a day that is not over."),
            field="conditions",
            code="CONDITION_INCOMPLETE",
        )


def _require_killers(review: GateReview, project: Project) -> None:
    """Refuse a KILL that sponsor and portfolio owner did not both vote for (domain 2.5)."""
    voted = set(review.members.filter(vote=GateVote.KILL).values_list("user_id", flat=True))
    sponsors = set(acting_on((Role.SPONSOR,), project.node).values_list("user_id", flat=True))
    owner = owner_of(project)
    if not voted & sponsors or owner is None or owner.pk not in voted:
        raise Conflict(
            _("A kill needs the votes of the sponsor and of the owner of the portfolio."),
            field="decision",
            code="KILL_NEEDS_BOTH",
        )


def _dissent(review: GateReview, decision: str) -> list[dict[str, str]]:
    """Return who voted for something else, with the reason."""
    rows = review.members.exclude(vote__in=["", decision, GateVote.ABSTAIN]).select_related("user")
    return [
        {"name": row.user.name, "vote": row.vote, "reason": row.reason}
        for row in rows.order_by("user__name", "pk")
    ]


def _add_conditions(review: GateReview, conditions: Sequence[ConditionGiven]) -> None:
    for number, given in enumerate(conditions, start=1):
        row = GateCondition(
            review=review, number=number, text=given.text.strip(), owner=given.owner, due=given.due
        )
        row.full_clean()
        row.save()
        tell(
            review,
            [given.owner],
            kind="gate_condition",
            title=_("A condition of gate %(gate)s is yours: %(project)s"),
            key=f"condition:{row.pk}",
        )


def _follow(
    review: GateReview, project: Project, *, next_on: date | None, actor: User | None, today: date
) -> None:
    """Let the decision take effect on calendar and project, whose state changes through its own service."""
    decision = review.decision
    if decision == GateDecision.RECYCLE:
        plan_next(review, project, day=next_on, actor=actor, today=today)
    if decision == GateDecision.HOLD:
        plan_next(review, project, day=review.valid_until, actor=actor, today=today)
    if decision in (GateDecision.RECYCLE, GateDecision.HOLD):
        _keep_forum(review)
    target = {GateDecision.HOLD: ProjectState.ON_HOLD, GateDecision.KILL: ProjectState.CANCELED}.get(
        GateDecision(decision)
    )
    if review.is_passed and project.state == ProjectState.ON_HOLD:
        target = ProjectState(project.state_before_hold)
    if target is not None and target != project.state:
        why = _("Gate %(gate)s: %(decision)s. %(reason)s") % {
            "gate": review.label,
            "decision": review.get_decision_display(),
            "reason": review.reason,
        }
        change_state(actor=None, project=project, state=target, today=today, reason=str(why))


def _keep_forum(review: GateReview) -> None:
    """Let the same forum look at the next review, unless that has one."""
    following = GateReview.objects.get(
        project_id=review.project_id, gate=review.gate, occurrence=review.occurrence + 1
    )
    if not following.members.exists():
        GateMember.objects.bulk_create(
            GateMember(review=following, user_id=row.user_id, part=row.part)
            for row in review.members.order_by("pk")
        )


def _members(review: GateReview) -> list[User]:
    return [row.user for row in review.members.select_related("user").order_by("pk")]


def _tell_decision(review: GateReview, project: Project) -> None:
    managers = acting_on((Role.PROJECT_MANAGER,), project.node).filter(node_id=project.node_id)
    people = [*_members(review), *(grant.user for grant in managers.select_related("user"))]
    if review.requested_by is not None:
        people.append(review.requested_by)
    tell(
        review,
        people,
        kind="gate_decided",
        title=_("Gate %(gate)s is decided: %(decision)s (%(project)s)"),
        key="decided",
    )
