"""Background work of the API plumbing."""

from datetime import time, timedelta
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pmo_portal.api.models import IdempotencyKey
from pmo_portal.common.jobs import RunningJob, job
from pmo_portal.common.schedule import schedule_daily

KEEP = timedelta(days=1)


@job("api.forget_repeated_requests", title=_("Clean up answers kept for repeated requests"))
def forget_repeated_requests(*, job: RunningJob, **_kept: Any) -> None:
    """Delete answers older than a day."""
    with job.effect() as result:
        old = IdempotencyKey.objects.filter(created_at__lt=Now() - KEEP)
        result["deleted"] = old.delete()[0]


schedule_daily("api.forget_repeated_requests", at=time(3, 20))
