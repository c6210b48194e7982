"""One command runs the whole portal on a fresh machine (SEC-64)."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pmo_portal.common.management.commands.serve import is_healthy
from tests import needs
from tests.portal import Portal, running_portal

# The portal that is started has its own database: these tests need none.
pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[5]


def _until(condition: Callable[[], bool], *, seconds: float = 90) -> bool:
    pause = threading.Event()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        pause.wait(0.1)
    return False


def _descendants(pid: int) -> set[int]:
    """Return the processes below a process (Linux)."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(entry.parent.name)] = int(fields[1])
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in found | {pid}} - found:
        found |= more
    return found


@dataclass(frozen=True)
class Served:
    """A portal that was started once and stopped: how many processes it had, and which of them are left."""

    data_dir: Path
    processes: int
    left: frozenset[int]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, migrated: Path | None) -> Served:
    """Start a portal once and stop it; a first start that migrates is part of the journeys."""
    place = tmp_path_factory.mktemp("served") / "data"
    with running_portal(place, arguments=("--no-demo",), migrated=migrated) as running:
        below = _descendants(running.pid)
    return Served(place, len(below), frozenset(pid for pid in below if Path(f"/proc/{pid}").exists()))


@pytest.fixture
def data_dir(served: Served) -> Path:
    """Return the data directory of a portal that was started once and stopped."""
    return served.data_dir


@pytest.fixture(scope="module")
def portal(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Yield a portal on its second start, with a data directory nothing else is started on."""
    place = tmp_path_factory.mktemp("running") / "data"
    shutil.copytree(served.data_dir, place)
    with running_portal(place, arguments=("--no-demo",)) as running:
        yield running


def test_second_start_serves_within_ten_seconds(data_dir: Path) -> None:
    """Ten seconds of a machine with nothing else to do: what other processes take of it is allowed for."""

    def seconds_of_a_start() -> float:
        started = time.monotonic()
        with running_portal(data_dir, arguments=("--no-demo",)) as running:
            seconds = time.monotonic() - started
            assert is_healthy(running.url)
        return seconds / max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))

    assert needs.quickest(seconds_of_a_start, within=10) < 10


def test_first_start_makes_random_secrets_only_the_owner_can_read(data_dir: Path) -> None:
    """SEC-64."""
    for name in ("secret_key", "audit_key"):
        secret = data_dir / name

        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        assert len(secret.read_text().strip()) >= 50
    assert stat.S_IMODE(data_dir.joinpath("logs").stat().st_mode) == 0o700


@pytest.mark.skipif(sys.platform != "linux", reason="reads the process table of Linux")
def test_killed_worker_is_replaced(portal: Portal) -> None:
    """SEC-55: processes are supervised and come back."""
    worker = next(pid for pid in _descendants(portal.pid) if "worker-1@" in _command_line(pid))

    os.kill(worker, signal.SIGKILL)

    assert _until(
        lambda: any("worker-1@" in _command_line(pid) for pid in _descendants(portal.pid) - {worker})
    )
    assert _until(lambda: is_healthy(portal.url))


@pytest.mark.skipif(sys.platform != "linux", reason="reads the process table of Linux")
def test_end_leaves_no_process_behind(served: Served) -> None:
    """SEC-55."""
    assert served.processes >= 4
    assert served.left == set()


def test_port_in_use_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    place = tmp_path / "data"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environment = {**os.environ, "PMO_MODE": "embedded", "PMO_DATA_DIR": str(place), "PORT": port}
        environment["DJANGO_SETTINGS_MODULE"] = "pmo_portal.settings"

        done = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 1
    assert f"Port {port} on 127.0.0.1 is in use. Choose another: make run PORT=" in done.stderr
    assert not (place / "portal.sqlite3").exists()


def test_second_portal_on_the_same_data_is_refused(portal: Portal) -> None:
    command = [sys.executable, "manage.py", "serve", "--port", "1"]

    done = subprocess.run(
        command, cwd=ROOT, env=dict(portal.environment), capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "Another portal already runs on" in done.stderr


def _command_line(pid: int) -> str:
    """Return the words a process was started with; empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""
