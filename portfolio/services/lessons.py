"""Capture lessons, curate them, publish them in the library (KNO-7, KNO-8)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.notifications.services.inbox import notify
from portfolio import actions
from portfolio.choices import KnowledgeKind, LessonState
from portfolio.models import KnowledgeItem, Lesson, NoLessons
from portfolio.models.knowledge import LIVE
from portfolio.models.lesson import IN_USE, TO_CURATE, may_take_in
from portfolio.selectors.governance import governance_of
from portfolio.selectors.named_standards import standard_named
from portfolio.services.lesson_records import kept_tags, lock_lessons, lock_projects, record_lesson
from portfolio.services.library import Content, archive, create_item, publish
from portfolio.services.standard_changes import ask_for_change, withdraw_change
from projects.models import Project
from projects.services.changes import require_version, save_version

S = LessonState
SHORTEST_REASON = 10
TEXTS = (
    "title", "kind", "language", "phase", "category", "tags", "what_happened", "cause", "recommendation",
    "effect_cost", "effect_days", "standard", "fault",
)  # fmt: skip
TOLD = {
    S.PUBLISHED: _("Your lesson is published: %(title)s"),
    S.RETIRED: _("Your lesson was not taken over: %(title)s"),
}


@transaction.atomic
def capture_lesson(*, actor: User | None, project: Project, values: Mapping[str, Any], today: date) -> Lesson:
    """
    Write down what a project learned; at any time, while closing too.

    It keeps the methodology and tier of the project, by which others are matched (KNO-6).

    Raises
    ------
    NotAllowed
        If the person does not work in the project.
    ValidationError
        If title, story or recommendation are missing.
    DomainError
        ``UNKNOWN_STANDARD`` when the named standard is not in force.
    """
    project = lock_projects(project.pk)[project.pk]
    _require(actor, "lesson.capture", project)
    known = governance_of(project, today)
    lesson = Lesson(
        project=project,
        captured_by=actor,
        captured_on=today,
        category=project.category,
        methodology=known.version.methodology.code if known else "",
        tier=known.records.tier if known else project.tier,
    )
    _fill(lesson, values)
    lesson.save()
    after = {"kind": lesson.kind, "title": lesson.title}
    record_lesson(actor, actions.LESSON_CAPTURED, lesson, {}, after)
    return lesson


def right_to_edit(actor: User | None, lesson: Lesson) -> str:
    """Return the permission that edits a lesson: who captured it needs no more than that right."""
    is_own = actor is not None and lesson.captured_by_id == actor.pk
    return "lesson.capture" if is_own else "lesson.curate"


@transaction.atomic
def edit_lesson(
    *, actor: User | None, lesson: Lesson, values: Mapping[str, Any], expected_version: int | None
) -> Lesson:
    """
    Improve the words of a lesson that is not published yet.

    An accepted lesson that its author changes is captured again: somebody else accepts the new words (ORG-8).

    Raises
    ------
    Conflict
        When it is published: then others have read it.
    StaleObject
        If somebody saved it in between.
    """
    locked = _locked(lesson, expected_version)
    right = right_to_edit(actor, locked)
    _require(actor, right, locked.project)
    if locked.state not in TO_CURATE:
        raise Conflict(
            _("A published lesson is not edited. Retire it and capture a new one."), code="STATE_ORDER"
        )
    names = (*TEXTS, "state")
    before = {name: getattr(locked, name) for name in names}
    _fill(locked, values)
    if right == "lesson.capture" and any(getattr(locked, name) != before[name] for name in TEXTS):
        locked.state = S.CAPTURED
    save_version(locked)
    old, new = audit.diff(before, {name: getattr(locked, name) for name in names})
    record_lesson(actor, actions.LESSON_EDITED, locked, old, new)
    return locked


@transaction.atomic
def accept_lesson(*, actor: User | None, lesson: Lesson, expected_version: int | None = None) -> Lesson:
    """
    Say that a lesson is true and worth reading.

    Raises
    ------
    NotAllowed
        For one's own lesson (ORG-8), and without the right to curate.
    """
    locked = _to_curate(actor, lesson, expected_version)
    if actor is not None and locked.captured_by_id == actor.pk:
        raise NotAllowed(_("Somebody else accepts the lesson you captured."))
    return _move(actor, locked, {S.CAPTURED}, S.VALIDATED)


@transaction.atomic
def reject_lesson(
    *, actor: User | None, lesson: Lesson, reason: str, expected_version: int | None = None
) -> Lesson:
    """Put a lesson aside that was not published, with the reason its author gets."""
    locked = _to_curate(actor, lesson, expected_version)
    locked.closing_note = _reason(reason)
    done = _move(actor, locked, set(TO_CURATE), S.RETIRED, reason=locked.closing_note)
    _tell(done, S.RETIRED, body=done.closing_note)
    return done


@transaction.atomic
def merge_lesson(
    *, actor: User | None, lesson: Lesson, into: Lesson, expected_version: int | None = None
) -> Lesson:
    """
    Put a lesson into another that says the same; the other then counts one project more.

    Raises
    ------
    Conflict
        ``MERGED_INTO`` for itself, for a retired lesson, and between a confidential project and another.
    """
    locked, target = lock_lessons(lesson, into)
    require_version(locked.version, expected=expected_version)
    for each in (locked, target):
        _require(actor, "lesson.curate", each.project)
    fits = Lesson.objects.filter(may_take_in(locked), pk=target.pk).exclude(pk=locked.pk).exists()
    if not fits or target.state == S.RETIRED:
        raise Conflict(
            _("Merge it into another lesson that is in use, and none of a confidential project."),
            code="MERGED_INTO",
            field="into",
        )
    locked.merged.update(merged_into=target)
    locked.merged_into = target
    return _move(actor, locked, set(TO_CURATE), S.RETIRED, action=actions.LESSON_MERGED, into=target.pk)


@transaction.atomic
def publish_lesson(
    *, actor: User | None, lesson: Lesson, today: date, expected_version: int | None = None
) -> Lesson:
    """
    Publish an accepted lesson in the library; a fault of a standard asks for its change (KNO-8).

    A lesson of a confidential project is seen only by people who see the project.
    """
    locked = _to_curate(actor, lesson, expected_version)
    if locked.state != S.VALIDATED:
        raise Conflict(_("Accept the lesson first, then publish it."), code="STATE_ORDER")
    locked.item, locked.published_on = _item_of(actor, locked, today), today
    done = _move(actor, locked, {S.VALIDATED}, S.PUBLISHED)
    if done.standard:
        ask_for_change(actor=actor, lesson=done, today=today)
    _tell(done, S.PUBLISHED)
    return done


@transaction.atomic
def retire_lesson(
    *, actor: User | None, lesson: Lesson, reason: str, today: date, expected_version: int | None = None
) -> Lesson:
    """Take a published lesson out of use: it is wrong, doubled or out of date."""
    locked = _to_curate(actor, lesson, expected_version)
    locked.closing_note = _reason(reason)
    withdraw_change(actor=actor, lesson=locked, reason=locked.closing_note, today=today)
    if locked.item is not None and locked.item.versions.filter(state__in=LIVE).exists():
        archive(actor=None, item=locked.item, reason=locked.closing_note)
    return _move(actor, locked, set(IN_USE), S.RETIRED, reason=locked.closing_note)


@transaction.atomic
def declare_none(*, actor: User | None, project: Project, reason: str, today: date) -> NoLessons:
    """
    Say that a project taught nothing, and why; then it may be closed (KNO-7).

    Raises
    ------
    Conflict
        ``HAS_LESSONS`` when the project has lessons.
    """
    project = lock_projects(project.pk)[project.pk]
    _require(actor, "project.edit", project)
    text = _reason(reason, longest=2000)
    if Lesson.objects.filter(project=project).counted().exists():
        raise Conflict(_("The project has lessons already."), code="HAS_LESSONS", field="reason")
    given, _is_new = NoLessons.objects.update_or_create(
        project=project, defaults={"reason": text, "given_by": actor, "given_on": today}
    )
    audit.record(
        actor=actor,
        action=actions.LESSONS_NONE,
        target=project,
        node=project.node,
        after={"given_on": today},
        reason=text,
    )
    return given


def require_lessons(project: Project) -> None:
    """
    Refuse to close a project that has neither lessons nor a reason for none (KNO-7).

    Raises
    ------
    Conflict
        ``NO_LESSONS``.
    """
    has_lessons = Lesson.objects.filter(project=project).counted().exists()
    if not has_lessons and not NoLessons.objects.filter(project=project).exists():
        raise Conflict(
            _("Capture a lesson first, or say on the page Lessons why there is none."),
            code="NO_LESSONS",
            field="state",
        )


def _fill(lesson: Lesson, values: Mapping[str, Any]) -> None:
    """Set texts and check them; not saved."""
    for name in TEXTS:
        if name in values:
            given = values[name]
            setattr(lesson, name, given.strip() if isinstance(given, str) else given)
    lesson.tags = kept_tags(lesson.tags)
    if lesson.standard and standard_named(lesson.standard) is None:
        raise DomainError(_("There is no such standard in force."), code="UNKNOWN_STANDARD", field="standard")
    lesson.full_clean(exclude=["created_at", "project", "captured_by", "item", "merged_into"])


def _item_of(actor: User | None, lesson: Lesson, today: date) -> KnowledgeItem:
    """Return the lesson as a published item of the library, written in its own language."""
    with override(lesson.language):
        parts = [
            (translated("What happened"), lesson.what_happened),
            (translated("Cause"), lesson.cause),
            (translated("Recommendation"), lesson.recommendation),
        ]
        body = "\n\n".join(f"# {heading}\n\n{text}" for heading, text in parts if text)
    content = Content(
        title=lesson.title,
        summary=" ".join(lesson.recommendation.split())[:400],
        body=body,
        tags=lesson.tag_list,
        methodologies=(lesson.methodology,) if lesson.methodology else (),
    )
    made = create_item(
        actor=None,
        code=f"lesson-{lesson.pk}",
        language=lesson.language,
        kind=KnowledgeKind.LESSON,
        content=content,
        owner=actor,
        project=lesson.project,
    )
    publish(actor=None, item=made.item, today=today)
    return made.item


def _move(
    actor: User | None,
    lesson: Lesson,
    from_states: set[Any],
    state: str,
    *,
    reason: str = "",
    action: str = actions.LESSON_MOVED,
    **more: Any,
) -> Lesson:
    if lesson.state not in from_states:
        raise Conflict(_("The lesson is in another state by now. Load the page again."), code="STATE_ORDER")
    before, lesson.state = lesson.state, state
    save_version(lesson)
    record_lesson(actor, action, lesson, {"state": before}, {"state": state, **more}, reason=reason)
    return lesson


def _tell(lesson: Lesson, state: LessonState, body: str = "") -> None:
    """Tell the author in their own language, unless the author did it."""
    author = lesson.captured_by
    if author is None:
        return
    with override(author.spoken_language):
        notify(
            users=[author],
            kind="lesson_decided",
            title=str(TOLD[state]) % {"title": lesson.title},
            body=body,
            url=lesson.get_absolute_url(),
            dedupe_key=f"lesson-{state}:{lesson.pk}",
        )


def _to_curate(actor: User | None, lesson: Lesson, expected: int | None) -> Lesson:
    locked = _locked(lesson, expected)
    _require(actor, "lesson.curate", locked.project)
    return locked


def _locked(lesson: Lesson, expected: int | None) -> Lesson:
    (locked,) = lock_lessons(lesson)
    require_version(locked.version, expected=expected)
    return locked


def _reason(text: str, *, longest: int = 400) -> str:
    if len(text.strip()) < SHORTEST_REASON:
        raise DomainError(
            _("Say why, in at least %(count)s characters.") % {"count": SHORTEST_REASON},
            code="REASON_NEEDED",
            field="reason",
        )
    return text.strip()[:longest]


def _require(actor: User | None, permission: str, project: Project) -> None:
    if actor is not None and not may(actor, permission, project.node):
        raise NotAllowed(_("You may not do this with the lessons of this project."))
