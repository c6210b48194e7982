"""What a gate takes for evidence: approved words, never a draft (STD-5, STD-15)."""

from datetime import date

import pytest

from portfolio.rollup.readiness import Answer
from portfolio.selectors.gate_facts import Asked, asked_at
from portfolio.selectors.gate_words import reason_sentence
from portfolio.selectors.governance import governance_of
from portfolio.services.artefacts import record_step
from portfolio.services.governance import plan_gates
from tests.portfolio.documents import DAY, Stage, decide, newest, stage, submitted, write

pytestmark = pytest.mark.django_db


def charter_at_g1(on: Stage) -> Asked:
    known = governance_of(on.project, DAY)
    assert known is not None
    gate = known.content.gate("G1")
    assert gate is not None
    lines = asked_at(known, gate, 1, project=on.project, answers=(), today=DAY)
    return next(line for line in lines if line.code == "SG-06")


def planned() -> Stage:
    on = stage()
    dates: dict[tuple[str, int], date | None] = {("G1", 1): DAY}
    plan_gates(actor=None, project=on.project, dates=dates, today=DAY)
    return on


def test_submitted_words_are_no_evidence() -> None:
    """STD-5: submitted counts partly; nothing is sealed, the way to the document stands there."""
    on = planned()
    document = submitted(on)

    asked = charter_at_g1(on)

    assert (asked.answer, asked.reason, asked.url) == (
        Answer.PARTLY,
        "ARTEFACT_PARTLY",
        f"/portfolio/projects/P-1/documents/{document.pk}/",
    )
    assert not {"document", "checksum"} & set(asked.values)


def test_the_approved_version_is_sealed_and_not_the_draft_after_it() -> None:
    """STD-15: the evidence is what the approver approved, and who approved it; later work does not count."""
    on = planned()
    document = submitted(on)
    approved = decide(document, on.sam)
    draft = write(on, document, "goals", "Better")
    record_step(actor=on.bob, project=on.project, requirement="SG-06", state="IN_WORK", today=DAY)

    asked = charter_at_g1(on)

    assert (draft.number, draft.checksum == approved.checksum) == (2, False)
    assert (asked.answer, asked.values["document"], asked.values["checksum"]) == (
        Answer.YES,
        "1",
        approved.checksum,
    )
    assert (asked.values["state"], asked.values["name"]) == ("APPROVED", "Sam")
    assert reason_sentence(asked.reason, asked.values) == (
        f"Approved by Sam on 2 Mar 2026. Document version 1, seal {approved.checksum[:12]}…"
    )
    assert newest(document).pk == draft.pk
