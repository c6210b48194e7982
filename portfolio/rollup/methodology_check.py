"""What is wrong with a content: named by part, row and key, with what to do."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from portfolio.rollup.methodology import (
    EACH_GATE,
    PARTS,
    TIERS,
    Content,
    GateRule,
    RequirementKind,
    RequirementRule,
    TierRule,
)

HIGHEST_WEIGHT = 3
OWN_PREFIX = "OWN-"
"""Begins the code of a requirement of a project's own, so no methodology may use it."""


@dataclass(frozen=True, slots=True)
class ContentFault:
    """
    A fault of a content.

    ``where`` is the row (``requirements SG-04``), ``key`` its field, ``code`` what kind of fault, ``values``
    what the sentence names.
    """

    where: str
    key: str
    code: str
    values: tuple[str, ...] = ()

    @property
    def row(self) -> str:
        """Code of the row; "" for a part as a whole."""
        return self.where.partition(" ")[2]


FAULT_WORDS = {
    "MISSING": "is empty; write it down",
    "TWICE": "stands there twice; give one of them another code",
    "NO_SUCH_ROLE": "names the role %s, which is not among the roles; add it or choose another",
    "NO_SUCH_PHASE": "names the phase %s, which is not among the phases; add it or choose another",
    "NO_SUCH_GATE": "names the gate %s, which is not among the gates; add it or choose another",
    "PHASE_CLOSED_TWICE": "closes the phase %s, which another gate closes already; choose another phase",
    "WEIGHT": "must be 1, 2 or 3",
    "TIERS": "must name M, R or - for each of T1, T2, T3 and T4",
    "NO_DUE": "has neither a gate nor a cadence; name the gate it is due at, or how often it is done",
    "TWO_DUES": "has a gate and a cadence; keep one of the two",
    "THRESHOLD": "must lie between 0 and 100",
    "QUORUM": "must be 1 or more",
    "NEVER_ASKED": "is not asked at any tier; name M or R for one",
    "RESERVED": "begins with OWN-, which is kept for requirements of a project's own; choose another",
}


def sentence_of(fault: ContentFault) -> str:
    """Return a fault in English, for files and logs."""
    words = FAULT_WORDS[fault.code]
    return f"{fault.where}, {fault.key}: {words % fault.values if fault.values else words}."


def faults_of(content: Content) -> list[ContentFault]:
    """Return everything wrong with a content, in reading order; empty when it can be submitted."""
    return [*_heads(content), *_codes(content), *_gates(content), *_requirements(content), *_rest(content)]


def _heads(content: Content) -> Iterator[ContentFault]:
    if not content.name.en:
        yield ContentFault("methodology", "name.en", "MISSING")
    for part in ("phases", "gates", "requirements"):
        if not getattr(content, part):
            yield ContentFault(part, part, "MISSING")


def _codes(content: Content) -> Iterator[ContentFault]:
    for part in PARTS:
        rows = getattr(content, part)
        for code, number in Counter(row.code for row in rows).items():
            if number > 1:
                yield ContentFault(f"{part} {code}", "code", "TWICE")
        text = {"gates": "question", "checks": "text", "closing": "text"}.get(part, "title")
        for row in rows:
            if not getattr(row, text).en:
                yield ContentFault(f"{part} {row.code}", f"{text}.en", "MISSING")


def _gates(content: Content) -> Iterator[ContentFault]:
    phases = {phase.code for phase in content.phases}
    closed: set[str] = set()
    for gate in content.gates:
        where = f"gates {gate.code}"
        if gate.closes_phase not in phases:
            yield ContentFault(where, "closes_phase", "NO_SUCH_PHASE", (gate.closes_phase,))
        elif gate.closes_phase in closed:
            yield ContentFault(where, "closes_phase", "PHASE_CLOSED_TWICE", (gate.closes_phase,))
        closed.add(gate.closes_phase)
        yield from _decision(content, gate, where)


def _decision(content: Content, gate: GateRule, where: str) -> Iterator[ContentFault]:
    if not gate.deciders:
        yield ContentFault(where, "deciders", "MISSING")
    for role in gate.deciders:
        if content.role(role) is None:
            yield ContentFault(where, "deciders", "NO_SUCH_ROLE", (role,))
    if not 0 <= gate.pass_threshold <= 100:
        yield ContentFault(where, "pass_threshold", "THRESHOLD")
    if gate.quorum < 1:
        yield ContentFault(where, "quorum", "QUORUM")


def _requirements(content: Content) -> Iterator[ContentFault]:
    for row in content.requirements:
        where = f"requirements {row.code}"
        if row.code.upper().startswith(OWN_PREFIX):
            yield ContentFault(where, "code", "RESERVED")
        if set(row.tiers) != set(TIERS):
            yield ContentFault(where, "tiers", "TIERS")
        elif all(rule == TierRule.NOT_NEEDED for rule in row.tiers.values()):
            yield ContentFault(where, "tiers", "NEVER_ASKED")
        if not 1 <= row.weight <= HIGHEST_WEIGHT:
            yield ContentFault(where, "weight", "WEIGHT")
        if row.approver and content.role(row.approver) is None:
            yield ContentFault(where, "approver", "NO_SUCH_ROLE", (row.approver,))
        for role in row.shares:
            if content.role(role) is None:
                yield ContentFault(where, "shares", "NO_SUCH_ROLE", (role,))
        if not row.approver and row.kind != RequirementKind.CONTROL:
            yield ContentFault(where, "approver", "MISSING")
        yield from _dues(content, row, where)


def _dues(content: Content, row: RequirementRule, where: str) -> Iterator[ContentFault]:
    if not row.gate and not row.cadence:
        yield ContentFault(where, "gate", "NO_DUE")
    if row.gate and row.cadence:
        yield ContentFault(where, "cadence", "TWO_DUES")
    for code in (row.gate, *row.refreshed_at):
        if code and code != EACH_GATE and content.gate(code) is None:
            yield ContentFault(where, "gate", "NO_SUCH_GATE", (code,))


def _rest(content: Content) -> Iterator[ContentFault]:
    yield from _checks(content)
    for row in content.closing:
        if not row.role:
            yield ContentFault(f"closing {row.code}", "role", "MISSING")
        elif content.role(row.role) is None:
            yield ContentFault(f"closing {row.code}", "role", "NO_SUCH_ROLE", (row.role,))


def _checks(content: Content) -> Iterator[ContentFault]:
    for row in content.checks:
        where = f"checks {row.code}"
        if content.gate(row.gate) is None:
            yield ContentFault(where, "gate", "NO_SUCH_GATE", (row.gate,))
        if not 1 <= row.weight <= HIGHEST_WEIGHT:
            yield ContentFault(where, "weight", "WEIGHT")
