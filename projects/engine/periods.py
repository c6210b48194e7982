"""Monthly periods counted from a start day, and fractions of them by working days (domain 6.5, CST-17)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache

import numpy as np

from projects.engine.instants import Instants
from projects.engine.measure import DateMeasure, Reason

WorkingDays = Callable[[date, date], int]
"""Signed working days from the first day (included) to the second (excluded)."""

_MONTHS_PER_YEAR = 12
_LAST_YEAR = 9998


def month_boundaries(start_days: Instants, months: Instants) -> Instants:
    """
    Return the first days after ``months`` whole periods, elementwise.

    Period k ends with the day before the k-th monthly anniversary of the start; in a shorter month the
    anniversary is its last day.

    Parameters
    ----------
    start_days, months : ndarray of int64
        Days since 1970-01-01 and number of whole periods.

    Returns
    -------
    ndarray of int64
        Days since 1970-01-01.
    """
    starts = start_days.astype("datetime64[D]")
    start_months = starts.astype("datetime64[M]")
    day_in_month = (starts - start_months.astype("datetime64[D]")).astype(np.int64)
    month = start_months + months
    first = month.astype("datetime64[D]").astype(np.int64)
    length = (month + 1).astype("datetime64[D]").astype(np.int64) - first
    boundaries: Instants = first + np.minimum(day_in_month, length - 1)
    return boundaries


@lru_cache(maxsize=1000)
def month_boundary(start: date, months: int) -> date:
    """
    Return the first day after ``months`` whole periods from ``start``.

    Examples
    --------
    >>> month_boundary(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    total = start.year * _MONTHS_PER_YEAR + start.month - 1 + months
    year, month = divmod(total, _MONTHS_PER_YEAR)
    following = date(year + (month + 1) // _MONTHS_PER_YEAR, (month + 1) % _MONTHS_PER_YEAR + 1, 1)
    last = following - timedelta(days=1)
    return last.replace(day=min(start.day, last.day))


def whole_periods(start: date, end: date) -> int:
    """Return the largest k whose boundary is not after ``end``; 0 for an ``end`` before ``start``."""
    months = (end.year - start.year) * _MONTHS_PER_YEAR + end.month - start.month
    if months > 0 and month_boundary(start, months) > end:
        months -= 1
    return max(months, 0)


def elapsed_periods(start: date, end: date, working_days: WorkingDays) -> Decimal:
    """
    Return the periods from ``start`` to ``end`` (excluded); the fraction counts working days.

    Parameters
    ----------
    start : date
        First day of period 1.
    end : date
        First day that is not counted any more: the day after the data date.
    working_days : callable
        Working days between two days in the project calendar; a period without any has no fraction.

    Returns
    -------
    Decimal
        Never negative.
    """
    if end <= start:
        return Decimal(0)
    whole = whole_periods(start, end)
    lower, upper = month_boundary(start, whole), month_boundary(start, whole + 1)
    if lower == end:
        return Decimal(whole)
    part, length = working_days(lower, end), working_days(lower, upper)
    return whole + (Decimal(part) / Decimal(length) if length > 0 else Decimal(0))


def forecast_day(start: date, periods: Decimal) -> DateMeasure:
    """
    Return the last working position after a number of periods as a day (CST-17).

    Boundary of the whole periods plus ceil(fraction × days of the next period); ``NEVER`` beyond the
    calendar.

    Examples
    --------
    >>> forecast_day(date(2026, 1, 1), Decimal(90) / 13).value
    datetime.date(2026, 7, 29)
    """
    whole = int(periods)
    if start.year + whole // _MONTHS_PER_YEAR + 1 > _LAST_YEAR:
        return DateMeasure.missing(Reason.NEVER)
    lower, upper = month_boundary(start, whole), month_boundary(start, whole + 1)
    days = int(((periods - whole) * (upper - lower).days).to_integral_value(rounding=ROUND_CEILING))
    return DateMeasure.of(lower + timedelta(days=days - 1))
