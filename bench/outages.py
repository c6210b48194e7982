"""
What an installation does while PostgreSQL or Redis are away, and how soon it says that something is missing.

The programs of the compose file run outside of a container against real servers.

- **Recovery (SEC-55)**: each server is killed with ``kill -9`` many times and is back a second later. While
  it is away, every answer must be the page or a 503 with ``Retry-After``; once it takes connections again,
  a page, ``/healthz`` and a fresh job must all succeed within 10 s, without a restart of a program.
- **Alarms (SEC-42)**: each of the five parts is killed until ``/healthz`` or *Jobs* raise an alarm: at most
  three minutes.

``python -m bench.outages --kills 15 --json``
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
from statistics import median
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from tests import installation, servers

RECOVERY_AIM = 10.0
ALARM_AIM = 180.0
PATIENCE_SECONDS = 300.0
AWAY_SECONDS = 1.0
PAUSE_SECONDS = 0.1
JOB_NAME = "api.forget_repeated_requests"
# A proxy that ends TLS says so; without it every page redirects.
THROUGH_PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}


@dataclass(frozen=True)
class Recovery:
    """How a server's outages ended: seconds from its first connection to page, health and job."""

    server: str
    kills: int
    recovered: int
    median_seconds: float
    worst_seconds: float
    answers: int
    unclean_answers: int
    restarted_programs: int


@dataclass(frozen=True)
class Alarm:
    """Seconds from the end of a part to the alarm; None without one."""

    part: str
    seconds: float | None


class Program:
    """One program of the installation under a supervisor that starts it again."""

    def __init__(self, line: list[str], surroundings: dict[str, str], log: Path) -> None:
        self._line, self._surroundings, self._log = line, surroundings, log
        self.restarts = -1
        self.start()

    def start(self) -> None:
        """Start it."""
        self.restarts += 1
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._line,
                cwd=installation.ROOT,
                env=self._surroundings,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self) -> None:
        """``kill -9`` for all its processes."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def keep_running(self) -> None:
        """Start it again if it has ended."""
        if self._process.poll() is not None:
            self.start()


@dataclass
class Ground:
    """The installation."""

    port: int
    database: servers.Server
    redis: servers.Server
    programs: dict[str, Program]

    @property
    def restarts(self) -> int:
        """How often programs had to be started again."""
        return sum(program.restarts for program in self.programs.values())

    def is_healthy(self) -> bool:
        """Whether ``/healthz`` says so; like a supervisor, start again what has ended."""
        for program in self.programs.values():
            program.keep_running()
        return installation.health(self.port)[0] == 200

    def is_whole(self) -> bool:
        """Whether neither ``/healthz`` nor the alarms of *Jobs* miss anything."""
        return self.is_healthy() and not _alarms()


@contextmanager
def ground() -> Iterator[Ground]:
    """Run servers and programs until the installation is whole, and end them."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pmo-outages-")))
        place = stack.enter_context(servers.temporary_folder())
        database = stack.enter_context(servers.postgresql(place))
        redis = stack.enter_context(servers.redis_server(place))
        addresses = {"DATABASE_URL": database.url, "REDIS_URL": redis.url}
        surroundings = installation.environment(addresses, folder) | {"TRUSTED_PROXY_COUNT": "1"}
        installation.migrate(surroundings, folder=folder).check_returncode()
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(collect, cwd=installation.ROOT, env=surroundings, check=True)
        _become_part(surroundings)
        port = servers.free_port()
        programs = {}
        for name in installation.PROGRAMS:
            line = installation.command(name, port=port, folder=folder)
            programs[name] = Program(line, surroundings, folder / f"{name}.log")
            stack.callback(programs[name].kill)
        made = Ground(port, database, redis, programs)
        if _seconds_until(made.is_whole) is None:
            logs = [path.read_text()[-2000:] for path in sorted(folder.glob("*.log"))]
            raise SystemExit("The installation did not start.\n" + "\n".join(logs))
        yield made


def _become_part(surroundings: dict[str, str]) -> None:
    """Let this process order jobs and read the alarms of the installation."""
    import django

    os.environ.update(surroundings)
    django.setup()


def _seconds_until(is_so: Callable[[], bool]) -> float | None:
    """Return after how many seconds it was so; None when patience ended."""
    started = time.monotonic()
    while not is_so():
        if time.monotonic() - started > PATIENCE_SECONDS:
            return None
        time.sleep(PAUSE_SECONDS)
    return time.monotonic() - started


def _alarms() -> tuple[str, ...]:
    """Return the alarms of *Jobs*; a database that cannot be asked is one, too."""
    from django.db import Error, connection

    from pmo_portal.operations.selectors.health import queue_health

    try:
        return queue_health().alarms
    except Error:
        connection.close()
        return ("NO_DATABASE",)


def _answer(port: int) -> tuple[int, bool]:
    """Return the status of the sign-in page, and whether it says when to try again."""
    request = Request(f"http://localhost:{port}/accounts/login/", headers=THROUGH_PROXY)
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=installation.ANSWER_SECONDS) as answer:
            return answer.status, False
    except HTTPError as refused:
        return refused.code, "Retry-After" in refused.headers
    except OSError:
        return 0, False


class Outages:
    """Kill one server again and again, and keep count."""

    def __init__(self, place: Ground, name: str, server: servers.Server) -> None:
        self._place, self._name, self._server = place, name, server
        self._seconds: list[float | None] = []
        self._answers = self._unclean = 0

    def happen(self, kills: int) -> Recovery:
        """Do it; return the figures."""
        before = self._place.restarts
        for number in range(kills):
            self._server.kill()
            self._ask_while_away()
            self._server.start()
            self._seconds.append(self._recovery(number))
        known = [seconds for seconds in self._seconds if seconds is not None]
        return Recovery(
            server=self._name,
            kills=kills,
            recovered=sum(seconds <= RECOVERY_AIM for seconds in known),
            median_seconds=round(median(known), 2) if known else PATIENCE_SECONDS,
            worst_seconds=round(max(known), 2) if len(known) == kills else PATIENCE_SECONDS,
            answers=self._answers,
            unclean_answers=self._unclean,
            restarted_programs=self._place.restarts - before,
        )

    def _ask_while_away(self) -> None:
        ends = time.monotonic() + AWAY_SECONDS
        while time.monotonic() < ends:
            self._ask()
            time.sleep(PAUSE_SECONDS)

    def _ask(self) -> bool:
        """Ask for a page; return whether it came."""
        status, says_when = _answer(self._place.port)
        self._answers += 1
        self._unclean += status != 200 and not (status == 503 and says_when)
        return status == 200

    def _recovery(self, number: int) -> float | None:
        """Return the seconds until page, health and a fresh job succeed."""
        job = _Errand(f"{self._name}-{number}")

        def is_back() -> bool:
            is_shown = self._ask()
            return job.is_done() and is_shown and self._place.is_healthy()

        return _seconds_until(is_back)


class _Errand:
    """A job ordered as soon as the database takes it."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._id: int | None = None

    def is_done(self) -> bool:
        """Order it, if that has not been possible yet; return whether a worker has done it."""
        from django.db import Error, connection

        from pmo_portal.common.models import Job, JobState
        from pmo_portal.common.queue import enqueue

        try:
            if self._id is None:
                self._id = enqueue(JOB_NAME, key=self._key).pk
            return Job.objects.filter(pk=self._id, state=JobState.DONE).exists()
        except Error:
            connection.close()
            return False


def raise_alarms(place: Ground) -> list[Alarm]:
    """Stop each part until somebody says so, then bring it back."""
    found = []
    parts: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
        name: (program.kill, program.start) for name, program in place.programs.items()
    }
    for name, server in (("database", place.database), ("redis", place.redis)):
        parts[name] = (server.kill, server.start)
    for name, (end, begin) in parts.items():
        end()
        seconds = _seconds_until(lambda: installation.health(place.port)[0] != 200 or bool(_alarms()))
        found.append(Alarm(name, None if seconds is None else round(seconds, 1)))
        begin()
        _seconds_until(place.is_whole)
    return found


def main() -> int:
    """Print the figures; 0 when every aim was reached."""
    options = argparse.ArgumentParser(description="Servers that go away, and alarms.")
    options.add_argument("--kills", type=int, default=15)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    with ground() as place:
        both = (("database", place.database), ("redis", place.redis))
        recoveries = [Outages(place, name, server).happen(given.kills) for name, server in both]
        alarms = raise_alarms(place)
    if given.json:
        print(
            json.dumps({"recoveries": [asdict(r) for r in recoveries], "alarms": [asdict(a) for a in alarms]})
        )
    else:
        print("\n".join(str(figure) for figure in (*recoveries, *alarms)))
    is_recovered = all(r.recovered == r.kills and r.unclean_answers == 0 for r in recoveries)
    is_alarmed = all(a.seconds is not None and a.seconds <= ALARM_AIM for a in alarms)
    return 0 if is_recovered and is_alarmed else 1


if __name__ == "__main__":
    sys.exit(main())
