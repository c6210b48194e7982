"""The facts of a project's first page."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q

from projects.choices import MILESTONES, TaskKind
from projects.models import Baseline, Project, Task
from projects.selectors.plan import READ, PlanRow, late_condition, plan_page
from projects.selectors.plan_dates import shown_finish, shown_start

NEXT_MILESTONES = 6


@dataclass(frozen=True)
class OverviewFacts:
    """Counts and dates of the plan, and the milestones that come next."""

    start: date | None
    finish: date | None
    baseline_finish: date | None
    total: int
    done: int
    late: int
    open_milestones: int
    percent: Decimal | None
    milestones: tuple[PlanRow, ...]


def overview_facts(project: Project, *, user: Any, today: date) -> OverviewFacts:
    """Return the facts a person may see. Four queries."""
    seen = Task.objects.visible_to(user).filter(project=project, is_active=True)
    counts = seen.aggregate(
        total=Count("pk", filter=~Q(kind=TaskKind.SUMMARY)),
        done=Count("pk", filter=Q(actual_finish__isnull=False) & ~Q(kind=TaskKind.SUMMARY)),
        late=Count("pk", filter=late_condition(project, today=today)),
        open_milestones=Count("pk", filter=Q(kind__in=MILESTONES, actual_finish__isnull=True)),
        start=Min("planned_start"),
        finish=Max("planned_finish"),
    )
    tops = list(seen.filter(parent=None).values_list("percent_complete", "duration"))
    baseline = Baseline.objects.filter(project=project, is_current=True).first()
    coming = seen.filter(kind__in=MILESTONES, actual_finish__isnull=True, planned_finish__isnull=False)
    rows = list(coming.order_by("planned_finish", "pk").values(*READ)[:NEXT_MILESTONES])
    return OverviewFacts(
        start=shown_start(counts["start"]),
        finish=shown_finish(counts["finish"]),
        baseline_finish=shown_finish(baseline.finish) if baseline else None,
        total=counts["total"],
        done=counts["done"],
        late=counts["late"],
        open_milestones=counts["open_milestones"],
        percent=_share(tops),
        milestones=plan_page(project, rows=rows, today=today).rows,
    )


def _share(tops: list[tuple[Decimal, int]]) -> Decimal | None:
    """Return the percent of the top rows, weighted by duration; None without any duration."""
    weight = sum(duration for _percent, duration in tops)
    return sum((percent * duration for percent, duration in tops), Decimal(0)) / weight if weight else None
