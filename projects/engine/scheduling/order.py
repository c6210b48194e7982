"""An order in which predecessors come before successors, or the cycle that forbids one (SCH-10)."""

import numpy as np

from projects.engine.scheduling.compiled import array_of, compiled, empty, native
from projects.engine.scheduling.layout import (
    FIRST_INCOMING,
    FIRST_OUTGOING,
    INCOMING,
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
def list_followers(links: Table, first: Table, followers: Table) -> None:
    """
    Fill ``followers`` with the successors of all activities, one activity after another.

    Parameters
    ----------
    first : ndarray of int64, shape (n + 2,)
        From the second entry on where those of each activity begin; counted up to where they end.
    """
    for link in range(len(links)):
        predecessor = links[link][PREDECESSOR]
        at = first[predecessor + 1]
        followers[at] = links[link][SUCCESSOR]
        first[predecessor + 1] = at + 1


@compiled
def sort_activities(first: Table, followers: Table, waiting: Table, order: Table) -> int:
    """
    Fill ``order`` as far as it goes; return how many activities have a place.

    Parameters
    ----------
    first, followers : ndarray of int64, shape (n + 2,) and (m,)
        The successors of all activities one after another, and where those of each begin.
    waiting : ndarray of int64, shape (n,)
        How many predecessors each waits for; counted down.
    """
    found = 0
    for activity in range(len(waiting)):
        if waiting[activity] == 0:
            order[found] = activity
            found += 1
    visited = 0
    while visited < found:
        activity = order[visited]
        visited += 1
        for at in range(first[activity], first[activity + 1]):
            successor = followers[at]
            waiting[successor] -= 1
            if waiting[successor] == 0:
                order[found] = successor
                found += 1
    return found


def topological_order(columns: Table, links: Table) -> Table:
    """
    Return the activities, predecessors before successors, in the form loops read.

    Raises
    ------
    CycleError
        When some wait for each other.
    """
    followers = empty(links.shape[0])
    first = native(np.concatenate([[0], columns[:, FIRST_OUTGOING]]))
    list_followers(native(links), first, followers)
    waiting = native(np.diff(columns[:, FIRST_INCOMING]))
    order = empty(columns.shape[0] - 1)
    if sort_activities(first, followers, waiting, order) < len(order):
        raise CycleError(_find_cycle(columns, links, array_of(waiting)))
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
