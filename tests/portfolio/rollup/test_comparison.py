"""Comparison of two dates (HLT-8)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.rollup.comparison import ColorChange, ComparedRow, Move, Transition, compare
from portfolio.rollup.vocabulary import Color
from tests.portfolio.rollup.examples import POLICY, dec

G, A, R, X = Color.GREEN, Color.AMBER, Color.RED, Color.GREY
RULES = POLICY.trend


def row(key: str, color: Color = G, score: str | None = "100", weight: str = "1", parent: str = "PF"):
    return ComparedRow(key, color, None if score is None else dec(score), dec(weight), parent)


def test_joined_left_and_moved():
    """HLT-8: a project known elsewhere moved; one unknown joined or left."""
    before = [row("stays"), row("gone"), row("away"), row("shifts", parent="PR1")]
    after = [row("stays"), row("new"), row("back"), row("shifts", parent="PR2")]

    found = compare(before, after, RULES, parents_before={"back": "OTHER"}, parents_after={"away": "OTHER"})

    assert (found.joined, found.left) == (("new",), ("gone",))
    assert found.moved == (
        Move("away", "PF", "OTHER"),
        Move("back", "OTHER", "PF"),
        Move("shifts", "PR1", "PR2"),
    )


def test_transition_matrix_and_color_changes():
    """HLT-8: cells over projects at both dates, all color changes."""
    before = [row("a", G), row("b", G), row("c", R), row("d", A)]
    after = [row("a", G), row("b", R), row("c", R), row("e", G)]

    found = compare(before, after, RULES)

    assert found.transitions == (
        Transition(G, G, 1, ("a",)),
        Transition(G, R, 1, ("b",)),
        Transition(R, R, 1, ("c",)),
    )
    assert found.color_changes == (ColorChange("b", G, R),)
    assert found.newly_red == ("b",)


def test_movers_are_five_by_size_then_budget():
    """HLT-8: top 5 by the size of the change, then by budget; GREY projects do not move."""
    before = [row(str(number), score="50") for number in range(8)]
    after = [
        row("0", score="60", weight="1"),
        row("1", score="40", weight="9"),
        row("2", score="90"),
        row("3", score="51"),
        row("4", score="52"),
        row("5", score="53"),
        row("6", score="50"),
        row("7", X, score="0"),
    ]

    found = compare(before, after, RULES)

    assert [mover.key for mover in found.movers] == ["2", "1", "0", "5", "4"]


def test_like_for_like_uses_one_set_of_budgets():
    """HLT-8: a budget that grew is mix, not health."""
    before = [row("a", score="100", weight="1"), row("b", score="50", weight="1")]
    after = [row("a", score="100", weight="1"), row("b", score="50", weight="3")]

    change = compare(before, after, RULES).score

    assert (change.before, change.after, change.total) == (75, dec("62.5"), dec("-12.5"))
    assert (change.like_for_like, change.mix) == (0, dec("-12.5"))


def test_no_common_rated_project_has_no_like_for_like():
    """CON-4: null, not 0."""
    change = compare([row("a")], [row("b")], RULES).score

    assert (change.total, change.like_for_like, change.mix) == (0, None, None)


def test_nothing_on_either_side():
    """CON-4: two empty dates compare to nothing."""
    found = compare([], [], RULES)

    assert (found.joined, found.movers, found.score.total) == ((), (), None)


@settings(deadline=None)
@given(order=st.permutations(list("abcde")))
def test_order_of_rows_is_irrelevant(order):
    """SEC-37."""
    before = {key: row(key, score=str(10 * number)) for number, key in enumerate("abcde")}
    after = {key: row(key, score=str(10 * (5 - number))) for number, key in enumerate("abcde")}

    found = compare([before[key] for key in order], [after[key] for key in order], RULES)

    assert found == compare(before.values(), after.values(), RULES)
    assert found.to_dict()["score"]["like_for_like"] == "10"
