"""Look after the library: what is due for review, and who has to hear of it (KNO-2)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from pmo_portal.audit import services as audit
from pmo_portal.notifications.services import notify
from portfolio import actions
from portfolio.choices import KnowledgeState
from portfolio.models import KnowledgeItem, KnowledgeVersion
from portfolio.models.knowledge import LIVE
from portfolio.services.library import node_of

REMINDER_DAYS = 14


@dataclass(frozen=True)
class Upkeep:
    """What a day brought: versions newly due, owners reminded."""

    marked: int
    reminded: int


@transaction.atomic
def review_library(*, today: date) -> Upkeep:
    """Mark what is past its day of review, and remind owners every 14 days; safe to run twice."""
    due = list(
        KnowledgeVersion.objects.select_for_update(of=("self",))
        .select_related("item")
        .filter(state=KnowledgeState.PUBLISHED, item__review_by__lt=today)
        .order_by("pk")
    )
    KnowledgeVersion.objects.filter(pk__in=[each.pk for each in due]).update(state=KnowledgeState.REVIEW_DUE)
    audit.record_many(
        actor=None,
        changes=[
            audit.Change(
                action=actions.KNOWLEDGE_REVIEW_DUE,
                target=each,
                node=node_of(each.item),
                before={"state": KnowledgeState.PUBLISHED},
                after={"state": KnowledgeState.REVIEW_DUE},
            )
            for each in due
        ],
    )
    return Upkeep(marked=len(due), reminded=_remind(today))


def _remind(today: date) -> int:
    last = today - timedelta(days=REMINDER_DAYS)
    waiting = list(
        KnowledgeItem.objects.select_for_update(of=("self",))
        .select_related("owner")
        .filter(
            Q(reminded_on__isnull=True) | Q(reminded_on__lte=last),
            versions__state=KnowledgeState.REVIEW_DUE,
            owner__isnull=False,
        )
        .order_by("pk")
    )
    titles = dict(
        KnowledgeVersion.objects.filter(item__in=waiting, state__in=LIVE).values_list("item_id", "title")
    )
    for item in waiting:
        owners = [item.owner] if item.owner else []
        with override((item.owner.language if item.owner else "") or None):
            notify(
                users=owners,
                kind="library_review",
                title=_("Review due: %(title)s") % {"title": titles[item.pk]},
                body=_("Read it, then confirm that it still holds, publish a new version or archive it."),
                url=item.get_absolute_url(),
                dedupe_key=f"library-review:{item.pk}:{today}",
            )
    KnowledgeItem.objects.filter(pk__in=[item.pk for item in waiting]).update(reminded_on=today)
    return len(waiting)
