"""
What a file has no word for, taken from the plan it is compared with.

A plan that goes to another tool and comes back unchanged must read as unchanged. So whatever the format
cannot carry, or makes up where a plan says nothing, is as the plan has it; what somebody changed in the other
tool stays as the file says. ``projects.interchange.losses`` names the same limits for a file alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from projects.interchange.document import Assignment, ProjectDocument, Resource, Task
from projects.interchange.unsaid_calendars import with_own_calendars
from projects.interchange.unsaid_primavera import PRIMAVERA, with_unsaid_of_primavera
from projects.interchange.vocabulary import ResourceKind, TaskKind

# Microsoft Project keeps units as a factor with four decimals.
UNIT_DIGITS: Final = 4
LONGEST_TEXT: Final = 255
HOUR: Final = 60


def with_unsaid(
    document: ProjectDocument, *, own: ProjectDocument, rows: Mapping[int, int]
) -> ProjectDocument:
    """
    Return what was read, with what its format cannot say as the plan has it.

    Parameters
    ----------
    own : ProjectDocument
        The plan as a document, with costs and rates.
    rows : mapping
        Number of a row of the plan by that of the same row in the file.
    """
    is_primavera = document.options.file_format in PRIMAVERA
    if is_primavera:
        document = with_unsaid_of_primavera(document, own=own, rows=rows)
    resources = _same_resources(document, own)
    ours = {task.uid: task for task in own.tasks}
    parents = {task.parent_uid for task in document.tasks}
    usual = document.options.default_calendar_uid
    document = with_own_calendars(document, own=own, resources=resources)
    return replace(
        document,
        tasks=tuple(
            _row(task, ours[rows[task.uid]], usual=usual, is_empty=task.uid not in parents)
            if task.uid in rows
            else task
            for task in document.tasks
        ),
        resources=tuple(
            _resource(item, resources[item.uid], is_primavera=is_primavera) if item.uid in resources else item
            for item in document.resources
        ),
        assignments=_assignments(document, own, rows, resources, is_primavera=is_primavera),
    )


def _row(task: Task, mine: Task, *, usual: int | None, is_empty: bool) -> Task:
    """
    Return a row with own texts in full.

    A summary with nothing below it reads as a task, a task that follows the calendar of the project
    (``usual``) may name it, and costs the plan has say nothing new.
    """
    cut = {name: value for name, value in task.extra.items() if len(value) == LONGEST_TEXT}
    full = {name: mine.extra.get(name, "") for name in cut}
    extra = {name: text for name, text in full.items() if text.startswith(cut[name])}
    kind = TaskKind.SUMMARY if is_empty and mine.kind is TaskKind.SUMMARY else task.kind
    calendar = None if mine.calendar_uid is None and task.calendar_uid == usual else task.calendar_uid
    return replace(
        task,
        kind=kind,
        calendar_uid=calendar,
        extra={**task.extra, **extra},
        cost=None if task.cost == mine.cost else task.cost,
        actual_cost=None if task.actual_cost == mine.actual_cost else task.actual_cost,
    )


def _same_resources(document: ProjectDocument, own: ProjectDocument) -> dict[int, Resource]:
    """
    Return the resources of the plan by their number in the file: of the same name, if only one has it.

    Microsoft Project takes a comma for the end of a name, so its files have a semicolon there.
    """
    named: dict[str, list[Resource]] = {}
    for item in own.resources:
        named.setdefault(item.name.replace(",", ";"), []).append(item)
    found = {}
    for item in document.resources:
        same = named.get(item.name.replace(",", ";"), [])
        exact = [one for one in same if one.uid == item.uid] or same
        if len(exact) == 1:
            found[item.uid] = exact[0]
    return found


def _resource(item: Resource, mine: Resource, *, is_primavera: bool) -> Resource:
    """
    Return a resource of its own name and kind.

    Primavera knows no roles here, Microsoft Project neither equipment nor a comma.
    """
    item = replace(item, name=mine.name)
    if is_primavera:
        return replace(item, is_generic=mine.is_generic)
    is_equipment = item.kind is ResourceKind.WORK and mine.kind is ResourceKind.NON_LABOR
    return replace(item, kind=mine.kind) if is_equipment else item


def _assignments(
    document: ProjectDocument,
    own: ProjectDocument,
    rows: Mapping[int, int],
    resources: Mapping[int, Resource],
    *,
    is_primavera: bool,
) -> tuple[Assignment, ...]:
    known = {(item.task_uid, item.resource_uid): item for item in own.assignments}
    tasks = {task.uid: task for task in document.tasks}
    result = []
    for item in document.assignments:
        resource = resources.get(item.resource_uid) if item.resource_uid is not None else None
        mine = known.get((rows.get(item.task_uid, -1), resource.uid if resource else None))
        if mine is None:
            result.append(item)
            continue
        kept = _assignment(item, mine, tasks[item.task_uid])
        result.append(_made_up(kept, mine) if is_primavera else kept)
    return tuple(result)


def _assignment(item: Assignment, mine: Assignment, task: Task) -> Assignment:
    """Return an assignment whose dates follow its task where the plan leaves them to it."""
    if mine.start is None and mine.finish is None and (item.start, item.finish) == (task.start, task.finish):
        item = replace(item, start=None, finish=None)
    if mine.units is not None and item.units == round(mine.units, UNIT_DIGITS):
        item = replace(item, units=mine.units)
    return item


def _made_up(item: Assignment, mine: Assignment) -> Assignment:
    """Return an assignment without the cost and the rest that Primavera makes up, its hours not rounded."""
    if mine.cost is None and not item.cost:
        item = replace(item, cost=None)
    item = replace(
        item,
        work=_exact(item.work, mine.work),
        actual_work=_exact(item.actual_work, mine.actual_work),
        remaining_work=_exact(item.remaining_work, mine.remaining_work),
    )
    is_same = (item.work, item.actual_work or 0) == (mine.work, mine.actual_work or 0)
    if is_same and item.remaining_work == (item.work or 0) - (item.actual_work or 0):
        item = replace(item, remaining_work=mine.remaining_work)
    return item


def _exact(minutes: float | None, mine: float | None) -> float | None:
    """
    Return minutes of the plan where those of the file are the same in hundredths of an hour.

    Examples
    --------
    >>> _exact(10.2, 10.0), _exact(12.0, 10.0)
    (10.0, 12.0)
    """
    if minutes is None or mine is None:
        return minutes
    return mine if round(minutes / HOUR, 2) == round(mine / HOUR, 2) else minutes
