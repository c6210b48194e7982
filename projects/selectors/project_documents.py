"""
A stored project as a neutral document: what goes into the files of other tools.

The opposite of the services that store a document. Amounts are in it only for who may see them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from projects.choices import LagCalendar, ScheduleConvention, TaskKind
from projects.interchange.document import (
    Baseline,
    BaselineRow,
    Link,
    ProjectDocument,
    ProjectOptions,
    Split,
    Task,
)
from projects.interchange.vocabulary import (
    Constraint,
    Convention,
    DurationKind,
    FloatMode,
    LagUnit,
    LinkType,
    ProgressMode,
    TaskType,
)
from projects.interchange.vocabulary import LagCalendar as DocumentLagCalendar
from projects.interchange.vocabulary import TaskKind as DocumentTaskKind
from projects.models import ActualCost, BaselineTask, Project
from projects.models import Link as StoredLink
from projects.models import Task as StoredTask
from projects.selectors.document_calendars import document_calendars
from projects.selectors.document_resources import document_assignments, document_resources
from projects.selectors.document_values import given_number, local_moment, minutes_of_hours, numbered
from projects.selectors.row_guids import row_guids
from projects.selectors.task_budgets import task_budgets
from projects.selectors.task_stretches import TaskStretch, stretches_of_tasks

MONEY = "budget.view"
RATES = "rate.view"
# Own fields under which an import keeps what the plan has no column for.
KEPT_WBS, KEPT_ACTIVITY, KEPT_ESTIMATED = "WBS", "Activity ID", "Estimated"
TAKEN_BACK = frozenset({KEPT_WBS, KEPT_ACTIVITY, KEPT_ESTIMATED})
LAG_CALENDARS = {
    LagCalendar.PREDECESSOR: DocumentLagCalendar.PREDECESSOR,
    LagCalendar.SUCCESSOR: DocumentLagCalendar.SUCCESSOR,
    LagCalendar.PROJECT: DocumentLagCalendar.PROJECT,
    LagCalendar.ROUND_THE_CLOCK: DocumentLagCalendar.ALWAYS,
}


def project_document(project: Project, *, rights: Collection[str]) -> ProjectDocument:
    """
    Return the project with all its rows. A fixed number of queries, whatever its size.

    Parameters
    ----------
    project : Project
        With its calendar.
    rights : collection of str
        What the reader may do here: costs need ``budget.view``, rates and costs of persons ``rate.view``.
    """
    rows = list(StoredTask.objects.filter(project=project).in_order())
    uids = _numbers([(row.pk, row.source_uid, row.uid) for row in rows])
    money = _Money(project, rows) if MONEY in rights else None
    guid_of = row_guids(project)
    resources = document_resources(project, shows_rates=RATES in rights)
    common = {project.calendar_id, *(row.calendar_id for row in rows if row.calendar_id is not None)}
    calendars = document_calendars(
        common | resources.calendar_ids, own=project, personal=resources.calendar_ids - common
    )
    stretches = stretches_of_tasks(rows, project)
    return ProjectDocument(
        options=_options(project, rows, calendars.uids),
        calendars=calendars.rows,
        tasks=tuple(
            replace(
                _task(row, number, uids, calendars.uids, money, guid_of(row)),
                splits=tuple(_split(item) for item in stretches.get(row.pk, ())),
            )
            for number, row in enumerate(rows, start=1)
        ),
        links=_links(project, uids),
        resources=resources.rows(calendars.uids),
        assignments=document_assignments(
            project, tasks=uids, resources=resources.uids, shows_costs=MONEY in rights and RATES in rights
        ),
        baselines=_baselines(project, uids, shows_money=money is not None),
    )


def task_numbers(project: Project) -> dict[int, int]:
    """Return the numbers that the tasks get in a document, by key. One query."""
    rows = StoredTask.objects.filter(project=project).in_order()
    return _numbers(rows.values_list("pk", "source_uid", "uid"))


def _numbers(rows: Iterable[tuple[int, int | None, int]]) -> dict[int, int]:
    """Return the number each row had in the file it came from, else its own, so that it is found again."""
    return numbered([(pk, uid if source is None else source) for pk, source, uid in rows])


class _Money:
    """What the tasks may cost and have cost, in project currency. Fixed queries."""

    def __init__(self, project: Project, rows: list[StoredTask]) -> None:
        leaves = [row for row in rows if row.kind != TaskKind.SUMMARY]
        budgets, _total = task_budgets(project, tasks=leaves)
        self.budgets: Mapping[int, Decimal] = budgets
        spent = ActualCost.objects.filter(project=project, task__isnull=False).order_by("task")
        self.actual: Mapping[int, Decimal] = dict(
            spent.values_list("task").annotate(amount=Sum("project_amount"))
        )

    def of(self, row: StoredTask) -> dict[str, Any]:
        if row.kind == TaskKind.SUMMARY:
            return {"fixed_cost": row.fixed_cost}
        cost, actual = self.budgets.get(row.pk, Decimal(0)), self.actual.get(row.pk, Decimal(0))
        return {
            "cost": cost,
            "actual_cost": actual,
            "remaining_cost": max(Decimal(0), cost - actual),
            "fixed_cost": row.fixed_cost,
        }


def _options(project: Project, rows: Sequence[StoredTask], calendars: Mapping[int, int]) -> ProjectOptions:
    calendar = project.calendar
    per_day = int(calendar.hours_per_day * 60)
    start = _start(project, rows)
    finishes = [row.planned_finish for row in rows if row.planned_finish]
    must = project.must_finish_by
    return ProjectOptions(
        name=project.name,
        title=project.name,
        code=project.code,
        convention=Convention(project.convention),
        start=start,
        finish=local_moment(max(finishes, default=None)),
        planned_start=start,
        has_start_day=project.schedule_start is None and start is not None,
        must_finish_by=datetime.combine(must, datetime.min.time()) + timedelta(days=1) if must else None,
        status_date=project.data_date,
        minutes_per_day=per_day,
        minutes_per_week=int(per_day * calendar.days_per_week),
        days_per_month=int(calendar.days_per_month),
        default_calendar_uid=calendars[project.calendar_id],
        currency=project.currency,
        critical_slack_limit=float(project.critical_threshold),
        honors_constraints=project.honor_hard_dates,
        float_mode=FloatMode[project.float_kind],
        lag_calendar=(
            DocumentLagCalendar.SUCCESSOR
            if project.convention == ScheduleConvention.MICROSOFT
            else LAG_CALENDARS[LagCalendar(project.default_lag_calendar)]
        ),
        progress_mode=ProgressMode(project.progress_mode),
        notes=project.description,
    )


def _start(project: Project, rows: Sequence[StoredTask]) -> datetime | None:
    """Return the moment before which nothing is planned: the project's, else the first of its rows."""
    if project.schedule_start is not None:
        return local_moment(project.schedule_start)
    if project.planned_start is not None:
        return datetime.combine(project.planned_start, datetime.min.time())
    return local_moment(min((row.planned_start for row in rows if row.planned_start), default=None))


def _task(
    row: StoredTask,
    number: int,
    uids: Mapping[int, int],
    calendars: Mapping[int, int],
    money: _Money | None,
    guid: str,
) -> Task:
    extra = row.extra or {}
    is_summary = row.kind == TaskKind.SUMMARY
    constraint = Constraint(row.constraint_type)
    second = row.second_constraint_type
    return Task(
        uid=uids[row.pk],
        id=number,
        name=row.name,
        parent_uid=None if row.parent_id is None else uids[row.parent_id],
        wbs=str(extra.get(KEPT_WBS) or row.wbs),
        outline_number=row.wbs,
        outline_level=row.outline_level,
        activity_id=str(extra.get(KEPT_ACTIVITY) or ""),
        guid=guid,
        kind=DocumentTaskKind(row.kind),
        is_milestone=row.is_milestone,
        is_active=row.is_active,
        is_manual=row.is_manual,
        is_estimated=bool(extra.get(KEPT_ESTIMATED)),
        duration=float(row.duration),
        duration_kind=DurationKind[row.duration_kind],
        remaining_duration=_remaining(row),
        actual_duration=_actual(row),
        **_dates(row),
        percent_complete=float(row.percent_complete),
        percent_physical=None if is_summary else float(row.percent_physical),
        work=minutes_of_hours(row.work_hours),
        actual_work=minutes_of_hours(row.actual_work_hours),
        remaining_work=minutes_of_hours(row.remaining_work_hours),
        total_slack=given_number(row.total_float),
        free_slack=given_number(row.free_float),
        is_critical=row.is_critical,
        task_type=TaskType(row.task_type),
        is_effort_driven=row.is_effort_driven,
        ignores_resource_calendars=row.ignores_resource_calendars,
        calendar_uid=None if row.calendar_id is None or is_summary else calendars[row.calendar_id],
        constraint=constraint,
        second_constraint=Constraint(second) if second else None,
        priority=row.priority,
        notes=row.notes,
        leveling_delay=float(row.leveling_delay) if row.leveling_delay else None,
        leveling_delay_kind=DurationKind.WORK,
        extra={str(name): str(value) for name, value in extra.items() if name not in TAKEN_BACK},
        **(money.of(row) if money else {}),
    )


def _split(stretch: TaskStretch) -> Split:
    return Split(stretch.start.replace(tzinfo=None), stretch.finish.replace(tzinfo=None))


def _remaining(row: StoredTask) -> float | None:
    """Return what is left of a row: all of it before its start, nothing after its finish."""
    if row.kind == TaskKind.SUMMARY:
        return None
    if row.actual_finish is not None:
        return 0.0
    if row.remaining_duration is not None:
        return float(row.remaining_duration)
    return float(row.duration) if row.actual_start is None else None


def _actual(row: StoredTask) -> float | None:
    if row.kind == TaskKind.SUMMARY:
        return None
    if row.actual_finish is not None:
        return float(row.duration)
    if row.actual_start is None:
        return 0.0
    return None if row.remaining_duration is None else float(max(0, row.duration - row.remaining_duration))


def _dates(row: StoredTask) -> dict[str, Any]:
    return {
        "start": local_moment(row.planned_start),
        "finish": local_moment(row.planned_finish),
        "actual_start": local_moment(row.actual_start),
        "actual_finish": local_moment(row.actual_finish),
        "early_start": local_moment(row.early_start),
        "early_finish": local_moment(row.early_finish),
        "late_start": local_moment(row.late_start),
        "late_finish": local_moment(row.late_finish),
        "constraint_date": local_moment(row.constraint_date),
        "second_constraint_date": local_moment(row.second_constraint_date),
        "deadline": local_moment(row.deadline),
        "external_bound": local_moment(row.external_start),
        "suspend_at": local_moment(row.suspend_on),
        "resume_at": local_moment(row.resume_on),
    }


def _links(project: Project, uids: Mapping[int, int]) -> tuple[Link, ...]:
    rows = StoredLink.objects.filter(project=project).order_by("pk")
    read = ("predecessor_id", "successor_id", "type", "lag", "lag_percent", "lag_kind", "lag_calendar")
    return tuple(
        Link(
            pred=uids[pred],
            succ=uids[succ],
            type=LinkType(kind),
            lag=float(lag if percent is None else percent),
            lag_unit=LagUnit.MINUTES if percent is None else LagUnit.PERCENT,
            lag_kind=DurationKind[lag_kind],
            lag_calendar=LAG_CALENDARS[LagCalendar(lag_calendar)] if lag_calendar else None,
        )
        for pred, succ, kind, lag, percent, lag_kind, lag_calendar in rows.values_list(*read)
    )


def _baselines(project: Project, uids: Mapping[int, int], *, shows_money: bool) -> tuple[Baseline, ...]:
    """Return the baselines by number; tasks that are deleted have no row any more to carry theirs."""
    rows = (
        BaselineTask.objects.filter(baseline__project=project, task__isnull=False)
        .exclude(kind=TaskKind.SUMMARY)
        .order_by("baseline__number", "pk")
    )
    read = ("baseline__number", "task_id", "start", "finish", "duration", "work_hours", "budget")
    found: dict[int, list[BaselineRow]] = defaultdict(list)
    for number, task_id, start, finish, duration, hours, budget in rows.values_list(*read):
        found[number].append(
            BaselineRow(
                task_uid=uids[task_id],
                start=local_moment(start),
                finish=local_moment(finish),
                duration=float(duration),
                work=minutes_of_hours(hours),
                cost=budget if shows_money else None,
            )
        )
    return tuple(Baseline(number, tuple(items)) for number, items in sorted(found.items()))
