"""Comma, semicolon, tab or bar separated text."""

import csv
import io

from projects.interchange.tables.table import Table, TableLimits, TableRefused, gettext_noop, make_table

DELIMITERS = ",;\t|"


def read_csv(data: bytes, *, limits: TableLimits) -> Table:
    """
    Return the table in a text file.

    The text is UTF-8 (with or without mark), UTF-16 with mark, or else Windows-1252. The separator is the
    one that splits the first line into the most cells.

    Raises
    ------
    TableRefused
        If the file holds binary data, is broken, or passes a bound.
    """
    text = _decode(data)
    if "\x00" in text:
        raise TableRefused(
            "BINARY", gettext_noop("The file holds binary data: it is neither a CSV nor an XLSX file.")
        )
    lines: list[list[str]] = []
    cells = 0
    csv.field_size_limit(1024 * 1024)
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=False):
            cells += len(line)
            if cells > limits.cells or len(lines) > limits.rows + 100:
                raise TableRefused(
                    "TOO_LARGE",
                    gettext_noop("The table has more than %(count)s cells or too many rows."),
                    count=limits.cells,
                )
            lines.append(line)
    except csv.Error as fault:
        raise TableRefused(
            "BROKEN_FILE",
            gettext_noop("The file breaks off in line %(line)s: %(fault)s."),
            line=len(lines) + 1,
            fault=str(fault),
        ) from fault
    return make_table(lines, limits=limits)


def _decode(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """Return the separator that occurs most in the header line, outside of quotes."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=lambda sign: (bare.count(sign), -DELIMITERS.index(sign)))
