"""
The Celery application of the chaos runs: the portal's own, with more jobs, whose effects can be counted.

- One rolls up one real project: it measures and rates it with the services of the portal, keeps snapshot and
  health, and appends one line to a table without any unique key, so that a doubled effect shows.
- One is poison: it says that it starts, and kills its process.
- One is light: it does nothing.
"""

import os
import signal
import time
from random import Random
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo_portal.settings")

import django

django.setup()

from django.db import connection  # noqa: E402 - Django is set up first

from bench._seed import seed_projects  # noqa: E402 - Django is set up first
from pmo_portal.celery import app  # noqa: E402 - Django is set up first
from pmo_portal.common.jobs import RunningJob, job  # noqa: E402 - Django is set up first
from pmo_portal.common.models import Job  # noqa: E402 - Django is set up first
from portfolio.models import RollupRun  # noqa: E402 - Django is set up first
from portfolio.services.judgement import keep_judgement  # noqa: E402 - Django is set up first
from portfolio.services.policies import ensure_organization_policy  # noqa: E402 - Django is set up first
from portfolio.services.rollups import judge_chunk  # noqa: E402 - Django is set up first

__all__ = ["app", "count_starts", "seed_rollup", "seed_starts"]

JOB_NAME = "bench.roll_up"
POISON = "bench.poison"
LIGHT = "bench.light"
TASKS_A_PROJECT = 10


@job(JOB_NAME, title="Count me")
def roll_up(*, job: RunningJob, run_id: int, project: int, seconds: float, **_: Any) -> None:
    """Rate one project and keep the result with the end of the job."""
    chunk = judge_chunk(run_id=run_id, project_ids=[project])
    time.sleep(seconds * (0.5 + Random(project).random()))
    with job.effect(project=project), connection.cursor() as cursor:
        keep_judgement(run=RollupRun.objects.get(pk=run_id), chunk=chunk)
        cursor.execute("INSERT INTO bench_effect (project, job) VALUES (%s, %s)", [project, job.id])


@job(POISON, title="Poison")
def kill_process(*, job: RunningJob, **_: Any) -> None:
    """Leave a line, then die as if memory had run out."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_start (attempt) VALUES (%s)", [job.attempt])
    os.kill(os.getpid(), signal.SIGKILL)


@job(LIGHT, title="Light")
def do_nothing(*, job: RunningJob, **_: Any) -> None:
    """End at once."""
    with job.effect():
        pass


def seed_starts() -> None:
    """Make the empty table for the starts of the poison."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_start (attempt INTEGER)")


def count_starts() -> int:
    """Return how often the poison has started."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bench_start")
        return int(cursor.fetchone()[0])


def seed_rollup(projects: int, as_of: Any) -> tuple[int, list[int]]:
    """Make real projects, a roll-up of a date and an empty table for the effects; return their numbers."""
    seeded = seed_projects(projects=projects, tasks=TASKS_A_PROJECT)
    ensure_organization_policy()
    run = RollupRun.objects.create(as_of=as_of, projects_total=projects, chunks_total=projects)
    Job.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_effect (project INTEGER, job BIGINT)")
    return run.pk, list(seeded.project_ids)
