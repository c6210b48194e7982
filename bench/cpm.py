"""
Critical path of large networks from arrays in memory: calendars, link types, lag, both passes, float.

Beside it in the same run, over the same links:

- **bare**: sorting the raw links, a topological order, forward and backward pass over raw durations,
  compiled, without calendars, link types, dates, progress, float or driving links: the least possible;
- **networkx**: building its graph of the same links and passing both ways in Python, as a script would;
- **MPXJ**: its scheduler of Microsoft Project plans, where a Java runtime is at hand, its plan made before:
  *warm*, the median after it has run, and *first*, in a machine of Java just started, for one file
  (processor seconds with those of the machine's own compiler, and seconds by the wall);
- **plain**: the same engine in plain Python, up to 10,000 tasks;
- **shuffled**: the engine over the same plan with its rows in random order. As in most plans (254 of the 272
  of the reference folder) links lead down the list here, and such a plan is not sorted;
- **one edit in memory**: the duration of one task by chance is changed, and rescheduled from the former
  result, which stays as it is. For information: the aim of an edit is that of one that is saved, and
  `bench.reschedule` measures it.

Aims at 100,000 tasks: at least 50 times faster than networkx, 100 times faster than MPXJ warm, within 5 times
of the bare pass. They are aims of compiled loops.

``python -m bench.cpm --sizes 1000,10000,100000 --json``
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from statistics import mean, median

import networkx as nx
import numpy as np

import bench._machine_code  # noqa: F401
from bench._mpxj_scheduler import scheduler_of
from projects.engine.calendar import (
    DAY_OFF,
    ELAPSED_CALENDAR,
    OFFICE_HOURS,
    STANDARD_CALENDAR,
    CalendarException,
    WorkCalendar,
)
from projects.engine.instants import NO_INSTANT, start_of_day
from projects.engine.scheduling import layout
from projects.engine.scheduling.compiled import IS_COMPILED, compiled, empty, native, zeros
from projects.engine.scheduling.layout import Table
from projects.engine.scheduling.network import Network, tie
from projects.engine.scheduling.options import PORTAL
from projects.engine.scheduling.rescheduling import reschedule
from projects.engine.scheduling.schedule import compute_schedule
from projects.engine.scheduling.trial import try_everything

SEED = 29
LINKS_PER_TASK = 1.6
LAYERS = 60
AIM_NETWORKX = 50.0
AIM_MPXJ = 100.0
AIM_BARE = 5.0
EDITS = 60
MOST_IN_PLAIN_PYTHON = 10_000
CLOSED = tuple(CalendarException(date(year, 12, 24), date(year, 12, 31)) for year in range(2026, 2046))
CALENDARS = (
    WorkCalendar("Office", STANDARD_CALENDAR.week, exceptions=CLOSED),
    WorkCalendar("Six days", (*(OFFICE_HOURS,) * 6, DAY_OFF), exceptions=CLOSED),
    WorkCalendar("Two shifts", (*(((360, 840), (840, 1320)),) * 5, *(DAY_OFF,) * 2), exceptions=CLOSED),
    ELAPSED_CALENDAR,
)


@dataclass(frozen=True)
class Figures:
    """Seconds of one size, medians of the rounds, and ratios; ``None`` where not measured."""

    tasks: int
    links: int
    first_call: float
    schedule: float
    shuffled: float
    bare: float
    networkx: float
    mpxj: float | None
    mpxj_first: float | None
    mpxj_first_by_the_wall: float | None
    plain: float | None
    times_faster_than_networkx: float
    times_faster_than_mpxj: float | None
    times_faster_than_mpxj_first: float | None
    times_faster_by_the_wall_than_mpxj_first: float | None
    schedule_by_the_wall: float
    times_the_bare_pass: float
    edit_in_memory_median: float
    edit_in_memory_mean: float
    edit_in_memory_worst: float
    edit_in_memory_share_of_full: float


@dataclass(frozen=True)
class Start:
    """Seconds a process needs before its first schedule of 1,000 tasks, compiled code found in its cache."""

    import_numba: float
    import_engine: float
    first_call: float


def made_network(tasks: int) -> Network:
    """Return a network of about sixty layers: links lead from a layer into one of the next three."""
    rng = np.random.default_rng(SEED)
    width = max(tasks // LAYERS, 1)
    count = int(tasks * LINKS_PER_TASK)
    successor = rng.integers(width, max(tasks, width + 1), count) if tasks > width else np.zeros(0, int)
    reach = np.minimum(successor // width, rng.integers(1, 4, successor.size)) * width
    predecessor = np.maximum(successor - reach, 0) // width * width + rng.integers(0, width, successor.size)
    predecessor = np.minimum(predecessor, successor // width * width - 1)
    columns = np.full((tasks + 1, layout.ACTIVITY_COLUMNS), NO_INSTANT, dtype=np.int64)
    for row in (layout.KIND, layout.IS_ELAPSED, layout.IS_LATE, layout.LEVELING_DELAY):
        columns[:, row] = 0
    columns[:, layout.CALENDAR] = columns[:, layout.FLOAT_CALENDAR] = rng.integers(0, 3, tasks + 1)
    columns[:, layout.DURATION] = rng.integers(1, 20, tasks + 1) * 240
    columns[:, layout.FIRST_PART] = np.arange(tasks + 1)
    parts = np.zeros((tasks, layout.PART_COLUMNS), dtype=np.int64)
    parts[:, layout.PART_CALENDAR] = columns[:tasks, layout.CALENDAR]
    parts[:, layout.PART_WORK] = parts[:, layout.PART_REMAINING] = columns[:tasks, layout.DURATION]
    links = tie(
        columns,
        predecessor=predecessor,
        successor=successor,
        kind=rng.choice(4, successor.size, p=[0.85, 0.07, 0.07, 0.01]),
        lag=rng.choice([0, 0, 0, 0, 480, -240], successor.size),
        lag_calendar=columns[predecessor, layout.CALENDAR],
    )
    return Network(
        start=start_of_day(date(2026, 1, 5)) + 480,
        size=tasks,
        columns=columns,
        parts=parts,
        links=links,
        calendars=CALENDARS,
    )


def shuffled(network: Network) -> Network:
    """Return the same plan with its rows in random order, so that links lead up and down."""
    place = np.random.default_rng(SEED + 2).permutation(network.size)
    columns, parts = network.columns.copy(), network.parts.copy()
    columns[place] = network.columns[:-1]
    columns[:, layout.FIRST_PART] = np.arange(network.size + 1)
    parts[place] = network.parts
    predecessor, successor, kind, lag, clock = network.links.T
    links = tie(
        columns,
        predecessor=place[predecessor],
        successor=place[successor],
        kind=kind,
        lag=lag,
        lag_calendar=clock,
    )
    return replace(network, columns=columns, parts=parts, links=links)


@compiled
def bare_passes(
    first: Table, second: Table, lag: Table, duration: Table, room: Table, sorted_links: Table
) -> int:
    """
    Return the length of a network of plain numbers, finish-to-start, after passing it both ways.

    Parameters
    ----------
    first, second, lag : ndarray of int64, shape (m,)
        Raw links.
    room : ndarray of int64, shape (6, n + 2)
        Zeros: ends of the outgoing and incoming links of each task, order, what it waits for, early, late.
    sorted_links : ndarray of int64, shape (2, m)
        Filled with links by predecessor and by successor.
    """
    outgoing, incoming, order, waiting, early, late = room[0], room[1], room[2], room[3], room[4], room[5]
    size = len(duration)
    for link in range(len(first)):
        outgoing[first[link] + 2] += 1
        incoming[second[link] + 2] += 1
        waiting[second[link]] += 1
    for task in range(size):
        outgoing[task + 2] += outgoing[task + 1]
        incoming[task + 2] += incoming[task + 1]
    for link in range(len(first)):
        sorted_links[0][outgoing[first[link] + 1]] = link
        outgoing[first[link] + 1] += 1
        sorted_links[1][incoming[second[link] + 1]] = link
        incoming[second[link] + 1] += 1
    found = 0
    for task in range(size):
        if waiting[task] == 0:
            order[found] = task
            found += 1
    finish = 0
    for position in range(size):
        task = order[position]
        start = 0
        for at in range(incoming[task], incoming[task + 1]):
            link = sorted_links[1][at]
            start = max(start, early[first[link]] + lag[link])
        early[task] = start + duration[task]
        finish = max(finish, early[task])
        for at in range(outgoing[task], outgoing[task + 1]):
            successor = second[sorted_links[0][at]]
            waiting[successor] -= 1
            if waiting[successor] == 0:
                order[found] = successor
                found += 1
    for position in range(size - 1, -1, -1):
        task = order[position]
        end = finish
        for at in range(outgoing[task], outgoing[task + 1]):
            link = sorted_links[0][at]
            end = min(end, late[second[link]] - duration[second[link]] - lag[link])
        late[task] = end
    return finish


def bare(network: Network) -> Callable[[], int]:
    """Return what passes both ways without calendars, from raw columns made ready."""
    rows = (layout.PREDECESSOR, layout.SUCCESSOR, layout.LAG)
    links = [native(network.links[:, row]) for row in rows]
    duration = native(network.columns[: network.size, layout.DURATION])
    count = network.links.shape[0]
    return lambda: bare_passes(*links, duration, zeros(6, network.size + 2), empty(2, count))


def with_networkx(network: Network) -> int:
    """Build the graph and pass both ways, finish-to-start, without calendars."""
    durations = network.columns[: network.size, layout.DURATION].tolist()
    rows = (layout.PREDECESSOR, layout.SUCCESSOR, layout.LAG)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(network.size))
    graph.add_weighted_edges_from(zip(*(network.links[:, row].tolist() for row in rows), strict=True))
    order = list(nx.topological_sort(graph))
    early: dict[int, int] = {}
    for task in order:
        starts = (early[first] + lag for first, _, lag in graph.in_edges(task, data="weight"))
        early[task] = max(starts, default=0) + durations[task]
    finish = max(early.values())
    late: dict[int, int] = {}
    for task in reversed(order):
        ends = (
            late[after] - durations[after] - lag for _, after, lag in graph.out_edges(task, data="weight")
        )
        late[task] = min(ends, default=finish)
    return finish


def timed(call: Callable[[], object], rounds: int) -> float:
    """Return the median of processor seconds, which do not depend on what else runs."""
    taken = []
    for _ in range(rounds):
        started = time.process_time()
        call()
        taken.append(time.process_time() - started)
    return median(taken)


def edits(network: Network) -> list[float]:
    """Return the seconds of rescheduling after each of some changes of a duration."""
    rng = np.random.default_rng(SEED + 1)
    former, taken = compute_schedule(network, PORTAL), []
    for task in [int(rng.integers(network.size)), *rng.integers(0, network.size, EDITS).tolist()]:
        columns, parts = network.columns.copy(), network.parts.copy()
        minutes = int(rng.integers(1, 20)) * 240
        columns[task, layout.DURATION] = minutes
        parts[task, [layout.PART_WORK, layout.PART_REMAINING]] = minutes
        changed = replace(network, columns=columns, parts=parts)
        started = time.process_time()
        reschedule(changed, PORTAL, former, [task])
        taken.append(time.process_time() - started)
    return taken[1:]


def in_plain_python(tasks: int) -> float:
    """Return the seconds of the engine in plain Python."""
    script = (
        "from bench.cpm import PORTAL, compute_schedule, made_network, timed\n"
        f"network = made_network({tasks})\n"
        "compute_schedule(network, PORTAL)\n"
        "print(timed(lambda: compute_schedule(network, PORTAL), 3))\n"
    )
    return float(_answer(script, PMO_ENGINE_CODE="off"))


def first_of_mpxj(tasks: int) -> tuple[float, float] | None:
    """Return the seconds of MPXJ's first schedule in a new Java machine: of processors, and by the wall."""
    script = (
        "import time\n"
        "from bench.cpm import made_network, scheduler_of\n"
        f"java = scheduler_of(made_network({tasks}))\n"
        "if java is not None:\n"
        "    worked, started = time.process_time(), time.perf_counter()\n"
        "    java()\n"
        "    print(time.process_time() - worked, time.perf_counter() - started)\n"
    )
    found = [float(word) for word in _answer(script).split()]
    return (found[0], found[1]) if found else None


def start() -> Start:
    """Return what a new process needs before its first schedule."""
    script = (
        "import time\n"
        "start = time.process_time()\n"
        "try:\n    import numba\nexcept ImportError:\n    pass\n"
        "numba_in = time.process_time() - start\n"
        "import projects.engine.scheduling.schedule\n"
        "engine_in = time.process_time() - start - numba_in\n"
        "from bench.cpm import PORTAL, compute_schedule, made_network\n"
        "network = made_network(1000)\n"
        "start = time.process_time()\n"
        "compute_schedule(network, PORTAL)\n"
        "print(numba_in, engine_in, time.process_time() - start)\n"
    )
    return Start(*map(float, _answer(script).split()))


def _answer(script: str, **variables: str) -> str:
    command = [sys.executable, "-c", script]
    environment = {**os.environ, **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def measure(tasks: int, rounds: int) -> Figures:
    """Measure one size; the rounds of the two fast ones take turns, since other work disturbs both."""
    network = made_network(tasks)
    started = time.process_time()
    compute_schedule(network, PORTAL)
    first_call = time.process_time() - started
    try_everything()
    floor = bare(network)
    floor()
    turns = [(timed(lambda: compute_schedule(network, PORTAL), 1), timed(floor, 1)) for _ in range(rounds)]
    ours, least = (median(column) for column in zip(*turns, strict=True))
    other = shuffled(network)
    compute_schedule(other, PORTAL)
    astray = timed(lambda: compute_schedule(other, PORTAL), rounds)
    peer = timed(lambda: with_networkx(network), max(rounds // 3, 1))
    java = scheduler_of(network)
    mpxj = None
    if java is not None:
        java()
        mpxj = timed(java, max(rounds // 3, 1))
    first = first_of_mpxj(tasks)
    began = time.perf_counter()
    for _ in range(rounds):
        compute_schedule(network, PORTAL)
    wall = (time.perf_counter() - began) / rounds
    again = edits(network)
    return Figures(
        tasks=tasks,
        links=network.links.shape[0],
        first_call=first_call,
        schedule=ours,
        shuffled=astray,
        bare=least,
        networkx=peer,
        mpxj=mpxj,
        mpxj_first=None if first is None else first[0],
        mpxj_first_by_the_wall=None if first is None else first[1],
        plain=in_plain_python(tasks) if tasks <= MOST_IN_PLAIN_PYTHON else None,
        times_faster_than_networkx=peer / ours,
        times_faster_than_mpxj=None if mpxj is None else mpxj / ours,
        times_faster_than_mpxj_first=None if first is None else first[0] / ours,
        times_faster_by_the_wall_than_mpxj_first=None if first is None else first[1] / wall,
        schedule_by_the_wall=wall,
        times_the_bare_pass=ours / least,
        edit_in_memory_median=median(again),
        edit_in_memory_mean=mean(again),
        edit_in_memory_worst=max(again),
        edit_in_memory_share_of_full=median(again) / ours,
    )


def aims(figures: Sequence[Figures]) -> dict[str, bool]:
    """Return by aim whether the full run reaches it at the largest size."""
    largest = max(figures, key=lambda row: row.tasks)
    found = {
        "networkx": largest.times_faster_than_networkx >= AIM_NETWORKX,
        "bare": largest.times_the_bare_pass <= AIM_BARE,
    }
    if largest.times_faster_than_mpxj is not None:
        found["mpxj"] = largest.times_faster_than_mpxj >= AIM_MPXJ
    return found


def line(row: Figures) -> str:
    """Return one size for people."""
    text = (
        f"{row.tasks:7} tasks {row.links:7} links: schedule {row.schedule:.4f} s"
        f" (first call {row.first_call:.2f} s), shuffled {row.shuffled:.4f} s, bare {row.bare:.4f} s"
        f" ({row.times_the_bare_pass:.1f} times), networkx {row.networkx:.3f} s"
        f" ({row.times_faster_than_networkx:.0f} times faster)"
    )
    if row.mpxj is not None:
        text += f", MPXJ warm {row.mpxj:.3f} s ({row.times_faster_than_mpxj:.0f} times faster)"
    if row.mpxj_first is not None:
        text += (
            f", MPXJ first {row.mpxj_first:.3f} s ({row.times_faster_than_mpxj_first:.0f} times faster),"
            f" by the wall {row.mpxj_first_by_the_wall:.3f} s"
            f" ({row.times_faster_by_the_wall_than_mpxj_first:.0f} times faster)"
        )
    if row.plain is not None:
        text += f", plain Python {row.plain:.3f} s"
    return text + (
        f"; one edit in memory {1000 * row.edit_in_memory_median:.2f} ms"
        f" ({row.edit_in_memory_share_of_full:.3f} of a full run),"
        f" mean {1000 * row.edit_in_memory_mean:.2f} ms, worst {1000 * row.edit_in_memory_worst:.2f} ms"
    )


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; 0 when all aims that were measured are reached."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1000,10000,100000", help="tasks, separated by commas")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    figures = [measure(int(size), chosen.rounds) for size in chosen.sizes.split(",")]
    started, reached = start(), aims(figures)
    if chosen.json:
        found = {"is_compiled": IS_COMPILED, "seed": SEED, "start": asdict(started), "aims": reached}
        print(json.dumps({**found, "sizes": [asdict(row) for row in figures]}))
    else:
        print(f"seed {SEED}, {'compiled' if IS_COMPILED else 'plain Python'}, processor seconds, medians")
        print(*map(line, figures), sep="\n")
        print(
            f"a new process: import numba {started.import_numba:.2f} s, import engine"
            f" {started.import_engine:.2f} s, first schedule {started.first_call:.2f} s"
        )
        print(
            "aims:",
            ", ".join(f"{name} {'reached' if found else 'MISSED'}" for name, found in reached.items()),
        )
    return 0 if all(reached.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
