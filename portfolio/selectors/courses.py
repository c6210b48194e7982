"""Courses as their pages show them: the list, a course, a module, an attempt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, override

from pmo_portal.accounts.choices import Role
from portfolio.choices import KnowledgeState
from portfolio.models import (
    Attempt,
    Certificate,
    Course,
    CourseRole,
    Enrolment,
    KnowledgeItem,
    KnowledgeVersion,
)
from portfolio.models.knowledge import LIVE, OPEN
from portfolio.models.training import live_course_versions
from portfolio.rollup.quiz import Asked, Module, QuestionKind, chosen, draw, is_right, numbers_of
from portfolio.selectors.required_training import Standing, reader_language, standings


@dataclass(frozen=True)
class CourseRow:
    """A course in the list."""

    code: str
    language: str
    title: str
    summary: str
    number: str
    course: Course
    modules: int
    hours: Decimal
    questions: int
    roles: tuple[str, ...]
    standing: Standing | None
    url: str

    @property
    def is_required(self) -> bool:
        """Whether one of the reader's roles asks for it."""
        return self.standing is not None and self.standing.is_required


@dataclass(frozen=True)
class ModuleLine:
    """A module in the list of a course."""

    module: Module
    position: int
    is_read: bool


@dataclass(frozen=True)
class CoursePage:
    """A course with the reader's progress."""

    row: CourseRow
    version: KnowledgeVersion
    modules: tuple[ModuleLine, ...]
    attempts: tuple[Attempt, ...]
    certificates: tuple[Certificate, ...]
    open_attempt: Attempt | None
    drafts: tuple[KnowledgeVersion, ...]
    is_live: bool

    @property
    def read(self) -> int:
        """How many modules were read."""
        return sum(line.is_read for line in self.modules)

    @property
    def attempts_left(self) -> int:
        """How many attempts can still be begun."""
        standing = self.row.standing
        return self.row.course.max_attempts if standing is None else standing.attempts_left

    @property
    def progress(self) -> int:
        """Share of the modules read, in percent."""
        return 100 * self.read // len(self.modules) if self.modules else 0

    @property
    def next_module(self) -> ModuleLine | None:
        """The first module that was not read."""
        return next((line for line in self.modules if not line.is_read), None)


@dataclass(frozen=True)
class ModulePage:
    """A module to read, between its neighbors."""

    page: CoursePage
    line: ModuleLine
    before: ModuleLine | None
    after: ModuleLine | None


@dataclass(frozen=True)
class OptionLine:
    """
    An option of a question.

    ``is_right`` is None until right answers are shown. ``is_chosen`` is None until something was sent.
    """

    value: str
    text: str
    is_chosen: bool | None = None
    is_right: bool | None = None


@dataclass(frozen=True)
class QuestionLine:
    """
    A question of an attempt.

    ``is_right`` and ``module``, where the answer can be read up, are known once it is handed in; answer,
    tolerance and explanation once right answers are shown.
    """

    code: str
    position: int
    kind: str
    text: str
    points: int
    options: tuple[OptionLine, ...]
    given: str = ""
    answer: Decimal | None = None
    tolerance: Decimal | None = None
    is_right: bool | None = None
    why: str = ""
    module: Module | None = None
    is_missing: bool = False

    @property
    def has_many(self) -> bool:
        """Whether several options may be right."""
        return self.kind == QuestionKind.MULTIPLE

    @property
    def is_numeric(self) -> bool:
        """Whether a number is wanted."""
        return self.kind == QuestionKind.NUMERIC


def course_rows(user: Any, *, today: date, language: str = "") -> list[CourseRow]:
    """Return the published courses in the reader's language, required ones first. Seven queries."""
    wanted = language or reader_language()
    best: dict[str, KnowledgeVersion] = {}
    for version in live_course_versions().order_by("item__code", "item__language"):
        if version.item.code not in best or version.item.language == wanted:
            best[version.item.code] = version
    courses = {course.code: course for course in Course.objects.filter(code__in=best)}
    known = _Known(user, list(courses.values()), today)
    rows = [known.row(version, courses[code]) for code, version in best.items() if code in courses]
    return sorted(rows, key=lambda row: (not row.is_required, row.title.casefold(), row.code))


class _Known:
    """What the rows of courses need, read once."""

    def __init__(self, user: Any, courses: Sequence[Course], today: date) -> None:
        found = standings(today=today, users=[user.pk])
        self.standing = {each.course.pk: each for each in found}
        self.roles: dict[int, list[str]] = {}
        for role in CourseRole.objects.filter(course__in=courses).order_by("role", "pk"):
            self.roles.setdefault(role.course_id, []).append(str(Role(role.role).label))

    def row(self, version: KnowledgeVersion, course: Course) -> CourseRow:
        text = version.course_text.text
        return CourseRow(
            code=course.code,
            language=version.item.language,
            title=version.title,
            summary=version.summary,
            number=version.number,
            course=course,
            modules=len(text.modules),
            hours=text.hours,
            questions=min(course.asked, len(text.questions)),
            roles=tuple(self.roles.get(course.pk, ())),
            standing=self.standing.get(course.pk),
            url=course.get_absolute_url(),
        )


def course_page(
    user: Any, course: Course, *, today: date, language: str = "", is_editor: bool = False
) -> CoursePage | None:
    """Return a course in the asked language, the reader's or another; None when nothing may be shown."""
    versions = [
        each
        for each in KnowledgeVersion.objects.filter(item__code=course.code, item__kind="COURSE")
        .select_related("item", "course_text")
        .exclude(state=KnowledgeState.ARCHIVED)
        .order_by("item__language", "-major", "-minor")
        if is_editor or each.state in LIVE
    ]
    wanted = (language, reader_language())
    ranked = sorted(versions, key=lambda each: (each.state not in LIVE, each.item.language != wanted[0]))
    own = [each for each in ranked if each.item.language in wanted[:1]]
    mine = [each for each in ranked if each.item.language == wanted[1]]
    version = next(iter([*own, *mine, *ranked]), None)
    if version is None:
        return None
    enrolment = Enrolment.objects.filter(user=user, course=course).first()
    read = set(enrolment.modules_read.values_list("module", flat=True)) if enrolment else set()
    attempts = list(enrolment.attempts.order_by("-number")) if enrolment else []
    for each in attempts:
        each.enrolment = enrolment  # type: ignore[assignment]
        enrolment.course = course  # type: ignore[union-attr]
    modules = version.course_text.text.modules
    return CoursePage(
        row=_Known(user, [course], today).row(version, course),
        version=version,
        modules=tuple(
            ModuleLine(each, position, each.code in read) for position, each in enumerate(modules, start=1)
        ),
        attempts=tuple(each for each in attempts if each.handed_in_on),
        certificates=tuple(Certificate.objects.filter(attempt__in=attempts).order_by("-issued_on", "-pk")),
        open_attempt=next((each for each in attempts if each.handed_in_on is None), None),
        drafts=tuple(each for each in versions if each.state in OPEN),
        is_live=version.state in LIVE,
    )


def newest_course_version(item: KnowledgeItem) -> KnowledgeVersion | None:
    """Return the draft, else the newest version with a text; None for what is no course."""
    rows = item.versions.filter(course_text__isnull=False).select_related("item", "course_text")
    return rows.filter(state__in=OPEN).first() or rows.order_by("-major", "-minor").first()


def module_page(page: CoursePage, code: str) -> ModulePage | None:
    """Return a module between its neighbors; None when the course has no such module."""
    for number, line in enumerate(page.modules):
        if line.module.code == code:
            before = page.modules[number - 1] if number else None
            after = page.modules[number + 1] if number + 1 < len(page.modules) else None
            return ModulePage(page, line, before, after)
    return None


def shows_answers(attempt: Attempt) -> bool:
    """
    Whether the right answers of an attempt may be seen (KNO-4): it was passed, or nothing can follow it.

    While attempts are left they would only be learned by heart. A pass or new attempts begin a new round;
    what was handed in before stays as it was seen. One query.
    """
    if attempt.handed_in_on is None:
        return False
    enrolment = attempt.enrolment
    if attempt.is_passed or enrolment.used >= enrolment.course.max_attempts:
        return True
    return attempt.number <= enrolment.attempts.count() - enrolment.used


def attempt_questions(attempt: Attempt) -> tuple[QuestionLine, ...]:
    """Return the questions of an attempt with what may be seen of their answers (KNO-4). One query."""
    text = attempt.version.course_text.text
    asked = draw(text.questions, number=attempt.asked, seed=attempt.seed)
    language = attempt.version.item.language
    lines = [_open(each, position, language) for position, each in enumerate(asked, start=1)]
    if attempt.handed_in_on is None:
        return tuple(lines)
    modules = {module.code: module for module in text.modules}
    marked = [
        _marked(line, each, attempt.answers.get(line.code, []), modules)
        for line, each in zip(lines, asked, strict=True)
    ]
    if not shows_answers(attempt):
        return tuple(marked)
    return tuple(_explained(line, each) for line, each in zip(marked, asked, strict=True))


def as_answered(
    questions: Iterable[QuestionLine], answers: Mapping[str, Sequence[str]]
) -> tuple[QuestionLine, ...]:
    """Return the questions of an open attempt with what was just answered, and which have no answer."""
    return tuple(_answered(line, answers.get(line.code, ())) for line in questions)


def _answered(line: QuestionLine, given: Sequence[str]) -> QuestionLine:
    options = tuple(replace(option, is_chosen=option.value in given) for option in line.options)
    typed = "".join(given[:1]).strip() if line.is_numeric else ""
    is_missing = not numbers_of(typed) if line.is_numeric else not any(option.is_chosen for option in options)
    return replace(line, options=options, given=typed, is_missing=is_missing)


def _texts(asked: Asked, language: str) -> tuple[str, ...]:
    """Return the options as they are shown, in the language of the question."""
    if asked.question.kind is QuestionKind.TRUE_FALSE:
        with override(language):
            return gettext("True"), gettext("False")
    return tuple(asked.question.options[position] for position in asked.order)


def _open(asked: Asked, position: int, language: str) -> QuestionLine:
    question = asked.question
    has_options = question.kind is not QuestionKind.NUMERIC
    texts = _texts(asked, language) if has_options else ()
    return QuestionLine(
        code=question.code,
        position=position,
        kind=question.kind.value,
        text=question.text,
        points=question.points,
        options=tuple(OptionLine(str(number), text) for number, text in enumerate(texts)),
    )


def _marked(
    line: QuestionLine, asked: Asked, given: Sequence[str], modules: Mapping[str, Module]
) -> QuestionLine:
    """Return a question with what was answered, whether that was right, and where to read."""
    picked = chosen(asked, given) if line.options else set()
    return replace(
        line,
        options=tuple(
            replace(option, is_chosen=place in picked)
            for option, place in zip(line.options, asked.order, strict=True)
        ),
        given="" if line.options else "".join(given[:1]),
        is_right=is_right(asked, given),
        module=modules.get(asked.question.module),
    )


def _explained(line: QuestionLine, asked: Asked) -> QuestionLine:
    """Return a marked question with its right answer and why it is right."""
    question = asked.question
    return replace(
        line,
        options=tuple(
            replace(option, is_right=place in question.right)
            for option, place in zip(line.options, asked.order, strict=True)
        ),
        answer=question.answer,
        tolerance=question.tolerance if line.is_numeric else None,
        why=question.why,
    )
