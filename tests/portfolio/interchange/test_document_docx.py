"""Documents as Word files: what stands in them, and that the same words are the same bytes (domain 2.10)."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document

from portfolio.interchange.document_docx import document_docx
from portfolio.interchange.markdown_blocks import markdown_blocks

pytestmark = pytest.mark.pure
MADE_AT = datetime(2026, 3, 2, tzinfo=UTC)
TEXT = """Save **water**, *soon* and `safely`.

- pumps
  1. large
  2. small

| Goal | Today |
| --- | --- |
| Losses | 9 % |

### Later

    x = 1
"""


def paper(text: str = TEXT, **changed: Any) -> dict[str, Any]:
    return {
        "title": "Charter",
        "facts": [["Project", "P-1 Pump"]],
        "sections": [{"title": "Purpose", "blocks": markdown_blocks(text)}],
        "seal_words": "SHA-256 of this version",
        "seal": "ab" * 32,
        "page_words": "Page {page} of {pages}",
        **changed,
    }


def docx(**changed: Any) -> bytes:
    return document_docx(paper(**changed), language="de", made_at=MADE_AT)


def test_headings_lists_and_marks_are_those_of_the_text() -> None:
    made = Document(BytesIO(docx()))

    lines = [(row.style.name, row.text) for row in made.paragraphs if row.text]

    assert lines == [
        ("Title", "Charter"),
        ("Heading 1", "Purpose"),
        ("Normal", "Save water, soon and safely."),
        ("Normal", "•\tpumps"),
        ("Normal", "1.\tlarge"),
        ("Normal", "2.\tsmall"),
        ("Heading 2", "Later"),
        ("Normal", "x = 1"),
        ("Normal", f"SHA-256 of this version: {'ab' * 32}"),
    ]
    sentence = next(row for row in made.paragraphs if row.text.startswith("Save"))
    assert [(run.text, run.bold, run.italic, run.font.name) for run in sentence.runs] == [
        ("Save ", None, None, None),
        ("water", True, None, None),
        (", ", None, None, None),
        ("soon", None, True, None),
        (" and ", None, None, None),
        ("safely", None, None, "Consolas"),
        (".", None, None, None),
    ]


def test_tables_keep_their_cells_and_repeat_their_head() -> None:
    made = Document(BytesIO(docx()))

    facts, goals = ([[cell.text for cell in row.cells] for row in table.rows] for table in made.tables)

    assert facts == [["Project", "P-1 Pump"]]
    assert goals == [["Goal", "Today"], ["Losses", "9 %"]]
    assert b"w:tblHeader" in ZipFile(BytesIO(docx())).read("word/document.xml")


def test_pages_are_counted_by_the_reader() -> None:
    made = Document(BytesIO(docx()))

    foot = made.sections[0].footer.paragraphs[0]._p.xml

    assert [field in foot for field in ('w:instr="PAGE"', 'w:instr="NUMPAGES"')] == [True, True]


def test_same_words_are_the_same_bytes() -> None:
    assert docx() == docx()
    assert docx() != docx(title="Other")


def test_file_says_what_it_is_and_nothing_of_this_machine() -> None:
    about = Document(BytesIO(docx())).core_properties

    assert (about.title, about.author, about.language, about.created) == (
        *("Charter", "PMO Portal", "de"),
        datetime(2026, 3, 2, tzinfo=UTC),
    )


def test_signs_that_xml_cannot_carry_are_left_out() -> None:
    made = Document(BytesIO(docx(title="A\x0bB\x01", text="one\x1ftwo")))

    assert [row.text for row in made.paragraphs if row.text][:3] == ["AB", "Purpose", "onetwo"]


def test_text_is_never_markup() -> None:
    """SEC-25: what looks like markup, a field or a link stays text."""
    typed = "<w:p/> {{ x }} =HYPERLINK(1)"

    made = Document(BytesIO(docx(title=typed)))

    assert made.paragraphs[0].text == typed
    assert b"relationships/hyperlink" not in ZipFile(BytesIO(docx(title=typed))).read(
        "word/_rels/document.xml.rels"
    )
