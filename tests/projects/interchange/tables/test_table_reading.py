"""Hostile and broken tables are refused in one line (SEC-19, SEC-21, SEC-22)."""

import doctest
import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from projects.interchange.tables import xlsx_guard, xlsx_table
from projects.interchange.tables.reading import read_table
from projects.interchange.tables.table import MEGABYTE, TableLimits, TableRefused

pytestmark = pytest.mark.pure
TYPES = "[Content_Types].xml"
SHEET = "xl/worksheets/sheet1.xml"
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "b">]><x/>'


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
        (archive(**{"xl/workbook.xml": DOCTYPE.encode()}), "UNSAFE_XML"),
        (archive(**{"xl/workbook.xml": DOCTYPE.encode("utf-16")}), "UNSAFE_XML"),
        (archive(**{"xl/workbook.xml": DOCTYPE.encode("utf-32")}), "UNSAFE_XML"),
        (archive(**{"xl/workbook.dat": DOCTYPE.encode()}), "UNSAFE_XML"),
        (archive(**{"xl/workbook.xml": b" " * (xlsx_guard.CHUNK - 5) + b"<!DOCTYPE x><x/>"}), "UNSAFE_XML"),
        (archive(**{"xl/workbook.xml": b'<?xml version="1.0" encoding="UTF-7"?><x/>'}), "UNSAFE_XML"),
        (archive(**{"xl/workbook.xml": b"<x/>"}), "BROKEN_FILE"),
        (archive(**{"xl/sheet.xml": b" " * 30_000_000}), "BOMB"),
        (archive(**{f"part{number}": b"x" for number in range(2_001)}), "TOO_LARGE"),
    ],
)
def test_hostile_file_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    """Bombs, document types, macros, unsafe names and garbage."""
    assert refusal(tmp_path, data) == code


def linked(data: bytes) -> bytes:
    """Return the archive with a symbolic link in it."""
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a") as bundle:
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        bundle.writestr(link, "/etc/passwd")
    return target.getvalue()


def encrypted(data: bytes) -> bytes:
    """Return the archive with its entries said to be encrypted."""
    changed = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            changed[at + place] |= 1
            at = data.find(mark, at + 4)
    return bytes(changed)


def doubled(data: bytes) -> bytes:
    """Return the archive with two entries of one name: tools differ in which one they read."""
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a") as bundle, pytest.warns(UserWarning, match="Duplicate name"):
        bundle.writestr(TYPES, b"<Types/>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("spoil", "code"), [(linked, "UNSAFE"), (encrypted, "PROTECTED"), (doubled, "UNSAFE")]
)
def test_archive_with_odd_entries_is_refused(
    tmp_path: Path, spoil: Callable[[bytes], bytes], code: str
) -> None:
    """The same workbook is read without them."""
    path = tmp_path / "good.xlsx"
    path.write_bytes(workbook([["a", "b"], [1, 2]]))

    assert read_table(path).headers == ("a", "b")
    assert refusal(tmp_path, spoil(path.read_bytes())) == code


def with_sheet(old: str, new: str) -> bytes:
    """Return a workbook whose sheet says something else than what is in it."""
    source, target = io.BytesIO(workbook([["Name", "Value"], ["Bridge", 5]])), io.BytesIO()
    with zipfile.ZipFile(source) as former, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name in former.namelist():
            content = former.read(name)
            if name == SHEET:
                assert old in content.decode()
                content = content.decode().replace(old, new).encode()
            bundle.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("declared", ["A1:A1", "A1:XFD1048576"])
def test_declared_size_of_a_sheet_is_not_believed(tmp_path: Path, declared: str) -> None:
    """SEC-21: neither cells are lost nor empty ones made."""
    path = tmp_path / "table.xlsx"
    path.write_bytes(with_sheet('ref="A1:B2"', f'ref="{declared}"'))

    table = read_table(path)

    assert (table.headers, [row.cells for row in table.rows]) == (("Name", "Value"), [("Bridge", "5")])


def test_one_cell_in_the_farthest_corner_is_refused(tmp_path: Path) -> None:
    """SEC-21: empty cells before it are counted while reading, not made."""
    far = '</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'

    assert refusal(tmp_path, with_sheet("</row></sheetData>", far)) == "TOO_LARGE"


def test_too_large_file_is_not_opened(tmp_path: Path) -> None:
    """Bytes, rows, columns and cells have bounds."""
    text = b"a,b\n" + b"1,2\n" * 50

    assert refusal(tmp_path, text, TableLimits(file_bytes=20)) == "TOO_LARGE"
    assert refusal(tmp_path, text, TableLimits(rows=10)) == "TOO_LARGE"
    assert refusal(tmp_path, text, TableLimits(columns=1)) == "TOO_LARGE"
    assert refusal(tmp_path, workbook([["a"]]), TableLimits(inflated_bytes=1_000)) == "TOO_LARGE"
    assert refusal(tmp_path, workbook([["a", "b"]] * 30), TableLimits(cells=20)) == "TOO_LARGE"


def test_measures_are_the_required_ones() -> None:
    """SEC-19, SEC-21."""
    limits = TableLimits()

    assert (limits.file_bytes, limits.inflated_bytes) == (25 * MEGABYTE, 200 * MEGABYTE)
    assert (limits.archive_entries, limits.ratio, limits.cells) == (2_000, 200, 500_000)
    assert limits.wall_seconds == 30


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
