"""Damped ratings (KNO-3)."""

from decimal import Decimal

from portfolio.rollup.ratings import RatingSum, display_rating, library_mean


def test_ex_kno_rating() -> None:
    """EX-KNO: three votes 4, 5, 5 with m = 3.0 give 29/8 = 3.63."""
    rating = display_rating(RatingSum(total=14, count=3), mean=Decimal("3.0"))

    assert rating == Decimal(29) / 8
    assert rating is not None
    assert rating.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP") == Decimal("3.63")


def test_nobody_rated() -> None:
    """KNO-3: n = 0 is "not rated"."""
    assert display_rating(RatingSum(total=0, count=0), mean=Decimal(4)) is None


def test_mean_needs_twenty_ratings() -> None:
    assert library_mean(RatingSum(total=76, count=19)) == 3
    assert library_mean(RatingSum(total=80, count=20)) == 4
