"""
What a summary takes from the rows below it (SCH-30, SCH-31, SCH-33).

Page: ``docs/algorithms/scheduling.md``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projects.engine.instants import NO_INSTANT, Instants

Numbers = NDArray[np.int64]
Amounts = NDArray[np.float64]
Flags = NDArray[np.bool_]

UNKNOWN = -1
FULL = 10_000
ROUNDING = 1e-6
"""Room for what floating point loses in sums of minutes."""

_LATEST = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, slots=True)
class OutlineRows:
    """
    All rows of a plan, one array of shape (n,) for each column; what is missing is `NO_INSTANT`.

    Attributes
    ----------
    parent : ndarray of int64
        Position of the row above, -1 at the top.
    starts, finishes : tuple of ndarray of int64
        Instants of which a summary has the first and the last below it: planned, early, late, actual.
    is_reached : ndarray of bool
        Milestones that are done.
    done, left : ndarray of float64
        Working minutes of leaves: actual and remaining duration.
    hours : tuple of ndarray of int64
        Columns that are summed up, in hundredths of hours.
    total_float, free_float : ndarray of int64
        Working minutes of leaves; a summary has the smallest.
    """

    parent: Numbers
    is_summary: Flags
    is_active: Flags
    is_milestone: Flags
    is_reached: Flags
    starts: tuple[Instants, ...]
    finishes: tuple[Instants, ...]
    actual_start: Instants
    actual_finish: Instants
    done: Amounts
    left: Amounts
    hours: tuple[Numbers, ...]
    total_float: Numbers
    free_float: Numbers
    is_critical: Flags


@dataclass(frozen=True, slots=True)
class Summaries:
    """
    The rolled-up columns, shape (n,) in the order of the rows; only the places of summaries mean something.

    ``percent`` is in hundredths of a percent, ``left`` in whole working minutes.
    """

    starts: tuple[Instants, ...]
    finishes: tuple[Instants, ...]
    actual_start: Instants
    actual_finish: Instants
    percent: Numbers
    left: Numbers
    hours: tuple[Numbers, ...]
    total_float: Numbers
    free_float: Numbers
    is_critical: Flags


def done_and_left(*, duration: Numbers, remaining: Numbers, percent: Numbers) -> tuple[Amounts, Amounts]:
    """
    Return actual and remaining duration of leaves in working minutes (SCH-22).

    Parameters
    ----------
    duration, remaining : ndarray of int64, shape (n,)
        Working minutes; ``remaining`` -1 where it is not known.
    percent : ndarray of int64, shape (n,)
        Hundredths of a percent.

    Examples
    --------
    >>> done, left = done_and_left(
    ...     duration=np.array([480]), remaining=np.array([480]), percent=np.array([5000])
    ... )
    >>> done.tolist(), left.tolist()
    ([480.0], [480.0])
    """
    share = percent / FULL
    open_share = np.where(share < 1, 1 - share, 1.0)
    is_known = (remaining > 0) & (share < 1)
    total = np.where(is_known, remaining / open_share, duration.astype(np.float64))
    return total * share, total * (1 - share)


def roll_up(rows: OutlineRows) -> Summaries:
    """
    Return what every summary takes from its active rows, from the lowest level upward.

    Start is the first, finish the last one below; work is summed; percent is the share of the leaves'
    working time that is done, milestones weigh nothing, and where there is nothing else their count decides;
    the actual finish is there when everything below is finished; float is the smallest below.
    """
    level = _levels(rows.parent)
    size = rows.parent.size
    first = [_for_first(column) for column in (*rows.starts, rows.actual_start)]
    last = [column.copy() for column in (*rows.finishes, rows.actual_finish)]
    floats = [_for_first(column) for column in (rows.total_float, rows.free_float)]
    weighs = ~rows.is_summary & ~rows.is_milestone
    done, left = (np.where(weighs, column, 0.0) for column in (rows.done, rows.left))
    marks = np.where(~rows.is_summary & rows.is_milestone, 1, 0)
    reached = np.where(rows.is_reached, marks, 0)
    is_open = rows.actual_finish == NO_INSTANT
    critical = rows.is_critical.copy()
    hours = [column.copy() for column in rows.hours]
    for column, empty in [(c, _LATEST) for c in (*first, *floats)] + [(c, NO_INSTANT) for c in last]:
        column[rows.is_summary] = empty
    for column in hours:
        column[rows.is_summary] = 0
    is_open[rows.is_summary], critical[rows.is_summary] = False, False
    has_rows = np.zeros(size, dtype=np.bool_)
    for depth in range(int(level.max(initial=0)), 0, -1):
        here = np.flatnonzero((level == depth) & rows.is_active)
        above = rows.parent[here]
        # A summary without active rows is open: nothing says that it is finished.
        is_open[here] |= rows.is_summary[here] & ~has_rows[here]
        for column in (*first, *floats):
            np.minimum.at(column, above, column[here])
        for column in last:
            np.maximum.at(column, above, column[here])
        for column in (done, left):
            np.add.at(column, above, column[here])
        for column in (marks, reached, *hours):
            np.add.at(column, above, column[here])
        np.logical_or.at(is_open, above, is_open[here])
        np.logical_or.at(critical, above, critical[here])
        has_rows[above] = True
    is_open |= rows.is_summary & ~has_rows
    whole = done + left
    share = np.where(whole > 0, done / np.where(whole > 0, whole, 1.0), reached / np.maximum(marks, 1))
    return Summaries(
        starts=tuple(_known(column) for column in first[:-1]),
        finishes=tuple(last[:-1]),
        actual_start=_known(first[-1]),
        actual_finish=np.where(is_open, NO_INSTANT, last[-1]),
        percent=np.floor(share * FULL + 0.5 + ROUNDING).astype(np.int64),
        left=np.floor(left + ROUNDING).astype(np.int64),
        hours=tuple(hours),
        total_float=_known(floats[0]),
        free_float=_known(floats[1]),
        is_critical=critical,
    )


def _levels(parent: Numbers) -> Numbers:
    """Return how many rows stand above each row."""
    level = np.zeros(parent.size, dtype=np.int64)
    above = parent.copy()
    while (above != UNKNOWN).any():
        level += above != UNKNOWN
        above = np.where(above != UNKNOWN, parent[above], UNKNOWN)
    return level


def _for_first(column: Numbers) -> Numbers:
    """Return a copy in which what is missing comes last."""
    return np.where(column == NO_INSTANT, _LATEST, column)


def _known(column: Numbers) -> Numbers:
    return np.where(column == _LATEST, NO_INSTANT, column)
