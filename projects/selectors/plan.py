"""The plan as pages show it: rows of the outline, one task with its links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q

from projects.choices import MILESTONES, TaskKind, TimeKind
from projects.engine.instants import end_of_day
from projects.engine.measure import Measure
from projects.models import Link, Project, Task, TaskProgress
from projects.selectors.plan_dates import shown_constraint, shown_finish, shown_start, to_moment
from projects.selectors.plan_grid import remaining_of
from projects.selectors.start_reasons import StartReason, link_words, start_reason
from projects.selectors.summary_values import physical_of
from projects.selectors.task_stretches import task_stretches
from projects.selectors.techniques import counted_words, details_words
from projects.selectors.work_days import CLOCK_DAY, minutes_of_day

READ = (
    "uid",
    "wbs",
    "name",
    "kind",
    "outline_level",
    "planned_start",
    "planned_finish",
    "actual_start",
    "actual_finish",
    "percent_complete",
    "duration",
    "duration_kind",
    "total_float",
    "is_critical",
    "is_active",
    "is_key_milestone",
    "is_completion",
    "deadline",
    "owner__name",
    "version",
)
FILTERS = ("mine", "late", "milestones", "open")


@dataclass(frozen=True)
class Bar:
    """Place of a row on the time axis, in percent of its width."""

    left: Decimal
    width: Decimal
    done: Decimal


@dataclass(frozen=True)
class PlanRow:
    """A row of the plan; days are those people see, durations and float days of the kind of its duration."""

    uid: int
    wbs: str
    name: str
    kind: str
    kind_title: str
    level: int
    is_summary: bool
    is_milestone: bool
    is_key_milestone: bool
    is_completion: bool
    is_active: bool
    is_late: bool
    is_finished: bool
    is_started: bool
    is_critical: bool | None
    start: date | None
    finish: date | None
    percent: Decimal
    days: Decimal
    is_elapsed: bool
    float_days: Decimal | None
    deadline: date | None
    owner: str
    bar: Bar | None
    version: int


@dataclass(frozen=True)
class PlanPage:
    """The rows with the time axis they are drawn on."""

    rows: tuple[PlanRow, ...]
    first: date | None
    last: date | None
    data_date_left: Decimal | None


def plan_query(project: Project, *, user: Any, chosen: str = "", search: str = "", today: date) -> Any:
    """Return the rows a person may see (milestones only without ``task.view``), filtered, in order."""
    tasks = Task.objects.visible_to(user).filter(project=project)
    if chosen == "mine":
        tasks = tasks.filter(owner__user=user)
    if chosen == "milestones":
        tasks = tasks.filter(kind__in=MILESTONES)
    if chosen == "open":
        tasks = tasks.filter(actual_finish__isnull=True)
    if chosen == "late":
        tasks = tasks.filter(late_condition(project, today=today))
    return tasks.called(search).in_order()


def late_condition(project: Project, *, today: date) -> Q:
    """Return "should be finished by the status date, and is not"."""
    return Q(
        actual_finish__isnull=True,
        is_active=True,
        planned_finish__lte=to_moment(end_of_day(reference_day(project, today=today))),
    ) & ~Q(kind=TaskKind.SUMMARY)


def reference_day(project: Project, *, today: date) -> date:
    """Return the last day whose status is known: the data date, else yesterday."""
    return project.data_date or today - timedelta(days=1)


def plan_page(project: Project, *, rows: Sequence[dict[str, Any]], today: date) -> PlanPage:
    """Return read models of ``plan_query(…).values(*READ)``. No query; the calendar must be loaded."""
    starts = [day for row in rows if (day := shown_start(row["planned_start"]))]
    finishes = [day for row in rows if (day := shown_finish(row["planned_finish"]))]
    first, last = min(starts, default=None), max(finishes, default=None)
    axis = Axis(first, last) if first and last else None
    known = reference_day(project, today=today)
    per_day = project.calendar.hours_per_day * 60
    return PlanPage(
        rows=tuple(_plan_row(row, known, per_day, axis) for row in rows),
        first=first,
        last=last,
        data_date_left=axis.place(project.data_date) if axis and project.data_date else None,
    )


class Axis:
    """A time axis from the first to the last day."""

    def __init__(self, first: date, last: date) -> None:
        self.first = first
        self.days = Decimal(max(1, (last - first).days + 1))

    def share(self, days: int) -> Decimal:
        """Return the width of some days in percent."""
        return (100 * days / self.days).quantize(Decimal("0.01"))

    def place(self, day: date) -> Decimal | None:
        """Return where a day ends, None outside of the axis."""
        place = self.share((day - self.first).days + 1)
        return place if 0 <= place <= 100 else None

    def bar(self, start: date, finish: date, percent: Decimal) -> Bar:
        """Return the bar from one day to another."""
        width = self.share(max(1, (finish - start).days + 1))
        return Bar(
            left=self.share((start - self.first).days),
            width=max(width, Decimal("0.6")),
            done=(width * percent / 100).quantize(Decimal("0.01")),
        )


def _plan_row(row: dict[str, Any], known: date, per_day: Decimal, axis: Axis | None) -> PlanRow:
    start, finish = shown_start(row["planned_start"]), shown_finish(row["planned_finish"])
    is_milestone = row["kind"] in MILESTONES
    if row["duration_kind"] == TimeKind.ELAPSED:
        per_day = CLOCK_DAY
    if is_milestone:
        start = finish if row["kind"] == TaskKind.FINISH_MILESTONE else start
        finish = start or finish
    is_finished = row["actual_finish"] is not None
    is_summary = row["kind"] == TaskKind.SUMMARY
    return PlanRow(
        uid=row["uid"],
        wbs=row["wbs"],
        name=row["name"],
        kind=row["kind"],
        kind_title=str(TaskKind(row["kind"]).label),
        level=row["outline_level"],
        is_summary=is_summary,
        is_milestone=is_milestone,
        is_key_milestone=row["is_key_milestone"],
        is_completion=row["is_completion"] and is_milestone,
        is_active=row["is_active"],
        is_late=bool(finish and finish <= known and not is_finished and not is_summary and row["is_active"]),
        is_finished=is_finished,
        is_started=row["actual_start"] is not None,
        is_critical=row["is_critical"],
        start=start,
        finish=finish,
        percent=row["percent_complete"],
        days=Decimal(row["duration"]) / per_day,
        is_elapsed=row["duration_kind"] == TimeKind.ELAPSED,
        float_days=None if row["total_float"] is None else Decimal(row["total_float"]) / per_day,
        deadline=shown_finish(row["deadline"]),
        owner=row["owner__name"] or "",
        bar=axis.bar(start, finish, row["percent_complete"]) if axis and start and finish else None,
        version=row["version"],
    )


@dataclass(frozen=True)
class LinkRow:
    """A link as seen from one of its tasks; ``words`` are its type and lag."""

    pk: int
    uid: int
    wbs: str
    name: str
    type: str
    type_title: str
    words: str
    is_out_of_sequence: bool
    version: int


@dataclass(frozen=True)
class ProgressRow:
    """A dated entry of progress."""

    data_date: date
    start: date | None
    finish: date | None
    percent: Decimal
    physical: Decimal
    counted: str
    left_days: Decimal | None
    forecast: date | None
    note: str
    by: str


@dataclass(frozen=True)
class TaskDetail:
    """Everything the page of a task shows beside the row itself."""

    row: PlanRow
    notes: str
    parent: str
    parent_uid: int | None
    physical: Measure
    actual_start: date | None
    actual_finish: date | None
    left_days: Decimal | None
    constraint: str
    constraint_date: date | None
    technique: str
    technique_details: str
    counted: str
    predecessors: tuple[LinkRow, ...]
    successors: tuple[LinkRow, ...]
    progress: tuple[ProgressRow, ...]
    children: tuple[PlanRow, ...]
    why: StartReason | None
    stretches: tuple[tuple[date | None, date | None], ...]


def task_detail(task: Task, *, user: Any, today: date) -> TaskDetail:
    """
    Return the page of a task. Project and calendar must be loaded.

    Four queries, up to eight more for the reason of a computed start, and those of `task_stretches`; of
    `summaries_physical` for a summary.
    """
    project = task.project
    seen = Task.objects.visible_to(user).filter(project=project)
    per_day = minutes_of_day(project, task.duration_kind)
    rows = seen.filter(Q(pk=task.pk) | Q(parent=task)).in_order().values(*READ)
    page = plan_page(project, rows=list(rows), today=today)
    links = list(
        Link.objects.filter(Q(predecessor=task) | Q(successor=task), project=project)
        .select_related("predecessor", "successor")
        .order_by("pk")
    )
    said = TaskProgress.objects.filter(task=task).select_related("recorded_by")
    left = remaining_of(task.kind, task.actual_start, task.duration, task.remaining_duration)
    return TaskDetail(
        row=page.rows[0],
        notes=task.notes,
        parent=str(task.parent) if task.parent else "",
        parent_uid=task.parent.uid if task.parent else None,
        physical=physical_of(task, as_of=today),
        actual_start=shown_start(task.actual_start),
        actual_finish=shown_finish(task.actual_finish),
        left_days=None if left is None else Decimal(left) / per_day,
        constraint=task.get_constraint_type_display(),
        constraint_date=shown_constraint(task.constraint_type, task.constraint_date),
        technique=task.get_ev_technique_display(),
        technique_details=details_words(task),
        counted=counted_words(task.ev_details, task.ev_progress),
        predecessors=tuple(
            _link_row(link, link.predecessor, project) for link in links if link.successor_id == task.pk
        ),
        successors=tuple(
            _link_row(link, link.successor, project) for link in links if link.predecessor_id == task.pk
        ),
        progress=tuple(
            _progress_row(entry, task, per_day) for entry in said.order_by("-data_date", "-pk")[:60]
        ),
        children=page.rows[1:],
        why=start_reason(task, links=[link for link in links if link.successor_id == task.pk], user=user),
        stretches=tuple(
            (shown_start(stretch.start), shown_finish(stretch.finish)) for stretch in task_stretches(task)
        ),
    )


def _link_row(link: Link, other: Task, project: Project) -> LinkRow:
    return LinkRow(
        pk=link.pk,
        uid=other.uid,
        wbs=other.wbs,
        name=other.name,
        type=link.type,
        type_title=link.get_type_display(),
        words=link_words(link, project=project),
        is_out_of_sequence=bool(link.is_out_of_sequence),
        version=link.version,
    )


def _progress_row(entry: TaskProgress, task: Task, per_day: Decimal) -> ProgressRow:
    left = entry.remaining_duration
    return ProgressRow(
        data_date=entry.data_date,
        start=shown_start(entry.actual_start),
        finish=shown_finish(entry.actual_finish),
        percent=entry.percent_complete,
        physical=entry.percent_physical,
        counted=counted_words(task.ev_details, entry.ev_progress),
        left_days=None if left is None else Decimal(left) / per_day,
        forecast=shown_finish(entry.forecast_finish),
        note=entry.note,
        by=entry.recorded_by.name if entry.recorded_by else "",
    )
