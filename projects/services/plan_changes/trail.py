"""What the audit trail says of a step: one line for each row and link it touched."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from pmo_portal.accounts.models import Person
from pmo_portal.audit import services as audit
from projects import actions
from projects.models import Calendar, Link, Project, Task
from projects.selectors.plan_snapshot import PlanSnapshot, cell, place_of
from projects.services.progress import WRITTEN as OF_PROGRESS

OF_PLACE: Final = frozenset({"parent_id"})
NAMED: Final[Mapping[str, type[Any]]] = {"owner_id": Person, "calendar_id": Calendar}
LINK_NAME: Final = ("predecessor_id", "successor_id", "type")
LINK_FACTS: Final = ("type", "lag", "lag_percent", "lag_kind")


def lines_of(
    project: Project,
    found: Mapping[str, Any],
    *,
    before: PlanSnapshot,
    after: PlanSnapshot,
    reported: Collection[int] = (),
) -> list[audit.Change]:
    """
    Return the lines of a step. At most two queries, for names of people and calendars.

    Parameters
    ----------
    reported : collection of int
        Numbers of rows whose progress has lines of its own.
    """
    names = _names(found["tasks"])
    lines: list[audit.Change] = []
    gone = {int(pk) for pk, row in found["tasks"].items() if row["after"] is None}
    for pk, row in sorted(found["tasks"].items(), key=lambda item: int(item[1]["uid"])):
        lines += _of_task(project, int(pk), row, gone, names, before, after, reported)
    moved = {int(pk) for pk, row in found["tasks"].items() if row["after"] and "parent_id" in row["after"]}
    for pk, cells in after.tasks.items():
        if cell(cells, "uid") in found["moved"] and pk in before.tasks and pk not in moved:
            lines.append(_moved(project, pk, before, after))
    return lines + [
        line
        for pk, row in found["links"].items()
        if (line := _of_link(project, int(pk), row, gone, before, after)) is not None
    ]


def _of_task(
    project: Project,
    pk: int,
    row: Mapping[str, Any],
    gone: Collection[int],
    names: Mapping[tuple[str, int], str],
    before: PlanSnapshot,
    after: PlanSnapshot,
    reported: Collection[int],
) -> list[audit.Change]:
    old, new = row["before"], row["after"]
    if old is None:
        cells = after.tasks[pk]
        told = {name: cell(cells, name) for name in ("name", "kind", "wbs", "duration")}
        return [audit.Change(actions.TASK_CREATED, _label(pk, after), project.node, None, told)]
    if new is None:
        if old["parent_id"] in gone:
            return []
        path = cell(before.tasks[pk], "sort_path")
        rows = sum(1 for each in gone if cell(before.tasks[each], "sort_path").startswith(path))
        told = {"name": old["name"], "wbs": old["wbs"], "rows": rows}
        return [audit.Change(actions.TASK_DELETED, _label(pk, before), project.node, told)]
    lines = [_moved(project, pk, before, after)] if "parent_id" in new else []
    skipped = OF_PLACE | (set(OF_PROGRESS) if row["uid"] in reported else set())
    facts = [name for name in new if name not in skipped]
    if facts:
        was, now = (
            {name.removesuffix("_id"): _titled(name, values[name], names) for name in facts}
            for values in (old, new)
        )
        lines.append(audit.Change(actions.TASK_CHANGED, _label(pk, after), project.node, was, now))
    return lines


def _moved(project: Project, pk: int, before: PlanSnapshot, after: PlanSnapshot) -> audit.Change:
    was, now = (
        {"wbs": cell(state.tasks[pk], "wbs"), "parent": _parent(state, pk)} for state in (before, after)
    )
    return audit.Change(actions.TASK_MOVED, _label(pk, after), project.node, was, now)


def _parent(state: PlanSnapshot, pk: int) -> str | None:
    parent = state.tasks.get(cell(state.tasks[pk], "parent_id"))
    return f"{cell(parent, 'wbs')} {cell(parent, 'name')}" if parent else None


def _label(pk: int, state: PlanSnapshot) -> Task:
    cells = state.tasks[pk]
    return Task(pk=pk, wbs=cell(cells, "wbs"), name=cell(cells, "name"))


def _of_link(
    project: Project,
    pk: int,
    row: Mapping[str, Any],
    gone: Collection[int],
    before: PlanSnapshot,
    after: PlanSnapshot,
) -> audit.Change | None:
    """Return the line of a link; one that goes with a row is not told."""
    old, new = row["before"], row["after"]
    if old is None:
        link = _named(pk, new, after)
        return audit.Change(
            actions.LINK_CREATED, link, project.node, None, _told(new, after), label=link.wording
        )
    if new is None:
        if {old["predecessor_id"], old["successor_id"]} & set(gone):
            return None
        link = _named(pk, old, before)
        return audit.Change(actions.LINK_DELETED, link, project.node, _told(old, before), label=link.wording)
    cells = after.links[pk]
    link = _named(pk, {name: cells[place_of(Link, name)] for name in LINK_NAME}, after)
    return audit.Change(actions.LINK_CHANGED, link, project.node, old, new, label=link.wording)


def _named(pk: int, values: Mapping[str, Any], state: PlanSnapshot) -> Link:
    first, second = (_label(values[name], state) for name in LINK_NAME[:2])
    return Link(pk=pk, predecessor=first, successor=second, type=values["type"])


def _told(values: Mapping[str, Any], state: PlanSnapshot) -> dict[str, Any]:
    ends = {}
    for name in ("predecessor", "successor"):
        cells = state.tasks.get(values[f"{name}_id"])
        ends[name] = f"{cell(cells, 'wbs')} {cell(cells, 'name')}" if cells else None
    return ends | {name: values[name] for name in LINK_FACTS}


def _names(tasks: Mapping[str, Any]) -> dict[tuple[str, int], str]:
    """Return the names of people and calendars a step speaks of. A query for each of both, if any."""
    found: dict[tuple[str, int], str] = {}
    for column, model in NAMED.items():
        keys = {
            values[column]
            for row in tasks.values()
            if row["before"] and row["after"]
            for values in (row["before"], row["after"])
            if values.get(column)
        }
        if keys:
            named = model.objects.filter(pk__in=keys).values_list("pk", "name")
            found |= {(column, pk): name for pk, name in named}
    return found


def _titled(column: str, value: Any, names: Mapping[tuple[str, int], str]) -> Any:
    return names.get((column, value), value) if column in NAMED else value
