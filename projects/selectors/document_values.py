"""Stored values in the form a document has them."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from itertools import count

MOST_NUMBER = 2_147_483_647
MINUTES_PER_HOUR = 60


def local_moment(moment: datetime | None) -> datetime | None:
    """Return a moment of the plan as files have it: the same wall time, without a zone."""
    return None if moment is None else moment.replace(tzinfo=None)


def minutes_of_hours(hours: Decimal) -> float:
    """Return work in minutes."""
    return float(hours * MINUTES_PER_HOUR)


def given_number(value: int | None) -> float | None:
    """Return a whole number of minutes as documents have them."""
    return None if value is None else float(value)


def numbered(wanted: Iterable[tuple[int, int | None]]) -> dict[int, int]:
    """
    Return a number for each key: the wanted one where a file can hold it and nobody else has it.

    0 is taken: for Microsoft Project it is the project itself.

    Examples
    --------
    >>> numbered([(7, 5), (8, 5), (9, 0), (10, None)])
    {7: 5, 8: 1, 9: 2, 10: 3}
    """
    pairs = list(wanted)
    result: dict[int, int] = {}
    taken: set[int] = {0}
    for key, number in pairs:
        if number is not None and 0 < number <= MOST_NUMBER and number not in taken:
            result[key] = number
            taken.add(number)
    free = (number for number in count(1) if number not in taken)
    return {key: result[key] if key in result else next(free) for key, _number in pairs}
