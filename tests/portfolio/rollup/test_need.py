"""Which PMO an organization needs (NEED-1 to NEED-3)."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.rollup.need import (
    CODES,
    QUESTIONS,
    Change,
    Factor,
    Mandate,
    Rule,
    Ruling,
    answer_for,
    assess_need,
    band_of,
    index_of,
    rulings_of,
)

EX_NEED = (3, 2, 4, 3, 2, 3, 2, 1, 2, 3, 2, 2, 1, 2, 1, 1, 2, 1, 0, 1)


def answers(c: int = 2, z: int = 2, m: int = 2, **given: int) -> dict[str, int]:
    """The same answer to all questions of a factor, but those given."""
    values = {Factor.COMPLEXITY: c, Factor.SIZE: z, Factor.MATURITY: m}
    return {code: values[factor] for factor, codes in QUESTIONS.items() for code in codes} | given


def test_ex_need() -> None:
    """EX-NEED, NEED-2: 62.5, 50.0 and 25.0 make 60.6, controlling; the floor says so too."""
    need = assess_need([dict(zip(CODES, EX_NEED, strict=True))])

    assert [need.score(factor) for factor in Factor] == [Fraction(125, 2), 50, 25]
    assert need.index == Fraction(60625, 1000)
    assert (need.band, need.mandate) == (Mandate.CONTROLLING, Mandate.CONTROLLING)
    assert need.rulings == (Ruling(Rule.FLOOR_COMPLEX, Mandate.CONTROLLING, Mandate.CONTROLLING),)
    assert (need.to_lower, need.to_upper) == (Fraction(15625, 1000), Fraction(4375, 1000))


def test_changes_of_ex_need_name_the_nearest_score_of_each_factor() -> None:
    """NEED-2: a fall of complexity passes the floor at 60 first, which the band holds."""
    need = assess_need([dict(zip(CODES, EX_NEED, strict=True))])

    assert need.changes == (
        Change(Factor.COMPLEXITY, Fraction(650, 9), True, False, Mandate.DIRECTIVE),
        Change(Factor.COMPLEXITY, Fraction(250, 9), False, True, Mandate.LIGHT_SUPPORT),
        Change(Factor.SIZE, Fraction(125, 2), True, False, Mandate.DIRECTIVE),
        Change(Factor.SIZE, Fraction(15), False, True, Mandate.LIGHT_SUPPORT),
        Change(Factor.MATURITY, Fraction(25, 8), False, False, Mandate.DIRECTIVE),
    )


def spread(factor: Factor, quarters: int) -> list[dict[str, int]]:
    """A hundred respondents with so many quarters of a percent for a factor; below 400 no statute holds."""
    return [dict.fromkeys(QUESTIONS[factor], (quarters + place) // 100) for place in range(100)]


def mandate_at(c: Fraction, z: Fraction, m: Fraction) -> Mandate:
    scores = dict(zip(Factor, (c, z, m), strict=True))
    rulings = rulings_of(scores, has_statute=False)
    return rulings[-1].after if rulings else band_of(index_of(scores))


@given(st.tuples(*[st.integers(0, 399)] * 3))
@settings(max_examples=25, deadline=None)
def test_nearest_change_is_what_trying_every_score_finds(quarters: tuple[int, int, int]) -> None:
    """NEED-2: all scores before it recommend the same; without one, all up to the end of the scale do."""
    people = [spread(factor, number) for factor, number in zip(Factor, quarters, strict=True)]
    need = assess_need([c | z | m for c, z, m in zip(*people, strict=True)])
    here = [need.score(factor) for factor in Factor]
    assert here == [Fraction(number, 4) for number in quarters]

    def there(place: int, score: Fraction) -> Mandate:
        return mandate_at(*(*here[:place], score, *here[place + 1 :]))

    for place, factor in enumerate(Factor):
        for is_rise in (True, False):
            told = [each for each in need.changes if (each.factor, each.is_rise) == (factor, is_rise)]
            limit = told[0].score if told else None
            end = (100 if limit is None else limit) if is_rise else (-1 if limit is None else limit)
            steps = [Fraction(step, 4) for step in range(401)]
            between = [
                each for each in steps if (here[place] < each < end if is_rise else end < each < here[place])
            ]
            assert {there(place, each) for each in between} <= {need.mandate}
            if limit is None:
                assert there(place, Fraction(100 if is_rise else 0)) == need.mandate
            else:
                step = Fraction(1, 10_000) * (1 if is_rise else -1)
                assert there(place, limit + step * told[0].is_beyond) == told[0].mandate != need.mandate
                assert told[0].is_beyond == (there(place, limit) == need.mandate)


def test_only_who_answered_is_a_respondent() -> None:
    """NEED-3: an invitation without an answer counts for nothing."""
    need = assess_need([answers(), {}, answers(c=4)])

    assert (need.respondents, need.score(Factor.COMPLEXITY)) == (2, 75)


@pytest.mark.parametrize(
    ("index", "mandate"),
    [
        (Fraction(0), Mandate.NO_PMO),
        (Fraction(24999, 1000), Mandate.NO_PMO),
        (Fraction(25), Mandate.LIGHT_SUPPORT),
        (Fraction(45), Mandate.CONTROLLING),
        (Fraction(64999, 1000), Mandate.CONTROLLING),
        (Fraction(65), Mandate.DIRECTIVE),
        (Fraction(100), Mandate.DIRECTIVE),
    ],
)
def test_band_begins_at_its_limit(index: Fraction, mandate: Mandate) -> None:
    """CON-2: limits are compared before rounding."""
    assert band_of(index) == mandate


def test_floor_of_complex_and_immature_applies() -> None:
    """NEED-1: C 62.5, Z 16.7 and M 37.5 meet the floor of complex and immature organizations."""
    need = assess_need([answers(c=2, z=0, m=1, C1=4, C2=4, Z1=4, M1=4)])

    assert [need.score(factor) for factor in Factor] == [Fraction(125, 2), Fraction(50, 3), Fraction(75, 2)]
    assert need.index == Fraction(45, 100) * Fraction(125, 2) + Fraction(35, 6) + Fraction(25, 2)
    assert need.mandate == Mandate.CONTROLLING
    assert need.rulings[0].rule is Rule.FLOOR_COMPLEX


def test_floor_holds_only_below_a_maturity_of_40() -> None:
    """NEED-1, CON-2: a maturity of 41.7 leaves the band alone."""
    need = assess_need([answers(c=2, z=0, m=1, C1=4, C2=4, Z1=4, M1=4, M2=2)])

    assert need.rulings == ()
    assert need.mandate == need.band


@pytest.mark.parametrize(
    ("c", "z", "m", "rules"),
    [
        ("60", "15", "39.999", [Rule.FLOOR_COMPLEX]),
        ("60", "15", "40", []),
        ("59.999", "15", "39.999", []),
        ("59.999", "14.999", "40", [Rule.CAP_SMALL]),
        ("60", "14.999", "39.999", [Rule.FLOOR_COMPLEX, Rule.CAP_SMALL]),
        ("59.999", "15", "75", [Rule.CAP_MATURE]),
        ("59.999", "15", "74.999", []),
    ],
)
def test_floors_and_caps_begin_at_their_limits(c: str, z: str, m: str, rules: list[Rule]) -> None:
    """NEED-1, CON-2: C from 60 on with M below 40, Z below 15, M from 75 on; compared before rounding."""
    scores = dict(zip(Factor, map(Fraction, (c, z, m)), strict=True))

    assert [ruling.rule for ruling in rulings_of(scores, has_statute=False)] == rules


def test_statute_is_a_floor_and_the_rule_that_decided() -> None:
    """NEED-1: C8 = 4 lifts "no PMO" to light support."""
    need = assess_need([answers(c=0, z=1, m=4, C8=4)])

    assert need.band == Mandate.NO_PMO
    assert need.rulings == (
        Ruling(Rule.FLOOR_STATUTE, Mandate.NO_PMO, Mandate.LIGHT_SUPPORT),
        Ruling(Rule.CAP_MATURE, Mandate.LIGHT_SUPPORT, Mandate.LIGHT_SUPPORT),
    )
    assert need.mandate == Mandate.LIGHT_SUPPORT


def test_cap_of_small_size_wins_over_the_floor_and_advises_a_program_office() -> None:
    """NEED-1: floors, then caps."""
    need = assess_need([answers(c=3, z=0, m=0)])

    assert need.rulings == (
        Ruling(Rule.FLOOR_COMPLEX, Mandate.CONTROLLING, Mandate.CONTROLLING),
        Ruling(Rule.CAP_SMALL, Mandate.CONTROLLING, Mandate.LIGHT_SUPPORT),
    )
    assert [ruling.moved for ruling in need.rulings] == [False, True]
    assert (need.mandate, need.advise_program_office) == (Mandate.LIGHT_SUPPORT, True)


def test_cap_of_mature_organizations() -> None:
    """NEED-1: C 100, Z 100, M 75 is 85, directive by its band."""
    need = assess_need([answers(c=4, z=4, m=3)])

    assert (need.index, need.band, need.mandate) == (85, Mandate.DIRECTIVE, Mandate.CONTROLLING)
    assert need.advise_program_office is False


def test_too_few_answers_have_a_reason_and_no_figures() -> None:
    """CON-4: 5 of 8 is below 75 %, 6 of 8 is enough."""
    given = answers()
    five = {code: value for code, value in given.items() if code not in {"C1", "C2", "C3"}}
    six = {code: value for code, value in given.items() if code not in {"C1", "C2"}}

    need = assess_need([five])

    assert (need.index, need.mandate, need.reason) == (None, None, "INSUFFICIENT_DATA")
    assert (need.factors[0].score, need.factors[0].answered) == (None, 5)
    assert assess_need([six]).reason == ""
    assert assess_need([]).reason == "INSUFFICIENT_DATA"


def test_respondents_are_averaged_and_their_spread_is_kept() -> None:
    """NEED-3."""
    need = assess_need([answers(c=1), answers(c=4)])

    complexity = need.factors[0]
    assert complexity.score == Fraction(125, 2)
    assert complexity.spread is not None
    assert (complexity.spread.low, complexity.spread.high, complexity.spread.width) == (25, 100, 75)
    assert need.questions["C1"].mean == Fraction(5, 2)
    assert need.questions["Z1"].width == 0


@pytest.mark.parametrize(
    ("code", "highest"),
    [
        ("Z1", (3, 8, 20, 40)),
        ("Z2", (10, 30, 100, 300)),
        ("Z5", (2, 6, 15, 30)),
        ("Z6", (1, 3, 5, 8)),
    ],
)
def test_counted_number_stands_for_an_answer(code: str, highest: tuple[int, ...]) -> None:
    """Domain 14.1: each limit belongs to the lower answer, the next number to the upper one."""
    assert [answer_for(code, number) for number in highest] == [0, 1, 2, 3]
    assert [answer_for(code, number + 1) for number in highest] == [1, 2, 3, 4]
    assert answer_for("M1", 2) is None
