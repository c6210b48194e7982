"""Trend against the former period close (HLT-7)."""

import pytest

from portfolio.rollup.trend import Trend, TrendDirection, trend_of
from tests.portfolio.rollup.examples import POLICY, dec


@pytest.mark.parametrize(
    ("score", "former", "expected"),
    [
        ("80", "75", Trend(TrendDirection.IMPROVING, dec(5))),
        ("80", "75.01", Trend(TrendDirection.STABLE, dec("4.99"))),
        ("80", "84.99", Trend(TrendDirection.STABLE, dec("-4.99"))),
        ("80", "85", Trend(TrendDirection.DECLINING, dec(-5))),
        ("80", None, Trend(TrendDirection.NEW)),
        (None, "80", Trend(TrendDirection.NOT_RATED)),
    ],
)
def test_trend_at_its_limits(score, former, expected):
    """HLT-7: +5 and -5 themselves count; no former close is new; CON-4: no score is no trend."""
    found = trend_of(
        None if score is None else dec(score), None if former is None else dec(former), POLICY.trend
    )

    assert found == expected
