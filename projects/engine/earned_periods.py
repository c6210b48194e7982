"""Earned schedule of a whole chunk: the period each project's earned value falls into (domain 6.5)."""

from dataclasses import dataclass

import numpy as np

from projects.engine.instants import MINUTES_PER_DAY, NO_INSTANT, Instants
from projects.engine.periods import month_boundaries
from projects.engine.phased_rows import PhasedRows
from projects.engine.project_arrays import Numbers


@dataclass(frozen=True, slots=True, eq=False)
class EarnedPeriods:
    """
    Where EV lies on the monthly PV of each project; arrays of shape (n_projects,).

    Attributes
    ----------
    count : ndarray of int64
        Periods until PV reaches BAC; 0 for projects without dated budget.
    reached : ndarray of int64
        Largest period whose cumulative PV is not above EV, at most ``count``.
    pv_before, pv_after : ndarray of int64
        Cents at the end of the periods ``reached`` and ``reached + 1``.
    """

    count: Numbers
    reached: Numbers
    pv_before: Numbers
    pv_after: Numbers


def earned_periods(rows: PhasedRows, *, start: Instants, finish: Instants, earned: Numbers) -> EarnedPeriods:
    """
    Find the period of the earned value by bisection: all projects at once, few evaluations of PV.

    Parameters
    ----------
    rows : PhasedRows
        Baseline rows that count.
    start, finish : ndarray of int64, shape (n_projects,)
        Instants of the baseline start and of the last row with budget; `NO_INSTANT` when there is none.
    earned : ndarray of int64, shape (n_projects,)
        EV in cents.
    """
    known = (start != NO_INSTANT) & (finish != NO_INSTANT)
    start_days = np.where(known, start, 0) // MINUTES_PER_DAY
    count = np.where(known, _period_count(start_days, np.where(known, finish, 0)), 0)

    def planned_after(periods: Numbers) -> Numbers:
        boundary = month_boundaries(start_days, periods) * MINUTES_PER_DAY
        instants = np.where(
            known, np.where(periods >= count, np.maximum(finish, boundary), boundary), NO_INSTANT
        )
        return np.where(periods > 0, rows.project_cents_at(instants), 0)

    low, high = np.zeros(count.size, dtype=np.int64), count.copy()
    while (low < high).any():
        middle = (low + high + 1) // 2
        is_reached = planned_after(middle) <= earned
        low, high = np.where(is_reached, middle, low), np.where(is_reached, high, np.maximum(middle - 1, low))
    after = np.minimum(low + 1, count)
    return EarnedPeriods(
        count=count, reached=low, pv_before=planned_after(low), pv_after=planned_after(after)
    )


def _period_count(start_days: Numbers, finish: Instants) -> Numbers:
    """Return the smallest number of periods (at least 1) whose end is not before ``finish``."""
    finish_days = (finish - 1) // MINUTES_PER_DAY
    starts = start_days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    finishes = finish_days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    count: Numbers = np.maximum(finishes - starts, 1)
    return count + (month_boundaries(start_days, count) * MINUTES_PER_DAY < finish)
