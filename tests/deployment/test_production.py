"""The commands of the compose file, run for real outside of a container, against real servers."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import pytest
import yaml

from tests import servers
from tests.check import production_environment

pytestmark = pytest.mark.servers

ROOT = Path(__file__).resolve().parents[2]
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
HEALTHY_SECONDS = 60


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of an installation with its own PostgreSQL and Redis."""
    with servers.both() as places:
        yield {
            **os.environ,
            **production_environment(),
            **places,
            "ALLOWED_HOSTS": "localhost",
            "PMO_DATA_DIR": str(tmp_path / "data"),
            "PMO_STATIC_ROOT": str(tmp_path / "static"),
        }


def _command(name: str, *, port: int, place: Path) -> list[str]:
    """Return a compose command with the port and places of this test."""
    replaced = {"8000": str(port), "0.0.0.0": "127.0.0.1", "/tmp/beat-schedule": str(place / "beat")}
    program, *words = [replaced.get(word, word) for word in SERVICES[name]["command"]]
    path = sys.executable if program == "python" else str(Path(sys.executable).parent / program)
    return [path, *words]


def _health(port: int) -> tuple[int, dict[str, Any]]:
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(f"http://localhost:{port}/healthz", timeout=5) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refused:
        return refused.code, json.load(refused)
    except OSError:
        return 0, {}


def test_compose_commands_make_a_healthy_installation(installation: dict[str, str], tmp_path: Path) -> None:
    """SEC-55, SEC-64: migrate, web, worker and beat together answer 200 on /healthz."""
    port = servers.free_port()
    migrate = _command("migrate", port=port, place=tmp_path)
    done = subprocess.run(migrate, cwd=ROOT, env=installation, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr[-1500:]) == (0, "")

    with ExitStack() as stack:
        for name in ("web", "worker", "beat"):
            log = stack.enter_context((tmp_path / f"{name}.log").open("wb"))
            command = _command(name, port=port, place=tmp_path)
            running = subprocess.Popen(command, cwd=ROOT, env=installation, stdout=log, stderr=log)
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
        answer = _health(port)
        pause.wait(0.3)
    return answer
