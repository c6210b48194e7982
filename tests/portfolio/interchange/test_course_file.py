"""Course files: those shipped can be taught in both languages, their figures are right; faults are named."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from portfolio.interchange.course_file import CourseFile, CourseFileFault, read_course, shipped_courses
from portfolio.rollup.quiz import QuestionKind

pytestmark = pytest.mark.pure
COURSES = {path.stem: read_course(path) for path in shipped_courses()}
BAC, EV, AC = Fraction(1000), Fraction(240), Fraction(300)
# Course and question -> the answer, computed again from what the question tells.
COMPUTED = {
    ("benefits", "payback"): Fraction(720, 230 - 50),
    ("benefits", "npv"): Fraction(220) / Fraction(11, 10) + Fraction(1815, 10) / Fraction(11, 10) ** 2 - 300,
    ("benefits", "realized"): Fraction(100 * (40 - 31), 40 - 25),
    ("benefits", "break-even"): Fraction(100 * (400 - 300), 400),
    ("benefits", "risk-value"): Fraction((20 - 4) * 400, 100),
    ("gate-reviewer", "readiness"): Fraction(100 * 8, 14 - 4),
    ("gate-reviewer", "rest"): Fraction(400 - 250),
    ("gate-reviewer", "ceremony"): Fraction(4 * 225 - 60 * 6),
    ("project-basics", "three-point"): Fraction(6 + 4 * 9 + 18, 6),
    ("project-basics", "duration"): Fraction(30) / (3 * Fraction(1, 2)),
    ("project-basics", "connections"): Fraction(6 * 5, 2),
    ("project-basics", "forecast"): Fraction(600, 2) / Fraction(3, 8),
    ("earned-value", "cpi"): EV / AC,
    ("earned-value", "spi"): Fraction(3 * 50, 4 * 50),
    ("earned-value", "eac"): BAC / Fraction(8, 10),
    ("earned-value", "eac-once"): AC + BAC - EV,
    ("earned-value", "tcpi"): (BAC - EV) / (BAC - AC),
    ("risk-practice", "exposure"): Fraction(60 * 50_000 + 20 * 80_000, 100),
    ("risk-practice", "response-value"): Fraction((60 - 20) * 50_000, 100) - 5_000,
    ("risk-practice", "ratio"): Fraction(46, 40),
    ("risk-practice", "score"): Fraction(3 * max(2, 4, 1)),
    ("risk-practice", "not-worth"): Fraction((30 - 15) * 40_000, 100) - 8_000,
    ("scheduling", "total-float"): Fraction(21 - (10 + 5)),
    ("scheduling", "duration"): Fraction(4 + max(6, 9) + 4),
    ("scheduling", "shorten"): Fraction(4 + max(6, 9 - 5) + 4),
    ("scheduling", "lag"): Fraction(max(2 + 5, 8 + 1)),
    ("scheduling", "merge"): Fraction(8, 10) ** 3 * 100,
    ("sponsor", "rest"): Fraction(600 - 350),
    ("sponsor", "tolerance"): Fraction(800 * 5, 100),
    ("sponsor", "delay-cost"): Fraction(8 * 500 * 15, 1000),
    ("status-reporting", "age"): Fraction(31 + 7),
}
COURSE = """
code = "trial"
title = { en = "Trial", de = "Probe" }
summary = { en = "A trial.", de = "Eine Probe." }
asked = 1
[[modules]]
code = "one"
title = { en = "One", de = "Eins" }
body = { en = "Read.", de = "Lies." }
[[questions]]
code = "sum"
kind = "NUMERIC"
answer = 4
text = { en = "2 + 2?", de = "2 + 2?" }
why = { en = "Counted.", de = "Gezählt." }
"""


def _read(folder: Path, text: str) -> CourseFile:
    path = folder / "trial.toml"
    path.write_text(text, encoding="utf-8")
    return read_course(path)


@pytest.mark.parametrize("name", sorted(COURSES))
def test_shipped_course_is_whole_in_both_languages(name: str) -> None:
    """KNO-4: ten questions are drawn for an attempt, each explained."""
    course = COURSES[name]
    english, german = course.texts["en"], course.texts["de"]

    assert len(english.questions) >= course.asked == 10
    assert [(each.code, each.kind, each.right, each.answer) for each in english.questions] == [
        (each.code, each.kind, each.right, each.answer) for each in german.questions
    ]
    assert [(each.code, each.minutes) for each in english.modules] == [
        (each.code, each.minutes) for each in german.modules
    ]
    assert {each.module for each in english.questions} <= {each.code for each in english.modules}
    assert [each.module for each in english.questions] == [each.module for each in german.questions]
    assert all(one.text != other.text for one, other in zip(english.questions, german.questions, strict=True))


@pytest.mark.parametrize("language", ["en", "de"])
def test_right_answer_is_not_told_by_its_length(language: str) -> None:
    """Among four options the longest is the right one about as often as chance would have it."""
    asked = [
        each
        for course in COURSES.values()
        for each in course.texts[language].questions
        if each.kind is QuestionKind.SINGLE
    ]

    told = [each for each in asked if len(each.options[each.right[0]]) == max(map(len, each.options))]

    assert (len(asked) >= 39, len(told) / len(asked) < 1 / 3) == (True, True)


@pytest.mark.parametrize(("name", "code"), sorted(COMPUTED))
def test_figure_of_a_question_is_right(name: str, code: str) -> None:
    """The answer computed again lies within the tolerance, and is not far from it by rounding."""
    found = next(each for each in COURSES[name].texts["en"].questions if each.code == code)

    assert abs(Fraction(found.answer) - COMPUTED[name, code]) <= Fraction(found.tolerance)


def test_every_figure_is_computed_again() -> None:
    asked = {
        (name, each.code)
        for name, course in COURSES.items()
        for each in course.texts["en"].questions
        if each.kind is QuestionKind.NUMERIC
    }

    assert asked == set(COMPUTED)


def test_effort_is_the_sum_of_the_modules_and_that_of_the_catalog() -> None:
    """Domain section 3: the hours of the starter courses."""
    found = {name: {text.hours for text in course.texts.values()} for name, course in COURSES.items()}

    assert found == {
        "project-basics": {Decimal(8)},
        "scheduling": {Decimal(4)},
        "earned-value": {Decimal(4)},
        "risk-practice": {Decimal(3)},
        "status-reporting": {Decimal(1)},
        "sponsor": {Decimal("1.5")},
        "gate-reviewer": {Decimal(1)},
        "benefits": {Decimal(2)},
    }


def test_file_is_read(tmp_path: Path) -> None:
    course = _read(tmp_path, COURSE)

    assert (course.code, course.pass_mark, course.max_attempts) == ("trial", 80, 3)
    assert course.texts["en"].hours == course.texts["de"].hours == Decimal("0.3")
    assert course.texts["de"].modules[0].body == "Lies."
    assert course.texts["en"].questions[0].answer == 4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("answer = 4\n", ""), "questions sum, answer: is absent; write the number."),
        (
            ("asked = 1", "asked = 2"),
            "questions: an attempt asks 2, there are fewer; add [[questions]] tables.",
        ),
        (('en = "Read."', 'en = " "'), "modules one"),
        (('kind = "NUMERIC"', 'kind = "ESSAY"'), "kind"),
        (("answer = 4", "answer = 4\nhint = 1"), "hint"),
        (("asked = 1", "asked = 1\nhours = 2"), "hours"),
    ],
)
def test_fault_names_its_place(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    with pytest.raises(CourseFileFault) as caught:
        _read(tmp_path, COURSE.replace(*change))

    assert any(said in each for each in caught.value.sentences)
