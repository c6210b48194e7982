"""The responsibility matrix: faults, completeness, and what a methodology proposes (ORG-6, STD-19)."""

from decimal import Decimal

import pytest

from portfolio.interchange.methodology_file import SHIPPED, read_methodology, shipped_files
from portfolio.rollup.methodology import Content, RequirementRule, RoleRule, Share, TierRule, Words
from portfolio.rollup.methodology_check import faults_of as content_faults
from portfolio.rollup.responsibility import (
    PMO_PROCESSES,
    RaciFault,
    completeness,
    faults_of,
    letters_of,
    proposed_rows,
)

pytestmark = [pytest.mark.pure, pytest.mark.once]
A, R, BOTH, C = Share.ACCOUNTABLE, Share.RESPONSIBLE, Share.BOTH, Share.CONSULTED
EX_ORG = [[A, R], [BOTH, C], [A, A, R], [A, C]]
EVERY_TIER = dict.fromkeys(("T1", "T2", "T3", "T4"), TierRule.MANDATORY)


def test_ex_org() -> None:
    """EX-ORG: faults on the third and fourth item, half of them complete."""
    assert [faults_of(row) for row in EX_ORG] == [
        (),
        (),
        (RaciFault.MANY_ACCOUNTABLE,),
        (RaciFault.NO_RESPONSIBLE,),
    ]
    assert completeness(EX_ORG) == Decimal(50)


def test_processes_of_the_pmo_are_a_whole_matrix() -> None:
    """Domain 1.3, ORG-6."""
    rows = [[Share(letter) for letter in given.values()] for given in PMO_PROCESSES.values()]

    assert (len(rows), completeness(rows)) == (8, Decimal(100))


def test_nothing_is_undefined() -> None:
    """ORG-6: no items, no figure; an empty row lacks both."""
    assert completeness([]) is None
    assert faults_of([]) == (RaciFault.NO_ACCOUNTABLE, RaciFault.NO_RESPONSIBLE)


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_shipped_methodologies_propose_a_whole_matrix(path: object) -> None:
    """ORG-6: every artefact, control and gate has one accountable and somebody responsible."""
    content = read_methodology(path).content  # type: ignore[arg-type]

    rows = proposed_rows(content, [row.code for row in content.requirements])

    assert [row.code for row in rows if faults_of(row.shares.values())] == []
    assert completeness(row.shares.values() for row in rows) == Decimal(100)


def test_letter_s_belongs_to_pm2() -> None:
    """STD-19: the matrix of the PM²-inspired methodology knows S; the stage-gate one does not."""
    stage_gate, pm2 = (read_methodology(SHIPPED / f"{name}.toml").content for name in ("sg", "p2"))

    assert Share.SUPPORTS in letters_of(pm2, "PM2_LIKE")
    assert Share.SUPPORTS not in letters_of(stage_gate, "PREDICTIVE")
    assert {row.code: row for row in pm2.requirements}["P2-08"].shares["PCT"] == Share.SUPPORTS


def test_a_version_without_letters_proposes_the_approver_and_the_manager() -> None:
    lead = RoleRule("PM", Words("Project manager"), held_by=("PROJECT_MANAGER",))
    board = RoleRule("BOARD", Words("Board"), held_by=("EXECUTIVE",))
    rows = tuple(
        RequirementRule(code=code, kind="ARTEFACT", title=Words(code), tiers=EVERY_TIER, approver=approver)  # type: ignore[arg-type]
        for code, approver in (("X-1", "BOARD"), ("X-2", "PM"), ("X-3", ""))
    )
    content = Content(name=Words("X"), roles=(board, lead), requirements=rows)

    found = {row.code: dict(row.shares) for row in proposed_rows(content, ["X-1", "X-2", "X-3"])}

    assert found["X-1"] == {"BOARD": A, "PM": R}
    assert (found["X-2"], found["X-3"]) == ({"PM": BOTH}, {"PM": BOTH})


def test_an_unknown_role_is_a_fault_of_the_version() -> None:
    row = RequirementRule(
        code="X-1",
        kind="ARTEFACT",
        title=Words("X"),
        tiers=EVERY_TIER,
        gate="",
        shares={"NOBODY": R},  # type: ignore[arg-type]
    )
    content = Content(name=Words("X"), requirements=(row,))

    found = [(fault.key, fault.code, fault.values) for fault in content_faults(content)]

    assert ("shares", "NO_SUCH_ROLE", ("NOBODY",)) in found
