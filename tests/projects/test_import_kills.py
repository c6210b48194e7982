"""Short form of the killed imports: ``kill -9`` in mid-writing leaves nothing (SEC-24, SEC-36)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.chaos


def _run(engine: str, environment: dict[str, str]) -> list[tuple[object, ...]]:
    command = [sys.executable, "-m", "bench.imports", "--json", "--kills", "3", "--tasks", "30"]
    done = subprocess.run(
        [*command, "--engine", engine],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.stdout.strip(), done.stderr[-2000:]
    figures = json.loads(done.stdout.strip().splitlines()[-1])
    return [(one["kind"], one["kills"], one["partial"], one["completed"]) for one in figures]


def test_embedded_portal_has_no_partial_import(migrated_environment: dict[str, str]) -> None:
    """New project and update, killed at the first statement, in the middle and at the last one."""
    assert _run("embedded", migrated_environment) == [("new project", 3, 0, 1), ("update", 3, 0, 1)]


@pytest.mark.servers
def test_servers_have_no_partial_import(migrated_environment: dict[str, str]) -> None:
    assert _run("servers", migrated_environment) == [("new project", 3, 0, 1), ("update", 3, 0, 1)]
