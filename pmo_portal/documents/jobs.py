"""Background work of documents."""

from datetime import time
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.jobs import RunningJob, job
from pmo_portal.common.schedule import database_now, schedule_daily
from pmo_portal.documents.services import expiry, generation


@job("documents.make_document", title=_("Make a document"), tells_owner=False)
def make_document(
    *, job: RunningJob, builder: str, title: str, arguments: dict[str, Any] | None = None, **_kept: Any
) -> None:
    """Build and keep a document."""
    generation.make_document(job=job, builder=builder, title=title, arguments=arguments or {})


@job("documents.delete_expired", title=_("Delete files whose time is over"))
def delete_expired(*, job: RunningJob, **_kept: Any) -> None:
    """Delete expired files and orphaned bytes."""
    orphans = expiry.delete_orphans()
    with job.effect(orphans=orphans) as result:
        result["files"] = expiry.delete_expired(now=database_now())


schedule_daily("documents.delete_expired", at=time(3, 30))
