"""What the last check of the trail found."""

from dataclasses import dataclass
from datetime import datetime

from pmo_portal.common.models import Job, JobState

VERIFY_JOB = "audit.verify_trail"


@dataclass(frozen=True)
class Verification:
    """The newest check that ended."""

    at: datetime
    entries: int
    faults: tuple[tuple[int, str], ...]

    @property
    def is_whole(self) -> bool:
        """Whether the chain held everywhere."""
        return not self.faults


def last_verification() -> Verification | None:
    """Return the newest check; None before the first. One query."""
    ended = Job.objects.filter(name=VERIFY_JOB, state=JobState.DONE).order_by("-id").first()
    if ended is None or ended.finished_at is None:
        return None
    found = ended.result or {}
    faults = tuple((int(fault["entry"]), str(fault["kind"])) for fault in found.get("faults", []))
    return Verification(at=ended.finished_at, entries=int(found.get("entries", 0)), faults=faults)
