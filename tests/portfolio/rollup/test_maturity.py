"""Maturity by perspective (MAT-1 to MAT-5)."""

from fractions import Fraction

from portfolio.rollup.maturity import CODES, Aim, Perspective, assess_maturity, gaps_of


def said(perspective: str, *values: int) -> dict[str, int]:
    """Answers to the eight statements of a perspective, level by level."""
    codes = [code for code in CODES if code.startswith(perspective)]
    return dict(zip(codes, values, strict=True))


def test_ex_mat() -> None:
    """EX-MAT, MAT-1, MAT-2."""
    risk = assess_maturity([said("RISK", 3, 2, 2, 2, 1, 2, 0, 0)]).of("RISK")

    assert (risk.level, risk.continuous, risk.unanswered) == (3, 3, 0)


def test_ex_mat_with_a_zero_below() -> None:
    """EX-MAT: with 3 and 0 at level 3 the mean is 1.5, level 2."""
    risk = assess_maturity([said("RISK", 3, 2, 3, 0, 1, 2, 0, 0)]).of("RISK")

    assert risk.level == 2


def test_level_needs_all_lower_levels_and_no_zero() -> None:
    """MAT-1: full marks above a gap lift nothing."""
    skips = assess_maturity([said("RISK", 3, 3, 1, 1, 3, 3, 3, 3)]).of("RISK")
    several = assess_maturity([said("RISK", 3, 3, 3, 3, 3, 1, 0, 0)] * 2).of("RISK")

    assert (skips.level, several.level) == (2, 4)


def test_organization_stands_where_its_lowest_perspective_stands() -> None:
    """MAT-3, MAT-4: unanswered statements count 0 and are marked."""
    profile = assess_maturity([said("RISK", *[3] * 8) | said("FINANCE", *[3] * 4, 0, 0, 0, 0)])

    assert profile.level == 1
    assert profile.of("RISK").level == 5
    assert profile.of("GOVERNANCE").unanswered == 8
    assert {(each.mean, each.low, each.high) for each in profile.of("GOVERNANCE").statements} == {(0, 0, 0)}
    assert profile.continuous == Fraction(5 + 3 + 5 * 1, 7)


def test_respondents_are_averaged() -> None:
    risk = assess_maturity([said("RISK", *[3] * 8), said("RISK", *[1] * 8)]).of("RISK")

    assert risk.level == 5
    assert (risk.statements[0].mean, risk.statements[0].low, risk.statements[0].high) == (2, 1, 3)


def test_gap_plan_takes_every_statement_below_two_up_to_the_target() -> None:
    """MAT-5: priority = (target - level) x weight, lower levels first."""
    profile = assess_maturity([said("RISK", 3, 3, 3, 1, 0, 2, 0, 0) | said("FINANCE", *[0] * 8)])

    gaps = gaps_of(profile, {"RISK": Aim(4, 2), "FINANCE": Aim(2, 3), "CONTROL": Aim(1)})

    assert [(gap.code, gap.priority) for gap in gaps] == [
        ("FINANCE-2a", 3),
        ("FINANCE-2b", 3),
        ("RISK-3b", 2),
        ("RISK-4a", 2),
    ]


def test_largest_priority_is_first_whatever_the_order_of_the_perspectives() -> None:
    """MAT-5: finance stands before risk in the profile; in one priority the lower level comes first."""
    profile = assess_maturity([said("RISK", *[0] * 8) | said("FINANCE", *[0] * 8)])

    gaps = gaps_of(profile, {"RISK": Aim(3, 2), "FINANCE": Aim(3, 1)})

    assert [(gap.code, gap.priority) for gap in gaps[1:5]] == [
        ("RISK-2b", 4),
        ("RISK-3a", 4),
        ("RISK-3b", 4),
        ("FINANCE-2a", 2),
    ]


def test_no_gap_where_the_target_is_reached() -> None:
    """Level 3 is reached with 3 and 1: the weak statement is no gap at a target of 3."""
    profile = assess_maturity([said("RISK", 3, 3, 3, 1, 0, 0, 0, 0)])

    assert profile.of("RISK").level == 3
    assert gaps_of(profile, {Perspective.RISK: Aim(3, 3)}) == ()
