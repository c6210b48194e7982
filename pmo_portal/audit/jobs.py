"""Jobs of the audit trail."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo_portal.audit.services import exports, verification
from pmo_portal.audit.services.anchors import write_anchor
from pmo_portal.common.jobs import RunningJob, job
from pmo_portal.common.schedule import schedule_hourly

__all__ = ["exports"]

schedule_hourly("audit.write_anchor")


@job("audit.write_anchor", title=_("Anchor the audit trail outside of the database"))
def write_audit_anchor(*, job: RunningJob, **_kept: Any) -> None:
    """Keep the head of the chain outside of the database."""
    write_anchor()


@job("audit.verify_trail", title=_("Check the audit trail"))
def verify_audit_trail(*, job: RunningJob, **_kept: Any) -> None:
    """Check the chain."""
    verification.run_verification(job=job, url=reverse("audit:list"))
