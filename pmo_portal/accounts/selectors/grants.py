"""Who holds what where."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from pmo_portal.accounts.choices import Role, ScopeKind
from pmo_portal.accounts.models import RoleGrant, ScopeNode, User
from pmo_portal.accounts.permissions import GRANTABLE, KEPT_ROLES, roles_with
from pmo_portal.accounts.scopes import grants_in_force, holders_of, holds, reach_of_roles, within_reach

SEEING_ALL = frozenset(roles_with("project.see_confidential"))


def grants_visible_to(user: Any) -> QuerySet[RoleGrant]:
    """Return the grants on scopes whose members the person may see or change, and their own."""
    return RoleGrant.objects.select_related("user", "node", "granted_by").filter(
        Q(within_reach(user, "role.view")) | Q(within_reach(user, "member.edit")) | Q(user_id=user.pk or 0)
    )


def grants_found(
    user: Any, *, search: str = "", role: str = "", kind: str = "", state: str = ""
) -> QuerySet[RoleGrant]:
    """Return the grants of the list, filtered by person or scope, role, kind of scope and validity."""
    grants = grants_visible_to(user)
    if search:
        grants = grants.filter(
            Q(user__name__icontains=search)
            | Q(user__email__icontains=search)
            | Q(node__title__icontains=search)
        )
    if role:
        grants = grants.filter(role=role)
    if kind:
        grants = grants.filter(node__kind=kind)
    today = timezone.localdate()
    if state == "ended":
        grants = grants.filter(Q(valid_to__lt=today) | Q(user__is_active=False))
    elif state == "now":
        grants = grants.exclude(valid_to__lt=today).filter(user__is_active=True)
    return grants.order_by("node__path", "role", "user__name", "pk")


def nodes_to_grant_on(user: Any) -> QuerySet[ScopeNode]:
    """Return the scopes on which the person may give some role; none of projects that are gone."""
    reach = reach_of_roles(user, GRANTABLE, node="")
    gone = Q(kind=ScopeKind.PROJECT, project__isnull=True)
    return ScopeNode.objects.filter(reach).exclude(gone).order_by("path")


def roles_to_grant(user: Any) -> frozenset[str]:
    """Return the roles the person may give anywhere; the scope decides at last. One query."""
    held = set(grants_in_force(user).values_list("role", flat=True))
    is_first_head = Role.ADMINISTRATOR in held and not holders_of(Role.PMO_HEAD).exists()
    first_head = frozenset[str]({Role.PMO_HEAD} if is_first_head else ())
    return first_head.union(*(GRANTABLE.get(role, frozenset()) for role in held))


def people_to_grant_to(user: Any) -> QuerySet[User]:
    """Return who can be given a role: everybody for those who see people, else those they work with."""
    people = User.objects.filter(is_active=True).order_by("name", "pk")
    if holds(user, "user.view"):
        return people
    known = RoleGrant.objects.filter(within_reach(user, "member.edit")).values("user_id")
    return people.filter(pk__in=known)


def endable(user: Any, grants: list[RoleGrant]) -> frozenset[int]:
    """
    Return the ids of the grants the person may end, as far as a page needs to know. One query.

    The service decides again, with the last-of-its-role rule.
    """
    own = list(grants_in_force(user).values_list("role", "node_id", "node__path"))
    ids: set[int] = set()
    for grant in grants:
        held = {
            role
            for role, node_id, path in own
            if str(grant.node.path).startswith(str(path))
            and (not grant.node.is_confidential or node_id == grant.node_id or role in SEEING_ALL)
        }
        given = frozenset[str]().union(*(GRANTABLE.get(role, frozenset()) for role in held))
        by_administrator = (
            grant.role in KEPT_ROLES and Role.ADMINISTRATOR in held and grant.user_id != user.pk
        )
        if grant.role in given or by_administrator:
            ids.add(grant.pk)
    return frozenset(ids)
