"""Let go of old daily figures (HLT-9)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from portfolio.models import GroupHealth, ProjectAdoption, ProjectHealth
from projects.models import PlanChange, ProjectSnapshot, ScheduleAssessment

DAYS_KEPT = 90


@dataclass(frozen=True)
class Pruned:
    """How many rows were let go."""

    project_health: int
    group_health: int
    snapshots: int
    assessments: int
    plan_changes: int
    adoption: int


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
    Delete daily figures older than 90 days; month ends, period closes and the last check in a month stay.

    Steps of plans go after the same time, but for the last of each plan, which knows the numbers that rows
    had. Harmless to repeat. Eleven queries.
    """
    locked = set(ProjectHealth.objects.filter(is_locked=True).values_list("as_of", flat=True).distinct())
    return Pruned(
        project_health=_prune(ProjectHealth.objects.filter(is_locked=False), today, locked),
        group_health=_prune(GroupHealth.objects.filter(is_locked=False), today, locked),
        snapshots=_prune(ProjectSnapshot.objects.all(), today, locked),
        assessments=_prune_assessments(today),
        plan_changes=_prune_plan_changes(today),
        adoption=_prune(ProjectAdoption.objects.all(), today, locked),
    )


def _prune_assessments(today: date) -> int:
    """Delete old checks of plans that were made again later in the same month; return how many."""
    old = ScheduleAssessment.objects.filter(as_of__lt=today - timedelta(days=DAYS_KEPT))
    later = old.filter(
        project_id=OuterRef("project_id"),
        as_of__gt=OuterRef("as_of"),
        as_of__year=OuterRef("as_of__year"),
        as_of__month=OuterRef("as_of__month"),
    )
    return old.filter(Exists(later)).delete()[0]


def _prune_plan_changes(today: date) -> int:
    """Delete old steps of plans, which cannot be undone then; return how many."""
    before = datetime.combine(today - timedelta(days=DAYS_KEPT), time(), tzinfo=UTC)
    newer = PlanChange.objects.filter(project_id=OuterRef("project_id"), number__gt=OuterRef("number"))
    return PlanChange.objects.filter(Exists(newer), at__lt=before).delete()[0]


def _prune(rows: "QuerySet[Any]", today: date, locked: set[date]) -> int:
    """Delete the rows of days that are neither young nor a month end nor closed; return how many."""
    old = rows.filter(as_of__lt=today - timedelta(days=DAYS_KEPT))
    days = old.order_by("as_of").values_list("as_of", flat=True).distinct()
    gone = [day for day in days if not is_month_end(day) and day not in locked]
    return rows.filter(as_of__in=gone).delete()[0]
