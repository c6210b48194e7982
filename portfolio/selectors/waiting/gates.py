"""Gates that wait for a person's vote or decision, and conditions to be met or settled (domain 2.5)."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo_portal.accounts.scopes import grants_in_force, lasting_grants, within_reach
from portfolio.access import BARRED
from portfolio.choices import ConditionState, GatePart, WaitingKind
from portfolio.models import ClosingItem, GateCondition, GateDate, GateMember
from portfolio.models.gate import RUNNING, label_of
from portfolio.selectors.waiting.line import Waiting
from projects.models import Project


def reviews(user: Any) -> list[Waiting]:
    """Return the reviews the person has not voted in, or can decide as their chair. One query."""
    planned = GateDate.objects.filter(
        project=OuterRef("review__project"),
        gate=OuterRef("review__gate"),
        occurrence=OuterRef("review__occurrence"),
    ).order_by("-made_on", "-pk")
    seats = (
        _seats(user)
        .filter(review__state__in=RUNNING)
        .exclude(review__requested_by=user)
        .annotate(
            present=Coalesce(Subquery(_present()), 0),
            planned_for=Subquery(planned.values("due_on")[:1]),
        )
        .order_by("pk")
        .values(
            *("part", "vote", "present", "planned_for", "review__gate", "review__occurrence"),
            *("review__requested_on", "review__requested_by__name", "review__project__code"),
            *("review__project__name", "review__evidence__quorum"),
        )
    )
    return [line for row in seats if (line := _review(row)) is not None]


def conditions(user: Any) -> list[Waiting]:
    """
    Return the open conditions the person owns and has to meet, and those said to be met that the person may
    settle as a decider. One query.
    """
    own = Q(owner=user, evidence="", review__project__in=Project.objects.visible_to(user))
    said = Q(review__in=_seats(user).values("review")) & ~Q(evidence="")
    said &= ~Q(owner=user) & (Q(evidence_by=None) | ~Q(evidence_by=user))
    rows = GateCondition.objects.filter(own | said, state=ConditionState.OPEN)
    found = rows.select_related("review__project", "review__decided_by", "evidence_by")
    return [_condition(row, is_own=row.owner_id == user.pk) for row in found.order_by("due", "pk")]


def closing(user: Any) -> list[Waiting]:
    """
    Return one line for each canceled project whose closing checklist has open lines: for their owners, and
    for who keeps the governance of the project. One query.
    """
    rows = ClosingItem.objects.filter(
        Q(owner=user) | Q(within_reach(user, "governance.edit", node="project__node")),
        done_on=None,
        project__in=Project.objects.visible_to(user),
    )
    found = rows.order_by("project__code").values("project__code", "project__name", "project__state_since")
    return [_closing(row) for row in found.annotate(number=Count("pk"))]


def _closing(row: Mapping[str, Any]) -> Waiting:
    """Return the line of a project; it counts the open lines the person may tick."""
    title = ngettext(
        "Closing checklist: %(number)s line is open",
        "Closing checklist: %(number)s lines are open",
        row["number"],
    )
    code = row["project__code"]
    return Waiting(
        kind=WaitingKind.CLOSING,
        title=title % row,
        url=reverse("portfolio:closing_list", args=[code]),
        project=code,
        project_name=row["project__name"],
        since=row["project__state_since"],
    )


def _condition(row: GateCondition, *, is_own: bool) -> Waiting:
    """Return the line of a condition; its owner is led to where it is said to be met."""
    review = row.review
    asked_by = review.decided_by if is_own else row.evidence_by
    shown = reverse("portfolio:condition_show", args=[review.project.code, row.pk])
    return Waiting(
        kind=WaitingKind.OWN_CONDITION if is_own else WaitingKind.GATE_CONDITION,
        title=_("Condition of gate %(gate)s: %(text)s") % {"gate": review.label, "text": row.text},
        url=shown if is_own else f"{review.get_absolute_url()}#conditions",
        project=review.project.code,
        project_name=review.project.name,
        asked_by=asked_by.name if asked_by else "",
        since=review.decided_on if is_own else row.evidence_on,
        due=row.due,
    )


def _seats(user: Any) -> Any:
    """Return the person's seats with a vote, in projects the person sees and does not work in (STD-16)."""
    works = grants_in_force(user).filter(
        role__in=BARRED, ends_at__isnull=True, node=OuterRef("review__project__node")
    )
    return GateMember.objects.filter(
        ~Exists(works), user=user, review__project__in=Project.objects.visible_to(user)
    ).exclude(part=GatePart.ADVISER)


def _present() -> Any:
    """Return how many votes of a review count for its quorum: not those of people in the project."""
    works = lasting_grants(BARRED).filter(user=OuterRef("user"), node=OuterRef("review__project__node"))
    votes = GateMember.objects.filter(~Exists(works), review=OuterRef("review")).exclude(vote="")
    return votes.order_by().values("review").annotate(number=Count("pk")).values("number")


def _review(row: dict[str, Any]) -> Waiting | None:
    """Return the line of a seat; None once it has voted and cannot decide."""
    quorum = row["review__evidence__quorum"]
    can_decide = row["part"] == GatePart.CHAIR and quorum is not None and row["present"] >= int(quorum)
    if row["vote"] and not can_decide:
        return None
    gate, occurrence = row["review__gate"], row["review__occurrence"]
    code = row["review__project__code"]
    title = _("Gate %(gate)s: the votes are in, decide") if can_decide else _("Gate %(gate)s: cast your vote")
    return Waiting(
        kind=WaitingKind.GATE_DECISION if can_decide else WaitingKind.GATE_VOTE,
        title=title % {"gate": label_of(gate, occurrence)},
        url=reverse("portfolio:gate", args=[code, gate, occurrence]),
        project=code,
        project_name=row["review__project__name"],
        asked_by=row["review__requested_by__name"] or "",
        since=row["review__requested_on"],
        due=row["planned_for"],
    )
