"""The health policy: weights, limits, guards and bands, as one versioned value (domain 11.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from portfolio.rollup.codec import from_plain, to_plain
from portfolio.rollup.vocabulary import Dimension, Direction, ReportCycle, Unit
from projects.engine.measure import Reason


class RatedWhen(StrEnum):
    """Condition under which an indicator is rated; otherwise it is null with a reason."""

    ALWAYS = "ALWAYS"
    BASELINE = "BASELINE"
    BASELINE_PLANNED_UNFINISHED = "BASELINE_PLANNED_UNFINISHED"
    BUDGET = "BUDGET"
    BUDGET_UNFINISHED = "BUDGET_UNFINISHED"
    EARNED = "EARNED"
    REGISTER_REVIEWED = "REGISTER_REVIEWED"
    DEMAND = "DEMAND"
    TEAM = "TEAM"
    REVIEW_DONE = "REVIEW_DONE"
    ENOUGH_DECIDED = "ENOUGH_DECIDED"
    BENEFITS_SET = "BENEFITS_SET"
    BENEFITS_PLANNED = "BENEFITS_PLANNED"
    ANYTHING_DUE = "ANYTHING_DUE"


class QualityCheck(StrEnum):
    """The data quality checks (11.2 step 9)."""

    REPORT_FRESH = "REPORT_FRESH"
    DATA_DATE_RECENT = "DATA_DATE_RECENT"
    BASELINE_APPROVED = "BASELINE_APPROVED"
    COSTS_POSTED = "COSTS_POSTED"
    SCHEDULE_QUALITY = "SCHEDULE_QUALITY"
    RISKS_REVIEWED = "RISKS_REVIEWED"
    TASKS_OWNED = "TASKS_OWNED"
    TIMESHEETS_APPROVED = "TIMESHEETS_APPROVED"
    LEADERS_SET = "LEADERS_SET"
    BENEFITS_OWNED = "BENEFITS_OWNED"


@dataclass(frozen=True, slots=True)
class DimensionPolicy:
    """One dimension with its weight; a lead dimension alone can turn the project amber or red."""

    code: Dimension
    title: str
    weight: Decimal
    is_lead: bool = False
    can_be_declared: bool = True


@dataclass(frozen=True, slots=True)
class IndicatorPolicy:
    """
    One indicator with its limits.

    A value at a limit still has the better color. Without an amber limit everything beyond green is red.
    A null value whose reason is listed in ``red_reasons`` is red (RAI-3).
    """

    code: str
    dimension: Dimension
    title: str
    unit: Unit
    direction: Direction
    green_limit: Decimal
    amber_limit: Decimal | None
    rated_when: RatedWhen
    red_reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasurementRules:
    """Windows and minimum sizes used when inputs are gathered and gated."""

    min_planned_percent: Decimal = Decimal(10)
    min_earned_percent: Decimal = Decimal(10)
    min_decided: int = 5
    undecided_change_wd: int = 20
    open_issue_wd: int = 5
    demand_weeks: int = 8
    load_weeks: int = 4
    load_limit: Decimal = Decimal("1.20")
    min_schedule_quality: Decimal = Decimal(70)


@dataclass(frozen=True, slots=True)
class ProjectRules:
    """How dimension colors become points and one project color (11.2 steps 5 to 7)."""

    green_points: Decimal = Decimal(100)
    amber_points: Decimal = Decimal(50)
    red_points: Decimal = Decimal(0)
    red_dimensions_for_red: int = 2
    amber_dimensions_for_amber: int = 2
    min_coverage: Decimal = Decimal(50)


@dataclass(frozen=True, slots=True)
class ReportRules:
    """Length of each reporting cycle and the days of grace, in calendar days (REP-9)."""

    cycle_days: Mapping[ReportCycle, int]
    grace_days: int = 7


@dataclass(frozen=True, slots=True)
class GroupRules:
    """Budget shares in percent that set the color of a group (HLT-2)."""

    red_share_for_red: Decimal = Decimal(25)
    red_share_for_amber: Decimal = Decimal(10)
    red_amber_share_for_amber: Decimal = Decimal(40)
    min_rated_share: Decimal = Decimal(50)


@dataclass(frozen=True, slots=True)
class TrendRules:
    """Change of H, in points, from which a trend is named (HLT-7), and the length of the movers list."""

    improving_from: Decimal = Decimal(5)
    declining_from: Decimal = Decimal(-5)
    movers: int = 5


@dataclass(frozen=True, slots=True)
class QualityCheckPolicy:
    """One data quality check with its weight."""

    code: QualityCheck
    title: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class DataQualityRules:
    """Checks, weights and bands of the data quality figure."""

    checks: tuple[QualityCheckPolicy, ...]
    high_from: Decimal = Decimal(85)
    medium_from: Decimal = Decimal(60)


@dataclass(frozen=True, slots=True)
class ExceptionRules:
    """Limits of the exceptions list E1 to E12."""

    red_closes: int = 3
    forecast_percent_of_budget: Decimal = Decimal(110)
    tcpi_limit: Decimal = Decimal("1.10")
    tcpi_from_percent_done: Decimal = Decimal(20)
    unacknowledged_wd: int = 5
    days_without_baseline: int = 30
    eac_gap_percent: Decimal = Decimal(10)


@dataclass(frozen=True, slots=True)
class HealthPolicy:
    """One version of the health policy; never edited, only followed by the next version."""

    version: int
    dimensions: tuple[DimensionPolicy, ...]
    indicators: tuple[IndicatorPolicy, ...]
    report: ReportRules
    data_quality: DataQualityRules
    measurement: MeasurementRules = field(default_factory=MeasurementRules)
    project: ProjectRules = field(default_factory=ProjectRules)
    group: GroupRules = field(default_factory=GroupRules)
    trend: TrendRules = field(default_factory=TrendRules)
    exceptions: ExceptionRules = field(default_factory=ExceptionRules)

    def indicator(self, code: str) -> IndicatorPolicy | None:
        """Return the rules of one indicator, or ``None`` if this version has no such indicator."""
        return next((rule for rule in self.indicators if rule.code == code), None)

    def dimension(self, code: Dimension) -> DimensionPolicy | None:
        """Return the rules of one dimension, or ``None`` if this version has no such dimension."""
        return next((rule for rule in self.dimensions if rule.code == code), None)

    def indicators_of(self, code: Dimension) -> tuple[IndicatorPolicy, ...]:
        """Return the indicators of a dimension in policy order."""
        return tuple(rule for rule in self.indicators if rule.dimension == code)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-safe data; numbers with decimals travel as text."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """
        Build a policy from data made by `to_dict`.

        Raises
        ------
        ValueError
            If a required part is absent or a value does not fit its type.
        """
        return from_plain(cls, data)
