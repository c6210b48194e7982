"""Short form of the killed imports of tables: ``kill -9`` in mid-writing leaves nothing (SEC-24)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.chaos


def test_killed_import_of_a_table_leaves_nothing_and_ends_when_repeated(
    migrated_environment: dict[str, str],
) -> None:
    """Both editions, killed at the first statement, in the middle and at the last one."""
    command = [sys.executable, "-m", "bench.table_kills", "--json", "--kills", "3", "--rows", "30"]
    environment = {name: value for name, value in migrated_environment.items() if name != "DATABASE_URL"}

    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=240
    )

    assert done.stdout.strip(), done.stderr[-2000:]
    figures = json.loads(done.stdout.strip().splitlines()[-1])
    assert [(one["edition"], one["kills"], one["partial"], one["completed"]) for one in figures] == [
        ("first", 3, 0, 1),
        ("second", 3, 0, 1),
    ]
