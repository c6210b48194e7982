"""Values as Java prints them (MPXJ getters compute: only stored values are converted)."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from projects.interchange.from_mpxj.options import status_day
from projects.interchange.from_mpxj.values import (
    Amount,
    TimeUnits,
    amount,
    minutes,
    moment,
    money,
    number,
    text,
)
from projects.interchange.vocabulary import Convention, DurationKind

WORK = TimeUnits(minutes_per_day=450, minutes_per_week=2250, days_per_month=20).work()


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("90.0m", 90.0),
        ("1.5h", 90.0),
        ("2.0d", 900.0),
        ("1.0w", 2250.0),
        ("1.0mo", 9000.0),
        ("1.0y", 108_000.0),
        ("2.0ed", 2880.0),
        ("1.0emo", 43_200.0),
        ("-1.0E-1d", -45.0),
        ("10.0%", None),
        ("1.0E300d", None),
        ("NaNd", None),
        ("two days", None),
        (None, None),
    ],
)
def test_minutes_of_printed_duration(printed: str | None, expected: float | None) -> None:
    """A day is the project's minutes per day; elapsed units run on the clock (oracle rule 1)."""
    assert minutes(printed, WORK) == expected


def test_amount_of_percent_lag_keeps_the_percentage() -> None:
    """A percent lag is a share of the predecessor's duration, on the clock with ``e``."""
    assert amount("-25.0%", WORK) == Amount(-25.0, DurationKind.WORK, is_percent=True)
    assert amount("50.0e%", WORK) == Amount(50.0, DurationKind.ELAPSED, is_percent=True)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2026-03-02T08:00", datetime(2026, 3, 2, 8)),
        ("2026-03-02T08:00:59.999999999", datetime(2026, 3, 2, 8, 0, 59)),
        ("+10000-01-01T00:00", None),
        ("-0001-01-01T00:00", None),
        (None, None),
    ],
)
def test_moment_of_printed_date_time(printed: str | None, expected: datetime | None) -> None:
    """Whole seconds; years no calendar has are absent."""
    assert moment(printed) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("6000.0", Decimal("6000.00")),
        ("0.005", Decimal("0.01")),
        ("-0.125", Decimal("-0.13")),
        ("1E14", Decimal("100000000000000.00")),
        ("1E16", None),
        ("NaN", None),
        ("Infinity", None),
        ("free", None),
        (None, None),
    ],
)
def test_money_of_printed_number(printed: str | None, expected: Decimal | None) -> None:
    """CON-1: two decimals, half up; what is no money is absent."""
    assert money(printed) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0.5, 0.5), (3, 3.0), (float("nan"), None), (float("inf"), None), (None, None)]
)
def test_number_is_finite(value: float | None, expected: float | None) -> None:
    """JSON and databases know no infinity."""
    assert number(value) == expected


def test_text_loses_what_a_database_refuses() -> None:
    """NUL, control characters and lone surrogates go; lines and tabs stay."""
    assert text(" a\x00b\x1fc\ud800d\n\te ") == "abcd\n\te"
    assert text("x" * 10, limit=4) == "xxxx"
    assert text(None) == ""


@pytest.mark.parametrize(
    ("status", "convention", "expected"),
    [
        (datetime(2026, 3, 9), Convention.PRIMAVERA, date(2026, 3, 8)),
        (datetime(2026, 3, 9, 8), Convention.PRIMAVERA, date(2026, 3, 8)),
        (datetime(2026, 3, 9, 17), Convention.PRIMAVERA, date(2026, 3, 9)),
        (datetime(2026, 3, 9, 17), Convention.MICROSOFT, date(2026, 3, 9)),
        (datetime(2026, 3, 9), Convention.MICROSOFT, date(2026, 3, 9)),
        (None, Convention.PRIMAVERA, None),
    ],
)
def test_status_day_is_the_last_day_known(
    status: datetime | None, convention: Convention, expected: date | None
) -> None:
    """CON-6: a data date that is the start of a day is stored as the day before."""
    assert status_day(status, convention) == expected
