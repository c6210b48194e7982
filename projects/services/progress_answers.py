"""Plain answers to "what happened with this task?" as exact entries of progress (SCH-20 to SCH-23)."""

from datetime import date, datetime
from decimal import Decimal

from projects.choices import MILESTONES
from projects.engine.working_time import WorkingTime
from projects.models import Task
from projects.selectors.plan_dates import finish_moment, start_moment
from projects.services.progress_rules import ProgressDraft


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
