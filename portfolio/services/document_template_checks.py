"""What is refused in a draft of a document template, each at the field it stands in."""

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError
from portfolio.rollup.document import (
    LANGUAGES,
    PLACEHOLDERS,
    DocumentContent,
    DocumentFault,
    SectionRule,
    faults_of_document,
    too_long,
)
from portfolio.rollup.methodology import Words

SENTENCES = {
    "CODE_INVALID": _("Use letters, digits, - and _ only, at most 20, and not “new”."),
    "CODE_TWICE": _("The code %(value)s is used twice. Give each heading its own."),
    "LANGUAGE_MISSING": _("Write title and guidance in both languages, and the text in both or in none."),
    "LANGUAGES_DIFFER": _("Use the same placeholders in both languages."),
    "UNKNOWN_PLACEHOLDER": _("There is no placeholder {{ %(value)s }}. There are: %(known)s."),
    "MONEY_IN_THE_OPEN": _("{{ %(value)s }} is money: say that the section is for people who see money."),
    "BRACES": _("Braces stand only around a placeholder, such as {{ project.name }}."),
    "NO_SECTIONS": _("There is no heading yet. Add one."),
    "TOO_LONG": _("Use at most %(value)s characters."),
}


def require_sound_section(rule: SectionRule) -> None:
    """Refuse a heading documents cannot be made of, with its first fault at its field."""
    alone = DocumentContent(title=rule.title, summary=rule.title, sections=(rule,))
    for fault in faults_of_document(alone)[:1]:
        raise _refusal(fault, fault.field)


def require_sound_head(title: Words, summary: Words) -> None:
    """Refuse a title or summary that lacks a language or is too long."""
    for name, words in (("title", title), ("summary", summary)):
        for language in LANGUAGES:
            if not getattr(words, language):
                raise DomainError(
                    _("Write it in both languages."), field=f"{name}_{language}", code="LANGUAGE_MISSING"
                )
    for fault in too_long(title=title, summary=summary)[:1]:
        raise _refusal(fault, fault.field)


def require_sound(content: DocumentContent) -> None:
    """Refuse a template documents cannot be made of, with its first fault."""
    for fault in faults_of_document(content)[:1]:
        raise _refusal(fault, "")


def _refusal(fault: DocumentFault, field: str) -> DomainError:
    values = {"value": fault.value or fault.section, "known": ", ".join(PLACEHOLDERS)}
    sentence = str(SENTENCES[fault.code])
    said = sentence % values if "%(" in sentence else sentence
    return DomainError(said, field=field, code=fault.code)
