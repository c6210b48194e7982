"""Check the trail in the background."""

from dataclasses import dataclass

from django.db import transaction

from pmo_portal.accounts.models import User
from pmo_portal.audit.chain import ChainFault
from pmo_portal.audit.models import AuditEntry
from pmo_portal.audit.selectors.verification import VERIFY_JOB
from pmo_portal.audit.services.anchors import verify_trail
from pmo_portal.common.jobs import RunningJob
from pmo_portal.common.labels import Label
from pmo_portal.common.models import Job
from pmo_portal.common.queue import enqueue

FAULTS_KEPT = 100


@dataclass(frozen=True)
class Check:
    """What a check found."""

    entries: int
    faults: list[ChainFault]


@transaction.atomic
def request_verification(*, actor: User, label: str | Label) -> Job | None:
    """Order a check; while one waits, no second one is made."""
    return enqueue(VERIFY_JOB, key="trail", owner=actor, label=label)


def run_verification(*, job: RunningJob, url: str) -> Check:
    """Check the whole trail and keep what was found as the result of the job."""
    entries = AuditEntry.objects.count()
    job.progress(0, max(entries, 1))
    check = Check(entries=entries, faults=verify_trail())
    faults = [{"entry": fault.entry_id, "kind": fault.kind} for fault in check.faults[:FAULTS_KEPT]]
    with job.effect(entries=entries, faults=faults, url=url):
        pass
    return check
