"""The one door of accounts: from a person and an address to a right."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, F, Q, Value
from django.http import HttpRequest, HttpResponse

from pmo_portal.accounts.models import ScopeNode
from pmo_portal.accounts.permissions import matrix, roles_with
from pmo_portal.accounts.scopes import grants_in_force, held_permissions, within_reach

View = Callable[..., HttpResponse]


def require_permission(permission: str) -> Callable[[View], View]:
    """Let a view through for holders of the permission anywhere; 403 for others, sign-in for strangers."""
    return require_any_permission(permission)


def require_any_permission(*permissions: str) -> Callable[[View], View]:
    """Let a view through for holders of one of the permissions anywhere. One query."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not held_permissions(request.user, permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return decorate


def may(user: Any, permission: str, node: ScopeNode, *, own: bool = False) -> bool:
    """Whether the person holds the permission on this node. One query."""
    reach = within_reach(user, permission, node="", own=own)
    return ScopeNode.objects.filter(reach, pk=node.pk).exists()


def permissions_on(user: Any, node: ScopeNode) -> frozenset[str]:
    """Return all permissions the person holds on this node, cells ``o`` included. One query."""
    grants = (
        grants_in_force(user)
        .annotate(target_path=Value(node.path, output_field=CharField()))
        .filter(target_path__startswith=F("node__path"))
    )
    if node.is_confidential:
        grants = grants.filter(Q(node=node) | Q(role__in=roles_with("project.see_confidential")))
    roles = set(grants.values_list("role", flat=True))
    return frozenset(code for code in matrix() if roles & set(roles_with(code, own=True)))
