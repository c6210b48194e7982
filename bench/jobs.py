"""
Chaos: a roll-up in single jobs, workers and Redis killed, Redis flushed; counts what got lost or doubled.

``python -m bench.jobs --jobs 500 --worker-kills 10 --redis-kills 2 --flushes 1 --engine servers --json``
(SEC-33, SEC-34). Runs in a temporary place with servers of its own.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from tests import databases, servers

ROOT = Path(__file__).resolve().parent.parent
LEASE_SECONDS = 6
POLL_SECONDS = 0.1
PATIENCE_SECONDS = 600
WORKER = "worker --pool prefork --concurrency 2 --loglevel WARNING"
WORKER += " --without-gossip --without-mingle --without-heartbeat"


@dataclass(frozen=True)
class Figures:
    """What the run prints."""

    engine: str
    jobs: int
    workers: int
    worker_kills: int
    redis_kills: int
    flushes: int
    database_restarts: int
    lost: int
    doubled: int
    second_attempts: int
    seconds: float


class Worker:
    """One worker with all its processes, in a group of its own."""

    def __init__(self, name: str, environment: dict[str, str], log_file: Path) -> None:
        command = [sys.executable, "-m", "celery", "-A", "bench._chaos_worker", *WORKER.split()]
        self._command = [*command, "--hostname", f"{name}@chaos"]
        self._environment = environment
        self._log_file = log_file
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it, as a supervisor would."""
        with self._log_file.open("ab") as output:
            self.process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self) -> None:
        """``kill -9`` for all its processes."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def is_running(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.poll() is None


@dataclass
class Ground:
    """Where the jobs run."""

    environment: dict[str, str]
    data_dir: Path
    redis: servers.Server | None = None
    database: servers.Server | None = None


@contextmanager
def ground(engine: str) -> Iterator[Ground]:
    """Make a place for the run: embedded (SQLite, message files) or PostgreSQL and Redis."""
    with ExitStack() as stack:
        data_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pmo-chaos-")))
        environment = {name: v for name, v in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        environment |= {
            "PMO_MODE": "embedded",
            "PMO_DATA_DIR": str(data_dir),
            "DJANGO_SETTINGS_MODULE": "pmo_portal.settings",
            "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
            "LOG_LEVEL": "WARNING",
        }
        made = Ground(environment=environment, data_dir=data_dir)
        if engine == "servers":
            folder = stack.enter_context(servers.temporary_folder())
            made.database = stack.enter_context(servers.postgresql(folder))
            made.redis = stack.enter_context(servers.redis_server(folder))
            environment |= {"DATABASE_URL": made.database.url, "REDIS_URL": made.redis.url}
        else:
            databases.put_migrated(os.environ.get(databases.MIGRATED), data_dir)
        yield made


def run(arguments: argparse.Namespace) -> Figures:
    """Order the jobs, do the damage while they run, wait for the end and count."""
    with ground(arguments.engine) as place, ExitStack() as stack:
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("REDIS_URL", None)
        os.environ.update(place.environment)
        from django.core.management import call_command

        from bench import _chaos_worker as chaos
        from pmo_portal.common.queue import Order, enqueue_many

        call_command("migrate", verbosity=0, interactive=False)
        from bench._seed import AS_OF

        run_id, projects = chaos.seed_rollup(arguments.jobs, AS_OF)
        logs = place.data_dir / "worker.log"
        names = [f"w{number}" for number in range(arguments.workers)]
        workers = [Worker(name, place.environment, logs) for name in names]
        stack.callback(lambda: [worker.kill() for worker in workers])
        started = time.monotonic()
        facts = [{"run_id": run_id, "project": pk, "seconds": arguments.seconds} for pk in projects]
        enqueue_many([Order(chaos.JOB_NAME, key=str(fact["project"]), arguments=fact) for fact in facts])
        damage = plan(arguments, place, workers)
        seconds = _attend(arguments, workers, damage, started)
        return _figures(arguments, seconds)


def plan(
    arguments: argparse.Namespace, place: Ground, workers: list[Worker]
) -> list[tuple[float, Callable[[], None]]]:
    """Return what to do when which share of the jobs is done, in order."""
    damage: list[tuple[float, Callable[[], None]]] = []

    def spread(count: int, act: Callable[[int], None], *, shift: float) -> None:
        for number in range(count):
            damage.append(((number + shift) / (count + 0.5), lambda number=number: act(number)))

    spread(arguments.worker_kills, lambda number: workers[number % len(workers)].kill(), shift=0.3)
    if place.redis is not None and place.database is not None:
        redis, database = place.redis, place.database
        spread(arguments.redis_kills, lambda _number: _restart(redis), shift=0.5)
        spread(arguments.flushes, lambda _number: _flush(redis.url), shift=0.4)
        spread(arguments.database_restarts, lambda _number: _restart(database), shift=0.6)
    return sorted(damage, key=lambda entry: entry[0])


def _restart(server: servers.Server) -> None:
    server.kill()
    time.sleep(1)
    server.start()


def _flush(url: str) -> None:
    import redis

    redis.Redis.from_url(url).flushall()


def _attend(
    arguments: argparse.Namespace,
    workers: list[Worker],
    damage: list[tuple[float, Callable[[], None]]],
    started: float,
) -> float:
    """Do the damage when its time comes, start again what ended; return the seconds until all is done."""
    while time.monotonic() - started < PATIENCE_SECONDS:
        ended = _ended_jobs()
        while damage and ended >= damage[0][0] * arguments.jobs:
            damage.pop(0)[1]()
        for worker in workers:
            if not worker.is_running():
                worker.start()
        if ended >= arguments.jobs and not damage:
            break
        time.sleep(POLL_SECONDS)
    return time.monotonic() - started


def _ended_jobs() -> int:
    from django.db import Error, connection

    from pmo_portal.common.models import Job, JobState

    try:
        return Job.objects.filter(state__in=[JobState.DONE, JobState.FAILED]).count()
    except Error:
        connection.close()
        return 0


def _figures(arguments: argparse.Namespace, seconds: float) -> Figures:
    """Count: lost is a job without its health, snapshot or effect, doubled an effect too many."""
    from django.db import connection

    from pmo_portal.common.models import Job, JobState
    from portfolio.models import ProjectHealth
    from projects.models import ProjectSnapshot

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT project) FROM bench_effect")
        effects, projects = cursor.fetchone()
    rated = ProjectHealth.objects.exclude(reason_code="CALC_ERROR").count()
    measured = ProjectSnapshot.objects.count()
    done = Job.objects.filter(state=JobState.DONE).count()
    has_servers = arguments.engine == "servers"
    return Figures(
        engine=arguments.engine,
        jobs=arguments.jobs,
        workers=arguments.workers,
        worker_kills=arguments.worker_kills,
        redis_kills=arguments.redis_kills if has_servers else 0,
        flushes=arguments.flushes if has_servers else 0,
        database_restarts=arguments.database_restarts if has_servers else 0,
        lost=arguments.jobs - min(done, projects, rated, measured),
        doubled=effects - projects,
        second_attempts=Job.objects.filter(attempt__gt=1).count(),
        seconds=round(seconds, 1),
    )


def main() -> int:
    """Run once and print the figures; 0 when nothing was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--worker-kills", type=int, default=10)
    parser.add_argument("--redis-kills", type=int, default=2)
    parser.add_argument("--flushes", type=int, default=1)
    parser.add_argument("--database-restarts", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0.15, help="mean duration of a job")
    parser.add_argument("--engine", choices=["servers", "embedded"], default=None)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    arguments.engine = arguments.engine or ("embedded" if servers.missing_servers() else "servers")
    figures = run(arguments)
    if arguments.json:
        print(json.dumps(asdict(figures)))
    else:
        print("\n".join(f"{name.replace('_', ' '):>18}  {value}" for name, value in asdict(figures).items()))
    return 0 if figures.lost == 0 and figures.doubled == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
