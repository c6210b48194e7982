"""How forecasts of a milestone moved."""

import pytest

from projects.engine.milestone_trend import MilestoneTrend, Trend, milestone_trend


def test_forecasts_of_the_specification() -> None:
    """EX-EXE: reports on days 0, 30, 60, 90 forecast 200, 210, 218, 232."""
    found = milestone_trend([200, 210, 218, 232])

    assert found == MilestoneTrend(slips=(10, 8, 14), total=32, trend=Trend.RISING, later_in_a_row=3)


@pytest.mark.parametrize(
    ("forecasts", "is_reached", "expected"),
    [
        ([], False, MilestoneTrend((), None, None, 0)),
        ([200], False, MilestoneTrend((), None, None, 0)),
        ([200], True, MilestoneTrend((), None, Trend.REACHED, 0)),
        ([200, 195], False, MilestoneTrend((-5,), -5, Trend.FALLING, 0)),
        ([200, 210, 200], False, MilestoneTrend((10, -10), 0, Trend.LEVEL, 0)),
        ([200, 190, 195, 199], True, MilestoneTrend((-10, 5, 4), -1, Trend.REACHED, 2)),
        ([None, 200, None, 207], False, MilestoneTrend((None, None, None), 7, Trend.RISING, 0)),
    ],
)
def test_trend_of_other_lines(
    forecasts: list[int | None], is_reached: bool, expected: MilestoneTrend
) -> None:
    assert milestone_trend(forecasts, is_reached=is_reached) == expected
