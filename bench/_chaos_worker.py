"""
The Celery application of the chaos run: the portal's own, with one more job whose effects can be counted.

The job is shaped like a rollup: it reads its rows, computes for a while, upserts one snapshot and
appends one line to a table without any unique key, so that a doubled effect shows.
"""

import os
import time
from hashlib import sha256
from random import Random
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo_portal.settings")

import django

django.setup()

from django.db import connection  # noqa: E402 - Django is set up first

from pmo_portal.celery import app  # noqa: E402 - Django is set up first
from pmo_portal.common.jobs import RunningJob, job  # noqa: E402 - Django is set up first

__all__ = ["app", "create_tables"]

JOB_NAME = "bench.roll_up"
FACTS_A_PROJECT = 20


@job(JOB_NAME, title="Count me")
def roll_up(*, job: RunningJob, project: int, seconds: float, **_: Any) -> None:
    """Compute one snapshot and write it with the end of the job."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM bench_fact WHERE project = %s ORDER BY id", [project])
        values = [row[0] for row in cursor.fetchall()]
    time.sleep(seconds * (0.5 + Random(project).random()))
    digest = sha256(repr(values).encode()).hexdigest()
    with job.effect(project=project), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_snapshot (project, digest) VALUES (%s, %s) "
            "ON CONFLICT (project) DO UPDATE SET digest = excluded.digest",
            [project, digest],
        )
        cursor.execute("INSERT INTO bench_effect (project, job) VALUES (%s, %s)", [project, job.id])


def create_tables(projects: int) -> None:
    """Make facts for the projects, and empty tables for their snapshots and effects."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_fact (id INTEGER, project INTEGER, value INTEGER)")
        cursor.execute("CREATE TABLE bench_snapshot (project INTEGER PRIMARY KEY, digest TEXT)")
        cursor.execute("CREATE TABLE bench_effect (project INTEGER, job BIGINT)")
        rows = [
            (number, project, (project * 31 + number) % 97)
            for project in range(projects)
            for number in range(FACTS_A_PROJECT)
        ]
        cursor.executemany("INSERT INTO bench_fact (id, project, value) VALUES (%s, %s, %s)", rows)
