"""How fast a large chunk is measured; run with ``-m benchmark``."""

import time
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from projects.engine.calendar import STANDARD_CALENDAR, CalendarException
from projects.engine.measures import measure_projects
from projects.engine.project_arrays import ProjectArrays
from tests.projects.engine.chunks import ProjectFacts, TaskFacts, chunk_of

PROJECTS, TASKS, CALENDARS = 1_000, 100, 50
SECONDS = 1.0


def large_chunk() -> ProjectArrays:
    """Return 1,000 projects × 100 tasks on 50 different calendars."""
    calendars = [
        replace(
            STANDARD_CALENDAR,
            exceptions=(
                CalendarException(*[date(2026, 1, 1) + timedelta(days=number)] * 2),
            ),
        )
        for number in range(CALENDARS)
    ]  # fmt: skip
    tasks = [
        TaskFacts(
            start := f"2026-{1 + number % 11:02}-02T08:00",
            f"2026-{2 + number % 11:02}-20T17:00",
            budget=str(1_000 + number),
            actual_start=start if number % 2 else None,
            physical="40" if number % 2 else None,
            duration=9_600,
            is_key=number % 10 == 0,
        )
        for number in range(TASKS)
    ]
    projects = [
        ProjectFacts(
            [replace(task, calendar=calendars[number % CALENDARS]) for task in tasks],
            data_date=date(2026, 6, 30),
            key=number,
            calendar=calendars[number % CALENDARS],
            actual_cost="50000",
        )
        for number in range(PROJECTS)
    ]
    return chunk_of(*projects)


@pytest.mark.benchmark
def test_thousand_projects_are_measured_within_a_second() -> None:
    """HLT-13: 100,000 tasks in one pass, loading not counted."""
    chunk = large_chunk()
    started = time.perf_counter()

    results = measure_projects(chunk, as_of=date(2026, 7, 1))

    elapsed = time.perf_counter() - started
    assert len(results) == PROJECTS
    assert np.array_equal([result.project_id for result in results], np.arange(PROJECTS))
    assert elapsed < SECONDS, f"{elapsed:.2f} s"
