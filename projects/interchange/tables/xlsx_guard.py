"""What an XLSX archive may be before it is opened (SEC-19)."""

import re
import stat
import zipfile
from pathlib import PurePosixPath

from projects.interchange.tables.table import MEGABYTE, TableLimits, TableRefused, gettext_noop

CHUNK = 64 * 1024
# A reader believes the package, not the name of a part: every part is looked through, in each encoding.
FORBIDDEN_MARKS = tuple(
    mark.encode(encoding)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
)
LONGEST_MARK = max(len(mark) for mark in FORBIDDEN_MARKS)
DECLARED_ENCODING = re.compile(rb"""^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
READ_ENCODINGS = {"utf-8", "utf8", "utf-16", "us-ascii"}
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
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            if not size:
                _check_encoding(chunk)
            size += len(chunk)
            if before + size > limits.inflated_bytes:
                raise TableRefused(
                    "TOO_LARGE", gettext_noop("The workbook inflates to more than what the portal takes.")
                )
            if size > MEGABYTE and size > limits.ratio * max(entry.compress_size, 1):
                raise TableRefused(
                    "BOMB", gettext_noop("The workbook inflates far beyond its size and is not opened.")
                )
            if any(mark in (tail + chunk).upper() for mark in FORBIDDEN_MARKS):
                raise TableRefused(
                    "UNSAFE_XML", gettext_noop("The workbook declares a document type and is not opened.")
                )
            tail = chunk[1 - LONGEST_MARK :]
    return size


def _check_encoding(beginning: bytes) -> None:
    """Refuse XML in an encoding that would hide a mark; without a declaration it is UTF-8 or UTF-16."""
    declared = DECLARED_ENCODING.match(beginning)
    encoding = declared.group(1).decode() if declared else "utf-8"
    if encoding.lower() not in READ_ENCODINGS:
        raise TableRefused(
            "UNSAFE_XML",
            gettext_noop("The XML is encoded as %(encoding)s; only UTF-8 and UTF-16 are read."),
            encoding=encoding,
        )
