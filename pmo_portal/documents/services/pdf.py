"""
Pages for paper: a Typst layout filled with data becomes a PDF.

The layout (``.typ`` below ``templates/``) says where things stand; all words and figures come as data and
are never read as markup, so that no text a person typed can change the layout or read a file.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import typst
from django.conf import settings
from django.utils.functional import Promise

PDF_TYPE = "application/pdf"
NO_GLYPH = "could not be displayed with font"


def render_pdf(template: str, data: Mapping[str, Any], *, language: str, made_at: datetime) -> bytes:
    """
    Return the PDF of one layout filled with data; the same input gives the same bytes.

    Parameters
    ----------
    template : str
        Path of the layout below ``templates/``, such as ``portfolio/gates/pack.typ``.
    data : mapping
        What the layout reads, as JSON: text, numbers, booleans, None, lists and mappings.
        Text is already translated; dates and decimals whose form matters are text beforehand.
    language : str
        Code of the language the text is in, for hyphens and screen readers.
    made_at : datetime
        When the document was made, with its zone; stands in its properties.

    Raises
    ------
    ValueError
        If the time has no zone.
    typst.TypstError
        If the layout and the data do not fit: a fault of this program, not of a person.
    """
    if made_at.tzinfo is None:
        raise ValueError("made_at needs a time zone")
    folder = settings.BASE_DIR / "templates"
    asked: dict[str, Any] = {
        "root": str(folder),
        "font_paths": _fonts(),
        "format": "pdf",
        "sys_inputs": {"data": json.dumps({**data, "language": language}, default=_as_text)},
        "timestamp": int(made_at.timestamp()),
    }
    try:
        # Readable by screen readers: a title, a language, tagged tables.
        return typst.compile(str(folder / template), pdf_standards="ua-1", **asked)
    except typst.TypstError as fault:
        if NO_GLYPH not in str(fault):
            raise
        # The standard refuses signs that no font of ours has; the paper shows a box for them.
        return typst.compile(str(folder / template), **asked)


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts of the front-end build; read once, so that a machine's own fonts change nothing."""
    return typst.Fonts(
        include_system_fonts=False,
        font_paths=[str(settings.BASE_DIR / "static" / "dist" / "fonts" / "print")],
    )


def _as_text(value: object) -> str:
    """Write what JSON does not know: lazy translations, dates (ISO 8601) and decimals."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Promise | Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in a document")
