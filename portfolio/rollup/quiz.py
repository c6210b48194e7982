"""
Courses as pure content, and how a quiz is drawn and marked (KNO-4).

The order of questions and options comes from a digest of the seed of the attempt, so that the same
attempt is drawn again on every machine and with every version of the language.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from hashlib import sha256
from typing import Any

from portfolio.rollup.numbers import decimal_text, percent

FEWEST_OPTIONS = 2
MOST_HOURS = 200
ONE_GROUP = re.compile(r"[+-]?[0-9]{1,3}[.,][0-9]{3}")
Answers = Mapping[str, Sequence[str]]


class QuestionKind(StrEnum):
    """Kinds of questions."""

    SINGLE = "SINGLE"
    MULTIPLE = "MULTIPLE"
    TRUE_FALSE = "TRUE_FALSE"
    NUMERIC = "NUMERIC"


@dataclass(frozen=True, slots=True)
class Module:
    """A part of a course to read; ``minutes`` is how long that takes."""

    code: str
    title: str
    minutes: int
    body: str


@dataclass(frozen=True, slots=True)
class Question:
    """
    A question with its right answer and why it is right.

    ``right`` are positions in ``options``; of a true/false question 0 is true and 1 is false. ``answer``
    and ``tolerance`` belong to numeric questions. ``module`` is where the answer can be read up; empty when
    the author did not say.
    """

    code: str
    kind: QuestionKind
    text: str
    why: str
    options: tuple[str, ...] = ()
    right: tuple[int, ...] = ()
    answer: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    points: int = 1
    module: str = ""


@dataclass(frozen=True, slots=True)
class CourseText:
    """Modules and questions of a course in one language."""

    modules: tuple[Module, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def hours(self) -> Decimal:
        """
        Effort of the course: the minutes of its modules, in hours with one digit.

        Examples
        --------
        >>> CourseText((Module("a", "A", 50, ""), Module("b", "B", 45, ""))).hours
        Decimal('1.6')
        """
        minutes = Decimal(sum(module.minutes for module in self.modules))
        return (minutes / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class CourseFault:
    """Why a course cannot be taught: a code and the place."""

    code: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of an attempt; ``order`` are positions in its options as they are shown."""

    question: Question
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Result of an attempt."""

    points: int
    max_points: int
    score: Decimal


def faults_of_course(text: CourseText, *, asked: int) -> tuple[CourseFault, ...]:
    """Return what keeps a course from being taught; ``asked`` is the number of questions of an attempt."""
    faults = [] if text.modules else [CourseFault("NO_MODULES")]
    faults += _twice("MODULE_TWICE", [module.code for module in text.modules])
    faults += _twice("QUESTION_TWICE", [question.code for question in text.questions])
    faults += [CourseFault("EMPTY_MODULE", each.code) for each in text.modules if not each.body.strip()]
    if text.hours > MOST_HOURS:
        faults.append(CourseFault("TOO_LONG", str(MOST_HOURS)))
    if len(text.questions) < max(asked, 1):
        faults.append(CourseFault("TOO_FEW_QUESTIONS", str(asked)))
    modules = {module.code for module in text.modules}
    for question in text.questions:
        faults += [CourseFault(code, question.code) for code in _question_faults(question)]
        if question.module and question.module not in modules:
            faults.append(CourseFault("UNKNOWN_MODULE", question.code))
    return tuple(faults)


def _twice(fault: str, codes: Sequence[str]) -> list[CourseFault]:
    return [CourseFault(fault, code) for code in sorted({each for each in codes if codes.count(each) > 1})]


def _question_faults(question: Question) -> list[str]:
    found = []
    if not question.text.strip():
        found.append("NO_TEXT")
    if not question.why.strip():
        found.append("NO_EXPLANATION")
    if question.points < 1:
        found.append("NO_POINTS")
    if question.kind is QuestionKind.NUMERIC:
        found += ["NO_ANSWER"] if question.answer is None else []
        return found + (["NEGATIVE_TOLERANCE"] if question.tolerance < 0 else [])
    if question.kind is not QuestionKind.TRUE_FALSE:
        found += ["TOO_FEW_OPTIONS"] if len(question.options) < FEWEST_OPTIONS else []
        found += ["OPTION_TWICE"] if len(set(question.options)) < len(question.options) else []
    if not question.right or (question.kind is not QuestionKind.MULTIPLE and len(question.right) != 1):
        found.append("RIGHT_ANSWER")
    return found


def draw(questions: Sequence[Question], *, number: int, seed: int) -> tuple[Asked, ...]:
    """
    Return the questions of an attempt in their order, each with the order of its options.

    The same seed gives the same attempt, whatever the order of ``questions``. True comes before false.
    """
    drawn = sorted(questions, key=lambda question: _digest(seed, question.code))[:number]
    return tuple(Asked(question, _order(question, seed)) for question in drawn)


def _order(question: Question, seed: int) -> tuple[int, ...]:
    if question.kind is QuestionKind.TRUE_FALSE:
        return (0, 1)
    positions = range(len(question.options))
    return tuple(sorted(positions, key=lambda position: _digest(seed, f"{question.code}/{position}")))


def _digest(seed: int, what: str) -> bytes:
    return sha256(f"{seed}/{what}".encode()).digest()


def is_right(asked: Asked, given: Sequence[str]) -> bool:
    """
    Whether an answer earns the points: all right options and no other, or a number within tolerance.

    Parameters
    ----------
    given : sequence of str
        Positions as shown, beginning with 0; of a numeric question the number as typed.
    """
    question = asked.question
    if question.kind is QuestionKind.NUMERIC:
        answer, values = question.answer, numbers_of(given[0]) if given else ()
        return answer is not None and any(abs(each - answer) <= question.tolerance for each in values)
    return chosen(asked, given) == set(question.right)


def right_answer(asked: Asked) -> list[str]:
    """
    Return the answer that earns the points, as somebody would give it.

    Examples
    --------
    >>> question = Question("a", QuestionKind.SINGLE, "?", "!", ("No", "Yes"), (1,))
    >>> right_answer(Asked(question, (1, 0)))
    ['0']
    """
    question = asked.question
    if question.answer is not None:
        return [str(question.answer)]
    return [str(asked.order.index(each)) for each in question.right]


def chosen(asked: Asked, given: Sequence[str]) -> set[int]:
    """Return the positions in the question's own options that were chosen."""
    return {
        asked.order[int(each)]
        for each in given
        if each.isascii() and each.isdecimal() and int(each[:9]) < len(asked.order)
    }


def mark(attempt: Sequence[Asked], answers: Answers) -> Mark:
    """
    Return the points of an attempt and its score: points ÷ possible points × 100 (KNO-4).

    Examples
    --------
    >>> mark((), {})
    Mark(points=0, max_points=0, score=Decimal('0'))
    """
    earned = sum(
        each.question.points for each in attempt if is_right(each, answers.get(each.question.code, ()))
    )
    possible = sum(each.question.points for each in attempt)
    return Mark(earned, possible, percent(Decimal(earned), Decimal(possible)) or Decimal(0))


def numbers_of(text: str) -> tuple[Decimal, ...]:
    """
    Return what a typed number can mean, with a comma or a point; nothing when it is no number.

    One sign before three digits parts either thousands or decimals: both readings are given.

    Examples
    --------
    >>> numbers_of("0,8"), numbers_of("1 250.5"), numbers_of("1.250,50"), numbers_of("12 %")
    ((Decimal('0.8'),), (Decimal('1250.5'),), (Decimal('1250.50'),), (Decimal('12'),))
    >>> numbers_of("1,250"), numbers_of("many")
    ((Decimal('1.250'), Decimal('1250')), ())
    """
    plain = "".join(text[:40].split()).rstrip("%€").replace("−", "-")
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma > point:
        shown = plain.replace(".", "").replace(",", ".") if plain.count(",") == 1 else plain.replace(",", "")
    else:
        shown = plain.replace(",", "") if plain.count(".") < 2 else plain.replace(".", "")
    whole = [re.sub("[.,]", "", plain)] if ONE_GROUP.fullmatch(plain) else []
    try:
        values = [Decimal(each) for each in [shown, *whole]]
    except InvalidOperation:
        return ()
    return tuple(each for each in values if each.is_finite())


def text_as_json(text: CourseText) -> dict[str, list[dict[str, Any]]]:
    """Return a course as it is stored."""
    return {
        "modules": [
            {"code": each.code, "title": each.title, "minutes": each.minutes, "body": each.body}
            for each in text.modules
        ],
        "questions": [
            {
                "code": each.code,
                "kind": each.kind.value,
                "text": each.text,
                "why": each.why,
                "options": list(each.options),
                "right": list(each.right),
                "answer": None if each.answer is None else decimal_text(each.answer),
                "tolerance": decimal_text(each.tolerance),
                "points": each.points,
                "module": each.module,
            }
            for each in text.questions
        ],
    }


def text_from_json(modules: Sequence[Any], questions: Sequence[Any]) -> CourseText:
    """Return a stored course."""
    return CourseText(
        tuple(Module(each["code"], each["title"], each["minutes"], each["body"]) for each in modules),
        tuple(
            Question(
                code=each["code"],
                kind=QuestionKind(each["kind"]),
                text=each["text"],
                why=each["why"],
                options=tuple(each["options"]),
                right=tuple(each["right"]),
                answer=None if each["answer"] is None else Decimal(each["answer"]),
                tolerance=Decimal(each["tolerance"]),
                points=each["points"],
                module=each.get("module", ""),
            )
            for each in questions
        ),
    )
