"""
Modules and questions as text people write in the browser.

A module begins with ``# Title {#code, 20 min}``, a question with ``? {#code, 2 points, see module} Text``,
where *see* names the module its answer can be read up in. Options stand one a line: ``(x) right`` and
``( ) wrong`` for one answer, ``[x]`` and ``[ ]`` for several, ``= true`` or
``= false``, ``= 0.8 +- 0.01`` for a number. ``!`` begins the explanation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from portfolio.rollup.numbers import decimal_text
from portfolio.rollup.quiz import Module, Question, QuestionKind, numbers_of
from portfolio.rollup.words import plain

MODULE = re.compile(r"# (?P<title>.+?)(?: \{#(?P<code>[a-z0-9-]{1,20})(?:, (?P<minutes>[0-9]{1,3}) min)?\})?")
QUESTION = re.compile(
    r"\?(?: \{#(?P<code>[a-z0-9-]{1,20})(?:, (?P<points>[0-9]{1,2}) points?)?"
    r"(?:, see (?P<module>[a-z0-9-]{1,20}))?\})? (?P<text>.+)"
)
OPTION = re.compile(r"(?P<open>[(\[])(?P<mark>[xX ])[)\]] (?P<text>.+)")
NUMBER = re.compile(r"= (?P<answer>[^+]+?)(?: \+- (?P<tolerance>.+))?")
USUAL_MINUTES = 15
Line = tuple[int, str]


class TextFault(ValueError):
    """A line that cannot be read; ``line`` is its number, ``code`` what is wrong."""

    def __init__(self, code: str, line: int) -> None:
        super().__init__(f"{code} {line}")
        self.code, self.line = code, line


@dataclass
class _Draft:
    """A question while its lines are read."""

    code: str
    points: int
    module: str
    text: list[str]
    why: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    kind: QuestionKind | None = None
    answer: Decimal | None = None
    tolerance: Decimal = Decimal(0)


def _lines(source: str) -> Iterator[Line]:
    return ((number, line.rstrip()) for number, line in enumerate(source.splitlines(), start=1))


def read_modules(source: str) -> tuple[Module, ...]:
    """
    Return the modules of a text; headings inside a module begin with ``##``.

    Raises
    ------
    TextFault
        ``BEFORE_MODULE`` when text stands above the first heading.
    """
    heads: list[tuple[str, str, int]] = []
    bodies: list[list[str]] = []
    for number, line in _lines(source):
        found = MODULE.fullmatch(line)
        if found:
            code = found["code"] or _code(found["title"], len(heads))
            heads.append((code, found["title"], int(found["minutes"] or USUAL_MINUTES)))
            bodies.append([])
        elif heads:
            bodies[-1].append(line)
        elif line:
            raise TextFault("BEFORE_MODULE", number)
    return tuple(
        Module(code, title, minutes, "\n".join(body).strip())
        for (code, title, minutes), body in zip(heads, bodies, strict=True)
    )


def write_modules(modules: tuple[Module, ...]) -> str:
    """Return modules as text."""
    return "\n\n".join(
        f"# {each.title} {{#{each.code}, {each.minutes} min}}\n\n{each.body}" for each in modules
    )


def read_questions(source: str) -> tuple[Question, ...]:
    """
    Return the questions of a text.

    Raises
    ------
    TextFault
        ``BEFORE_QUESTION`` for text above the first question, ``MIXED`` for answers of several kinds,
        ``NO_NUMBER`` for an answer that is neither true, false nor a number.
    """
    drafts: list[_Draft] = []
    for number, line in _lines(source):
        found = QUESTION.fullmatch(line)
        if found:
            code = found["code"] or _code(found["text"], len(drafts))
            points, module = int(found["points"] or 1), found["module"] or ""
            drafts.append(_Draft(code, points, module, [found["text"]]))
        elif drafts:
            _read_line(drafts[-1], number, line)
        elif line:
            raise TextFault("BEFORE_QUESTION", number)
    return tuple(_question(draft) for draft in drafts)


def _read_line(draft: _Draft, number: int, line: str) -> None:
    option = OPTION.fullmatch(line)
    if option:
        kind = QuestionKind.SINGLE if option["open"] == "(" else QuestionKind.MULTIPLE
        if draft.kind not in {None, kind}:
            raise TextFault("MIXED", number)
        draft.kind = kind
        if option["mark"] in "xX":
            draft.right.append(len(draft.options))
        draft.options.append(option["text"])
    elif line.startswith("= "):
        _read_answer(draft, number, line)
    elif line.startswith("! "):
        draft.why.append(line[2:])
    elif draft.why:
        draft.why.append(line)
    elif draft.kind is None:
        draft.text.append(line)
    elif line:
        raise TextFault("AFTER_OPTIONS", number)


def _read_answer(draft: _Draft, number: int, line: str) -> None:
    if draft.kind is not None:
        raise TextFault("MIXED", number)
    word = line[2:].strip().lower()
    if word in {"true", "false"}:
        draft.kind, draft.right = QuestionKind.TRUE_FALSE, [0 if word == "true" else 1]
        return
    found = NUMBER.fullmatch(line)
    answer = _number(found["answer"]) if found else None
    tolerance = _number(found["tolerance"] or "0") if found else None
    if answer is None or tolerance is None:
        raise TextFault("NO_NUMBER", number)
    draft.kind, draft.answer, draft.tolerance = QuestionKind.NUMERIC, answer, tolerance


def _question(draft: _Draft) -> Question:
    return Question(
        code=draft.code,
        kind=draft.kind or QuestionKind.SINGLE,
        text="\n".join(draft.text).strip(),
        why="\n".join(draft.why).strip(),
        options=tuple(draft.options),
        right=tuple(draft.right),
        answer=draft.answer,
        tolerance=draft.tolerance,
        points=draft.points,
        module=draft.module,
    )


def write_questions(questions: tuple[Question, ...]) -> str:
    """Return questions as text."""
    return "\n\n".join("\n".join(_question_lines(each)) for each in questions)


def _question_lines(question: Question) -> Iterator[str]:
    points = f", {question.points} points" if question.points > 1 else ""
    module = f", see {question.module}" if question.module else ""
    yield f"? {{#{question.code}{points}{module}}} {question.text}"
    if question.kind is QuestionKind.TRUE_FALSE:
        yield "= true" if question.right == (0,) else "= false"
    elif question.kind is QuestionKind.NUMERIC and question.answer is not None:
        near = f" +- {decimal_text(question.tolerance)}" if question.tolerance else ""
        yield f"= {decimal_text(question.answer)}{near}"
    begin, end = ("(", ")") if question.kind is QuestionKind.SINGLE else ("[", "]")
    for position, option in enumerate(question.options):
        yield f"{begin}{'x' if position in question.right else ' '}{end} {option}"
    yield f"! {question.why}"


def _code(text: str, number: int) -> str:
    """Return a code made of a text, with its number so that it is unique."""
    words = "-".join(re.findall(r"[a-z0-9]+", plain(text)))[:16].strip("-")
    return f"{words or 'part'}-{number + 1}"


def _number(text: str) -> Decimal | None:
    """Return the number an author wrote, whose last sign parts decimals; None when it is none."""
    return next(iter(numbers_of(text)), None)
