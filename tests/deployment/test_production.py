"""The commands of the compose file, run for real outside of a container, against real servers."""

import http.client
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from email.message import Message
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
        yield installation.environment(places, tmp_path) | {"TRUSTED_PROXY_COUNT": "1"}


def test_compose_commands_make_a_healthy_installation(surroundings: dict[str, str], tmp_path: Path) -> None:
    """
    SEC-55, SEC-64: migrate, web, worker and beat together answer 200 on /healthz.

    SEC-27: without encryption no page, with it (ended by a proxy) the promise to keep it for a year or more.
    """
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
        plain, encrypted = _ask(port, "/accounts/login/", "http"), _ask(port, "/healthz", "https")

    logs = "\n".join(path.read_text()[-1500:] for path in sorted(tmp_path.glob("*.log")))
    assert (status, body.get("worker"), body.get("database")) == (200, True, True), logs
    assert (plain[0], plain[1]["Location"]) == (301, "https://localhost/accounts/login/")
    promised = re.match(r"max-age=(\d+)", encrypted[1]["Strict-Transport-Security"])
    assert promised is not None
    assert int(promised.group(1)) >= 365 * 24 * 3600


def _ask(port: int, path: str, scheme: str) -> tuple[int, Message]:
    """Return status and headers of the answer to a request that came to the proxy in front by this scheme."""
    with closing(http.client.HTTPConnection("localhost", port, timeout=30)) as connection:
        connection.request("GET", path, headers={"Host": "localhost", "X-Forwarded-Proto": scheme})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers


def _wait_for_health(port: int) -> tuple[int, dict[str, Any]]:
    pause = threading.Event()
    deadline = time.monotonic() + HEALTHY_SECONDS
    answer: tuple[int, dict[str, Any]] = (0, {})
    while time.monotonic() < deadline and answer[0] != 200:
        answer = installation.health(port)
        pause.wait(0.3)
    return answer
