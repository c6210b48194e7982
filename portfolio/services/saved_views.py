"""Keep, share and remove views of a list."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from portfolio import actions
from portfolio.models import SavedView


@transaction.atomic
def save_view(*, actor: User, page: str, name: str, query: str, is_shared: bool) -> SavedView:
    """Return the person's view of this name: a new one, or the old one with new content."""
    view = SavedView.objects.filter(owner=actor, page=page, name=name).first()
    view = view or SavedView(owner=actor, page=page, name=name)
    view.query = query
    view.is_shared = is_shared
    view.full_clean()
    view.save()
    audit.record(
        actor=actor,
        action=actions.VIEW_SAVED,
        target=view,
        after={"name": name, "query": query, "is_shared": is_shared},
    )
    return view


@transaction.atomic
def delete_view(*, actor: User, view: SavedView) -> None:
    """
    Remove a view.

    Raises
    ------
    PermissionDenied
        If it belongs to somebody else.
    """
    if view.owner_id != actor.pk:
        raise PermissionDenied
    audit.record(
        actor=actor, action=actions.VIEW_DELETED, target=view, before={"name": view.name, "query": view.query}
    )
    view.delete()
