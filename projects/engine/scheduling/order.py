"""An order in which predecessors come before successors, or the cycle that forbids one (SCH-10)."""

import numpy as np

from projects.engine.scheduling.compiled import compiled
from projects.engine.scheduling.layout import (
    FIRST_INCOMING,
    FIRST_OUTGOING,
    INCOMING,
    OUTGOING,
    PREDECESSOR,
    SUCCESSOR,
    Table,
)


class CycleError(ValueError):
    """Activities that wait for each other; ``cycle`` has their positions, each waits for the one before."""

    def __init__(self, cycle: tuple[int, ...]) -> None:
        super().__init__(f"The links form a cycle of {len(cycle)} activities.")
        self.cycle = cycle
        self.code = "CYCLE"


@compiled
def sort_activities(columns: Table, links: Table, waiting: Table, order: Table) -> int:
    """Fill ``order`` as far as it goes; return how many activities have a place."""
    found = 0
    for activity in range(waiting.size):
        if waiting[activity] == 0:
            order[found] = activity
            found += 1
    visited = 0
    while visited < found:
        activity = order[visited]
        visited += 1
        for at in range(columns[activity, FIRST_OUTGOING], columns[activity + 1, FIRST_OUTGOING]):
            successor = links[links[at, OUTGOING], SUCCESSOR]
            waiting[successor] -= 1
            if waiting[successor] == 0:
                order[found] = successor
                found += 1
    return found


def topological_order(columns: Table, links: Table) -> Table:
    """
    Return the activities, predecessors before successors.

    Raises
    ------
    CycleError
        When some wait for each other.
    """
    size = columns.shape[0] - 1
    waiting = np.diff(columns[:, FIRST_INCOMING])
    order = np.empty(size, dtype=np.int64)
    if sort_activities(columns, links, waiting, order) < size:
        raise CycleError(_find_cycle(columns, links, waiting))
    return order


def _find_cycle(columns: Table, links: Table, waiting: Table) -> tuple[int, ...]:
    """Return one cycle among activities that still wait; the smallest position comes first."""
    activity = int(np.flatnonzero(waiting)[0])
    place: dict[int, int] = {}
    path: list[int] = []
    while activity not in place:
        place[activity] = len(path)
        path.append(activity)
        first, last = columns[activity, FIRST_INCOMING], columns[activity + 1, FIRST_INCOMING]
        predecessors = links[links[first:last, INCOMING], PREDECESSOR]
        activity = int(predecessors[waiting[predecessors] > 0].min())
    cycle = path[place[activity] :][::-1]
    first = cycle.index(min(cycle))
    return tuple(cycle[first:] + cycle[:first])
