"""Who works in a project: the grants on its node."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import Person, RoleGrant, User
from projects.models import Project

LEAD_ROLES = (Role.SPONSOR, Role.PROJECT_MANAGER)


@dataclass(frozen=True)
class Leads:
    """Sponsors and project managers in force, deputies left out (ORG-4)."""

    sponsors: tuple[User, ...]
    managers: tuple[User, ...]


@dataclass(frozen=True)
class MemberRow:
    """A membership in the list of the team."""

    pk: int
    user_id: int
    name: str
    email: str
    role: str
    role_title: str
    is_deputy: bool
    valid_from: date | None
    valid_to: date | None
    is_over: bool


def memberships(project: Project) -> QuerySet[RoleGrant]:
    """Return all grants on the project's node, ended ones included; an emergency reader is no member."""
    return RoleGrant.objects.filter(node_id=project.node_id, ends_at__isnull=True)


def in_force_on(today: date) -> Q:
    """Return the condition "the grant holds on this day"."""
    return Q(Q(valid_from__isnull=True) | Q(valid_from__lte=today)) & Q(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    )


def leads_of(project: Project, *, today: date) -> Leads:
    """Return sponsors and project managers of a day. One query."""
    grants = (
        memberships(project)
        .filter(in_force_on(today), role__in=LEAD_ROLES, is_deputy=False, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    return Leads(
        sponsors=tuple(grant.user for grant in grants if grant.role == Role.SPONSOR),
        managers=tuple(grant.user for grant in grants if grant.role == Role.PROJECT_MANAGER),
    )


def member_rows(project: Project, *, today: date) -> list[MemberRow]:
    """Return the team: leads first, ended memberships last. One query."""
    rows = [
        MemberRow(
            pk=grant.pk,
            user_id=grant.user_id,
            name=grant.user.name,
            email=grant.user.email,
            role=grant.role,
            role_title=grant.get_role_display(),
            is_deputy=grant.is_deputy,
            valid_from=grant.valid_from,
            valid_to=grant.valid_to,
            is_over=not grant.user.is_active or (grant.valid_to is not None and grant.valid_to < today),
        )
        for grant in memberships(project).select_related("user").order_by("user__name", "pk")
    ]
    rank = {role: number for number, role in enumerate((*LEAD_ROLES, *Role.values))}
    return sorted(rows, key=lambda row: (row.is_over, rank[row.role], row.is_deputy, row.name, row.pk))


def people_of(project: Project, *, owners: Collection[int | None] = ()) -> QuerySet[Person]:
    """Return who can own a task: people with a role in the project, and the present ``owners`` by key."""
    member = Q(user__grants__node=project.node_id, user__is_active=True, user__grants__ends_at__isnull=True)
    present = Q(pk__in=[pk for pk in owners if pk is not None])
    return Person.objects.filter(member | present).distinct().order_by("name", "pk")
