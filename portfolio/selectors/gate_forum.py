"""Who may sit in the forum of a gate, and whether a forum can decide (STD-16)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.permissions import roles_with
from pmo_portal.accounts.scopes import acting_on
from portfolio.access import barred_from
from portfolio.choices import GatePart
from portfolio.models import GateMember, PortfolioComponent
from portfolio.rollup.methodology import Content, GateRule
from projects.models import Project


@dataclass(frozen=True)
class ForumChoices:
    """
    People for the forum, all of whom see the project: ``deciders`` hold a role that decides the gate.

    Project manager and team of the project may only advise; sponsor and owner of the portfolio may always
    decide, because a KILL needs both.
    """

    deciders: tuple[User, ...]
    advisers: tuple[User, ...]

    @property
    def everybody(self) -> tuple[User, ...]:
        """All of them; anybody here may own a condition."""
        return (*self.deciders, *self.advisers)


@dataclass(frozen=True)
class Blocker:
    """Why a review cannot be requested: code, a sentence that says what to do, the field of the forum."""

    code: str
    sentence: str
    field: str = ""


def forum_choices(project: Project, gate: GateRule, content: Content) -> ForumChoices:
    """Return who may decide and advise. Three queries."""
    roles = {*decider_roles(gate, content), Role.SPONSOR.value}
    grants = acting_on(roles_with("project.view"), project.node).select_related("user")
    seeing: dict[int, User] = {}
    deciding: set[int] = set()
    for grant in grants.order_by("pk"):
        seeing[grant.user_id] = grant.user
        if grant.role in roles:
            deciding.add(grant.user_id)
    owner = owner_of(project)
    if owner is not None:
        deciding.add(owner.pk)
    deciding -= barred_from(project)
    return ForumChoices(
        deciders=_sorted(person for pk, person in seeing.items() if pk in deciding),
        advisers=_sorted(person for pk, person in seeing.items() if pk not in deciding),
    )


def forum_blockers(
    parts: Mapping[int, str], *, quorum: int, barred: Iterable[int], requester_id: int | None
) -> list[Blocker]:
    """
    Return why a forum cannot decide. No query.

    Parameters
    ----------
    parts : mapping of int to str
        The part of each person, by key.
    requester_id : int or None
        Who requests the review: has no vote and is not the chair (ORG-8).
    """
    chair = next((pk for pk, part in parts.items() if part == GatePart.CHAIR), None)
    if chair is None:
        return [Blocker("NO_FORUM", _("Name the forum with its chair first."), "chair")]
    out = {*barred, requester_id}
    voting = [pk for pk, part in parts.items() if part != GatePart.ADVISER and pk not in out]
    found = []
    if len(voting) < quorum:
        values = {"number": len(voting), "quorum": quorum}
        sentence = _(
            "%(number)s can vote, %(quorum)s are needed. Who requests the review or works in the project "
            "does not vote."
        )
        found.append(Blocker("QUORUM", sentence % values, "deciders"))
    if chair == requester_id:
        sentence = _("Who chairs the forum decides, so somebody else requests.")
        found.append(Blocker("OWN_REQUEST", sentence, "chair"))
    elif chair in out:
        sentence = _("Who chairs the forum works in the project now. Name somebody else.")
        found.append(Blocker("BARRED", sentence, "chair"))
    return found


def parts_of(members: Iterable[GateMember]) -> dict[int, str]:
    """Return the part of each member of a forum, by key of the person. No query."""
    return {row.user_id: row.part for row in members}


def decider_roles(gate: GateRule, content: Content) -> tuple[str, ...]:
    """Return the roles of the portal whose holders decide a gate."""
    found = [content.role(code) for code in gate.deciders]
    return tuple(dict.fromkeys(name for role in found if role for name in role.held_by))


def owner_of(project: Project) -> User | None:
    """Return the owner of the project's portfolio, if it is somebody who can sign in. One query."""
    rows = PortfolioComponent.objects.filter(project=project).select_related("portfolio__owner__user")
    row = rows.first()
    return row.portfolio.owner.user if row and row.portfolio.owner else None


def _sorted(people: Iterable[User]) -> tuple[User, ...]:
    return tuple(sorted(people, key=lambda person: (person.name, person.pk)))
