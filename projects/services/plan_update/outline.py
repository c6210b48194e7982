"""Where the rows of file and plan stand after an import."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from projects.choices import TaskKind
from projects.interchange.takeover_tasks import PlacedTask
from projects.interchange.vocabulary import TaskKind as DocumentKind
from projects.models import Task
from projects.services.plan_update.worked_out import MissingRow, Note, Place


@dataclass(frozen=True)
class Outline:
    """Places of the rows of the file by their uid there, the others by key; ``reordered`` changed sides."""

    places: Mapping[int, Place]
    missing_places: Mapping[int, Place]
    reordered: frozenset[int]
    notes: tuple[Note, ...]


def missing_rows(
    stored: Sequence[Task], *, kept: frozenset[int], recorded: Mapping[int, frozenset[str]]
) -> tuple[MissingRow, ...]:
    """
    Return the rows of the plan that are not in the file (``kept`` holds the keys of those that are).

    A row may be removed when neither it nor a row below it that is not in the file carries a recorded fact.
    """
    carriers = {task.pk for task in stored if task.pk not in kept and recorded.get(task.pk)}
    parents = {task.pk: task.parent_id for task in stored}
    held = set(carriers)
    for key in carriers:
        above = parents.get(key)
        while above is not None and above not in kept:
            held.add(above)
            above = parents.get(above)
    return tuple(
        MissingRow(task, recorded.get(task.pk, frozenset()), task.pk not in held)
        for task in stored
        if task.pk not in kept
    )


def new_outline(
    placed: Sequence[PlacedTask], *, tasks: Mapping[int, Task], missing: Sequence[MissingRow]
) -> Outline:
    """
    Return where every row stands: those of the file as the file has them, the others behind them.

    A row that is not in the file stays below its summary; where that is a task in the file, it moves up,
    since what has rows below it is a summary (SCH-9).
    """
    items = {item.task.uid: item for item in placed}
    uid_of = {task.pk: uid for uid, task in tasks.items()}
    counts: dict[int | str | None, int] = defaultdict(int)
    places: dict[int, Place] = {}
    for item in placed:
        parent = None if item.parent_uid is None else tasks.get(item.parent_uid)
        places[item.task.uid] = Place(parent, item.parent_uid, counts[item.parent_uid])
        counts[item.parent_uid] += 1
    missing_places: dict[int, Place] = {}
    lifted = []
    for row in missing:
        above = _summary_above(row.task, items=items, uid_of=uid_of)
        if row.task.parent_id in uid_of and above != uid_of[row.task.parent_id]:
            lifted.append(row.task.name)
        missing_places[row.task.pk] = _place_of_missing(row.task, above, tasks, counts, uid_of)
    notes = [Note("MISSING_LIFTED", "INFO", lifted[0], {"count": len(lifted)})] if lifted else []
    notes += _emptied(missing, placed, tasks)
    return Outline(places, missing_places, _reordered(placed, tasks, uid_of), tuple(notes))


def _summary_above(task: Task, *, items: Mapping[int, PlacedTask], uid_of: Mapping[int, int]) -> int | None:
    """Return the uid of the next summary of the file above a row that hangs on a row of the file."""
    uid = uid_of.get(task.parent_id) if task.parent_id is not None else None
    while uid is not None and items[uid].kind is not DocumentKind.SUMMARY:
        uid = items[uid].parent_uid
    return uid


def _place_of_missing(
    task: Task,
    above: int | None,
    tasks: Mapping[int, Task],
    counts: dict[int | str | None, int],
    uid_of: Mapping[int, int],
) -> Place:
    hangs_on_missing = task.parent_id is not None and task.parent_id not in uid_of
    key: int | str | None = f"stored {task.parent_id}" if hangs_on_missing else above
    position = counts[key]
    counts[key] += 1
    if hangs_on_missing:
        return Place(task.parent, None, position)
    return Place(None if above is None else tasks.get(above), above, position)


def _emptied(
    missing: Sequence[MissingRow], placed: Sequence[PlacedTask], tasks: Mapping[int, Task]
) -> list[Note]:
    """Return a note on summaries that are not in the file and whose rows all moved elsewhere."""
    left = {row.task.parent_id for row in missing}
    empty = [
        row.task.name for row in missing if row.task.kind == TaskKind.SUMMARY and row.task.pk not in left
    ]
    return [Note("SUMMARY_EMPTIED", "WARNING", empty[0], {"count": len(empty)})] if empty else []


def _reordered(
    placed: Sequence[PlacedTask], tasks: Mapping[int, Task], uid_of: Mapping[int, int]
) -> frozenset[int]:
    """Return the uids of rows that changed their order below the same summary: as few as explain it."""
    groups: dict[int | None, list[tuple[int, int]]] = defaultdict(list)
    for item in placed:
        task = tasks.get(item.task.uid)
        if task is None:
            continue
        former = None if task.parent_id is None else uid_of.get(task.parent_id)
        if former == item.parent_uid and (former is None) == (task.parent_id is None):
            groups[item.parent_uid].append((item.task.uid, task.position))
    moved: set[int] = set()
    for rows in groups.values():
        moved |= _out_of_order(rows)
    return frozenset(moved)


def _out_of_order(rows: Sequence[tuple[int, int]]) -> set[int]:
    """Return the rows (uid, former position) outside of the longest stretch that kept its order."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int | None] = []
    for index, (_uid, position) in enumerate(rows):
        length = bisect_left(tails, position)
        before.append(at[length - 1] if length else None)
        if length == len(tails):
            tails.append(position)
            at.append(index)
        else:
            tails[length], at[length] = position, index
    kept = set()
    step = at[-1] if at else None
    while step is not None:
        kept.add(step)
        step = before[step]
    return {uid for index, (uid, _position) in enumerate(rows) if index not in kept}
