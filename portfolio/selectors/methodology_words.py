"""What differs between two versions of a methodology, and what is wrong with a draft, in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from pmo_portal.accounts.choices import Role
from portfolio.choices import Cadence, Probe, RaciShare, RequirementKind, TierRule
from portfolio.rollup.document import DocumentContent, document_changes
from portfolio.rollup.methodology import EACH_GATE, TIERS, Content, Words
from portfolio.rollup.methodology_changes import ChangeKind, FieldChange, RowChange, changes_between
from portfolio.rollup.methodology_check import ContentFault

PARTS = {
    "methodology": gettext_lazy("Methodology"),
    "roles": gettext_lazy("Role"),
    "phases": gettext_lazy("Phase"),
    "gates": gettext_lazy("Gate"),
    "requirements": gettext_lazy("Requirement"),
    "checks": gettext_lazy("Question"),
    "closing": gettext_lazy("Line of the closing checklist"),
    "template": gettext_lazy("Template"),
    "sections": gettext_lazy("Heading"),
}
FIELDS = {
    "code": gettext_lazy("code"),
    "title": gettext_lazy("title"),
    "name": gettext_lazy("name"),
    "summary": gettext_lazy("summary"),
    "notice": gettext_lazy("notice"),
    "purpose": gettext_lazy("purpose"),
    "duty": gettext_lazy("duty"),
    "text": gettext_lazy("text"),
    "guidance": gettext_lazy("guidance"),
    "is_money": gettext_lazy("money"),
    "question": gettext_lazy("question"),
    "condition": gettext_lazy("condition"),
    "entry_criteria": gettext_lazy("entry criteria"),
    "held_by": gettext_lazy("held by"),
    "closes_phase": gettext_lazy("phase it closes"),
    "deciders": gettext_lazy("deciders"),
    "quorum": gettext_lazy("quorum"),
    "pass_threshold": gettext_lazy("passed from (%)"),
    "is_repeatable": gettext_lazy("repeatable"),
    "is_continuous": gettext_lazy("runs beside the others"),
    "kind": gettext_lazy("kind"),
    "tiers": gettext_lazy("tiers"),
    "gate": gettext_lazy("due at"),
    "refreshed_at": gettext_lazy("refreshed at"),
    "cadence": gettext_lazy("rhythm"),
    "approver": gettext_lazy("approver"),
    "weight": gettext_lazy("weight"),
    "is_knock_out": gettext_lazy("knock-out"),
    "is_evidence_required": gettext_lazy("evidence required"),
    "answered_by": gettext_lazy("answered by the portal"),
    "template": gettext_lazy("template"),
    "shares": gettext_lazy("share"),
    "role": gettext_lazy("done by"),
    "phases": gettext_lazy("phases"),
    "gates": gettext_lazy("gates"),
    "requirements": gettext_lazy("requirements"),
}
FAULTS = {
    "MISSING": gettext_lazy("is empty. Write it down."),
    "TWICE": gettext_lazy("stands there twice. Give one of them another code."),
    "NO_SUCH_ROLE": gettext_lazy(
        "names the role %s, which is not among the roles. Add it or choose another."
    ),
    "NO_SUCH_PHASE": gettext_lazy(
        "names the phase %s, which is not among the phases. Add it or choose another."
    ),
    "NO_SUCH_GATE": gettext_lazy(
        "names the gate %s, which is not among the gates. Add it or choose another."
    ),
    "PHASE_CLOSED_TWICE": gettext_lazy(
        "closes the phase %s, which another gate closes already. Choose another phase."
    ),
    "WEIGHT": gettext_lazy("must be 1, 2 or 3."),
    "TIERS": gettext_lazy("must say for each of T1 to T4 whether it is needed."),
    "NO_DUE": gettext_lazy("names neither a gate nor a rhythm. Choose when it is due."),
    "TWO_DUES": gettext_lazy("has a gate and a rhythm. Keep one of the two."),
    "THRESHOLD": gettext_lazy("must lie between 0 and 100."),
    "QUORUM": gettext_lazy("must be 1 or more."),
    "NEVER_ASKED": gettext_lazy("is not asked at any tier. Choose one at least."),
}


@dataclass(frozen=True)
class ChangeLine:
    """A sentence about a row; ``kind`` gives icon and color, ``details`` one sentence for each field."""

    kind: str
    part: str
    part_title: str
    code: str
    sentence: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class FaultLine:
    """What keeps a draft from being submitted, and the row to change."""

    part: str
    code: str
    sentence: str


def change_lines(before: Content, after: Content) -> list[ChangeLine]:
    """Return what differs, in words, part by part. No query."""
    return lines_of(changes_between(before, after), before, after)


def lines_of(changes: Iterable[RowChange], before: Content, after: Content) -> list[ChangeLine]:
    """Return chosen differences between two contents in words. No query."""
    return [_line(change, before, after) for change in changes]


def document_change_lines(before: DocumentContent, after: DocumentContent) -> list[ChangeLine]:
    """Return what differs between two versions of a document template, in words. No query."""
    return [_line(change, before, after) for change in document_changes(before, after)]


def fault_line(fault: ContentFault) -> FaultLine:
    """Return a fault as a sentence."""
    part, _space, code = fault.where.partition(" ")
    key, _dot, _language = fault.key.partition(".")
    words = str(FAULTS[fault.code])
    place = f"{PARTS.get(part, part)} {code}".strip() if code or part == "methodology" else ""
    said = words % fault.values if fault.values else words
    sentence = f"{place + ', ' if place else ''}{FIELDS.get(key, key)} {said}"
    return FaultLine(part, code, sentence[:1].upper() + sentence[1:])


def role_names(content: Content, codes: Iterable[str]) -> str:
    """Return the titles of roles of the methodology."""
    found = [(code, content.role(code)) for code in codes]
    return ", ".join(_said(role.title) if role else code for code, role in found)


def _said(words: Words) -> str:
    return words.text(get_language() or "en")


def _line(change: RowChange, before: Any, after: Any) -> ChangeLine:
    row = change.after or change.before
    values = {
        "what": str(PARTS[change.part]),
        "name": f"{change.code} {_title(row)}".strip(),
    }
    details: tuple[str, ...] = ()
    if change.kind == ChangeKind.ADDED:
        sentence = _("%(what)s %(name)s is new.") % values
        details = _about_new(after, change)
    elif change.kind == ChangeKind.REMOVED:
        sentence = _("%(what)s %(name)s is gone.") % values
    elif change.kind == ChangeKind.MOVED:
        sentence = _("%(what)s %(name)s stands at another place.") % values
    else:
        sentence = _("%(what)s %(name)s has changed.") % values
        details = tuple(text for field in change.fields for text in detail_lines(field, before, after))
    return ChangeLine(change.kind.value, change.part, str(PARTS[change.part]), change.code, sentence, details)


def quoted(text: str) -> str:
    """Return a text in the quotation marks of the reader."""
    return _("“%(text)s”") % {"text": text}


def _title(row: Any) -> str:
    for name in ("title", "question", "text", "name"):
        words = getattr(row, name, None)
        if words is not None:
            return quoted(_said(words))
    return ""


def _about_new(content: Any, change: RowChange) -> tuple[str, ...]:
    """Return what a new row means: a requirement, for whom and when; a question, where it is asked."""
    row = change.after
    if change.part == "requirements":
        return (_summary(content, change),)
    if change.part == "checks":
        asked = _("asked at %(gate)s") % {"gate": row.gate}
        return (asked, str(FIELDS["is_knock_out"])) if row.is_knock_out else (asked,)
    return ()


def _summary(content: Content, change: RowChange) -> str:
    """Return in a sentence for whom a new requirement is what, and when."""
    row = change.after
    due = _due(row)
    mandatory = ", ".join(tier for tier in TIERS if row.rule_for(tier).value == TierRule.MANDATORY)
    recommended = ", ".join(tier for tier in TIERS if row.rule_for(tier).value == TierRule.RECOMMENDED)
    parts = [
        _("mandatory for %(tiers)s") % {"tiers": mandatory} if mandatory else "",
        _("recommended for %(tiers)s") % {"tiers": recommended} if recommended else "",
        _("due: %(due)s") % {"due": due} if due else "",
    ]
    return ", ".join(part for part in parts if part)


def _due(row: Any) -> str:
    if row.gate == EACH_GATE:
        return _("at each gate")
    cadences = dict.fromkeys(str(Cadence(each.value).label) for each in row.cadence.values())
    return row.gate or " / ".join(cadences)


def detail_lines(field: FieldChange, before: Content, after: Content) -> list[str]:
    """Return a sentence for a field; one for each tier where it is given by tier."""
    label = str(FIELDS.get(field.name, field.name))
    if field.name in ("tiers", "cadence") and isinstance(field.after, dict):
        kind: Any = TierRule if field.name == "tiers" else Cadence
        return [
            _("%(tier)s: %(before)s → %(after)s")
            % {
                "tier": tier,
                "before": _choice(kind, field.before, tier),
                "after": _choice(kind, field.after, tier),
            }
            for tier in TIERS
            if field.before.get(tier) != field.after.get(tier)
        ]
    if field.name == "shares":
        return _share_lines(field, before, after)
    old, new = _value(field, field.before, before), _value(field, field.after, after)
    if old == new:
        return [_("%(field)s: the other language") % {"field": label}]
    return [_("%(field)s: %(before)s → %(after)s") % {"field": label, "before": old, "after": new}]


def _share_lines(field: FieldChange, before: Content, after: Content) -> list[str]:
    """Return a sentence for each role whose letter in the responsibility matrix differs."""
    lines = []
    for code in dict.fromkeys((*field.before, *field.after)):
        old, new = field.before.get(code), field.after.get(code)
        if old != new:
            values = {
                "role": role_names(after if after.role(code) else before, (code,)),
                "before": RaciShare(old.value).label if old else "–",
                "after": RaciShare(new.value).label if new else "–",
            }
            lines.append(_("%(role)s: %(before)s → %(after)s") % values)
    return lines


def _choice(kind: Any, values: Any, tier: str) -> str:
    return str(kind(values[tier].value).label) if tier in values else "–"


def _value(field: FieldChange, value: Any, content: Content) -> str:
    if isinstance(value, Words):
        return quoted(_said(value)) if value else "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.name in ("deciders", "approver", "role"):
        codes = (value,) if isinstance(value, str) else value
        return role_names(content, [code for code in codes if code]) or "–"
    if field.name == "held_by":
        known: dict[str, Any] = dict(Role.choices)
        return ", ".join(str(known.get(code, code)) for code in value) or "–"
    if field.name == "answered_by":
        return str(Probe(value.value).label) if value else "–"
    if field.name == "kind":
        return str(RequirementKind(value.value).label)
    if isinstance(value, tuple):
        return ", ".join(value) or "–"
    if field.name == "gate" and value == EACH_GATE:
        return _("each gate")
    return number_format(value) if not isinstance(value, str) else value or "–"
