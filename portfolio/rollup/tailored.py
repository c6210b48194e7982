"""What a project follows: its version, increments inside a phase (STD-20), its own requirements (STD-3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from portfolio.rollup.methodology import (
    TIERS,
    Cadence,
    Content,
    GateRule,
    PhaseRule,
    RequirementKind,
    RequirementRule,
    RoleRule,
    Share,
    TierRule,
    Words,
)

RHYTHMS = (Cadence.TWO_WEEKLY, Cadence.MONTHLY, Cadence.QUARTERLY)
"""How long an increment may be: at most thirteen weeks."""
REVIEW_WEIGHT = 3
"""The review of an increment decides on the funding, so it weighs as much as a requirement can."""


@dataclass(frozen=True, slots=True)
class Increments:
    """The repeated ``phase`` of the methodology ``source``, placed inside a phase of another one."""

    source: Content
    phase: str
    inside: str
    cadence: Cadence


@dataclass(frozen=True, slots=True)
class OwnRule:
    """Something a project asks of itself: due at a gate, or done again and again."""

    code: str
    title: str
    reason: str
    gate: str = ""
    cadence: Cadence | None = None
    approver: str = ""
    weight: int = 1


def is_increment(content: Content, phase: PhaseRule) -> bool:
    """Whether a phase repeats and each time ends with a review: only such a one is placed inside another."""
    gate = content.gate_of(phase.code)
    return phase.is_repeatable and gate is not None and gate.is_repeatable


def can_hold_increments(content: Content, phase: PhaseRule) -> bool:
    """Whether a phase can have increments inside: it ends once, at a gate."""
    return not phase.is_continuous and not phase.is_repeatable and content.gate_of(phase.code) is not None


def increment_rows(placed: Increments) -> tuple[RequirementRule, ...]:
    """
    Return the controls increments bring: their review, and what is shown at it (STD-20).

    The reviews are no gates any more: each is a recurring control, and so is everything due at it.
    """
    gate = placed.source.gate_of(placed.phase)
    if gate is None:
        return ()
    due = [row for row in placed.source.requirements if row.gate == gate.code]
    return (_review(placed, gate), *(_control(row, placed.cadence) for row in due))


def tailored(
    content: Content, *, increments: Increments | None = None, own: Sequence[OwnRule] = ()
) -> Content:
    """
    Return what a project follows; the content itself when it added nothing.

    Gates, phases and checklists stay those of its own version: the gate that closes the phase with the
    increments is still held. Increments whose phase is gone from the version are left out.
    """
    if increments is not None and holds_phase(content, increments.inside):
        rows = increment_rows(increments)
        content = replace(
            content,
            roles=(*content.roles, *_missing_roles(content, increments, rows)),
            requirements=(*content.requirements, *rows),
        )
    if own:
        content = replace(content, requirements=(*content.requirements, *(_own(row) for row in own)))
    return content


def holds_phase(content: Content, code: str) -> bool:
    """Whether a version has a phase that can have increments inside."""
    return any(phase.code == code and can_hold_increments(content, phase) for phase in content.phases)


def same_codes(content: Content, rows: Iterable[RequirementRule]) -> tuple[str, ...]:
    """Return the codes that a version has already."""
    present = {row.code for part in (content.requirements, content.gates, content.checks) for row in part}
    return tuple(row.code for row in rows if row.code in present)


def gate_before(content: Content, phase: str) -> GateRule | None:
    """Return the gate a phase begins after; None for the first one."""
    found: GateRule | None = None
    for row in content.phases:
        if row.code == phase:
            return found
        found = content.gate_of(row.code) or found
    return None


def _review(placed: Increments, gate: GateRule) -> RequirementRule:
    shares = dict.fromkeys(gate.deciders, Share.CONSULTED)
    if gate.deciders:
        shares[gate.deciders[0]] = Share.ACCOUNTABLE
    return RequirementRule(
        code=gate.code,
        kind=RequirementKind.CONTROL,
        title=Words(f"Increment review: {gate.question.en}", f"Inkrement-Review: {gate.question.text('de')}"),
        tiers=dict.fromkeys(TIERS, TierRule.MANDATORY),
        purpose=_joined([check.text for check in placed.source.checks_of(gate.code)]),
        cadence=dict.fromkeys(TIERS, placed.cadence),
        weight=REVIEW_WEIGHT,
        shares=shares,
    )


def _control(row: RequirementRule, cadence: Cadence) -> RequirementRule:
    return replace(
        row,
        kind=RequirementKind.CONTROL,
        gate="",
        refreshed_at=(),
        cadence=dict.fromkeys(TIERS, cadence),
        approver="",
        is_knock_out=False,
    )


def _own(row: OwnRule) -> RequirementRule:
    """Return the requirement as the rules read it; that it applies is a choice of the project (STD-3)."""
    is_control = row.cadence is not None
    return RequirementRule(
        code=row.code,
        kind=RequirementKind.CONTROL if is_control else RequirementKind.ARTEFACT,
        title=Words(row.title, row.title),
        tiers={},
        purpose=Words(row.reason, row.reason),
        gate="" if is_control else row.gate,
        cadence=dict.fromkeys(TIERS, row.cadence) if row.cadence is not None else {},
        approver="" if is_control else row.approver,
        weight=row.weight,
    )


def _missing_roles(
    content: Content, placed: Increments, rows: Iterable[RequirementRule]
) -> Iterable[RoleRule]:
    """Yield the roles the rows name and the version lacks; a role of the same code is the same."""
    named = {role for row in rows for role in (row.approver, *row.shares)}
    present = {role.code for role in content.roles}
    return (role for role in placed.source.roles if role.code in named - present)


def _joined(texts: Sequence[Words]) -> Words:
    return Words(" ".join(text.en for text in texts), " ".join(text.text("de") for text in texts))
