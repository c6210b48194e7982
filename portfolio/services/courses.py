"""Write courses: their rules, and their modules and questions as versions of the library (CON-9)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from portfolio import actions
from portfolio.choices import KnowledgeKind
from portfolio.models import Course, CourseRole, CourseText, KnowledgeItem, KnowledgeVersion
from portfolio.rollup.quiz import CourseText as Text
from portfolio.rollup.quiz import faults_of_course, text_as_json
from portfolio.services.library import Content, create_item, edit_item, require_editor

DUE_DAYS = 30
RULES = ("pass_mark", "max_attempts", "asked", "validity_months")
SENTENCES = {
    "NO_MODULES": ("modules", gettext_lazy("There is nothing to read. Begin a module with # and its title.")),
    "MODULE_TWICE": ("modules", gettext_lazy("Two modules have the code %(place)s. Give each its own.")),
    "EMPTY_MODULE": ("modules", gettext_lazy("The module %(place)s has no text.")),
    "TOO_LONG": (
        "modules",
        gettext_lazy("The modules take more than %(place)s hours. Make several courses of it."),
    ),
    "QUESTION_TWICE": (
        "questions",
        gettext_lazy("Two questions have the code %(place)s. Give each its own."),
    ),
    "TOO_FEW_QUESTIONS": ("questions", gettext_lazy("An attempt asks %(place)s questions; there are fewer.")),
    "NO_TEXT": ("questions", gettext_lazy("The question %(place)s has no text.")),
    "NO_EXPLANATION": (
        "questions",
        gettext_lazy("The question %(place)s has no explanation. Begin it with !"),
    ),
    "UNKNOWN_MODULE": (
        "questions",
        gettext_lazy("The question %(place)s names a module that is not there. Write the code of one."),
    ),
    "NO_POINTS": ("questions", gettext_lazy("The question %(place)s earns no points.")),
    "NO_ANSWER": ("questions", gettext_lazy("The question %(place)s has no answer.")),
    "NEGATIVE_TOLERANCE": ("questions", gettext_lazy("The tolerance of %(place)s is negative.")),
    "TOO_FEW_OPTIONS": ("questions", gettext_lazy("The question %(place)s has fewer than two options.")),
    "OPTION_TWICE": ("questions", gettext_lazy("Two options of %(place)s are the same.")),
    "RIGHT_ANSWER": (
        "questions",
        gettext_lazy("Mark the right answer of %(place)s with x; of a single choice exactly one."),
    ),
}


@dataclass(frozen=True)
class Rules:
    """What holds for a course in all languages."""

    pass_mark: int = 80
    max_attempts: int = 3
    asked: int = 10
    validity_months: int | None = None
    required_for: tuple[str, ...] = ()


@transaction.atomic
def create_course(
    *,
    actor: User | None,
    code: str,
    language: str,
    content: Content,
    text: Text,
    rules: Rules,
    today: date,
    owner: User | None = None,
) -> KnowledgeVersion:
    """
    Write a course, or a course in one more language, as a draft.

    Raises
    ------
    NotAllowed
        If the person does not edit the library.
    DomainError
        If the course cannot be taught: the code of the fault and its field.
    """
    require_editor(actor)
    require_teachable(text, asked=rules.asked)
    course = Course.objects.select_for_update().filter(code=code).first() or Course(code=code)
    keep_rules(actor=actor, course=course, rules=rules, today=today)
    about: dict[str, Any] = {
        "code": code,
        "language": language,
        "kind": KnowledgeKind.COURSE.value,
        "owner": owner,
    }
    made = create_item(actor=actor, content=_searchable(content, text), **about)
    _keep_text(made, text)
    return made


@transaction.atomic
def edit_course(
    *,
    actor: User | None,
    item: KnowledgeItem,
    content: Content,
    text: Text,
    rules: Rules,
    today: date,
    is_major: bool = False,
    expected_revision: int | None = None,
) -> KnowledgeVersion:
    """
    Save the draft of a course; the rules hold at once, the text from its publication on.

    Raises
    ------
    NotAllowed, DomainError
        As for a new course.
    StaleObject
        If somebody saved the draft in between.
    """
    require_editor(actor)
    require_teachable(text, asked=rules.asked)
    course = Course.objects.select_for_update().get(code=item.code)
    about: dict[str, Any] = {"is_major": is_major, "expected_revision": expected_revision}
    draft = edit_item(actor=actor, item=item, content=_searchable(content, text), **about)
    _keep_text(draft, text)
    keep_rules(actor=actor, course=course, rules=rules, today=today)
    return draft


def require_teachable(text: Text, *, asked: int) -> None:
    """Refuse a course that cannot be taught, with its first fault."""
    for fault in faults_of_course(text, asked=asked)[:1]:
        field, sentence = SENTENCES[fault.code]
        raise DomainError(str(sentence) % {"place": fault.place}, code=fault.code, field=field)


def keep_rules(*, actor: User | None, course: Course, rules: Rules, today: date) -> None:
    """Write the rules of a course and who has to take it; the caller has locked it."""
    before = _state(course) if course.pk else {}
    _require_roles(rules.required_for)
    for name in RULES:
        setattr(course, name, getattr(rules, name))
    course.version = course.version + 1 if course.pk else 1
    course.full_clean()
    course.save()
    course.roles.exclude(role__in=rules.required_for).delete()
    present = set(course.roles.values_list("role", flat=True))
    CourseRole.objects.bulk_create(
        CourseRole(course=course, role=role, due_days=DUE_DAYS, since=today)
        for role in dict.fromkeys(rules.required_for)
        if role not in present
    )
    old, new = audit.diff(before, _state(course))
    if new:
        audit.record(
            actor=actor,
            action=actions.COURSE_CHANGED,
            target=course,
            node=organization_node(),
            before=old,
            after=new,
        )


def _state(course: Course) -> dict[str, str]:
    roles = course.roles.order_by("role", "pk").values_list("role", flat=True)
    values = {name: getattr(course, name) for name in RULES}
    return {name: str(value) for name, value in values.items()} | {"required_for": ", ".join(roles)}


def _require_roles(roles: Iterable[str]) -> None:
    if not set(roles) <= set(Role.values):
        raise DomainError(_("There is no such role."), code="UNKNOWN_ROLE", field="required_for")


def _searchable(content: Content, text: Text) -> Content:
    """Return the content with the titles of the modules as its text, so that the search finds them."""
    return replace(content, body="\n".join(f"- {each.title}" for each in text.modules))


def _keep_text(version: KnowledgeVersion, text: Text) -> None:
    CourseText.objects.update_or_create(version=version, defaults=text_as_json(text))
