"""Wait for a roll-up, and do its work here when no worker lives."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count
from django.db.models.functions import Now

from pmo_portal.common import jobs
from pmo_portal.common.models import WorkerPulse
from portfolio.choices import RunState
from portfolio.models import ProjectHealth, RollupRun
from portfolio.services.rollups import settle_run
from projects.choices import Rag

PULSE_LIFE = timedelta(seconds=20)
POLL_SECONDS = 0.3


@dataclass(frozen=True)
class RunSummary:
    """What a command prints of a run; durations in seconds."""

    run: int
    as_of: str
    kind: str
    state: str
    projects: int
    failed: int
    chunks: int
    duration_seconds: float | None
    colors: dict[str, int]


def is_worker_alive() -> bool:
    """Whether any worker gave a sign of life in the last seconds, by the database clock. One query."""
    return WorkerPulse.objects.filter(seen_at__gte=Now() - PULSE_LIFE).exists()


def await_run(*, run: RollupRun, inline: bool = False, timeout_seconds: float = 3600) -> RollupRun:
    """
    Return the run when it has ended, or as it is when the time is over.

    Jobs are run in this process with ``inline``, and as long as no worker lives.
    """
    ends_at = time.monotonic() + timeout_seconds
    while time.monotonic() < ends_at:
        run.refresh_from_db()
        if run.state != RunState.RUNNING:
            break
        running = None
        if inline or not is_worker_alive():
            running = jobs.claim_next(worker="run_rollup")
        if running is not None:
            jobs.run(running)
            continue
        settle_run(run_id=run.pk)
        time.sleep(POLL_SECONDS)
    return run


def summary_of(run: RollupRun) -> RunSummary:
    """Return counts, duration and colors of a run. One query."""
    counts = dict.fromkeys(Rag.values, 0)
    rows = ProjectHealth.objects.filter(as_of=run.as_of).order_by("color").values_list("color")
    counts.update(dict(rows.annotate(number=Count("pk"))))
    took = (run.finished_at - run.started_at).total_seconds() if run.finished_at else None
    return RunSummary(
        run=run.pk,
        as_of=run.as_of.isoformat(),
        kind=run.kind,
        state=run.state,
        projects=run.projects_total,
        failed=run.projects_failed,
        chunks=run.chunks_total,
        duration_seconds=took,
        colors=counts,
    )
