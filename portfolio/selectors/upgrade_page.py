"""The page on which a project goes on to another version: what is added, removed, changed."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portfolio.models import MethodologyVersion, OwnRequirement
from portfolio.rollup.methodology import Content
from portfolio.rollup.methodology_changes import ChangeKind
from portfolio.rollup.tailored import holds_phase
from portfolio.rollup.upgrade import Outcome, UpgradeLine, other_changes, upgrade_lines
from portfolio.selectors.governance import Governance
from portfolio.selectors.governance_page import why_asked
from portfolio.selectors.methodologies import said
from portfolio.selectors.methodology_words import ChangeLine, detail_lines, lines_of, quoted

OUTCOMES: dict[Outcome, str | Promise] = {
    Outcome.NOTHING_DONE: "",
    Outcome.ARTEFACT_KEPT: gettext_lazy("What the project has stays with it."),
    Outcome.ARTEFACT_EXTRA: gettext_lazy("What the project has is kept as extra."),
    Outcome.CHOICE_KEPT: gettext_lazy("The project’s own choice stays."),
    Outcome.CHOICE_ENDS: gettext_lazy("The project had dropped it; it is mandatory now."),
    Outcome.CHOICE_GONE: gettext_lazy(
        "The project had chosen it; to keep it, add it as a requirement of its own."
    ),
}


@dataclass(frozen=True)
class UpgradeRow:
    """A requirement in the list."""

    kind: str
    sentence: str
    details: tuple[str, ...]
    outcomes: tuple[str, ...]
    is_warning: bool


def upgrade_rows(known: Governance, version: MethodologyVersion) -> list[UpgradeRow]:
    """Return what changes for a project, in words. No query."""
    new = known.additions.within(version.content)
    lines = upgrade_lines(
        known.content,
        new,
        tier=known.records.tier,
        choices=known.records.choices,
        artefacts=frozenset(known.last_steps),
    )
    return [_row(line, known, version) for line in lines]


def other_lines(known: Governance, version: MethodologyVersion) -> list[ChangeLine]:
    """Return what changes beside the requirements: gates, their questions, phases, roles. No query."""
    new = known.additions.within(version.content)
    changes = other_changes(known.content, new, tier=known.records.tier)
    return lines_of(changes, known.content, new)


@dataclass(frozen=True)
class KeptLine:
    """Something of the project's own that stays, and what to look after in the new version."""

    name: str
    warning: str = ""


def kept_lines(known: Governance, version: MethodologyVersion) -> list[KeptLine]:
    """Return what the project added and takes along, its choices aside. No query."""
    new = version.content
    lines = [
        KeptLine(f"{row.code} {quoted(row.title)}", _own_warning(row, new))
        for row in known.additions.own.values()
    ]
    placed = known.additions.placement
    if placed is not None:
        values = {"phase": placed.phase, "inside": placed.inside}
        gone = "" if holds_phase(new, placed.inside) else _("They end: the new version has no such phase.")
        lines.append(KeptLine(_("Increments %(phase)s inside %(inside)s") % values, gone))
    return lines


def _own_warning(row: OwnRequirement, new: Content) -> str:
    if row.gate and new.gate(row.gate) is None:
        sentence = _("The new version has no gate %(code)s: choose another one afterwards.")
        return sentence % {"code": row.gate}
    if row.approver and new.role(row.approver) is None:
        sentence = _("The new version has no role %(code)s: choose another approver afterwards.")
        return sentence % {"code": row.approver}
    return ""


def _details(line: UpgradeLine, known: Governance, version: MethodologyVersion) -> tuple[str, ...]:
    """Return what changes field by field; for what is new, why it is asked for at the tier of the project."""
    if line.after is not None and line.kind == ChangeKind.ADDED:
        return (why_asked(known, line.after),)
    return tuple(
        text for field in line.fields for text in detail_lines(field, known.content, version.content)
    )


def _row(line: UpgradeLine, known: Governance, version: MethodologyVersion) -> UpgradeRow:
    row = line.after or line.before
    values = {"name": f"{line.code} {quoted(said(row.title))}" if row else line.code}
    sentence = {
        ChangeKind.ADDED: _("%(name)s is added."),
        ChangeKind.REMOVED: _("%(name)s is removed."),
    }.get(line.kind, _("%(name)s is changed.")) % values
    return UpgradeRow(
        kind=line.kind.value,
        sentence=sentence,
        details=_details(line, known, version),
        outcomes=tuple(
            str(OUTCOMES[outcome]) for outcome in line.outcomes if outcome != Outcome.NOTHING_DONE
        ),
        is_warning=bool({Outcome.CHOICE_ENDS, Outcome.CHOICE_GONE}.intersection(line.outcomes)),
    )
