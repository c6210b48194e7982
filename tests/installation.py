"""An installation as the compose file makes it, run outside of a container: its commands and its health."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import yaml

from tests.check import production_environment

ROOT = Path(__file__).resolve().parent.parent
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
PROGRAMS = ("web", "worker", "beat")
ANSWER_SECONDS = 5


def environment(places: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return the environment of an installation whose servers are at `places` and whose files in `folder`."""
    return {
        **os.environ,
        **production_environment(),
        **places,
        "ALLOWED_HOSTS": "localhost",
        "PMO_DATA_DIR": str(folder / "data"),
        "PMO_STATIC_ROOT": str(folder / "static"),
    }


def command(name: str, *, port: int, folder: Path) -> list[str]:
    """Return the compose command of a service with a port and places of its own."""
    replaced = {"8000": str(port), "0.0.0.0": "127.0.0.1", "/tmp/beat-schedule": str(folder / "beat")}
    program, *words = [replaced.get(word, word) for word in SERVICES[name]["command"]]
    path = sys.executable if program == "python" else str(Path(sys.executable).parent / program)
    return [path, *words]


def migrate(surroundings: Mapping[str, str], *, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the one-shot service that migrates."""
    line = command("migrate", port=0, folder=folder)
    return subprocess.run(line, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)


def health(port: int) -> tuple[int, dict[str, Any]]:
    """Return status and body of ``/healthz``; 0 when nobody answers."""
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(f"http://localhost:{port}/healthz", timeout=ANSWER_SECONDS) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refused:
        return refused.code, json.load(refused)
    except OSError:
        return 0, {}
