"""Messages about work in the background."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import override

from pmo_portal.accounts.models import User
from pmo_portal.common.jobs import REGISTRY, RunningJob
from pmo_portal.common.models import Job, JobState
from pmo_portal.notifications.services.inbox import notify


def tell_job_ended(*, job: RunningJob, job_id: int) -> None:
    """Tell the owner of a job that it is done or has failed."""
    ended = Job.objects.select_related("owner").filter(pk=job_id, owner__isnull=False).first()
    if ended is None or ended.owner is None:
        return
    with override(ended.owner.spoken_language):
        kind = REGISTRY.get(ended.name)
        work = ended.text or (str(kind.title) if kind else ended.name)
        if ended.state == JobState.FAILED:
            title, body = _("Failed: %(work)s") % {"work": work}, ended.error
        else:
            title, body = _("Done: %(work)s") % {"work": work}, ""
    with job.effect():
        notify(
            users=[ended.owner],
            kind="job_failed" if ended.state == JobState.FAILED else "job_done",
            title=title,
            body=body,
            url=(ended.result or {}).get("url") or ended.get_absolute_url(),
            dedupe_key=f"job-ended:{job.id}",
        )


def tell_person(*, job: RunningJob, user_id: int, message: Mapping[str, str]) -> None:
    """Deliver a message that an app beside this one ordered by name."""
    with job.effect():
        notify(
            users=User.objects.filter(pk=user_id),
            kind=message["kind"],
            title=message["title"],
            body=message.get("body", ""),
            url=message.get("url", ""),
            dedupe_key=message["dedupe_key"],
        )
