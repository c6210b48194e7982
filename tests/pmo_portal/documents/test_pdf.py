"""Papers: words are data and never markup, the same input gives the same bytes, screen readers can follow."""

import zlib
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from re import DOTALL, findall
from typing import Any

import pytest
import typst
from django.utils.translation import gettext_lazy

from pmo_portal.documents.services.pdf import render_pdf

pytestmark = pytest.mark.pure

MADE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LAYOUT = """
#import "/pdf/house.typ": *
#show: paper.with(title: data.title, foot: "PMO Portal", page-words: "Page {page} of {pages}")
#facts(data.facts)
#listing(("Code", "State"), data.rows.map(row => (row.at(0), badge(row.at(1), tone: "good"))))
"""


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """A base directory with the shared pieces, the built fonts and a layout of this test."""
    base = Path(settings.BASE_DIR)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "pdf").symlink_to(base / "templates" / "pdf")
    (tmp_path / "static").symlink_to(base / "static")
    (tmp_path / "templates" / "paper.typ").write_text(LAYOUT)
    settings.BASE_DIR = tmp_path
    return tmp_path


def _paper(**data: Any) -> bytes:
    given = {"title": "Gate pack", "facts": [], "rows": [["A-1", "met"]]} | data
    return render_pdf("paper.typ", given, language="en", made_at=MADE)


def _plain(pdf: bytes) -> bytes:
    """Return the objects of a PDF with their streams unpacked."""
    streams = findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, DOTALL)
    return pdf + b"".join(zlib.decompress(each) for each in streams if each[:1] == b"\x78")


def test_same_input_gives_the_same_bytes(folder: Path) -> None:
    """A checksum taken when a document was frozen can be compared later."""
    assert _paper() == _paper()
    assert _paper() != _paper(title="Another")


def test_text_is_data_and_never_markup(folder: Path) -> None:
    """Markup, code and paths in a value stay the characters they are."""
    (folder / "templates" / "secret.txt").write_text("hidden")
    typed = 'Ö #read("/secret.txt") *bold* $x$ ] #panic("no")'

    pdf = _paper(title=typed, facts=[["Goal", typed], ["Owner", None]], rows=[[typed, typed]])

    title = typed.encode("utf-16-be").hex().upper().encode()
    assert b"/Title<FEFF" + title + b">" in _plain(pdf)
    assert b"hidden" not in _plain(pdf)


def test_paper_names_language_time_and_is_tagged(folder: Path) -> None:
    text = _plain(_paper())

    assert b"/Lang (en)" in text or b"/Lang(en)" in text
    assert b"D:20260302093000" in text
    assert b"/StructTreeRoot" in text
    assert b"pdfuaid:part>1<" in text or b'pdfuaid:part="1"' in text


def test_dates_decimals_and_translations_are_written_as_text(folder: Path) -> None:
    plain = _paper(facts=[["a", "2026-03-02"], ["b", "1.50"], ["c", "Project"]])

    assert (
        _paper(facts=[["a", date(2026, 3, 2)], ["b", Decimal("1.50")], ["c", gettext_lazy("Project")]])
        == plain
    )


def test_other_values_and_times_without_zone_are_refused(folder: Path) -> None:
    with pytest.raises(TypeError, match="object has no form in a document"):
        _paper(facts=[["a", object()]])
    with pytest.raises(ValueError, match="time zone"):
        render_pdf("paper.typ", {}, language="en", made_at=datetime(2026, 3, 2))


def test_layout_reads_nothing_outside_the_templates(folder: Path) -> None:
    """A layout cannot reach the settings of the portal."""
    (folder / "secret.txt").write_text("hidden")
    (folder / "templates" / "paper.typ").write_text('#read("../secret.txt")')

    with pytest.raises(typst.TypstError):
        _paper()


def test_sign_no_font_has_still_gives_a_paper(folder: Path) -> None:
    """Names come in all alphabets; what cannot be set is a box, not a failed paper."""
    paper = _paper(facts=[["Name", "\ufffe \u4e2d"]])

    assert paper.startswith(b"%PDF-")
    assert paper != _paper(facts=[["Name", ""]])
