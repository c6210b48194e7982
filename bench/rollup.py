"""
Roll-up of many projects end to end against one bare GROUP BY over the same rows in the same run.

End to end means: order the run, read, measure, rate, explain, write a snapshot and a health row per project,
add up every portfolio, one worker. Aim: within 5 times.

"The same rows" are the rows the roll-up reads: the leaf tasks, the newest progress entry of each up to the
date, the rows of the baseline in force, and the ledgers (budget lines and postings up to the date). The
GROUP BY only adds them up by project: it knows no calendar, rates nothing, explains nothing and writes
nothing.

Both are warm (a GROUP BY and the roll-up of the day before come first), and both are medians: three rounds
of a GROUP BY, the roll-up of a day, the same once more with nothing changed, and a GROUP BY again, so that
all meet the same load. The facts of the three days are the same.

Beside them stand two contestants that show what no roll-up can go below: the cells it needs fetched with
plain cursors, and the rows it wrote for projects put back the shortest way. The seconds of its parts are
printed where this process did the jobs; *jobs and the rest* has ordering, claiming and ending of jobs,
commits and what surrounds a project. Nothing waits there. *Adoption* is a job of its own that follows the
sums; it counts as part of the roll-up.

On SQLite, where the database works in this process, the ratio of processor time is printed too: it does
not depend on what else runs on the machine.

With ``--workers 2`` the same roll-up is done by two worker processes, started as the portal starts them,
from the order to the end of the last job, with the time they need to notice an order and this process
(which looks every 10 ms) to notice the end. The GROUP BY is the same one statement, so this ratio says what
a second processor brings, not what the code costs.

``python -m bench.rollup --projects 1000 --tasks 100 --json``
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from functools import partial
from statistics import median

from bench._ground import scratch_portal
from bench._rollup_parts import bare_reading, bare_writing, parts_timed
from bench._workers import portal_workers, wait_for_jobs

AIM = 5.0
GROUP_BY = """
    SELECT project_id, COUNT(task_id), MIN(planned_start), MAX(planned_finish), SUM(duration), SUM(percent),
           COUNT(actual_finish), SUM(budget), MIN(start), MAX(finish), SUM(budget * percent),
           SUM(approved), SUM(spent)
    FROM (
        SELECT t.project_id, t.id AS task_id, t.planned_start, t.planned_finish, t.duration,
               r.percent_physical AS percent, r.actual_finish, b.budget, b.start, b.finish,
               0 AS approved, 0 AS spent
        FROM projects_task t
        LEFT JOIN projects_taskprogress r ON r.task_id = t.id AND r.data_date <= %(as_of)s AND NOT EXISTS (
            SELECT 1 FROM projects_taskprogress n
            WHERE n.task_id = r.task_id AND n.data_date <= %(as_of)s AND n.data_date > r.data_date
        )
        LEFT JOIN projects_baselinetask b ON b.task_id = t.id AND b.baseline_id IN (
            SELECT e.id FROM projects_baseline e
            WHERE e.effective_from <= %(as_of)s AND NOT EXISTS (
                SELECT 1 FROM projects_baseline n
                WHERE n.project_id = e.project_id AND n.effective_from <= %(as_of)s AND n.number > e.number
            )
        )
        WHERE t.kind <> 'SUMMARY'
        UNION ALL
        SELECT project_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, amount, 0
        FROM projects_budgetline WHERE effective_from <= %(as_of)s
        UNION ALL
        SELECT project_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, project_amount
        FROM projects_actualcost WHERE posting_date <= %(as_of)s
    ) AS facts
    GROUP BY project_id
"""
ROUNDS = 3


@dataclass(frozen=True)
class Figures:
    """
    Seconds of each contestant, medians; ``ratio`` is the roll-up by the GROUP BY.

    ``workers`` is 0 where this process did the jobs itself; only then are there ``parts``, those of the
    median round. ``processor_ratio`` is in processor time, None where the database or the workers are other
    processes.
    """

    projects: int
    tasks: int
    workers: int
    seed_seconds: float
    group_by_seconds: float
    reading_seconds: float
    writing_seconds: float
    rollup_seconds: float
    repeated_seconds: float
    ratio: float
    floor_ratio: float
    repeated_ratio: float
    processor_ratio: float | None
    parts: dict[str, float]
    colors: dict[str, int]


@dataclass(frozen=True)
class _Took:
    """Seconds by the clock on the wall and of this process."""

    wall: float
    processor: float


@dataclass
class _Rounds:
    """What was measured in all rounds."""

    group_by: list[_Took] = field(default_factory=list)
    first: list[_Took] = field(default_factory=list)
    again: list[_Took] = field(default_factory=list)
    parts: list[dict[str, float]] = field(default_factory=list)


def _timed(call: Callable[[], object]) -> _Took:
    wall, processor = time.perf_counter(), time.process_time()
    call()
    return _Took(time.perf_counter() - wall, time.process_time() - processor)


def _median(found: Sequence[_Took]) -> _Took:
    return _Took(median(took.wall for took in found), median(took.processor for took in found))


def _group_by(projects: int) -> None:
    from django.db import connection

    from bench._seed import AS_OF

    with connection.cursor() as cursor:
        cursor.execute(GROUP_BY, {"as_of": AS_OF})
        assert len(cursor.fetchall()) == projects


def _roll_up(as_of: date, *, by_workers: bool) -> None:
    from pmo_portal.common.jobs import drain
    from portfolio.services.rollups import start_rollup

    start_rollup(actor=None, as_of=as_of)
    if by_workers:
        wait_for_jobs()
    else:
        drain()


def _rounds(projects: int, workers: int) -> _Rounds:
    """Return the times of the contestants in turn, warm."""
    from bench._seed import AS_OF

    found = _Rounds()
    _group_by(projects)
    with portal_workers(workers) if workers else nullcontext():
        _roll_up(AS_OF - timedelta(days=1), by_workers=bool(workers))
        for number in range(ROUNDS):
            roll_up = partial(_roll_up, AS_OF + timedelta(days=number), by_workers=bool(workers))
            found.group_by.append(_timed(partial(_group_by, projects)))
            parts: dict[str, float] = {}
            with parts_timed(parts):
                found.first.append(_timed(roll_up))
            found.parts.append(parts)
            found.again.append(_timed(roll_up))
            found.group_by.append(_timed(partial(_group_by, projects)))
    return found


def _parts(rounds: _Rounds) -> dict[str, float]:
    """Return the parts of the median round, and what is left of it."""
    walls = [took.wall for took in rounds.first]
    place = walls.index(median(walls))
    parts = rounds.parts[place]
    return {**parts, "jobs and the rest": walls[place] - sum(parts.values())}


def measure(projects: int, tasks: int, workers: int = 0) -> Figures:
    """Seed, measure all and return the figures."""
    from django.db import connection

    from bench._seed import AS_OF, seed_projects
    from portfolio.models import RollupRun
    from portfolio.services.awaiting import summary_of

    seeding = _timed(lambda: seed_projects(projects=projects, tasks=tasks))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rounds = _rounds(projects, workers)
    summary = summary_of(RollupRun.objects.filter(as_of=AS_OF).order_by("pk")[0])
    assert summary.failed == 0
    reading = _median([_timed(partial(bare_reading, AS_OF)) for _round in range(ROUNDS)])
    writing = _median([_timed(bare_writing(AS_OF)) for _round in range(ROUNDS)])
    bare, first, again = (_median(found) for found in (rounds.group_by, rounds.first, rounds.again))
    is_inside = connection.vendor == "sqlite" and not workers
    return Figures(
        projects=projects,
        tasks=tasks,
        workers=workers,
        seed_seconds=round(seeding.wall, 2),
        group_by_seconds=round(bare.wall, 3),
        reading_seconds=round(reading.wall, 3),
        writing_seconds=round(writing.wall, 3),
        rollup_seconds=round(first.wall, 2),
        repeated_seconds=round(again.wall, 2),
        ratio=round(first.wall / bare.wall, 1),
        floor_ratio=round((reading.wall + writing.wall) / bare.wall, 1),
        repeated_ratio=round(again.wall / bare.wall, 1),
        processor_ratio=round(first.processor / bare.processor, 1) if is_inside else None,
        parts={} if workers else {part: round(taken, 3) for part, taken in _parts(rounds).items()},
        colors=summary.colors,
    )


def _print(found: Figures) -> None:
    by = f"{found.workers} worker processes" if found.workers else "one worker"
    print(f"{found.projects} projects x {found.tasks} tasks, seeded in {found.seed_seconds} s")
    print(f"bare GROUP BY                    {found.group_by_seconds:6.3f} s")
    print(f"bare reading of the same cells   {found.reading_seconds:6.3f} s")
    print(f"bare writing of the same rows    {found.writing_seconds:6.3f} s")
    print(f"roll-up end to end               {found.rollup_seconds:6.3f} s by {by}")
    for part, taken in found.parts.items():
        print(f"  {part:<31}{taken:6.3f} s = {taken / found.group_by_seconds:.1f} GROUP BYs")
    print(f"roll-up with nothing changed     {found.repeated_seconds:6.3f} s")
    print(f"ratio {found.ratio} (aim {AIM}); bare reading and writing {found.floor_ratio}", end="; ")
    print(f"nothing changed {found.repeated_ratio}")
    if found.processor_ratio is not None:
        print(f"ratio of processor time {found.processor_ratio}")
    print(f"colors {found.colors}")


def main() -> int:
    """Print the figures; 0 when the aim was reached."""
    options = argparse.ArgumentParser(description="Roll-up against one bare GROUP BY.")
    options.add_argument("--projects", type=int, default=1000)
    options.add_argument("--tasks", type=int, default=100)
    options.add_argument(
        "--workers", type=int, default=0, help="worker processes; 0: this process does the jobs"
    )
    options.add_argument("--database-url", default="", help="an empty PostgreSQL database; SQLite without it")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    with scratch_portal(given.database_url, mode="embedded" if given.workers else "test"):
        found = measure(given.projects, given.tasks, given.workers)
    if given.json:
        print(json.dumps(asdict(found)))
    else:
        _print(found)
    return 0 if found.ratio <= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
