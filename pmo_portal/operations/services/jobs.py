"""What people do with jobs."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common import queue
from pmo_portal.common.errors import Conflict
from pmo_portal.common.models import Job, JobState

KEPT_FOR = timedelta(days=30)
FAILED_KEPT_FOR = timedelta(days=90)
DELETED_AT_ONCE = 5_000


@transaction.atomic
def forget_old_jobs() -> int:
    """
    Delete jobs that ended long ago, failed ones later; return how many.

    Periods of the schedule stay known by their newest job, which is always younger.
    """
    calm = Q(state__in=[JobState.DONE, JobState.CANCELED], finished_at__lt=Now() - KEPT_FOR)
    failed = Q(state=JobState.FAILED, finished_at__lt=Now() - FAILED_KEPT_FOR)
    old = list(
        Job.objects.filter(calm | failed).order_by("id").values_list("id", flat=True)[:DELETED_AT_ONCE]
    )
    Job.objects.filter(pk__in=old).delete()
    return len(old)


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
