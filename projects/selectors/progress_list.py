"""Open tasks as those who report their progress need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from projects.choices import MILESTONES, StartDriver
from projects.engine.instants import end_of_day
from projects.models import BaselineTask, Link, Project, Task, TaskProgress
from projects.selectors.plan_dates import shown_finish, shown_start, to_moment

CHOICES = ("due", "running", "open", "mine")


@dataclass(frozen=True)
class ProgressRow:
    """
    An open task beside the fields that report it.

    ``on_plan`` is whether it should have been finished by the data date; then ``plan_start`` and
    ``plan_finish`` are those days: of the current baseline (``is_by_baseline``, where the plan says another
    finish), else of the plan. ``before`` names unfinished tasks that should come first (SCH-26).
    """

    uid: int
    wbs: str
    name: str
    path: str
    owner: str
    is_milestone: bool
    is_started: bool
    is_answered: bool
    should_start: bool
    should_finish: bool
    start: date | None
    finish: date | None
    plan_start: date | None
    plan_finish: date | None
    is_by_baseline: bool
    before: tuple[str, ...]
    version: int


def progress_tasks(tasks: Any, *, project: Project, user: Any, chosen: str, search: str = "") -> Any:
    """
    Return the open ones of the tasks a person may record, in order of the outline.

    ``chosen`` is ``due`` (should have started or finished by the data date and nobody said so yet),
    ``running``, ``mine``, or all. Tasks pushed by the data date count as due (SCH-21).
    """
    rows = with_plan(tasks.filter(project=project, is_active=True, actual_finish__isnull=True), project)
    if chosen == "running":
        rows = rows.filter(actual_start__isnull=False)
    elif chosen == "mine":
        rows = rows.filter(owner__user=user)
    elif chosen == "due":
        rows = rows.filter(due_condition(project), is_answered=False)
    return rows.called(search).select_related("parent", "owner", "calendar").in_order()


def with_plan(tasks: Any, project: Project) -> Any:
    """Add what the current baseline and the last entry say of each task. No query."""
    frozen = BaselineTask.objects.filter(task=OuterRef("pk"), baseline__is_current=True).order_by("pk")
    entries = TaskProgress.objects.filter(task=OuterRef("pk")).order_by("-data_date", "-pk")
    return tasks.annotate(
        frozen_start=Subquery(frozen.values("start")[:1]),
        frozen_finish=Subquery(frozen.values("finish")[:1]),
        last_finish=Subquery(entries.values("forecast_finish")[:1]),
        is_answered=Exists(entries.filter(data_date=project.data_date or date.min)),
    )


def due_condition(project: Project) -> Q:
    """Return "should have started or finished by the data date" for tasks as `with_plan` returns them."""
    if project.data_date is None:
        return Q(pk__in=[])
    known = to_moment(end_of_day(project.data_date))
    unstarted = Q(frozen_start__lt=known) | Q(planned_start__lt=known)
    if _has_begun(project):
        unstarted |= Q(start_driver=StartDriver.PROJECT_START)
    finished = Q(frozen_finish__lte=known) | Q(planned_finish__lte=known) | Q(last_finish__lte=known)
    return (Q(actual_start__isnull=True) & unstarted) | (Q(actual_start__isnull=False) & finished)


def progress_rows(tasks: Sequence[Task], *, project: Project) -> list[ProgressRow]:
    """Return read models of `progress_tasks`. One query."""
    held: dict[int, list[str]] = {}
    links = Link.objects.filter(
        successor__in=[task.pk for task in tasks], is_out_of_sequence=True, predecessor__project=project
    )
    named = links.order_by("predecessor__sort_path", "pk").values_list(
        "successor_id", "predecessor__wbs", "predecessor__name"
    )
    for successor, wbs, name in named:
        held.setdefault(successor, []).append(f"{wbs} {name}".strip())
    return [_row(task, project, tuple(held.get(task.pk, ()))) for task in tasks]


def _has_begun(project: Project) -> bool:
    """Whether the project was to begin by the data date."""
    start, known = project.planned_start, project.data_date
    return start is not None and known is not None and start <= known


def _row(task: Any, project: Project, before: tuple[str, ...]) -> ProgressRow:
    known = to_moment(end_of_day(project.data_date)) if project.data_date else None
    start, finish = on_plan_moments(task, data_date=project.data_date)
    return ProgressRow(
        uid=task.uid,
        wbs=task.wbs,
        name=task.name,
        path=task.parent.name if task.parent else "",
        owner=task.owner.name if task.owner else "",
        is_milestone=task.kind in MILESTONES,
        is_started=task.actual_start is not None,
        is_answered=task.is_answered,
        should_start=task.actual_start is None
        and (
            _by(known, task.frozen_start, task.planned_start, is_start=True)
            or (task.start_driver == StartDriver.PROJECT_START and _has_begun(project))
        ),
        should_finish=_by(known, task.frozen_finish, task.planned_finish, task.last_finish),
        start=shown_start(task.planned_start),
        finish=shown_finish(task.planned_finish),
        plan_start=shown_start(start),
        plan_finish=shown_finish(finish),
        is_by_baseline=finish is not None and finish != task.planned_finish,
        before=before,
        version=task.version,
    )


def _by(known: datetime | None, *moments: datetime | None, is_start: bool = False) -> bool:
    """Whether one of the moments lies in what is known."""
    if known is None:
        return False
    return any(moment < known if is_start else moment <= known for moment in moments if moment)


def on_plan_moments(task: Any, *, data_date: date | None) -> tuple[datetime | None, datetime | None]:
    """
    Return start and finish by plan of a task as `with_plan` returns it, None where they are not past.

    The current baseline goes before the plan: the plan of a late task has moved already (SCH-21).
    """
    known = to_moment(end_of_day(data_date)) if data_date else None
    for start, finish in (
        (task.frozen_start, task.frozen_finish),
        (task.planned_start, task.planned_finish),
    ):
        began = task.actual_start or start
        if began and finish and known and began <= finish <= known:
            return began, finish
    return None, None


def due_count(tasks: Any, *, project: Project) -> int:
    """Return how many tasks wait for an answer. One query."""
    rows = with_plan(tasks.filter(project=project, is_active=True, actual_finish__isnull=True), project)
    return int(rows.filter(due_condition(project), is_answered=False).count())
