"""Reads a course from a TOML file, in all its languages; faults name file, place and key."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from portfolio.interchange.toml_table import ContentFileFault, KeyFault, TomlTable, read_toml
from portfolio.rollup.methodology import Words
from portfolio.rollup.quiz import CourseFault, CourseText, Module, Question, QuestionKind, faults_of_course

SHIPPED = Path(__file__).with_name("courses")
LANGUAGES = ("en", "de")
SENTENCES = {
    "NO_MODULES": "modules: there is nothing to read; add [[modules]] tables.",
    "MODULE_TWICE": "modules {place}: this code is used twice; give each module its own.",
    "QUESTION_TWICE": "questions {place}: this code is used twice; give each question its own.",
    "EMPTY_MODULE": "modules {place}, body: is empty; add the text.",
    "TOO_LONG": "modules, minutes: they take more than {place} hours; make several courses of it.",
    "TOO_FEW_QUESTIONS": "questions: an attempt asks {place}, there are fewer; add [[questions]] tables.",
    "NO_TEXT": "questions {place}, text: is empty; add the question.",
    "NO_EXPLANATION": "questions {place}, why: is empty; say why the answer is right.",
    "UNKNOWN_MODULE": "questions {place}, module: there is no such module; write the code of one.",
    "NO_POINTS": "questions {place}, points: is less than 1; write a positive number.",
    "NO_ANSWER": "questions {place}, answer: is absent; write the number.",
    "NEGATIVE_TOLERANCE": "questions {place}, tolerance: is negative; write 0 or more.",
    "TOO_FEW_OPTIONS": "questions {place}, options: there are fewer than two; add some.",
    "OPTION_TWICE": "questions {place}, options: two are the same; change one.",
    "RIGHT_ANSWER": "questions {place}, options: mark the right one with right = true; one for SINGLE.",
}


class CourseFileFault(ContentFileFault):
    """A file of a course that cannot be loaded."""


@dataclass(frozen=True, slots=True)
class CourseFile:
    """A course as a file describes it; its effort is the sum of its modules, so no file states it."""

    code: str
    pass_mark: int
    max_attempts: int
    validity_months: int | None
    asked: int
    required_for: tuple[str, ...]
    audience: tuple[str, ...]
    title: Words
    summary: Words
    tags: Words
    texts: dict[str, CourseText]


def shipped_courses() -> list[Path]:
    """Return the files of the courses that come with the portal, by name."""
    return sorted(SHIPPED.glob("*.toml"))


def read_course(path: Path) -> CourseFile:
    """
    Return the course of a file.

    Raises
    ------
    CourseFileFault
        If it is no TOML, a key is absent, unknown or of the wrong kind, or it cannot be taught.
    """
    try:
        found = _course(read_toml(path))
    except KeyFault as fault:
        raise CourseFileFault(path.name, [str(fault)]) from fault
    faults = {
        fault: language
        for language, text in reversed(found.texts.items())
        for fault in faults_of_course(text, asked=found.asked)
    }
    if faults:
        raise CourseFileFault(path.name, [f"{sentence_of(each)} ({faults[each]})" for each in faults])
    return found


def sentence_of(fault: CourseFault) -> str:
    """Return a fault as a sentence for the author of a file."""
    return SENTENCES[fault.code].format(place=fault.place)


def _course(table: TomlTable) -> CourseFile:
    modules = table.rows("modules")
    questions = table.rows("questions")
    made_modules = [_module(row) for row in modules]
    made_questions = [_question(row) for row in questions]
    validity = table.number("validity_months", 0)
    found = CourseFile(
        code=table.long_code(),
        pass_mark=table.number("pass_mark", 80),
        max_attempts=table.number("max_attempts", 3),
        validity_months=validity or None,
        asked=table.number("asked", 10),
        required_for=table.texts("required_for"),
        audience=table.texts("audience"),
        title=table.words("title", is_needed=True),
        summary=table.words("summary", is_needed=True),
        tags=table.words("tags"),
        texts={
            language: CourseText(
                tuple(each[language] for each in made_modules),
                tuple(each[language] for each in made_questions),
            )
            for language in LANGUAGES
        },
    )
    table.close()
    return found


def _in(words: Words, language: str) -> str:
    return words.de if language == "de" else words.en


def _module(row: TomlTable) -> dict[str, Module]:
    code, minutes = row.code(), row.number("minutes", 15)
    title, body = row.words("title", is_needed=True), row.words("body", is_needed=True)
    row.close()
    return {each: Module(code, _in(title, each), minutes, _in(body, each).strip()) for each in LANGUAGES}


def _question(row: TomlTable) -> dict[str, Question]:
    code, kind = row.code(), row.choice("kind", QuestionKind, QuestionKind.SINGLE)
    text, why = row.words("text", is_needed=True), row.words("why", is_needed=True)
    points, module = row.number("points", 1), row.text("module", "")
    options = [_option(each) for each in row.rows("options")]
    right = tuple(number for number, (_words, is_right) in enumerate(options) if is_right)
    if kind is QuestionKind.TRUE_FALSE:
        right = (0,) if row.flag("is_true") else (1,)
    answer, tolerance = row.decimal_or_none("answer"), row.decimal("tolerance", Decimal(0))
    row.close()
    return {
        language: Question(
            code=code,
            kind=kind,
            text=_in(text, language),
            why=_in(why, language),
            options=tuple(_in(words, language) for words, _is_right in options),
            right=right,
            answer=answer,
            tolerance=tolerance,
            points=points,
            module=module,
        )
        for language in LANGUAGES
    }


def _option(row: TomlTable) -> tuple[Words, bool]:
    """Return an option in both languages, and whether it is right."""
    words, is_right = Words(row.text("en"), row.text("de")), row.flag("right")
    row.close()
    return words, is_right
