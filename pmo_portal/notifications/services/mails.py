"""Mail a message, at least once and always under the same Message-ID (SEC-41)."""

import hashlib

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import override

from pmo_portal.common.jobs import RunningJob
from pmo_portal.notifications.models import Notification
from pmo_portal.notifications.selectors import wants_email
from pmo_portal.notifications.services.inbox import ALWAYS_MAILED

MAIL_HOST = "pmo-portal.invalid"


def message_id(notification: Notification) -> str:
    """Return the Message-ID of a message: the same for the same person and key."""
    source = f"{notification.user_id}:{notification.dedupe_key}".encode()
    return f"<{hashlib.sha256(source).hexdigest()[:40]}@{MAIL_HOST}>"


def mail_message(*, job: RunningJob, notification_id: int) -> bool:
    """
    Send the message to the person's mailbox unless that was done, or is not wanted.

    The mail leaves before its row is marked: a worker that dies between the two sends it again, with
    the same Message-ID, and mailboxes show it once.
    """
    found = Notification.objects.select_related("user").filter(pk=notification_id, mailed_at__isnull=True)
    notification = found.first()
    if notification is None or not notification.user.is_active:
        return False
    if notification.kind not in ALWAYS_MAILED and not wants_email(notification.user):
        return False
    with override(notification.user.spoken_language):
        _mail(notification).send()
    with job.effect(mailed=True):
        found.update(mailed_at=Now())
    return True


def _mail(notification: Notification) -> EmailMessage:
    lines = [notification.title, "", notification.body]
    address = getattr(settings, "PUBLIC_URL", "").rstrip("/")
    if notification.url and address:
        lines += ["", f"{address}{notification.url}"]
    if notification.kind not in ALWAYS_MAILED:
        lines += ["", _("You can turn these mails off on the page Notifications of PMO Portal.")]
    headers = {"Message-ID": message_id(notification), "Auto-Submitted": "auto-generated"}
    subject = " ".join(notification.title.split())
    return EmailMessage(subject, "\n".join(lines), to=[notification.user.email], headers=headers)
