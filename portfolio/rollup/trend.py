"""Trend of a score against the former period close (HLT-7)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portfolio.rollup.policy import TrendRules


class TrendDirection(StrEnum):
    """Where a score goes. NOT_RATED: no score now, so nothing to compare."""

    IMPROVING = "IMPROVING"
    STABLE = "STABLE"
    DECLINING = "DECLINING"
    NEW = "NEW"
    NOT_RATED = "NOT_RATED"


@dataclass(frozen=True, slots=True)
class Trend:
    """TrendDirection and the unrounded change in points, if both scores are there."""

    direction: TrendDirection
    change: Decimal | None = None


def trend_of(score: Decimal | None, former: Decimal | None, rules: TrendRules) -> Trend:
    """
    Return the trend of a score; pass ``None`` for a date at which the project or group was not rated.

    Parameters
    ----------
    score, former : Decimal or None
        H now and at the former period close, unrounded.
    rules : TrendRules
        Change in points from which a trend is named; the limits themselves count.

    Examples
    --------
    >>> trend_of(Decimal("77.6"), Decimal("91"), TrendRules()).direction.value
    'DECLINING'
    """
    if score is None:
        return Trend(TrendDirection.NOT_RATED)
    if former is None:
        return Trend(TrendDirection.NEW)
    change = score - former
    if change >= rules.improving_from:
        return Trend(TrendDirection.IMPROVING, change)
    if change <= rules.declining_from:
        return Trend(TrendDirection.DECLINING, change)
    return Trend(TrendDirection.STABLE, change)
