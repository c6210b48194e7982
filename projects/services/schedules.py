"""
Let the engine compute the dates of a plan (SCH-7 to SCH-29), and write what changed.

Services that change what dates follow from call `settle_plan` before they end. Plans whose dates people or a
file gave keep them until somebody hands them over to the engine.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError
from pmo_portal.common.upserts import update_rows
from projects import actions
from projects.engine.calendar import CalendarError, WorkCalendar
from projects.engine.instants import NO_INSTANT
from projects.engine.interruptions import rest_within
from projects.engine.plausible_dates import END_DATE, FIRST_DATE
from projects.engine.scheduling.order import CycleError
from projects.engine.working_time import WorkingTime
from projects.models import Link, Project, Task, TaskProgress
from projects.selectors.calendars import evaluator
from projects.selectors.plan_dates import to_instant
from projects.selectors.schedules import (
    DRIVERS,
    FLAGS,
    FLOATS,
    LINK_FLAGS,
    MOMENTS,
    DatedPlan,
    date_plan,
    inactive_dated,
    moment_or_none,
    rows_after,
)
from projects.selectors.task_stretches import interruptions_from
from projects.services.changes import lock_open_project, require_version, save_version, touch_project
from projects.services.former_values import remember_tasks
from projects.services.summaries import rollup_summaries

UNDEFINED: Mapping[str, Any] = {
    **dict.fromkeys((*MOMENTS[2:], *FLOATS, *FLAGS)),
    "start_driver": "",
    "start_link": None,
}


@dataclass(frozen=True)
class Move:
    """A task that gets other dates, as stored moments; None where there was no date."""

    uid: int
    wbs: str
    name: str
    former_start: datetime | None
    former_finish: datetime | None
    start: datetime | None
    finish: datetime | None


@dataclass(frozen=True)
class Effect:
    """
    What a computation does to a plan.

    ``missed`` are the numbers of tasks that now finish after their deadline and did not before;
    ``former_finish`` and ``finish`` are the last planned finishes of the plan.
    """

    moves: tuple[Move, ...]
    missed: tuple[int, ...]
    former_finish: datetime | None
    finish: datetime | None


GIVEN_DATES = (
    *("constraint_date", "second_constraint_date", "deadline"),
    *("actual_start", "actual_finish", "resume_on", "planned_start"),
)
"""Dates of a task that the computed ones follow from; the planned one where it is fixed by hand."""
NOTHING = Effect((), (), None, None)


class _Undo(Exception):
    """Ends a trial: what it did is rolled back."""


Dates = tuple[datetime | None, datetime | None]
_watched: ContextVar[list[Effect] | None] = ContextVar("watched_effects", default=None)
_former: ContextVar[dict[int, Dates] | None] = ContextVar("former_dates", default=None)


@contextmanager
def watch_effects() -> Iterator[list[Effect]]:
    """Collect the effects of every computation inside; those who watch outside get them too."""
    effects: list[Effect] = []
    tokens = _watched.set(effects), _former.set({})
    try:
        yield effects
    finally:
        _watched.reset(tokens[0])
        _former.reset(tokens[1])
    outer = _watched.get()
    if outer is not None:
        outer.extend(effects)


def note_dates(tasks: Iterable[Task]) -> None:
    """
    Note the planned dates of rows before a service writes others itself.

    What the dating tells as moved counts from these, whatever was written in between. Nothing is read where
    nobody watches.
    """
    noted = _former.get()
    if noted is None:
        return
    for task in tasks:
        noted.setdefault(task.pk, (task.planned_start, task.planned_finish))


def try_out(act: Callable[[], Any]) -> list[Effect]:
    """
    Return what an act would move; nothing of it is kept.

    The act is any call of a service; what it refuses, it refuses here too.
    """
    with watch_effects() as effects:
        try:
            with transaction.atomic():
                act()
                raise _Undo
        except _Undo:
            return effects


def preview_schedule(project: Project) -> Effect:
    """
    Return what would move if the engine computed the dates now; nothing is stored.

    Raises
    ------
    DomainError
        As `settle_plan`; ``NO_PROJECT_START``.
    """
    return _effect_of(_startable(_dated(project)))


def stored_finish(project: Project) -> datetime | None:
    """
    Return the last finish that was computed and stored; None for a plan without active tasks. One query.

    Raises
    ------
    DomainError
        ``NO_PROJECT_START`` when tasks have no computed dates.
    """
    tasks = Task.objects.filter(project=project, is_active=True).leaves()
    found = tasks.aggregate(
        tasks=Count("pk"), finish=Max("planned_finish", filter=Q(early_finish__isnull=False))
    )
    if found["tasks"] and found["finish"] is None:
        raise _no_start()
    finish: datetime | None = found["finish"]
    return finish


@transaction.atomic
def reschedule(*, actor: User | None, project: Project) -> Effect | None:
    """
    Compute the dates of a plan again because something outside of it changed; None where nothing moves.

    Raises
    ------
    Conflict
        ``PROJECT_CLOSED``.
    DomainError
        As `settle_plan`.
    """
    locked = lock_open_project(project)
    with watch_effects() as effects:
        settle_plan(locked)
    moved = [effect for effect in effects if effect.moves]
    if not moved:
        return None
    audit.record(
        actor=actor,
        action=actions.DATES_COMPUTED,
        target=locked,
        node=locked.node,
        after={"moved": len(moved[0].moves)},
    )
    touch_project(locked)
    return moved[0]


@transaction.atomic
def set_auto_scheduling(
    *, actor: User | None, project: Project, is_auto: bool, expected_version: int | None
) -> Project:
    """
    Hand the dates of a plan over to the engine, or keep them from now on as they are.

    Raises
    ------
    StaleObject
        If somebody saved in between.
    DomainError
        As `preview_schedule`.
    """
    locked = lock_open_project(project)
    require_version(locked.version, expected=expected_version)
    if locked.is_auto_scheduled == is_auto:
        return locked
    locked.is_auto_scheduled = is_auto
    with watch_effects() as effects:
        settle_plan(locked)
    if is_auto and not effects and locked.tasks.exists():
        raise _no_start()
    save_version(locked, names=["is_auto_scheduled"])
    audit.record(
        actor=actor,
        action=actions.DATES_HANDED_OVER if is_auto else actions.DATES_TAKEN_BACK,
        target=locked,
        node=locked.node,
        before={"is_auto_scheduled": not is_auto},
        after={"is_auto_scheduled": is_auto, "moved": sum(len(effect.moves) for effect in effects)},
    )
    touch_project(locked)
    return locked


def settle_plan(project: Project, *, hours: WorkingTime | None = None) -> None:
    """
    Bring everything that follows from the facts of a locked project's plan up to date.

    Dates, float and marks of tasks and links where the engine owns them, then the summaries. Only rows that
    changed are written. While nothing says when the project may begin there are no dates.

    Parameters
    ----------
    hours : WorkingTime, optional
        Of the project's calendar, where the caller has it.

    Raises
    ------
    DomainError
        ``EMPTY_CALENDAR`` (SCH-5), ``DATES_OUT_OF_RANGE``; ``CYCLE`` (SCH-10).
    """
    rows = None
    if project.is_auto_scheduled:
        dated = _dated(project, own=hours.calendar if hours else None)
        if dated.plan.has_start:
            _tell(dated)
            _write(project, dated)
            rows = rows_after(dated)
        hours = hours or evaluator(dated.plan.calendar)
    rollup_summaries(project, hours=hours, rows=rows)


def _dated(project: Project, *, own: WorkCalendar | None = None) -> DatedPlan:
    try:
        return date_plan(project, own=own)
    except CalendarError as fault:
        raise DomainError(
            _("A calendar of the plan has no working time: %(fault)s") % {"fault": fault},
            code="EMPTY_CALENDAR",
            field="calendar",
        ) from fault
    except OverflowError as fault:
        raise _too_far(project) from fault
    except CycleError as fault:
        raise Conflict(
            _("Links of the plan form a ring. Remove one of them before the dates can be computed."),
            code="CYCLE",
        ) from fault


def _too_far(project: Project) -> DomainError:
    """Return why dates leave the years looked at: a date given outside, else a duration. Eight queries."""
    leaves = Task.objects.filter(project=project, is_active=True).leaves()
    first, end = (datetime.combine(day, time(), tzinfo=UTC) for day in (FIRST_DATE, END_DATE))
    for name in GIVEN_DATES:
        outside = leaves.filter(Q(**{f"{name}__lt": first}) | Q(**{f"{name}__gte": end}))
        task = outside.order_by("pk").first()
        if task is not None:
            return DomainError(
                _("A date of task %(number)s “%(name)s” lies outside the years 1900 to 2199.")
                % {"number": task.uid, "name": task.name},
                code="DATES_OUT_OF_RANGE",
                field=name,
            )
    task = max(leaves.order_by("pk"), key=_length, default=None)
    return DomainError(
        _(
            "The dates of the plan would leave the years 1900 to 2199. Shorten a duration or a lag:"
            " the longest task is %(number)s “%(name)s”."
        )
        % {"number": task.uid if task else "", "name": task.name if task else ""},
        code="DATES_OUT_OF_RANGE",
        field="duration",
    )


def _length(task: Task) -> int:
    """Return what is left of the work of a task, with its rests."""
    left = task.duration if task.remaining_duration is None else task.remaining_duration
    rests = interruptions_from(task.interruptions)
    return left + rest_within(rests, done=task.duration - left, work=task.duration)


def _startable(dated: DatedPlan) -> DatedPlan:
    """Return the plan, refused with ``NO_PROJECT_START`` when nothing says when it may begin."""
    if dated.plan.task_ids.size and not dated.plan.has_start:
        raise _no_start()
    return dated


def _no_start() -> DomainError:
    return DomainError(
        _("Nothing says when the project may begin. Set its planned start first."),
        code="NO_PROJECT_START",
        field="planned_start",
    )


def _tell(dated: DatedPlan) -> None:
    watched = _watched.get()
    if watched is None:
        return
    noted = _former.get() or {}
    watched.append(_effect_of(dated, noted))
    noted.clear()


def _write(project: Project, dated: DatedPlan) -> None:
    """Write the rows that changed. At most eight statements on PostgreSQL."""
    keys = dated.plan.task_ids
    remember_tasks(project, keys[dated.moved].tolist())
    update_rows(Task, [_cells(dated, int(place)) for place in dated.changed])
    marks = [
        {
            "pk": int(dated.plan.link_ids[place]),
            **{name: bool(dated.links[name][place]) for name in LINK_FLAGS},
        }
        for place in dated.changed_links
    ]
    update_rows(Link, marks)
    if project.data_date is not None:
        _follow_up(project, dated, project.data_date)
    idle = dated.plan.rows["task_id"][inactive_dated(dated)].tolist()
    if idle:
        Task.objects.filter(pk__in=idle).update(**UNDEFINED)


def _cells(dated: DatedPlan, place: int) -> dict[str, Any]:
    """Return the computed columns of one task."""
    values = {name: int(column[place]) for name, column in dated.tasks.items()}
    cells: dict[str, Any] = {"pk": int(dated.plan.task_ids[place])}
    for name in MOMENTS:
        cells[name] = moment_or_none(values[name])
    for name in FLOATS:
        cells[name] = None if values[name] == NO_INSTANT else values[name]
    for name in FLAGS:
        cells[name] = None if values[name] < 0 else bool(values[name])
    cells["start_driver"] = DRIVERS[values["start_driver"]]
    cells["start_link_id"] = None if values["start_link_id"] < 0 else values["start_link_id"]
    return cells


def _follow_up(project: Project, dated: DatedPlan, data_date: date) -> None:
    """Let the reports of the data date say the forecast the engine gives them."""
    moved = dict(zip(dated.plan.task_ids[dated.moved].tolist(), dated.moved.tolist(), strict=True))
    if not moved:
        return
    entries = TaskProgress.objects.filter(task__project=project, data_date=data_date)
    rows = []
    for pk, task_id in entries.order_by("pk").values_list("pk", "task_id"):
        if task_id in moved:
            start, finish = (int(dated.tasks[name][moved[task_id]]) for name in MOMENTS[:2])
            forecast = {"forecast_start": moment_or_none(start), "forecast_finish": moment_or_none(finish)}
            rows.append({"pk": pk, **forecast})
    update_rows(TaskProgress, rows)


def _effect_of(dated: DatedPlan, noted: Mapping[int, Dates] = MappingProxyType({})) -> Effect:
    """Return the moves in the order of the outline. One query, none when nothing moves."""
    former = _former_dates(dated, noted)
    moved = _moved(dated, former)
    named = Task.objects.filter(pk__in=moved).in_order() if moved else None
    rows = named.values_list("pk", "uid", "wbs", "name") if named is not None else ()
    moves = tuple(Move(uid, wbs, name, *moved[pk]) for pk, uid, wbs, name in rows)
    newly = (dated.tasks["is_deadline_missed"] == 1) & (dated.plan.tasks["is_deadline_missed"] != 1)
    late = dated.plan.task_ids[newly].tolist()
    missed = Task.objects.filter(pk__in=late).in_order().values_list("uid", flat=True) if late else ()
    return Effect(
        moves=moves,
        missed=tuple(missed),
        former_finish=_last(former["planned_finish"]),
        finish=_last(dated.tasks["planned_finish"]),
    )


def _former_dates(dated: DatedPlan, noted: Mapping[int, Dates]) -> dict[str, Any]:
    """Return the planned dates before the act by column and place: those noted, else those of the plan."""
    former = {name: dated.plan.tasks[name] for name in MOMENTS[:2]}
    places = [place for place, pk in enumerate(dated.plan.task_ids.tolist()) if pk in noted] if noted else []
    if not places:
        return former
    keys = dated.plan.task_ids[places].tolist()
    for at, name in enumerate(MOMENTS[:2]):
        former[name] = former[name].copy()
        former[name][places] = [
            NO_INSTANT if (day := noted[pk][at]) is None else to_instant(day) for pk in keys
        ]
    return former


def _moved(
    dated: DatedPlan, former: Mapping[str, Any]
) -> dict[int, tuple[datetime | None, datetime | None, datetime | None, datetime | None]]:
    """Return former and new dates of the tasks that get others, by key."""
    start, finish = MOMENTS[:2]
    differs = (dated.tasks[start] != former[start]) | (dated.tasks[finish] != former[finish])
    columns = (former[start], former[finish], dated.tasks[start], dated.tasks[finish])
    return {
        int(dated.plan.task_ids[place]): tuple(moment_or_none(int(column[place])) for column in columns)  # type: ignore[misc]
        for place in np.flatnonzero(differs).tolist()
    }


def _last(finishes: Any) -> datetime | None:
    return moment_or_none(int(np.max(finishes, initial=NO_INSTANT)))
