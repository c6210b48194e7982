"""Change a standard because of a lesson, and keep the link to the version that has the change (KNO-8)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from portfolio import actions
from portfolio.choices import ChangeState, LessonState
from portfolio.models import Lesson, StandardChange
from portfolio.selectors.named_standards import NamedStandard, standard_named
from portfolio.services.lesson_records import lock_lessons, record_lesson
from projects.services.changes import save_version

SHORTEST_REASON = 10


@transaction.atomic
def ask_for_change(*, actor: User | None, lesson: Lesson, today: date) -> StandardChange:
    """Open the request a published lesson makes; it keeps the version in force."""
    found = standard_named(lesson.standard)
    made = StandardChange.objects.create(
        lesson=lesson,
        standard=lesson.standard,
        found_in=found.number if found else "",
        wish=lesson.fault or lesson.recommendation,
        opened_on=today,
    )
    _record(
        actor, actions.STANDARD_CHANGE_OPENED, made, {"standard": made.standard, "found_in": made.found_in}
    )
    return made


@transaction.atomic
def complete_change(
    *, actor: User | None, change: StandardChange, number: str, today: date
) -> StandardChange:
    """
    Say that a newer version of the standard has the change; the lesson is actioned by it.

    Parameters
    ----------
    number : str
        The version in force that has it.

    Raises
    ------
    Conflict
        ``SAME_VERSION`` while the version the fault was found in is still in force; ``NOT_IN_FORCE`` for
        any other; ``STATE_ORDER`` when the request is decided already.
    """
    locked = _locked(actor, change)
    found = standard_named(locked.standard)
    if found is None or found.number != number.strip():
        raise Conflict(
            _("This version is not in force. Publish it first."), code="NOT_IN_FORCE", field="number"
        )
    if found.number == locked.found_in:
        raise Conflict(
            _("Version %(number)s is the one the fault was found in. Publish a newer version first.")
            % {"number": found.number},
            code="SAME_VERSION",
            field="number",
        )
    setattr(locked, found.column, found.version)
    _action_lesson(actor, locked.lesson, found)
    return _decide(actor, locked, ChangeState.DONE, today, actions.STANDARD_CHANGE_DONE, number=found.number)


@transaction.atomic
def decline_change(*, actor: User | None, change: StandardChange, reason: str, today: date) -> StandardChange:
    """Leave the standard as it is, and say why."""
    locked = _locked(actor, change)
    if len(reason.strip()) < SHORTEST_REASON:
        raise DomainError(
            _("Say why, in at least %(count)s characters.") % {"count": SHORTEST_REASON},
            code="REASON_NEEDED",
            field="reason",
        )
    locked.reason = reason.strip()[:400]
    return _decide(actor, locked, ChangeState.DECLINED, today, actions.STANDARD_CHANGE_DECLINED)


def withdraw_change(*, actor: User | None, lesson: Lesson, reason: str, today: date) -> None:
    """End the open request of a lesson that is taken out of use; the caller has locked the lesson."""
    rows = StandardChange.objects.waiting().filter(lesson=lesson).select_for_update(of=("self",))
    change = rows.select_related("lesson__project__node").first()
    if change is not None:
        change.reason = reason
        _decide(actor, change, ChangeState.DECLINED, today, actions.STANDARD_CHANGE_DECLINED)


def _action_lesson(actor: User | None, lesson: Lesson, found: NamedStandard) -> None:
    """Say in the trail of a lesson which version it led to."""
    if lesson.state != LessonState.PUBLISHED:
        return
    before, lesson.state = lesson.state, LessonState.ACTIONED
    save_version(lesson)
    link = {"standard": found.key, "version": found.number, "url": found.version.get_absolute_url()}
    record_lesson(
        actor, actions.LESSON_MOVED, lesson, {"state": before}, {"state": lesson.state.value, **link}
    )


def _decide(
    actor: User | None, change: StandardChange, state: str, today: date, action: str, **more: str
) -> StandardChange:
    change.state, change.decided_on, change.decided_by = state, today, actor
    change.save()
    _record(actor, action, change, {"state": state, **more}, reason=change.reason)
    return change


def _locked(actor: User | None, change: StandardChange) -> StandardChange:
    if actor is not None and not may(actor, "lesson.curate", organization_node()):
        raise NotAllowed(_("Only the PMO decides on its standards."))
    (lesson,) = lock_lessons(change.lesson)
    locked = StandardChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    locked.lesson = lesson
    if locked.state != ChangeState.OPEN:
        raise Conflict(_("This request is decided already."), code="STATE_ORDER")
    return locked


def _record(
    actor: User | None, action: str, change: StandardChange, after: dict[str, Any], reason: str = ""
) -> None:
    node = change.lesson.project.node
    audit.record(actor=actor, action=action, target=change, node=node, after=after, reason=reason)
