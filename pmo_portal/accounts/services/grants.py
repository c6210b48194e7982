"""
Give people roles on parts of the tree, and take them away (SEC-15).

A person gives only roles that stand in `GRANTABLE` below a role they hold on that scope or above
it, so never a role as high as their own. The command line (``actor=None``) may give any.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.fields import CharField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Role, ScopeKind
from pmo_portal.accounts.models import EndedGrant, RoleGrant, ScopeNode, User
from pmo_portal.accounts.permissions import GIVEN_ROLES, GRANTABLE, KEPT_ROLES, roles_with
from pmo_portal.accounts.scopes import grants_in_force, holders_of
from pmo_portal.accounts.services.emergency import end_accesses_of
from pmo_portal.accounts.services.sessions import end_all_sessions
from pmo_portal.accounts.services.tokens import revoke_all_tokens
from pmo_portal.common import trail
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed

ORGANIZATION_ROLES = frozenset({Role.ADMINISTRATOR, Role.PMO_HEAD, Role.AUDITOR})
TECHNICAL_ROLES = frozenset({Role.ADMINISTRATOR})
SEPARATE_ROLES = {Role.SPONSOR: Role.PROJECT_MANAGER, Role.PROJECT_MANAGER: Role.SPONSOR}


class LastOfRole(Conflict):
    """Without this grant nobody would hold a role the portal cannot do without."""

    code = "LAST_OF_ROLE"


def roles_held_on(user: Any, node: ScopeNode) -> frozenset[str]:
    """Return the roles the person holds on the node or above it; confidential nodes count. One query."""
    grants = (
        grants_in_force(user)
        .annotate(target_path=Value(node.path, output_field=CharField()))
        .filter(target_path__startswith=F("node__path"))
    )
    if node.is_confidential:
        grants = grants.filter(Q(node=node) | Q(role__in=roles_with("project.see_confidential")))
    return frozenset(grants.values_list("role", flat=True))


def grantable_roles(actor: User | None, node: ScopeNode) -> frozenset[str]:
    """Return the roles ``actor`` may give on the node. At most two queries."""
    if actor is None:
        roles = frozenset(GIVEN_ROLES)
    else:
        held = roles_held_on(actor, node)
        roles = frozenset().union(*(GRANTABLE.get(role, frozenset()) for role in held))
        if Role.ADMINISTRATOR in held and not holders_of(Role.PMO_HEAD).exists():
            roles |= {Role.PMO_HEAD}
    return roles if node.kind == ScopeKind.ORGANIZATION else roles - ORGANIZATION_ROLES


@transaction.atomic
def grant_role(
    *,
    actor: User | None,
    user: User,
    role: str,
    node: ScopeNode,
    valid_from: date | None = None,
    valid_to: date | None = None,
    is_deputy: bool = False,
) -> RoleGrant:
    """
    Give ``user`` the role on ``node`` and everything below it.

    A grant of the same role that has ended is brought back with the new dates.

    Raises
    ------
    NotAllowed
        If the actor may not give this role here.
    Conflict
        If the person holds the role here already, or may not hold both roles (ORG-4).
    """
    _require_grantable(actor, role, node)
    if not user.is_active:
        raise DomainError(_("This person cannot sign in any more."), code="INACTIVE", field="user")
    _require_separate_duties(user, role, node)
    former = RoleGrant.objects.select_for_update().filter(user=user, role=role, node=node).first()
    if former is not None and (former.valid_to is None or former.valid_to >= timezone.localdate()):
        raise Conflict(_("This person holds this role here already."), code="HELD_ALREADY", field="role")
    grant = former or RoleGrant(user=user, role=role, node=node)
    before = _values(former) if former else None
    if former is not None:
        _keep_ended(former)
        former.granted_at = timezone.now()
    grant.valid_from, grant.valid_to, grant.is_deputy = valid_from, valid_to, is_deputy
    grant.granted_by = actor
    grant.full_clean()
    grant.save()
    trail.record(
        actor=actor,
        action="grant.created",
        target=grant,
        node=_trail_node(role, node),
        before=before,
        after=_values(grant),
    )
    return grant


@transaction.atomic
def end_grant(*, actor: User | None, grant: RoleGrant, reason: str = "") -> None:
    """
    Take a role away at once; the trail keeps that it was held.

    Sessions and tokens of people who lose a role of the whole organization end too (SEC-7); all
    other rights are read anew with each request.

    Raises
    ------
    NotAllowed
        If the actor may not give, and so not take, this role here.
    LastOfRole
        If it is the last administrator or PMO head.
    """
    locked = RoleGrant.objects.select_for_update().select_related("user", "node").get(pk=grant.pk)
    _require_endable(actor, locked)
    require_others_hold(locked)
    before, user, node = _values(locked), locked.user, locked.node
    _keep_ended(locked)
    RoleGrant.objects.filter(pk=locked.pk).delete()
    if locked.role in ORGANIZATION_ROLES:
        end_all_sessions(user=user)
        revoke_all_tokens(user=user)
    if locked.role == Role.ADMINISTRATOR:
        end_accesses_of(actor=actor, user=user)
    trail.record(
        actor=actor,
        action="grant.ended",
        target=locked,
        node=_trail_node(locked.role, node),
        before=before,
        reason=reason,
    )


def _keep_ended(grant: RoleGrant) -> None:
    """Keep the time of a grant that ends today, or that begins anew after it ran out."""
    EndedGrant.objects.create(
        user=grant.user,
        role=grant.role,
        node=grant.node,
        valid_from=grant.valid_from,
        valid_to=grant.valid_to,
        is_deputy=grant.is_deputy,
        granted_at=grant.granted_at,
        ended_on=timezone.localdate(),
    )


def require_others_hold(grant: RoleGrant) -> None:
    """Raise `LastOfRole` if the portal would lose its last administrator or PMO head."""
    if grant.role not in KEPT_ROLES:
        return
    holders = set(holders_of(grant.role).select_for_update().values_list("user_id", flat=True))
    if holders <= {grant.user_id} and holders:
        raise LastOfRole(
            _("%(role)s: nobody else holds this role. Name somebody else first.")
            % {"role": Role(grant.role).label}
        )


def may_end(actor: User | None, grant: RoleGrant) -> bool:
    """Whether the actor may take this grant away, the last-of-role rule aside."""
    if actor is None or grant.role in grantable_roles(actor, grant.node):
        return True
    held = roles_held_on(actor, grant.node)
    return grant.role in KEPT_ROLES and Role.ADMINISTRATOR in held and grant.user_id != actor.pk


def _require_grantable(actor: User | None, role: str, node: ScopeNode) -> None:
    if role not in Role.values:
        raise DomainError(_("Choose a role from the list."), code="INVALID", field="role")
    if role not in grantable_roles(actor, node):
        raise NotAllowed(
            _("You may not give the role “%(role)s” here.") % {"role": Role(role).label}, field="role"
        )


def _require_endable(actor: User | None, grant: RoleGrant) -> None:
    if not may_end(actor, grant):
        raise NotAllowed(
            _("You may not take the role “%(role)s” away here.") % {"role": Role(grant.role).label}
        )


def _require_separate_duties(user: User, role: str, node: ScopeNode) -> None:
    other = SEPARATE_ROLES.get(Role(role))
    if node.kind != ScopeKind.PROJECT or other is None:
        return
    if grants_in_force(user).filter(role=other, node=node).exists():
        raise Conflict(
            _("The same person may not be both sponsor and project manager of a project."),
            code="SAME_PERSON",
            field="user",
        )


def _trail_node(role: str, node: ScopeNode) -> ScopeNode | None:
    """Technical roles go to the technical trail, all others to the scope they hold on."""
    return None if role in TECHNICAL_ROLES else node


def _values(grant: RoleGrant) -> dict[str, Any]:
    return {
        "user": grant.user.email,
        "role": grant.role,
        "scope": grant.node.title,
        "valid_from": grant.valid_from,
        "valid_to": grant.valid_to,
        "is_deputy": grant.is_deputy,
    }
