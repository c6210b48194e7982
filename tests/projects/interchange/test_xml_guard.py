"""XML within measure passes, at the measure too (SEC-20)."""

from pathlib import Path

import pytest

from projects.interchange.limits import MEGABYTE, ReadLimits
from projects.interchange.refusal import RefusalCode, ScheduleRefused
from projects.interchange.xml_guard import check_xml

SMALL = ReadLimits(xml_depth=3, xml_elements=4, xml_text=10, xml_attributes=2)


def test_measures_are_the_required_ones() -> None:
    """SEC-20: the hostile files lie far beyond; this holds the measures themselves."""
    limits = ReadLimits()

    assert (limits.file_bytes, limits.xml_depth, limits.xml_elements) == (50 * MEGABYTE, 64, 2_000_000)
    assert (limits.xml_text, limits.xml_attributes) == (MEGABYTE, 64)
    assert (limits.wall_seconds, limits.cpu_seconds) == (30, 30)


def write(folder: Path, content: bytes) -> Path:
    """Return a file with this content."""
    path = folder / "a.xml"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        b"<a><b><c/></b></a>",
        b"<a><b/><b/><b/></a>",
        b"<a>0123456789</a>",
        b'<a b="1" c="2"/>',
        b'<?xml version="1.0" encoding="utf-8"?><a>\xc3\xbc</a>',
        '<?xml version="1.0" encoding="UTF-16"?><a>ü</a>'.encode("utf-16"),
        b"<a>&lt;&#65;</a>",
    ],
)
def test_check_xml_within_limits_passes(content: bytes, tmp_path: Path) -> None:
    """Exactly the limit is allowed; the five predefined entities are no entities of a document."""
    path = write(tmp_path, content)

    check_xml(path, SMALL)

    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<a><b><c><d/></c></b></a>", "The XML is nested deeper than 3 levels."),
        (b"<a><b/><b/><b/><b/></a>", "The XML has more than 4 elements."),
        (b"<a>01234567890</a>", "A text is longer than 10 characters."),
        (b'<a b="1" c="2" d="3"/>', "An element has more than 2 attributes."),
        (b'<a b="0123456789"/>', "An attribute is longer than 10 characters."),
        (
            b'<?xml version="1.0" encoding="cp1252"?><a/>',
            "The XML is encoded as cp1252; only UTF-8 and UTF-16 are read.",
        ),
        (b"<!DOCTYPE a><a/>", "The XML declares a document type or entities, which a schedule never needs."),
    ],
)
def test_check_xml_beyond_limits_is_unsafe(content: bytes, message: str, tmp_path: Path) -> None:
    """The line names the measure that was exceeded."""
    with pytest.raises(ScheduleRefused) as caught:
        check_xml(write(tmp_path, content), SMALL)

    assert (caught.value.code, caught.value.message) == (RefusalCode.UNSAFE_XML, message)


def test_check_xml_that_is_not_well_formed_names_the_place(tmp_path: Path) -> None:
    """Line and column help whoever made the file."""
    with pytest.raises(ScheduleRefused) as caught:
        check_xml(write(tmp_path, b"<a>\n<b></a>"), SMALL)

    assert caught.value.code is RefusalCode.BROKEN_FILE
    assert caught.value.message == "The XML is broken: mismatched tag: line 2, column 5."
