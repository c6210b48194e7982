"""Write, review, publish and archive items of the library (KNO-1, KNO-2, CON-9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.access import may
from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import ScopeNode, User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed, StaleObject
from pmo_portal.common.guidance import BY_CODE
from pmo_portal.documents.models import StoredFile
from portfolio import actions
from portfolio.choices import KnowledgeKind, KnowledgeState, LabelKind
from portfolio.models import (
    CourseText,
    KnowledgeItem,
    KnowledgeLabel,
    KnowledgeTerm,
    KnowledgeVersion,
    Lesson,
)
from portfolio.models.knowledge import LIVE, OPEN
from portfolio.rollup.words import title_key, weigh
from projects.models import Project

S = KnowledgeState
REVIEW_MONTHS = 12
MOST_LABELS = 12
CODES = (LabelKind.ROLE, LabelKind.PLACE)
"""Kinds of labels that are no words to search for."""
LONGEST_BODY = 60_000
LONGEST_REASON = 2000
TEXT_FIELDS = ("title", "summary", "body", "link", "change_note")


@dataclass(frozen=True)
class Content:
    """What a version says; labels are words, roles and places are codes."""

    title: str
    summary: str
    body: str = ""
    link: str = ""
    file: StoredFile | None = None
    change_note: str = ""
    tags: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    methodologies: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def labels(self) -> list[tuple[str, str]]:
        """Kind and value of each label."""
        return [
            *((LabelKind.TAG.value, _tag(value)) for value in self.tags),
            *((LabelKind.ROLE.value, value) for value in self.roles),
            *((LabelKind.METHODOLOGY.value, value.strip()[:60]) for value in self.methodologies),
            *((LabelKind.PLACE.value, value) for value in self.places),
        ]


@transaction.atomic
def create_item(
    *,
    actor: User | None,
    code: str,
    language: str,
    kind: str,
    content: Content,
    owner: User | None = None,
    project: Project | None = None,
) -> KnowledgeVersion:
    """
    Write a new item; its first version, 1.0, is a draft.

    Raises
    ------
    NotAllowed
        If the person does not edit the library.
    DomainError
        ``CODE_TAKEN`` in this language.
    ValidationError
        If a field is missing or too long.
    """
    require_editor(actor)
    if KnowledgeItem.objects.filter(code=code, language=language).exists():
        raise DomainError(
            _("There is an item with this code in this language already."), code="CODE_TAKEN", field="code"
        )
    item = KnowledgeItem(
        code=code,
        language=language,
        kind=kind,
        owner=owner or actor,
        project=project,
        created_by=actor,
    )
    item.full_clean(exclude=["created_at"])
    item.save()
    version = KnowledgeVersion(item=item, major=1, minor=0, author=actor)
    _fill(version, content)
    audit.record(
        actor=actor,
        action=actions.KNOWLEDGE_CREATED,
        target=version,
        node=node_of(item),
        after={"code": code, "language": language, "kind": kind},
    )
    return version


@transaction.atomic
def edit_item(
    *,
    actor: User | None,
    item: KnowledgeItem,
    content: Content,
    is_major: bool = False,
    expected_revision: int | None = None,
) -> KnowledgeVersion:
    """
    Save the draft of an item; a published item gets a new draft, the published version stays (CON-9).

    Parameters
    ----------
    is_major : bool
        Whether a new draft is called 2.0 rather than 1.1.
    expected_revision : int, optional
        Revision of the draft the form was filled from.

    Raises
    ------
    NotAllowed
        If the person does not edit the library.
    Conflict
        For a lesson of a project: it is retired, not edited.
    StaleObject
        If somebody saved the draft in between.
    """
    require_editor(actor)
    locked = lock_item(item)
    if locked.kind == KnowledgeKind.LESSON and Lesson.objects.filter(item=locked).exists():
        raise Conflict(
            _("A published lesson is not edited. Retire it and capture a new one."), code="STATE_ORDER"
        )
    draft = locked.versions.filter(state__in=OPEN).select_for_update().first()
    if draft is None:
        draft = _next_version(locked, is_major=is_major, author=actor)
    elif expected_revision is not None and draft.revision != expected_revision:
        raise StaleObject(_("Somebody else saved this draft meanwhile. Look at it, then save again."))
    before = {name: getattr(draft, name) for name in TEXT_FIELDS} if draft.pk else {}
    is_new = draft.pk is None
    draft.state = S.DRAFT
    draft.revision = 1 if is_new else draft.revision + 1
    _fill(draft, content)
    if is_new:
        _take_course_over(draft)
    old, new = audit.diff(before, {name: getattr(draft, name) for name in TEXT_FIELDS})
    audit.record(
        actor=actor,
        action=actions.KNOWLEDGE_EDITED,
        target=draft,
        node=node_of(locked),
        before={name: str(value)[:500] for name, value in old.items()},
        after={name: str(value)[:500] for name, value in new.items()},
    )
    return draft


@transaction.atomic
def send_for_review(*, actor: User | None, item: KnowledgeItem) -> KnowledgeVersion:
    """Say that a draft is ready to be read by somebody else."""
    return _step(actor, item, {S.DRAFT}, S.IN_REVIEW, actions.KNOWLEDGE_SENT)


@transaction.atomic
def return_draft(*, actor: User | None, item: KnowledgeItem, reason: str) -> KnowledgeVersion:
    """Give a draft back to its author, with the reason."""
    _require_reason(reason, _("Say what has to change."))
    return _step(actor, item, {S.IN_REVIEW}, S.DRAFT, actions.KNOWLEDGE_RETURNED, reason=reason)


@transaction.atomic
def publish(
    *, actor: User | None, item: KnowledgeItem, today: date, review_by: date | None = None
) -> KnowledgeVersion:
    """
    Publish the draft of an item and archive the version before it (KNO-1).

    Parameters
    ----------
    review_by : date, optional
        When the item has to be looked at again; twelve months from ``today`` without it (KNO-2).

    Raises
    ------
    Conflict
        ``NO_DRAFT`` when there is nothing new to publish.
    DomainError
        When the day of review has passed already.
    """
    require_editor(actor)
    locked = lock_item(item)
    draft = locked.versions.filter(state__in=OPEN).select_for_update().first()
    if draft is None:
        raise Conflict(_("There is no draft to publish. Edit the item first."), code="NO_DRAFT")
    if review_by is not None and review_by <= today:
        raise DomainError(_("The review must lie in the future."), code="REVIEW_PAST", field="review_by")
    former = locked.versions.filter(state__in=LIVE).first()
    if former is not None:
        locked.versions.filter(pk=former.pk).update(state=S.ARCHIVED, updated_at=Now())
    draft.state, draft.published_on, draft.published_by = S.PUBLISHED, today, actor
    draft.save(update_fields=["state", "published_on", "published_by"])
    locked.review_by = review_by or months_after(today, REVIEW_MONTHS)
    locked.reminded_on = None
    locked.save(update_fields=["review_by", "reminded_on"])
    audit.record(
        actor=actor,
        action=actions.KNOWLEDGE_PUBLISHED,
        target=draft,
        node=node_of(locked),
        before={"version": former.number if former else None},
        after={"version": draft.number, "review_by": locked.review_by},
    )
    return draft


@transaction.atomic
def confirm_review(*, actor: User | None, item: KnowledgeItem, today: date) -> KnowledgeVersion:
    """Say that the published version still holds; it is looked at again in twelve months (KNO-2)."""
    locked = lock_item(item)
    locked.review_by, locked.reminded_on = months_after(today, REVIEW_MONTHS), None
    locked.save(update_fields=["review_by", "reminded_on"])
    return _step(actor, locked, set(LIVE), S.PUBLISHED, actions.KNOWLEDGE_CONFIRMED)


@transaction.atomic
def archive(*, actor: User | None, item: KnowledgeItem, reason: str) -> KnowledgeVersion:
    """Take the published version out of the library; who used it keeps its address."""
    _require_reason(reason, _("Say why it is archived."))
    return _step(actor, item, set(LIVE), S.ARCHIVED, actions.KNOWLEDGE_ARCHIVED, reason=reason)


def require_editor(actor: User | None) -> None:
    """Refuse who does not edit the library; the system may."""
    if actor is not None and not may(actor, "library.edit", organization_node()):
        raise NotAllowed(_("Only the PMO writes and publishes in the library."))


def node_of(item: KnowledgeItem) -> ScopeNode:
    """Return where the trail of an item is read: a lesson's in its project, which may be confidential."""
    return item.project.node if item.project else organization_node()


def lock_item(item: KnowledgeItem) -> KnowledgeItem:
    """Return the item, locked until the end of the transaction."""
    return KnowledgeItem.objects.select_for_update().get(pk=item.pk)


def months_after(day: date, months: int) -> date:
    """
    Return the same day some months later; the last of the month where there is no such day.

    Examples
    --------
    >>> months_after(date(2028, 2, 29), 12), months_after(date(2026, 8, 31), 6)
    (datetime.date(2029, 2, 28), datetime.date(2027, 2, 28))
    """
    number = day.month - 1 + months
    year, month = day.year + number // 12, number % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError(day)


def _require_reason(reason: str, ask: str | Promise) -> None:
    """Refuse no reason, with the words that ask for it, and an endless one."""
    if len(reason.strip()) < 3:
        raise DomainError(ask, code="REASON_NEEDED", field="reason")
    if len(reason) > LONGEST_REASON:
        sentence = _("Use at most %(value)s characters.") % {"value": LONGEST_REASON}
        raise DomainError(sentence, code="TOO_LONG", field="reason")


def _step(
    actor: User | None,
    item: KnowledgeItem,
    from_states: Iterable[str],
    state: str,
    action: str,
    reason: str = "",
) -> KnowledgeVersion:
    """Bring the one version in these states into another."""
    require_editor(actor)
    locked = lock_item(item)
    version = locked.versions.filter(state__in=list(from_states)).select_for_update().first()
    if version is None:
        raise Conflict(_("The item is in another state by now. Load the page again."), code="STATE_ORDER")
    before = version.state
    version.state = state
    version.save(update_fields=["state"])
    audit.record(
        actor=actor,
        action=action,
        target=version,
        node=node_of(locked),
        before={"state": before},
        after={"state": state},
        reason=reason,
    )
    return version


def _next_version(item: KnowledgeItem, *, is_major: bool, author: User | None) -> KnowledgeVersion:
    newest = item.versions.order_by("-major", "-minor").first()
    if newest is None:
        return KnowledgeVersion(item=item, major=1, minor=0, author=author)
    if is_major:
        top = item.versions.aggregate(top=Max("major"))["top"]
        return KnowledgeVersion(item=item, major=top + 1, minor=0, author=author)
    return KnowledgeVersion(item=item, major=newest.major, minor=newest.minor + 1, author=author)


def _take_course_over(draft: KnowledgeVersion) -> None:
    """Give a new draft of a course the modules and questions of the version before."""
    former = CourseText.objects.filter(version__item=draft.item).order_by("-version_id").first()
    if former is not None:
        CourseText.objects.create(version=draft, modules=former.modules, questions=former.questions)


def _fill(version: KnowledgeVersion, content: Content) -> None:
    """Write content, labels and stemmed words of a version."""
    _require_good(content)
    for name in TEXT_FIELDS:
        setattr(version, name, getattr(content, name).strip())
    version.file = content.file
    version.title_key = title_key(version.title)
    version.full_clean(exclude=["created_at", "updated_at"], validate_constraints=False)
    version.save()
    KnowledgeLabel.objects.filter(version=version).delete()
    KnowledgeTerm.objects.filter(version=version).delete()
    KnowledgeLabel.objects.bulk_create(
        KnowledgeLabel(version=version, kind=kind, value=value)
        for kind, value in dict.fromkeys(content.labels)
        if value
    )
    words = {
        "title": version.title,
        "tags": " ".join(value for kind, value in content.labels if kind not in CODES),
        "summary": version.summary,
        "body": version.body,
    }
    KnowledgeTerm.objects.bulk_create(
        KnowledgeTerm(version=version, stem=stem, weight=weight)
        for stem, weight in weigh(words, version.item.language).items()
    )


def _require_good(content: Content) -> None:
    if not (content.body.strip() or content.link.strip() or content.file):
        raise DomainError(
            _("Give a text, a link or a file: an empty item helps nobody."), code="EMPTY", field="body"
        )
    if len(content.body) > LONGEST_BODY:
        raise DomainError(_("The text is too long. Make a file of it."), code="TOO_LONG", field="body")
    if len(content.labels) > 3 * MOST_LABELS:
        raise DomainError(_("Use fewer tags."), code="TOO_MANY", field="tags")
    unknown = [role for role in content.roles if role not in Role.values]
    if unknown:
        raise DomainError(_("There is no such role."), code="UNKNOWN_ROLE", field="roles")
    if any(place not in BY_CODE for place in content.places):
        raise DomainError(_("There is no such place."), code="UNKNOWN_PLACE", field="places")


def _tag(value: str) -> str:
    return " ".join(value.lower().split())[:60]
