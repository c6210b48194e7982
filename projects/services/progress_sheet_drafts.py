"""
What is to be recorded of the rows of a progress list.

Every cell somebody changed counts: what the rules of progress would pass over is refused at its cell.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError
from projects.choices import MILESTONES
from projects.engine.calendar import CalendarError
from projects.engine.working_time import WorkingTime
from projects.models import Project
from projects.selectors.plan_dates import finish_moment, start_moment
from projects.selectors.work_days import in_minutes
from projects.services.progress import RowFault
from projects.services.progress_rules import HUNDRED, ProgressDraft
from projects.services.progress_sheet_rows import MergedRow
from projects.services.task_dates import KnownHours, working_hours_for

RESULTS = ("quantity_done", "steps_reached", "percent_physical")


def sheet_drafts(
    rows: Sequence[MergedRow], *, project: Project, hours: KnownHours
) -> tuple[list[ProgressDraft], list[RowFault]]:
    """
    Return what is to be recorded of the rows that say something, and what is refused of the others.

    Parameters
    ----------
    hours : KnownHours
        Filled in, for those who record.
    """
    drafts, refused = [], []
    for row in rows:
        if not row.says_something:
            continue
        try:
            drafts.append(_draft(row, project, hours))
        except DomainError as fault:
            refused.append(RowFault(row.task.uid, fault))
    return drafts, refused


def _draft(row: MergedRow, project: Project, known: KnownHours) -> ProgressDraft:
    """Return what is to be recorded: what the file says, over what holds now."""
    task, mine, said = row.task, row.row.mine, row.said
    key = (task.calendar_id, task.duration_kind)
    if key not in known:
        known[key] = working_hours_for(task, project=project)
    start, finish = task.actual_start, task.actual_finish
    if "actual_start" in said:
        start = _moment(row, "actual_start", start_moment, known[key])
    if "actual_finish" in said:
        finish = _moment(row, "actual_finish", finish_moment, known[key])
    if task.kind in MILESTONES:
        start = finish
    _require_used(row, is_done=finish is not None)
    left: int | None = None
    if "days_left" in said:
        left = in_minutes(mine["days_left"], project, task.duration_kind)  # type: ignore[arg-type]
    elif "percent_complete" not in said and finish is None:
        left = task.duration if task.remaining_duration is None else task.remaining_duration
    if finish is not None or (task.actual_finish is not None and "days_left" not in said):
        left = None
    return ProgressDraft(
        task=task,
        actual_start=start,
        actual_finish=finish,
        remaining_duration=left,
        percent_complete=_said(row, "percent_complete"),
        percent_physical=_said(row, "percent_physical"),
        quantity_done=_said(row, "quantity_done"),
        steps_reached=_said(row, "steps_reached"),
        note=row.row.note,
    )


def _require_used(row: MergedRow, *, is_done: bool) -> None:
    """Refuse a changed cell that would not count beside the others."""
    mine, said = row.row.mine, row.said
    if row.task.kind in MILESTONES:
        if "actual_start" in said and mine["actual_start"] != mine["actual_finish"]:
            raise _refused("ONE_DAY", _("A milestone has one day: give it as actual finish."), "actual_start")
        if "days_left" in said and mine["days_left"]:
            raise _refused("NO_DURATION", _("A milestone takes no time: it has no days left."), "days_left")
    if is_done:
        if "days_left" in said and mine["days_left"]:
            raise _refused(
                "DONE", _("The task has an actual finish, so no days are left of it."), "days_left"
            )
        if "percent_complete" in said and mine["percent_complete"] != HUNDRED:
            raise _refused(
                "DONE", _("The task has an actual finish, so it is 100 percent complete."), "percent_complete"
            )
    elif {"days_left", "percent_complete"} <= said:
        raise _refused(
            "BOTH_GIVEN",
            _("Give days left or percent complete, not both: one follows from the other."),
            "percent_complete",
        )
    results = [name for name in RESULTS if name in said]
    if len(results) > 1:
        raise _refused(
            "BOTH_GIVEN",
            _("Give units, steps or percent physically done, not several: one follows from the other."),
            results[-1],
        )


def _refused(code: str, message: Any, field: str) -> DomainError:
    return DomainError(message, code=code, field=field)


def _said(row: MergedRow, name: str) -> Any:
    return row.row.mine[name] if name in row.said else None


def _moment(
    row: MergedRow, name: str, moment_of: Callable[..., datetime], hours: WorkingTime
) -> datetime | None:
    """Return the moment of a day; one that no calendar reaches is refused at its cell."""
    day = row.row.mine[name]
    if not isinstance(day, date):
        return None
    try:
        return moment_of(day, working_time=hours)
    except (CalendarError, OverflowError) as fault:
        raise _refused(
            "EMPTY_CALENDAR", _("The calendar has no working time around this date."), name
        ) from fault
