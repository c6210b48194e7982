"""The commands of the compose file, run for real outside of a container, against real servers."""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests import installation, servers

pytestmark = pytest.mark.servers

HEALTHY_SECONDS = 60


@pytest.fixture
def surroundings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of an installation with its own PostgreSQL and Redis."""
    with servers.both() as places:
        yield installation.environment(places, tmp_path)


def test_compose_commands_make_a_healthy_installation(surroundings: dict[str, str], tmp_path: Path) -> None:
    """SEC-55, SEC-64: migrate, web, worker and beat together answer 200 on /healthz."""
    port = servers.free_port()
    done = installation.migrate(surroundings, folder=tmp_path)
    assert (done.returncode, done.stderr[-1500:]) == (0, "")

    with ExitStack() as stack:
        for name in installation.PROGRAMS:
            log = stack.enter_context((tmp_path / f"{name}.log").open("wb"))
            command = installation.command(name, port=port, folder=tmp_path)
            running = subprocess.Popen(
                command, cwd=installation.ROOT, env=surroundings, stdout=log, stderr=log
            )
            stack.callback(running.wait, timeout=30)
            stack.callback(running.terminate)
        status, body = _wait_for_health(port)

    logs = "\n".join(path.read_text()[-1500:] for path in sorted(tmp_path.glob("*.log")))
    assert (status, body.get("worker"), body.get("database")) == (200, True, True), logs


def _wait_for_health(port: int) -> tuple[int, dict[str, Any]]:
    pause = threading.Event()
    deadline = time.monotonic() + HEALTHY_SECONDS
    answer: tuple[int, dict[str, Any]] = (0, {})
    while time.monotonic() < deadline and answer[0] != 200:
        answer = installation.health(port)
        pause.wait(0.3)
    return answer
