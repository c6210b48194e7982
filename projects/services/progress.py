"""Dated progress of tasks (SCH-20 to SCH-23, SCH-28, SCH-29)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from pmo_portal.common.upserts import update_rows
from projects import actions
from projects.choices import MILESTONES, TaskKind, TimeKind
from projects.engine.calendar import CalendarError
from projects.engine.instants import end_of_day
from projects.engine.working_time import WorkingTime
from projects.models import Project, Task, TaskProgress
from projects.selectors.plan_dates import to_instant, to_moment
from projects.services.changes import (
    clean_columns,
    lock_open_project,
    require_version,
    save_version,
    save_versions,
    touch_project,
)
from projects.services.counted_progress import counted_progress
from projects.services.former_values import recorded_at, remember_project, remember_tasks
from projects.services.schedules import settle_plan
from projects.services.task_dates import working_hours_for

HUNDRED = Decimal(100)
NO_FINISH = _("No work is left, but the task has no actual finish yet.")
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
class ProgressDraft:
    """
    What somebody says about a task; None for percent or remaining lets the other one decide.

    ``remaining_duration`` is in working minutes. ``quantity_done`` counts units or accepted points so far,
    ``steps_reached`` numbers the weighted milestones reached; the physical percentage follows from them.
    """

    task: Task
    actual_start: datetime | None = None
    actual_finish: datetime | None = None
    percent_complete: Decimal | None = None
    remaining_duration: int | None = None
    percent_physical: Decimal | None = None
    actual_work_hours: Decimal | None = None
    note: str = ""
    quantity_done: Decimal | None = None
    steps_reached: Sequence[int] | None = None


@dataclass(frozen=True)
class Progress:
    """A checked state of a task at a data date, with the finish it leads to."""

    actual_start: datetime | None
    actual_finish: datetime | None
    percent_complete: Decimal
    percent_physical: Decimal
    remaining_duration: int
    actual_work_hours: Decimal
    forecast_start: datetime | None
    forecast_finish: datetime | None
    is_reopened: bool = False
    warnings: tuple[Any, ...] = ()
    ev_progress: dict[str, Any] | None = None


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
    return _record_drafts(actor, project, data_date, [draft])[0]


@transaction.atomic
def record_progress_of_many(
    *, actor: User | None, project: Project, data_date: date | None, drafts: Sequence[ProgressDraft]
) -> list[TaskProgress]:
    """Write down the state of several tasks with one roll-up; all or nothing."""
    locked = lock_open_project(project)
    tasks = Task.objects.select_for_update().filter(project=locked)
    fresh = tasks.in_bulk([draft.task.pk for draft in drafts])
    if len(fresh) != len({draft.task.pk for draft in drafts}):
        raise DomainError(_("There is no such task in this project."), code="NO_TASK")
    return _record_drafts(
        actor, locked, data_date, [replace(draft, task=fresh[draft.task.pk]) for draft in drafts]
    )


def _record_drafts(
    actor: User | None, project: Project, data_date: date | None, drafts: Sequence[ProgressDraft]
) -> list[TaskProgress]:
    hours: dict[tuple[int | None, str], WorkingTime] = {}
    entries, changes = write_drafts(
        actor=actor, project=project, data_date=data_date, drafts=drafts, hours=hours
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
    hours: dict[tuple[int | None, str], WorkingTime],
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
    """
    day = data_date or date.min
    changes = []
    entries: dict[int, TaskProgress] = {}
    present: list[Task] = []
    has_later = _reported_later([draft.task.pk for draft in drafts], day)
    remember_tasks(project, {draft.task.pk for draft in drafts} - has_later)
    for draft in drafts:
        task = draft.task
        key = (task.calendar_id, task.duration_kind)
        if key not in hours:
            hours[key] = working_hours_for(task, project=project)
        state = checked_state(draft, project=project, data_date=data_date, hours=hours[key])
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


def _reported_later(task_ids: Sequence[int], day: date) -> set[int]:
    """Return the tasks with an entry after the day. One query."""
    later = TaskProgress.objects.filter(task_id__in=task_ids, data_date__gt=day)
    return set(later.values_list("task_id", flat=True))


def checked_state(
    draft: ProgressDraft, *, project: Project, data_date: date | None, hours: WorkingTime
) -> Progress:
    """Return the state the draft leads to, as `check_progress`; an empty calendar is refused too."""
    try:
        return check_progress(draft, project=project, data_date=data_date, hours=hours)
    except (CalendarError, OverflowError) as fault:
        raise _refused(
            "EMPTY_CALENDAR", _("The calendar has no working time around this date."), "remaining_duration"
        ) from fault


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


def check_progress(
    draft: ProgressDraft, *, project: Project, data_date: date | None, hours: WorkingTime
) -> Progress:
    """
    Return the state the draft leads to; nothing is saved.

    Raises
    ------
    DomainError
        ``NO_DATA_DATE``, ``FUTURE_ACTUAL``, ``FINISH_BEFORE_START``, ``FINISH_WITHOUT_START``,
        ``PROGRESS_WITHOUT_START``, ``FINISH_NEEDED``, ``REMAINING_NEEDED``, ``REASON_NEEDED``,
        ``MILESTONE_PERCENT`` or ``SUMMARY_PROGRESS``, and those of `counted_progress`.
    """
    task = draft.task
    counted = counted_progress(
        task,
        quantity_done=draft.quantity_done,
        steps_reached=draft.steps_reached,
        percent_physical=draft.percent_physical,
    )
    draft = replace(draft, percent_physical=counted.percent)
    draft = admit_progress(draft, known_up_to=project.data_date, data_date=data_date)
    is_reopened = task.actual_finish is not None and draft.actual_finish is None
    if draft.actual_finish is not None:
        return replace(_completed(draft), ev_progress=counted.facts)
    if is_reopened and not draft.remaining_duration and task.kind not in MILESTONES:
        raise _refused("REMAINING_NEEDED", _("Say how much work is left."), "remaining_duration")
    if draft.actual_start is None:
        return replace(_not_started(draft), is_reopened=is_reopened)
    state = _in_progress(draft, data_date or date.min, hours)
    return replace(state, is_reopened=is_reopened, ev_progress=counted.facts)


def admit_progress(
    draft: ProgressDraft, *, known_up_to: date | None, data_date: date | None
) -> ProgressDraft:
    """
    Return what may be recorded at ``data_date`` while the project is known up to a day (SCH-20, SCH-23).

    Raises
    ------
    DomainError
        As `check_progress`, but for what is said about the work that is left.
    """
    task = draft.task
    if known_up_to is None or data_date is None:
        raise _refused("NO_DATA_DATE", _("Set the data date of the project first."), "data_date")
    if data_date > known_up_to:
        raise _refused(
            "FUTURE_ACTUAL", _("The project's data date is earlier. Set it forward first."), "data_date"
        )
    if task.kind == TaskKind.SUMMARY:
        raise _refused("SUMMARY_PROGRESS", _("A summary takes its progress from the tasks below it."), None)
    if task.kind in MILESTONES:
        draft = _milestone(draft)
    _require_actuals(draft, data_date)
    is_reopened = task.actual_finish is not None and draft.actual_finish is None
    if is_reopened and not draft.note.strip():
        raise _refused("REASON_NEEDED", _("Say why the finished task is open again."), "note")
    return draft


def _refused(code: str, message: Any, field: str | None) -> DomainError:
    return DomainError(message, code=code, field=field)


def _milestone(draft: ProgressDraft) -> ProgressDraft:
    """A milestone is reached or not; reaching it needs a date (SCH-29)."""
    if draft.percent_complete not in {None, Decimal(0), HUNDRED}:
        raise _refused("MILESTONE_PERCENT", _("A milestone is 0 or 100 % complete."), "percent_complete")
    reached = draft.actual_finish or draft.actual_start
    if draft.percent_complete == HUNDRED and reached is None:
        raise _refused("FINISH_NEEDED", _("Say on which day the milestone was reached."), "actual_finish")
    return replace(draft, actual_start=reached, actual_finish=reached, remaining_duration=None)


def _require_actuals(draft: ProgressDraft, data_date: date) -> None:
    """Refuse dates after the data date, out of order or missing (SCH-20, SCH-23)."""
    end = to_moment(end_of_day(data_date))
    for field in ("actual_start", "actual_finish"):
        moment = getattr(draft, field)
        if moment is not None and moment > end:
            raise _refused("FUTURE_ACTUAL", _("This day lies after the data date."), field)
    if draft.actual_finish is not None:
        if draft.actual_start is None:
            raise _refused("FINISH_WITHOUT_START", _("A finish needs a start."), "actual_start")
        if draft.actual_finish < draft.actual_start:
            raise _refused(
                "FINISH_BEFORE_START", _("The finish must not be before the start."), "actual_finish"
            )
    elif draft.percent_complete == HUNDRED:
        raise _refused("FINISH_NEEDED", _("100 % needs the day the task was finished."), "actual_finish")
    if draft.actual_start is None and (draft.percent_complete or draft.percent_physical):
        raise _refused(
            "PROGRESS_WITHOUT_START", _("Progress needs the day the task was started."), "actual_start"
        )


def _completed(draft: ProgressDraft) -> Progress:
    physical = draft.percent_physical
    return Progress(
        actual_start=draft.actual_start,
        actual_finish=draft.actual_finish,
        percent_complete=HUNDRED,
        percent_physical=HUNDRED if physical is None else physical,
        remaining_duration=0,
        actual_work_hours=_worked(draft),
        forecast_start=draft.actual_start,
        forecast_finish=draft.actual_finish,
    )


def _not_started(draft: ProgressDraft) -> Progress:
    task = draft.task
    left = draft.remaining_duration
    return Progress(
        actual_start=None,
        actual_finish=None,
        percent_complete=Decimal(0),
        percent_physical=Decimal(0),
        remaining_duration=task.duration if left is None else left,
        actual_work_hours=_worked(draft),
        forecast_start=task.planned_start,
        forecast_finish=task.planned_finish,
    )


def _in_progress(draft: ProgressDraft, data_date: date, hours: WorkingTime) -> Progress:
    """Percent and remaining agree: percent = 100 · done / (done + remaining) (SCH-21, SCH-22)."""
    task = draft.task
    started = to_instant(draft.actual_start) if draft.actual_start else 0
    known = end_of_day(data_date)
    done = max(0, hours.between(started, known) - _suspended(task, known, hours))
    share, left = draft.percent_complete, draft.remaining_duration
    if left is None:
        if not share or not done:
            raise _refused("REMAINING_NEEDED", _("Say how much work is left."), "remaining_duration")
        left = int((done * (HUNDRED - share) / share).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    share = HUNDRED * done / (done + left) if done + left else Decimal(0)
    resume = max(known, to_instant(task.resume_on)) if task.resume_on else known
    physical = draft.percent_physical
    return Progress(
        actual_start=draft.actual_start,
        actual_finish=None,
        percent_complete=Decimal(share).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP),
        percent_physical=task.percent_physical if physical is None else physical,
        remaining_duration=left,
        actual_work_hours=_worked(draft),
        forecast_start=draft.actual_start,
        forecast_finish=to_moment(hours.add(hours.next_working(resume), left))
        if left
        else to_moment(max(started, hours.previous_working(known))),
        warnings=() if left else (NO_FINISH,),
    )


def _suspended(task: Task, known: int, hours: WorkingTime) -> int:
    """Return the working minutes up to ``known`` in which the task rested."""
    if task.suspend_on is None:
        return 0
    until = min(known, to_instant(task.resume_on)) if task.resume_on else known
    return max(0, hours.between(min(to_instant(task.suspend_on), until), until))


def _worked(draft: ProgressDraft) -> Decimal:
    given = draft.actual_work_hours
    return draft.task.actual_work_hours if given is None else given
