"""What a version of a methodology says: phases, gates, requirements, checklists, roles (domain 2.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from portfolio.rollup.codec import from_plain, to_plain

TIERS = ("T1", "T2", "T3", "T4")
EACH_GATE = "EACH"
"""Stands for the gate of a requirement that is due at every gate."""


class Family(StrEnum):
    """Kinds of methodologies."""

    PREDICTIVE = "PREDICTIVE"
    PM2_LIKE = "PM2_LIKE"
    HYBRID = "HYBRID"


class TierRule(StrEnum):
    """What a requirement is for projects of a tier."""

    MANDATORY = "M"
    RECOMMENDED = "R"
    NOT_NEEDED = "-"


class RequirementKind(StrEnum):
    """What is required: a document, a filled-in checklist, a person in a role, or a recurring act."""

    ARTEFACT = "ARTEFACT"
    CHECKLIST = "CHECKLIST"
    ROLE = "ROLE"
    CONTROL = "CONTROL"


class Share(StrEnum):
    """What a party has to do with an item; one party may be responsible and accountable (ORG-6)."""

    RESPONSIBLE = "R"
    ACCOUNTABLE = "A"
    BOTH = "AR"
    SUPPORTS = "S"
    CONSULTED = "C"
    INFORMED = "I"


class Cadence(StrEnum):
    """How often a control is carried out."""

    TWO_WEEKLY = "TWO_WEEKLY"
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    YEARLY = "YEARLY"


class Probe(StrEnum):
    """What the portal looks at to answer a question of a checklist by itself."""

    BASELINE = "BASELINE"
    FUNDS = "FUNDS"
    SCHEDULE_CHECKS = "SCHEDULE_CHECKS"
    FORECAST = "FORECAST"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in the languages of the portal; English is always there, German may be."""

    en: str = ""
    de: str = ""

    def text(self, language: str) -> str:
        """Return the text in a language such as ``de`` or ``de-at``; English where it has none."""
        return (self.de if language.startswith("de") else "") or self.en

    def __bool__(self) -> bool:
        return bool(self.en or self.de)


NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class RoleRule:
    """A role of the methodology; ``held_by`` names the roles of the portal whose holders act in it."""

    code: str
    title: Words
    duty: Words = NO_WORDS
    held_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PhaseRule:
    """A phase; one that is ``is_continuous`` runs beside all others and has no gate."""

    code: str
    title: Words
    purpose: Words = NO_WORDS
    entry_criteria: Words = NO_WORDS
    is_repeatable: bool = False
    is_continuous: bool = False


@dataclass(frozen=True, slots=True)
class GateRule:
    """A gate that closes a phase: its question, and who decides it (STD-13, STD-16)."""

    code: str
    closes_phase: str
    question: Words
    deciders: tuple[str, ...] = ()
    quorum: int = 1
    pass_threshold: Decimal = Decimal(80)
    is_repeatable: bool = False


@dataclass(frozen=True, slots=True)
class RequirementRule:
    """
    Something a project has to have, to fill, to name or to do.

    Due at ``gate`` (`EACH_GATE`: at every one) and again, refreshed, at ``refreshed_at``; a control has a
    ``cadence`` by tier instead. ``condition`` says when it applies at all, such as "with contractors".
    ``shares`` says which roles make it, help, are asked or told; the approver is accountable (ORG-6).
    """

    code: str
    kind: RequirementKind
    title: Words
    tiers: Mapping[str, TierRule]
    purpose: Words = NO_WORDS
    condition: Words = NO_WORDS
    gate: str = ""
    refreshed_at: tuple[str, ...] = ()
    cadence: Mapping[str, Cadence] = field(default_factory=dict)
    approver: str = ""
    weight: int = 1
    is_knock_out: bool = False
    template: str = ""
    shares: Mapping[str, Share] = field(default_factory=dict)

    def rule_for(self, tier: str) -> TierRule:
        """Return what it is for projects of a tier."""
        return self.tiers.get(tier, TierRule.NOT_NEEDED)


@dataclass(frozen=True, slots=True)
class CheckRule:
    """
    A question of the checklist of a gate; ``tiers`` empty: asked of every project (STD-13).

    With ``answered_by`` the portal answers it from what it knows, and nobody else does.
    """

    code: str
    gate: str
    text: Words
    weight: int = 1
    is_knock_out: bool = False
    is_evidence_required: bool = False
    tiers: tuple[str, ...] = ()
    answered_by: Probe | None = None

    def is_asked_of(self, tier: str) -> bool:
        """Whether projects of the tier answer it."""
        return not self.tiers or tier in self.tiers


@dataclass(frozen=True, slots=True)
class ClosingRule:
    """A line of the checklist a kill opens: what is left to do, and the role that does it (domain 2.5)."""

    code: str
    text: Words
    role: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """All a version says, in the order people read it."""

    name: Words
    summary: Words = NO_WORDS
    notice: Words = NO_WORDS
    roles: tuple[RoleRule, ...] = ()
    phases: tuple[PhaseRule, ...] = ()
    gates: tuple[GateRule, ...] = ()
    requirements: tuple[RequirementRule, ...] = ()
    checks: tuple[CheckRule, ...] = ()
    closing: tuple[ClosingRule, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-safe data."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build content from data made by `to_dict`; raises ``ValueError`` on data that do not fit."""
        return from_plain(cls, data)

    def role(self, code: str) -> RoleRule | None:
        """Return the role with a code."""
        return _with_code(self.roles, code)

    def gate(self, code: str) -> GateRule | None:
        """Return the gate with a code."""
        return _with_code(self.gates, code)

    def requirement(self, code: str) -> RequirementRule | None:
        """Return the requirement with a code."""
        return _with_code(self.requirements, code)

    def gate_of(self, phase: str) -> GateRule | None:
        """Return the gate that closes a phase."""
        return next((gate for gate in self.gates if gate.closes_phase == phase), None)

    def gates_of(self, requirement: RequirementRule) -> tuple[str, ...]:
        """Return the gates a requirement is due at, in the order of the methodology."""
        if requirement.gate == EACH_GATE:
            return tuple(gate.code for gate in self.gates)
        wanted = {requirement.gate, *requirement.refreshed_at}
        return tuple(gate.code for gate in self.gates if gate.code in wanted)

    def check(self, code: str) -> CheckRule | None:
        """Return the question with a code."""
        return _with_code(self.checks, code)

    def checks_of(self, gate: str) -> tuple[CheckRule, ...]:
        """Return the checklist of a gate."""
        return tuple(check for check in self.checks if check.gate == gate)


Row = RoleRule | PhaseRule | GateRule | RequirementRule | CheckRule | ClosingRule
PARTS: dict[str, type[Any]] = {
    "roles": RoleRule,
    "phases": PhaseRule,
    "gates": GateRule,
    "requirements": RequirementRule,
    "checks": CheckRule,
    "closing": ClosingRule,
}
"""The parts of a content that are lists of rows with a code."""


def _with_code(rows: Iterable[Any], code: str) -> Any:
    return next((row for row in rows if row.code == code), None)
