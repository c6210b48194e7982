"""What people do with items of the library: view, fetch, reuse, rate (KNO-1, KNO-3, KNO-9)."""

from datetime import date

from django.db import transaction
from django.db.models import Count, F, Sum
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError
from portfolio import actions
from portfolio.choices import UsageKind
from portfolio.models import (
    KnowledgeItem,
    KnowledgeRating,
    KnowledgeVersion,
    SearchGap,
    UsageEvent,
)
from portfolio.models.knowledge import LIVE
from portfolio.rollup.words import title_key
from portfolio.services.lesson_offers import apply_used
from portfolio.services.lesson_records import lock_projects
from portfolio.services.library import lock_item
from projects.models import Project

LONGEST_QUESTION = 80
MOST_GAPS = 5000


def record_usage(*, actor: User, version: KnowledgeVersion, kind: str, day: date) -> None:
    """Note that the person viewed, fetched or liked the version; once a day. One statement."""
    UsageEvent.objects.bulk_create(
        [UsageEvent(item_id=version.item_id, version=version, user=actor, kind=kind, day=day)],
        ignore_conflicts=True,
    )


@transaction.atomic
def use_in_project(*, actor: User, version: KnowledgeVersion, project: Project, day: date) -> UsageEvent:
    """
    Note that a project uses this version; the project keeps it when a newer one is published (KNO-1).

    The caller has found ``project`` through the person's right to edit it.

    Raises
    ------
    Conflict
        ``ALREADY_USED`` when the project uses this version already; ``NOT_PUBLISHED`` for a draft;
        ``NOT_FOR_OTHERS`` for a lesson of the project itself, or of a confidential one (ORG-9).
    """
    project = lock_projects(project.pk)[project.pk]
    if version.state not in LIVE:
        raise Conflict(_("Only what is published can be used in a project."), code="NOT_PUBLISHED")
    source = version.item.project
    if source is not None and (source.pk == project.pk or source.node.is_confidential):
        raise Conflict(
            _("A lesson counts as used in another project, and none of a confidential project."),
            code="NOT_FOR_OTHERS",
            field="project",
        )
    used, is_new = UsageEvent.objects.get_or_create(
        version=version,
        project=project,
        defaults={"item_id": version.item_id, "user": actor, "kind": UsageKind.REUSE, "day": day},
    )
    if not is_new:
        raise Conflict(_("The project uses this version already."), code="ALREADY_USED", field="project")
    apply_used(actor=actor, project=project, item_id=version.item_id, today=day)
    audit.record(
        actor=actor,
        action=actions.KNOWLEDGE_USED,
        target=version,
        node=project.node,
        after={"project": project.code, "version": version.number},
    )
    return used


@transaction.atomic
def rate(*, actor: User, item: KnowledgeItem, stars: int) -> KnowledgeItem:
    """
    Give an item one to five stars, or change what one gave.

    Raises
    ------
    DomainError
        For other numbers of stars, and for one's own item.
    """
    if not 1 <= stars <= 5:
        raise DomainError(_("Give one to five stars."), code="STARS", field="stars")
    locked = lock_item(item)
    if locked.owner_id == actor.pk:
        raise DomainError(_("The owner of an item does not rate it."), code="OWN_ITEM", field="stars")
    KnowledgeRating.objects.update_or_create(
        item=locked, user=actor, defaults={"stars": stars, "rated_at": Now()}
    )
    found = KnowledgeRating.objects.filter(item=locked).aggregate(total=Sum("stars"), count=Count("pk"))
    locked.rating_sum, locked.rating_count = found["total"], found["count"]
    locked.save(update_fields=["rating_sum", "rating_count"])
    return locked


@transaction.atomic
def log_gap(*, words: str, language: str, day: date) -> None:
    """Count a question without an answer; without the name of who asked (KNO-9)."""
    asked = title_key(words)[:LONGEST_QUESTION]
    if len(asked) < 2:
        return
    if SearchGap.objects.filter(words=asked, language=language).update(count=F("count") + 1, last_on=day):
        return
    if SearchGap.objects.count() < MOST_GAPS:
        SearchGap.objects.bulk_create(
            [SearchGap(words=asked, language=language, first_on=day, last_on=day)], ignore_conflicts=True
        )
