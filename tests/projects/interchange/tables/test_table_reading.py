"""Hostile and broken tables are refused in one line (SEC-19, SEC-21, SEC-22)."""

import doctest
import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from projects.interchange.tables import xlsx_table
from projects.interchange.tables.reading import read_table
from projects.interchange.tables.table import TableLimits, TableRefused

pytestmark = pytest.mark.pure
TYPES = "[Content_Types].xml"


def archive(**entries: bytes) -> bytes:
    """Return a ZIP with these entries and the part every workbook has."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(TYPES, b"<Types/>")
        for name, content in entries.items():
            bundle.writestr(name, content)
    return target.getvalue()


def workbook(rows: list[list[object]]) -> bytes:
    """Return a real workbook."""
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def refusal(tmp_path: Path, data: bytes, limits: TableLimits | None = None) -> str:
    """Return the code with which the file is refused."""
    path = tmp_path / "table"
    path.write_bytes(data)
    with pytest.raises(TableRefused) as caught:
        read_table(path, limits=limits or TableLimits())
    assert caught.value.message
    assert "\n" not in caught.value.message
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "EMPTY"),
        (b"\n\n \n", "EMPTY"),
        (b"just some words\nand more", "NO_COLUMNS"),
        (b"\x00\x01\x02,\x03", "BINARY"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "UNKNOWN_FORMAT"),
        (b"PK\x03\x04 broken archive", "BROKEN_FILE"),
        (archive(**{"../evil.xml": b"<a/>"}), "UNSAFE"),
        (archive(**{"/etc/passwd": b"x"}), "UNSAFE"),
        (archive(**{"xl/vbaProject.bin": b"x"}), "MACROS"),
        (archive(**{"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}), "UNSAFE_XML"),
        (archive(**{"xl/workbook.xml": b"<x/>"}), "BROKEN_FILE"),
        (archive(**{"xl/sheet.xml": b" " * 30_000_000}), "BOMB"),
        (archive(**{f"part{number}": b"x" for number in range(2_001)}), "TOO_LARGE"),
    ],
)
def test_hostile_file_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    """Bombs, document types, macros, unsafe names and garbage."""
    assert refusal(tmp_path, data) == code


def test_too_large_file_is_not_opened(tmp_path: Path) -> None:
    """Bytes, rows, columns and cells have bounds."""
    text = b"a,b\n" + b"1,2\n" * 50

    assert refusal(tmp_path, text, TableLimits(file_bytes=20)) == "TOO_LARGE"
    assert refusal(tmp_path, text, TableLimits(rows=10)) == "TOO_LARGE"
    assert refusal(tmp_path, text, TableLimits(columns=1)) == "TOO_LARGE"
    assert refusal(tmp_path, workbook([["a", "b"]] * 30), TableLimits(cells=20)) == "TOO_LARGE"


def test_workbook_without_content_types_is_no_workbook(tmp_path: Path) -> None:
    """A ZIP of something else."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as bundle:
        bundle.writestr("readme.txt", "hello")

    assert refusal(tmp_path, target.getvalue()) == "UNKNOWN_FORMAT"


def test_numbers_and_dates_of_a_workbook_become_text(tmp_path: Path) -> None:
    """Values as a person reads them; formulas give their stored value, here none."""
    path = tmp_path / "table.xlsx"
    path.write_bytes(workbook([["Name", "Budget", "Sum"], ["Bridge", 12.0, "=1+1"]]))

    table = read_table(path)

    assert table.headers == ("Name", "Budget", "Sum")
    assert table.rows[0].cells == ("Bridge", "12", "")


@pytest.mark.parametrize(
    ("data", "headers", "cells"),
    [
        ("Näme;Wert\nBrücke;5\n".encode("cp1252"), ("Näme", "Wert"), ("Brücke", "5")),
        ("\ufeffName\tValue\nBridge\t5\n".encode(), ("Name", "Value"), ("Bridge", "5")),
        (b'Name,Value\n"a ""b""\nc",5', ("Name", "Value"), ('a "b"\nc', "5")),
        (b"Name,,Name\nx,y,z", ("Name", "Column 2", "Name (2)"), ("x", "y", "z")),
    ],
)
def test_text_files_of_all_sorts(
    tmp_path: Path, data: bytes, headers: tuple[str, ...], cells: tuple[str, ...]
) -> None:
    """Encodings, separators, quotes and odd headers."""
    path = tmp_path / "table.csv"
    path.write_bytes(data)

    table = read_table(path)

    assert (table.headers, table.rows[0].cells) == (headers, cells)


def test_ragged_rows_are_kept_and_named(tmp_path: Path) -> None:
    """A row with too few or too many cells does not disappear."""
    path = tmp_path / "table.csv"
    path.write_bytes(b"a,b\n1\n1,2,3\n1,2\n")

    table = read_table(path)

    assert table.ragged == (2, 3)
    assert [row.cells for row in table.rows] == [("1", ""), ("1", "2"), ("1", "2")]


def test_examples_in_docstrings_hold() -> None:
    """The examples people read are true."""
    assert doctest.testmod(xlsx_table).failed == 0
