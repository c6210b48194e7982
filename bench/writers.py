"""
Many people write at the same moment: what is lost (SEC-29), which rings close (SEC-30), who is turned
away and how long one waits (SEC-31)?

``python -m bench.writers --turns 320 --saves 100 --rings 200 --pairs 800 --json``, and with
``--database-url`` on PostgreSQL. Each writer is a process of its own with a connection of its own.
"""

import argparse
import json
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from bench._ground import scratch_portal

WRITERS = 8
LONGEST_WAIT = 1.0
Say = Callable[..., None]
_fork = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Figures:
    """What the run prints; ``refused`` are the saves and links that somebody else was faster with."""

    commits: int
    lost: int
    refused: dict[str, int]
    faults: dict[str, int]
    rings: int
    closed_rings: int
    missing_links: int
    p99_seconds: float
    worst_seconds: float


def at_once(act: Callable[[int, Say], None]) -> list[tuple[str, float]]:
    """Let each writer act in a process of its own; return what they said, each word with its seconds."""
    from django.db import connection

    connection.close()
    said: Any = _fork.SimpleQueue()
    gate = _fork.Barrier(WRITERS)

    def begin(number: int) -> None:
        words: list[tuple[str, float]] = []
        try:
            gate.wait(60)
            act(number, lambda word, seconds=0.0: words.append((word, seconds)))
        finally:
            said.put(words)
            connection.close()

    writers = [_fork.Process(target=begin, args=(number,)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    found = [word for _writer in writers for word in said.get()]
    for writer in writers:
        writer.join()
    return found


def _tried(act: Callable[[], Any], say: Say) -> bool:
    """Do it once; say what came of it and how long it took, and whether it is done."""
    from pmo_portal.common.errors import DomainError

    began = time.monotonic()
    try:
        act()
    except DomainError as refusal:
        say(refusal.code)
        return False
    except Exception as fault:  # noqa: BLE001 - every fault is counted under its words
        say(f"{type(fault).__name__}: {fault}"[:120])
        return False
    say("done", time.monotonic() - began)
    return True


def count_up(turns: int) -> Callable[[int, Say], None]:
    """Return the act of a writer that reads a number and writes the next one in one transaction."""
    from django.db import transaction

    from projects.models import Project

    @transaction.atomic
    def one_more() -> None:
        project = Project.objects.select_for_update().get(code="COUNT")
        project.description = str(int(project.description) + 1)
        project.save(update_fields=["description"])

    def act(_number: int, say: Say) -> None:
        for _turn in range(turns):
            _tried(one_more, say)

    return act


def save_versions(saves: int) -> Callable[[int, Say], None]:
    """Return the act of a person who looks, changes and saves, and looks again when somebody was faster."""
    from projects.models import Project
    from projects.services.projects import edit_project

    def act(_number: int, say: Say) -> None:
        done = 0
        while done < saves:
            seen = Project.objects.get(code="SAVE")
            new = {"description": str(int(seen.description) + 1)}
            version = seen.version
            done += _tried(
                lambda seen=seen, new=new, version=version: edit_project(
                    actor=None, project=seen, changes=new, expected_version=version
                ),
                say,
            )

    return act


def close_rings(plans: list[list[Any]], size: int) -> Callable[[int, Say], None]:
    """Return the act of a writer that adds its link of each ring when all the others add theirs."""
    from projects.services.links import add_link

    gate = _fork.Barrier(WRITERS)

    def act(number: int, say: Say) -> None:
        first, place = number - number % size, number % size
        for tasks in plans:
            ring = tasks[first : first + size]
            ends = {"predecessor": ring[place], "successor": ring[(place + 1) % size]}
            gate.wait(60)
            _tried(lambda tasks=tasks, ends=ends: add_link(actor=None, project=tasks[0].project, **ends), say)

    return act


def plans_of(number: int) -> list[list[Any]]:
    """Return plans of a task for each writer."""
    from tests import factories

    projects = [factories.project() for _number in range(number)]
    return [[factories.task(project) for _writer in range(WRITERS)] for project in projects]


def closed_rings(plans: list[list[Any]]) -> int:
    """Count the plans with a ring in them."""
    from projects.models import Link

    closed = 0
    for tasks in plans:
        graph: dict[int, set[int]] = {}
        for first, second in Link.objects.filter(project=tasks[0].project).values_list(
            "predecessor", "successor"
        ):
            graph.setdefault(second, set()).add(first)
        try:
            TopologicalSorter(graph).prepare()
        except CycleError:
            closed += 1
    return closed


def run(*, turns: int, saves: int, rings: int, pairs: int) -> Figures:
    """Let everybody write, then count."""
    from projects.models import Link, Project
    from tests import factories

    for code in ("COUNT", "SAVE"):
        factories.project(code, description="0")
    pairs_a_plan = WRITERS // 2
    of_rings, of_pairs = plans_of(rings), plans_of(-(-pairs // pairs_a_plan))
    counted = at_once(count_up(turns))
    said = [*counted, *at_once(save_versions(saves))]
    said += at_once(close_rings(of_rings, WRITERS)) if of_rings else []
    said += at_once(close_rings(of_pairs, 2)) if of_pairs else []

    words = Counter(word for word, _seconds in said)
    waits = sorted(seconds for word, seconds in counted if word == "done") or [0.0]
    numbers = Project.objects.filter(code__in=["COUNT", "SAVE"]).values_list("description", flat=True)
    wanted = len(of_rings) * (WRITERS - 1) + len(of_pairs) * pairs_a_plan
    return Figures(
        commits=words["done"],
        lost=WRITERS * (turns + saves) - sum(int(number) for number in numbers),
        refused={word: words[word] for word in ("STALE", "CYCLE")},
        faults={word: number for word, number in words.items() if word not in {"done", "STALE", "CYCLE"}},
        rings=len(of_rings) + len(of_pairs) * pairs_a_plan,
        closed_rings=closed_rings([*of_rings, *of_pairs]),
        missing_links=wanted - Link.objects.count(),
        p99_seconds=round(waits[int(len(waits) * 0.99)], 3),
        worst_seconds=round(waits[-1], 3),
    )


def main() -> int:
    """Run it; 0 when nothing is lost, no ring is closed, nobody is turned away and nobody waits long."""
    parser = argparse.ArgumentParser(description="Many people write at the same moment.")
    parser.add_argument("--turns", type=int, default=320, help="numbers each writer counts up")
    parser.add_argument("--saves", type=int, default=100, help="versions each writer saves")
    parser.add_argument("--rings", type=int, default=200, help="rings of eight links, one by each writer")
    parser.add_argument("--pairs", type=int, default=800, help="pairs of opposite links")
    parser.add_argument("--database-url", default="", help="an empty PostgreSQL database; SQLite without it")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with scratch_portal(asked.database_url):
        figures = run(turns=asked.turns, saves=asked.saves, rings=asked.rings, pairs=asked.pairs)
    print(json.dumps(asdict(figures), indent=None if asked.json else 1))
    broken = figures.lost or figures.faults or figures.closed_rings or figures.missing_links
    return int(bool(broken) or figures.p99_seconds >= LONGEST_WAIT)


if __name__ == "__main__":
    sys.exit(main())
