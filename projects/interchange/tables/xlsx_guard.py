"""What an XLSX archive may be before it is opened (SEC-19)."""

import stat
import zipfile
from pathlib import PurePosixPath

from projects.interchange.tables.table import MEGABYTE, TableLimits, TableRefused, gettext_noop

CHUNK = 64 * 1024
FORBIDDEN_MARKS = (b"<!DOCTYPE", b"<!ENTITY")
MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")


def check_archive(archive: zipfile.ZipFile, *, limits: TableLimits) -> None:
    """
    Look at all entries, inflating them under a count, before a parser sees any.

    Raises
    ------
    TableRefused
        For too many or too large entries, unsafe names, links, encryption, macros and document types.
    """
    entries = archive.infolist()
    if len(entries) > limits.archive_entries:
        raise TableRefused(
            "TOO_LARGE",
            gettext_noop("The archive has more than %(count)s entries."),
            count=limits.archive_entries,
        )
    if len({entry.filename for entry in entries}) != len(entries):
        raise TableRefused("UNSAFE", gettext_noop("The archive holds two entries with the same name."))
    for entry in entries:
        _check_entry(entry)
    if "[Content_Types].xml" not in {entry.filename for entry in entries}:
        raise TableRefused(
            "UNKNOWN_FORMAT", gettext_noop("The file is an archive, but not an Excel workbook.")
        )
    inflated = 0
    for entry in entries:
        inflated += _inflate(archive, entry, limits=limits, before=inflated)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
        raise TableRefused("UNSAFE", gettext_noop("The archive holds an entry with an unsafe name."))
    if entry.flag_bits & 0x1:
        raise TableRefused(
            "PROTECTED", gettext_noop("The workbook is protected by a password. Save it without one.")
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise TableRefused("UNSAFE", gettext_noop("The archive holds a link."))
    if path.name.lower() in MACRO_PARTS:
        raise TableRefused(
            "MACROS", gettext_noop("The workbook holds macros. Save it as .xlsx without macros.")
        )


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, limits: TableLimits, before: int) -> int:
    """Return how many bytes the entry inflates to; stop at the bounds."""
    size, tail = 0, b""
    is_markup = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if before + size > limits.inflated_bytes:
                raise TableRefused(
                    "TOO_LARGE", gettext_noop("The workbook inflates to more than what the portal takes.")
                )
            if size > MEGABYTE and size > limits.ratio * max(entry.compress_size, 1):
                raise TableRefused(
                    "BOMB", gettext_noop("The workbook inflates far beyond its size and is not opened.")
                )
            if is_markup and any(mark in (tail + chunk).upper() for mark in FORBIDDEN_MARKS):
                raise TableRefused(
                    "UNSAFE_XML", gettext_noop("The workbook declares a document type and is not opened.")
                )
            tail = chunk[-16:]
    return size
