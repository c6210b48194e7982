"""Name the forum of a gate: chair, deciders, advisers (STD-16)."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from portfolio import actions
from portfolio.access import barred_from
from portfolio.choices import GatePart, GateState
from portfolio.models import GateMember, GateReview
from portfolio.selectors.gate_forum import ForumChoices, forum_blockers, forum_choices, parts_of
from portfolio.services.gate_messages import tell
from portfolio.services.gate_preparation import gate_rule, open_review, require_state
from portfolio.services.governance import bound, lock_project, record
from projects.models import Project
from projects.services.changes import require_version, save_version

VOTING = (GatePart.CHAIR, GatePart.DECIDER)


@transaction.atomic
def set_forum(
    *,
    actor: User | None,
    project: Project,
    gate: str,
    occurrence: int,
    chair: User,
    deciders: Sequence[User],
    advisers: Sequence[User] = (),
    today: date,
    expected_version: int | None = None,
) -> GateReview:
    """
    Name who decides and who advises; new people are told.

    Parameters
    ----------
    deciders : sequence of User
        The chair is one of them in any case.

    Raises
    ------
    DomainError
        If somebody has no role that decides this gate, works in the project, or does not see it.
    Conflict
        If somebody has voted already, or the forum of a requested review could not decide any more.
    """
    project = lock_project(actor, project)
    known = bound(project, today)
    rule = gate_rule(known, gate, occurrence, project)
    review = open_review(project, known, rule, occurrence)
    require_version(review.version, expected=expected_version)
    require_state(review, (GateState.PLANNED, GateState.REQUESTED))
    choices = forum_choices(project, rule, known.content)
    wanted = {row.pk: GatePart.DECIDER.value for row in deciders} | {chair.pk: GatePart.CHAIR.value}
    others = [row for row in advisers if row.pk not in wanted]
    _require_people([chair], choices.deciders, choices, "chair")
    _require_people(deciders, choices.deciders, choices, "deciders")
    _require_people(others, choices.everybody, choices, "advisers")
    parts = {**{row.pk: GatePart.ADVISER.value for row in others}, **wanted}
    if review.state == GateState.REQUESTED:
        _require_able(review, parts, project)
    before = parts_of(review.members.all())
    review.members.all().delete()
    GateMember.objects.bulk_create(
        GateMember(review=review, user_id=pk, part=part) for pk, part in sorted(parts.items())
    )
    save_version(review)
    people = (chair, *deciders, *others)
    names = {row.pk: row.name for row in people}
    after = {names[pk]: part for pk, part in sorted(parts.items())}
    record(actor, actions.GATE_FORUM_SET, review, project, after={"gate": review.label, "forum": after})
    tell(
        review,
        [row for row in people if row.pk not in before],
        kind="gate_forum",
        title=_("You are in the forum of gate %(gate)s: %(project)s"),
        key=f"forum:{review.version}",
    )
    return review


def keep_forum(review: GateReview, project: Project) -> None:
    """Let the same forum look at the next review unless it has one, without who works in the project now."""
    following = GateReview.objects.get(
        project_id=review.project_id, gate=review.gate, occurrence=review.occurrence + 1
    )
    if following.members.exists():
        return
    staying = review.members.exclude(user__in=barred_from(project), part__in=VOTING)
    GateMember.objects.bulk_create(
        GateMember(review=following, user_id=row.user_id, part=row.part) for row in staying.order_by("pk")
    )


def members_of(review: GateReview) -> list[User]:
    """Return the people of a forum. One query."""
    return [row.user for row in review.members.select_related("user").order_by("pk")]


def require_free(actor: User, project: Project) -> None:
    """Refuse who manages the project or works in it, whenever that began (STD-16)."""
    if actor.pk in barred_from(project):
        raise NotAllowed(_("You work in this project, so you do not decide its gates."), code="BARRED")


def _require_people(
    people: Sequence[User], allowed: Collection[User], choices: ForumChoices, field: str
) -> None:
    """Refuse people who do not fit; only those the caller sees in the project are named (ORG-9)."""
    wrong = [person for person in people if person not in allowed]
    if any(person not in choices.everybody for person in wrong):
        raise DomainError(
            _("Choose people with a role in the project."),
            field=field,
            code="SEES_NOT",
        )
    if wrong:
        raise DomainError(
            _(
                "Not for this forum: %(names)s. Deciders hold a role that decides the gate, and do not work "
                "in the project."
            )
            % {"names": ", ".join(person.name for person in wrong)},
            field=field,
            code="NOT_A_DECIDER",
        )


def _require_able(review: GateReview, parts: dict[int, str], project: Project) -> None:
    """Refuse a forum that could not decide what was requested: quorum, and who requested it (ORG-8)."""
    blockers = forum_blockers(
        parts,
        quorum=int(review.evidence["quorum"]),
        barred=barred_from(project),
        requester_id=review.requested_by_id,
    )
    if blockers:
        raise Conflict(blockers[0].sentence, field=blockers[0].field, code=blockers[0].code)
