"""Reads a document template from a TOML file; faults name file, section and key, and what to do."""

from dataclasses import dataclass
from pathlib import Path

from portfolio.interchange.toml_table import SEMVER, ContentFileFault, KeyFault, TomlTable, read_toml
from portfolio.rollup.document import (
    PLACEHOLDERS,
    DocumentContent,
    DocumentFault,
    SectionRule,
    faults_of_document,
)

SHIPPED = Path(__file__).with_name("documents")
SENTENCES = {
    "NO_SECTIONS": "sections: there is no heading; add [[sections]] tables.",
    "CODE_INVALID": "sections {section}: write letters, digits, '-' or '_' as code, at most 20, and not new.",
    "TOO_LONG": "{place}: write at most {value} characters.",
    "CODE_TWICE": "sections {section}: this code is used twice; give each section its own.",
    "LANGUAGE_MISSING": "sections {section}: title, guidance and text are written in both languages.",
    "LANGUAGES_DIFFER": "sections {section}, text: both languages use the same placeholders.",
    "UNKNOWN_PLACEHOLDER": "sections {section}, text: {{{{ {value} }}}} is unknown; write one of {known}.",
    "MONEY_IN_THE_OPEN": "sections {section}, text: {{{{ {value} }}}} is money; set is_money = true.",
    "BRACES": "sections {section}, text: braces stand only around a placeholder: {{{{ project.name }}}}.",
}


class DocumentFileFault(ContentFileFault):
    """A file of a document template that cannot be loaded."""


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A template with the version a file describes."""

    code: str
    version: str
    content: DocumentContent


def shipped_documents() -> list[Path]:
    """Return the files of the document templates that come with the portal, by name."""
    return sorted(SHIPPED.glob("*.toml"))


def read_document(path: Path) -> DocumentFile:
    """
    Return the document template of a file.

    Raises
    ------
    DocumentFileFault
        If it is no TOML, a key is absent, unknown or of the wrong kind, or a placeholder is not on the list.
    """
    try:
        found = _document(read_toml(path))
    except KeyFault as fault:
        raise DocumentFileFault(path.name, [str(fault)]) from fault
    faults = faults_of_document(found.content)
    if faults:
        raise DocumentFileFault(path.name, [sentence_of(fault) for fault in faults])
    return found


def sentence_of(fault: DocumentFault) -> str:
    """Return a fault as a sentence that says what to do."""
    known = ", ".join(PLACEHOLDERS)
    field = ".".join(fault.field.rsplit("_", 1))
    place = f"sections {fault.section}, {field}" if fault.section else field
    return SENTENCES[fault.code].format(section=fault.section, value=fault.value, known=known, place=place)


def _document(table: TomlTable) -> DocumentFile:
    version = table.text("version")
    if not SEMVER.fullmatch(version):
        raise table.fault("version", f"is {version!r}; write three numbers such as 1.0.0.")
    content = DocumentContent(
        title=table.words("title", is_needed=True),
        summary=table.words("summary", is_needed=True),
        sections=tuple(_section(row) for row in table.rows("sections")),
    )
    found = DocumentFile(code=table.long_code(), version=version, content=content)
    table.close()
    return found


def _section(row: TomlTable) -> SectionRule:
    found = SectionRule(
        code=row.code(),
        title=row.words("title", is_needed=True),
        guidance=row.words("guidance", is_needed=True),
        text=row.words("text"),
        is_money=row.flag("is_money"),
    )
    row.close()
    return found
