"""Freeze the plan (SCH-36)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from projects import actions
from projects.models import Baseline, BaselineTask, Project, Task
from projects.selectors.task_budgets import task_budgets
from projects.selectors.task_stretches import TaskStretch, stored_stretches, stretches_of_tasks
from projects.services.baseline_requests import tell_baseline_set
from projects.services.baseline_rules import nothing_to_freeze, require_order, require_reason
from projects.services.changes import lock_open_project, touch_project
from projects.services.check_waivers import require_plan_quality
from projects.services.former_values import today


@transaction.atomic
def set_baseline(
    *, actor: User | None, project: Project, effective_from: date, name: str = "", reason: str = ""
) -> Baseline:
    """
    Freeze all leaf tasks with their dates and budgets as the new current baseline.

    Parameters
    ----------
    effective_from : date
        First day whose figures use it (CST-12).
    reason : str
        Needed for every baseline after the original one.

    Raises
    ------
    DomainError
        ``NOTHING_TO_FREEZE`` without dated tasks, ``REASON_NEEDED`` without a reason,
        ``BASELINE_ORDER`` if it would take effect before the present one, ``MISSING_RATE``,
        ``PLAN_NOT_GOOD_ENOUGH`` if the project wants a better plan.
    """
    locked = lock_open_project(project)
    if locked.baseline_grade:
        require_plan_quality(actor=actor, project=locked, today=today())
    current = locked.baselines.filter(is_current=True).first()
    if current is not None:
        require_reason(reason)
        require_order(current, effective_from)
    tasks = list(Task.objects.filter(project=locked, is_active=True).leaves().order_by("sort_path", "pk"))
    budgets, bac = task_budgets(locked, tasks=tasks)
    last = locked.baselines.order_by("-number").first()
    baseline = draft_baseline(
        actor=actor,
        project=locked,
        tasks=tasks,
        bac=bac,
        number=0 if last is None else last.number + 1,
        effective_from=effective_from,
        name=name,
        reason=reason,
    )
    if current is not None:
        locked.baselines.filter(is_current=True).update(is_current=False)
    baseline.save()
    stretches = stretches_of_tasks(tasks, locked)
    rows = [frozen_row(baseline, task, budgets[task.pk], stretches.get(task.pk, ())) for task in tasks]
    BaselineTask.objects.bulk_create(rows, batch_size=500)
    audit.record_many(actor=actor, changes=[setting_of(baseline, len(rows), former=current)])
    tell_baseline_set(baseline, actor=actor)
    touch_project(locked)
    return baseline


def draft_baseline(
    *,
    actor: User | None,
    project: Project,
    tasks: Sequence[Task],
    bac: Decimal,
    number: int,
    effective_from: date,
    name: str = "",
    reason: str = "",
) -> Baseline:
    """
    Return the baseline of leaf tasks, not saved yet.

    Raises
    ------
    DomainError
        ``NOTHING_TO_FREEZE`` without dated tasks.
    """
    dated = [task for task in tasks if task.planned_start and task.planned_finish]
    if not dated:
        raise nothing_to_freeze()
    return Baseline(
        project=project,
        number=number,
        name=name,
        effective_from=effective_from,
        start=min(task.planned_start for task in dated if task.planned_start),
        finish=max(task.planned_finish for task in dated if task.planned_finish),
        bac=bac,
        reason=reason,
        approved_by=actor,
    )


def setting_of(baseline: Baseline, tasks: int, *, former: Baseline | None = None) -> audit.Change:
    """Return what the audit trail says of a new baseline with so many tasks."""
    return audit.Change(
        action=actions.BASELINE_SET,
        target=baseline,
        node=baseline.project.node,
        before={"number": former.number} if former else None,
        after={"number": baseline.number, "tasks": tasks, "effective_from": baseline.effective_from},
        reason=baseline.reason,
    )


def frozen_row(
    baseline: Baseline, task: Task, budget: Decimal, stretches: Sequence[TaskStretch] = ()
) -> BaselineTask:
    """Return a task as the baseline keeps it, not saved yet; ``stretches`` of interrupted work only."""
    return BaselineTask(
        baseline=baseline,
        task=task,
        task_uid=task.uid,
        name=task.name,
        kind=task.kind,
        is_key_milestone=task.is_key_milestone,
        start=task.planned_start,
        finish=task.planned_finish,
        duration=task.duration,
        stretches=stored_stretches(stretches),
        total_float=task.total_float,
        work_hours=task.work_hours,
        budget=budget,
    )
