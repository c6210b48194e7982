"""Dated progress of tasks (SCH-20 to SCH-23, SCH-28, SCH-29)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from pmo_portal.common.upserts import update_rows
from projects import actions
from projects.choices import TimeKind
from projects.models import Project, Task, TaskProgress
from projects.services.changes import (
    clean_columns,
    lock_open_project,
    require_version,
    save_version,
    save_versions,
    touch_project,
)
from projects.services.former_values import recorded_at, remember_project, remember_tasks
from projects.services.progress_rules import Progress, ProgressDraft, checked_state
from projects.services.schedules import note_dates, settle_plan
from projects.services.task_dates import KnownHours, working_hours_for

WRITTEN = (
    "actual_start",
    "actual_finish",
    "remaining_duration",
    "percent_complete",
    "percent_physical",
    "ev_progress",
    "planned_start",
    "planned_finish",
    "actual_work_hours",
)
ENTRY_COLUMNS = (
    "actual_start",
    "actual_finish",
    "remaining_duration",
    "percent_complete",
    "percent_physical",
    "ev_progress",
    "actual_work_hours",
    "forecast_start",
    "forecast_finish",
    "note",
    "recorded_by",
    "recorded_at",
)


@dataclass(frozen=True)
class RowFault:
    """What is refused of one task of many."""

    uid: int
    fault: DomainError | ValidationError


class RowsRefused(DomainError):
    """Some entries of many are refused, so nothing was saved; ``faults`` say which and why."""

    code = "ROWS_REFUSED"

    def __init__(self, faults: Sequence[RowFault]) -> None:
        super().__init__(_("Nothing is saved yet: look at the rows that are marked."))
        self.faults = tuple(faults)


@transaction.atomic
def set_data_date(
    *,
    actor: User | None,
    project: Project,
    data_date: date,
    reason: str = "",
    expected_version: int | None = None,
) -> Project:
    """
    Say up to the end of which day the status is known (CON-6).

    Raises
    ------
    DomainError
        ``DATA_DATE_BACK`` if it lies before the present one and no reason is given (SCH-20).
    """
    locked = lock_open_project(project)
    require_version(locked.version, expected=expected_version)
    former = locked.data_date
    if former == data_date:
        return locked
    if former is not None and data_date < former and not reason.strip():
        raise DomainError(
            _("The new data date lies before the present one. Say why it goes back."),
            code="DATA_DATE_BACK",
            field="reason",
        )
    remember_project(locked)
    locked.data_date = data_date
    save_version(locked, names=["data_date"])
    settle_plan(locked)
    audit.record(
        actor=actor,
        action=actions.DATA_DATE_SET,
        target=locked,
        node=locked.node,
        before={"data_date": former},
        after={"data_date": data_date},
        reason=reason,
    )
    touch_project(locked)
    return locked


@transaction.atomic
def record_progress(
    *,
    actor: User | None,
    task: Task,
    data_date: date | None,
    expected_version: int | None = None,
    **said: Any,
) -> TaskProgress:
    """
    Write down the state of one task at the end of ``data_date``.

    Parameters
    ----------
    **said
        The values of `ProgressDraft`.

    Raises
    ------
    StaleObject
        If somebody changed the task in between.
    DomainError
        The refusals of `check_progress`.
    """
    project = lock_open_project(task.project)
    locked = Task.objects.select_for_update().get(pk=task.pk)
    require_version(locked.version, expected=expected_version)
    draft = ProgressDraft(task=locked, **said)
    try:
        return _record_drafts(actor, project, data_date, [draft], {}, {})[0]
    except RowsRefused as refusal:
        raise refusal.faults[0].fault from refusal


@transaction.atomic
def record_progress_of_many(
    *,
    actor: User | None,
    project: Project,
    data_date: date | None,
    drafts: Sequence[ProgressDraft],
    expected_versions: Mapping[int, int | None] | None = None,
    hours: KnownHours | None = None,
) -> list[TaskProgress]:
    """
    Write down the state of several tasks with one dating of the plan; all or nothing.

    Parameters
    ----------
    expected_versions : mapping of int to int, optional
        The version each entry is based on, by the number of the task; none where it is left out.
    hours : KnownHours, optional
        Working time that is known already.

    Raises
    ------
    RowsRefused
        With what `check_progress` refuses of each task, or `StaleObject` where somebody changed it.
    DomainError
        ``NO_TASK`` or ``TWICE``.
    """
    if len({draft.task.pk for draft in drafts}) < len(drafts):
        raise DomainError(_("The same task stands twice in the list."), code="TWICE")
    locked = lock_open_project(project)
    tasks = Task.objects.select_for_update().filter(project=locked)
    fresh = tasks.in_bulk([draft.task.pk for draft in drafts])
    if len(fresh) != len({draft.task.pk for draft in drafts}):
        raise DomainError(_("There is no such task in this project."), code="NO_TASK")
    current = [replace(draft, task=fresh[draft.task.pk]) for draft in drafts]
    return _record_drafts(
        actor, locked, data_date, current, expected_versions or {}, {} if hours is None else hours
    )


def _record_drafts(
    actor: User | None,
    project: Project,
    data_date: date | None,
    drafts: Sequence[ProgressDraft],
    versions: Mapping[int, int | None],
    hours: KnownHours,
) -> list[TaskProgress]:
    entries, changes = write_drafts(
        actor=actor, project=project, data_date=data_date, drafts=drafts, hours=hours, versions=versions
    )
    settle_plan(project, hours=hours.get((None, TimeKind.WORK)))
    audit.record_many(actor=actor, changes=changes)
    touch_project(project)
    return [entries[draft.task.pk] for draft in drafts]


def write_drafts(
    *,
    actor: User | None,
    project: Project,
    data_date: date | None,
    drafts: Sequence[ProgressDraft],
    hours: KnownHours,
    versions: Mapping[int, int | None] | None = None,
) -> tuple[dict[int, TaskProgress], list[audit.Change]]:
    """
    Write dated entries, and the present columns of tasks without later ones. Fixed queries.

    The caller holds the lock, dates the plan and writes the trail.

    Returns
    -------
    dict of int to TaskProgress
        The entries by key of the task.
    list of Change
        What the audit trail says of them.

    Raises
    ------
    RowsRefused
        With what is refused of each task.
    """
    day = data_date or date.min
    states = _checked_states(drafts, project, data_date, versions or {}, hours)
    changes = []
    entries: dict[int, TaskProgress] = {}
    present: list[Task] = []
    has_later = _reported_later([draft.task.pk for draft in drafts], day)
    remember_tasks(project, {draft.task.pk for draft in drafts} - has_later)
    note_dates(draft.task for draft in drafts if draft.task.pk not in has_later)
    for draft in drafts:
        task, state = draft.task, states[draft.task.pk]
        before = {name: getattr(task, name) for name in WRITTEN}
        entries[task.pk] = dated_entry(state, actor=actor, task=task, data_date=day, note=draft.note)
        if task.pk not in has_later:
            set_present(task, state)
            present.append(task)
        after = {name: getattr(task, name) for name in WRITTEN}
        old, new = audit.diff(before, after)
        action = actions.TASK_REOPENED if state.is_reopened else actions.PROGRESS_RECORDED
        new["data_date"] = data_date
        changes.append(
            audit.Change(
                action=action, target=task, node=project.node, before=old, after=new, reason=draft.note
            )
        )
    TaskProgress.objects.bulk_create(
        entries.values(),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["task", "data_date"],
        update_fields=ENTRY_COLUMNS,
    )
    _save_present(present)
    return entries, changes


def _checked_states(
    drafts: Sequence[ProgressDraft],
    project: Project,
    data_date: date | None,
    versions: Mapping[int, int | None],
    hours: KnownHours,
) -> dict[int, Progress]:
    """Return the state of each task, or refuse all with every fault; fills in the hours it learns."""
    states: dict[int, Progress] = {}
    faults = []
    for draft in drafts:
        task = draft.task
        key = (task.calendar_id, task.duration_kind)
        if key not in hours:
            hours[key] = working_hours_for(task, project=project)
        try:
            require_version(task.version, expected=versions.get(task.uid))
            states[task.pk] = checked_state(draft, project=project, data_date=data_date, hours=hours[key])
        except (DomainError, ValidationError) as fault:
            faults.append(RowFault(task.uid, fault))
    if faults:
        raise RowsRefused(faults)
    return states


def _reported_later(task_ids: Sequence[int], day: date) -> set[int]:
    """Return the tasks with an entry after the day. One query."""
    later = TaskProgress.objects.filter(task_id__in=task_ids, data_date__gt=day)
    return set(later.values_list("task_id", flat=True))


def dated_entry(
    state: Progress, *, actor: User | None, task: Task, data_date: date, note: str = ""
) -> TaskProgress:
    """Return the entry of a checked state, not saved yet."""
    entry = TaskProgress(
        task=task,
        data_date=data_date,
        actual_start=state.actual_start,
        actual_finish=state.actual_finish,
        remaining_duration=state.remaining_duration,
        percent_complete=state.percent_complete,
        percent_physical=state.percent_physical,
        ev_progress=state.ev_progress,
        actual_work_hours=state.actual_work_hours,
        forecast_start=state.forecast_start,
        forecast_finish=state.forecast_finish,
        note=note,
        recorded_by=actor,
        recorded_at=recorded_at(),
    )
    clean_columns(entry, ENTRY_COLUMNS, but=("recorded_by", "recorded_at"))
    return entry


def set_present(task: Task, state: Progress) -> None:
    """Set the present columns of a task to a checked state, not saved yet."""
    task.actual_start, task.actual_finish = state.actual_start, state.actual_finish
    task.remaining_duration = state.remaining_duration
    task.percent_complete, task.percent_physical = state.percent_complete, state.percent_physical
    task.planned_start, task.planned_finish = state.forecast_start, state.forecast_finish
    task.actual_work_hours, task.ev_progress = state.actual_work_hours, state.ev_progress
    clean_columns(task, WRITTEN)


def _save_present(tasks: Sequence[Task]) -> None:
    """Save the present columns of tasks. Two statements on PostgreSQL."""
    update_rows(Task, [{"pk": task.pk, **{name: getattr(task, name) for name in WRITTEN}} for task in tasks])
    save_versions(Task, [task.pk for task in tasks])
    for task in tasks:
        task.version += 1
