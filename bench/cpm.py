"""
Critical path of large networks from arrays in memory: calendars, link types, lag, both passes, float.

Beside it in the same run, over the same links:

- **bare**: forward and backward pass over the raw durations and links, compiled, without calendars,
  constraints, progress or float: what any schedule costs at least;
- **networkx**: building its graph of the same links and passing both ways in Python, as a script would.

Aims at 100,000 tasks: at least 50 times faster than networkx, within 5 times of the bare pass.

``python -m bench.cpm --sizes 1000,10000,100000 --json``
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from statistics import median

import networkx as nx
import numpy as np

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
from projects.engine.scheduling.compiled import IS_COMPILED, compiled
from projects.engine.scheduling.layout import Table
from projects.engine.scheduling.network import Network, tie
from projects.engine.scheduling.options import PORTAL
from projects.engine.scheduling.order import topological_order
from projects.engine.scheduling.schedule import compute_schedule

SEED = 29
LINKS_PER_TASK = 1.6
LAYERS = 60
AIM_NETWORKX = 50.0
AIM_BARE = 5.0
CLOSED = tuple(CalendarException(date(year, 12, 24), date(year, 12, 31)) for year in range(2026, 2046))
CALENDARS = (
    WorkCalendar("Office", STANDARD_CALENDAR.week, exceptions=CLOSED),
    WorkCalendar("Six days", (*(OFFICE_HOURS,) * 6, DAY_OFF), exceptions=CLOSED),
    WorkCalendar("Two shifts", (*(((360, 840), (840, 1320)),) * 5, *(DAY_OFF,) * 2), exceptions=CLOSED),
    ELAPSED_CALENDAR,
)


@dataclass(frozen=True)
class Figures:
    """Seconds of one size, medians of the rounds, and the ratios to the others."""

    tasks: int
    links: int
    first_call: float
    schedule: float
    bare: float
    networkx: float
    times_faster_than_networkx: float
    times_the_bare_pass: float


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


@compiled
def bare_passes(columns: Table, links: Table, order: Table, early: Table, late: Table) -> int:
    """Fill early and late finishes as plain numbers; finish-to-start whatever the link says."""
    finish = 0
    for position in range(order.size):
        task = order[position]
        start = 0
        for at in range(columns[task, layout.FIRST_INCOMING], columns[task + 1, layout.FIRST_INCOMING]):
            link = links[at, layout.INCOMING]
            start = max(start, early[links[link, layout.PREDECESSOR]] + links[link, layout.LAG])
        early[task] = start + columns[task, layout.DURATION]
        finish = max(finish, early[task])
    for position in range(order.size - 1, -1, -1):
        task = order[position]
        end = finish
        for at in range(columns[task, layout.FIRST_OUTGOING], columns[task + 1, layout.FIRST_OUTGOING]):
            link = links[at, layout.OUTGOING]
            successor = links[link, layout.SUCCESSOR]
            begin = late[successor] - columns[successor, layout.DURATION] - links[link, layout.LAG]
            end = min(end, begin)
        late[task] = end
    return finish


def bare(network: Network) -> int:
    """Pass both ways without calendars."""
    order = topological_order(network.columns, network.links)
    early, late = np.zeros(network.size, dtype=np.int64), np.zeros(network.size, dtype=np.int64)
    return bare_passes(network.columns, network.links, order, early, late)


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


def measure(tasks: int, rounds: int) -> Figures:
    """Measure one size."""
    network = made_network(tasks)
    started = time.perf_counter()
    compute_schedule(network, PORTAL)
    first_call = time.perf_counter() - started
    bare(network)
    ours = timed(lambda: compute_schedule(network, PORTAL), rounds)
    floor = timed(lambda: bare(network), rounds)
    peer = timed(lambda: with_networkx(network), max(rounds // 3, 1))
    return Figures(
        tasks=tasks,
        links=network.links.shape[0],
        first_call=first_call,
        schedule=ours,
        bare=floor,
        networkx=peer,
        times_faster_than_networkx=peer / ours,
        times_the_bare_pass=ours / floor,
    )


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; 0 when the aims are reached at the largest size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1000,10000,100000", help="tasks, separated by commas")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    figures = [measure(int(size), chosen.rounds) for size in chosen.sizes.split(",")]
    if chosen.json:
        print(
            json.dumps({"is_compiled": IS_COMPILED, "seed": SEED, "sizes": [asdict(row) for row in figures]})
        )
    else:
        print(f"seed {SEED}, {'compiled' if IS_COMPILED else 'plain Python'}, processor seconds, medians")
        for row in figures:
            print(
                f"{row.tasks:7} tasks {row.links:7} links: schedule {row.schedule:.4f} s"
                f" (first call {row.first_call:.2f} s), bare {row.bare:.4f} s, networkx {row.networkx:.3f} s;"
                f" {row.times_faster_than_networkx:.0f} times faster than networkx,"
                f" {row.times_the_bare_pass:.1f} times the bare pass"
            )
    last = figures[-1]
    is_reached = last.times_faster_than_networkx >= AIM_NETWORKX and last.times_the_bare_pass <= AIM_BARE
    return 0 if is_reached else 1


if __name__ == "__main__":
    sys.exit(main())
