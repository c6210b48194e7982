"""Which emergency accesses there are, and which one is open."""

from typing import Any

from django.db.models import Q, QuerySet

from pmo_portal.accounts.models import EmergencyAccess
from pmo_portal.accounts.scopes import holds


def accesses_visible_to(user: Any, *, sees_all: bool | None = None) -> QuerySet[EmergencyAccess]:
    """Return every access for PMO heads and auditors, else the person's own; newest first."""
    seen = EmergencyAccess.objects.with_state().select_related("user", "node", "ended_by", "confirmed_by")
    is_wide = holds(user, "emergency.view") if sees_all is None else sees_all
    return seen.filter(Q() if is_wide else Q(user_id=user.pk or 0)).order_by("-opened_at", "-pk")


def open_access_of(user: Any) -> EmergencyAccess | None:
    """Return the person's open access. One query for somebody who has one, none for all others."""
    if not getattr(user, "has_emergency_access", False):
        return None
    return EmergencyAccess.objects.open().select_related("user", "node").filter(user=user).first()
