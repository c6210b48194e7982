"""The first bytes decide, not the name (SEC-19, SEC-24)."""

import pytest

from projects.interchange.refusal import RefusalCode, ScheduleRefused
from projects.interchange.signature import OLE, FileKind, detect


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (OLE + bytes(10), FileKind.OLE),
        (b"\x00\x01\x00\x00Standard Jet DB\x00", FileKind.ACCESS),
        (b"\x00\x01\x00\x00Standard ACE DB\x00", FileKind.ACCESS),
        (b"<?xml version='1.0'?><Project/>", FileKind.XML),
        (b"\xef\xbb\xbf \n<Project/>", FileKind.XML),
        ("<Project/>".encode("utf-16"), FileKind.XML),
        (b"\xfe\xff" + "<Project/>".encode("utf-16-be"), FileKind.XML),
        (b"MPX,Microsoft Project for Windows,4.0,ANSI", FileKind.MPX),
        (b"ERMHDR\t8.4\t2010-01-01", FileKind.XER),
    ],
)
def test_detect_of_known_head_names_kind(head: bytes, kind: FileKind) -> None:
    """Each container that is read, with and without byte order mark."""
    assert detect(head) is kind


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"", RefusalCode.EMPTY),
        (b" \r\n\x00", RefusalCode.EMPTY),
        (b"PK\x03\x04", RefusalCode.UNKNOWN_FORMAT),
        (b"SQLite format 3\x00", RefusalCode.UNKNOWN_FORMAT),
        (b"plain text", RefusalCode.UNKNOWN_FORMAT),
    ],
)
def test_detect_of_other_head_is_refused(head: bytes, code: RefusalCode) -> None:
    """What is not on the list is not given to any parser."""
    with pytest.raises(ScheduleRefused) as caught:
        detect(head)

    assert caught.value.code is code
