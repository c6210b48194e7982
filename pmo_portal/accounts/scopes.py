"""
Who sees which part of the tree: one expression for all queries.

A grant on a node holds for everything below it. A confidential node needs a grant on the node
itself, or a role that sees confidential ones.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Now
from django.utils import timezone

from pmo_portal.accounts.models import RoleGrant, ScopeNode, User
from pmo_portal.accounts.permissions import roles_with


def grants_in_force(user: Any) -> QuerySet[RoleGrant]:
    """Return the grants of an active user that hold today; empty for anonymous people."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return RoleGrant.objects.none()
    return _valid_today().filter(user=user)


def holders_of(role: str) -> QuerySet[RoleGrant]:
    """Return the grants of a role that hold today for people who can sign in."""
    return _valid_today().filter(role=role, user__is_active=True)


def acting_on(roles: Iterable[str], node: ScopeNode) -> QuerySet[RoleGrant]:
    """Return the lasting grants of some roles that hold today on a node, those given above it too."""
    counted = list(roles)
    found = (
        lasting_grants(counted)
        .annotate(target_path=Value(node.path, output_field=CharField()))
        .filter(target_path__startswith=F("node__path"))
    )
    if not node.is_confidential:
        return found
    seeing_all = [role for role in roles_with("project.see_confidential") if role in counted]
    return found.filter(Q(node=node) | Q(role__in=seeing_all))


def lasting_grants(roles: Iterable[str]) -> QuerySet[RoleGrant]:
    """Return the grants of some roles that hold today for people who can sign in, emergency access aside."""
    return _valid_today().filter(role__in=list(roles), user__is_active=True, ends_at__isnull=True)


def _valid_today() -> QuerySet[RoleGrant]:
    today = timezone.localdate()
    return RoleGrant.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=today),
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        Q(ends_at__isnull=True) | Q(ends_at__gt=Now()),
    )


def within_reach(user: Any, permission: str, *, node: str = "node", own: bool = False) -> Exists:
    """
    Return the condition "this row's node lies in a scope where ``user`` holds ``permission``".

    Parameters
    ----------
    user : User or AnonymousUser
        Who asks.
    permission : str
        Code of the matrix.
    node : str
        Lookup path from the row to its `ScopeNode`; ``""`` when the row is the node.
    own : bool
        Count rights on own objects too.
    """
    return reach_of_roles(user, roles_with(permission, own=own), node=node)


def reach_of_roles(user: Any, roles: Iterable[str], *, node: str = "node") -> Exists:
    """Return the condition "this row's node lies in a scope where ``user`` holds one of the roles"."""
    prefix = f"{node}__" if node else ""
    counted = list(roles)
    seeing_all = [role for role in roles_with("project.see_confidential") if role in counted]
    return Exists(
        grants_in_force(user)
        .filter(role__in=counted)
        .annotate(
            target_path=ExpressionWrapper(OuterRef(f"{prefix}path"), output_field=CharField()),
            target_is_confidential=ExpressionWrapper(
                OuterRef(f"{prefix}is_confidential"), output_field=BooleanField()
            ),
        )
        .filter(target_path__startswith=F("node__path"))
        .filter(Q(role__in=seeing_all) | Q(node_id=OuterRef(f"{prefix}pk")) | Q(target_is_confidential=False))
    )


def nearest_holders(node: ScopeNode, roles: Iterable[str], *, besides: User | None = None) -> list[User]:
    """
    Return who acts in one of the roles on a node: holders on the node itself, else on the next node above.

    Parameters
    ----------
    besides : User, optional
        Somebody who does not count, such as who asked.

    Notes
    -----
    One query. Inactive people and grants that are not in force do not count.
    """
    grants = acting_on(roles, node).select_related("user", "node")
    found = list(grants if besides is None else grants.exclude(user=besides))
    nearest = max((len(grant.node.path or "") for grant in found), default=0)
    people = {grant.user_id: grant.user for grant in found if len(grant.node.path or "") == nearest}
    return [people[pk] for pk in sorted(people)]


def holds(user: Any, permission: str) -> bool:
    """Whether the person holds the permission anywhere (menus, pages without an object). One query."""
    return grants_in_force(user).filter(role__in=roles_with(permission)).exists()


def held_permissions(user: Any, permissions: Iterable[str]) -> frozenset[str]:
    """Return which of the permissions the person holds anywhere. One query."""
    roles = set(grants_in_force(user).values_list("role", flat=True))
    return frozenset(code for code in permissions if roles & set(roles_with(code)))


def lasting_permissions(user: Any, permissions: Iterable[str]) -> frozenset[str]:
    """
    Return which of the permissions the person holds anywhere, emergency access aside. One query.

    The sidebar asks for these: it must not show whether the code of an emergency access led anywhere.
    """
    roles = set(grants_in_force(user).filter(ends_at__isnull=True).values_list("role", flat=True))
    return frozenset(code for code in permissions if roles & set(roles_with(code)))
