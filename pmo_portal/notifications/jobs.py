"""Background work of notifications."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.jobs import RunningJob, job
from pmo_portal.notifications.services import events, mails


@job("notifications.mail_message", title=_("Mail a notification"))
def mail_message(*, job: RunningJob, notification_id: int, **_kept: Any) -> None:
    """Mail one notification."""
    mails.mail_message(job=job, notification_id=notification_id)


@job("notifications.tell_job_ended", title=_("Tell the owner of a job how it ended"))
def tell_job_ended(*, job: RunningJob, job_id: int, **_kept: Any) -> None:
    """Notify the owner."""
    events.tell_job_ended(job=job, job_id=job_id)


@job("notifications.tell_person", title=_("Deliver a notification"))
def tell_person(*, job: RunningJob, user_id: int, message: dict[str, str], **_kept: Any) -> None:
    """Notify one person; ``message`` has kind, title, dedupe_key and perhaps body and url."""
    events.tell_person(job=job, user_id=user_id, message=message)
