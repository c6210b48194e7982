"""
Progress as a table that is changed offline: its columns, its cells, and the rows read back (SCH-20, SEC-28).

A row carries what it held when it was taken away, so that three states can be merged: then, now, the file.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

from openpyxl.utils import get_column_letter

from projects.interchange.tables.table import Row, Table, TableRefused, gettext_noop

Value: TypeAlias = date | Decimal | tuple[int, ...] | None
Values: TypeAlias = Mapping[str, Value]

# What a row says of a task, in the order of the columns.
SAID: Final = (
    *("actual_start", "actual_finish", "days_left", "percent_complete"),
    *("percent_physical", "quantity_done", "steps_reached"),
)
FACTS: Final = ("project", "row", "wbs", "name", "owner", "plan_start", "plan_finish")
COLUMNS: Final = (*FACTS, *SAID, "note", "taken")
NEEDED: Final = ("row", "taken")
DAYS: Final = frozenset({"actual_start", "actual_finish"})
PERCENTAGES: Final = ("percent_complete", "percent_physical")
MOST_ROWS: Final = 2_000
LONGEST_NOTE: Final = 2_000
MOST: Final = {"days_left": Decimal(20_000), **dict.fromkeys(PERCENTAGES, Decimal(100))}
FIRST_YEAR: Final = 1950
LAST_YEAR: Final = 2150

ISO_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[ T]\d{2}:\d{2}.*)?$")
DAY_FIRST_DATE = re.compile(r"^(\d{1,2})[./](\d{1,2})[./](\d{4})$")
NUMBER = re.compile(r"^\d{1,9}(?:[.,]\d{1,20})?$")
STEPS = re.compile(r"^\d{1,3}(?:\s*[,;.]\s*\d{1,3})*$")
LARGE_NUMBER = re.compile(r"^(?:\d{10,}(?:[.,]\d+)?|\d+(?:[.,]\d+)?[eE]\+?\d+)$")
CENT = Decimal("0.01")
NO_NUMBER = gettext_noop("This is not a number that can be taken.")
TOO_LARGE = gettext_noop("This number is too large: a percentage ends at 100, days at 20,000.")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a row held when it was taken away, of which version of the plan, at which data date."""

    plan: str
    data_date: date | None
    values: Values


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as it came back; ``number`` counts as the spreadsheet does. ``uid`` is that of the task."""

    number: int
    uid: int
    mine: Values
    taken: Taken
    note: str = ""


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that cannot be taken; ``column`` is its letter, ``field`` one of `COLUMNS`."""

    number: int
    column: str
    field: str
    sentence: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ProgressSheet:
    """The rows of a file that say something, how many do not, and the cells that cannot be read."""

    rows: tuple[SheetRow, ...]
    unchanged: int
    faults: tuple[CellFault, ...]
    letters: Mapping[str, str] = field(default_factory=dict)


def write_taken(taken: Taken) -> str:
    """Return what a row held as one text, for the last column."""
    known = {name: _plain(value) for name, value in taken.values.items() if value not in (None, ())}
    day = taken.data_date.isoformat() if taken.data_date else None
    return json.dumps({"plan": taken.plan, "on": day, **known}, separators=(",", ":"))


def _plain(value: Value) -> str | list[int]:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else f"{value:f}"


def read_taken(text: str) -> Taken:
    """
    Return what `write_taken` wrote.

    Raises
    ------
    ValueError
        If the text was changed.
    """
    try:
        said = json.loads(text)
        if not isinstance(said, dict) or not isinstance(said.get("plan"), str) or len(text) > 1_000:
            raise ValueError("not a row that was taken away")
        day = said.get("on")
        values = {name: _exact(name, said.get(name)) for name in SAID}
        return Taken(said["plan"][:80], date.fromisoformat(day) if day else None, values)
    except (TypeError, InvalidOperation, RecursionError) as fault:
        raise ValueError("not a row that was taken away") from fault


def _exact(name: str, value: object) -> Value:
    if name == "steps_reached":
        numbers = value or []
        if not isinstance(numbers, list) or any(type(number) is not int for number in numbers):
            raise ValueError("not a list of steps")
        return tuple(numbers)
    if value is None:
        return None
    return date.fromisoformat(str(value)) if name in DAYS else _read_number(str(value))


def pack_rows(rows: Sequence[SheetRow]) -> str:
    """Return rows as one text, for a form that asks about them."""
    said = [
        {
            "number": row.number,
            "uid": row.uid,
            "mine": {name: _plain(value) for name, value in row.mine.items() if value not in (None, ())},
            "taken": write_taken(row.taken),
            "note": row.note,
        }
        for row in rows
    ]
    return json.dumps(said, separators=(",", ":"))


def unpack_rows(text: str) -> tuple[SheetRow, ...]:
    """
    Return what `pack_rows` packed.

    Raises
    ------
    ValueError
        If the text is something else.
    """
    try:
        said = json.loads(text)
        if not isinstance(said, list) or len(said) > MOST_ROWS:
            raise ValueError("not rows of a list")
        rows = tuple(_unpacked(item) for item in said)
    except (TypeError, KeyError, AttributeError, InvalidOperation, RecursionError) as fault:
        raise ValueError("not rows of a list") from fault
    if len({row.uid for row in rows}) != len(rows):
        raise ValueError("a row stands twice")
    return rows


def _unpacked(item: Mapping[str, Any]) -> SheetRow:
    number, uid, note = item["number"], item["uid"], item["note"]
    if any(type(found) is not int or not 0 < found < 2**31 for found in (number, uid)):
        raise ValueError("not a number of a row")
    if not isinstance(note, str) or "\0" in note or not _is_text(note):
        raise ValueError("not a note")
    mine = {name: _exact(name, item["mine"].get(name)) for name in SAID}
    taken = read_taken(item["taken"])
    for name in SAID:
        _require_bounds(name, mine[name], taken.values[name])
    return SheetRow(number, uid, mine, taken, note[:LONGEST_NOTE])


def _is_text(note: str) -> bool:
    """Whether it can be written down: JSON can say half a character."""
    return not any("\ud800" <= letter <= "\udfff" for letter in note)


def read_sheet(table: Table, *, code: str, headings: Mapping[str, Sequence[str]]) -> ProgressSheet:
    """
    Return what the rows of a table say of tasks of the project ``code``.

    Parameters
    ----------
    headings : mapping of str to sequence of str
        The headings each column may have, in all languages.

    Raises
    ------
    TableRefused
        If it is not such a table, of another project, or too long.
    """
    places = _places(table.headers, headings)
    if any(name not in places for name in NEEDED):
        sentence = gettext_noop("This is not a progress list: its columns for row and state are missing.")
        raise TableRefused("NO_SHEET", sentence)
    if len(table.rows) > MOST_ROWS:
        raise TableRefused("TOO_LARGE", gettext_noop("The list has more than %(most)s rows."), most=MOST_ROWS)
    letters = {name: get_column_letter(place + 1) for name, place in places.items()}
    rows: list[SheetRow] = []
    faults: list[CellFault] = []
    seen: set[int] = set()
    for row in table.rows:
        cells = {name: row.cells[place].strip() for name, place in places.items()}
        if cells.get("project", code) != code:
            sentence = gettext_noop("Row %(row)s belongs to another project: %(project)s.")
            raise TableRefused("OTHER_PROJECT", sentence, row=row.number, project=cells["project"][:40])
        found, wrong = _read_row(row, cells, letters, seen)
        faults += wrong
        rows += [found] if found else []
    changed = tuple(row for row in rows if changed_fields(row) or row.note)
    return ProgressSheet(changed, len(rows) - len(changed), tuple(faults), letters)


def _places(headers: Sequence[str], headings: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return where each column stands; the first one counts."""
    shown = [header.casefold() for header in headers]
    found: dict[str, int] = {}
    for name, titles in headings.items():
        known = {title.casefold() for title in titles}
        place = next((place for place, header in enumerate(shown) if header in known), None)
        if place is not None:
            found[name] = place
    return found


def _read_row(
    row: Row, cells: Mapping[str, str], letters: Mapping[str, str], seen: set[int]
) -> tuple[SheetRow | None, list[CellFault]]:
    def fault(name: str, sentence: str) -> CellFault:
        return CellFault(row.number, letters[name], name, sentence, cells[name][:80])

    uid = cells["row"]
    if not (uid.isascii() and uid.isdecimal() and len(uid) < 10):
        return None, [fault("row", gettext_noop("This is not the number of a row."))]
    if int(uid) in seen:
        return None, [fault("row", gettext_noop("This row stands twice in the file."))]
    seen.add(int(uid))
    try:
        taken = read_taken(cells["taken"])
    except ValueError:
        sentence = gettext_noop("What the row held when it was exported was changed. Export the list again.")
        return None, [fault("taken", sentence)]
    mine = dict(taken.values)
    faults = []
    for name in SAID:
        if name not in cells:
            continue
        try:
            mine[name] = READERS[name](cells[name])
            _require_bounds(name, mine[name], taken.values[name])
        except ValueError as wrong:
            faults.append(fault(name, str(wrong)))
    # A number that is taken out says nothing; a day that is taken out says that it did not happen.
    mine |= {name: taken.values[name] for name in SAID if name not in DAYS and mine[name] in (None, ())}
    if _is_fraction(mine["percent_complete"], taken.values["percent_complete"]):
        faults.append(fault("percent_complete", gettext_noop("Write a percentage as 50, not as 0.5.")))
    note = cells.get("note", "")[:LONGEST_NOTE]
    return (None if faults else SheetRow(row.number, int(uid), mine, taken, note)), faults


def _require_bounds(name: str, value: Value, before: Value) -> None:
    """Refuse a number that is too large, unless it is the one the row was exported with."""
    if isinstance(value, Decimal) and value != before and value > MOST.get(name, value):
        raise ValueError(TOO_LARGE)


def _is_fraction(value: Value, before: Value) -> bool:
    """Whether a spreadsheet kept a percentage as a fraction."""
    return isinstance(value, Decimal) and value != before and 0 < value < 1


def _read_day(text: str) -> date | None:
    if not text:
        return None
    parts: tuple[int, int, int] | None = None
    if match := ISO_DATE.match(text):
        parts = int(match[1]), int(match[2]), int(match[3])
    elif match := DAY_FIRST_DATE.match(text):
        parts = int(match[3]), int(match[2]), int(match[1])
    try:
        if parts is None or not FIRST_YEAR <= parts[0] <= LAST_YEAR:
            raise ValueError
        return date(*parts)
    except ValueError:
        raise ValueError(gettext_noop("This is not a day. Write it as 2026-03-31 or 31.03.2026.")) from None


def _read_number(text: str) -> Decimal | None:
    bare = text.replace("\xa0", "").removesuffix("%").strip()
    if not bare:
        return None
    if not NUMBER.match(bare):
        raise ValueError(TOO_LARGE if LARGE_NUMBER.match(bare) else NO_NUMBER)
    return Decimal(bare.replace(",", ".")).quantize(CENT)


def _read_steps(text: str) -> tuple[int, ...]:
    if text and not STEPS.match(text):
        raise ValueError(gettext_noop("Write the numbers of the steps with commas: 1, 2."))
    return tuple(sorted({int(number) for number in re.findall(r"\d+", text)}))


READERS: Final[Mapping[str, Callable[[str], Value]]] = {
    **dict.fromkeys(SAID, _read_number),
    **dict.fromkeys(DAYS, _read_day),
    "steps_reached": _read_steps,
}


def changed_fields(row: SheetRow) -> frozenset[str]:
    """Return what the file says differently than when it was taken away."""
    return frozenset(name for name in SAID if row.mine[name] != row.taken.values[name])
