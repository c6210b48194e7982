"""Let go of old daily figures (HLT-9)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from portfolio.models import GroupHealth, ProjectHealth
from projects.models import ProjectSnapshot

DAYS_KEPT = 90


@dataclass(frozen=True)
class Pruned:
    """How many rows were let go."""

    project_health: int
    group_health: int
    snapshots: int


def is_month_end(day: date) -> bool:
    """
    Whether the day is the last of its month.

    Examples
    --------
    >>> is_month_end(date(2028, 2, 29)), is_month_end(date(2028, 2, 28))
    (True, False)
    """
    return (day + timedelta(days=1)).day == 1


@transaction.atomic
def prune_figures(*, today: date) -> Pruned:
    """
    Delete daily figures older than 90 days; month ends and period closes stay for ever.

    Harmless to repeat. Six queries.
    """
    locked = set(ProjectHealth.objects.filter(is_locked=True).values_list("as_of", flat=True).distinct())
    return Pruned(
        project_health=_prune(ProjectHealth.objects.filter(is_locked=False), today, locked),
        group_health=_prune(GroupHealth.objects.filter(is_locked=False), today, locked),
        snapshots=_prune(ProjectSnapshot.objects.all(), today, locked),
    )


def _prune(rows: "QuerySet[Any]", today: date, locked: set[date]) -> int:
    """Delete the rows of days that are neither young nor a month end nor closed; return how many."""
    old = rows.filter(as_of__lt=today - timedelta(days=DAYS_KEPT))
    days = old.order_by("as_of").values_list("as_of", flat=True).distinct()
    gone = [day for day in days if not is_month_end(day) and day not in locked]
    return rows.filter(as_of__in=gone).delete()[0]
