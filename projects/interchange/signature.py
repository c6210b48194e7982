"""What kind of file the first bytes announce. Only kinds that MPXJ reads safely are let through."""

from enum import StrEnum

from projects.interchange.refusal import RefusalCode, ScheduleRefused

HEAD_BYTES = 4096

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ACCESS = (b"\x00\x01\x00\x00Standard Jet DB", b"\x00\x01\x00\x00Standard ACE DB")
ARCHIVES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"\x1f\x8b",
    b"BZh",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\xfd7zXZ",
)
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class FileKind(StrEnum):
    """The container a schedule comes in."""

    OLE = "OLE"
    ACCESS = "ACCESS"
    XML = "XML"
    MPX = "MPX"
    XER = "XER"


def detect(head: bytes) -> FileKind:
    """
    Return the kind of file that begins with these bytes, whatever its name says.

    Parameters
    ----------
    head : bytes
        The first ``HEAD_BYTES`` bytes of the file, or all of a shorter one.

    Returns
    -------
    FileKind
        The container.

    Raises
    ------
    ScheduleRefused
        ``EMPTY`` without any content, ``UNKNOWN_FORMAT`` for every kind that is not read.

    Examples
    --------
    >>> detect(b"ERMHDR\\t8.4\\t")
    <FileKind.XER: 'XER'>
    """
    if not head.strip(b"\x00 \t\r\n"):
        raise ScheduleRefused(RefusalCode.EMPTY, "EMPTY")
    if head.startswith(OLE):
        return FileKind.OLE
    if head.startswith(ACCESS):
        return FileKind.ACCESS
    if head.startswith(ARCHIVES):
        raise ScheduleRefused(RefusalCode.UNKNOWN_FORMAT, "ARCHIVE")
    text = _text(head)
    if text.startswith("<"):
        return FileKind.XML
    if text.startswith("MPX"):
        return FileKind.MPX
    if text.startswith("ERMHDR"):
        return FileKind.XER
    raise ScheduleRefused(RefusalCode.UNKNOWN_FORMAT, "NO_SCHEDULE")


def _text(head: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "replace").lstrip()
    return head.decode("latin-1").lstrip()
