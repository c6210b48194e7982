"""Going on to another version: old, new and the project's own choices compared (STD-2)."""

from dataclasses import replace

from portfolio.rollup.compliance import Choice
from portfolio.rollup.methodology import (
    TIERS,
    CheckRule,
    Content,
    RequirementKind,
    RequirementRule,
    TierRule,
    Words,
)
from portfolio.rollup.methodology_changes import ChangeKind
from portfolio.rollup.upgrade import Outcome, ended_choices, other_changes, upgrade_lines


def requirement(code: str, tiers: str = "MMMM", title: str = "") -> RequirementRule:
    rules = {tier: TierRule(rule) for tier, rule in zip(TIERS, tiers, strict=True)}
    return RequirementRule(code, RequirementKind.ARTEFACT, Words(title or code), rules, gate="G1")


def check(code: str, *tiers: str) -> CheckRule:
    return CheckRule(code, "G1", Words(code), tiers=tiers)


OLD = Content(
    Words("Old"), requirements=(requirement("A"), requirement("B", "RRRR"), requirement("C", "RRRR"))
)
NEW = Content(
    Words("New"),
    requirements=(requirement("B"), requirement("C", "RRRR", "Other"), requirement("D"), requirement("E")),
)


def test_removed_added_and_changed_with_what_becomes_of_the_own_part() -> None:
    choices = {"A": Choice.KEEP, "B": Choice.DROP, "C": Choice.DROP}

    lines = upgrade_lines(OLD, NEW, tier="T2", choices=choices, artefacts={"A", "C", "E"})

    assert [(line.code, line.kind, line.outcomes) for line in lines] == [
        ("A", ChangeKind.REMOVED, (Outcome.ARTEFACT_EXTRA, Outcome.CHOICE_GONE)),
        ("B", ChangeKind.CHANGED, (Outcome.CHOICE_ENDS,)),
        ("C", ChangeKind.CHANGED, (Outcome.ARTEFACT_KEPT, Outcome.CHOICE_KEPT)),
        ("D", ChangeKind.ADDED, (Outcome.NOTHING_DONE,)),
        ("E", ChangeKind.ADDED, (Outcome.ARTEFACT_KEPT,)),
    ]


def test_only_what_is_mandatory_now_ends_a_choice() -> None:
    choices = {"A": Choice.DROP, "B": Choice.DROP, "C": Choice.DROP}

    assert ended_choices(NEW, tier="T2", choices=choices) == ("B",)


def test_same_version_changes_nothing() -> None:
    assert upgrade_lines(OLD, OLD, tier="T2", choices={}, artefacts={"A"}) == []
    assert other_changes(OLD, OLD, tier="T2") == []


def test_questions_of_gates_differ_for_the_tiers_that_answer_them() -> None:
    """A.3 journey 1: a new question of a gate is a difference, and requirements are told apart from it."""
    old = replace(OLD, checks=(check("GONE", "T2"), check("BIG", "T4"), check("WIDER", "T4")))
    new = replace(NEW, name=Words("Old"), checks=(check("WIDER"), check("HUGE", "T4"), check("NEW")))

    assert [(each.code, each.kind) for each in other_changes(old, new, tier="T2")] == [
        ("WIDER", ChangeKind.CHANGED),
        ("NEW", ChangeKind.ADDED),
        ("GONE", ChangeKind.REMOVED),
    ]
