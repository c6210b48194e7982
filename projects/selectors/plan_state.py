"""A project's plan as an import compares it with a file, read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from projects.choices import TaskKind
from projects.models import (
    ActualCost,
    Assignment,
    Baseline,
    BaselineTask,
    BudgetLine,
    Calendar,
    Commitment,
    Link,
    Project,
    Resource,
    Task,
    TaskProgress,
)

PROGRESS, COST, BASELINE = "progress", "cost", "baseline"


@dataclass(frozen=True)
class PlanState:
    """
    The rows of a plan in their order, and what hangs on them.

    ``recorded`` says for a row (by key) which facts it carries: progress, cost, baseline. ``begun`` are the
    rows something was done on, not only reported. ``entries`` are the progress entries that hold on ``day``,
    the last of each row up to it; ``later`` the rows with an entry after it. ``shared_calendars`` are those
    of the organization. ``used_uids`` holds every number a row of the plan has or had.
    """

    project: Project
    day: date | None
    tasks: tuple[Task, ...]
    links: tuple[Link, ...]
    calendars: tuple[Calendar, ...]
    shared_calendars: tuple[Calendar, ...]
    resources: tuple[Resource, ...]
    assignments: tuple[Assignment, ...]
    recorded: Mapping[int, frozenset[str]]
    begun: frozenset[int]
    entries: Mapping[int, TaskProgress]
    later: frozenset[int]
    used_uids: frozenset[int]
    has_baseline: bool
    has_ledger: bool


def load_plan_state(project: Project, *, day: date | None) -> PlanState:
    """Return the plan as it is stored; ``day`` is the data date of the file. Sixteen queries."""
    tasks = tuple(Task.objects.filter(project=project).select_related("parent", "calendar").in_order())
    entries = TaskProgress.objects.filter(task__project=project)
    later = entries.filter(data_date__gt=day) if day else entries
    frozen = BaselineTask.objects.filter(baseline__project=project)
    assignments = Assignment.objects.filter(task__project=project).order_by("pk")
    of_project = Q(project=project) | Q(project=None)
    calendars = (
        Calendar.objects.filter(of_project).prefetch_related("exceptions", "work_weeks").order_by("pk")
    )
    begun = _begun(tasks, tuple(assignments))
    return PlanState(
        project=project,
        day=day,
        tasks=tasks,
        links=tuple(
            Link.objects.filter(project=project).select_related("predecessor", "successor").order_by("pk")
        ),
        calendars=tuple(row for row in calendars if row.project_id is not None),
        shared_calendars=tuple(row for row in calendars if row.project_id is None),
        resources=tuple(project.own_resources.order_by("pk")),
        assignments=tuple(assignments),
        recorded=_recorded(project, begun),
        begun=begun,
        entries={item.task_id: item for item in _last_entries(entries.filter(data_date__lte=day))}
        if day
        else {},
        later=frozenset(later.values_list("task_id", flat=True)),
        used_uids=frozenset(task.uid for task in tasks) | set(frozen.values_list("task_uid", flat=True)),
        has_baseline=Baseline.objects.filter(project=project).exists(),
        has_ledger=any(
            kind.objects.filter(project=project).exists() for kind in (BudgetLine, Commitment, ActualCost)
        ),
    )


def _last_entries(entries: QuerySet[TaskProgress]) -> QuerySet[TaskProgress]:
    """Return the latest entry of each row."""
    dates = entries.filter(task=OuterRef("task")).order_by("-data_date").values("data_date")
    return entries.filter(data_date=Subquery(dates[:1]))


def _begun(tasks: tuple[Task, ...], assignments: tuple[Assignment, ...]) -> frozenset[int]:
    """Return the rows something was done on; what a summary shows is rolled up from below."""
    own = [task for task in tasks if task.kind != TaskKind.SUMMARY]
    started = {task.pk for task in own if task.actual_start or task.percent_complete or task.percent_physical}
    return frozenset(started | {item.task_id for item in assignments if item.actual_work_hours})


def _recorded(project: Project, begun: frozenset[int]) -> dict[int, frozenset[str]]:
    """Return the facts that hang on each row. Four queries."""
    found: dict[int, set[str]] = defaultdict(set)
    of_task = Q(task__project=project)
    for fact, kind, condition in (
        (PROGRESS, TaskProgress, of_task),
        (COST, BudgetLine, of_task),
        (COST, ActualCost, of_task),
        (BASELINE, BaselineTask, of_task),
    ):
        for task_id in kind.objects.filter(condition).values_list("task_id", flat=True).distinct():
            found[task_id].add(fact)
    for task_id in begun:
        found[task_id].add(PROGRESS)
    return {task_id: frozenset(facts) for task_id, facts in found.items()}
