"""Exported tables: formulas stay text, numbers stay numbers (SEC-28)."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from pmo_portal.common import export

FORMULA_SIGNS = "=+-@\t\r\n\x00＝＋－＠"
CORPUS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    " =1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    '=HYPERLINK("http://example.org","x")',
    "=cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "{=1+1}",
    "'=1+1",
    '=IMPORTXML("http://example.org", "//a")',
]


def _read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", CORPUS)
def test_csv_cell_of_hostile_text_starts_no_formula(text: str) -> None:
    """SEC-28."""
    cell = _read(export.csv_bytes(["Name"], [[text]]))[1][0]

    assert cell[0] not in FORMULA_SIGNS
    assert cell.lstrip()[0] not in FORMULA_SIGNS


def test_xlsx_of_hostile_text_has_no_formula_cell() -> None:
    """SEC-28: 0 formulas in the corpus."""
    book = openpyxl.load_workbook(io.BytesIO(export.xlsx_bytes("T", ["Name"], [[t] for t in CORPUS])))
    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row if cell.value is not None]

    assert [cell.data_type for cell in cells] == ["s"] * len(CORPUS)


def test_csv_writes_decimals_without_exponent() -> None:
    assert _read(export.csv_bytes(["a", "b"], [[Decimal(0) / Decimal("8.00"), Decimal("1E+3")]]))[1] == [
        "0",
        "1000",
    ]


def test_csv_numbers_stay_numbers() -> None:
    row = [-5, Decimal("-12.50"), 1.5, date(2026, 3, 2), datetime(2026, 3, 2, 8, tzinfo=UTC), None, True]

    assert _read(export.csv_bytes(list("abcdefg"), [row]))[1] == [
        "-5",
        "-12.50",
        "1.5",
        "2026-03-02",
        "2026-03-02 08:00:00+00:00",
        "",
        "TRUE",
    ]


def test_xlsx_numbers_and_dates_keep_their_type() -> None:
    row = [-5, Decimal("-12.50"), date(2026, 3, 2), datetime(2026, 3, 2, 8, tzinfo=UTC), None, True]

    sheet = openpyxl.load_workbook(io.BytesIO(export.xlsx_bytes("T", list("abcdef"), [row]))).active

    assert [cell.value for cell in sheet[2]] == [
        -5,
        -12.5,
        datetime(2026, 3, 2),
        datetime(2026, 3, 2, 8),
        None,
        True,
    ]


def test_xlsx_sheet_name_is_made_acceptable() -> None:
    book = openpyxl.load_workbook(io.BytesIO(export.xlsx_bytes("a/b [c]: " + "x" * 40, ["n"], [])))

    assert book.sheetnames == ["a b  c   " + "x" * 22]


def test_response_is_an_attachment_whatever_the_name() -> None:
    """SEC-24: no header can be injected by a file name."""
    response = export.csv_response('Übersicht"\r\nX-Evil: 1.csv', ["n"], [[1]])

    assert response.headers["Content-Disposition"].startswith(
        'attachment; filename="_bersicht___X-Evil: 1.csv"'
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "X-Evil" not in response.headers


def test_progress_is_told_now_and_then() -> None:
    told: list[int] = []

    export.csv_bytes(["n"], ([n] for n in range(1_200)), told=told.append)

    assert told == [500, 1_000]
