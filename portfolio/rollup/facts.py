"""Everything the indicators need to know about one project at one date, as plain values.

A number that is not known is ``None``; ``ProjectFacts.missing`` may say why, by indicator code.
Nothing here is rounded: thresholds are compared with these values (CON-2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Self

from portfolio.rollup.codec import from_plain, to_plain
from portfolio.rollup.policy import QualityCheck
from portfolio.rollup.vocabulary import (
    POPULATION_OF_STATE,
    Color,
    Dimension,
    OverrideState,
    Population,
    ProjectState,
    ReportCycle,
)
from projects.engine.measure import Reason


@dataclass(frozen=True, slots=True, order=True)
class RecordRef:
    """A record behind a figure: what kind, which id, what to call it in a link."""

    kind: str
    id: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleFacts:
    """
    Time against the current baseline, and against the original one for the print beside it (RAI-22).

    Slips and durations are working days, later is positive; ``spi_t`` is the index SPI(t);
    ``is_finished`` means no work is left; ``quality_score`` is the score of the checks of the plan (SQ-3).
    """

    forecast_slip_wd: Decimal | None = None
    baseline_duration_wd: Decimal | None = None
    original_slip_wd: Decimal | None = None
    original_duration_wd: Decimal | None = None
    spi_t: Decimal | None = None
    overdue_key_milestones: int | None = None
    is_finished: bool = False
    quality_score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CostFacts:
    """
    Money in project currency at the data date.

    ``budget`` is the approved project budget, ``bac`` the performance baseline, ``eac`` the declared
    estimate, ``fac`` the forecast of the ledgers (CST-2).
    """

    budget: Decimal | None = None
    bac: Decimal | None = None
    pv: Decimal | None = None
    ev: Decimal | None = None
    ac: Decimal | None = None
    eac: Decimal | None = None
    fac: Decimal | None = None
    open_commitments: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ScopeFacts:
    """Approved scope changes since baseline 0 (money, draws on contingency excluded) and requests waiting."""

    approved_change_cost: Decimal | None = None
    original_bac: Decimal | None = None
    undecided_changes: int | None = None


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """Exposure ratio (RAI-3), very high risks without active response, SEV1 issues open too long."""

    is_register_reviewed: bool = False
    exposure_ratio: Decimal | None = None
    unanswered_very_high_risks: int | None = None
    overdue_critical_issues: int | None = None


@dataclass(frozen=True, slots=True)
class ResourceFacts:
    """Demand of the next weeks in hours, and people of the team with too much load."""

    demand_hours: Decimal | None = None
    unfilled_hours: Decimal | None = None
    team_size: int | None = None
    overloaded_people: int | None = None


@dataclass(frozen=True, slots=True)
class QualityFacts:
    """Findings of reviews and decisions on deliverables, as counts."""

    is_any_review_done: bool = False
    overdue_findings: int | None = None
    decided_deliverables: int | None = None
    accepted_first_time: int | None = None


@dataclass(frozen=True, slots=True)
class BenefitFacts:
    """Ratios of QUA-7: forecast total to business case, and realized to planned at the date."""

    are_benefits_set: bool = False
    forecast_ratio: Decimal | None = None
    to_date_ratio: Decimal | None = None


@dataclass(frozen=True, slots=True)
class GovernanceFacts:
    """Compliance in percent (STD-5) and days overdue of the oldest gate condition (0: none overdue)."""

    compliance_percent: Decimal | None = None
    oldest_condition_overdue_days: int | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the project manager declared for a dimension, and what the PMO said to it (REP-3, REP-4)."""

    color: Color
    override_state: OverrideState = OverrideState.NONE
    override_until: date | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.color not in (Color.GREEN, Color.AMBER, Color.RED):
            raise ValueError(f"A dimension is declared green, amber or red, not {self.color}.")


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """
    The last published status report.

    ``last_period_end`` is the end of its period; ``executing_since`` the day the project entered
    executing; ``cycle_restarted_on`` the day a closed project was opened again (A.2).
    """

    cycle: ReportCycle = ReportCycle.MONTHLY
    last_period_end: date | None = None
    executing_since: date | None = None
    cycle_restarted_on: date | None = None
    declared: Mapping[Dimension, Declaration] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """
    All inputs of one project's health at one date.

    ``missing`` gives the reason for an absent input by indicator code; ``records`` the records behind
    an indicator by indicator code; ``checks`` the data quality checks: passed, failed or not applicable
    (``None``). Report, data date and baseline checks are derived unless given.
    """

    key: str
    state: ProjectState
    data_date: date | None = None
    has_baseline: bool = False
    schedule: ScheduleFacts = field(default_factory=ScheduleFacts)
    cost: CostFacts = field(default_factory=CostFacts)
    scope: ScopeFacts = field(default_factory=ScopeFacts)
    risk: RiskFacts = field(default_factory=RiskFacts)
    resources: ResourceFacts = field(default_factory=ResourceFacts)
    quality: QualityFacts = field(default_factory=QualityFacts)
    benefits: BenefitFacts = field(default_factory=BenefitFacts)
    governance: GovernanceFacts = field(default_factory=GovernanceFacts)
    report: ReportFacts = field(default_factory=ReportFacts)
    missing: Mapping[str, Reason] = field(default_factory=dict)
    records: Mapping[str, tuple[RecordRef, ...]] = field(default_factory=dict)
    checks: Mapping[QualityCheck, bool | None] = field(default_factory=dict)

    @property
    def population(self) -> Population:
        """How this project takes part in the roll-up."""
        return POPULATION_OF_STATE[self.state]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-safe data; numbers with decimals travel as text."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build facts from data made by `to_dict`; raises ``ValueError`` on data that do not fit."""
        return from_plain(cls, data)
