"""Documents of projects on paper and as Markdown, as one person sees them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portfolio.choices import DocumentState
from portfolio.interchange.markdown_blocks import markdown_blocks
from portfolio.rollup.document import to_markdown
from portfolio.selectors.documents import DocumentPage, ShownSection


def facts_lines(page: DocumentPage) -> list[tuple[str, str]]:
    """Return what stands at the head of the paper: project, version, state, who signed, seal. No query."""
    version = page.version
    lines = [
        (_("Project"), str(page.document.project)),
        (_("Version"), f"{version.number} · {version.get_state_display()}"),
        (_("Written"), _by_on(version.written_by, version.written_on)),
    ]
    if version.state == DocumentState.APPROVED:
        lines.append((_("Approved"), _by_on(version.decided_by, version.decided_on)))
    return lines


def _by_on(person: Any, day: date | None) -> str:
    shown = date_format(day, "DATE_FORMAT") if day else ""
    return f"{person.name}, {shown}" if person else shown


def as_markdown(page: DocumentPage) -> str:
    """Return a version as a Markdown text in its own language, as the person of the page sees it."""
    with translation.override(page.document.language):
        lines = [f"{label}: {value}" for label, value in facts_lines(page)]
        lines.append(f"SHA-256: {page.version.checksum}")
        sections = [(section.title, _text_of(section)) for section in page.sections]
    return to_markdown(page.document.title, lines, sections)


def as_paper(page: DocumentPage) -> Mapping[str, Any]:
    """Return a version as data for its layout, in its own language."""
    with translation.override(page.document.language):
        return {
            "sender": page.document.project.code,
            "title": page.document.title,
            "facts": [list(line) for line in facts_lines(page)],
            "sections": [
                {"title": section.title, "blocks": markdown_blocks(_text_of(section))}
                for section in page.sections
            ],
            "seal_words": _("SHA-256 of this version"),
            "seal": page.version.checksum,
            "page_words": _("Page {page} of {pages}"),
        }


def paper_time(page: DocumentPage) -> datetime:
    """Return the moment a paper says it was made: the start of the day of its version, in UTC."""
    return datetime.combine(page.version.shown_day, time(), tzinfo=UTC)


def _text_of(section: ShownSection) -> str:
    hidden, empty = _("For people who may see the money of the project."), _("Not written yet.")
    if section.is_hidden:
        return f"*{hidden}*"
    return section.text or f"*{empty}*"
