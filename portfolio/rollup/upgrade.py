"""What changes for a project that goes on to another version, its own choices kept (STD-2)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portfolio.rollup.compliance import Choice
from portfolio.rollup.methodology import CheckRule, Content, RequirementRule, TierRule
from portfolio.rollup.methodology_changes import (
    ChangeKind,
    FieldChange,
    RowChange,
    changes_between,
    field_changes,
)


class Outcome(StrEnum):
    """What becomes of what the project did about a requirement."""

    NOTHING_DONE = "NOTHING_DONE"
    ARTEFACT_KEPT = "ARTEFACT_KEPT"
    ARTEFACT_EXTRA = "ARTEFACT_EXTRA"
    CHOICE_KEPT = "CHOICE_KEPT"
    CHOICE_ENDS = "CHOICE_ENDS"
    CHOICE_GONE = "CHOICE_GONE"


@dataclass(frozen=True, slots=True)
class UpgradeLine:
    """A requirement that is added, removed or changed, and what becomes of the project's own part."""

    code: str
    kind: ChangeKind
    before: RequirementRule | None
    after: RequirementRule | None
    fields: tuple[FieldChange, ...]
    outcomes: tuple[Outcome, ...]


def upgrade_lines(
    old: Content, new: Content, *, tier: str, choices: Mapping[str, Choice], artefacts: Collection[str]
) -> list[UpgradeLine]:
    """
    Compare three ways: the version the project follows, the version it goes on to, and its own choices.

    Parameters
    ----------
    tier : str
        Tier of the project.
    choices : mapping of str to Choice
        What the project chose, by code of requirement.
    artefacts : collection of str
        Codes of requirements the project has done something about.

    Returns
    -------
    list of UpgradeLine
        Removed requirements first, then the others in the order of the new version; unchanged ones
        are left out.
    """
    before = {row.code: row for row in old.requirements}
    after = {row.code: row for row in new.requirements}
    lines = [
        UpgradeLine(code, ChangeKind.REMOVED, row, None, (), _outcomes(code, None, tier, choices, artefacts))
        for code, row in before.items()
        if code not in after
    ]
    for code, row in after.items():
        former = before.get(code)
        changed = field_changes(former, row) if former else ()
        if former is not None and not changed:
            continue
        kind = ChangeKind.CHANGED if former else ChangeKind.ADDED
        outcomes = _outcomes(code, row, tier, choices, artefacts)
        lines.append(UpgradeLine(code, kind, former, row, changed, outcomes))
    return lines


def other_changes(old: Content, new: Content, *, tier: str) -> list[RowChange]:
    """Return what differs beside the requirements; of the questions those that the tier answers."""
    return [
        change
        for change in changes_between(old, new)
        if change.part != "requirements" and _concerns(change, tier)
    ]


def _concerns(change: RowChange, tier: str) -> bool:
    rows = (change.before, change.after)
    asked = [row.is_asked_of(tier) for row in rows if isinstance(row, CheckRule)]
    return any(asked) if asked else True


def ended_choices(new: Content, *, tier: str, choices: Mapping[str, Choice]) -> tuple[str, ...]:
    """Return the requirements whose choice cannot go on: dropped before, mandatory now."""
    return tuple(code for code, choice in choices.items() if _ends(new.requirement(code), tier, choice))


def _ends(row: RequirementRule | None, tier: str, choice: Choice | None) -> bool:
    return row is not None and choice == Choice.DROP and row.rule_for(tier) == TierRule.MANDATORY


def _outcomes(
    code: str,
    row: RequirementRule | None,
    tier: str,
    choices: Mapping[str, Choice],
    artefacts: Collection[str],
) -> tuple[Outcome, ...]:
    found = []
    if code in artefacts:
        found.append(Outcome.ARTEFACT_KEPT if row else Outcome.ARTEFACT_EXTRA)
    if code in choices and row is not None:
        found.append(Outcome.CHOICE_ENDS if _ends(row, tier, choices[code]) else Outcome.CHOICE_KEPT)
    if row is None and choices.get(code) in (Choice.KEEP, Choice.ADD):
        found.append(Outcome.CHOICE_GONE)
    return tuple(found) or (Outcome.NOTHING_DONE,)
