"""
Dates of one stored plan: read the network, compute it, write what changed; then one edit in it.

The **full run** is what handing a plan over costs: read it, compute it, write every row. An **edit** is the
service a person calls, `edit_task` with another duration, end to end: checks, the edited row, network, dates,
rows that moved, summaries, audit trail, order of fresh health. Edits are spread over the plan by a seed, so
some move nothing else and some move thousands of rows. Aim: the median edit takes at most 1/20 of a full run.

Parts of the edit are timed in the same run, so that what costs most can be seen.

``python -m bench.reschedule --tasks 10000 --edits 20 --json``, with ``--database-url`` on PostgreSQL
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from statistics import median
from typing import Any

from bench._ground import scratch_portal

SEED = 31
AIM = 1 / 20
LINKS_PER_TASK = 1.6
ROWS_PER_PHASE = 100
DAY = 480
START = date(2026, 1, 5)


@dataclass(frozen=True)
class Figures:
    """
    Seconds; ``moved`` counts the rows that get other dates, median and most.

    Those ``here`` are of the processor in this process, which do not depend on what else runs. The database
    works in it too where that is SQLite.
    """

    tasks: int
    links: int
    is_compiled: bool
    read: float
    compute: float
    write_all: float
    full_run: float
    edit_median: float
    edit_worst: float
    moved_median: int
    moved_most: int
    ratio: float
    full_run_here: float
    edit_median_here: float
    ratio_here: float


class _Clocks:
    """Seconds by the wall, and those the processor worked in this process."""

    def __init__(self) -> None:
        self.here: list[float] = []

    def __call__(self, call: Callable[[], Any]) -> tuple[float, Any]:
        """Return the seconds by the wall, and what the call returns; keep the others."""
        begin, worked = time.perf_counter(), time.process_time()
        found = call()
        self.here.append(time.process_time() - worked)
        return time.perf_counter() - begin, found


_seconds = _Clocks()


def seed_plan(tasks: int) -> Any:
    """Return a project with so many leaf tasks below phases of a hundred, links leading forward."""
    from pmo_portal.accounts.models import User
    from pmo_portal.accounts.services.scopes import create_node, organization_node
    from projects.models import Link, Project, Task
    from projects.services.calendars import ensure_default_calendar
    from projects.services.outline import rebuild_outline

    dice = random.Random(SEED)
    User.objects.get_or_create(email="planner@example.org", defaults={"name": "Planner"})
    organization_node()
    portfolio = create_node(kind="PORTFOLIO", parent=None, title="Bench")
    project = Project.objects.create(
        code=f"BENCH-{tasks}",
        name="Bench",
        calendar=ensure_default_calendar(),
        node=create_node(kind="PROJECT", parent=portfolio, title="Bench"),
        planned_start=START,
    )
    Project.objects.filter(pk=project.pk).update(created_at=datetime(2025, 1, 1, tzinfo=UTC))
    count = -(-tasks // ROWS_PER_PHASE)
    phases = Task.objects.bulk_create(
        [
            Task(project=project, uid=tasks + at + 1, name=f"Phase {at}", kind="SUMMARY", position=at)
            for at in range(count)
        ],
        batch_size=500,
    )
    rows = Task.objects.bulk_create(
        [
            Task(
                project=project,
                uid=at + 1,
                name=f"Task {at}",
                parent=phases[at // ROWS_PER_PHASE],
                position=at % ROWS_PER_PHASE,
                duration=dice.randint(1, 20) * 240,
            )
            for at in range(tasks)
        ],
        batch_size=500,
    )
    pairs = set()
    while len(pairs) < tasks * LINKS_PER_TASK:
        after = dice.randrange(1, tasks)
        pairs.add((max(0, after - dice.randint(1, 3 * ROWS_PER_PHASE)), after))
    kinds = ("FS",) * 17 + ("SS", "FF", "FS")
    Link.objects.bulk_create(
        [
            Link(project=project, predecessor=rows[one], successor=rows[two], type=dice.choice(kinds))
            for one, two in sorted(pairs)
        ],
        batch_size=500,
    )
    rebuild_outline(project)
    return project


def measure(tasks: int, edits: int) -> Figures:
    """Seed, hand over, edit; return the figures."""
    from django.db import connection

    from pmo_portal.accounts.models import User
    from projects.engine.scheduling.compiled import IS_COMPILED
    from projects.engine.scheduling.schedule import compute_schedule
    from projects.models import Project, Task
    from projects.selectors.networks import load_network
    from projects.services import schedules
    from projects.services.tasks import edit_task

    project = seed_plan(tasks)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    actor = User.objects.get(name="Planner")
    load_network(project)
    read, plan = _seconds(lambda: load_network(project))
    compute_schedule(plan.network, plan.options)
    compute, _found = _seconds(lambda: compute_schedule(plan.network, plan.options))
    full, _project = _seconds(
        lambda: schedules.set_auto_scheduling(
            actor=actor, project=project, is_auto=True, expected_version=None
        )
    )
    full_here = _seconds.here[-1]
    project = Project.objects.select_related("calendar", "node").get(pk=project.pk)
    dice = random.Random(SEED + 1)
    took, moved = [], []
    for uid in dice.sample(range(1, tasks + 1), edits):
        task = Task.objects.select_related("project__calendar", "project__node").get(project=project, uid=uid)
        changes = {"duration": task.duration + DAY}
        with schedules.watch_effects() as effects:
            seconds, _task = _seconds(
                lambda task=task, changes=changes: edit_task(
                    actor=actor, task=task, changes=changes, expected_version=None
                )
            )
        took.append(seconds)
        moved.append(len(effects[-1].moves))
    edit_here = median(_seconds.here[-edits:])
    return Figures(
        tasks=tasks,
        links=plan.link_ids.size,
        is_compiled=IS_COMPILED,
        read=round(read, 4),
        compute=round(compute, 4),
        write_all=round(full - read - compute, 4),
        full_run=round(full, 4),
        edit_median=round(median(took), 4),
        edit_worst=round(max(took), 4),
        moved_median=int(median(moved)),
        moved_most=max(moved),
        ratio=round(median(took) / full, 3),
        full_run_here=round(full_here, 4),
        edit_median_here=round(edit_here, 4),
        ratio_here=round(edit_here / full_here, 3),
    )


def main() -> int:
    """Print the figures; 0 when the aim was reached."""
    options = argparse.ArgumentParser(description="Dates of one stored plan, and one edit in it.")
    options.add_argument("--tasks", type=int, default=10_000)
    options.add_argument("--edits", type=int, default=20)
    options.add_argument("--database-url", default="", help="an empty PostgreSQL database; SQLite without it")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    with scratch_portal(given.database_url):
        found = measure(given.tasks, given.edits)
    if given.json:
        print(json.dumps(asdict(found)))
    else:
        for name, value in asdict(found).items():
            print(f"{name:14} {value}")
    return 0 if found.ratio <= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
