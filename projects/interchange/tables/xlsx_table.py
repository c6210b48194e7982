"""Excel workbooks; the first sheet with a table is read."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

from projects.interchange.tables.table import Table, TableLimits, TableRefused, gettext_noop, make_table
from projects.interchange.tables.xlsx_guard import check_archive


def read_xlsx(data: bytes, *, limits: TableLimits) -> Table:
    """
    Return the table on the first sheet of a workbook: stored values, no formulas.

    Raises
    ------
    TableRefused
        If the archive is unsafe or broken, or a bound is passed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_archive(archive, limits=limits)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as fault:
        raise TableRefused(
            "BROKEN_FILE", gettext_noop("The workbook is broken and cannot be opened.")
        ) from fault
    lines = _lines(data, limits=limits)
    return make_table(lines, limits=limits)


def _lines(data: bytes, *, limits: TableLimits) -> list[list[str]]:
    """Return the cells as texts, counted while they are read; declared dimensions are ignored."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()
        lines: list[list[str]] = []
        cells = 0
        for values in sheet.iter_rows(values_only=True, max_col=limits.columns + 1):
            cells += len(values)
            if cells > limits.cells or len(lines) > limits.rows + 100:
                raise TableRefused(
                    "TOO_LARGE", gettext_noop("The sheet has more than %(count)s cells."), count=limits.cells
                )
            lines.append([as_text(value) for value in values])
    except TableRefused:
        raise
    except Exception as fault:
        raise TableRefused(
            "BROKEN_FILE", gettext_noop("The workbook is broken and cannot be read.")
        ) from fault
    return lines


def as_text(value: Any) -> str:
    """
    Return a cell as the text the other readers would give.

    Examples
    --------
    >>> as_text(12.0), as_text(None), as_text(date(2026, 3, 2))
    ('12', '', '2026-03-02')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
