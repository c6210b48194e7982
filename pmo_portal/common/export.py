"""
Tables as CSV and XLSX files that a spreadsheet cannot mistake for programs (SEC-28).

Text stays text whatever it starts with; real numbers and dates stay numbers and dates.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_SIGNS = "=+-@\t\r\n\x00＝＋－＠"
LONGEST_CELL = 32_767
LARGEST_EXACT_NUMBER = 999_999_999_999_999
ROWS_A_PROGRESS = 500
SHEET_SIGNS_REFUSED = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))

Rows = Iterable[Sequence[Any]]
Told = Callable[[int], None]


def neutral_text(text: str) -> str:
    """
    Return text that a spreadsheet shows and never calculates.

    Examples
    --------
    >>> neutral_text("=1+1"), neutral_text("  @SUM(A1)"), neutral_text("Move the office")
    ("'=1+1", "'  @SUM(A1)", 'Move the office')
    """
    starts_a_formula = text[:1] in FORMULA_SIGNS or text.lstrip()[:1] in FORMULA_SIGNS
    shown = text.replace("\x00", "")
    return f"'{shown}" if text and starts_a_formula and text.strip() else shown


def csv_bytes(columns: Sequence[Any], rows: Rows, *, told: Told | None = None) -> bytes:
    """
    Return a table as CSV (UTF-8 with byte order mark, comma, dates as ISO 8601).

    Parameters
    ----------
    columns : sequence
        Headings.
    rows : iterable of sequences
        Cells: text, numbers, dates, booleans or None.
    told : callable, optional
        Called with the number of rows written, now and then.
    """
    lines = io.StringIO()
    writer = csv.writer(lines, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([_csv_cell(str(heading)) for heading in columns])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_csv_cell(value) for value in row])
        if told is not None and number % ROWS_A_PROGRESS == 0:
            told(number)
    return b"\xef\xbb\xbf" + lines.getvalue().encode("utf-8", "replace")


def xlsx_bytes(
    title: str,
    columns: Sequence[Any],
    rows: Rows,
    *,
    told: Told | None = None,
    hidden: Collection[int] = (),
) -> bytes:
    """
    Return a table as an XLSX workbook of one sheet; see `csv_bytes` for the arguments.

    ``hidden`` numbers the columns, from 0, that are there but not shown.
    """
    import xlsxwriter

    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet((str(title).translate(SHEET_SIGNS_REFUSED).strip() or "Table")[:31])
    heading = book.add_format({"bold": True, "bottom": 1})
    formats = {
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    for column, text in enumerate(columns):
        sheet.write_string(0, column, str(text)[:LONGEST_CELL], heading)
    number = 0
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write_cell(sheet, number, column, value, formats)
        if told is not None and number % ROWS_A_PROGRESS == 0:
            told(number)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(number, 1), max(len(columns) - 1, 0))
    sheet.autofit(300)
    for column in hidden:
        sheet.set_column(column, column, None, None, {"hidden": True})
    book.close()
    return target.getvalue()


def csv_response(filename: str, columns: Sequence[Any], rows: Rows) -> HttpResponse:
    """Return a table as a CSV download; ``filename`` with its ending."""
    return download(filename, csv_bytes(columns, rows), CSV_TYPE)


def xlsx_response(filename: str, columns: Sequence[Any], rows: Rows, *, title: str = "") -> HttpResponse:
    """Return a table as an XLSX download; ``filename`` with its ending, ``title`` of the sheet."""
    return download(filename, xlsx_bytes(title or filename.rsplit(".", 1)[0], columns, rows), XLSX_TYPE)


def download(filename: str, content: bytes, media_type: str) -> HttpResponse:
    """Return bytes that a browser saves and never shows (SEC-24)."""
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = attachment(filename)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def attachment(filename: str) -> str:
    r"""
    Return the value of ``Content-Disposition`` for a file to save.

    Examples
    --------
    >>> attachment('a"b\r\n.csv')
    'attachment; filename="a_b__.csv"; filename*=UTF-8\'\'a%22b.csv'
    """
    plain = "".join(s if s.isascii() and s.isprintable() and s not in '"\\' else "_" for s in filename)
    shown = "".join(sign for sign in filename if sign.isprintable())
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"


def _csv_cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}" if isfinite(value) else ""
    if isinstance(value, float):
        return str(value) if isfinite(value) else ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return neutral_text(str(value))


def _write_cell(sheet: Any, row: int, column: int, value: Any, formats: dict[type, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float | Decimal) and isfinite(value) and abs(value) <= LARGEST_EXACT_NUMBER:
        sheet.write_number(row, column, float(value))
    elif isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        sheet.write_datetime(row, column, moment, formats[datetime])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), formats[date])  # noqa: DTZ001
    else:
        sheet.write_string(row, column, str(value).replace("\x00", "")[:LONGEST_CELL])
