"""The real tables of the UK Government Major Projects Portfolio, row by row."""

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from portfolio.interchange.mapping import MappingFault, TableMapping, guess_columns
from portfolio.interchange.records import CellProblem, read_records
from projects.interchange.tables.reading import read_table
from projects.interchange.tables.table import Row, Table

pytestmark = pytest.mark.pure
SHIPPED = Path("portfolio/interchange/mappings/uk-gmpp.json")


def gmpp() -> TableMapping:
    """Return the shipped mapping."""
    return TableMapping.from_dict(json.loads(SHIPPED.read_text()))


@pytest.mark.parametrize(
    ("year", "rows", "withheld", "colors"),
    [
        (2018, 133, 42, {"AMBER": 59, "AMBER_RED": 38, "AMBER_GREEN": 22, "RED": 8, "GREEN": 2, None: 4}),
        (2019, 133, 49, {"AMBER": 66, "AMBER_RED": 38, "AMBER_GREEN": 18, "RED": 4, "GREEN": 4, None: 3}),
        (2021, 184, 43, {"AMBER": 84, "AMBER_RED": 44, "AMBER_GREEN": 29, "RED": 7, "GREEN": 12, None: 8}),
    ],
)
def test_each_row_of_the_real_tables_is_taken(
    oracle_dir: Path, year: int, rows: int, withheld: int, colors: dict[str | None, int]
) -> None:
    """No row disappears; withheld cells are reported by row and column."""
    table = read_table(oracle_dir / "portfolio" / f"uk_{year}.csv")

    reading = read_records(table, gmpp())

    assert (len(table.rows), len(reading.records), reading.refused) == (rows, rows, ())
    assert Counter(record.values["confidence"] for record in reading.records) == colors
    assert Counter(problem.reason for problem in reading.problems)["WITHHELD"] == withheld
    assert {record.as_of for record in reading.records} == {date(year, 3, 31)}


def test_first_row_of_2018(oracle_dir: Path) -> None:
    """Values as printed in the table, in whole pounds."""
    table = read_table(oracle_dir / "portfolio" / "uk_2018.csv")

    record = read_records(table, gmpp()).records[0]

    assert (record.row, record.name) == (2, "Geological Disposal Facility Programme (GDF)")
    assert record.values["start"] == date(2008, 6, 30)
    assert record.values["finish"] == date(2040, 12, 31)
    assert record.values["budget"] == Decimal("12131500000.00")
    assert record.values["year_budget"] == Decimal("32240000.00")
    assert record.values["confidence"] == "AMBER_RED"


def test_workbook_and_text_give_the_same_kind_of_table(oracle_dir: Path) -> None:
    """The XLSX of the World Bank has a title above its header."""
    table = read_table(oracle_dir / "portfolio" / "2015_WB_Projects.xlsx")

    assert (len(table.rows), table.headers[:2], table.rows[0].number) == (500, ("Project Id", "Region"), 3)


def small_table(*rows: tuple[str, ...]) -> Table:
    """Return a table with four columns."""
    numbered = tuple(Row(number, cells) for number, cells in enumerate(rows, start=2))
    return Table(headers=("Name", "Start", "End", "Budget"), rows=numbered)


def small_mapping() -> TableMapping:
    """Return a mapping of that table."""
    return TableMapping(
        title="Small",
        columns={"name": ("Name",), "start": ("start",), "finish": ("End",), "budget": ("Budget",)},
    )


def test_dirty_cells_are_reported_by_row_and_column() -> None:
    """A cell that means nothing leaves its value out and says so."""
    table = small_table(("Bridge", "2026-05-01", "2026-04-01", "much"))

    reading = read_records(table, small_mapping(), as_of=date(2026, 3, 31))

    assert reading.records[0].values == {
        "name": "Bridge",
        "start": date(2026, 5, 1),
        "finish": None,
        "budget": None,
    }
    assert reading.problems == (
        CellProblem("WARNING", 2, "Budget", "UNREADABLE", "much"),
        CellProblem("WARNING", 2, "End", "BEFORE_START", "2026-04-01"),
    )


def test_rows_that_cannot_be_taken_are_refused_with_a_reason() -> None:
    """No name, the same name twice: refused, never dropped in silence."""
    table = small_table(
        ("", "", "", "5"), ("Bridge", "", "", ""), ("BRIDGE", "", "", ""), ("Road", "", "", "")
    )

    reading = read_records(table, small_mapping(), as_of=date(2026, 3, 31))

    assert [record.name for record in reading.records] == ["Road"]
    assert reading.refused == (2, 3, 4)
    assert [(each.row, each.reason) for each in reading.problems] == [
        (2, "NO_NAME"),
        (3, "REPEATED"),
        (4, "REPEATED"),
    ]


def test_a_row_without_date_is_refused() -> None:
    """A status needs a date, from the year column or given."""
    reading = read_records(small_table(("Bridge", "", "", "")), small_mapping())

    assert (reading.records, reading.refused) == ((), (2,))
    assert reading.problems[0].reason == "NO_DATE"


def test_mapping_survives_json_and_refuses_nonsense() -> None:
    """What is remembered by name comes back whole."""
    assert TableMapping.from_dict(json.loads(json.dumps(gmpp().to_dict()))) == gmpp()
    with pytest.raises(MappingFault, match="name"):
        TableMapping(title="x", columns={"budget": ("B",)})
    with pytest.raises(MappingFault, match="MM-DD"):
        TableMapping(title="x", columns={"name": ("N",)}, as_of_month_day="02-31")


def test_guess_columns_finds_the_columns_of_2021(oracle_dir: Path) -> None:
    """The wizard starts with a good proposal."""
    table = read_table(oracle_dir / "portfolio" / "uk_2021.csv")

    guess = guess_columns(table.headers)

    assert guess["code"] == ("project_number",)
    assert guess["budget"] == ("wlc_baseline_incl_NCG",)
    assert guess["confidence"] == ("colour_rating",)
