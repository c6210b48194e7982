"""Values of a document in the form the plan stores them."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
FINE = Decimal("0.0001")
"""Step of hours and percents that give whole minutes when one is divided by the other."""
MINUTES_PER_HOUR = 60
MOST_MINUTES = 2_000_000_000
MOST_HOURS = Decimal("9999999999")


def stored_moment(moment: datetime | None) -> datetime | None:
    """Return a local moment of a file as it is stored: the same wall time, marked UTC, never converted."""
    return None if moment is None else moment.replace(tzinfo=UTC)


def minutes_of(value: float | None) -> int | None:
    """Return whole minutes, rounded half up, within what a column holds."""
    if value is None:
        return None
    whole = int(Decimal(str(value)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return max(-MOST_MINUTES, min(MOST_MINUTES, whole))


def hours_of(minutes: float | None, *, step: Decimal = CENT) -> Decimal:
    """Return minutes of work as hours in whole steps; 0 where the file says nothing."""
    hours = (Decimal(str(minutes or 0)) / MINUTES_PER_HOUR).quantize(step, rounding=ROUND_HALF_UP)
    return max(Decimal(0), min(MOST_HOURS, hours))


def percent_of(value: float | None, *, step: Decimal = CENT) -> Decimal:
    """Return a percentage in whole steps; 0 where the file says nothing."""
    return Decimal(str(value or 0)).quantize(step, rounding=ROUND_HALF_UP)


def money_of(value: Decimal | None) -> Decimal:
    """Return an amount with two decimals; 0 where the file says nothing."""
    return (value or Decimal(0)).quantize(CENT, rounding=ROUND_HALF_UP)
