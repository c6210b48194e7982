"""What is known of many projects before dated statuses of them are taken over."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from projects.choices import ReportState, TaskKind
from projects.models import Baseline, BudgetLine, ForecastLine, Project, StatusReport, Task

COMPLETION = "Delivery complete"


@dataclass
class KnownFacts:
    """
    One project as it is now.

    ``completion`` is the milestone earlier statuses made, ``last_entry`` the date of its newest progress;
    ``forecasts`` and ``published`` hold what exists for the dates asked for.
    """

    project: Project
    has_tasks: bool = False
    has_baseline: bool = False
    completion: Task | None = None
    last_entry: date | None = None
    lines: list[BudgetLine] = field(default_factory=list)
    forecasts: dict[date, ForecastLine] = field(default_factory=dict)
    published: dict[date, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """Mark of a project at the moment it was read."""

    version: int
    updated_at: datetime


def marks_below(path: str, *, is_locking: bool = False) -> dict[int, Seen]:
    """Return the mark of each project below a node, held until the transaction ends if asked. One query."""
    rows = Project.objects.filter(node__path__startswith=path).order_by("pk")
    if is_locking:
        rows = rows.select_for_update(of=("self",))
    return {pk: Seen(version, at) for pk, version, at in rows.values_list("pk", "version", "updated_at")}


def load_known(path: str, dates: Collection[date]) -> dict[int, KnownFacts]:
    """Return the facts of all projects below a node, by id. Seven queries whatever their number."""
    below = {"project__node__path__startswith": path}
    projects = Project.objects.filter(node__path__startswith=path).select_related("node", "calendar")
    known = {project.pk: KnownFacts(project) for project in projects}
    for pk in Task.objects.filter(**below).order_by().values_list("project_id", flat=True).distinct():
        known[pk].has_tasks = True
    milestones = Task.objects.filter(
        **below, is_key_milestone=True, name=COMPLETION, kind=TaskKind.FINISH_MILESTONE
    )
    dated: Any = milestones.annotate(last_entry=Max("progress_entries__data_date")).order_by("-pk")
    for task in dated:
        known[task.project_id].completion = task
        known[task.project_id].last_entry = task.last_entry
    for pk in Baseline.objects.filter(**below).order_by().values_list("project_id", flat=True).distinct():
        known[pk].has_baseline = True
    for line in BudgetLine.objects.filter(**below).order_by("pk"):
        known[line.project_id].lines.append(line)
    forecasts = ForecastLine.objects.filter(**below, line=None, period_code="", made_on__in=dates)
    for forecast in forecasts.order_by("-pk"):
        known[forecast.project_id].forecasts[forecast.made_on] = forecast
    reports = StatusReport.objects.filter(**below, state=ReportState.PUBLISHED, period_end__in=dates)
    for pk, project_id, period_end in reports.order_by("pk").values_list("pk", "project_id", "period_end"):
        known[project_id].published.setdefault(period_end, []).append(pk)
    return known
