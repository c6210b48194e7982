"""Courses for tests, through the services."""

from datetime import date
from decimal import Decimal

from portfolio.models import Course
from portfolio.rollup.quiz import CourseText, Module, Question, QuestionKind, right_answer
from portfolio.services.courses import Rules, create_course
from portfolio.services.library import Content, publish

TODAY = date(2026, 4, 10)
MODULES = (Module("one", "Read this", 10, "## Why\n\nBecause."), Module("two", "And that", 5, "Text."))
QUESTIONS = (
    Question(
        "pick",
        QuestionKind.SINGLE,
        "Pick one?",
        "Since it is so.",
        ("Good one", "Bad one"),
        (0,),
        module="one",
    ),
    Question("many", QuestionKind.MULTIPLE, "Pick some?", "Both of them.", ("A1", "A2", "B1"), (0, 1)),
    Question("true", QuestionKind.TRUE_FALSE, "Is it so?", "It is not.", right=(1,)),
    Question(
        "cpi",
        QuestionKind.NUMERIC,
        "CPI?",
        "80/100.",
        answer=Decimal("0.8"),
        tolerance=Decimal("0.005"),
        module="two",
    ),
)


def course(
    code: str = "basics", *, language: str = "en", title: str = "Project basics", **rules: object
) -> Course:
    """Return a published course of four questions."""
    given = {"asked": 4, "validity_months": 12, **rules}
    made = create_course(
        actor=None,
        code=code,
        language=language,
        content=Content(title=title, summary="What all need.", body="- Read this"),
        text=CourseText(MODULES, QUESTIONS),
        rules=Rules(**given),  # type: ignore[arg-type]
        today=TODAY,
    )
    publish(actor=None, item=made.item, today=TODAY)
    return Course.objects.get(code=code)


def right_answers(attempt: object) -> dict[str, list[str]]:
    """Return the right answers to an attempt, as positions shown."""
    from portfolio.services.training import asked_in

    return {each.question.code: right_answer(each) for each in asked_in(attempt)}  # type: ignore[arg-type]
