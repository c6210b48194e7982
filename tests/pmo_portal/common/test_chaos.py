"""Short form of the chaos run: real workers, ``kill -9``; nothing lost, nothing doubled (SEC-33, SEC-34)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.jobs import Worker, ground
from tests import databases, needs

ROOT = Path(__file__).resolve().parent.parent.parent.parent
pytestmark = pytest.mark.chaos


def _run(environment: dict[str, str], *arguments: str) -> dict[str, object]:
    command = [sys.executable, "-m", "bench.jobs", "--json", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.stdout.strip(), done.stderr[-2000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_embedded_portal_loses_no_job_when_workers_are_killed(migrated_environment: dict[str, str]) -> None:
    """SEC-33."""
    figures = _run(migrated_environment, "--engine", "embedded", "--jobs", "60", "--worker-kills", "3")

    assert (figures["lost"], figures["doubled"], figures["jobs"]) == (0, 0, 60)


@pytest.mark.servers
def test_servers_lose_no_job_when_workers_redis_and_database_are_killed(
    migrated_environment: dict[str, str],
) -> None:
    """SEC-34."""
    damage = ["--worker-kills", "3", "--redis-kills", "1", "--flushes", "1", "--database-restarts", "1"]

    figures = _run(migrated_environment, "--engine", "servers", "--jobs", "60", *damage)

    assert (figures["lost"], figures["doubled"], figures["jobs"]) == (0, 0, 60)


ORDER_SILENTLY = """
import time, django
django.setup()
from pmo_portal.common.models import Job, JobState, WorkerPulse
from pmo_portal.common.queue import enqueue

def wait_for(question, seconds):
    ends_at = time.monotonic() + seconds
    while not question() and time.monotonic() < ends_at:
        time.sleep(0.1)

wait_for(lambda: WorkerPulse.objects.alive().exists(), 60)
started = time.monotonic()
job = enqueue("accounts.forget_old_sign_ins")
wait_for(lambda: Job.objects.filter(pk=job.pk, state=JobState.DONE).exists(), 30)
print(time.monotonic() - started)
"""


def test_worker_finds_a_job_nobody_announced(migrated: Path | None) -> None:
    """SEC-33: every message may be lost; the sweeper finds the job within 10 seconds."""

    def seconds_until_done() -> float:
        with ground("embedded") as place:
            database = f"sqlite:///{place.data_dir / 'portal.sqlite3'}"
            databases.put_migrated(migrated, place.data_dir)
            migrate = [sys.executable, "manage.py", "migrate", "-v0"]
            subprocess.run(migrate, cwd=ROOT, env=place.environment, check=True)
            worker = Worker("alone", place.environment, place.data_dir / "worker.log")
            # In test mode an order rings no bell.
            silent = place.environment | {"PMO_MODE": "test", "DATABASE_URL": database}
            order = [sys.executable, "-c", ORDER_SILENTLY]
            try:
                done = subprocess.run(
                    order, cwd=ROOT, env=silent, capture_output=True, text=True, check=False
                )
            finally:
                worker.kill()
        assert done.returncode == 0, done.stderr
        return float(done.stdout.strip().splitlines()[-1])

    assert needs.quickest(seconds_until_done, within=10) < 10
