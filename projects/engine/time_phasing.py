"""Planned value over time: cumulative curves and exact shares of cents (CST-7)."""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from projects.engine.interruptions import Stretch, worked_until
from projects.engine.working_time import WorkingTime

Cents = NDArray[np.int64]


class Curve(StrEnum):
    """Shapes of cumulative planned value over the elapsed fraction x of a task."""

    LINEAR = "LINEAR"
    FRONT = "FRONT"
    BACK = "BACK"
    BELL = "BELL"


def elapsed_fraction(
    work: WorkingTime,
    *,
    start: int,
    finish: int,
    at: int,
    stretches: Sequence[Stretch] = (),
    length: int | None = None,
) -> Fraction:
    """
    Return the fraction of a task's baseline working time elapsed at an instant (CST-7).

    Parameters
    ----------
    work : WorkingTime
        The task's calendar.
    start, finish : int
        Baseline instants; ``finish`` is exclusive.
    at : int
        Instant asked for, usually the end of the data date.
    stretches : sequence of Stretch
        When the task is worked on: no time passes in the rests between. Empty for work in one piece.
    length : int, optional
        Working minutes from start to finish, where they are known: see `working_length`.

    Returns
    -------
    Fraction
        Between 0 and 1; a span without working time jumps from 0 to 1 at ``finish``.
    """
    if length is None:
        length = working_length(work, start=start, finish=finish, stretches=stretches)
    if length <= 0:
        return Fraction(int(at >= finish))
    whole = stretches or (Stretch(start, finish),)
    return Fraction(worked_until(whole, work, start=start, at=min(at, finish)), length)


def working_length(work: WorkingTime, *, start: int, finish: int, stretches: Sequence[Stretch] = ()) -> int:
    """Return the working minutes between two instants without the rests between stretches."""
    return worked_until(stretches or (Stretch(start, finish),), work, start=start, at=finish)


def curve_share(curve: Curve, x: Fraction) -> Fraction:
    """
    Return the cumulative share planned once the fraction ``x`` (0-1) of the time has elapsed.

    Examples
    --------
    >>> [float(curve_share(curve, Fraction(2, 5))) for curve in Curve]
    [0.4, 0.64, 0.16, 0.352]
    """
    if curve is Curve.FRONT:
        return 1 - (1 - x) ** 2
    if curve is Curve.BACK:
        return x**2
    if curve is Curve.BELL:
        return 3 * x**2 - 2 * x**3
    return x


def share_of_cents(amounts: Cents, parts: Cents, wholes: Cents) -> Cents:
    """
    Return ``amounts × parts / wholes`` in whole cents, half up, without overflow or floating point.

    Parameters
    ----------
    amounts : ndarray of int64
        Cents.
    parts, wholes : ndarray of int64
        ``0 <= parts <= wholes``; ``wholes`` positive and below 2**30.
    """
    whole_cents, rest = np.divmod(amounts, wholes)
    return whole_cents * parts + (2 * rest * parts + wholes) // (2 * wholes)


def cents_of_share(cents: int, share: Fraction) -> int:
    """
    Return a share (0-1) of an amount in whole cents, half up.

    Examples
    --------
    >>> cents_of_share(101, Fraction(1, 2))
    51
    """
    return (2 * cents * share.numerator + share.denominator) // (2 * share.denominator)


def sum_by(groups: NDArray[np.int64], values: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return exact integer sums of ``values`` per group 0 to ``size - 1``."""
    totals = np.zeros(size, dtype=np.int64)
    np.add.at(totals, groups, values)
    return totals
