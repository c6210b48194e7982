"""A number that may be unknown, and why (CON-4)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Reason(StrEnum):
    """Why a value cannot be computed or a color was bounded (CON-4)."""

    NO_BASELINE = "NO_BASELINE"
    NOT_STARTED = "NOT_STARTED"
    NOT_PLANNED_YET = "NOT_PLANNED_YET"
    NO_COST = "NO_COST"
    NO_BUDGET = "NO_BUDGET"
    BUDGET_EXHAUSTED = "BUDGET_EXHAUSTED"
    FINISHED = "FINISHED"
    LATE = "LATE"
    TOO_EARLY = "TOO_EARLY"
    NO_DATA_DATE = "NO_DATA_DATE"
    STALE = "STALE"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    MISSING_RATE = "MISSING_RATE"
    NO_SIGN_CHANGE = "NO_SIGN_CHANGE"
    MULTIPLE_IRR = "MULTIPLE_IRR"
    NEVER = "NEVER"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"
    ZERO_VARIANCE = "ZERO_VARIANCE"
    CALC_ERROR = "CALC_ERROR"


@dataclass(frozen=True, slots=True)
class Measure:
    """
    A decimal value, or the reason why there is none. Exactly one of the two is set.

    Attributes
    ----------
    value : Decimal or None
        The unrounded value, in the unit its owner states.
    reason : str or None
        A code of `Reason` while ``value`` is ``None``.

    Examples
    --------
    >>> Measure.of(Decimal("0.8")).value
    Decimal('0.8')
    >>> Measure.missing(Reason.NO_COST).reason
    'NO_COST'
    """

    value: Decimal | None
    reason: str | None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError("A measure has either a value or a reason.")

    @classmethod
    def of(cls, value: Decimal) -> "Measure":
        """Return a known value."""
        return cls(value, None)

    @classmethod
    def missing(cls, reason: Reason | str) -> "Measure":
        """Return an unknown value with its reason code."""
        return cls(None, str(reason))

    @property
    def is_known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None


@dataclass(frozen=True, slots=True)
class DateMeasure:
    """A calendar day, or the reason code why there is none. Exactly one of the two is set."""

    value: date | None
    reason: str | None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError("A measure has either a value or a reason.")

    @classmethod
    def of(cls, value: date) -> "DateMeasure":
        """Return a known day."""
        return cls(value, None)

    @classmethod
    def missing(cls, reason: Reason | str) -> "DateMeasure":
        """Return an unknown day with its reason code."""
        return cls(None, str(reason))

    @property
    def is_known(self) -> bool:
        """Whether there is a day."""
        return self.value is not None


def quotient(numerator: Decimal, denominator: Decimal, *, when_zero: Reason) -> Measure:
    """Return ``numerator / denominator`` unrounded, or ``when_zero`` for a denominator of 0."""
    if denominator == 0:
        return Measure.missing(when_zero)
    return Measure.of(numerator / denominator)


def first_missing(*measures: Measure) -> Measure | None:
    """Return the first unknown measure, or ``None`` when all are known."""
    return next((measure for measure in measures if measure.value is None), None)
