"""A person's own tasks across projects: late, for today, for this week, waiting for others."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, Subquery, TextChoices
from django.utils.translation import gettext_lazy as _

from projects.access import recordable_tasks
from projects.choices import MILESTONES, LinkType, ProjectState, TaskKind, TimeKind
from projects.engine.instants import end_of_day
from projects.models import BaselineTask, Link, Task
from projects.selectors.board_states import Predecessor, holds_start
from projects.selectors.plan_dates import shown_finish, shown_start, to_moment
from projects.selectors.work_days import CLOCK_DAY

DONE_DAYS = 14
READ = (
    *("pk", "uid", "wbs", "name", "kind", "planned_start", "planned_finish", "actual_start", "actual_finish"),
    *("deadline", "percent_complete", "remaining_duration", "duration", "duration_kind", "version"),
    *(
        "parent__name",
        "project__code",
        "project__name",
        "project__data_date",
        "project__calendar__hours_per_day",
    ),
    *("frozen_start", "frozen_finish"),
)


class WorkGroup(TextChoices):
    """Where a task stands on the page; each stands once."""

    LATE = "late", _("Late")
    TODAY = "today", _("Today")
    WEEK = "week", _("This week")
    WAITING = "waiting", _("Waiting for others")
    LATER = "later", _("Later")
    DONE = "done", _("Done lately")


NOW = (WorkGroup.LATE, WorkGroup.TODAY, WorkGroup.WEEK, WorkGroup.WAITING)


@dataclass(frozen=True)
class WorkQuestion:
    """What somebody wants to see of their work, as the address says; empty ``show`` is what counts now."""

    show: str = ""
    project: str = ""
    search: str = ""

    @property
    def groups(self) -> tuple[WorkGroup, ...]:
        """The groups asked for."""
        return (WorkGroup(self.show),) if self.show in WorkGroup.values else NOW


@dataclass(frozen=True)
class WaitsFor:
    """An unfinished task that holds the start of another one, and whose it is; ``is_own`` the person's."""

    wbs: str
    name: str
    owner: str
    is_own: bool


@dataclass(frozen=True)
class WorkRow:
    """
    A task of the person. ``late_since`` is the day it should have been done, where that lies before today.

    Deadline and finish of the current baseline count besides the plan. ``days_left`` are working days, or
    days of the clock where ``is_elapsed``.
    """

    group: WorkGroup
    project: str
    project_name: str
    data_date: date | None
    uid: int
    wbs: str
    name: str
    path: str
    is_milestone: bool
    is_started: bool
    start: date | None
    finish: date | None
    done_on: date | None
    late_since: date | None
    deadline: date | None
    percent_complete: Decimal
    days_left: Decimal
    is_elapsed: bool
    waits_for: tuple[WaitsFor, ...]
    may_record: bool
    version: int


@dataclass(frozen=True)
class MyWork:
    """
    The rows asked for, group by group; ``counts`` count what the other filters leave.

    ``has_tasks`` is whether the person owns any task at all that could be shown.
    """

    rows: tuple[WorkRow, ...]
    counts: dict[str, int]
    projects: tuple[tuple[str, str], ...]
    has_tasks: bool


def my_work(user: Any, question: WorkQuestion, *, today: date) -> MyWork:
    """
    Return the tasks the person owns in open projects. Three queries.

    Finished ones are left out when they were done more than 14 days ago.
    """
    found = list(_tasks(user, today).values(*READ))
    mine = frozenset(recordable_tasks(user).filter(owner__user=user).values_list("pk", flat=True))
    waiting = _waiting(user, [row["pk"] for row in found if row["actual_start"] is None])
    rows = [_row(row, today, waiting.get(row["pk"], ()), mine) for row in found]
    left = [row for row in rows if _is_wanted(row, question)]
    counts = Counter(row.group for row in left)
    groups = question.groups
    shown = sorted((row for row in left if row.group in groups), key=_order)
    return MyWork(
        rows=tuple(shown),
        counts={str(group): counts[group] for group in WorkGroup},
        projects=tuple(sorted({(row.project, row.project_name) for row in rows})),
        has_tasks=bool(rows),
    )


def _tasks(user: Any, today: date) -> Any:
    frozen = BaselineTask.objects.filter(task=OuterRef("pk"), baseline__is_current=True).order_by("pk")
    since = to_moment(end_of_day(today - timedelta(days=DONE_DAYS + 1)))
    return (
        Task.objects.visible_to(user)
        .leaves()
        .filter(Q(actual_finish=None) | Q(actual_finish__gt=since), owner__user=user, is_active=True)
        .exclude(project__state__in=[ProjectState.CLOSED, ProjectState.CANCELED])
        .annotate(
            frozen_start=Subquery(frozen.values("start")[:1]),
            frozen_finish=Subquery(frozen.values("finish")[:1]),
        )
        .order_by("project__code", "sort_path", "pk")
    )


def _waiting(user: Any, tasks: Collection[int]) -> dict[int, tuple[WaitsFor, ...]]:
    """Return what holds the start of tasks; predecessors the person may not see are left out. One query."""
    links = Link.objects.filter(
        successor__in=tasks,
        predecessor__actual_finish=None,
        predecessor__is_active=True,
        predecessor__in=Task.objects.visible_to(user),
    )
    found: dict[int, list[WaitsFor]] = defaultdict(list)
    values = links.order_by("predecessor__sort_path", "pk").values_list(
        *("successor_id", "predecessor_id", "type", "predecessor__actual_start"),
        *("predecessor__wbs", "predecessor__name", "predecessor__owner__name", "predecessor__owner__user_id"),
    )
    for successor, task_id, kind, started, wbs, name, owner, user_id in values:
        if holds_start(Predecessor(task_id, LinkType(kind), True, started, None)):
            found[successor].append(WaitsFor(wbs, name, owner or "", user_id == user.pk))
    return {successor: tuple(rows) for successor, rows in found.items()}


def _row(
    row: dict[str, Any], today: date, waits_for: tuple[WaitsFor, ...], recordable: Collection[int]
) -> WorkRow:
    start, finish = shown_start(row["planned_start"]), shown_finish(row["planned_finish"])
    if row["kind"] == TaskKind.START_MILESTONE:
        finish = start
    frozen, deadline = shown_finish(row["frozen_finish"]), shown_finish(row["deadline"])
    done = shown_finish(row["actual_finish"])
    promised = min((day for day in (frozen, deadline, finish) if day), default=None)
    begins = min((day for day in (shown_start(row["frozen_start"]), start) if day), default=None)
    late_since = promised if done is None and promised is not None and promised < today else None
    is_started = row["actual_start"] is not None
    is_elapsed = row["duration_kind"] == TimeKind.ELAPSED
    per_day = CLOCK_DAY if is_elapsed else row["project__calendar__hours_per_day"] * 60
    is_held = any(not each.is_own for each in waits_for)
    left = row["duration"] if row["remaining_duration"] is None else row["remaining_duration"]
    return WorkRow(
        group=_group(done, late_since, is_started, is_held, begins, finish, today),
        project=row["project__code"],
        project_name=row["project__name"],
        data_date=row["project__data_date"],
        uid=row["uid"],
        wbs=row["wbs"],
        name=row["name"],
        path=row["parent__name"] or "",
        is_milestone=row["kind"] in MILESTONES,
        is_started=is_started,
        start=start,
        finish=finish,
        done_on=done,
        late_since=late_since,
        deadline=deadline,
        percent_complete=row["percent_complete"],
        days_left=(Decimal(left) / per_day).quantize(Decimal("0.01")),
        is_elapsed=is_elapsed,
        waits_for=waits_for,
        may_record=row["pk"] in recordable,
        version=row["version"],
    )


def _group(
    done: date | None,
    late_since: date | None,
    is_started: bool,
    is_held: bool,
    begins: date | None,
    finish: date | None,
    today: date,
) -> WorkGroup:
    """
    Return the first group that fits; what is late stays there whoever keeps it waiting.

    A task waits for others once its day to begin has come; until then it stands where its dates are.
    """
    if done is not None:
        return WorkGroup.DONE
    if late_since is not None:
        return WorkGroup.LATE
    should_begin = begins is not None and begins <= today
    if is_held and should_begin:
        return WorkGroup.WAITING
    if not is_started and begins is not None and begins < today:
        return WorkGroup.LATE
    if is_started or should_begin:
        return WorkGroup.TODAY
    sunday = today + timedelta(days=6 - today.weekday())
    is_near = any(day is not None and day <= sunday for day in (begins, finish))
    return WorkGroup.WEEK if is_near else WorkGroup.LATER


def _is_wanted(row: WorkRow, question: WorkQuestion) -> bool:
    words = question.search.casefold()
    if question.project and row.project != question.project:
        return False
    return not words or words in row.name.casefold() or question.search == row.wbs


def _order(row: WorkRow) -> tuple[int, int, int, str, int]:
    """Order groups as they are listed, in them by the day that counts; the latest done first."""
    day = row.done_on or row.late_since or row.finish
    number = day.toordinal() if day else 0
    place = list(WorkGroup).index(row.group)
    return (place, int(day is None), -number if row.done_on else number, row.project, row.uid)
