"""Look after the library: what is due for review, and who has to hear of it (KNO-2)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import acting_on
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.notifications.services import notify
from portfolio import actions
from portfolio.choices import ANY_LANGUAGE, KnowledgeState
from portfolio.models import KnowledgeItem, KnowledgeVersion
from portfolio.models.knowledge import LIVE
from portfolio.services.library import node_of

REMINDER_DAYS = 14
TITLES_LISTED = 5


@dataclass(frozen=True)
class Upkeep:
    """What a day brought: versions newly due, items somebody was reminded of."""

    marked: int
    reminded: int


@transaction.atomic
def review_library(*, today: date) -> Upkeep:
    """
    Mark what is past its day of review, and remind owners every 14 days; safe to run twice.

    A person gets one message a day, however many items are due. Heads of the PMO get it for items without an
    owner who can still sign in.
    """
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
        )
        .order_by("pk")
    )
    for person, items in _by_person(waiting):
        _tell(person, items, today)
    KnowledgeItem.objects.filter(pk__in=[item.pk for item in waiting]).update(reminded_on=today)
    return len(waiting)


def _by_person(waiting: Sequence[KnowledgeItem]) -> list[tuple[User, list[KnowledgeItem]]]:
    """Return who hears of which items: their owner; the heads of the PMO, of those nobody looks after."""
    kept: dict[User, list[KnowledgeItem]] = defaultdict(list)
    heads: list[User] | None = None
    for item in waiting:
        if item.owner is not None and item.owner.is_active:
            kept[item.owner].append(item)
            continue
        if heads is None:
            grants = acting_on((Role.PMO_HEAD,), organization_node()).select_related("user")
            heads = list({grant.user for grant in grants})
        for head in heads:
            kept[head].append(item)
    return sorted(kept.items(), key=lambda pair: pair[0].pk)


def _tell(person: User, items: Sequence[KnowledgeItem], today: date) -> None:
    """Put one message into an inbox, however many items are due."""
    titles = list(
        KnowledgeVersion.objects.filter(item__in=items, state__in=LIVE)
        .order_by("item_id")
        .values_list("title", flat=True)
    )
    with override(person.spoken_language):
        if len(titles) == 1:
            said = _("Review due: %(title)s") % {"title": titles[0]}
            body = _("Read it, then confirm that it still holds, publish a new version or archive it.")
            url = items[0].get_absolute_url()
        else:
            said = _("Review due: %(number)s items of the library") % {"number": len(titles)}
            body = _list_of(titles)
            query = urlencode({"state": KnowledgeState.REVIEW_DUE, "language": ANY_LANGUAGE})
            url = f"{reverse('portfolio:library')}?{query}"
        notify(
            users=[person],
            kind="library_review",
            title=said,
            body=body,
            url=url,
            dedupe_key=f"library-review:{items[0].pk}:{today}",
        )


def _list_of(titles: Sequence[str]) -> str:
    """Return the first titles, and what to do with them."""
    lines = list(titles[:TITLES_LISTED])
    if len(titles) > TITLES_LISTED:
        lines.append(_("and %(number)s more") % {"number": len(titles) - TITLES_LISTED})
    act = _("Read them, then confirm that they still hold, publish new versions or archive them.")
    return "\n".join([*lines, act])
