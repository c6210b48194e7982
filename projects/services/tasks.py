"""Create, edit, move and delete rows of the plan."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from projects import actions
from projects.choices import MILESTONES, TaskKind, TimeKind
from projects.engine.working_time import WorkingTime
from projects.models import Assignment, BaselineTask, Link, PlanChange, Project, Task
from projects.services.changes import (
    changed_columns,
    lock_open_project,
    require_version,
    save_version,
    stored_values,
    touch_project,
)
from projects.services.completion import settle_completion
from projects.services.former_values import TASK_FACTS, entry_day, remember_tasks
from projects.services.outline import rebuild_outline
from projects.services.schedules import settle_plan
from projects.services.task_dates import KnownHours, fit_dates, working_hours_for
from projects.services.task_edits import EDITABLE, Around, apply_edit, require_unbound, wanted_columns
from projects.services.task_interruptions import checked_interruptions
from projects.services.techniques import TECHNIQUE, drafted_details, freeze_values

PLANNED = ("planned_start", "planned_finish")
CONSTRAINED = ("constraint_type", "constraint_date")
UNCHECKED = ["created_at", "updated_at"]
REFERENCES = [*UNCHECKED, "project", "parent", "calendar", "owner"]


@transaction.atomic
def create_task(
    *,
    actor: User | None,
    project: Project,
    name: str,
    parent: Task | None = None,
    position: int | None = None,
    **facts: Any,
) -> Task:
    """
    Return a new row of the plan.

    Parameters
    ----------
    parent : Task, optional
        The row it becomes part of; that row turns into a summary.
    position : int, optional
        Place among its brothers and sisters, 0 is the first; at the end when left out.
    **facts
        Further columns, those of ``EDITABLE``, and ``ev_details`` as `checked_details` takes them. A start
        with a duration gives the finish, a start with a finish the duration.

    Raises
    ------
    DomainError
        ``SUMMARY_LINK`` if the parent is linked (SCH-9), ``SUMMARY_ASSIGNMENT`` if somebody works on it
        (SCH-35), ``TOO_DEEP`` below ten levels; the refusals of `checked_details`, ``KIND_DECIDES``.
    """
    locked = lock_open_project(project)
    task = _insert(locked, uid=next_uid(locked), name=name, parent=parent, position=position, facts=facts)
    _settle(locked)
    task.refresh_from_db()
    audit.record(
        actor=actor,
        action=actions.TASK_CREATED,
        target=task,
        node=locked.node,
        after={"name": task.name, "kind": task.kind, "wbs": task.wbs, "duration": task.duration},
    )
    touch_project(locked)
    return task


@transaction.atomic
def create_tasks(
    *, actor: User | None, project: Project, drafts: Sequence[Mapping[str, Any]]
) -> dict[Any, Task]:
    """
    Create many rows in their order, with one rebuild of the outline and one line in the audit trail.

    Parameters
    ----------
    drafts : sequence of mappings
        ``name`` and columns of ``EDITABLE``; ``key`` names the row and ``parent_key`` the key of an
        earlier draft (or ``parent`` an existing task) it becomes part of.

    Returns
    -------
    dict
        The rows by their key (by their place in ``drafts`` where none was given).
    """
    locked = lock_open_project(project)
    uid = next_uid(locked)
    hours: KnownHours = {}
    last = dict(Task.objects.filter(project=locked).values_list("parent").annotate(Max("position")))
    made: dict[Any, Task] = {}
    entered_on = entry_day(locked)
    for number, draft in enumerate(drafts):
        facts = dict(draft)
        key, parent_key = facts.pop("key", number), facts.pop("parent_key", None)
        outer = _checked_parent(locked, facts.pop("parent", None))
        parent = outer if parent_key is None else made[parent_key]
        task = draft_task(
            locked, uid=uid + number, name=facts.pop("name"), parent=parent, facts=facts, hours=hours
        )
        task.entered_on = entered_on
        task.position = last[task.parent_id] = last.get(task.parent_id, -1) + 1
        task.full_clean(exclude=REFERENCES, validate_unique=False, validate_constraints=False)
        task.save(force_insert=True)
        made[key] = task
    _settle(locked, hours=hours.get((None, TimeKind.WORK)))
    fresh = Task.objects.in_bulk([task.pk for task in made.values()])
    audit.record_many(actor=actor, changes=[adding_of(locked, first=uid, count=len(made))])
    touch_project(locked)
    return {key: fresh[task.pk] for key, task in made.items()}


def adding_of(project: Project, *, first: int, count: int) -> audit.Change:
    """Return what the audit trail says of so many new rows, numbered from ``first``."""
    return audit.Change(
        action=actions.TASKS_CREATED,
        target=project,
        node=project.node,
        after={"count": count, "first": first, "last": first + count - 1},
    )


@transaction.atomic
def edit_task(
    *, actor: User | None, task: Task, changes: Mapping[str, Any], expected_version: int | None
) -> Task:
    """
    Save new values of a row.

    A new start or duration moves the finish, a new finish changes the duration.

    Raises
    ------
    StaleObject
        If somebody saved in between.
    DomainError
        ``SUMMARY_FIELD`` for values a summary takes from below (SCH-33); as `settle_completion`.
    """
    project = lock_open_project(task.project)
    locked = _locked(task)
    require_version(locked.version, expected=expected_version)
    stored = stored_values(locked)
    around = Around(project)
    before, after = apply_edit(around, locked, changes)
    if not after:
        return locked
    if TECHNIQUE & after.keys():
        freeze_values(project, [locked.pk])
    if "is_completion" in after:
        settle_completion(actor=actor, project=project, task=locked)
    if TASK_FACTS & after.keys():
        remember_tasks(project, [locked.pk])
    save_version(locked, names=changed_columns(locked, stored))
    settle_plan(project, hours=around.project_hours())
    if project.is_auto_scheduled:
        locked.refresh_from_db()
    audit.record(
        actor=actor, action=actions.TASK_CHANGED, target=locked, node=project.node, before=before, after=after
    )
    touch_project(project)
    return locked


@transaction.atomic
def replan_tasks(*, actor: User | None, project: Project, starts: Mapping[int, datetime]) -> list[Task]:
    """
    Move rows that have not started to new starts (by key of the row); durations stay.

    Raises
    ------
    DomainError
        ``STARTED`` for a row that has started, ``NO_TASK`` for a summary or a row of another project.
    """
    locked = lock_open_project(project)
    tasks = list(Task.objects.select_for_update().filter(project=locked).leaves().in_bulk(starts).values())
    if len(tasks) != len(starts):
        raise DomainError(_("There is no such task in this project."), code="NO_TASK")
    remember_tasks(locked, starts)
    hours: KnownHours = {}
    changes = []
    names = (*PLANNED, *CONSTRAINED) if locked.is_auto_scheduled else PLANNED
    for task in tasks:
        if task.actual_start is not None:
            raise DomainError(_("“%(name)s” has started already.") % {"name": task.name}, code="STARTED")
        before = {name: getattr(task, name) for name in names}
        for column, value in wanted_columns(locked, task, {"planned_start": starts[task.pk]}).items():
            setattr(task, column, value)
        key = (task.calendar_id, task.duration_kind)
        if key not in hours:
            hours[key] = working_hours_for(task, project=locked)
        fit_dates(task, {"planned_start": task.planned_start}, hours[key])
        task.version += 1
        task.updated_at = Now()
        task.save(update_fields=[*names, "version", "updated_at"])
        after = {name: getattr(task, name) for name in names}
        changes.append(audit.Change(actions.TASK_CHANGED, task, locked.node, before, after))
    settle_plan(locked, hours=hours.get((None, TimeKind.WORK)))
    audit.record_many(actor=actor, changes=changes)
    touch_project(locked)
    return tasks


@transaction.atomic
def move_task(
    *,
    actor: User | None,
    task: Task,
    parent: Task | None,
    position: int | None = None,
    expected_version: int | None = None,
) -> Task:
    """
    Hang a row under another one, or to another place.

    Raises
    ------
    DomainError
        ``CYCLE`` if ``parent`` is the row itself or below it (ORG-1).
    """
    project = lock_open_project(task.project)
    locked = _locked(task)
    require_version(locked.version, expected=expected_version)
    target = _checked_parent(project, parent)
    if target is not None and target.sort_path.startswith(locked.sort_path):
        raise DomainError(_("A task cannot be part of itself."), code="CYCLE", field="parent")
    before = {"wbs": locked.wbs, "parent": str(locked.parent) if locked.parent else None}
    locked.parent = target
    locked.position = _open_place(project, target, position)
    save_version(locked)
    _settle(project)
    locked.refresh_from_db()
    audit.record(
        actor=actor,
        action=actions.TASK_MOVED,
        target=locked,
        node=project.node,
        before=before,
        after={"wbs": locked.wbs, "parent": str(target) if target else None},
    )
    touch_project(project)
    return locked


@transaction.atomic
def indent_task(*, actor: User | None, task: Task) -> Task:
    """Make the row part of the one above it on the same level."""
    above = (
        Task.objects.filter(project=task.project, parent_id=task.parent_id, position__lt=task.position)
        .order_by("-position", "-pk")
        .first()
    )
    if above is None:
        raise DomainError(_("There is no row above it on the same level."), code="NO_ROW_ABOVE")
    return move_task(actor=actor, task=task, parent=above)


@transaction.atomic
def outdent_task(*, actor: User | None, task: Task) -> Task:
    """
    Put the row one level out, where it stands: rows of its level that follow become part of it.

    What cannot be a summary goes behind the row it was part of, and those that follow stay.
    """
    if task.parent is None:
        raise DomainError(_("The row is on the highest level already."), code="TOP_LEVEL")
    behind = Task.objects.filter(project=task.project, parent_id=task.parent_id, position__gt=task.position)
    following = list(behind.order_by("position", "pk")) if _can_hold_rows(task) else []
    moved = move_task(actor=actor, task=task, parent=task.parent.parent, position=task.parent.position + 1)
    for other in following:
        move_task(actor=actor, task=other, parent=moved)
    moved.refresh_from_db()
    return moved


def _can_hold_rows(task: Task) -> bool:
    """Whether it is a summary, or a task that can become one: no links, people or progress."""
    if task.kind != TaskKind.TASK:
        return task.kind == TaskKind.SUMMARY
    is_linked = Link.objects.filter(Q(predecessor=task) | Q(successor=task)).exists()
    return not (task.actual_start or is_linked or Assignment.objects.filter(task=task).exists())


@transaction.atomic
def delete_task(*, actor: User | None, task: Task, expected_version: int | None) -> int:
    """
    Delete a row with all below it, their links and progress; return how many rows went.

    Costs and budget lines stay with the project; baselines keep what was removed (SCH-37).
    """
    project = lock_open_project(task.project)
    locked = _locked(task)
    require_version(locked.version, expected=expected_version)
    gone = list(
        Task.objects.filter(project=project, sort_path__startswith=locked.sort_path).values_list(
            "pk", flat=True
        )
    )
    described = {"name": locked.name, "wbs": locked.wbs, "rows": len(gone)}
    label = Task(pk=locked.pk, wbs=locked.wbs, name=locked.name)
    remember_tasks(project, gone)
    freeze_values(project, gone, is_deleted=True)
    locked.delete()
    _settle(project)
    audit.record(actor=actor, action=actions.TASK_DELETED, target=label, node=project.node, before=described)
    touch_project(project)
    return len(gone)


def _insert(
    project: Project,
    *,
    uid: int,
    name: str,
    parent: Task | None,
    position: int | None,
    facts: Mapping[str, Any],
) -> Task:
    outer = _checked_parent(project, parent)
    task = draft_task(project, uid=uid, name=name, parent=outer, facts=facts, hours={})
    task.entered_on = entry_day(project)
    task.position = _open_place(project, outer, position)
    task.full_clean(exclude=UNCHECKED)
    task.save()
    return task


def draft_task(
    project: Project,
    *,
    uid: int,
    name: str,
    parent: Task | None,
    facts: Mapping[str, Any],
    hours: KnownHours,
) -> Task:
    """Return a row that is not saved yet, its dates fitted; ``hours`` keeps calendars for the next row."""
    if set(facts) - EDITABLE - {"ev_details"}:
        raise ValueError(f"not to be set here: {sorted(set(facts) - EDITABLE - {'ev_details'})}")
    task = Task(project=project, uid=uid, name=name, parent=parent)
    for column, value in wanted_columns(project, task, facts).items():
        setattr(task, column, value)
    if task.ev_details is not None:
        task.ev_details = drafted_details(task)
    if task.kind in MILESTONES:
        task.duration = 0
    task.interruptions = checked_interruptions(task)
    if task.planned_start or task.planned_finish:
        key = (task.calendar_id, task.duration_kind)
        if key not in hours:
            hours[key] = working_hours_for(task, project=project)
        fit_dates(task, facts, hours[key])
    return task


def _settle(project: Project, *, hours: WorkingTime | None = None) -> None:
    rebuild_outline(project)
    settle_plan(project, hours=hours)


def _locked(task: Task) -> Task:
    return Task.objects.select_for_update().get(pk=task.pk)


def next_uid(project: Project) -> int:
    """Return a number that was never used in the plan; baselines and steps remember those of deleted rows."""
    present = Task.objects.filter(project=project).aggregate(last=Max("uid"))["last"]
    frozen = BaselineTask.objects.filter(baseline__project=project).aggregate(last=Max("task_uid"))["last"]
    given = PlanChange.objects.filter(project=project).aggregate(last=Max("last_uid"))["last"]
    return max(present or 0, frozen or 0, given or 0) + 1


def _checked_parent(project: Project, parent: Task | None) -> Task | None:
    """Return the parent fresh, if it belongs to the project and carries no links (SCH-9)."""
    if parent is None:
        return None
    fresh = Task.objects.filter(project=project, pk=parent.pk).first()
    if fresh is None:
        raise DomainError(_("There is no such task in this project."), code="NO_TASK", field="parent")
    require_unbound(
        fresh,
        is_linked=Link.objects.filter(Q(predecessor=fresh) | Q(successor=fresh)).exists(),
        is_assigned=Assignment.objects.filter(task=fresh).exists(),
    )
    return fresh


def _open_place(project: Project, parent: Task | None, position: int | None) -> int:
    """Return the position for a row, after making room for it."""
    brothers = Task.objects.filter(project=project, parent=parent)
    if position is None:
        last = brothers.aggregate(last=Max("position"))["last"]
        return 0 if last is None else last + 1
    brothers.filter(position__gte=position).update(position=F("position") + 1)
    return position
