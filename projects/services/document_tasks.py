"""Store the rows and links of a document as the plan of one project."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from projects.choices import ConstraintType, LagCalendar, TimeKind
from projects.interchange.document import Link as DocumentLink
from projects.interchange.document import Task as DocumentTask
from projects.interchange.takeover_tasks import PlacedTask
from projects.interchange.vocabulary import Constraint, LagUnit, TaskKind
from projects.interchange.vocabulary import LagCalendar as DocumentLagCalendar
from projects.models import Calendar, Link, Project, Task, TaskProgress
from projects.services.document_values import (
    hours_of,
    minutes_of,
    money_of,
    percent_of,
    stored_moment,
)
from projects.services.outline import DIGITS

BATCH = 200
HUNDRED = Decimal(100)
MOST_UID = 2_147_483_647
MOST_PRIORITY = 1000
CONSTRAINTS = {Constraint.SON: ConstraintType.MSO, Constraint.FON: ConstraintType.MFO}
LAG_CALENDARS = {DocumentLagCalendar.ALWAYS: LagCalendar.ROUND_THE_CLOCK}


def write_tasks(
    project: Project, *, placed: Sequence[PlacedTask], calendars: Mapping[int, Calendar]
) -> dict[int, Task]:
    """Return the stored rows by their uid in the document. One statement per level of the outline."""
    uids = stored_uids([item.task.uid for item in placed])
    levels: dict[int, list[PlacedTask]] = defaultdict(list)
    for item in placed:
        levels[len(item.numbers)].append(item)
    stored: dict[int, Task] = {}
    for _level, items in sorted(levels.items()):
        rows = [_task(project, item, uids[item.task.uid], stored, calendars) for item in items]
        made = Task.objects.bulk_create(rows, batch_size=BATCH)
        stored |= {item.task.uid: row for item, row in zip(items, made, strict=True)}
    return stored


def stored_uids(uids: Sequence[int]) -> dict[int, int]:
    """
    Return the number each row gets: its own where a column holds it, else the lowest free one.

    Examples
    --------
    >>> stored_uids([3, -7])
    {3: 3, -7: 1}
    """
    fitting = {uid for uid in uids if 0 <= uid <= MOST_UID}
    free = (number for number in count(1) if number not in fitting)
    result = {}
    for uid in uids:
        if uid in fitting:
            result[uid] = uid
        else:
            result[uid] = next(free)
    return result


def _task(
    project: Project,
    item: PlacedTask,
    uid: int,
    stored: Mapping[int, Task],
    calendars: Mapping[int, Calendar],
) -> Task:
    return Task(
        project=project,
        uid=uid,
        parent=None if item.parent_uid is None else stored[item.parent_uid],
        position=item.number,
        wbs=item.wbs[:100],
        sort_path="".join(f"{number:0{DIGITS}d}" for number in item.numbers),
        outline_level=len(item.numbers),
        **task_columns(project, item=item, calendars=calendars),
    )


def task_columns(project: Project, *, item: PlacedTask, calendars: Mapping[int, Calendar]) -> dict[str, Any]:
    """Return what the file says about a row, by column: all but its number and its place in the outline."""
    task = item.task
    return {
        "source_uid": task.uid,
        "source_guid": task.guid,
        "name": task.name[:250],
        "notes": task.notes,
        "kind": item.kind.value,
        "is_active": task.is_active and not task.is_external,
        "is_manual": task.is_manual,
        "calendar": calendars.get(task.calendar_uid) if task.calendar_uid is not None else None,
        "task_type": task.task_type.value,
        "is_effort_driven": task.is_effort_driven,
        "ignores_resource_calendars": task.ignores_resource_calendars,
        "leveling_delay": max(0, minutes_of(task.leveling_delay) or 0),
        "interruptions": [[rest.after, rest.rest] for rest in item.interruptions] or None,
        "priority": 500 if task.priority is None else max(0, min(MOST_PRIORITY, task.priority)),
        "fixed_cost": money_of(task.fixed_cost),
        "extra": _extra(task),
        **_durations(task, is_summary=item.kind is TaskKind.SUMMARY),
        **_dates(task),
        **_constraints(task, item.kind),
        **_float(project, task),
    }


def _durations(task: DocumentTask, *, is_summary: bool) -> dict[str, Any]:
    """Return lengths, percentages and hours; summaries earn what is below them (SCH-32)."""
    duration = max(0, minutes_of(task.duration) or 0)
    percent = percent_of(task.percent_complete)
    remaining = minutes_of(task.remaining_duration)
    if remaining is None and percent:
        remaining = int(duration * (HUNDRED - percent) / HUNDRED)
    return {
        "duration": duration,
        "duration_kind": TimeKind[task.duration_kind.name],
        "remaining_duration": None if remaining is None else max(0, remaining),
        "percent_complete": percent,
        "percent_physical": Decimal(0)
        if is_summary
        else percent_of(task.percent_physical or task.percent_complete),
        "work_hours": hours_of(task.work),
        "actual_work_hours": hours_of(task.actual_work),
        "remaining_work_hours": hours_of(task.remaining_work),
    }


def _dates(task: DocumentTask) -> dict[str, Any]:
    return {
        "planned_start": stored_moment(task.start),
        "planned_finish": stored_moment(task.finish),
        "actual_start": stored_moment(task.actual_start),
        "actual_finish": stored_moment(task.actual_finish),
        "suspend_on": stored_moment(task.suspend_at),
        "resume_on": stored_moment(task.resume_at),
        "early_start": stored_moment(task.early_start),
        "early_finish": stored_moment(task.early_finish),
        "late_start": stored_moment(task.late_start),
        "late_finish": stored_moment(task.late_finish),
        "deadline": stored_moment(task.deadline),
    }


def _constraints(task: DocumentTask, kind: TaskKind) -> dict[str, Any]:
    """Return the constraints of a row; of a summary only the one that holds for what is below it."""
    if kind is TaskKind.SUMMARY:
        has_floor = task.constraint is Constraint.SNET and task.constraint_date is not None
        return {
            "constraint_type": ConstraintType.SNET if has_floor else ConstraintType.ASAP,
            "constraint_date": stored_moment(task.constraint_date) if has_floor else None,
        }
    second = task.second_constraint
    return {
        "constraint_type": CONSTRAINTS.get(task.constraint, task.constraint.value),
        "constraint_date": stored_moment(task.constraint_date),
        "second_constraint_type": "" if second is None else CONSTRAINTS.get(second, second.value),
        "second_constraint_date": stored_moment(task.second_constraint_date),
    }


def _float(project: Project, task: DocumentTask) -> dict[str, Any]:
    """Return float as the file has it; near critical follows the thresholds of the project (SCH-18)."""
    total = minutes_of(task.total_slack)
    near = None
    if total is not None:
        near = project.critical_threshold < total <= project.near_critical_threshold
    return {
        "total_float": total,
        "free_float": minutes_of(task.free_slack),
        "is_critical": task.is_critical,
        "is_near_critical": near,
    }


def _extra(task: DocumentTask) -> dict[str, str]:
    """
    Return own fields of the file, and what the plan has no column for, as text by visible name.

    A WBS code that only counts the outline is none of the file: the plan counts its own.
    """
    more = {
        "WBS": "" if task.wbs == task.outline_number else task.wbs,
        "Activity ID": task.activity_id,
        "External task": "yes" if task.is_external else "",
        "Estimated": "yes" if task.is_estimated else "",
    }
    return {**task.extra, **{name: value for name, value in more.items() if value}}


def write_links(project: Project, *, links: Sequence[DocumentLink], tasks: Mapping[int, Task]) -> int:
    """Store the links between rows and return how many."""
    rows = [
        Link(
            project=project,
            predecessor=tasks[link.pred],
            successor=tasks[link.succ],
            type=link.type.value,
            **lag_columns(link),
        )
        for link in links
    ]
    return len(Link.objects.bulk_create(rows, batch_size=BATCH))


def lag_columns(link: DocumentLink) -> dict[str, Any]:
    """Return the lag of a link, by column."""
    return {
        "lag": 0 if link.lag_unit is LagUnit.PERCENT else minutes_of(link.lag) or 0,
        "lag_percent": _lag_percent(link),
        "lag_kind": TimeKind[link.lag_kind.name],
        "lag_calendar": lag_calendar_of(link.lag_calendar) if link.lag_calendar else "",
    }


def _lag_percent(link: DocumentLink) -> Decimal | None:
    if link.lag_unit is not LagUnit.PERCENT:
        return None
    return max(Decimal(-99999), min(Decimal(99999), percent_of(link.lag)))


def lag_calendar_of(calendar: DocumentLagCalendar) -> str:
    """Return the calendar of lags in the words of the plan."""
    return LAG_CALENDARS.get(calendar) or LagCalendar[calendar.name]


def write_progress(*, tasks: Mapping[int, Task], data_date: date | None, actor: Any) -> int:
    """Store the state of every started leaf at the data date and return how many (SCH-20)."""
    if data_date is None:
        return 0
    rows = [
        TaskProgress(
            task=task,
            data_date=data_date,
            actual_start=task.actual_start,
            actual_finish=task.actual_finish,
            remaining_duration=task.remaining_duration,
            percent_complete=task.percent_complete,
            percent_physical=task.percent_physical,
            actual_work_hours=task.actual_work_hours,
            forecast_start=task.planned_start,
            forecast_finish=task.planned_finish,
            recorded_by=actor,
        )
        for task in tasks.values()
        if task.kind != TaskKind.SUMMARY.value and (task.actual_start or task.percent_complete)
    ]
    return len(TaskProgress.objects.bulk_create(rows, batch_size=BATCH))
