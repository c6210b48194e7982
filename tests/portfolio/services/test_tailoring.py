"""What a project adds to its methodology: increments (STD-20) and requirements of its own (STD-3)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed, StaleObject
from portfolio.interchange.methodology_file import SHIPPED, read_methodology
from portfolio.models import MethodologyVersion, OwnRequirement, PhasePlacement
from portfolio.rollup.compliance import ItemStatus, Window
from portfolio.selectors.gate_facts import asked_at, readiness_at
from portfolio.selectors.gates import gate_stands
from portfolio.selectors.governance import Governance, governance_of
from portfolio.selectors.upgrade_page import KeptLine, kept_lines, upgrade_rows
from portfolio.services.artefacts import record_step
from portfolio.services.governance import plan_gates, tailor
from portfolio.services.increments import end_increments, place_increments
from portfolio.services.methodologies import load_methodology
from portfolio.services.methodology_drafts import remove_row
from portfolio.services.migration import migrate_methodology
from portfolio.services.own_requirements import (
    OwnWish,
    add_own_requirement,
    change_own_requirement,
    end_own_requirement,
)
from portfolio.services.waivers import request_waiver
from tests.factories import user
from tests.portfolio.gates import Scene, decided, requested, scene
from tests.portfolio.methods import DAY, anna, draft_of, paula, publish, stage_gate

pytestmark = pytest.mark.django_db


def hybrid() -> MethodologyVersion:
    made = load_methodology(actor=None, file=read_methodology(SHIPPED / "ah.toml"), today=DAY)
    return made or MethodologyVersion.objects.get(methodology__code="AH")


def known(found: Scene, day: date = DAY) -> Governance:
    made = governance_of(found.project, day)
    assert made is not None
    return made


def placed(found: Scene, **changes: Any) -> PhasePlacement:
    given = {"version": hybrid(), "phase": "AH2", "inside": "SG4", "cadence": "MONTHLY", **changes}
    return place_increments(actor=found.alice, project=found.project, today=DAY, **given)


def wish(found: Scene, **changes: Any) -> OwnWish:
    made = OwnWish("Noise plan", "A school is near", found.alice, gate="G0", approver="SPONSOR", weight=3)
    return replace(made, **changes)


def own(found: Scene, **changes: Any) -> OwnRequirement:
    return add_own_requirement(
        actor=found.alice, project=found.project, wish=wish(found, **changes), today=DAY
    )


def test_reviews_of_increments_are_controls_not_gates() -> None:
    """STD-20: AH2 inside SG4; A2 is done again and again, and no gate to be requested or decided."""
    found = scene()
    before = [(stand.gate.code, stand.occurrence) for stand in gate_stands(known(found), [], DAY)]
    placed(found)
    days: dict[tuple[str, int], date | None] = {("G3", 1): DAY, ("G4", 1): DAY + timedelta(days=180)}
    plan_gates(actor=found.alice, project=found.project, dates=days, today=DAY)

    step = record_step(
        actor=found.alice, project=found.project, requirement="A2", state="DONE", today=DAY + timedelta(10)
    )

    after = known(found, DAY + timedelta(days=20))
    assert [(s.gate.code, s.occurrence) for s in gate_stands(after, [], DAY)] == before
    assert after.content.gate("A2") is None
    assert after.records.windows["AH-19"] == Window(DAY, DAY + timedelta(days=180))
    standing = {item.code: item.status for item in after.items(DAY + timedelta(days=20))}
    assert (standing["A2"], standing["AH-17"]) == (ItemStatus.MET, ItemStatus.NOT_DUE)
    assert (after.method_of("A2"), after.method_of("SG-04")) == ("AH", "SG")
    assert step.requirement == "A2"
    assert AuditEntry.objects.filter(action="governance.increments_placed").count() == 1


def test_controls_of_increments_follow_the_tier_and_may_be_waived() -> None:
    """STD-3, STD-20: at T1 the retrospective is recommended, the review mandatory."""
    found = scene("T1")
    placed(found)

    tailor(actor=found.alice, project=found.project, requirement="AH-18", choice="KEEP", note="", today=DAY)
    waiver = request_waiver(
        actor=found.alice, project=found.project, requirement="AH-19", reason="Small", risk="None",
        compensating_control="Look", expires_on=DAY + timedelta(days=30), today=DAY,
    )  # fmt: skip

    codes = {item.code for item in known(found).items(DAY)}
    assert {"A2", "AH-17", "AH-18", "AH-19", "AH-21"} <= codes
    assert "AH-20" not in codes
    assert waiver.requirement == "AH-19"


def test_increments_that_do_not_fit_are_refused() -> None:
    found = scene()
    refusals = {
        "phase": {"phase": "AH1"},
        "version": {"version": stage_gate()},
        "inside": {"inside": "SG9"},
        "cadence": {"cadence": "YEARLY"},
    }
    codes = {}

    for name, changes in refusals.items():
        with pytest.raises(DomainError) as fault:
            placed(found, **changes)
        codes[name] = (fault.value.code, fault.value.field)

    assert codes == {
        "phase": ("NO_INCREMENT", "phase"),
        "version": ("NO_INCREMENT", "phase"),
        "inside": ("NO_SUCH_PHASE", "inside"),
        "cadence": ("TOO_LONG", "cadence"),
    }
    assert not PhasePlacement.objects.exists()
    assert not AuditEntry.objects.filter(action="governance.increments_placed").exists()


def test_no_increments_in_a_phase_that_is_over() -> None:
    found = scene()
    review = requested(found)
    with pytest.raises(Conflict, match="passed or under review") as fault:
        placed(found, inside="SG0")
    decided(found, "GO", review)
    with pytest.raises(Conflict, match="passed or under review"):
        placed(found, inside="SG0")

    assert fault.value.code == "PHASE_OVER"
    assert placed(found).inside == "SG4"


def test_increments_end_and_past_days_keep_them() -> None:
    found = scene()
    placed(found)

    with pytest.raises(DomainError, match="why the increments end"):
        end_increments(actor=found.alice, project=found.project, note=" ", today=DAY)
    later = DAY + timedelta(days=5)
    end_increments(actor=found.alice, project=found.project, note="One release only", today=later)

    assert known(found, later).content.requirement("A2") is None
    assert known(found, DAY).content.requirement("A2") is not None
    with pytest.raises(Conflict, match="No increments"):
        end_increments(actor=found.alice, project=found.project, note="Again", today=later)


def test_own_requirement_has_owner_and_reason_and_is_counted_apart() -> None:
    """STD-3, STD-5: one more requirement does not change what the methodology's sum says."""
    found = scene()
    before = known(found).compliance(date(2026, 12, 31))

    made = own(found)

    after = known(found)
    assert (made.code, made.owner, made.reason) == ("OWN-1", found.alice, "A school is near")
    assert after.compliance(date(2026, 12, 31)) == before
    assert (after.own_compliance(date(2026, 12, 31)).due, after.own_compliance(DAY).due) == (1, 0)
    event = AuditEntry.objects.get(action="governance.own_requirement_added")
    assert (event.after["code"], event.reason) == ("OWN-1", "A school is near")


def test_own_requirement_is_shown_at_its_gate_and_does_not_lift_readiness() -> None:
    found = scene()
    gate = known(found).content.gates[0]

    def lines() -> Any:
        return asked_at(known(found), gate, 1, project=found.project, answers=[], today=DAY)

    before = readiness_at(gate, lines()).percent
    own(found)
    for state, actor in (("SUBMITTED", found.alice), ("APPROVED", found.stella)):
        record_step(actor=actor, project=found.project, requirement="OWN-1", state=state, today=DAY)

    line = next(each for each in lines() if each.code == "OWN-1")
    assert (line.weight, line.answer) == (0, "YES")
    assert readiness_at(gate, lines()).percent == before


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"title": " "}, "title", "MISSING"),
        ({"reason": ""}, "reason", "MISSING"),
        ({"gate": ""}, "gate", "ONE_DUE"),
        ({"cadence": "MONTHLY"}, "gate", "ONE_DUE"),
        ({"gate": "G9"}, "gate", "NO_SUCH_GATE"),
        ({"approver": "NOBODY"}, "approver", "NO_SUCH_ROLE"),
        ({"weight": 4}, "weight", "WEIGHT"),
    ],
)
def test_own_requirement_that_says_too_little(changes: dict[str, Any], field: str, code: str) -> None:
    found = scene()

    with pytest.raises(DomainError) as fault:
        own(found, **changes)

    assert (fault.value.field, fault.value.code) == (field, code)
    assert not OwnRequirement.objects.exists()
    assert not AuditEntry.objects.filter(action="governance.own_requirement_added").exists()


def test_no_requirement_for_a_gate_that_is_over() -> None:
    """It would be late on the day it was thought of; one that was there before stays and may be changed."""
    found = scene()
    row = own(found)
    decided(found, "GO", requested(found))

    with pytest.raises(DomainError) as fault:
        own(found)
    changed = change_own_requirement(
        actor=found.alice, project=found.project, code="OWN-1", expected=row.pk,
        wish=wish(found, title="Dust"), today=DAY,
    )  # fmt: skip

    assert (fault.value.field, fault.value.code) == ("gate", "GATE_OVER")
    assert (changed.title, changed.gate) == ("Dust", "G0")


def test_only_members_own_it_and_only_who_keeps_the_project_adds_it() -> None:
    found = scene()

    with pytest.raises(DomainError, match="role in the project"):
        own(found, owner=user("Charlie"))
    with pytest.raises(NotAllowed):
        add_own_requirement(actor=found.stella, project=found.project, wish=wish(found), today=DAY)

    assert not OwnRequirement.objects.exists()


def test_changing_and_ending_keeps_the_days_before() -> None:
    """STD-3: as of the day; who saw an older line is refused."""
    found = scene()
    first = own(found)
    later, last = DAY + timedelta(days=3), DAY + timedelta(days=6)
    about = {"actor": found.alice, "project": found.project, "code": "OWN-1"}

    second = change_own_requirement(
        **about, expected=first.pk, wish=wish(found, title="Noise and dust"), today=later
    )
    with pytest.raises(StaleObject):
        change_own_requirement(**about, expected=first.pk, wish=wish(found), today=later)
    same = change_own_requirement(
        **about, expected=second.pk, wish=wish(found, title="Noise and dust "), today=later
    )
    with pytest.raises(DomainError, match="why it ends"):
        end_own_requirement(**about, expected=second.pk, note="", today=last)
    end_own_requirement(**about, expected=second.pk, note="School moved", today=last)

    assert same == second
    titles = [
        row.title if (row := known(found, day).additions.own.get("OWN-1")) else None
        for day in (DAY, later, last)
    ]
    assert titles == ["Noise plan", "Noise and dust", None]
    assert own(found, title="Dust").code == "OWN-2"


def test_own_requirement_is_neither_tailored_nor_waived() -> None:
    found = scene()
    own(found)

    with pytest.raises(DomainError) as dropped:
        tailor(
            actor=found.alice, project=found.project, requirement="OWN-1", choice="DROP", note="No", today=DAY
        )
    with pytest.raises(DomainError) as waived:
        request_waiver(
            actor=found.alice, project=found.project, requirement="OWN-1", reason="R", risk="R",
            compensating_control="C", expires_on=DAY, today=DAY,
        )  # fmt: skip

    assert (dropped.value.code, waived.value.code) == ("OWN", "NOT_MANDATORY")


def test_upgrade_keeps_what_the_project_added() -> None:
    """STD-2: three ways; own requirements and increments are no difference between the versions."""
    found = scene()
    own(found)
    own(found, gate="G6")
    placed(found)
    author = anna()
    draft = draft_of(stage_gate(), author)
    for part, code in (("gates", "G6"), ("phases", "SG6"), ("requirements", "SG-03")):
        rows = draft.content
        edition = MethodologyVersion.objects.get(pk=draft.pk).edition
        if part == "gates":
            gone = [row.code for row in rows.requirements if row.gate == "G6"]
            checks = [row.code for row in rows.checks if row.gate == "G6"]
            for each, where in [*((g, "requirements") for g in gone), *((c, "checks") for c in checks)]:
                draft = remove_row(actor=author, version=draft, edition=edition, part=where, code=each)
                edition += 1
        draft = remove_row(actor=author, version=draft, edition=edition, part=part, code=code)
    newer = publish(draft, author=author, head=paula())

    kept = kept_lines(known(found), newer)
    said = " ".join(row.sentence for row in upgrade_rows(known(found), newer))
    migrate_methodology(
        actor=found.alice, project=found.project, version=newer, expected=stage_gate().pk, today=DAY
    )

    assert kept == [
        KeptLine("OWN-1 “Noise plan”"),
        KeptLine("OWN-2 “Noise plan”", "The new version has no gate G6: choose another one afterwards."),
        KeptLine("Increments AH2 inside SG4"),
    ]
    assert ("SG-03" in said, "OWN" in said, "AH-17" in said) == (True, False, False)
    after = known(found)
    assert [after.content.requirement(code) is not None for code in ("OWN-1", "OWN-2", "A2", "SG-03")] == [
        True, True, True, False,
    ]  # fmt: skip
