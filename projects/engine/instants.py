"""
Instants of the engine: whole minutes since 1970-01-01 00:00 in the project's local time.

Arrays hold them as int64; `NO_INSTANT` marks a missing one. It equals numpy's NaT, so a column of
naive datetimes with ``None`` converts in one step.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

Instants = NDArray[np.int64]

MINUTES_PER_DAY = 1440
NO_INSTANT = int(np.iinfo(np.int64).min)
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
FIRST_DAY = date.min.toordinal() - EPOCH_ORDINAL
LAST_DAY = date.max.toordinal() - EPOCH_ORDINAL


def day_number(day: date) -> int:
    """Return the days from 1970-01-01 to ``day``."""
    return day.toordinal() - EPOCH_ORDINAL


def day_from_number(number: int) -> date:
    """Return the day that is ``number`` days after 1970-01-01."""
    return date.fromordinal(number + EPOCH_ORDINAL)


def start_of_day(day: date) -> int:
    """Return the instant at which ``day`` begins."""
    return day_number(day) * MINUTES_PER_DAY


def end_of_day(day: date) -> int:
    """Return the instant at which ``day`` ends: midnight before the next day (CON-6)."""
    return start_of_day(day) + MINUTES_PER_DAY


def instant_of(moment: datetime) -> int:
    """Return the instant of a naive local datetime; seconds are cut off."""
    return start_of_day(moment.date()) + moment.hour * 60 + moment.minute


def moment_of(instant: int) -> datetime:
    """Return the naive local datetime of an instant."""
    days, minutes = divmod(instant, MINUTES_PER_DAY)
    return datetime.combine(day_from_number(days), time.min) + timedelta(minutes=minutes)


def start_day(instant: int) -> date:
    """Return the day a start is shown on: the day of the instant (SCH-3)."""
    return day_from_number(instant // MINUTES_PER_DAY)


def finish_day(instant: int) -> date:
    """Return the day an exclusive finish is shown on; midnight belongs to the day before (SCH-3)."""
    return day_from_number((instant - 1) // MINUTES_PER_DAY)


def instants_array(moments: Sequence[datetime | None]) -> Instants:
    """
    Return instants of naive local datetimes as an array; ``None`` becomes `NO_INSTANT`.

    Parameters
    ----------
    moments : sequence of datetime or None
        Naive, in the project's local time; seconds are cut off.

    Returns
    -------
    ndarray of int64
        Minutes since 1970-01-01 00:00.
    """
    return np.array(moments, dtype="datetime64[m]").astype(np.int64)


def days_array(days: Sequence[date | None]) -> Instants:
    """Return day numbers since 1970-01-01 as int64; ``None`` becomes `NO_INSTANT`."""
    return np.array(days, dtype="datetime64[D]").astype(np.int64)


def cents_array(amounts: Sequence[Decimal | None]) -> NDArray[np.int64]:
    """Return amounts as whole cents, exact for two decimals; ``None`` counts as 0 (SEC-47)."""
    return np.array([0 if amount is None else int(amount * 100) for amount in amounts], dtype=np.int64)


def hundredths_array(percentages: Sequence[Decimal | None]) -> NDArray[np.int64]:
    """Return percentages 0.00-100.00 as whole hundredths 0-10000; ``None`` becomes -1."""
    return np.array([-1 if share is None else int(share * 100) for share in percentages], dtype=np.int64)
