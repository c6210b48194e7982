"""Increments inside a phase, and requirements of a project's own (STD-3, STD-20)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from portfolio.interchange.methodology_file import SHIPPED, read_methodology
from portfolio.rollup.compliance import ItemStatus, Records, Step, StepState, Window, compliance_of, items_on
from portfolio.rollup.methodology import TIERS, Cadence, Content, RequirementKind, Words
from portfolio.rollup.methodology_check import faults_of
from portfolio.rollup.tailored import (
    Increments,
    OwnRule,
    can_hold_increments,
    gate_before,
    increment_rows,
    is_increment,
    same_codes,
    tailored,
)

SG: Content = read_methodology(SHIPPED / "sg.toml").content
AH: Content = read_methodology(SHIPPED / "ah.toml").content
PLACED = Increments(AH, "AH2", "SG4", Cadence.MONTHLY)
REVIEWS = ("A2", "AH-17", "AH-18", "AH-19", "AH-20", "AH-21")
BOUND = date(2026, 1, 5)
BUILD, READY = date(2026, 3, 2), date(2026, 9, 1)


def test_increments_bring_controls_and_no_gate() -> None:
    """STD-20: the phase is placed as SG4; its A2.n reviews count as controls, not gates."""
    found = tailored(SG, increments=PLACED)

    rows = [row for row in found.requirements if row.code in REVIEWS]
    assert [row.code for row in rows] == list(REVIEWS)
    assert {row.kind for row in rows} == {RequirementKind.CONTROL}
    assert {row.gate for row in rows} == {""}
    assert all(row.cadence == dict.fromkeys(TIERS, Cadence.MONTHLY) for row in rows)
    assert (found.gates, found.phases, found.checks) == (SG.gates, SG.phases, SG.checks)
    assert found.gates_of(rows[0]) == ()


def test_the_review_asks_what_its_gate_asked() -> None:
    """STD-20: question and checklist of A2 stand in the control, the first decider answers for it."""
    review = increment_rows(PLACED)[0]

    assert review.title.en == "Increment review: Continue, change or stop the funding?"
    assert "The option to stop was discussed." in review.purpose.en
    assert dict(review.shares) == {"SPONSOR": "A", "BOARD": "C"}
    assert {rule.value for rule in review.tiers.values()} == {"M"}


def test_roles_that_are_missing_come_along() -> None:
    """STD-20: the product owner comes from AH, the sponsor stays the one of SG."""
    found = tailored(SG, increments=PLACED)

    added = [role.code for role in found.roles if role not in SG.roles]
    assert "PRODUCT_OWNER" in added
    assert "SPONSOR" not in added
    assert found.role("SPONSOR") == SG.role("SPONSOR")
    assert "RESERVED" not in {fault.code for fault in faults_of(found)}
    assert faults_of(found) == []


def test_only_a_phase_that_repeats_is_placed_and_only_in_one_that_ends_once() -> None:
    fitting = [phase.code for phase in AH.phases if is_increment(AH, phase)]
    room = [phase.code for phase in AH.phases if can_hold_increments(AH, phase)]

    assert fitting == ["AH2"]
    assert room == ["AH0", "AH1", "AH3", "AH4"]


def test_a_version_without_the_phase_is_left_as_it_is() -> None:
    assert tailored(SG, increments=replace(PLACED, inside="SG9")) == SG
    assert tailored(SG) is SG


def test_codes_of_both_are_told() -> None:
    assert same_codes(SG, increment_rows(PLACED)) == ()
    assert same_codes(AH, increment_rows(PLACED)) == ("A2", *REVIEWS[1:])


def test_the_gate_before_a_phase() -> None:
    before = {code: gate_before(SG, code) for code in ("SG0", "SG4")}

    assert {code: gate.code if gate else None for code, gate in before.items()} == {"SG0": None, "SG4": "G3"}


def status_on(day: date, *done: date, window: Window | None = None) -> tuple[ItemStatus, date | None]:
    """How the increment review counts on a day."""
    records = Records(
        bound_on=BOUND,
        tier="T2",
        steps={"A2": tuple(Step(StepState.DONE, on) for on in done)},
        windows={"A2": window or Window(BUILD, READY)},
    )
    item = next(row for row in items_on(tailored(SG, increments=PLACED), records, day) if row.code == "A2")
    return item.status, item.due_on


def test_reviews_recur_while_their_phase_lasts() -> None:
    """STD-20: due from the gate before the phase on, each month with a week of grace, until its own gate."""
    due = date(2026, 4, 2)

    assert status_on(date(2026, 2, 1)) == (ItemStatus.NOT_DUE, due)
    assert status_on(date(2026, 4, 9)) == (ItemStatus.NOT_DUE, due)
    assert status_on(date(2026, 4, 10)) == (ItemStatus.NOT_MET, due)
    assert status_on(date(2026, 4, 20), date(2026, 4, 8)) == (ItemStatus.MET, date(2026, 5, 9))


def test_after_the_phase_its_last_day_counts() -> None:
    """Reviews are not asked for any more, but what was missing stays missing."""
    met = status_on(date(2027, 1, 1), date(2026, 8, 20))
    missed = status_on(date(2027, 1, 1), date(2026, 4, 8))

    assert met == (ItemStatus.MET, date(2026, 9, 20))
    assert missed == (ItemStatus.NOT_MET, date(2026, 5, 9))


def test_without_a_day_of_the_gate_before_nothing_is_due() -> None:
    assert status_on(READY, window=Window(None, None)) == (ItemStatus.UNDATED, None)


def test_own_requirements_are_counted_apart() -> None:
    """STD-3, STD-5: the project may add anything; it does not lift what the methodology asks."""
    own = OwnRule("OWN-1", "Noise plan", "Near a school", gate="G0", approver="SPONSOR", weight=3)
    control = OwnRule("OWN-2", "Noise measured", "Near a school", cadence=Cadence.MONTHLY)
    day = date(2026, 3, 2)
    records = Records(
        bound_on=BOUND,
        tier="T2",
        steps={"OWN-1": (Step(StepState.APPROVED, BOUND),)},
        gate_dates={"G0": (date(2026, 3, 1),)},
        own=frozenset({"OWN-1", "OWN-2"}),
    )

    items = items_on(tailored(SG, own=[own, control]), records, day)

    ours = [(item.code, item.status, item.weight) for item in items if item.is_own]
    assert ours == [("OWN-1", ItemStatus.MET, 3), ("OWN-2", ItemStatus.NOT_MET, 1)]
    assert compliance_of([item for item in items if item.is_own]).percent == Decimal(75)
    assert compliance_of([item for item in items if not item.is_own]).percent == Decimal(0)


def test_no_methodology_uses_the_codes_of_own_requirements() -> None:
    rows = (replace(SG.requirements[0], code="OWN-1", title=Words("Own", "Eigen")), *SG.requirements[1:])

    found = faults_of(replace(SG, requirements=rows))

    assert [(fault.code, fault.row) for fault in found] == [("RESERVED", "OWN-1")]
