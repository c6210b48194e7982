"""Short form of `bench.writers` on one SQLite file: nobody turned away, nothing lost (SEC-29 to SEC-31)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.chaos
ROOT = Path(__file__).resolve().parents[3]


def test_writers_at_the_same_moment_lose_nothing(migrated_environment: dict[str, str]) -> None:
    """Eight processes: numbers counted up, versions saved, rings and pairs of links closed from all sides."""
    counts = ["--turns", "30", "--saves", "4", "--rings", "2", "--pairs", "4"]

    done = subprocess.run(
        [sys.executable, "-m", "bench.writers", "--json", *counts],
        cwd=ROOT, env=migrated_environment, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip

    assert done.stdout.strip(), done.stderr[-2000:]
    figures = json.loads(done.stdout.strip().splitlines()[-1])
    assert figures["faults"] == {}
    assert (figures["lost"], figures["closed_rings"], figures["missing_links"]) == (0, 0, 0)
    assert (figures["commits"], figures["refused"]["CYCLE"]) == (8 * 34 + 2 * 7 + 4, 2 + 4)
