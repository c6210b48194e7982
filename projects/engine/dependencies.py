"""Dependencies between projects: how much room they leave, and which go in a circle (RAI-16, RAI-17)."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum

AMPLE_DAYS = 5
AGREED_AHEAD_DAYS = 60


class Rating(StrEnum):
    """Colors of a dependency; without a forecast there is none."""

    BLUE = "BLUE"
    GREEN = "GREEN"
    AMBER = "AMBER"
    RED = "RED"
    GREY = "GREY"


def rate_dependency(*, slack: int | None, is_agreed: bool, is_finished: bool, days_until_need: int) -> Rating:
    """
    Return the color of a dependency (RAI-16).

    Parameters
    ----------
    slack : int or None
        Working days from the giver's forecast to the day of need; None where the giver has no forecast.
    is_agreed : bool
        Whether both sides agreed.
    days_until_need : int
        Calendar days; negative once the day is over.

    Examples
    --------
    >>> rate_dependency(slack=5, is_agreed=True, is_finished=False, days_until_need=90)
    <Rating.GREEN: 'GREEN'>
    >>> rate_dependency(slack=5, is_agreed=False, is_finished=False, days_until_need=60)
    <Rating.AMBER: 'AMBER'>
    """
    if is_finished:
        return Rating.BLUE
    if slack is not None and slack < 0:
        return Rating.RED
    if not is_agreed and days_until_need <= AGREED_AHEAD_DAYS:
        return Rating.AMBER
    if slack is None:
        return Rating.GREY
    return Rating.GREEN if slack >= AMPLE_DAYS else Rating.AMBER


def circular_edges(edges: Sequence[tuple[int, int]]) -> frozenset[int]:
    """
    Return the places of the edges that lie on a circle: both ends reach each other.

    Examples
    --------
    >>> sorted(circular_edges([(1, 2), (2, 3), (3, 1), (3, 4)]))
    [0, 1, 2]
    """
    group = _groups(edges)
    return frozenset(place for place, (start, end) in enumerate(edges) if group[start] == group[end])


def _groups(edges: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Return for each node a member of its strongly connected component: Kosaraju's two walks."""
    forth: dict[int, list[int]] = defaultdict(list)
    back: dict[int, list[int]] = defaultdict(list)
    for start, end in edges:
        forth[start].append(end)
        back[end].append(start)
    finished: list[int] = []
    seen: set[int] = set()
    for root in sorted(forth.keys() | back.keys()):
        if root in seen:
            continue
        seen.add(root)
        waiting = [(root, iter(forth[root]))]
        while waiting:
            node, following = waiting[-1]
            after = next((each for each in following if each not in seen), None)
            if after is None:
                finished.append(node)
                waiting.pop()
            else:
                seen.add(after)
                waiting.append((after, iter(forth[after])))
    group: dict[int, int] = {}
    for root in reversed(finished):
        open_nodes = [root]
        while open_nodes:
            node = open_nodes.pop()
            if node not in group:
                group[node] = root
                open_nodes += [each for each in back[node] if each not in group]
    return group
