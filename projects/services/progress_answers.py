"""Plain answers to "what happened with this task?" as exact entries of progress (SCH-20 to SCH-23)."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError
from projects.choices import MILESTONES
from projects.engine.calendar import CalendarError
from projects.engine.working_time import WorkingTime
from projects.models import BaselineTask, Project, Task
from projects.selectors.plan_dates import finish_moment, shown_finish, shown_start, start_moment
from projects.services.progress_rules import ProgressDraft
from projects.services.task_dates import working_hours_for


def done_between(task: Task, *, start: datetime | None, finish: datetime) -> ProgressDraft:
    """Return "done", with an actual start that is known already kept."""
    if task.kind in MILESTONES:
        return ProgressDraft(task=task, actual_start=finish, actual_finish=finish)
    return ProgressDraft(task=task, actual_start=task.actual_start or start, actual_finish=finish)


def done_on_day(task: Task, *, start: date | None, finish: date | None, hours: WorkingTime) -> ProgressDraft:
    """Return "done on another day"; what is missing is refused when it is recorded."""
    began = task.actual_start or (start_moment(start, working_time=hours) if start else None)
    ended = finish_moment(finish, working_time=hours) if finish else None
    if task.kind in MILESTONES:
        began = ended
    return ProgressDraft(task=task, actual_start=began, actual_finish=ended, percent_complete=Decimal(100))


def under_way(task: Task, *, start: date | None, left: int, hours: WorkingTime) -> ProgressDraft:
    """Return "started, so many working minutes left"."""
    began = task.actual_start or (start_moment(start, working_time=hours) if start else None)
    # Without a start the share that is done makes the service ask for it.
    share = None if began else Decimal(1)
    return ProgressDraft(task=task, actual_start=began, remaining_duration=left, percent_complete=share)


def not_started(task: Task, *, because: str) -> ProgressDraft:
    """Return "not started, later because"."""
    return ProgressDraft(task=task, remaining_duration=task.remaining_duration, note=because)


def done_at_data_date(task: Task, *, project: Project) -> ProgressDraft:
    """
    Return "done by the data date": the finish is the end of work on its last working day.

    A task nobody started began on its planned start where that lies before, else on that very day.

    Raises
    ------
    DomainError
        ``NO_DATA_DATE``, or ``EMPTY_CALENDAR``.
    """
    first, last = _day_at_data_date(task, project)
    if task.kind in MILESTONES:
        return ProgressDraft(task=task, actual_start=last, actual_finish=last)
    planned = task.planned_start
    began = planned if planned is not None and planned <= last else first
    return ProgressDraft(task=task, actual_start=task.actual_start or began, actual_finish=last)


def started_at_data_date(task: Task, *, project: Project) -> ProgressDraft:
    """
    Return "started on the last working day up to the data date", with what was left before.

    Raises
    ------
    DomainError
        As `done_at_data_date`.
    """
    left = task.duration if task.remaining_duration is None else task.remaining_duration
    return ProgressDraft(task=task, actual_start=_day_at_data_date(task, project)[0], remaining_duration=left)


def missing_days(draft: ProgressDraft, *, project: Project, refusal: str) -> dict[str, date]:
    """
    Return the actual days that are missing where progress was refused for want of them (SCH-20, SCH-23).

    The start is that of the current baseline, else of the plan, where it lies before the end of the data
    date; else it is the last working day up to the data date, as is the finish. To be shown, not kept.

    Parameters
    ----------
    refusal : str
        The code of the refusal; the answer is empty for all but ``PROGRESS_WITHOUT_START`` and
        ``FINISH_NEEDED``.
    """
    task = draft.task
    if refusal not in {"PROGRESS_WITHOUT_START", "FINISH_NEEDED"}:
        return {}
    try:
        done = done_at_data_date(task, project=project)
    except DomainError:
        return {}
    frozen = BaselineTask.objects.filter(task=task.pk, baseline__is_current=True).order_by("pk")
    began = frozen.values_list("start", flat=True).first()
    known = done.actual_finish
    is_past = began is not None and known is not None and began <= known
    start = draft.actual_start or (began if is_past else done.actual_start)
    days = {
        "actual_start": None if draft.actual_start or task.kind in MILESTONES else shown_start(start),
        "actual_finish": shown_finish(known) if refusal == "FINISH_NEEDED" else None,
    }
    return {name: day for name, day in days.items() if day is not None}


def _day_at_data_date(task: Task, project: Project) -> tuple[datetime, datetime]:
    """Return beginning and end of work on the last working day up to the data date."""
    if project.data_date is None:
        raise DomainError(
            _("Set the data date of the project first."), code="NO_DATA_DATE", field="data_date"
        )
    hours = working_hours_for(task, project=project)
    try:
        last = finish_moment(project.data_date, working_time=hours)
        return start_moment(shown_finish(last) or project.data_date, working_time=hours), last
    except (CalendarError, OverflowError) as fault:
        raise DomainError(
            _("The calendar has no working time around this date."), code="EMPTY_CALENDAR", field="data_date"
        ) from fault
