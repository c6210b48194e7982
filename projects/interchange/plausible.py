"""The years a plan lies in, for readers that must stay small: the engine's bound, without its arrays."""

from datetime import datetime
from typing import Final

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199


def is_plausible(moment: datetime) -> bool:
    """
    Whether a moment lies in the years that are looked at, on the plan's own clock.

    Examples
    --------
    >>> is_plausible(datetime(2026, 3, 2)), is_plausible(datetime(1, 1, 1))
    (True, False)
    """
    return moment.tzinfo is None and FIRST_YEAR <= moment.year <= LAST_YEAR
