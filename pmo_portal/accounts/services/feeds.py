"""
The secret address of a person's calendar: made, renewed, ended (SEC-8).

Whoever knows the address reads the calendar, so it is long, random and kept as a digest only. What it
shows is decided anew at each request, by the rights of the person.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import CalendarFeed, User
from pmo_portal.common import trail
from pmo_portal.common.errors import Conflict

SECRET_BYTES = 32
NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class NewFeed:
    """A feed and, this once, its secret."""

    feed: CalendarFeed
    secret: str


def feed_of(user: User) -> CalendarFeed | None:
    """Return the person's feed. One query."""
    return CalendarFeed.objects.filter(user=user).first()


@transaction.atomic
def make_feed(*, actor: User, now: datetime) -> NewFeed:
    """Give the person a secret address; one they have already ends at once."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    User.objects.select_for_update().get(pk=actor.pk)
    ended = end_feed_of(user=actor)
    feed = CalendarFeed.objects.create(user=actor, digest=_digest(secret), made_at=now)
    trail.record(actor=actor, action="feed.created", target=actor, after={"renewed": ended > 0})
    return NewFeed(feed=feed, secret=secret)


@transaction.atomic
def end_feed(*, actor: User) -> None:
    """
    End the person's own address at once.

    Raises
    ------
    Conflict
        If there is none.
    """
    if not end_feed_of(user=actor):
        raise Conflict(_("You have no calendar address."), code="NO_FEED")
    trail.record(actor=actor, action="feed.revoked", target=actor)


def end_feed_of(*, user: User) -> int:
    """End the person's address; return how many there were (SEC-7). The caller writes the audit entry."""
    return CalendarFeed.objects.filter(user=user).delete()[0]


def reader_of(secret: str, *, now: datetime) -> User | None:
    """
    Return whose calendar a secret opens; None for unknown secrets and people who may not sign in any more.

    Two queries at most; the use is noted every few minutes.
    """
    feed = CalendarFeed.objects.select_related("user").filter(digest=_digest(secret)).first()
    if feed is None or not feed.user.is_active:
        return None
    if feed.last_used_at is None or feed.last_used_at < now - NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_used_at=now)
    return feed.user


def _digest(secret: str) -> str:
    """Return the digest under which a secret is kept; it is random, so it needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
