"""
A job that kills its worker each time: how often does it start, and what do the others notice (SEC-40)?

Light jobs are ordered at a steady pace, first by themselves, then beside the poison. In the median one may
need less than twice the time it needs without poison, from order to end.

``python -m bench.poison --jobs 200 --engine servers --json``
"""

import argparse
import json
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from bench.jobs import PATIENCE_SECONDS, Worker, ground
from tests import servers

WORKERS = 2
PACE_SECONDS = 0.2
WARM_UP_JOBS = 10
AIM_STARTS = 5
AIM_RATIO = 2.0


@dataclass(frozen=True)
class Figures:
    """What the run prints; seconds from order to end of the light jobs, alone and beside the poison."""

    engine: str
    starts: int
    state: str
    seconds_to_fail: float
    jobs: int
    lost: int
    alone_median: float
    beside_median: float
    alone_worst: float
    beside_worst: float
    ratio: float


def run(jobs: int, engine: str) -> Figures:
    """Order the jobs, alone and beside the poison; return the figures."""
    with ground(engine) as place, ExitStack() as stack:
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("REDIS_URL", None)
        os.environ.update(place.environment)
        from django.core.management import call_command

        from bench import _chaos_worker as chaos
        from pmo_portal.common.models import Job, JobState
        from pmo_portal.common.queue import enqueue

        call_command("migrate", verbosity=0, interactive=False)
        chaos.seed_starts()
        for number in range(WORKERS):
            worker = Worker(f"w{number}", place.environment, place.data_dir / "worker.log")
            stack.callback(worker.kill)

        _order_at_pace("warm", WARM_UP_JOBS)
        _wait_for_end(Job.objects.filter(name=chaos.LIGHT))
        alone = _order_at_pace("alone", jobs)
        _wait_for_end(alone)

        started = time.monotonic()
        poison = enqueue(chaos.POISON, key="poison", priority=1)
        beside = _order_at_pace("beside", jobs)
        _wait_for_end(beside)
        _wait_for_end(Job.objects.filter(pk=poison.pk))
        took = time.monotonic() - started
        poison.refresh_from_db()
        alone_seconds, beside_seconds = _seconds(alone), _seconds(beside)
        return Figures(
            engine=engine,
            starts=chaos.count_starts(),
            state=poison.state,
            seconds_to_fail=round(took, 1),
            jobs=2 * jobs,
            lost=2 * jobs - (alone | beside).filter(state=JobState.DONE).count(),
            alone_median=round(median(alone_seconds), 3),
            beside_median=round(median(beside_seconds), 3),
            alone_worst=round(max(alone_seconds), 3),
            beside_worst=round(max(beside_seconds), 3),
            ratio=round(median(beside_seconds) / median(alone_seconds), 2),
        )


def _order_at_pace(name: str, count: int) -> Any:
    """Order light jobs one after the other; return their rows."""
    from bench import _chaos_worker as chaos
    from pmo_portal.common.models import Job
    from pmo_portal.common.queue import enqueue

    for number in range(count):
        enqueue(chaos.LIGHT, key=f"{name}-{number}")
        time.sleep(PACE_SECONDS)
    return Job.objects.filter(name=chaos.LIGHT, key__startswith=f"{name}-")


def _wait_for_end(rows: Any) -> None:
    """Wait until all these jobs have ended."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while rows.unfinished().exists():
        if time.monotonic() > ends:
            raise SystemExit("Patience ended: jobs still wait.")
        time.sleep(PACE_SECONDS)


def _seconds(rows: Any) -> list[float]:
    """Return the seconds from order to end of the jobs, by the clock of the database."""
    both = rows.exclude(finished_at=None).values_list("queued_at", "finished_at")
    return [(finished - queued).total_seconds() for queued, finished in both]


def main() -> int:
    """Print the figures; 0 when the aims were reached."""
    options = argparse.ArgumentParser(description="A job that kills its worker.")
    options.add_argument("--jobs", type=int, default=200)
    options.add_argument("--engine", choices=["servers", "embedded"], default=None)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    engine = given.engine or ("embedded" if servers.missing_servers() else "servers")
    figures = run(given.jobs, engine)
    if given.json:
        print(json.dumps(asdict(figures)))
    else:
        print("\n".join(f"{name.replace('_', ' '):>16}  {value}" for name, value in asdict(figures).items()))
    is_stopped = figures.starts == AIM_STARTS and figures.state == "FAILED" and figures.lost == 0
    return 0 if is_stopped and figures.ratio < AIM_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
