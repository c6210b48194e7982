"""Single values out of Java: text, numbers, money, moments, durations. ``None`` for what is not there."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from projects.interchange.vocabulary import DurationKind

CENT: Final = Decimal("0.01")
LARGEST_MONEY: Final = Decimal(10) ** 15
LARGEST_MINUTES: Final = 1e9
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
DURATION = re.compile(r"([-+0-9.E]+)(e?)(mo|m|h|d|w|y|%)")


@dataclass(frozen=True, slots=True)
class Amount:
    """A duration as a file has it: minutes, or percent, on a calendar or on the clock."""

    value: float
    kind: DurationKind
    is_percent: bool


@dataclass(frozen=True, slots=True)
class TimeUnits:
    """How many minutes the larger units of a project have."""

    minutes_per_day: int = 480
    minutes_per_week: int = 2400
    days_per_month: int = 20

    def work(self) -> Mapping[str, float]:
        """Return working minutes by unit."""
        month = self.minutes_per_day * self.days_per_month
        return {
            "m": 1,
            "h": 60,
            "d": self.minutes_per_day,
            "w": self.minutes_per_week,
            "mo": month,
            "y": 12 * month,
            "%": 1,
        }


ELAPSED: Final[Mapping[str, float]] = {
    "m": 1,
    "h": 60,
    "d": 1440,
    "w": 10080,
    "mo": 43200,
    "y": 525600,
    "%": 1,
}


def text(value: Any, *, limit: int = 2000) -> str:
    """Return clean text without characters a database refuses, cut at the limit."""
    return "" if value is None else UNSTORABLE.sub("", str(value))[:limit].strip()


def moment(value: Any) -> datetime | None:
    """Return a local date-time to the second; ``None`` outside the years 1 to 9999."""
    if value is None:
        return None
    try:
        return datetime.fromisoformat(str(value)).replace(microsecond=0)
    except ValueError:
        return None


def day(value: Any) -> date | None:
    """Return a date; ``None`` outside the years 1 to 9999."""
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def number(value: Any) -> float | None:
    """Return a finite number."""
    if value is None:
        return None
    result = float(value)
    return result if math.isfinite(result) else None


def money(value: Any) -> Decimal | None:
    """Return money to the cent, rounded half up; ``None`` beyond what money can be."""
    if value is None:
        return None
    try:
        amount = Decimal(str(value))
        if not amount.is_finite() or abs(amount) > LARGEST_MONEY:
            return None
        return amount.quantize(CENT, ROUND_HALF_UP)
    except InvalidOperation:
        return None


def truth(value: Any) -> bool:
    """Return a truth value; what is not there is not true."""
    return value is not None and bool(value)


def amount(value: Any, units: Mapping[str, float]) -> Amount | None:
    """
    Return a duration in minutes, or in percent.

    ``value`` prints as MPXJ prints its durations, such as ``2.5d``, ``3.0eh`` or ``10.0%``.

    Examples
    --------
    >>> amount("2.5d", TimeUnits().work())
    Amount(value=1200.0, kind=<DurationKind.WORK: 'WORK'>, is_percent=False)
    """
    found = None if value is None else DURATION.fullmatch(str(value))
    if found is None:
        return None
    size, elapsed, unit = found.groups()
    value = float(size) * (ELAPSED if elapsed else units)[unit]
    if not abs(value) <= LARGEST_MINUTES:
        return None
    kind = DurationKind.ELAPSED if elapsed else DurationKind.WORK
    return Amount(round(value, 4), kind, unit == "%")


def minutes(value: Any, units: Mapping[str, float]) -> float | None:
    """Return a duration in minutes; ``None`` for a percentage."""
    result = amount(value, units)
    return None if result is None or result.is_percent else result.value
