"""From a table and a mapping to statuses of projects, with every dirty cell by row and column."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from portfolio.interchange import cells
from portfolio.interchange.mapping import FIELD_BY_CODE, TableMapping
from projects.interchange.tables.table import Row, Table

NEEDED = ("name",)
MONEY_LIMIT = Decimal("1e16")


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that means nothing, or less than it says. Severity: INFO, WARNING or ERROR."""

    severity: str
    row: int
    column: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class StatusRecord:
    """One row: what it says of a project at a date. ``values`` holds field code → value or None."""

    row: int
    name: str
    as_of: date | None
    values: Mapping[str, Any]
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What identifies the project among the rows of a table."""
        return cells.matching_name(self.name)


@dataclass(frozen=True, slots=True)
class Reading:
    """
    All rows of a table: ``records`` to take, ``refused`` row numbers, and the problems of both.

    Every row of the table is in one of the two. ``refused_names`` are the names in refused rows, as they
    are matched: the table does speak of those projects.
    """

    records: tuple[StatusRecord, ...]
    refused: tuple[int, ...]
    problems: tuple[CellProblem, ...]
    refused_names: frozenset[str] = frozenset()


def read_records(table: Table, mapping: TableMapping, *, as_of: date | None = None) -> Reading:
    """
    Return the statuses in a table.

    Parameters
    ----------
    table : Table
        As read.
    mapping : TableMapping
        The meaning of its columns.
    as_of : date, optional
        Date of the status; wins over the year column.
    """
    places = _places(table, mapping)
    records: list[StatusRecord] = []
    refused: list[int] = []
    problems = [CellProblem("WARNING", number, "", "RAGGED", "") for number in table.ragged]
    names = Counter(cells.matching_name(_text(row, places.get("name"))) for row in table.rows)
    for row in table.rows:
        record, found = _read_row(row, places, table, mapping, as_of)
        if record is not None and names[record.key] > 1 and not record.values.get("code"):
            found.append(_problem("ERROR", row, table, places.get("name"), "REPEATED", record.name))
            record = None
        problems += found
        if record is None:
            refused.append(row.number)
        else:
            records.append(record)
    unread = set(refused)
    return Reading(
        records=tuple(records),
        refused=tuple(refused),
        problems=tuple(problems),
        refused_names=frozenset(
            cells.matching_name(_text(row, places.get("name"))) for row in table.rows if row.number in unread
        ),
    )


def _places(table: Table, mapping: TableMapping) -> dict[str, int]:
    """Return field code → column index for the headers the table has, in the order of the columns."""
    index = {header.casefold(): place for place, header in enumerate(table.headers)}
    places = {}
    for code, headers in mapping.columns.items():
        place = next((index[header.casefold()] for header in headers if header.casefold() in index), None)
        if place is not None:
            places[code] = place
    return dict(sorted(places.items(), key=lambda item: item[1]))


def _text(row: Row, place: int | None) -> str:
    return row.cells[place] if place is not None else ""


def _problem(severity: str, row: Row, table: Table, place: int | None, reason: str, text: str) -> CellProblem:
    column = table.headers[place] if place is not None else ""
    return CellProblem(severity, row.number, column, reason, cells.clean(text)[:200])


def _read_row(
    row: Row, places: Mapping[str, int], table: Table, mapping: TableMapping, as_of: date | None
) -> tuple[StatusRecord | None, list[CellProblem]]:
    values: dict[str, Any] = {}
    problems: list[CellProblem] = []
    for code, place in places.items():
        reading = _read_cell(code, row.cells[place], mapping)
        values[code] = reading.value
        if reading.reason not in {"", "EMPTY"}:
            severity = "INFO" if reading.reason in {"WITHHELD", "NOT_STATED"} else "WARNING"
            problems.append(_problem(severity, row, table, place, reading.reason, row.cells[place]))
    if not values.get("name"):
        problems.append(_problem("ERROR", row, table, places.get("name"), "NO_NAME", ""))
        return None, problems
    start, finish = values.get("start"), values.get("finish")
    if start and finish and finish < start:
        problems.append(_problem("WARNING", row, table, places["finish"], "BEFORE_START", finish.isoformat()))
        values["finish"] = None
    moment = as_of or _year_date(values.get("year"), mapping)
    if moment is None:
        problems.append(
            _problem("ERROR", row, table, places.get("year"), "NO_DATE", values.get("year") or "")
        )
        return None, problems
    used = set(places.values())
    extra = {
        header: cells.clean(row.cells[place])
        for place, header in enumerate(table.headers)
        if place not in used and row.cells[place].strip()
    }
    return StatusRecord(row.number, values["name"][:250], moment, values, extra), problems


def _read_cell(code: str, text: str, mapping: TableMapping) -> "cells.Reading[Any]":
    kind = FIELD_BY_CODE[code].kind
    if kind == "date":
        return cells.read_date(text)
    if kind == "amount":
        reading = cells.read_amount(text, unit=mapping.money_unit)
        if reading.value is not None and abs(reading.value) >= MONEY_LIMIT:
            return cells.Reading(None, "UNREADABLE")
        return reading
    if kind == "color":
        return cells.read_color(text)
    return cells.read_text(text)


def _year_date(year: str | None, mapping: TableMapping) -> date | None:
    if not year or not mapping.as_of_month_day or not year[:4].isdigit() or not 1900 < int(year[:4]) < 2200:
        return None
    return mapping.as_of(int(year[:4]))
