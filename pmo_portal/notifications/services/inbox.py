"""Write messages into inboxes, once per key, and order their mails."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Now
from django.utils.functional import Promise

from pmo_portal.accounts.models import User
from pmo_portal.common.queue import Order, enqueue_many
from pmo_portal.notifications.models import ChannelPreference, Notification

MAIL_JOB = "notifications.mail_message"
# Messages that are mailed to people who want no mails too.
ALWAYS_MAILED = frozenset({"emergency_access"})


@transaction.atomic
def notify(
    *,
    users: Iterable[User],
    kind: str,
    title: str | Promise,
    body: str | Promise = "",
    url: str = "",
    dedupe_key: str,
) -> int:
    """
    Put one message into the inboxes of several people, and order a mail for those who want one.

    Parameters
    ----------
    users : iterable of User
        Who gets it; inactive people do not.
    kind : str
        Short code such as ``file_ready``.
    url : str
        Where the message leads, a path of this portal.
    dedupe_key : str
        A person gets one message per key for ever, so that a job may run twice.

    Returns
    -------
    int
        How many people the message is for. Four statements, whatever their number.
    """
    ids = sorted({user.pk for user in users if user.is_active})
    key = dedupe_key[:150]
    address = url if url.startswith("/") and not url.startswith("//") else ""
    rows = [
        Notification(
            user_id=pk,
            kind=kind[:40],
            title=str(title)[:200],
            body=str(body),
            url=address[:300],
            dedupe_key=key,
        )
        for pk in ids
    ]
    Notification.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    quiet = set(ChannelPreference.objects.filter(user__in=ids, by_email=False).values_list("user", flat=True))
    unsent = Notification.objects.filter(dedupe_key=key, user__in=ids, mailed_at__isnull=True).exclude(
        user__in=set() if kind in ALWAYS_MAILED else quiet
    )
    mails = [
        Order(MAIL_JOB, key=str(pk), arguments={"notification_id": pk}, priority=6)
        for pk in unsent.order_by("id").values_list("id", flat=True)
    ]
    if mails:
        enqueue_many(mails)
    return len(ids)


@transaction.atomic
def mark_read(*, actor: User, notification: Notification) -> None:
    """Mark one of the person's messages as read; harmless when it is."""
    Notification.objects.visible_to(actor).unread().filter(pk=notification.pk).update(read_at=Now())


@transaction.atomic
def mark_all_read(*, actor: User) -> int:
    """Mark all the person's messages as read; return how many were not."""
    return Notification.objects.visible_to(actor).unread().update(read_at=Now())


@transaction.atomic
def settle(*, keys: Iterable[str], users: Iterable[User] | None = None) -> int:
    """
    Let messages ask for nothing any more, because what they asked for is decided; return how many did.

    Parameters
    ----------
    keys : iterable of str
        Their ``dedupe_key``, or its beginning up to a colon.
    users : iterable of User, optional
        Whose messages; those of everybody unless given.
    """
    named = Q(pk__in=())
    for key in keys:
        named |= Q(dedupe_key=key) | Q(dedupe_key__startswith=f"{key}:")
    found = Notification.objects.filter(named, settled_at__isnull=True)
    if users is not None:
        found = found.filter(user__in=[user.pk for user in users])
    return found.update(settled_at=Now(), read_at=Coalesce("read_at", Now()))


@transaction.atomic
def set_email_wanted(*, actor: User, by_email: bool) -> None:
    """Say whether messages go to the person's mailbox too."""
    ChannelPreference.objects.update_or_create(user=actor, defaults={"by_email": by_email})
