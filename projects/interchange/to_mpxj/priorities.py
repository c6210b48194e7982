"""Priorities for a tool that knows five of them."""

from typing import Final

USUAL: Final = 500
LEVELS: Final = (100, 100, 100, 400, 400, 500, 600, 600, 900, 900)


def level_of(priority: int | None) -> int:
    """
    Return the one of the five priorities of Primavera that stands for a number from 0 to 1000.

    Examples
    --------
    >>> [level_of(number) for number in (0, 120, 340, None, 720, 1000)]
    [100, 100, 400, 500, 600, 900]
    """
    place = ((USUAL if priority is None else priority) + 50) // 100
    return LEVELS[min(place, len(LEVELS) - 1)]
