"""What a test needs and this machine may lack."""

import os
import shutil
from collections.abc import Callable

import pytest

MEASUREMENTS = 3


def is_ci() -> bool:
    """Say whether a missing thing is a failure (``CI=true``)."""
    return os.environ.get("CI", "").lower() == "true"


def cannot_have(what: str) -> None:
    """Skip a test for something this machine lacks; with ``CI=true`` fail instead."""
    if is_ci():
        pytest.fail(f"CI must have {what}")
    pytest.skip(f"this machine has no {what}")


def chromium() -> str | None:
    """Return the browser for journeys: ``PMO_CHROMIUM``, or Debian's Chromium."""
    return os.environ.get("PMO_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def quickest(measure: Callable[[], float], *, within: float) -> float:
    """
    Measure seconds until they are few enough, at most three times; return the least.

    What other processes take of a machine delays one measurement, what the code waits for delays each.
    """
    taken = []
    while len(taken) < MEASUREMENTS:
        taken.append(measure())
        if taken[-1] < within:
            break
    return min(taken)
