"""
Roll-up of many projects end to end against one bare GROUP BY over the same rows in the same run.

End to end means: order the run, read, measure, rate, write a snapshot and a health row per project, add up
every portfolio, one worker. Aim: within 5 times.

``python -m bench.rollup --projects 1000 --tasks 100 --json``
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from bench._ground import scratch_portal

AIM = 5.0
GROUP_BY = """
    SELECT t.project_id, COUNT(*), MIN(t.planned_start), MAX(t.planned_finish), SUM(t.duration),
           SUM(r.percent_physical), COUNT(r.actual_finish), SUM(b.budget), MIN(b.start), MAX(b.finish),
           SUM(b.budget * r.percent_physical)
    FROM projects_task t
    LEFT JOIN projects_taskprogress r ON r.task_id = t.id AND r.data_date <= %s
    LEFT JOIN projects_baselinetask b ON b.task_id = t.id
    GROUP BY t.project_id
"""


@dataclass(frozen=True)
class Figures:
    """Seconds of each part; ``ratio`` is the first roll-up by the GROUP BY."""

    projects: int
    tasks: int
    seed_seconds: float
    group_by_seconds: float
    rollup_seconds: float
    repeated_seconds: float
    ratio: float
    repeated_ratio: float
    colors: dict[str, int]


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def measure(projects: int, tasks: int) -> Figures:
    """Seed, measure both and return the figures."""
    from django.db import connection

    from bench._seed import AS_OF, seed_projects
    from pmo_portal.common.jobs import drain
    from portfolio.services.awaiting import summary_of
    from portfolio.services.rollups import start_rollup

    def group_by() -> None:
        with connection.cursor() as cursor:
            cursor.execute(GROUP_BY, [AS_OF])
            assert len(cursor.fetchall()) == projects

    def roll_up() -> None:
        start_rollup(actor=None, as_of=AS_OF)
        drain()

    seeding = _timed(lambda: seed_projects(projects=projects, tasks=tasks))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    bare = sorted(_timed(group_by) for _round in range(3))[1]
    first = _timed(roll_up)
    again = _timed(roll_up)
    from portfolio.models import RollupRun

    summary = summary_of(RollupRun.objects.order_by("pk")[0])
    assert summary.failed == 0
    return Figures(
        projects=projects,
        tasks=tasks,
        seed_seconds=round(seeding, 2),
        group_by_seconds=round(bare, 3),
        rollup_seconds=round(first, 2),
        repeated_seconds=round(again, 2),
        ratio=round(first / bare, 1),
        repeated_ratio=round(again / bare, 1),
        colors=summary.colors,
    )


def main() -> int:
    """Print the figures; 0 when the aim was reached."""
    options = argparse.ArgumentParser(description="Roll-up against one bare GROUP BY.")
    options.add_argument("--projects", type=int, default=1000)
    options.add_argument("--tasks", type=int, default=100)
    options.add_argument("--database-url", default="", help="an empty PostgreSQL database; SQLite without it")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    with scratch_portal(given.database_url):
        found = measure(given.projects, given.tasks)
    if given.json:
        print(json.dumps(asdict(found)))
    else:
        print(f"{found.projects} projects x {found.tasks} tasks, seeded in {found.seed_seconds} s")
        print(f"bare GROUP BY {found.group_by_seconds} s, roll-up end to end {found.rollup_seconds} s")
        print(f"ratio {found.ratio} (aim {AIM}); repeated with nothing changed {found.repeated_ratio}")
        print(f"colors {found.colors}")
    return 0 if found.ratio <= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
