"""Text of project documents: sections, placeholders from a fixed list, and the seal of a version."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from portfolio.rollup.codec import from_plain, to_plain
from portfolio.rollup.methodology import NO_WORDS, Words
from portfolio.rollup.methodology_changes import ChangeKind, FieldChange, RowChange, row_changes

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
SECTION_CODE = re.compile(r"(?!new\Z)[A-Za-z0-9][-A-Za-z0-9_]{0,19}")
"""A heading is addressed by its code; ``new`` is the address that adds one."""
TITLE_MOST = 160
"""A document takes its title from its template."""
TEXT_MOST = 4000
BRACES = re.compile(r"\{\{|\}\}|\{%|%\}")
OPEN_FACTS = (
    "project.code", "project.name", "project.description", "project.category", "project.unit",
    "project.tier", "project.state", "project.currency", "project.manager", "project.sponsor",
    "plan.start", "plan.finish", "plan.must_finish_by", "plan.milestones", "plan.data_date",
    "method.name", "method.version", "document.date",
)  # fmt: skip
MONEY_FACTS = (
    "budget.total", "budget.at_completion", "budget.contingency", "budget.management_reserve",
    "cost.actual", "cost.committed", "cost.forecast",
)  # fmt: skip
PLACEHOLDERS = (*OPEN_FACTS, *MONEY_FACTS)
LANGUAGES = ("en", "de")
MISSING = Words(en="(not known yet)", de="(noch nicht bekannt)")
"""Stands where a placeholder has no value; whoever writes replaces it."""
MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]<>#|~])")


@dataclass(frozen=True, slots=True)
class SectionRule:
    """A required heading: guidance for who writes, and the text it begins with; ``is_money`` hides it."""

    code: str
    title: Words
    guidance: Words
    text: Words = NO_WORDS
    is_money: bool = False

    def is_form(self, text: str) -> bool:
        """Whether a text is the empty form of the section: what it begins with, and nothing known in it."""
        forms = (self.text.en, self.text.de)
        written = plain_lines(text).strip()
        return written in {plain_lines(form).strip() for form in forms if not placeholders_of(form)}

    def tidy(self) -> Self:
        """Return the heading as it is kept: one kind of line end, nothing where only blanks stand."""
        return replace(
            self,
            title=tidy_words(self.title, is_line=True),
            guidance=tidy_words(self.guidance),
            text=tidy_words(self.text),
        )


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """All a version of a document template says."""

    title: Words
    summary: Words
    sections: tuple[SectionRule, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-safe data."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build content from data made by `to_dict`; raises ``ValueError`` on data that do not fit."""
        return from_plain(cls, data)

    def section(self, code: str) -> SectionRule | None:
        """Return the section with a code."""
        return next((rule for rule in self.sections if rule.code == code), None)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a document with what was written below it, as Markdown."""

    code: str
    title: str
    text: str = ""
    is_money: bool = False

    @property
    def is_written(self) -> bool:
        """Whether there is a text, and nothing in it that is still to be found out."""
        is_open = any(gap in self.text for gap in (MISSING.en, MISSING.de))
        return bool(self.text.strip()) and not is_open


@dataclass(frozen=True, slots=True)
class DocumentFault:
    """What is wrong with a template, in which section, and at which field of it, such as ``text_de``."""

    code: str
    section: str = ""
    value: str = ""
    field: str = ""


def faults_of_document(content: DocumentContent) -> list[DocumentFault]:
    """
    Return what is wrong with a template; nothing for one that documents can be made of.

    An amount stands only in a section of money, so that who may not see money never meets one.
    """
    faults = too_long(title=content.title, summary=content.summary)
    faults += [] if content.sections else [DocumentFault("NO_SECTIONS")]
    codes = [rule.code for rule in content.sections]
    faults += [DocumentFault("CODE_TWICE", code) for code in sorted({c for c in codes if codes.count(c) > 1})]
    for rule in content.sections:
        faults += _faults_of_section(rule)
    return faults


def too_long(section: str = "", **texts: Words) -> list[DocumentFault]:
    """Return a fault for each text that is longer than its field allows."""
    found = []
    for name, words in texts.items():
        most = TITLE_MOST if name == "title" else TEXT_MOST
        for language in LANGUAGES:
            if len(getattr(words, language)) > most:
                found.append(DocumentFault("TOO_LONG", section, str(most), f"{name}_{language}"))
    return found


def _faults_of_section(rule: SectionRule) -> Iterable[DocumentFault]:
    if not SECTION_CODE.fullmatch(rule.code):
        yield DocumentFault("CODE_INVALID", rule.code, rule.code, "code")
    yield from _missing(rule)
    yield from too_long(rule.code, title=rule.title, guidance=rule.guidance, text=rule.text)
    used = {language: placeholders_of(getattr(rule.text, language)) for language in LANGUAGES}
    for language, names in used.items():
        yield from _faults_of_text(rule, language, names)
    if used["en"] != used["de"]:
        lacking = "de" if used["en"] - used["de"] else "en"
        yield DocumentFault("LANGUAGES_DIFFER", rule.code, field=f"text_{lacking}")


def _missing(rule: SectionRule) -> Iterable[DocumentFault]:
    for name in ("title", "guidance", "text"):
        words: Words = getattr(rule, name)
        empty = [language for language in LANGUAGES if not getattr(words, language)]
        if empty and not (name == "text" and empty == [*LANGUAGES]):
            yield DocumentFault("LANGUAGE_MISSING", rule.code, field=f"{name}_{empty[0]}")


def _faults_of_text(rule: SectionRule, language: str, names: Iterable[str]) -> Iterable[DocumentFault]:
    field = f"text_{language}"
    for name in sorted(names):
        if name not in PLACEHOLDERS:
            yield DocumentFault("UNKNOWN_PLACEHOLDER", rule.code, name, field)
        elif name in MONEY_FACTS and not rule.is_money:
            yield DocumentFault("MONEY_IN_THE_OPEN", rule.code, name, field)
    if BRACES.search(PLACEHOLDER.sub("", getattr(rule.text, language))):
        yield DocumentFault("BRACES", rule.code, field=field)


def plain_lines(text: str) -> str:
    r"""
    Return a text with ``\n`` at the end of each line, whatever it was sent with.

    Examples
    --------
    >>> plain_lines("a\r\nb\rc")
    'a\nb\nc'
    """
    return text.replace("\r\n", "\n").replace("\r", "\n")


def tidy_words(words: Words, *, is_line: bool = False) -> Words:
    """Return a text in both languages as it is kept; a line is one without blanks around it."""

    def tidy(text: str) -> str:
        stripped = text.strip()
        return stripped if is_line or not stripped else plain_lines(text)

    return Words(en=tidy(words.en), de=tidy(words.de))


def placeholders_of(text: str) -> frozenset[str]:
    """
    Return the names of the placeholders in a text.

    Examples
    --------
    >>> sorted(placeholders_of("{{ project.name }} until {{plan.finish}}"))
    ['plan.finish', 'project.name']
    """
    return frozenset(PLACEHOLDER.findall(text))


def fill(text: str, facts: Mapping[str, str], *, missing: str) -> str:
    """
    Return a text with its placeholders replaced, in one pass: a value is never read as a placeholder.

    Parameters
    ----------
    facts : mapping
        Values by name; one that is empty or absent is not known.
    missing : str
        What stands where nothing is known.

    Examples
    --------
    >>> fill("**{{ project.name }}** by {{ plan.finish }}", {"project.name": "A*b {{ x }}"}, missing="(open)")
    '**A\\\\*b {{ x }}** by (open)'
    """

    def value(match: re.Match[str]) -> str:
        known = facts.get(match[1], "")
        return plain_markdown(known) if known else missing

    return PLACEHOLDER.sub(value, text)


def plain_markdown(text: str) -> str:
    """
    Return text of one line that Markdown shows as it is.

    Examples
    --------
    >>> plain_markdown("# A_b\\n[c]")
    '\\\\# A\\\\_b \\\\[c\\\\]'
    """
    return MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.split()))


def seal(*, project: str, title: str, language: str, number: int, sections: Iterable[Section]) -> str:
    """
    Return the SHA-256 of a version of a document, as 64 hexadecimal digits.

    The same words give the same seal on every machine: it is taken of JSON with sorted keys in UTF-8.
    """
    whole = {
        "project": project,
        "title": title,
        "language": language,
        "version": number,
        "sections": [to_plain(section) for section in sections],
    }
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def to_markdown(title: str, lines: Iterable[str], sections: Iterable[tuple[str, str]]) -> str:
    """
    Return a document as one Markdown text: title, lines about it, headings with their text.

    Examples
    --------
    >>> to_markdown("Charter", ["P-1"], [("Purpose", "Save water.")])
    '# Charter\\n\\nP-1\\n\\n## Purpose\\n\\nSave water.\\n'
    """
    parts = [f"# {title}", "  \n".join(lines)]
    for heading, text in sections:
        parts += [f"## {heading}", text.strip()]
    return "\n\n".join(part for part in parts if part) + "\n"


def document_changes(before: DocumentContent, after: DocumentContent) -> list[RowChange]:
    """Return what differs between two versions of a template: its texts, then its headings."""
    found = tuple(
        FieldChange(name, getattr(before, name), getattr(after, name))
        for name in ("title", "summary")
        if getattr(before, name) != getattr(after, name)
    )
    heads = [RowChange("template", ChangeKind.CHANGED, "", before, after, found)] if found else []
    return [*heads, *row_changes("sections", before.sections, after.sections)]
