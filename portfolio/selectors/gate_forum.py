"""Who may sit in the forum of a gate (STD-16)."""

from collections.abc import Iterable
from dataclasses import dataclass

from pmo_portal.accounts.access import may
from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import acting_on
from portfolio.models import PortfolioComponent
from portfolio.rollup.methodology import Content, GateRule
from projects.models import Project

BARRED = (Role.PROJECT_MANAGER, Role.TEAM_MEMBER)


@dataclass(frozen=True)
class ForumChoices:
    """
    People for the forum: ``deciders`` hold a role that decides the gate, ``barred`` may never vote.

    Project manager and team of the project are barred; sponsor and owner of the portfolio may always decide,
    because a KILL needs both.
    """

    deciders: tuple[User, ...]
    advisers: tuple[User, ...]
    sponsors: frozenset[int]
    owner_id: int | None


def forum_choices(project: Project, gate: GateRule, content: Content) -> ForumChoices:
    """Return who may decide and advise. Six queries."""
    roles = decider_roles(gate, content)
    barred = set(
        acting_on(BARRED, project.node).filter(node_id=project.node_id).values_list("user_id", flat=True)
    )
    owner = owner_of(project)
    sponsors = _people((Role.SPONSOR,), project)
    found = {person.pk: person for person in (*_people(roles, project), *sponsors)}
    if owner is not None and owner.is_active and may(owner, "project.view", project.node):
        found[owner.pk] = owner
    deciders = [person for pk, person in found.items() if pk not in barred]
    others = [person for person in _people(Role.values, project) if person.pk not in found]
    return ForumChoices(
        deciders=_sorted(deciders),
        advisers=_sorted([*others, *(person for pk, person in found.items() if pk in barred)]),
        sponsors=frozenset(person.pk for person in sponsors),
        owner_id=owner.pk if owner else None,
    )


def decider_roles(gate: GateRule, content: Content) -> tuple[str, ...]:
    """Return the roles of the portal whose holders decide a gate."""
    found = [content.role(code) for code in gate.deciders]
    return tuple(dict.fromkeys(name for role in found if role for name in role.held_by))


def owner_of(project: Project) -> User | None:
    """Return the owner of the project's portfolio, if it is somebody who can sign in. One query."""
    rows = PortfolioComponent.objects.filter(project=project).select_related("portfolio__owner__user")
    row = rows.first()
    return row.portfolio.owner.user if row and row.portfolio.owner else None


def _people(roles: Iterable[str], project: Project) -> list[User]:
    grants = acting_on(roles, project.node).select_related("user").order_by("user__name", "pk")
    return list({grant.user_id: grant.user for grant in grants}.values())


def _sorted(people: Iterable[User]) -> tuple[User, ...]:
    return tuple(sorted(people, key=lambda person: (person.name, person.pk)))
