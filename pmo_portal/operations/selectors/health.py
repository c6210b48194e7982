"""Is the work in the background healthy? (SEC-42)"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Min, Q
from django.db.models.functions import Now

from pmo_portal.common.models import Job, JobState, WorkerPulse
from pmo_portal.common.schedule import database_now

LATE_TICK = timedelta(minutes=3)
LATE_JOB = timedelta(minutes=3)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class QueueHealth:
    """Figures of the strip above the jobs."""

    workers: int
    waiting: int
    running: int
    oldest_waiting: timedelta | None
    since_tick: timedelta | None
    failed_last_day: int
    repeated_last_day: int
    expired_leases: int

    @property
    def is_worker_missing(self) -> bool:
        """No worker was heard of lately."""
        return self.workers == 0

    @property
    def is_tick_late(self) -> bool:
        """The schedule has not turned for more than three minutes."""
        return self.since_tick is None or self.since_tick > LATE_TICK

    @property
    def is_queue_late(self) -> bool:
        """A due job has waited for more than three minutes."""
        return self.oldest_waiting is not None and self.oldest_waiting > LATE_JOB

    @property
    def alarms(self) -> tuple[str, ...]:
        """Codes of what is wrong."""
        wrong = {
            "NO_WORKER": self.is_worker_missing,
            "TICK_LATE": self.is_tick_late,
            "QUEUE_LATE": self.is_queue_late,
            "LEASES_EXPIRED": self.expired_leases > 0,
        }
        return tuple(code for code, is_wrong in wrong.items() if is_wrong)


def queue_health() -> QueueHealth:
    """Return the figures by the database clock. Eight queries, whatever the number of jobs."""
    now = database_now()
    waiting = Job.objects.filter(state=JobState.QUEUED)
    oldest = waiting.filter(run_after__lte=Now()).aggregate(oldest=Min("run_after"))["oldest"]
    tick = WorkerPulse.objects.tick().values_list("seen_at", flat=True).first()
    ended = Job.objects.filter(finished_at__gt=Now() - A_DAY)
    return QueueHealth(
        workers=WorkerPulse.objects.alive().count(),
        waiting=waiting.count(),
        running=Job.objects.filter(state=JobState.RUNNING).count(),
        oldest_waiting=max(now - oldest, timedelta()) if oldest else None,
        since_tick=max(now - tick, timedelta()) if tick else None,
        failed_last_day=ended.filter(state=JobState.FAILED).count(),
        repeated_last_day=ended.filter(attempt__gt=1).count(),
        expired_leases=Job.objects.filter(Q(state=JobState.RUNNING, lease_until__lt=Now())).count(),
    )
