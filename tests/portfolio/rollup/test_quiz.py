"""Quizzes: the seed decides what is asked and in which order; all right options and no other count."""

from dataclasses import replace
from decimal import Decimal

import pytest

from portfolio.rollup.quiz import (
    Asked,
    CourseText,
    Module,
    Question,
    QuestionKind,
    draw,
    is_right,
    mark,
    text_as_json,
    text_from_json,
)

pytestmark = pytest.mark.pure
K = QuestionKind
OPTIONS = ("a", "b", "c", "d")
ONE = Question("one", K.SINGLE, "One?", "Because.", OPTIONS, (2,))
TWO = Question("two", K.MULTIPLE, "Two?", "Because.", OPTIONS, (0, 3), points=2)
TRUE = Question("true", K.TRUE_FALSE, "True?", "Because.", right=(0,))
SUM = Question("sum", K.NUMERIC, "EAC?", "Because.", answer=Decimal(1250), tolerance=Decimal(1))
ALL = (ONE, TWO, TRUE, SUM)


def _asked(question: Question, *order: int) -> Asked:
    return Asked(question, order or (0, 1, 2, 3))


def test_seed_decides_and_order_of_the_file_does_not() -> None:
    """KNO-4: an attempt is drawn again as it was."""
    first = draw(ALL, number=3, seed=7)

    assert draw(tuple(reversed(ALL)), number=3, seed=7) == first
    assert [each.question.code for each in first] == ["sum", "true", "one"]
    assert {tuple(each.question.code for each in draw(ALL, number=3, seed=seed)) for seed in range(40)} > {
        ("sum", "true", "one")
    }


def test_true_comes_before_false_and_options_are_shuffled() -> None:
    orders = {draw([ONE], number=1, seed=seed)[0].order for seed in range(200)}

    assert {draw([TRUE], number=1, seed=seed)[0].order for seed in range(20)} == {(0, 1)}
    assert len(orders) == 24


@pytest.mark.parametrize(
    ("given", "right"),
    [(["0", "3"], False), (["3", "0"], False), (["0", "1"], True), (["0"], False), (["0", "1", "2"], False)],
)
def test_several_answers_need_all_and_no_other(given: list[str], right: bool) -> None:
    """Positions are those shown: option 3 stands first, option 0 second."""
    assert is_right(_asked(TWO, 3, 0, 1, 2), given) is right


@pytest.mark.parametrize("given", [[], ["9"], ["x"], ["-1"], ["²"], ["2", "2x", "1"]])
def test_what_is_no_option_is_no_answer(given: list[str]) -> None:
    assert not is_right(_asked(ONE), given)


@pytest.mark.parametrize("typed", ["1250", "1,250", "1.250", "1 250", "1,250.4", "1.250,4", "1251", " 1249 "])
def test_number_is_read_as_people_type_it(typed: str) -> None:
    assert is_right(_asked(SUM), [typed])


@pytest.mark.parametrize(
    "typed", ["1251.5", "1.25", "12,50", "NaN", "Infinity", "", "1250 or so", "1e999999"]
)
def test_other_number_is_wrong(typed: str) -> None:
    assert not is_right(_asked(SUM), [typed])


def test_score_weighs_points() -> None:
    """KNO-4: points ÷ possible points × 100."""
    attempt = [_asked(ONE), _asked(TWO), _asked(TRUE, 0, 1), _asked(SUM)]

    result = mark(attempt, {"one": ["2"], "two": ["0", "3"], "true": ["1"]})

    assert (result.points, result.max_points, result.score) == (3, 5, Decimal(60))


def test_nine_of_twelve_points() -> None:
    """EX-KNO: 9 of 12 points are 75 percent, below the pass mark of 80: all or nothing, weighed."""
    many = [replace(TWO, code=f"many-{number}", points=3) for number in range(3)]
    attempt = [*(_asked(each) for each in many), _asked(replace(SUM, points=3))]

    result = mark(attempt, {"many-0": ["0", "3"], "many-1": ["0", "3"], "many-2": ["0"], "sum": ["1.250,00"]})

    assert (result.points, result.max_points, result.score) == (9, 12, Decimal(75))


def test_stored_course_comes_back() -> None:
    text = CourseText((Module("m", "Module", 20, "Read."),), ALL)
    stored = text_as_json(text)

    assert text_from_json(stored["modules"], stored["questions"]) == text
