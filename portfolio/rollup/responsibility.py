"""
Who does what: the responsibility matrix of a project, its faults, and what a methodology proposes.

A row is an item (artefact, gate, process, piece of work) with at most one letter for each party.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portfolio.rollup.methodology import Content, GateRule, RequirementRule, Share


class RaciFault(StrEnum):
    """What is wrong with a row (ORG-6)."""

    NO_ACCOUNTABLE = "RACI_NO_A"
    MANY_ACCOUNTABLE = "RACI_MULTI_A"
    NO_RESPONSIBLE = "RACI_NO_R"


ACCOUNTABLE = frozenset({Share.ACCOUNTABLE, Share.BOTH})
RESPONSIBLE = frozenset({Share.RESPONSIBLE, Share.BOTH})
SUPPORTING_FAMILIES = frozenset({"PM2_LIKE"})
"""Families whose matrix knows the letter S (STD-19)."""

PROCESSES: Mapping[str, Mapping[str, str]] = {
    "STATUS_REPORT": {"PROJECT_MANAGER": "AR", "TEAM_MEMBER": "C", "SPONSOR": "I"},
    "CHANGE": {"SPONSOR": "A", "PROJECT_MANAGER": "R", "EXECUTIVE": "C"},
    "BENEFITS": {"SPONSOR": "A", "PROGRAM_MANAGER": "R", "FINANCE_CONTROLLER": "C"},
    "LESSONS": {"PMO_HEAD": "A", "PROJECT_MANAGER": "R", "TEAM_MEMBER": "C"},
}
"""The processes of a project with the roles of the portal that share in them."""
GATE_CHAIR = "GATE_CHAIR"
PMO_PROCESSES: Mapping[str, Mapping[str, str]] = {
    "METHODOLOGY": {"PMO_HEAD": "A", "PMO_ANALYST": "R", "PROJECT_MANAGER": "C", "EXECUTIVE": "I"},
    "INTAKE": {"PORTFOLIO_MANAGER": "A", "PMO_ANALYST": "R", "SPONSOR": "C"},
    "GATE_REVIEW": {GATE_CHAIR: "A", "PROJECT_MANAGER": "R", "PMO_ANALYST": "C", "TEAM_MEMBER": "I"},
    "HEALTH_POLICY": {
        "PMO_HEAD": "A",
        "PMO_ANALYST": "R",
        "FINANCE_CONTROLLER": "C",
        "RISK_MANAGER": "C",
    },
    **PROCESSES,
}
"""The processes of the PMO (domain 1.3), those of projects among them; the chair of a gate is no role."""


def faults_of(shares: Iterable[Share]) -> tuple[RaciFault, ...]:
    """
    Return what is wrong with the letters of a row.

    Examples
    --------
    >>> [fault.value for fault in faults_of([Share.ACCOUNTABLE, Share.ACCOUNTABLE, Share.RESPONSIBLE])]
    ['RACI_MULTI_A']
    """
    given = tuple(shares)
    accountable = sum(share in ACCOUNTABLE for share in given)
    found = []
    if accountable == 0:
        found.append(RaciFault.NO_ACCOUNTABLE)
    if accountable > 1:
        found.append(RaciFault.MANY_ACCOUNTABLE)
    if not any(share in RESPONSIBLE for share in given):
        found.append(RaciFault.NO_RESPONSIBLE)
    return tuple(found)


def completeness(rows: Iterable[Iterable[Share]]) -> Decimal | None:
    """
    Return the part of rows without a fault, in percent; ``None`` while there are no rows (ORG-6).

    Examples
    --------
    >>> completeness([]) is None
    True
    """
    sound = [not faults_of(row) for row in rows]
    return Decimal(100) * sum(sound) / len(sound) if sound else None


def letters_of(content: Content, family: str) -> tuple[Share, ...]:
    """Return the letters the matrix of a methodology knows: S where its family or its template has it."""
    has_support = family in SUPPORTING_FAMILIES or any(
        share == Share.SUPPORTS for row in content.requirements for share in row.shares.values()
    )
    return tuple(share for share in Share if has_support or share != Share.SUPPORTS)


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """A row of the template: the kind and code of its item, and the letter of each role."""

    kind: str
    code: str
    shares: Mapping[str, Share]


def proposed_rows(content: Content, asked: Iterable[str]) -> list[ProposedRow]:
    """
    Return the matrix a methodology proposes for the requirements that are asked for.

    The approver is accountable, and the project manager responsible where the version does not name
    somebody else; gates are prepared by the project manager and decided by the first of the deciders.
    """
    wanted = frozenset(asked)
    return [
        *(_requirement(content, row) for row in content.requirements if row.code in wanted),
        *(_gate(content, gate) for gate in content.gates),
        *_processes(content),
    ]


def _requirement(content: Content, row: RequirementRule) -> ProposedRow:
    lead = _role_of(content, "PROJECT_MANAGER")
    shares = dict(row.shares)
    if lead and not any(share in RESPONSIBLE for share in shares.values()):
        _add(shares, lead, Share.RESPONSIBLE)
    if not any(share in ACCOUNTABLE for share in shares.values()):
        _add(shares, row.approver or lead, Share.ACCOUNTABLE)
    return ProposedRow("REQUIREMENT", row.code, _ordered(content, shares))


def _gate(content: Content, gate: GateRule) -> ProposedRow:
    shares: dict[str, Share] = {}
    for number, code in enumerate(gate.deciders):
        _add(shares, code, Share.CONSULTED if number else Share.ACCOUNTABLE)
    _add(shares, _role_of(content, "PROJECT_MANAGER"), Share.RESPONSIBLE)
    for portal_role, share in (("PMO_ANALYST", Share.CONSULTED), ("TEAM_MEMBER", Share.INFORMED)):
        shares.setdefault(_role_of(content, portal_role), share)
    return ProposedRow("GATE", gate.code, _ordered(content, shares))


def _processes(content: Content) -> Iterator[ProposedRow]:
    for code, given in PROCESSES.items():
        shares: dict[str, Share] = {}
        for portal_role, letter in given.items():
            shares.setdefault(_role_of(content, portal_role), Share(letter))
        yield ProposedRow("PROCESS", code, _ordered(content, shares))


def _add(shares: dict[str, Share], role: str, share: Share) -> None:
    """Give a role a letter; who is responsible and accountable has both in one."""
    present = shares.get(role)
    is_both = {present, share} == {Share.ACCOUNTABLE, Share.RESPONSIBLE}
    shares[role] = Share.BOTH if is_both else share


def _role_of(content: Content, portal_role: str) -> str:
    """Return the role of the methodology that people with a role of the portal act in; "" without one."""
    return next((role.code for role in content.roles if portal_role in role.held_by), "")


def _ordered(content: Content, shares: Mapping[str, Share]) -> dict[str, Share]:
    return {role.code: shares[role.code] for role in content.roles if role.code in shares}
