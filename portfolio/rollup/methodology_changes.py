"""What differs between two contents, row by row and field by field."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from portfolio.rollup.methodology import PARTS, Content


class ChangeKind(StrEnum):
    """How a row differs."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"
    MOVED = "MOVED"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that differs; ``before`` is None when it is new, ``after`` when it is gone."""

    part: str
    kind: ChangeKind
    code: str
    before: Any
    after: Any
    fields: tuple[FieldChange, ...] = ()


def changes_between(before: Content, after: Content) -> list[RowChange]:
    """
    Return the rows that were added, removed, changed or put elsewhere, part by part.

    Rows are the same when their codes are; the same two contents always give the same list.
    """
    rows = (
        change for part in PARTS for change in row_changes(part, getattr(before, part), getattr(after, part))
    )
    return [*_heads(before, after), *rows]


def _heads(before: Content, after: Content) -> Iterator[RowChange]:
    found = tuple(
        FieldChange(name, getattr(before, name), getattr(after, name))
        for name in ("name", "summary", "notice")
        if getattr(before, name) != getattr(after, name)
    )
    if found:
        yield RowChange("methodology", ChangeKind.CHANGED, "", before, after, found)


def row_changes(part: str, before: Iterable[Any], after: Iterable[Any]) -> Iterator[RowChange]:
    """Yield the rows of one part that were added, removed, changed or put elsewhere; they have codes."""
    old = {row.code: row for row in before}
    new = {row.code: row for row in after}
    moved = _moved([code for code in old if code in new], [code for code in new if code in old])
    for code, row in new.items():
        if code not in old:
            yield RowChange(part, ChangeKind.ADDED, code, None, row)
            continue
        found = field_changes(old[code], row)
        if found:
            yield RowChange(part, ChangeKind.CHANGED, code, old[code], row, found)
        elif code in moved:
            yield RowChange(part, ChangeKind.MOVED, code, old[code], row)
    for code, row in old.items():
        if code not in new:
            yield RowChange(part, ChangeKind.REMOVED, code, row, None)


def field_changes(before: Any, after: Any) -> tuple[FieldChange, ...]:
    """Return the fields in which two rows of the same part differ."""
    return tuple(
        FieldChange(item.name, getattr(before, item.name), getattr(after, item.name))
        for item in fields(before)
        if getattr(before, item.name) != getattr(after, item.name)
    )


def _moved(old: list[str], new: list[str]) -> frozenset[str]:
    """Return the codes whose neighbors before them are others than before."""
    position = {code: place for place, code in enumerate(old)}
    kept = _longest_rising([position[code] for code in new])
    return frozenset(code for code in new if position[code] not in kept)


def _longest_rising(numbers: list[int]) -> frozenset[int]:
    """Return the longest rising part of a list: those rows stayed, the others moved."""
    best: list[list[int]] = []
    for number in numbers:
        longest: list[int] = max((part for part in best if part[-1] < number), key=len, default=[])
        best.append([*longest, number])
    found: list[int] = max(best, key=len, default=[])
    return frozenset(found)
