"""Calendars, resources and assignments of the file against those of the plan."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from projects.interchange.document import Assignment as DocumentAssignment
from projects.interchange.document import Calendar as DocumentCalendar
from projects.interchange.takeover import TakenOver
from projects.models import Assignment, Calendar, Resource, Task
from projects.selectors.plan_state import PlanState
from projects.services.document_calendars import calendar_of, exceptions_of, work_weeks_of
from projects.services.document_resources import assignment_columns, resource_columns
from projects.services.plan_update.worked_out import (
    AssignmentUpdate,
    CalendarUpdate,
    ResourceUpdate,
    Supplies,
)

CALENDAR_COLUMNS = ("name", "base", "week_pattern", "hours_per_day", "days_per_week")
# Files say it once, for the calendar of the project.
OF_PROJECT = "days_per_month"
RECORDED = "actual_work_hours"

Named = TypeVar("Named", Calendar, Resource)


def compare_calendars(state: PlanState, taken: TakenOver) -> tuple[CalendarUpdate, ...]:
    """
    Return the calendars of the file, bases first; those the plan does not have are not stored yet.

    A calendar of the organization is taken where the file has the very same one. A file never changes it: one
    that differs becomes a calendar of the project.
    """
    stored: dict[int, Calendar] = {}
    updates = []
    for item in _bases_first(taken.calendars):
        wanted = calendar_of(state.project, item=item, stored=stored, options=taken.document.options)
        names = (*CALENDAR_COLUMNS, *([OF_PROJECT] if item.uid == taken.default_calendar_uid else []))
        found = _same(state.calendars, uid=wanted.uid, name=wanted.name) or next(
            (one for one in state.shared_calendars if _is_same_calendar(one, wanted, item, names)), None
        )
        stored[item.uid] = found or wanted
        if found is None:
            updates.append(CalendarUpdate(item, wanted, {}, is_new=True, has_other_days=False))
            continue
        values = _calendar_values(found, wanted, names)
        updates.append(
            CalendarUpdate(item, found, values, is_new=False, has_other_days=_has_other_days(found, item))
        )
    return tuple(updates)


def _is_same_calendar(
    shared: Calendar, wanted: Calendar, item: DocumentCalendar, names: Sequence[str]
) -> bool:
    return not _calendar_values(shared, wanted, names) and not _has_other_days(shared, item)


def _calendar_values(found: Calendar, wanted: Calendar, names: Sequence[str]) -> dict[str, Any]:
    """Return what the file says differently of a calendar, its days apart."""
    return {
        name: value
        for name in names
        if not _is_same_value(getattr(found, name), value := getattr(wanted, name))
    }


def _bases_first(calendars: Sequence[DocumentCalendar]) -> list[DocumentCalendar]:
    ordered: list[DocumentCalendar] = []
    known: set[int] = set()
    waiting = list(calendars)
    while waiting:
        ready = [item for item in waiting if item.parent_uid is None or item.parent_uid in known]
        ordered += ready
        known |= {item.uid for item in ready}
        waiting = [item for item in waiting if item.uid not in known]
    return ordered


def _same(stored: Sequence[Named], *, uid: str, name: str) -> Named | None:
    """Return the one with number and name of the file, else the only one with the name."""
    named = [row for row in stored if row.name == name]
    both = [row for row in named if row.uid == uid]
    if len(both) == 1:
        return both[0]
    return named[0] if len(named) == 1 else None


def _is_same_value(present: Any, value: Any) -> bool:
    is_new = isinstance(value, Calendar) and value._state.adding
    return not is_new and bool(present == value)


def _has_other_days(calendar: Calendar, item: DocumentCalendar) -> bool:
    """Return whether exceptions or temporary weeks differ; both must be prefetched."""
    present = Counter(_day_key(row) for row in calendar.exceptions.all())
    weeks = Counter(_week_key(row) for row in calendar.work_weeks.all())
    return present != Counter(
        _day_key(row) for row in exceptions_of(calendar, item=item)
    ) or weeks != Counter(_week_key(row) for row in work_weeks_of(calendar, item=item))


def _day_key(row: Any) -> tuple[str, ...]:
    return (row.name, str(row.start), str(row.finish), str(row.intervals))


def _week_key(row: Any) -> tuple[str, ...]:
    return (row.name, str(row.start), str(row.finish), str(sorted(row.week_pattern.items())))


def compare_supplies(
    state: PlanState,
    taken: TakenOver,
    *,
    calendars: tuple[CalendarUpdate, ...],
    tasks: Mapping[int, Task],
    takes_costs: bool,
) -> Supplies:
    """
    Return what comes, changes and goes.

    Resources that are not in the file stay. An assignment goes when task and resource are in the file, it is
    not, and no work is recorded on it; recorded work never becomes less.
    """
    stored_calendars = {item.item.uid: item.calendar for item in calendars}
    resources = []
    for item in taken.resources:
        columns = resource_columns(item, calendars=stored_calendars)
        found = _same(state.resources, uid=columns["uid"], name=columns["name"])
        if found is None:
            made = Resource(project=state.project, **columns)
            resources.append(ResourceUpdate(item, made, {}, is_new=True))
            continue
        columns["extra"] = {**found.extra, **columns["extra"]}
        columns.pop("uid")
        if found.person_id is not None:
            columns.pop("kind")
        values = {
            name: value for name, value in columns.items() if not _is_same_value(getattr(found, name), value)
        }
        resources.append(ResourceUpdate(item, found, values, is_new=False))
    return Supplies(
        calendars, tuple(resources), *_assignments(state, taken, resources, tasks, takes_costs=takes_costs)
    )


def _assignments(
    state: PlanState,
    taken: TakenOver,
    resources: Sequence[ResourceUpdate],
    tasks: Mapping[int, Task],
    *,
    takes_costs: bool,
) -> tuple[tuple[DocumentAssignment, ...], tuple[AssignmentUpdate, ...], tuple[Assignment, ...]]:
    """Return the assignments that come, change and go."""
    keys = {item.item.uid: item.resource.pk for item in resources if not item.is_new}
    present = {(item.task_id, item.resource_id): item for item in state.assignments}
    added, changed = [], []
    for item in taken.assignments:
        task, resource = tasks.get(item.task_uid), keys.get(item.resource_uid or 0)
        found = present.pop((task.pk, resource), None) if task is not None and resource else None
        if found is None:
            added.append(item)
            continue
        values = _assignment_values(found, item, takes_costs=takes_costs)
        if values:
            changed.append(AssignmentUpdate(found, values))
    in_file = {task.pk for task in tasks.values()}
    known = set(keys.values())
    removed = [
        item
        for item in present.values()
        if item.task_id in in_file and item.resource_id in known and not item.actual_work_hours
    ]
    return tuple(added), tuple(changed), tuple(removed)


def _assignment_values(found: Assignment, item: DocumentAssignment, *, takes_costs: bool) -> dict[str, Any]:
    columns = assignment_columns(item)
    columns[RECORDED] = max(columns[RECORDED], found.actual_work_hours)
    if not takes_costs:
        columns.pop("cost")
    return {name: value for name, value in columns.items() if getattr(found, name) != value}
