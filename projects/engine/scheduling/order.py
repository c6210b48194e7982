"""An order in which predecessors come before successors, or the cycle that forbids one (SCH-10)."""

import numpy as np

from projects.engine.scheduling.compiled import array_of, compiled, native, rooms
from projects.engine.scheduling.layout import (
    FIRST_IN,
    FIRST_INCOMING,
    FIRST_OUT,
    FIRST_OUTGOING,
    PREDECESSOR,
    SUCCESSOR,
    TRAIT_COLUMNS,
    Table,
)

END, WAITING = range(2)


class CycleError(ValueError):
    """Activities that wait for each other; ``cycle`` has their positions, each waits for the one before."""

    def __init__(self, cycle: tuple[int, ...]) -> None:
        super().__init__(f"The links form a cycle of {len(cycle)} activities.")
        self.cycle = cycle
        self.code = "CYCLE"


@compiled
def sort_activities(starts: Table, links: Table, room: Table, followers: Table, order: Table) -> int:
    """
    Fill ``order`` as far as it goes; return how many activities have a place.

    Parameters
    ----------
    starts : ndarray of int64, shape (n + 1, TRAIT_COLUMNS)
        FIRST_IN and FIRST_OUT: how many links into and out of the activities before each.
    room : ndarray of int64, shape (2, n)
        Filled with the end of the followers of each activity, and how many predecessors it still waits for.
    followers : ndarray of int64, shape (m,)
        Filled with the successors of all activities one after another.
    """
    found = 0
    for activity in range(len(order)):
        waiting = starts[activity + 1][FIRST_IN] - starts[activity][FIRST_IN]
        room[END][activity] = starts[activity][FIRST_OUT]
        room[WAITING][activity] = waiting
        if waiting == 0:
            order[found] = activity
            found += 1
    for link in range(len(links)):
        predecessor = links[link][PREDECESSOR]
        at = room[END][predecessor]
        followers[at] = links[link][SUCCESSOR]
        room[END][predecessor] = at + 1
    visited = 0
    while visited < found:
        activity = order[visited]
        visited += 1
        for at in range(starts[activity][FIRST_OUT], room[END][activity]):
            successor = followers[at]
            waiting = room[WAITING][successor] - 1
            room[WAITING][successor] = waiting
            if waiting == 0:
                order[found] = successor
                found += 1
    return found


@compiled
def lead_downwards(links: Table) -> bool:
    """Return whether every link leads to an activity further on: then the input is in topological order."""
    upwards = 0
    for link in range(len(links)):
        upwards += links[link][PREDECESSOR] >= links[link][SUCCESSOR]
    return upwards == 0


def topological_order(columns: Table, links: Table, starts: Table | None = None) -> Table:
    """
    Return the activities, predecessors before successors, in the form loops read.

    Parameters
    ----------
    starts : ndarray of int64, shape (n + 1, TRAIT_COLUMNS), optional
        See `sort_activities`, in the form loops read.

    Raises
    ------
    CycleError
        When some wait for each other.
    """
    size = columns.shape[0] - 1
    if starts is None:
        found = np.zeros((size + 1, TRAIT_COLUMNS), dtype=np.int64)
        found[:, [FIRST_IN, FIRST_OUT]] = columns[:, [FIRST_INCOMING, FIRST_OUTGOING]]
        starts = native(found)
    order, room, followers = rooms((size,), (2, size), (links.shape[0],))
    if sort_activities(starts, native(links), room, followers, order) < size:
        raise CycleError(_find_cycle(columns, links, array_of(room[WAITING])))
    return order


def _find_cycle(columns: Table, links: Table, waiting: Table) -> tuple[int, ...]:
    """Return one cycle among activities that still wait; the smallest position comes first."""
    activity = int(np.flatnonzero(waiting)[0])
    place: dict[int, int] = {}
    path: list[int] = []
    by_successor = links[np.argsort(links[:, SUCCESSOR], kind="stable"), PREDECESSOR]
    while activity not in place:
        place[activity] = len(path)
        path.append(activity)
        first, last = columns[activity, FIRST_INCOMING], columns[activity + 1, FIRST_INCOMING]
        predecessors = by_successor[first:last]
        activity = int(predecessors[waiting[predecessors] > 0].min())
    cycle = path[place[activity] :][::-1]
    first = cycle.index(min(cycle))
    return tuple(cycle[first:] + cycle[:first])
