"""What may be said about a task, and the state it leads to (SCH-20 to SCH-23, SCH-28, SCH-29)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError
from projects.choices import MILESTONES, TaskKind
from projects.engine.calendar import CalendarError
from projects.engine.instants import end_of_day
from projects.engine.interruptions import rest_within, work_within
from projects.engine.plausible_dates import END_DATE, FIRST_DATE
from projects.engine.working_time import WorkingTime
from projects.models import Project, Task
from projects.selectors.plan_dates import to_instant, to_moment
from projects.selectors.task_stretches import interruptions_from
from projects.services.counted_progress import counted_progress

HUNDRED = Decimal(100)
NO_FINISH = _("No work is left, but the task has no actual finish yet.")


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


def checked_state(
    draft: ProgressDraft, *, project: Project, data_date: date | None, hours: WorkingTime
) -> Progress:
    """
    Return the state the draft leads to, as `check_progress`.

    An empty calendar and work that would end outside the years looked at are refused too.
    """
    says_share = draft.remaining_duration is None and bool(draft.percent_complete)
    field = "percent_complete" if says_share else "remaining_duration"
    try:
        state = check_progress(draft, project=project, data_date=data_date, hours=hours)
        _require_plausible(state, data_date or date.min, hours)
    except CalendarError as fault:
        text = _("The calendar has no working time around this date.")
        raise _refused("EMPTY_CALENDAR", text, field) from fault
    except OverflowError as fault:
        text = _("The work would end outside the years 1900 to 2199. Say how much is really left.")
        raise _refused("DATES_OUT_OF_RANGE", text, field) from fault
    return state


def _require_plausible(state: Progress, data_date: date, hours: WorkingTime) -> None:
    """Raise an `OverflowError` where what is left would end outside the years looked at."""
    if state.actual_finish is not None:
        return
    ends = [state.forecast_finish]
    if state.remaining_duration:
        work_from = hours.next_working(end_of_day(data_date))
        ends.append(to_moment(hours.add(work_from, state.remaining_duration)))
    for moment in ends:
        if moment is not None and not FIRST_DATE <= moment.date() < END_DATE:
            raise OverflowError("the work ends out of reach")


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
        raise _refused(
            "MILESTONE_PERCENT", _("A milestone is 0 or 100 percent complete."), "percent_complete"
        )
    reached = draft.actual_finish or draft.actual_start
    if draft.percent_complete == HUNDRED and reached is None:
        raise _refused("FINISH_NEEDED", _("Say on which day the milestone was reached."), "actual_finish")
    return replace(draft, actual_start=reached, actual_finish=reached, remaining_duration=None)


def _require_actuals(draft: ProgressDraft, data_date: date) -> None:
    """Refuse dates after the data date, out of order or missing (SCH-20, SCH-23)."""
    end = to_moment(end_of_day(data_date))
    # A milestone has one day, which people give as its finish.
    began = "actual_finish" if draft.task.kind in MILESTONES else "actual_start"
    for field in (began, "actual_finish"):
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
        raise _refused(
            "FINISH_NEEDED", _("100 percent needs the day the task was finished."), "actual_finish"
        )
    if draft.actual_start is None and (draft.percent_complete or draft.percent_physical):
        raise _refused("PROGRESS_WITHOUT_START", _("Progress needs the day the task was started."), began)


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
    rests = interruptions_from(task.interruptions)
    done = max(0, hours.between(started, known) - _suspended(task, known, hours))
    if task.suspend_on is None:
        done = work_within(rests, span=done)
    share, left = draft.percent_complete, draft.remaining_duration
    if left is None:
        if not share or not done:
            raise _refused("REMAINING_NEEDED", _("Say how much work is left."), "remaining_duration")
        left = int((done * (HUNDRED - share) / share).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    share = HUNDRED * done / (done + left) if done + left else Decimal(0)
    resume = max(known, to_instant(task.resume_on)) if task.resume_on else known
    physical = draft.percent_physical
    rest = rest_within(rests, done=task.duration - left, work=task.duration)
    return Progress(
        actual_start=draft.actual_start,
        actual_finish=None,
        percent_complete=Decimal(share).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP),
        percent_physical=task.percent_physical if physical is None else physical,
        remaining_duration=left,
        actual_work_hours=_worked(draft),
        forecast_start=draft.actual_start,
        forecast_finish=to_moment(hours.add(hours.next_working(resume), left + rest))
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
