"""Thresholds of schedule quality: a version of them is data and never changes (SQ-2)."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from projects.engine.schedule_quality.vocabulary import Check, Finding, Unit


class Comparison(StrEnum):
    """How a value is compared with its limit."""

    AT_MOST = "AT_MOST"
    AT_LEAST = "AT_LEAST"
    WITHIN = "WITHIN"


@dataclass(frozen=True, slots=True)
class Threshold:
    """
    What a value must keep to pass.

    ``tolerance`` is how far the value may lie from ``limit`` where it must be within.
    """

    limit: Decimal
    comparison: Comparison = Comparison.AT_MOST
    unit: Unit = Unit.PERCENT
    tolerance: Decimal = Decimal(0)

    def is_kept_by(self, value: Decimal) -> bool:
        """Whether an unrounded value passes (CON-2)."""
        if self.comparison is Comparison.AT_MOST:
            return value <= self.limit
        if self.comparison is Comparison.AT_LEAST:
            return value >= self.limit
        return abs(value - self.limit) <= self.tolerance


def _checks() -> dict[Check, Threshold]:
    five, none = Threshold(Decimal(5)), Threshold(Decimal(0))
    return {
        Check.LOGIC: five,
        Check.LEADS: none,
        Check.LAGS: five,
        Check.LINK_TYPES: Threshold(Decimal(90), Comparison.AT_LEAST),
        Check.HARD_CONSTRAINTS: five,
        Check.HIGH_FLOAT: five,
        Check.NEGATIVE_FLOAT: none,
        Check.HIGH_DURATION: five,
        Check.INVALID_DATES: Threshold(Decimal(0), unit=Unit.COUNT),
        Check.RESOURCES: none,
        Check.MISSED_TASKS: five,
        Check.CRITICAL_PATH_TEST: Threshold(Decimal(600), Comparison.WITHIN, Unit.WORKING_DAYS, Decimal(1)),
        Check.CPLI: Threshold(Decimal("0.95"), Comparison.AT_LEAST, Unit.RATIO),
        Check.BEI: Threshold(Decimal("0.95"), Comparison.AT_LEAST, Unit.RATIO),
    }


def _findings() -> dict[Finding, Threshold]:
    nothing = Threshold(Decimal(0), unit=Unit.COUNT)
    return dict.fromkeys(Finding, nothing) | {Finding.CRITICAL_SHARE: Threshold(Decimal(40))}


@dataclass(frozen=True, slots=True)
class QualityPolicy:
    """
    One version of the thresholds.

    Attributes
    ----------
    checks : dict of Check to Threshold
        What each check must keep.
    findings : dict of Finding to Threshold
        Beyond these a finding is reported. That of the old data date comes from the reporting cycle.
    high_float_days, high_duration_days : Decimal
        Working days beyond which float or a duration is high.
    resourced_from_days : Decimal
        Tasks shorter than this need no resource.
    good_from, fair_from : Decimal
        Scores, 0-100.
    must_pass : tuple of Check
        A schedule is good only when these pass.
    """

    version: int = 1
    checks: dict[Check, Threshold] = field(default_factory=_checks)
    findings: dict[Finding, Threshold] = field(default_factory=_findings)
    high_float_days: Decimal = Decimal(44)
    high_duration_days: Decimal = Decimal(44)
    resourced_from_days: Decimal = Decimal(1)
    good_from: Decimal = Decimal(85)
    fair_from: Decimal = Decimal(70)
    must_pass: tuple[Check, ...] = (Check.NEGATIVE_FLOAT, Check.CRITICAL_PATH_TEST)


VERSION_1 = QualityPolicy()
"""The published thresholds (domain 5.11)."""
