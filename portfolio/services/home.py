"""What the portal remembers of a person's visits."""

from datetime import datetime, timedelta

from django.db import transaction

from pmo_portal.accounts.models import User

VISIT = timedelta(minutes=30)


@transaction.atomic
def note_visit(*, actor: User, now: datetime) -> None:
    """Remember when the first page was seen; loading it again within half an hour is the same visit."""
    if actor.home_seen_at is None or now - actor.home_seen_at >= VISIT:
        User.objects.filter(pk=actor.pk).update(home_seen_at=now)


@transaction.atomic
def end_tour(*, actor: User, now: datetime) -> None:
    """Remember that the person has seen the tour."""
    User.objects.filter(pk=actor.pk, tour_ended_at__isnull=True).update(tour_ended_at=now)
