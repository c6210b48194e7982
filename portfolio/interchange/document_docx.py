"""A document of a project as a Word file: headings, lists, tables and text; no macros, no links to fetch."""

import re
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML cannot carry."""
INK, QUIET = RGBColor(0x1C, 0x21, 0x30), RGBColor(0x5B, 0x64, 0x75)
DEEPEST_LIST = 3
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def document_docx(paper: Mapping[str, Any], *, language: str, made_at: datetime) -> bytes:
    """
    Return a document as the bytes of a DOCX file; the same input gives the same bytes.

    Parameters
    ----------
    paper : mapping
        ``title``, ``facts`` (label and value), ``sections`` (title and blocks), ``seal_words``, ``seal`` and
        ``page_words``, as the layout of the PDF has them.
    language : str
        Language of the text, for the spelling check of the reader.
    made_at : datetime
        When the file says it was made.
    """
    made = Document()
    _prepare(made, paper, language, made_at)
    made.add_heading(_safe(paper["title"]), level=0)
    _table(made, [[_plain(label), _plain(value)] for label, value in paper["facts"]])
    for section in paper["sections"]:
        made.add_heading(_safe(section["title"]), level=1)
        for block in section["blocks"]:
            _block(made, block)
    _note(made.add_paragraph(), f"{paper['seal_words']}: {paper['seal']}")
    return _settled(made)


def _prepare(made: DocxDocument, paper: Mapping[str, Any], language: str, made_at: datetime) -> None:
    """Set page, fonts, language, properties and the foot of the pages."""
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(2)
    normal = made.styles["Normal"]
    normal.font.size, normal.font.color.rgb = Pt(10.5), INK
    for name in ("Title", "Heading 1", "Heading 2"):
        made.styles[name].font.color.rgb = INK
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), {"de": "de-DE"}.get(language, "en-GB"))
    normal.element.get_or_add_rPr().append(spoken)
    about = made.core_properties
    about.title, about.author, about.language = _safe(paper["title"]), "PMO Portal", language
    about.comments, about.last_modified_by = "", "PMO Portal"
    about.created = about.modified = made_at.replace(tzinfo=None)
    _foot(page.footer.paragraphs[0], str(paper["page_words"]))


def _foot(foot: Paragraph, words: str) -> None:
    """Write "page of pages" with fields that the reader's program counts."""
    fields = {"{page}": "PAGE", "{pages}": "NUMPAGES"}
    for part in re.split(r"(\{pages?\})", words):
        if part in fields:
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), fields[part])
            run = foot.add_run("1")
            run.font.size, run.font.color.rgb = Pt(8), QUIET
            field.append(run._r)
            foot._p.append(field)
        elif part:
            _note(foot, part)


def _block(made: DocxDocument, block: Mapping[str, Any]) -> None:
    kind = block["kind"]
    if kind == "table":
        _table(made, [block["head"], *block["rows"]], has_head=True)
    elif kind == "heading":
        _runs(made.add_heading(level=2), block["runs"])
    elif kind == "item":
        _item(made, block)
    elif kind == "code":
        _runs(made.add_paragraph(), [{"text": block["text"], "marks": ["code"]}])
    else:
        _runs(made.add_paragraph(), block["runs"])


def _item(made: DocxDocument, block: Mapping[str, Any]) -> None:
    """Write an item of a list with the sign or number it has in the text."""
    row = made.add_paragraph()
    depth = min(block["depth"], DEEPEST_LIST)
    row.paragraph_format.left_indent = Cm(0.7 * depth)
    row.paragraph_format.first_line_indent = Cm(-0.5)
    row.paragraph_format.space_after = Pt(3)
    row.paragraph_format.tab_stops.add_tab_stop(Cm(0.7 * depth))
    row.add_run(f"{block['marker']}\t")
    _runs(row, block["runs"])


def _table(made: DocxDocument, rows: list[list[list[dict[str, Any]]]], *, has_head: bool = False) -> None:
    width = max(len(row) for row in rows)
    table = made.add_table(rows=len(rows), cols=width, style="Table Grid")
    for number, row in enumerate(rows):
        cells = table.rows[number].cells
        for cell, runs in zip(cells, row, strict=False):
            _runs(cell.paragraphs[0], runs, is_strong=has_head and number == 0)
    if has_head:
        repeated = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
    made.add_paragraph().paragraph_format.space_after = Pt(0)


def _runs(place: Paragraph, runs: list[dict[str, Any]], *, is_strong: bool = False) -> None:
    for each in runs:
        run = place.add_run(_safe(each["text"]))
        marks = each["marks"]
        run.bold = True if is_strong or "strong" in marks else None
        run.italic = True if "em" in marks else None
        run.font.strike = True if "strike" in marks else None
        if "code" in marks:
            run.font.name = "Consolas"


def _note(place: Paragraph, text: str) -> None:
    run = place.add_run(_safe(text))
    run.font.size, run.font.color.rgb = Pt(8), QUIET


def _plain(text: str) -> list[dict[str, Any]]:
    return [{"text": text, "marks": []}]


def _safe(text: str) -> str:
    return UNSAFE.sub("", text)


def _settled(made: DocxDocument) -> bytes:
    """Return the file with the same day at each of its parts."""
    written, settled = BytesIO(), BytesIO()
    made.save(written)
    with ZipFile(written) as source, ZipFile(settled, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = ZipInfo(name, FIRST_DAY_OF_ZIP)
            part.compress_type = ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return settled.getvalue()
