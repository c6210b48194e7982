"""Decide at a gate, as its chair, and let the decision take effect (STD-14, STD-16, domain 2.5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import acting_on
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from portfolio import actions
from portfolio.access import barred_from, who_sees
from portfolio.choices import GateDecision, GatePart, GateState, GateVote
from portfolio.models import GateReview
from portfolio.models.gate import RUNNING
from portfolio.rollup.readiness import Decision, open_decisions
from portfolio.selectors.gate_facts import frozen_readiness
from portfolio.selectors.gate_forum import owner_of
from portfolio.selectors.gate_words import limits_sentence
from portfolio.selectors.gates import decisions_for
from portfolio.services.gate_conditions import ConditionGiven, add_conditions
from portfolio.services.gate_forums import keep_forum, members_of, require_free
from portfolio.services.gate_funds import note_release, require_releasable
from portfolio.services.gate_holds import require_listable, stop_costs
from portfolio.services.gate_messages import settle_asked, tell
from portfolio.services.gate_preparation import lock_review, plan_next, require_state
from portfolio.services.governance import bound, lock_project, record
from projects.choices import ProjectState
from projects.models import BudgetLine, Project
from projects.services.changes import require_version, save_version
from projects.services.states import change_state

GO_DAYS = 180
HOLD_DAYS = 90
DAY = timedelta(days=1)
D = GateDecision
TAKES = {
    D.GO: frozenset({"valid_until", "released_amount"}),
    D.CONDITIONAL_GO: frozenset({"valid_until", "released_amount", "conditions"}),
    D.HOLD: frozenset({"valid_until", "closing_lines"}),
    D.RECYCLE: frozenset({"rework", "next_on"}),
    D.KILL: frozenset[str](),
}
"""What each decision takes besides its reason."""


@dataclass(frozen=True)
class Given:
    """What the chair decides, with all that was typed."""

    decision: str
    reason: str
    conditions: tuple[ConditionGiven, ...]
    rework: str
    next_on: date | None
    valid_until: date | None
    released_amount: Decimal | None
    closing_lines: tuple[BudgetLine, ...] = ()

    @property
    def filled(self) -> dict[str, bool]:
        """What was given besides decision and reason."""
        return {
            "conditions": bool(self.conditions),
            "rework": bool(self.rework),
            "next_on": self.next_on is not None,
            "valid_until": self.valid_until is not None,
            "released_amount": self.released_amount is not None,
            "closing_lines": bool(self.closing_lines),
        }


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
    released_amount: Decimal | None = None,
    closing_lines: Sequence[BudgetLine] = (),
    expected_version: int | None = None,
) -> GateReview:
    """
    Decide, as the chair; what follows happens in the same moment.

    GO closes the review and may release money for the next phase. CONDITIONAL_GO does too, and keeps the
    review until its conditions are met. HOLD puts the project on hold and stops the booking of its costs,
    RECYCLE plans the gate again, KILL cancels the project and opens its closing checklist.

    Parameters
    ----------
    next_on : date, optional
        Needed by RECYCLE: the day of the next review.
    valid_until : date, optional
        Last day of a HOLD (90 days unless given) or of a GO nothing was begun on (180 days).
    released_amount : Decimal, optional
        What a go releases for the phase after the gate, in project currency.
    closing_lines : sequence of BudgetLine
        Lines costs are still booked on during a HOLD.

    Raises
    ------
    NotAllowed
        If the person does not chair the forum, requested the review, works in the project or sees no money.
    Conflict
        If the quorum is missed, or readiness or state of the project forbid the decision (STD-14, ORG-5).
    DomainError
        If something the decision needs is missing, or something it does not take is given; the field is
        named, ``due_2`` for the day of the second condition.
    """
    project = lock_project(actor, review.project, "project.view")
    locked = lock_review(review)
    require_version(locked.version, expected=expected_version)
    require_state(locked, RUNNING)
    asked, lines = (next_on, valid_until, released_amount), tuple(closing_lines)
    given = Given(decision, reason.strip(), tuple(conditions), rework.strip(), *asked, lines)
    _require_all(locked, project, given=given, actor=actor, today=today)
    _write(locked, given, actor, today)
    add_conditions(locked, given.conditions)
    _note(actor, locked, project, given)
    _follow(locked, project, given=given, actor=actor, today=today)
    _tell_decision(locked, project)
    return locked


def _require_all(
    review: GateReview, project: Project, *, given: Given, actor: User | None, today: date
) -> None:
    """Refuse who may not decide, and what may not be decided or given."""
    _require_chair(actor, review, project)
    _require_quorum(review, project)
    _require_open(review, project, given.decision, today)
    _require_given(given, project, today)
    known = bound(project, today)
    require_releasable(actor, project, known, review.gate, given.released_amount, today)
    require_listable(actor, project, given.closing_lines)
    if given.decision == D.KILL:
        _require_killers(review, project)


def _note(actor: User | None, review: GateReview, project: Project, given: Given) -> None:
    """Write the decision into the trail, and what it releases."""
    after = {"gate": review.label, "decision": given.decision, "conditions": len(given.conditions)}
    record(actor, actions.GATE_DECIDED, review, project, after=after, reason=review.reason)
    note_release(actor, review, project)


def _write(review: GateReview, given: Given, actor: User | None, today: date) -> None:
    stays = given.decision == D.CONDITIONAL_GO
    review.state = GateState.DECIDED if stays else GateState.CLOSED
    review.closed_on = None if stays else today
    review.decision, review.decided_on, review.decided_by = given.decision, today, actor
    review.reason, review.rework = given.reason, given.rework
    review.released_amount = given.released_amount
    if "valid_until" in TAKES[D(given.decision)]:
        days = HOLD_DAYS if given.decision == D.HOLD else GO_DAYS
        review.valid_until = given.valid_until or today + DAY * days
    review.dissent = _dissent(review, given.decision)
    save_version(review)


def _require_chair(actor: User | None, review: GateReview, project: Project) -> None:
    if actor is None:
        return
    if not review.members.filter(user=actor, part=GatePart.CHAIR).exists():
        raise NotAllowed(_("The chair of the forum decides."), code="NOT_THE_CHAIR")
    if review.requested_by_id == actor.pk:
        raise NotAllowed(_("You requested the review, so somebody else has to decide."), code="OWN_REQUEST")
    require_free(actor, project)


def _require_quorum(review: GateReview, project: Project) -> None:
    """Refuse while fewer deciders than the quorum took part; votes of people in the project do not count."""
    present = review.members.exclude(vote="").exclude(user__in=barred_from(project)).count()
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


def _require_given(given: Given, project: Project, today: date) -> None:
    """Refuse what is missing, and what the decision does not take: nothing is dropped silently."""
    if not given.reason:
        raise DomainError(_("Say why this is decided."), field="reason", code="REASON_MISSING")
    decision = D(given.decision)
    for name, is_filled in given.filled.items():
        if is_filled and name not in TAKES[decision]:
            raise DomainError(
                _("“%(decision)s” does not take this. Leave it empty, or decide otherwise.")
                % {"decision": decision.label},
                field=f"condition_{given.conditions[0].place or 1}" if name == "conditions" else name,
                code="NOT_TAKEN",
            )
    if given.valid_until is not None and given.valid_until < today:
        raise DomainError(_("The last day is over."), field="valid_until", code="OVER")
    if decision == D.CONDITIONAL_GO:
        _require_conditions(given.conditions, project, today)
    if decision == D.RECYCLE:
        if not given.rework:
            raise DomainError(_("List what has to be reworked."), field="rework", code="REWORK_MISSING")
        if given.next_on is None or given.next_on < today:
            raise DomainError(_("Plan the day of the next review."), field="next_on", code="NO_DAY")


def _require_conditions(conditions: Sequence[ConditionGiven], project: Project, today: date) -> None:
    """Refuse conditions without text, with a day that is over, or whose owner does not see the project."""
    if not conditions:
        raise DomainError(
            _("Write down at least one condition."), field="condition_1", code="CONDITIONS_MISSING"
        )
    seeing = who_sees(project, [row.owner for row in conditions])
    for position, row in enumerate(conditions, start=1):
        number = row.place or position
        if not row.text.strip():
            raise DomainError(_("Say what has to be done."), field=f"condition_{number}", code="TEXT_MISSING")
        if row.due < today:
            raise DomainError(_("This day is over."), field=f"due_{number}", code="OVER")
        if row.owner.pk not in seeing:
            raise DomainError(
                _("Choose people with a role in the project."),
                field=f"owner_{number}",
                code="SEES_NOT",
            )


def _require_killers(review: GateReview, project: Project) -> None:
    """Refuse a KILL that sponsor and portfolio owner did not both vote for (domain 2.5)."""
    voted = _voters(review, D.KILL).difference(barred_from(project))
    sponsors = set(acting_on((Role.SPONSOR,), project.node).values_list("user_id", flat=True))
    owner = owner_of(project)
    if not voted & sponsors or owner is None or owner.pk not in voted:
        raise Conflict(
            _("A kill needs the votes of the sponsor and of the owner of the portfolio."),
            field="decision",
            code="KILL_NEEDS_BOTH",
        )


def _voters(review: GateReview, vote: str) -> set[int]:
    return set(review.members.filter(vote=vote).values_list("user_id", flat=True))


def _dissent(review: GateReview, decision: str) -> list[dict[str, str]]:
    """Return who voted for something else, with the reason; the own vote of who decides is no dissent."""
    rows = review.members.exclude(vote__in=["", decision, GateVote.ABSTAIN]).select_related("user")
    rows = rows.exclude(user=review.decided_by) if review.decided_by else rows
    return [
        {"name": row.user.name, "vote": row.vote, "reason": row.reason}
        for row in rows.order_by("user__name", "pk")
    ]


def _follow(review: GateReview, project: Project, *, given: Given, actor: User | None, today: date) -> None:
    """Let the decision take effect on calendar and project, whose state changes through its own service."""
    if review.decision in (D.RECYCLE, D.HOLD):
        day = given.next_on if review.decision == D.RECYCLE else review.valid_until
        plan_next(review, project, day=day, actor=actor, today=today)
        keep_forum(review, project)
    target = {D.HOLD: ProjectState.ON_HOLD, D.KILL: ProjectState.CANCELED}.get(D(review.decision))
    if review.is_passed and project.state == ProjectState.ON_HOLD:
        target = ProjectState(project.state_before_hold)
    if target is not None and target != project.state:
        why = _("Gate %(gate)s: %(decision)s. %(reason)s") % {
            "gate": review.label,
            "decision": review.get_decision_display(),
            "reason": review.reason,
        }
        change_state(actor=None, project=project, state=target, today=today, reason=str(why))
    if review.decision == D.HOLD:
        stop_costs(review, project, lines=given.closing_lines, actor=actor, today=today)


def _tell_decision(review: GateReview, project: Project) -> None:
    """Let messages that asked for it rest, and tell the forum and those who asked what was decided."""
    settle_asked(review, "requested", "forum")
    managers = acting_on((Role.PROJECT_MANAGER,), project.node).filter(node_id=project.node_id)
    people: Iterable[Any] = [*members_of(review), *(grant.user for grant in managers.select_related("user"))]
    if review.requested_by is not None:
        people = [*people, review.requested_by]
    tell(
        review,
        people,
        kind="gate_decided",
        title=_("Gate %(gate)s is decided: %(decision)s (%(project)s)"),
        key="decided",
    )
