"""Background work of operations."""

from datetime import time
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.jobs import RunningJob, job
from pmo_portal.common.schedule import schedule_daily
from pmo_portal.operations.services.jobs import forget_old_jobs

schedule_daily("operations.forget_old_jobs", at=time(3, 40))


@job("operations.forget_old_jobs", title=_("Clean up jobs that ended long ago"))
def forget_jobs(*, job: RunningJob, **_kept: Any) -> None:
    """Delete old jobs."""
    with job.effect() as result:
        result["deleted"] = forget_old_jobs()
