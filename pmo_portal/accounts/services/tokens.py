"""
API tokens: made, listed and revoked (SEC-8).

The table belongs to the API app above; it is reached by its registered name (knox' own way).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from knox.models import get_token_model

from pmo_portal.accounts.models import User
from pmo_portal.accounts.permissions import READ_ONLY_ROLES
from pmo_portal.accounts.scopes import grants_in_force, holds
from pmo_portal.common import trail
from pmo_portal.common.errors import DomainError, NotAllowed

MAX_DAYS = 365
MAX_TOKENS = 20
SCOPES = ("READ", "WRITE")


@dataclass(frozen=True)
class NewToken:
    """A token and, this once, its secret."""

    token: Any
    secret: str


def tokens_of(user: User) -> QuerySet[Any]:
    """Return the person's tokens, the newest first."""
    return get_token_model().objects.filter(user=user).order_by("-created", "digest")


def may_write_by_token(user: User) -> bool:
    """Whether the person holds a role that changes anything; readers get read tokens only. One query."""
    roles = set(grants_in_force(user).values_list("role", flat=True))
    return bool(roles - READ_ONLY_ROLES)


@transaction.atomic
def create_token(
    *, actor: User | None, user: User, name: str = "", scope: str = "READ", days: int = 90
) -> NewToken:
    """
    Make a token that acts for ``user`` until it expires.

    Parameters
    ----------
    actor : User or None
        The person themselves; None for the command line.
    user : User
        For whom the token acts.
    name : str
        What it is for, in the person's words.
    scope : str
        ``READ`` or ``WRITE``, never more than the person may do.
    days : int
        Days until the token expires, 1 to 365.
    """
    if actor is not None and actor.pk != user.pk:
        raise NotAllowed(_("Everybody makes their own tokens."))
    if not user.is_active:
        raise DomainError(_("This person cannot sign in any more."), code="INACTIVE", field="user")
    if scope not in SCOPES:
        raise DomainError(_("Choose read or write."), code="INVALID", field="scope")
    if scope == "WRITE" and not may_write_by_token(user):
        raise NotAllowed(_("Your roles only read; make a read token."), field="scope")
    if not 1 <= days <= MAX_DAYS:
        raise DomainError(_("A token lasts 1 to 365 days."), code="INVALID", field="days")
    if tokens_of(user).count() >= MAX_TOKENS:
        raise DomainError(_("You have 20 tokens already. Revoke one you do not need."), code="TOO_MANY")
    token, secret = get_token_model().objects.create(
        user=user, expiry=timedelta(days=days), name=name[:80], scope=scope
    )
    after = {"name": token.name, "scope": scope, "prefix": token.token_key[:8], "expiry": token.expiry}
    trail.record(actor=actor, action="token.created", target=user, after=after)
    return NewToken(token=token, secret=secret)


@transaction.atomic
def revoke_token(*, actor: User, token: Any) -> None:
    """
    End a token at once.

    Raises
    ------
    NotAllowed
        If it is somebody else's and the actor may not revoke any token.
    """
    if token.user_id != actor.pk and not holds(actor, "token.revoke_any"):
        raise NotAllowed(_("Only administrators revoke the tokens of others."))
    before = {"name": token.name, "scope": token.scope, "prefix": token.token_key[:8]}
    get_token_model().objects.filter(pk=token.pk).delete()
    trail.record(actor=actor, action="token.revoked", target=token.user, before=before)


def revoke_all_tokens(*, user: User) -> int:
    """End all tokens of the person; return how many (SEC-7). The caller writes the audit entry."""
    tokens = get_token_model().objects.filter(user=user)
    count = tokens.count()
    tokens.delete()
    return count
