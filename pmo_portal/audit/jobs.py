"""Jobs of the audit trail."""

from datetime import time
from typing import Any

from pmo_portal.audit.services.anchors import write_anchor
from pmo_portal.common.jobs import RunningJob, job
from pmo_portal.common.schedule import schedule_daily

schedule_daily("audit.write_anchor", at=time(4, 0))


@job("audit.write_anchor")
def write_audit_anchor(*, job: RunningJob, **_: Any) -> None:
    """Keep the head of the chain outside of the database."""
    write_anchor()
