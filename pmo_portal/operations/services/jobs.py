"""What people do with jobs."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common import queue
from pmo_portal.common.errors import Conflict
from pmo_portal.common.models import Job, JobState


@transaction.atomic
def retry_job(*, actor: User, job: Job) -> None:
    """
    Let a failed or canceled job run again.

    Raises
    ------
    Conflict
        When it has not failed, or the same work waits already.
    """
    if not queue.retry(job.pk):
        raise Conflict(_("Only a job that failed or was canceled can be tried again."))
    audit.record(
        actor=actor,
        action="job.retried",
        target=job,
        before={"state": job.state, "attempt": job.attempt},
        after={"state": JobState.QUEUED, "attempt": 0},
    )


@transaction.atomic
def cancel_job(*, actor: User, job: Job) -> None:
    """
    Take a waiting job off the queue.

    Raises
    ------
    Conflict
        When a worker has taken it, or it has ended.
    """
    if not queue.cancel(job.pk):
        raise Conflict(_("Only a job that still waits can be canceled."))
    audit.record(
        actor=actor,
        action="job.canceled",
        target=job,
        before={"state": job.state},
        after={"state": JobState.CANCELED},
    )
