"""Which row of the plan is which row of the file."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from projects.interchange.takeover_tasks import PlacedTask
from projects.models import Task

GUID, NUMBER, ACTIVITY, PLACE = "guid", "number", "activity", "place"
ACTIVITY_ID = "Activity ID"

Row = TypeVar("Row")


@dataclass(frozen=True)
class Matching:
    """
    Rows of the plan by the uid of their row in the file.

    ``ways`` counts how rows were recognized. ``is_foreign`` says that the numbers of the file belong to
    another plan, so that they were not used.
    """

    tasks: Mapping[int, Task]
    ways: Mapping[str, int]
    is_foreign: bool


def match_rows(
    placed: Sequence[PlacedTask], stored: Sequence[Task], *, guid_of: Callable[[Task], str]
) -> Matching:
    """
    Recognize rows by their GUID, then the number in the file, then the activity id, then WBS and name.

    A key counts only where it is unambiguous on both sides. Numbers count only where at least half of the
    pairs they make have the same name: every plan counts from 1, so equal numbers alone prove nothing.
    ``guid_of`` is that of `projects.selectors.row_guids`, which exports write too.
    """
    found: dict[int, Task] = {}
    ways: Counter[str] = Counter()
    is_foreign = False
    for way, of_file, of_plan in (
        (GUID, lambda item: item.task.guid, guid_of),
        (NUMBER, lambda item: item.task.uid, lambda task: task.source_uid),
        (ACTIVITY, lambda item: item.task.activity_id, lambda task: task.extra.get(ACTIVITY_ID, "")),
        (PLACE, lambda item: (item.wbs, item.task.name[:250]), lambda task: (task.wbs, task.name)),
    ):
        taken = {task.pk for task in found.values()}
        pairs = _pairs(
            [item for item in placed if item.task.uid not in found],
            [task for task in stored if task.pk not in taken],
            of_file,
            of_plan,
        )
        if way == NUMBER and not _is_same_plan(pairs):
            is_foreign = True
            continue
        found |= {item.task.uid: task for item, task in pairs}
        ways[way] += len(pairs)
    return Matching(found, ways, is_foreign)


def _is_same_plan(pairs: Sequence[tuple[PlacedTask, Task]]) -> bool:
    same = sum(item.task.name[:250] == task.name for item, task in pairs)
    return 2 * same >= len(pairs)


def _pairs(
    items: Sequence[PlacedTask],
    tasks: Sequence[Task],
    of_file: Callable[[PlacedTask], Hashable],
    of_plan: Callable[[Task], Hashable],
) -> list[tuple[PlacedTask, Task]]:
    rows = _only(items, of_file)
    known = _only(tasks, of_plan)
    return [(item, known[key]) for key, item in rows.items() if key in known]


def _only(rows: Iterable[Row], key_of: Callable[[Row], Hashable]) -> dict[Hashable, Row]:
    """Return the rows by their key, those without one and those that share one left out."""
    keyed = [(key_of(row), row) for row in rows]
    counts = Counter(key for key, _row in keyed)
    return {key: row for key, row in keyed if key not in {None, ""} and counts[key] == 1}
