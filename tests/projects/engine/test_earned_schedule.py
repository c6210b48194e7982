"""Earned schedule: golden values, plateaus, ends of projects and monthly periods."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.engine.earned_schedule import (
    earned_schedule,
    estimate_with_factor,
    planned_periods,
    time_performance,
)
from projects.engine.instants import day_from_number, day_number
from projects.engine.periods import (
    elapsed_periods,
    forecast_day,
    month_boundaries,
    month_boundary,
    whole_periods,
)

EX_EVM = [Decimal(value) for value in (10, 25, 45, 70, 90, 100)]


def calendar_days(first: date, second: date) -> int:
    return (second - first).days


def test_earned_schedule_equals_ex_evm() -> None:
    """EX-EVM: ES 2.60, SV(t) −0.40, SPI(t) 0.867, IEAC(t) 6.92 → 29 Jul 2026, TSPI 1.133."""
    earned = earned_schedule(EX_EVM, ev=Decimal(37))
    result = time_performance(earned=earned, actual_time=Decimal(3), planned_duration=Decimal(6))

    assert earned == Decimal("2.6")
    assert result.sv_t.value == Decimal("-0.4")
    assert result.spi_t.value is not None
    assert result.spi_t.value.quantize(Decimal("0.001")) == Decimal("0.867")
    assert result.ieac_t.value is not None
    assert result.ieac_t.value.quantize(Decimal("0.01")) == Decimal("6.92")
    assert forecast_day(date(2026, 1, 1), result.ieac_t.value).value == date(2026, 7, 29)
    assert result.tspi.value is not None
    assert result.tspi.value.quantize(Decimal("0.001")) == Decimal("1.133")


@pytest.mark.parametrize(
    ("pv", "ev", "expected"),
    [
        ((10, 25, 45), 0, "0"),
        ((10, 25, 45), 5, "0.5"),
        ((10, 25, 45), 10, "1"),
        ((10, 25, 45), 45, "3"),
        ((10, 25, 45), 60, "3"),
        ((10, 30, 30, 30, 50), 30, "4"),
        ((10, 30, 30, 30, 50), 40, "4.5"),
        ((10, 50, 50, 50), 50, "2"),
        ((0, 0, 40), 10, "2.25"),
        ((0, 0, 40), 0, "0"),
    ],
)
def test_earned_schedule_at_edges(pv: tuple[int, ...], ev: int, expected: str) -> None:
    """CST-16: nothing earned, plateaus (their end counts), trailing flat periods, more than BAC."""
    assert earned_schedule([Decimal(value) for value in pv], ev=Decimal(ev)) == Decimal(expected)


def test_last_period_counts_for_its_planned_part() -> None:
    """CST-16: a plan of 2.5 periods earns its second half between 2 and 2.5."""
    pv = [Decimal(40), Decimal(80), Decimal(100)]

    assert earned_schedule(pv, ev=Decimal(90), planned_duration=Decimal("2.5")) == Decimal("2.25")
    assert earned_schedule(pv, ev=Decimal(100), planned_duration=Decimal("2.5")) == Decimal("2.5")
    assert planned_periods([*pv, Decimal(100)]) == 3
    assert planned_periods([Decimal(10), Decimal("99.99"), Decimal(100)]) == 3


def test_falling_plan_is_refused() -> None:
    """CST-7: planned value is cumulative."""
    with pytest.raises(ValueError, match="falls"):
        earned_schedule([Decimal(10), Decimal(5)], ev=Decimal(3))


def test_indices_in_time_at_edges() -> None:
    """CST-16: before the start, without value, late, finished."""
    six = Decimal(6)
    before = time_performance(earned=Decimal(0), actual_time=Decimal(0), planned_duration=six)
    nothing = time_performance(earned=Decimal(0), actual_time=Decimal(2), planned_duration=six)
    late = time_performance(earned=Decimal(5), actual_time=six, planned_duration=six)
    finished = time_performance(earned=six, actual_time=Decimal(8), planned_duration=six)

    assert {before.sv_t.reason, before.spi_t.reason, before.ieac_t.reason} == {"NOT_STARTED"}
    assert (nothing.spi_t.value, nothing.ieac_t.reason) == (Decimal(0), "NOT_STARTED")
    assert late.tspi.reason == "LATE"
    assert (finished.spi_t.value, finished.tspi.reason) == (Decimal("0.75"), "FINISHED")
    assert finished.ieac_t.value == Decimal(8)


def test_forecast_with_a_chosen_factor() -> None:
    """Domain 6.5: AT + (PD − ES) / PF."""
    asked = {"earned": Decimal(2), "actual_time": Decimal(3), "planned_duration": Decimal(6)}

    assert estimate_with_factor(**asked, performance_factor=Decimal("0.8")).value == Decimal(8)
    assert estimate_with_factor(**asked, performance_factor=Decimal(0)).reason == "NEVER"


@given(
    steps=st.lists(st.integers(0, 50), min_size=1, max_size=24).filter(any),
    first=st.integers(0, 1300),
    second=st.integers(0, 1300),
)
def test_earned_schedule_never_falls_with_value(steps: list[int], first: int, second: int) -> None:
    """CST-16: more value is never an earlier date, and the plan's end is the most."""
    pv = [Decimal(value) for value in np.cumsum(steps).tolist()]
    low, high = sorted((first, second))

    assert (
        earned_schedule(pv, ev=Decimal(low)) <= earned_schedule(pv, ev=Decimal(high)) <= planned_periods(pv)
    )


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [("2026-01-01", 3, "2026-04-01"), ("2026-01-31", 1, "2026-02-28"), ("2026-01-31", 2, "2026-03-31"),
     ("2027-12-15", 2, "2028-02-15"), ("2028-01-30", 1, "2028-02-29"), ("2026-05-10", 0, "2026-05-10")],
)  # fmt: skip
def test_month_boundary_is_the_monthly_anniversary(start: str, months: int, expected: str) -> None:
    """CON-8, domain 6.5: periods are months counted from the baseline start."""
    first = date.fromisoformat(start)

    assert month_boundary(first, months) == date.fromisoformat(expected)
    numbers = month_boundaries(np.array([day_number(first)]), np.array([months]))
    assert day_from_number(int(numbers[0])) == date.fromisoformat(expected)


@given(start=st.dates(date(2000, 1, 1), date(2040, 1, 1)), days=st.integers(0, 5000))
def test_whole_periods_bracket_the_day(start: date, days: int) -> None:
    """Domain 6.5: the boundary of the whole periods is reached, the next one is not."""
    end = start + timedelta(days=days)

    whole = whole_periods(start, end)

    assert month_boundary(start, whole) <= end < month_boundary(start, whole + 1)


def test_elapsed_periods_count_the_fraction_in_working_days() -> None:
    """Domain 6.5: AT is whole months plus working days of the current one."""
    working_days = lambda first, second: int(np.busday_count(first, second))  # noqa: E731

    assert elapsed_periods(date(2026, 1, 1), date(2026, 4, 1), working_days) == 3
    assert elapsed_periods(date(2026, 1, 1), date(2026, 2, 15), working_days) == 1 + Decimal(10) / Decimal(20)
    assert elapsed_periods(date(2026, 1, 1), date(2025, 12, 1), working_days) == 0
    assert elapsed_periods(date(2026, 1, 1), date(2026, 1, 11), lambda first, second: 0) == 0


@pytest.mark.parametrize(
    ("periods", "expected"),
    [("6", "2026-06-30"), ("6.01", "2026-07-01"), ("6.5", "2026-07-16"), ("0.0001", "2026-01-01")],
)
def test_forecast_day_rounds_days_up(periods: str, expected: str) -> None:
    """CST-17: boundary of whole periods + ceil(fraction × days of the next period)."""
    assert forecast_day(date(2026, 1, 1), Decimal(periods)).value == date.fromisoformat(expected)


def test_forecast_beyond_the_calendar_is_never() -> None:
    """CON-4: an absurd forecast is no date."""
    assert forecast_day(date(2026, 1, 1), Decimal(10) ** 9).reason == "NEVER"
