"""
The Celery application of the chaos run: the portal's own, with one more job whose effects can be counted.

The job rolls up one real project: it measures and rates it with the services of the portal, keeps snapshot
and health, and appends one line to a table without any unique key, so that a doubled effect shows.
"""

import os
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

__all__ = ["app", "seed_rollup"]

JOB_NAME = "bench.roll_up"
TASKS_A_PROJECT = 10


@job(JOB_NAME, title="Count me")
def roll_up(*, job: RunningJob, run_id: int, project: int, seconds: float, **_: Any) -> None:
    """Rate one project and keep the result with the end of the job."""
    chunk = judge_chunk(run_id=run_id, project_ids=[project])
    time.sleep(seconds * (0.5 + Random(project).random()))
    with job.effect(project=project), connection.cursor() as cursor:
        keep_judgement(run=RollupRun.objects.get(pk=run_id), chunk=chunk)
        cursor.execute("INSERT INTO bench_effect (project, job) VALUES (%s, %s)", [project, job.id])


def seed_rollup(projects: int, as_of: Any) -> tuple[int, list[int]]:
    """Make real projects, a roll-up of a date and an empty table for the effects; return their numbers."""
    seeded = seed_projects(projects=projects, tasks=TASKS_A_PROJECT)
    ensure_organization_policy()
    run = RollupRun.objects.create(as_of=as_of, projects_total=projects, chunks_total=projects)
    Job.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_effect (project INTEGER, job BIGINT)")
    return run.pk, list(seeded.project_ids)
