"""Make start, finish and duration of a task agree on its calendar (SCH-2, SCH-5)."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError
from projects.choices import MILESTONES, TimeKind
from projects.engine.calendar import ELAPSED_CALENDAR, CalendarError
from projects.engine.interruptions import rest_within, work_within
from projects.engine.working_time import WorkingTime
from projects.models import Project, Task
from projects.selectors.calendars import evaluator, working_time
from projects.selectors.plan_dates import to_instant, to_moment
from projects.selectors.task_stretches import interruptions_from

KnownHours: TypeAlias = dict[tuple[int | None, str], WorkingTime]
"""Working time by key of the calendar (None for the project's) and kind of time."""


def working_hours_for(task: Task, *, project: Project) -> WorkingTime:
    """Return the working time of a task: its own calendar, else the project's; all hours when elapsed."""
    if task.duration_kind == TimeKind.ELAPSED:
        return evaluator(ELAPSED_CALENDAR)
    return working_time(task.calendar or project.calendar)


def fit_dates(task: Task, given: Mapping[str, Any], hours: WorkingTime) -> None:
    """
    Make start, finish and duration agree.

    Raises
    ------
    DomainError
        ``EMPTY_CALENDAR`` for a calendar that has no more working time (SCH-5), ``DATES_OUT_OF_RANGE`` for a
        finish after the year 2199, ``FINISH_BEFORE_START``.
    """
    try:
        _agree(task, given, hours)
    except OverflowError as fault:
        raise DomainError(
            _("The work would end outside the years 1900 to 2199. Check the duration and the start."),
            code="DATES_OUT_OF_RANGE",
            field="duration",
        ) from fault
    except CalendarError as fault:
        raise DomainError(
            _("The calendar has no working time around this date."),
            code="EMPTY_CALENDAR",
            field="planned_start",
        ) from fault


def _agree(task: Task, given: Mapping[str, Any], hours: WorkingTime) -> None:
    """Make start, finish and duration agree: a given finish sets the duration, else the finish follows."""
    if task.kind in MILESTONES:
        moment = task.planned_finish if "planned_finish" in given else task.planned_start
        task.planned_start = task.planned_finish = moment or task.planned_finish or task.planned_start
        return
    if task.planned_start is None:
        return
    is_finish_given = given.get("planned_finish") is not None and not (
        "duration" in given and "planned_start" in given
    )
    start = to_instant(task.planned_start)
    if is_finish_given and task.planned_finish is not None:
        if task.planned_finish < task.planned_start:
            raise DomainError(
                _("The planned finish must not be before the planned start."),
                code="FINISH_BEFORE_START",
                field="planned_finish",
            )
        span = max(0, hours.between(start, to_instant(task.planned_finish)))
        task.duration = work_within(interruptions_from(task.interruptions), span=span)
    else:
        start = hours.next_working(start)
        task.planned_start = to_moment(start)
        rest = rest_within(interruptions_from(task.interruptions), work=task.duration)
        task.planned_finish = to_moment(hours.add(start, task.duration + rest))
