"""What the portal remembers of a person's visits."""

from datetime import datetime, timedelta

from django.db import transaction

from pmo_portal.accounts.models import User

VISIT = timedelta(minutes=30)


@transaction.atomic
def note_visit(*, actor: User, now: datetime) -> datetime | None:
    """Remember that the first page is seen, and return when the visit before this one was.

    Seeing it again within half an hour, on whatever device, is the same visit.
    """
    if actor.home_seen_at is not None and now - actor.home_seen_at < VISIT:
        return actor.home_before_at
    User.objects.filter(pk=actor.pk).update(home_seen_at=now, home_before_at=actor.home_seen_at)
    return actor.home_seen_at


@transaction.atomic
def end_tour(*, actor: User, now: datetime) -> None:
    """Remember that the person has seen the tour."""
    User.objects.filter(pk=actor.pk, tour_ended_at__isnull=True).update(tour_ended_at=now)
