"""Let a gate of the demo stop a project: hold it, or kill it and begin to close it."""

from datetime import date, timedelta

from pmo_portal.accounts.models import User
from portfolio.choices import GateDecision
from portfolio.models import ClosingItem, GateReview
from portfolio.selectors.gate_forum import forum_choices, owner_of
from portfolio.selectors.gates import GateStand, gate_stands, reviews_of
from portfolio.selectors.governance import Governance
from portfolio.services.closing_lists import tick_closing_item
from portfolio.services.demo.cast import Cast
from portfolio.services.demo.gates import pass_before, prepare
from portfolio.services.demo.governance import follow
from portfolio.services.demo.ledger import rounded
from portfolio.services.gate_decisions import decide_review
from portfolio.services.gate_reviews import NotReadyError, cast_vote, request_review
from portfolio.services.governance import bound, plan_gates
from projects.choices import RESERVES, CommitmentState, CostSource
from projects.models import BudgetLine, Commitment, Project
from projects.selectors.members import leads_of
from projects.services.commitments import close_commitment, edit_commitment
from projects.services.costs import post_actual_cost

TICKED = ("Told in the team meeting and by letter to the suppliers.", "Both orders are settled.", "")
"""What is said about the first lines of a closing checklist; the others stay open."""
WEEK = timedelta(days=7)


def stop_at_gate(
    cast: Cast, project: Project, *, decision: GateDecision, day: date, as_of: date, reason: str
) -> bool:
    """
    Hold the gate that comes next on a day, and let it hold or kill the project; return whether it could.

    Sponsor and owner of the portfolio vote so; the owner chairs.
    """
    project = Project.objects.select_related("node", "org_unit").get(pk=project.pk)
    follow(cast, project, as_of=day)
    known = bound(project, day)
    stand = _next_gate(project, known, day)
    owner = owner_of(project)
    leads = leads_of(project, today=as_of)
    if stand is None or owner is None or not leads.sponsors:
        return False
    people = list(dict.fromkeys((owner, leads.sponsors[0])))
    allowed = forum_choices(project, stand.gate, known.content).deciders
    if any(person not in allowed for person in people):
        return False
    review = _brought_in(project, known, stand, people, day)
    if review is None:
        return False
    for person in people:
        cast_vote(actor=person, review=review, vote=decision, reason=reason, today=day)
    last = BudgetLine.objects.filter(project=project).exclude(category__in=RESERVES).order_by("-pk")[:1]
    decide_review(
        actor=people[0],
        review=review,
        decision=decision,
        reason=reason,
        today=day,
        closing_lines=list(last) if decision == GateDecision.HOLD else (),
        valid_until=as_of + 4 * WEEK if decision == GateDecision.HOLD else None,
    )
    _begin_to_close(review, day)
    if decision == GateDecision.KILL:
        _settle(cast, project, day + 2 * WEEK)
    return True


def _next_gate(project: Project, known: Governance, day: date) -> GateStand | None:
    """Return the gate that comes next, after those before it are recorded as passed elsewhere."""
    stands = gate_stands(known, reviews_of(project), day)
    for stand in stands:
        if stand.day is None or stand.day > day:
            return stand
        pass_before(project, known, stand, day)
    return None


def _brought_in(
    project: Project, known: Governance, stand: GateStand, people: list[User], day: date
) -> GateReview | None:
    """Return the requested review, its day moved to the one it was held on."""
    at = (stand.gate.code, stand.occurrence)
    plan_gates(actor=None, project=project, dates={at: day}, today=day)
    prepare(project, known, stand, day, share=0, people=people)
    try:
        return request_review(
            actor=None, project=project, gate=stand.gate.code, occurrence=stand.occurrence, today=day
        )
    except NotReadyError:
        return None


def _settle(cast: Cast, project: Project, day: date) -> None:
    """Pay half of what is still promised for the work done before the kill, and end the orders."""
    for order in Commitment.objects.filter(project=project, state=CommitmentState.OPEN).order_by("number"):
        owed = rounded((order.amount - order.invoiced) / 2)
        post_actual_cost(
            actor=cast.finance,
            project=project,
            posting_date=day,
            amount=owed,
            text=f"Settlement of order {order.number}",
            source=CostSource.INVOICE,
            line=order.line,
        )
        changes = {"invoiced": order.invoiced + owed}
        edit_commitment(actor=cast.finance, commitment=order, changes=changes, expected_version=None)
        close_commitment(actor=cast.finance, commitment=order, closed_on=day, expected_version=None)


def _begin_to_close(review: GateReview, day: date) -> None:
    """Let the owners of the first lines of a closing checklist tick them off, a week apart."""
    items = ClosingItem.objects.filter(project=review.project).select_related("owner").order_by("number")
    for place, (item, note) in enumerate(zip(items, TICKED, strict=False), start=1):
        tick_closing_item(actor=item.owner, item=item, note=note, today=day + place * WEEK)
