"""Cells of a progress list that comes back, and the merge of its rows."""

import doctest
from datetime import date
from decimal import Decimal

import pytest

from projects.interchange import progress_merge, progress_sheet
from projects.interchange.progress_sheet import SAID, Taken, pack_rows, read_sheet, unpack_rows, write_taken
from projects.interchange.tables.table import Row, Table, TableRefused

pytestmark = pytest.mark.pure

HEADINGS = {name: (name,) for name in progress_sheet.COLUMNS}
EMPTY = {**dict.fromkeys(SAID), "steps_reached": ()}
STATE = Taken("3-1", date(2026, 3, 5), {**EMPTY, "days_left": Decimal(5)})


def table(*rows: dict[str, str]) -> Table:
    """Return a table of these cells; others are empty, the state is the one above."""
    headers = ("row", *SAID, "note", "taken")
    base = {"days_left": "5", "taken": write_taken(STATE)}
    lines = [tuple({**base, **row}.get(name, "") for name in headers) for row in rows]
    return Table(headers, tuple(Row(number, cells) for number, cells in enumerate(lines, 2)))


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("actual_start", "2026-03-02", date(2026, 3, 2)),
        ("actual_start", "2026-03-02 00:00:00", date(2026, 3, 2)),
        ("actual_finish", "2.3.2026", date(2026, 3, 2)),
        ("days_left", "2,5", Decimal("2.50")),
        ("percent_complete", "50 %", Decimal("50.00")),
        ("percent_complete", "33.333333", Decimal("33.33")),
        ("steps_reached", "2, 1", (1, 2)),
        ("steps_reached", "1.2", (1, 2)),
    ],
)
def test_cell_is_read_as_people_write_it(field: str, text: str, value: object) -> None:
    """Days, numbers with point or comma, steps."""
    sheet = read_sheet(table({"row": "7", field: text}), code="P-1", headings=HEADINGS)

    assert (sheet.faults, sheet.rows[0].mine[field]) == ((), value)


@pytest.mark.parametrize(
    ("field", "text", "column"),
    [
        ("actual_start", "03/31/26", "B"),
        ("actual_start", "9999-12-31", "B"),
        ("days_left", "1,250.5", "D"),
        ("days_left", "-1", "D"),
        ("percent_complete", "0.5", "E"),
        ("steps_reached", "first", "H"),
        ("row", "x", "A"),
        ("taken", "{}", "J"),
        ("taken", "[" * 900, "J"),
    ],
)
def test_unreadable_cell_is_named(field: str, text: str, column: str) -> None:
    """The fault says the row and the letter of the column; the row says nothing."""
    sheet = read_sheet(table({"row": "7", field: text}), code="P-1", headings=HEADINGS)

    assert [(item.number, item.column, item.field) for item in sheet.faults] == [(2, column, field)]
    assert sheet.rows == ()


@pytest.mark.parametrize("field", ["days_left", "percent_complete", "percent_physical"])
@pytest.mark.parametrize("text", ["20001", "999999999", str(10**40), "1e308", "1E+308"])
def test_number_without_bounds_is_refused_at_its_cell(field: str, text: str) -> None:
    """A percentage ends at 100, days at 20,000; nothing larger gets to the rules of progress."""
    sheet = read_sheet(table({"row": "7", field: text}), code="P-1", headings=HEADINGS)

    assert [(item.number, item.field, item.sentence) for item in sheet.faults] == [
        (2, field, "This number is too large: a percentage ends at 100, days at 20,000.")
    ]


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e-400"])
def test_what_is_no_number_is_refused_at_its_cell(text: str) -> None:
    """Texts that Python would take for a number."""
    sheet = read_sheet(table({"row": "7", "days_left": text}), code="P-1", headings=HEADINGS)

    assert [item.sentence for item in sheet.faults] == ["This is not a number that can be taken."]


def test_number_beyond_the_bound_may_stay_as_it_was_exported() -> None:
    """Days of one hour make more than 20,000 of them; who leaves the cell alone says nothing."""
    long = Taken("3-1", None, {**STATE.values, "days_left": Decimal(25_000)})
    row = {"row": "7", "days_left": "25000", "note": "Seen", "taken": write_taken(long)}

    rows = read_sheet(table(row), code="P-1", headings=HEADINGS).rows

    assert unpack_rows(pack_rows(rows)) == rows


def test_preview_that_comes_back_with_a_larger_number_is_refused() -> None:
    """The bound holds for what the page sends too."""
    rows = read_sheet(table({"row": "7", "percent_complete": "99"}), code="P-1", headings=HEADINGS).rows

    with pytest.raises(ValueError, match="too large"):
        unpack_rows(pack_rows(rows).replace('"99.00"', '"101"'))


def test_emptied_number_says_nothing_and_emptied_day_that_it_did_not_happen() -> None:
    """Days left taken out keeps what is known; an actual start taken out is a change."""
    begun = Taken("3-1", None, {**STATE.values, "actual_start": date(2026, 3, 2)})
    row = {"row": "7", "days_left": "", "taken": write_taken(begun)}

    sheet = read_sheet(table(row), code="P-1", headings=HEADINGS)

    assert progress_sheet.changed_fields(sheet.rows[0]) == {"actual_start"}


def test_row_that_stands_twice_is_refused() -> None:
    """Which of both would count?"""
    sheet = read_sheet(table({"row": "7"}, {"row": "7"}), code="P-1", headings=HEADINGS)

    assert [(item.number, item.field) for item in sheet.faults] == [(3, "row")]


def test_table_without_its_columns_is_refused() -> None:
    """Any other table is not a progress list."""
    with pytest.raises(TableRefused) as refused:
        read_sheet(Table(("A", "B"), ()), code="P-1", headings=HEADINGS)

    assert refused.value.code == "NO_SHEET"


def test_rows_come_back_from_the_preview_as_they_went() -> None:
    """What the form carries is what was read."""
    row = {"row": "7", "actual_start": "2026-03-02", "steps_reached": "1", "note": "Ümlaut"}
    rows = read_sheet(table(row), code="P-1", headings=HEADINGS).rows

    assert unpack_rows(pack_rows(rows)) == rows


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"uid": 1}]', "[" * 100_000])
def test_broken_rows_of_a_preview_are_refused(text: str) -> None:
    """Nobody else writes them."""
    with pytest.raises(ValueError, match=r".*"):
        unpack_rows(text)


@pytest.mark.parametrize("note", ["\\ud800", "a\\u0000b"])
def test_note_that_cannot_be_written_down_is_refused(note: str) -> None:
    """No page sends half a character or a NUL, and no database keeps them."""
    rows = read_sheet(table({"row": "7", "note": "Late"}), code="P-1", headings=HEADINGS).rows

    with pytest.raises(ValueError, match="not a note"):
        unpack_rows(pack_rows(rows).replace("Late", note))


@pytest.mark.parametrize("module", [progress_sheet, progress_merge])
def test_examples_in_docstrings_hold(module: object) -> None:
    """The examples people read are true."""
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
