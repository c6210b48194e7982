"""Versions of a plan beside each other: baselines, and the plan as it stands (SCH-37, RAI-22)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from projects.choices import MILESTONES, TimeKind
from projects.engine.plan_comparison import ItemChange, PlanDifference, PlanItem, compare_plans
from projects.models import Baseline, BaselineTask, Project, Task
from projects.selectors.calendars import working_time
from projects.selectors.plan_dates import shown_finish, shown_start
from projects.selectors.task_budgets import task_budgets
from projects.selectors.work_days import minutes_of_day

PLAN = "plan"
"""Name of the plan as it stands, among the numbers of baselines."""


@dataclass(frozen=True)
class Version:
    """A version of the plan people can choose; ``key`` is `PLAN` or the number of a baseline."""

    key: str
    title: str
    day: date | None
    is_current: bool = False


@dataclass(frozen=True)
class ComparedRow:
    """A leaf in two versions; working days, positive is late; durations in days."""

    change: ItemChange
    wbs: str
    is_finished: bool
    duration_days: Decimal | None


@dataclass(frozen=True)
class Comparison:
    """Two versions of the plan of a project, the later one against the earlier one."""

    before: Version
    after: Version
    difference: PlanDifference
    rows: tuple[ComparedRow, ...]
    budget_before: Decimal
    budget_after: Decimal


def plan_versions(project: Project) -> list[Version]:
    """Return the plan as it stands, then the baselines, newest first. One query."""
    found = [Version(PLAN, _("The plan now"), None)]
    for row in Baseline.objects.filter(project=project).order_by("-number"):
        found.append(Version(str(row.number), _title(row), row.effective_from, row.is_current))
    return found


def _title(row: Baseline) -> str:
    title = _("Baseline %(number)s") % {"number": row.number}
    return f"{title} · {row.name}" if row.name else title


def compare_versions(
    project: Project, before: Version, after: Version, *, user: Any, milestones_only: bool = False
) -> Comparison:
    """Return two versions side by side, as far as the person may see the plan. A fixed number of queries."""
    tasks = list(Task.objects.visible_to(user).leaves().filter(project=project, is_active=True).in_order())
    placed = {task.uid: task for task in tasks}
    first = _items(project, before, tasks, milestones_only)
    second = _items(project, after, tasks, milestones_only)
    order = list(placed)
    hours = working_time(project.calendar)
    difference = compare_plans(
        _in_order(first, order), _in_order(second, order), working_days=hours.working_days_between
    )
    return Comparison(
        before=before,
        after=after,
        difference=difference,
        rows=tuple(_row(change, placed.get(change.uid), project) for change in difference.changes),
        budget_before=_budget(first),
        budget_after=_budget(second),
    )


def _row(change: ItemChange, task: Task | None, project: Project) -> ComparedRow:
    per_day = minutes_of_day(project, task.duration_kind if task else TimeKind.WORK)
    return ComparedRow(
        change=change,
        wbs=task.wbs if task else "",
        is_finished=bool(task and task.actual_finish),
        duration_days=None if change.duration is None else Decimal(change.duration) / per_day,
    )


def _items(
    project: Project, version: Version, tasks: Sequence[Task], milestones_only: bool
) -> dict[int, PlanItem]:
    found = _of_plan(project, tasks) if version.key == PLAN else _of_baseline(project, int(version.key))
    return {uid: item for uid, item in found.items() if item.is_milestone or not milestones_only}


def _of_plan(project: Project, tasks: Sequence[Task]) -> dict[int, PlanItem]:
    budgets, _bac = task_budgets(project, tasks=list(tasks))
    return {
        task.uid: PlanItem(
            uid=task.uid,
            name=task.name,
            is_milestone=task.is_milestone,
            is_key_milestone=task.is_key_milestone,
            start=shown_start(task.planned_start),
            finish=shown_finish(task.planned_finish),
            duration=task.duration,
            total_float=task.total_float,
            budget=budgets[task.pk],
        )
        for task in tasks
    }


def _of_baseline(project: Project, number: int) -> dict[int, PlanItem]:
    rows = BaselineTask.objects.filter(baseline__project=project, baseline__number=number)
    return {
        row.task_uid: PlanItem(
            uid=row.task_uid,
            name=row.name,
            is_milestone=row.kind in MILESTONES,
            is_key_milestone=row.is_key_milestone,
            start=shown_start(row.start),
            finish=shown_finish(row.finish),
            duration=row.duration,
            total_float=row.total_float,
            budget=row.budget,
        )
        for row in rows.order_by("task_uid")
    }


def _in_order(items: dict[int, PlanItem], order: Sequence[int]) -> dict[int, PlanItem]:
    """Return the leaves in the order of the plan, those that are not in it any more last."""
    ranked = {uid: items[uid] for uid in order if uid in items}
    return ranked | {uid: item for uid, item in items.items() if uid not in ranked}


def _budget(items: dict[int, PlanItem]) -> Decimal:
    return sum((item.budget for item in items.values()), Decimal(0))
