"""Conditions of a gate: its owner shows what was done, the forum agrees or waives (domain 2.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import User
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from portfolio import actions
from portfolio.choices import ConditionState, GatePart, GateState
from portfolio.models import GateCondition, GateReview
from portfolio.services.gate_forums import require_free
from portfolio.services.gate_messages import settle_asked, tell
from portfolio.services.gate_preparation import lock_review
from portfolio.services.governance import lock_project, record
from projects.models import Project
from projects.services.changes import save_version


@dataclass(frozen=True)
class ConditionGiven:
    """A condition of a conditional GO: an action with owner and day; ``place`` is its row in a form."""

    text: str
    owner: User
    due: date
    place: int = 0


def add_conditions(review: GateReview, conditions: Sequence[ConditionGiven]) -> None:
    """Write the conditions of a decision, and tell each owner once. The caller checked them."""
    own: dict[User, list[str]] = {}
    for number, given in enumerate(conditions, start=1):
        row = GateCondition(
            review=review, number=number, text=given.text.strip(), owner=given.owner, due=given.due
        )
        row.full_clean()
        row.save()
        own.setdefault(given.owner, []).append(row.text)
    for owner, texts in own.items():
        tell(
            review,
            [owner],
            kind="gate_condition",
            title=ngettext_lazy(
                "A condition of gate %(gate)s is yours: %(project)s",
                "Conditions of gate %(gate)s are yours: %(project)s",
                len(texts),
            ),
            body="\n".join(texts),
            key="conditions",
        )


@transaction.atomic
def show_evidence(
    *, actor: User | None, condition: GateCondition, evidence: str, today: date
) -> GateCondition:
    """
    Say that a condition is met, and how; the chair is told and agrees, or not.

    Raises
    ------
    NotAllowed
        If the person neither owns it nor keeps the governance of the project.
    """
    project = lock_project(actor, condition.review.project, "project.view")
    locked = _lock(condition)
    is_owner = actor is None or locked.owner_id == actor.pk
    if not is_owner and not may(actor, "governance.edit", project.node):
        raise NotAllowed(_("Its owner, or who keeps the governance of the project, says that it is met."))
    if not evidence.strip():
        raise DomainError(_("Say what was done, and where it is seen."), field="evidence", code="NO_EVIDENCE")
    locked.evidence, locked.evidence_on, locked.evidence_by = evidence.strip(), today, actor
    locked.save(update_fields=["evidence", "evidence_on", "evidence_by"])
    after = {"gate": locked.review.label, "number": locked.number}
    record(actor, actions.CONDITION_SHOWN, locked, project, after=after, reason=locked.evidence)
    chairs = locked.review.members.filter(part=GatePart.CHAIR).select_related("user")
    tell(
        locked.review,
        [row.user for row in chairs],
        kind="gate_condition_shown",
        title=_("A condition of gate %(gate)s is said to be met: %(project)s"),
        key=f"shown:{locked.pk}:{today.isoformat()}",
    )
    return locked


@transaction.atomic
def end_condition(
    *, actor: User | None, condition: GateCondition, state: str, note: str, today: date
) -> GateCondition:
    """
    Agree that a condition is met, or waive it; with the last one the review is closed.

    Raises
    ------
    NotAllowed
        If the person is no decider of the review, or owns the condition (ORG-8).
    DomainError
        If it is met without evidence, or waived without a reason.
    """
    project = lock_project(actor, condition.review.project, "project.view")
    review = lock_review(condition.review)
    locked = _lock(condition)
    _require_decider(actor, locked, project)
    if state not in (ConditionState.MET, ConditionState.WAIVED):
        raise DomainError(_("A condition is met or waived."), field="state", code="NO_SUCH_STATE")
    if state == ConditionState.MET and not locked.evidence:
        raise DomainError(_("Nobody has said yet how it was met."), field="state", code="NO_EVIDENCE")
    if state == ConditionState.WAIVED and not note.strip():
        raise DomainError(_("Say why it is waived."), field="note", code="NOTE_MISSING")
    locked.state, locked.note = state, note.strip()
    locked.ended_on, locked.ended_by = today, actor
    locked.save(update_fields=["state", "note", "ended_on", "ended_by"])
    is_last = not review.conditions.filter(state=ConditionState.OPEN).exists()
    if is_last and review.state == GateState.DECIDED:
        review.state, review.closed_on = GateState.CLOSED, today
        save_version(review)
    settle_asked(review, f"shown:{locked.pk}")
    after = {"gate": review.label, "number": locked.number, "state": state, "closes": is_last}
    record(actor, actions.CONDITION_ENDED, locked, project, after=after, reason=locked.note)
    tell(
        review,
        [locked.owner],
        kind="gate_condition_ended",
        title=_("Your condition of gate %(gate)s is settled: %(project)s"),
        key=f"ended:{locked.pk}",
    )
    return locked


def _lock(condition: GateCondition) -> GateCondition:
    locked = GateCondition.objects.select_for_update(of=("self",)).get(pk=condition.pk)
    if locked.state != ConditionState.OPEN:
        raise Conflict(_("This condition is settled already."), code="SETTLED")
    return locked


def _require_decider(actor: User | None, condition: GateCondition, project: Project) -> None:
    if actor is None:
        return
    voting = condition.review.members.exclude(part=GatePart.ADVISER)
    if not voting.filter(user=actor).exists():
        raise NotAllowed(_("The deciders of the review settle its conditions."), code="NO_DECIDER")
    if condition.owner_id == actor.pk:
        raise NotAllowed(_("You own it, so somebody else has to agree."), code="OWN_REQUEST")
    if condition.evidence_by_id == actor.pk:
        raise NotAllowed(_("You said that it is met, so somebody else has to agree."), code="OWN_EVIDENCE")
    require_free(actor, project)
