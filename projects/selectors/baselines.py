"""Baselines and how far the plan has moved from them (SCH-37)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from projects.choices import MILESTONES
from projects.engine.working_time import WorkingTime
from projects.models import Baseline, BaselineTask, Project, Task
from projects.selectors.calendars import working_time
from projects.selectors.plan_dates import shown_finish, shown_start
from projects.selectors.task_budgets import task_budgets
from projects.selectors.work_days import minutes_of_day


@dataclass(frozen=True)
class BaselineRow:
    """A baseline in the list."""

    pk: int
    number: int
    name: str
    is_current: bool
    effective_from: date
    start: date | None
    finish: date | None
    bac: Decimal
    reason: str
    approved_by: str
    approved_at: Any


@dataclass(frozen=True)
class Variance:
    """
    A row against one baseline; working days, positive is late. ``cost`` is the present budget of the task
    less that of the baseline, in project currency.

    All None with reason ``NO_BASELINE`` for a task the baseline does not know; ``REMOVED`` for a row of
    the baseline whose task is gone.
    """

    start_wd: int | None
    finish_wd: int | None
    duration_days: Decimal | None
    baseline_start: date | None
    baseline_finish: date | None
    reason: str = ""
    cost: Decimal | None = None


@dataclass(frozen=True)
class VarianceRow:
    """A row of the plan with its variances against the current and the original baseline."""

    uid: int
    wbs: str
    name: str
    is_milestone: bool
    is_key_milestone: bool
    is_finished: bool
    start: date | None
    finish: date | None
    current: Variance
    original: Variance


UNKNOWN = Variance(None, None, None, None, None, "NO_BASELINE")


def baseline_rows(project: Project) -> list[BaselineRow]:
    """Return the baselines, newest first. One query."""
    rows = Baseline.objects.filter(project=project).select_related("approved_by").order_by("-number")
    return [
        BaselineRow(
            pk=row.pk,
            number=row.number,
            name=row.name,
            is_current=row.is_current,
            effective_from=row.effective_from,
            start=shown_start(row.start),
            finish=shown_finish(row.finish),
            bac=row.bac,
            reason=row.reason,
            approved_by=row.approved_by.name if row.approved_by else "",
            approved_at=row.approved_at,
        )
        for row in rows
    ]


def variance_rows(project: Project, *, user: Any, milestones_only: bool = False) -> list[VarianceRow]:
    """Return leaf tasks against both baselines, removed rows last. A fixed number of queries."""
    numbers = dict(Baseline.objects.filter(project=project, is_current=True).values_list("pk", "number"))
    current_pk = next(iter(numbers), None)
    frozen: dict[tuple[bool, int], BaselineTask] = {}
    kept = BaselineTask.objects.filter(baseline__project=project).select_related("baseline")
    for row in kept.order_by("pk"):
        for is_current in (True, False):
            if (row.baseline_id == current_pk) if is_current else (row.baseline.number == 0):
                frozen[is_current, row.task_uid] = row
    tasks = Task.objects.visible_to(user).leaves().filter(project=project, is_active=True)
    if milestones_only:
        tasks = tasks.filter(kind__in=MILESTONES)
    hours = working_time(project.calendar)
    present = list(tasks.in_order())
    budgets, _bac = task_budgets(project, tasks=present)
    for task in present:
        task.project = project
    rows = [_variance_row(task, frozen, hours, budgets[task.pk]) for task in present]
    everything = set(Task.objects.filter(project=project).values_list("uid", flat=True))
    return rows + _removed(frozen, everything, milestones_only)


def _variance_row(
    task: Task,
    frozen: dict[tuple[bool, int], BaselineTask],
    hours: WorkingTime,
    budget: Decimal,
) -> VarianceRow:
    return VarianceRow(
        uid=task.uid,
        wbs=task.wbs,
        name=task.name,
        is_milestone=task.is_milestone,
        is_key_milestone=task.is_key_milestone,
        is_finished=task.actual_finish is not None,
        start=shown_start(task.planned_start),
        finish=shown_finish(task.planned_finish),
        current=_against(task, frozen.get((True, task.uid)), hours, budget),
        original=_against(task, frozen.get((False, task.uid)), hours, budget),
    )


def _against(task: Task, row: BaselineTask | None, hours: WorkingTime, budget: Decimal) -> Variance:
    if row is None:
        return UNKNOWN
    per_day = minutes_of_day(task.project, task.duration_kind)
    return Variance(
        start_wd=_days(shown_start(row.start), shown_start(task.planned_start), hours),
        finish_wd=_days(shown_finish(row.finish), shown_finish(task.planned_finish), hours),
        duration_days=Decimal(task.duration - row.duration) / per_day,
        baseline_start=shown_start(row.start),
        baseline_finish=shown_finish(row.finish),
        cost=budget - row.budget,
    )


def _days(first: date | None, second: date | None, hours: WorkingTime) -> int | None:
    """Return signed working days from one day to another."""
    return None if first is None or second is None else hours.working_days_between(first, second)


def _removed(
    frozen: dict[tuple[bool, int], BaselineTask], existing: set[int], milestones_only: bool
) -> list[VarianceRow]:
    gone = {}
    for (is_current, uid), row in frozen.items():
        if uid not in existing and is_current and (not milestones_only or row.kind in MILESTONES):
            start, finish = shown_start(row.start), shown_finish(row.finish)
            removed = Variance(None, None, None, start, finish, "REMOVED")
            gone[uid] = VarianceRow(
                uid,
                "",
                row.name,
                row.kind in MILESTONES,
                row.is_key_milestone,
                False,
                None,
                None,
                removed,
                removed,
            )
    return [gone[uid] for uid in sorted(gone)]
