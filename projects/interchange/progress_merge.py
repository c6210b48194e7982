"""
Merge three states of the progress of a task: when it was taken away, as it is now, as the file has it.

What only one side changed is taken from that side. What both changed, and not to the same, is a conflict a
person decides. Values that follow from each other are decided together: days left, percentage and finish.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from projects.interchange.progress_sheet import DAYS, SheetRow, Value, Values, changed_fields

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "start": ("actual_start",),
    "work": ("actual_finish", "days_left", "percent_complete"),
    "result": ("percent_physical", "quantity_done", "steps_reached"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A value in its three states."""

    field: str
    taken: Value
    theirs: Value
    mine: Value


@dataclass(frozen=True, slots=True)
class MergeConflict:
    """What both sides changed; ``group`` is one of `GROUPS`."""

    group: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """What of the file takes effect, and what somebody must decide first."""

    said: frozenset[str]
    conflicts: tuple[MergeConflict, ...]


def merge_row(row: SheetRow, theirs: Values, *, kept: Mapping[str, bool]) -> Merged:
    """
    Return what becomes of a row.

    Parameters
    ----------
    theirs : mapping
        The values as they are now.
    kept : mapping of str to bool
        What was decided already, by group: whether the file counts.

    Examples
    --------
    >>> from projects.interchange.progress_sheet import SAID, Taken
    >>> empty = dict.fromkeys(SAID)
    >>> row = SheetRow(2, 7, {**empty, "days_left": 3}, Taken("1", None, {**empty, "days_left": 5}))
    >>> sorted(merge_row(row, {**empty, "days_left": 5}, kept={}).said)
    ['days_left']
    >>> [item.group for item in merge_row(row, {**empty, "days_left": 4}, kept={}).conflicts]
    ['work']
    """
    changed = changed_fields(row)
    said: set[str] = set()
    conflicts = []
    for group, names in GROUPS.items():
        mine = frozenset(names) & changed
        new = {name for name in mine if row.mine[name] != theirs[name]}
        is_theirs_too = any(theirs[name] != row.taken.values[name] for name in names)
        if not new or not is_theirs_too:
            said |= new
        elif group not in kept:
            conflicts.append(MergeConflict(group, _differences(row, theirs, names)))
        elif kept[group]:
            # The days of the file hold as a whole; its old numbers would only follow from them.
            said |= new | {name for name in DAYS & set(names) if row.mine[name] != theirs[name]}
    return Merged(frozenset(said), tuple(conflicts))


def _differences(row: SheetRow, theirs: Values, names: Sequence[str]) -> tuple[Difference, ...]:
    """Return the values that one side or the other changed."""
    found = (Difference(name, row.taken.values[name], theirs[name], row.mine[name]) for name in names)
    return tuple(item for item in found if item.theirs != item.taken or item.mine != item.taken)
