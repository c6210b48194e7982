"""How forecasts of a milestone moved from report to report (domain 12, milestone trend)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class Trend(StrEnum):
    """What the line of a milestone does in the chart."""

    REACHED = "REACHED"
    RISING = "RISING"
    FALLING = "FALLING"
    LEVEL = "LEVEL"


@dataclass(frozen=True, slots=True)
class MilestoneTrend:
    """
    The movement of one milestone.

    Attributes
    ----------
    slips : tuple of int or None
        Days from each forecast to the next one, positive is later; None where one of the two is unknown.
    total : int or None
        Days from the first known forecast to the last; None with fewer than two.
    trend : Trend or None
        None with fewer than two known forecasts, unless it is reached.
    later_in_a_row : int
        How many of the latest reports in a row moved it later.
    """

    slips: tuple[int | None, ...]
    total: int | None
    trend: Trend | None
    later_in_a_row: int


def milestone_trend(forecasts: Sequence[int | None], *, is_reached: bool = False) -> MilestoneTrend:
    """
    Return how the forecasts of a milestone moved.

    Parameters
    ----------
    forecasts : sequence of int or None
        Day number of the forecast at each report, oldest first; None where the milestone was not known.
    is_reached : bool
        Whether it has an actual date by the last report.

    Returns
    -------
    MilestoneTrend
        Rising is a slip, falling a gain, level is stable.

    Examples
    --------
    >>> milestone_trend([200, 210, 218, 232]).slips
    (10, 8, 14)
    """
    slips = tuple(
        None if before is None or after is None else after - before for before, after in pairwise(forecasts)
    )
    known = [forecast for forecast in forecasts if forecast is not None]
    total = known[-1] - known[0] if len(known) > 1 else None
    return MilestoneTrend(slips, total, _trend(total, is_reached=is_reached), _later_in_a_row(slips))


def _trend(total: int | None, *, is_reached: bool) -> Trend | None:
    if is_reached:
        return Trend.REACHED
    if total is None:
        return None
    return Trend.LEVEL if total == 0 else Trend.RISING if total > 0 else Trend.FALLING


def _later_in_a_row(slips: Sequence[int | None]) -> int:
    count = 0
    for slip in reversed(slips):
        if slip is None or slip <= 0:
            break
        count += 1
    return count
