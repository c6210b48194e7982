"""Contents of methodologies: what is wrong with them, and what differs between two (STD-1, STD-21)."""

from dataclasses import replace
from decimal import Decimal

from portfolio.rollup.methodology import (
    TIERS,
    CheckRule,
    Content,
    GateRule,
    PhaseRule,
    RequirementKind,
    RequirementRule,
    RoleRule,
    TierRule,
    Words,
)
from portfolio.rollup.methodology_changes import ChangeKind, FieldChange, changes_between
from portfolio.rollup.methodology_check import ContentFault, faults_of, sentence_of


def requirement(code: str = "X-01", tiers: str = "MMMM", **values: object) -> RequirementRule:
    given = {"gate": "G1", "approver": "SPONSOR", **values}
    rules = {tier: TierRule(rule) for tier, rule in zip(TIERS, tiers, strict=True)}
    return RequirementRule(code, RequirementKind.ARTEFACT, Words(f"Title {code}"), rules, **given)  # type: ignore[arg-type]


def content() -> Content:
    return Content(
        name=Words("Small", "Klein"),
        roles=(RoleRule("SPONSOR", Words("Sponsor"), held_by=("SPONSOR",)),),
        phases=(PhaseRule("P1", Words("One")), PhaseRule("P2", Words("Two"))),
        gates=(
            GateRule("G1", "P1", Words("Go on?"), ("SPONSOR",)),
            GateRule("G2", "P2", Words("Close?"), ("SPONSOR",)),
        ),
        requirements=(requirement("X-01"), requirement("X-02", "-RMM"), requirement("X-03", gate="G2")),
        checks=(CheckRule("G1-1", "G1", Words("Ready?"), is_knock_out=True),),
    )


def test_words_fall_back_to_english() -> None:
    assert [Words("Gate", "Tor").text(language) for language in ("en", "de", "de-at", "fr")] == [
        "Gate",
        "Tor",
        "Tor",
        "Gate",
    ]
    assert Words("Gate").text("de") == "Gate"


def test_content_survives_its_json() -> None:
    assert Content.from_dict(content().to_dict()) == content()


def test_gates_of_a_requirement_stand_in_the_order_of_the_methodology() -> None:
    each = requirement(gate="EACH")
    refreshed = requirement(gate="G2", refreshed_at=("G1",))

    assert content().gates_of(each) == ("G1", "G2")
    assert content().gates_of(refreshed) == ("G1", "G2")


def test_complete_content_has_no_faults() -> None:
    assert faults_of(content()) == []


def test_faults_name_row_and_key() -> None:
    faulty = replace(
        content(),
        gates=(GateRule("G1", "P9", Words(""), ("NOBODY",), quorum=0, pass_threshold=Decimal(101)),),
        requirements=(
            requirement("X-01", "----", weight=4, approver="GHOST"),
            requirement("X-01", gate="", approver=""),
        ),
        checks=(CheckRule("C", "G7", Words("Ready?"), weight=0),),
    )

    assert faults_of(faulty) == [
        ContentFault("gates G1", "question.en", "MISSING"),
        ContentFault("requirements X-01", "code", "TWICE"),
        ContentFault("gates G1", "closes_phase", "NO_SUCH_PHASE", ("P9",)),
        ContentFault("gates G1", "deciders", "NO_SUCH_ROLE", ("NOBODY",)),
        ContentFault("gates G1", "pass_threshold", "THRESHOLD"),
        ContentFault("gates G1", "quorum", "QUORUM"),
        ContentFault("requirements X-01", "tiers", "NEVER_ASKED"),
        ContentFault("requirements X-01", "weight", "WEIGHT"),
        ContentFault("requirements X-01", "approver", "NO_SUCH_ROLE", ("GHOST",)),
        ContentFault("requirements X-01", "approver", "MISSING"),
        ContentFault("requirements X-01", "gate", "NO_DUE"),
        ContentFault("checks C", "gate", "NO_SUCH_GATE", ("G7",)),
        ContentFault("checks C", "weight", "WEIGHT"),
    ]
    assert sentence_of(faults_of(faulty)[2]) == (
        "gates G1, closes_phase: names the phase P9, which is not among the phases; add it or choose another."
    )


def test_same_contents_do_not_differ() -> None:
    assert changes_between(content(), content()) == []


def test_changes_name_added_removed_changed_and_moved_rows() -> None:
    old = content()
    first, second, third = old.requirements
    stricter = replace(second, tiers={**second.tiers, "T2": TierRule.MANDATORY})
    new = replace(
        old,
        summary=Words("Shorter"),
        phases=(old.phases[1], old.phases[0]),
        requirements=(stricter, third, requirement("X-04")),
    )

    changes = changes_between(old, new)

    assert [(change.part, change.kind, change.code) for change in changes] == [
        ("methodology", ChangeKind.CHANGED, ""),
        ("phases", ChangeKind.MOVED, "P1"),
        ("requirements", ChangeKind.CHANGED, "X-02"),
        ("requirements", ChangeKind.ADDED, "X-04"),
        ("requirements", ChangeKind.REMOVED, "X-01"),
    ]
    assert changes[2].fields == (FieldChange("tiers", second.tiers, stricter.tiers),)
    assert changes[4].before == first
