"""Stretches of work in files: which become rests, and how long a hostile file may keep us."""

import time
from datetime import datetime, timedelta

import pytest

from projects.engine.interruptions import Interruption
from projects.interchange.document import ProjectDocument, ProjectOptions, Split, Task
from projects.interchange.findings import document_problems
from projects.interchange.interrupted import document_interruptions
from projects.interchange.takeover_tasks import place_tasks

pytestmark = pytest.mark.pure

MONDAY = datetime(2026, 3, 2, 8)
HOUR = timedelta(hours=1)


def document_of(*tasks: Task) -> ProjectDocument:
    """Return a document of these tasks on the standard calendar."""
    return ProjectDocument(options=ProjectOptions(), tasks=tasks)


def pieces(count: int) -> tuple[Split, ...]:
    """Return an hour of work every Monday."""
    starts = [MONDAY + timedelta(weeks=number) for number in range(count)]
    return tuple(Split(start, start + HOUR) for start in starts)


def far(first: int, last: int) -> tuple[Split, ...]:
    """Return an hour of work in one year and one in another."""
    return tuple(Split(datetime(year, 3, 3, 8), datetime(year, 3, 3, 9)) for year in (first, last))


@pytest.mark.parametrize(
    ("splits", "rests"),
    [(pieces(2), 1), (pieces(101), 100), (pieces(102), 0), (far(1, 9998), 0), (far(2026, 2200), 0)],
)
def test_as_many_pieces_as_by_hand_become_rests(splits: tuple[Split, ...], rests: int) -> None:
    """At most 101 pieces from 1900 to 2199; the reader is told of the others."""
    document = ProjectDocument(
        options=ProjectOptions(), tasks=(Task(uid=1, name="A", duration=6_060, splits=splits),)
    )

    found = document_interruptions(document).get(1, ())
    told = {problem.code for problem in place_tasks(document)[1]}

    assert len(found) == rests
    assert ("SPLIT_PIECES" in told) == (rests == 0)
    shown = {problem.code for problem in document_problems(document).problems}
    assert ("SPLIT_TASK" in shown) == (rests > 0)


def test_stretches_without_work_between_are_one_rest() -> None:
    """A piece on a Sunday holds no work: what lies around it is one rest, as a person would give it."""
    sunday = datetime(2026, 3, 8, 8)
    splits = (*pieces(1), Split(sunday, sunday + HOUR), Split(MONDAY.replace(day=10), MONDAY.replace(day=11)))
    document = ProjectDocument(
        options=ProjectOptions(), tasks=(Task(uid=1, name="A", duration=540, splits=splits),)
    )

    assert document_interruptions(document) == {1: (Interruption(60, 5 * 480 + 420),)}


def test_hostile_file_does_not_keep_us() -> None:
    """SEC-22: 3,000 tasks in 101 pieces over three centuries on one calendar, within seconds."""
    splits = tuple(
        Split(start, start + HOUR) for start in (datetime(1901 + 2 * at, 3, 4, 8) for at in range(101))
    )
    document = document_of(
        *(Task(uid=uid, name="A", duration=6_060, splits=splits) for uid in range(1, 3_001))
    )

    began = time.perf_counter()
    found = document_interruptions(document)

    assert len(found) == 3_000
    assert time.perf_counter() - began < 10
