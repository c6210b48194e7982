"""Courses as people write them: what is written is read again, and a fault names its line."""

import pytest

from portfolio.interchange.course_file import read_course, shipped_courses
from portfolio.interchange.course_text import (
    TextFault,
    read_modules,
    read_questions,
    write_modules,
    write_questions,
)
from portfolio.rollup.quiz import QuestionKind

pytestmark = pytest.mark.pure
TEXTS = [
    pytest.param(text, id=f"{path.stem}-{language}")
    for path in shipped_courses()
    for language, text in read_course(path).texts.items()
]


@pytest.mark.parametrize("text", TEXTS)
def test_shipped_course_written_and_read_is_the_same(text) -> None:
    assert read_modules(write_modules(text.modules)) == text.modules
    assert read_questions(write_questions(text.questions)) == text.questions


def test_codes_and_minutes_can_be_left_out() -> None:
    modules = read_modules("# First steps\nRead.\n\n## Inside\nMore.\n# Next\n")
    (pointed,) = read_questions("? {#why, see next-2} Why?\n= true\n! So.")
    (question,) = read_questions("? Which one?\n( ) a\n(x) b\n! Because.\nAnd so on.\n")

    assert [(each.code, each.minutes) for each in modules] == [("first-steps-1", 15), ("next-2", 15)]
    assert modules[0].body == "Read.\n\n## Inside\nMore."
    assert (question.code, question.kind, question.right) == ("which-one-1", QuestionKind.SINGLE, (1,))
    assert (pointed.code, pointed.module, question.module) == ("why", "next-2", "")
    assert question.why == "Because.\nAnd so on."


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        ("( ) a", "BEFORE_QUESTION", 1),
        ("? Q\n(x) a\n[ ] b", "MIXED", 3),
        ("? Q\n(x) a\n= 4", "MIXED", 3),
        ("? Q\n= four", "NO_NUMBER", 2),
        ("? Q\n= 4 +- much", "NO_NUMBER", 2),
        ("? Q\n(x) a\nloose", "AFTER_OPTIONS", 3),
    ],
)
def test_fault_names_its_line(source: str, code: str, line: int) -> None:
    with pytest.raises(TextFault) as caught:
        read_questions(source)

    assert (caught.value.code, caught.value.line) == (code, line)


def test_text_above_the_first_module_is_refused() -> None:
    with pytest.raises(TextFault) as caught:
        read_modules("\nHello\n# One")

    assert (caught.value.code, caught.value.line) == ("BEFORE_MODULE", 2)
