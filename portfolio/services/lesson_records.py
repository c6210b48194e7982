"""What acts on lessons share: the locks in their order, the trail, and the tags as they are kept."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from portfolio.models import Lesson
from portfolio.models.lesson import tags_of
from projects.models import Project

MOST_TAGS, LONGEST_TAG, LONGEST_TAGS = 12, 60, 300


def lock_projects(*keys: int) -> dict[int, Project]:
    """Return projects by key, locked in the order of their keys; before anything that belongs to them."""
    rows = Project.objects.select_for_update(of=("self",)).select_related("node").filter(pk__in=keys)
    return {project.pk: project for project in rows.order_by("pk")}


def lock_lessons(*lessons: Lesson) -> tuple[Lesson, ...]:
    """
    Return lessons, fresh and locked: their projects first, then they, each in the order of the keys.

    Everything takes its locks in this order, and offers, items and requests after it: no deadlock.
    """
    lock_projects(*{lesson.project_id for lesson in lessons})
    rows = Lesson.objects.select_for_update(of=("self",)).filter(pk__in=[lesson.pk for lesson in lessons])
    rows = rows.select_related("project__node", "item", "captured_by").order_by("pk")
    found = {lesson.pk: lesson for lesson in rows}
    return tuple(found[lesson.pk] for lesson in lessons)


def record_lesson(
    actor: User | None,
    action: str,
    lesson: Lesson,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str = "",
) -> None:
    """Write down a change of a lesson where people of its project read it."""
    node = lesson.project.node
    audit.record(
        actor=actor, action=action, target=lesson, node=node, before=before, after=after, reason=reason
    )


def kept_tags(text: str) -> str:
    """
    Return tags as they are kept: in small letters, each once, separated by commas.

    Raises
    ------
    DomainError
        ``TAGS`` for more or longer tags than fit; nothing is cut off.
    """
    tags = tags_of(text)
    kept = ", ".join(tags)
    if any(len(tag) > LONGEST_TAG for tag in tags):
        raise DomainError(
            _("A tag has at most %(count)s characters. Separate tags by commas.") % {"count": LONGEST_TAG},
            code="TAGS",
            field="tags",
        )
    if len(tags) > MOST_TAGS or len(kept) > LONGEST_TAGS:
        raise DomainError(
            _("Use at most %(count)s tags, and %(length)s characters in all.")
            % {"count": MOST_TAGS, "length": LONGEST_TAGS},
            code="TAGS",
            field="tags",
        )
    return kept
