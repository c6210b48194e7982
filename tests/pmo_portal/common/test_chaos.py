"""Short form of the chaos run: real workers, ``kill -9``; nothing lost, nothing doubled (SEC-33, SEC-34)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent.parent
pytestmark = pytest.mark.chaos


def _run(*arguments: str) -> dict[str, object]:
    command = [sys.executable, "-m", "bench.jobs", "--json", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False, timeout=240
    )
    assert done.stdout.strip(), done.stderr[-2000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_embedded_portal_loses_no_job_when_workers_are_killed() -> None:
    """SEC-33."""
    figures = _run("--engine", "embedded", "--jobs", "60", "--worker-kills", "3")

    assert (figures["lost"], figures["doubled"], figures["jobs"]) == (0, 0, 60)


@pytest.mark.servers
def test_servers_lose_no_job_when_workers_redis_and_database_are_killed() -> None:
    """SEC-34."""
    damage = ["--worker-kills", "3", "--redis-kills", "1", "--flushes", "1", "--database-restarts", "1"]

    figures = _run("--engine", "servers", "--jobs", "60", *damage)

    assert (figures["lost"], figures["doubled"], figures["jobs"]) == (0, 0, 60)
