"""The tier in the header of projects is the one that counts today (STD-4)."""

from datetime import date

from django.db import transaction

from portfolio.selectors.governance import governed_chunks
from projects.models import Project
from projects.services.projects import keep_tier


@transaction.atomic
def keep_tiers(*, today: date) -> int:
    """
    Bring the tiers of live projects to what their governance says, and return how many differed.

    A higher tier applies from the next gate on, so it comes with a day, not with an act. Safe to run twice.
    """
    differing = [
        (project.pk, known.records.tier)
        for chunk in governed_chunks(today)
        for project, known in chunk.items()
        if project.tier != known.records.tier
    ]
    rows = Project.objects.select_for_update(of=("self",)).select_related("node")
    locked = rows.in_bulk([pk for pk, _tier in differing])
    return sum(keep_tier(actor=None, project=locked[pk], tier=tier) for pk, tier in differing)
