"""
Let work, duration and units of a task follow each other (domain 5.8), and say what was recalculated.

Once work has begun, the days that are left come from reports of progress: the duration stays then, as if it
were fixed. Material, equipment and costs never change the task.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import Conflict, DomainError
from projects.choices import MILESTONES, ResourceKind, TaskKind
from projects.engine.effort import (
    Effort,
    EffortError,
    EffortType,
    Staffing,
    change_duration,
    change_total_work,
)
from projects.models import Assignment, Task

WORKERS: Final = (ResourceKind.PERSON, ResourceKind.ROLE)
MINUTES_PER_HOUR: Final = 60
HUNDRED: Final = Decimal(100)
FINE: Final = Decimal("0.0001")
CENT: Final = Decimal("0.01")
LONGEST: Final = 60 * 24 * 366 * 20
MOST_UNITS: Final = Decimal(100_000)
MOST_HOURS: Final = Decimal(100_000_000)
REFUSALS: Final = {
    "NO_UNITS": _("Nobody would do the work. Give more than 0 percent."),
    "NO_DURATION": _("There is no time for the work. Give the task a duration first."),
}


@dataclass(frozen=True)
class Recalculated:
    """A value that followed: `WORK` in hours, `DURATION` in minutes, `UNITS` of a resource in percent."""

    value: str
    before: Decimal
    after: Decimal
    resource: str = ""


_watched: ContextVar[list[Recalculated] | None] = ContextVar("watched_recalculations", default=None)


@contextmanager
def watch_recalculations() -> Iterator[list[Recalculated]]:
    """Collect what is recalculated inside, for those who tell a person."""
    found: list[Recalculated] = []
    token = _watched.set(found)
    try:
        yield found
    finally:
        _watched.reset(token)


def require_staffable(task: Task) -> None:
    """
    Refuse people on what takes none (SCH-35), and changes of what is done.

    Raises
    ------
    DomainError
        ``NO_ASSIGNMENTS`` for milestones and summaries, ``FINISHED``.
    """
    if task.kind in MILESTONES or task.kind == TaskKind.SUMMARY:
        raise DomainError(
            _("Milestones and summaries take no assignments. Assign people to tasks."),
            code="NO_ASSIGNMENTS",
            field="resource",
        )
    if task.actual_finish is not None:
        raise Conflict(_("The task is finished, so its work stays as it was."), code="FINISHED")


def workers_of(task: Task) -> list[Assignment]:
    """Return the assignments that do the work of a task. One query."""
    found = Assignment.objects.select_for_update(of=("self",)).select_related("resource")
    return list(found.filter(task=task, resource__kind__in=WORKERS).order_by("pk"))


def staffing_of(task: Task, rows: list[Assignment]) -> Staffing:
    """Return what is left of a task for the rules: open work of each, and the days left."""
    is_begun = task.actual_start is not None
    kind = EffortType.FIXED_DURATION if is_begun else EffortType(task.task_type)
    left = task.duration if task.remaining_duration is None or not is_begun else task.remaining_duration
    open_hours = max(Decimal(0), task.work_hours - task.actual_work_hours)
    return Staffing(
        type=kind,
        is_effort_driven=task.is_effort_driven or task.task_type == EffortType.FIXED_WORK,
        duration=left,
        efforts=tuple(Effort(_open_minutes(row), row.units_percent / HUNDRED) for row in rows),
        unassigned=Decimal(0) if rows else open_hours * MINUTES_PER_HOUR,
    )


def _open_minutes(row: Assignment) -> Decimal:
    return max(Decimal(0), row.work_hours - row.actual_work_hours) * MINUTES_PER_HOUR


def follow(rule: Callable[[], Staffing], *, field: str) -> Staffing:
    """
    Return what a rule gives.

    Raises
    ------
    DomainError
        ``NO_UNITS``, ``NO_DURATION``, ``TOO_MUCH`` on the field, if it cannot be.
    """
    try:
        found = rule()
    except EffortError as fault:
        raise DomainError(REFUSALS[fault.code], code=fault.code, field=field) from fault
    is_too_much = (
        found.duration > LONGEST
        or found.work > MOST_HOURS * MINUTES_PER_HOUR
        or any(effort.units * HUNDRED > MOST_UNITS for effort in found.efforts)
    )
    if is_too_much:
        raise DomainError(
            _("That would give a duration, work or units beyond all measure. Check the numbers."),
            code="TOO_MUCH",
            field=field,
        )
    return found


def apply_staffing(
    task: Task, rows: list[Assignment], found: Staffing, *, given: frozenset[str] = frozenset()
) -> None:
    """
    Write what the rules gave into assignments, and save those, and into the task, which the caller saves.

    Parameters
    ----------
    rows : list of Assignment
        In the order of ``found.efforts``; new ones are not stored yet.
    given : frozenset of str
        Values the person gave (``WORK``, ``DURATION``, ``UNITS``): they are no news.
    """
    _fit_staffing(task, rows, found, given=given)
    for row in rows:
        row.save()


def _fit_staffing(task: Task, rows: list[Assignment], found: Staffing, *, given: frozenset[str]) -> None:
    """Set what the rules gave, not yet saved."""
    duration = task.duration
    for row, effort in zip(rows, found.efforts, strict=True):
        _apply_effort(row, effort, is_news="UNITS" not in given)
    if task.actual_start is None and found.duration != duration:
        task.duration = found.duration
        if "DURATION" not in given:
            _tell("DURATION", Decimal(duration), Decimal(found.duration))
    before = task.work_hours
    task.remaining_work_hours = _hours(found.work)
    task.work_hours = (task.actual_work_hours + task.remaining_work_hours).quantize(CENT)
    if task.work_hours != before and "WORK" not in given:
        _tell("WORK", before, task.work_hours)


def _apply_effort(row: Assignment, effort: Effort, *, is_news: bool) -> None:
    work, units = row.work_hours, row.units_percent
    row.remaining_work_hours = _fine(effort.work / MINUTES_PER_HOUR)
    row.work_hours = row.actual_work_hours + row.remaining_work_hours
    row.units_percent = _fine(effort.units * HUNDRED)
    if row.cost is not None and work and row.work_hours != work:
        row.cost = (row.cost * row.work_hours / work).quantize(CENT, rounding=ROUND_HALF_UP)
    if row.pk and is_news and row.units_percent != units:
        _tell("UNITS", units, row.units_percent, row.resource.name)
    row.full_clean(exclude=["task", "resource"], validate_unique=False, validate_constraints=False)


def _tell(value: str, before: Decimal, after: Decimal, resource: str = "") -> None:
    watched = _watched.get()
    if watched is not None:
        watched.append(Recalculated(value, before, after, resource))


def _fine(value: Decimal) -> Decimal:
    return value.quantize(FINE, rounding=ROUND_HALF_UP)


def _hours(minutes: Decimal) -> Decimal:
    return (minutes / MINUTES_PER_HOUR).quantize(CENT, rounding=ROUND_HALF_UP)


def follow_task(
    task: Task, *, duration: int, changed: frozenset[str], workers: Callable[[], list[Assignment]]
) -> tuple[dict[str, Any], list[Assignment]]:
    """
    Let the people of a task follow its new work or duration, and the duration its new work.

    Parameters
    ----------
    duration : int
        The duration before, in minutes; the task has the new one.
    changed : frozenset of str
        Columns that a person changed.
    workers : callable
        Gives the assignments that do the work, as `workers_of`.

    Returns
    -------
    dict
        Columns of the task that followed, with their new values. Nothing while nobody is assigned, and for
        durations once work has begun.
    list of Assignment
        Those that followed, for the caller to save.
    """
    is_of_work = "work_hours" in changed
    is_of_duration = task.duration != duration and task.actual_start is None
    if not (is_of_work or is_of_duration) or task.kind in MILESTONES or task.kind == TaskKind.SUMMARY:
        return {}, []
    rows = workers()
    if not rows:
        return {}, []
    before = {"duration": task.duration, "work_hours": task.work_hours}
    given = frozenset({"WORK"} if is_of_work else set()) | ({"DURATION"} if is_of_duration else set())
    _fit_staffing(task, rows, _followed(task, rows, duration, given), given=given)
    after = {"duration": task.duration, "work_hours": task.work_hours}
    return {name: value for name, value in after.items() if value != before[name]}, rows


def _followed(task: Task, rows: list[Assignment], duration: int, given: frozenset[str]) -> Staffing:
    """Return the staffing after the task changed; with both values given the units follow."""
    now = staffing_of(task, rows)
    former = Staffing(
        EffortType.FIXED_WORK if given == {"WORK", "DURATION"} else now.type,
        now.is_effort_driven,
        duration if "DURATION" in given else now.duration,
        now.efforts,
    )
    wanted = max(Decimal(0), task.work_hours - task.actual_work_hours) * MINUTES_PER_HOUR

    def rule() -> Staffing:
        if given == {"WORK"}:
            return change_total_work(former, wanted)
        found = change_duration(former, task.duration)
        if "WORK" not in given:
            return found
        fixed = Staffing(EffortType.FIXED_DURATION, False, found.duration, found.efforts)
        return change_total_work(fixed, wanted)

    return follow(rule, field="work_hours" if "WORK" in given else "duration")
