"""Ratings of the library, damped so that one vote does not make a best or a worst (KNO-3)."""

from dataclasses import dataclass
from decimal import Decimal

WEIGHT_OF_MEAN = 5
FEW_RATINGS = 20
NEUTRAL = Decimal(3)


@dataclass(frozen=True)
class RatingSum:
    """Sum and number of the stars given."""

    total: int
    count: int


def library_mean(everything: RatingSum) -> Decimal:
    """
    Return the mean of all items' raw ratings; 3.0 while fewer than 20 ratings exist.

    Examples
    --------
    >>> library_mean(RatingSum(total=95, count=19)), library_mean(RatingSum(total=90, count=20))
    (Decimal('3'), Decimal('4.5'))
    """
    if everything.count < FEW_RATINGS:
        return NEUTRAL
    return Decimal(everything.total) / everything.count


def display_rating(own: RatingSum, *, mean: Decimal) -> Decimal | None:
    """
    Return the damped rating (5·m + Σr) / (5 + n) in stars, unrounded; None while nobody rated.

    Parameters
    ----------
    mean : Decimal
        As `library_mean` gives it.

    Examples
    --------
    >>> display_rating(RatingSum(total=14, count=3), mean=Decimal(3))
    Decimal('3.625')
    """
    if own.count == 0:
        return None
    return (WEIGHT_OF_MEAN * mean + own.total) / (WEIGHT_OF_MEAN + own.count)
