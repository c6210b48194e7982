"""Result shapes of the project roll-up. They carry raw values, so a later policy can restate them (HLT-6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from portfolio.rollup.codec import from_plain, to_plain
from portfolio.rollup.facts import Declaration, RecordRef
from portfolio.rollup.policy import QualityCheck
from portfolio.rollup.vocabulary import (
    Color,
    DataQualityBand,
    Dimension,
    Direction,
    Freshness,
    Population,
    Unit,
)
from projects.engine.measure import Reason


@dataclass(frozen=True, slots=True)
class RawValue:
    """
    An indicator before any policy: value, or null with reason.

    ``step_size`` is how many natural units (``step_unit``) make one unit of the indicator: 2 working
    days for one percent of slip when the baseline lasts 200 working days.
    ``against_original`` is the figure printed beside: slip of HS1 and growth of BAC for HP1 against
    the original baseline, in percent (RAI-22).
    """

    code: str
    value: Decimal | None = None
    reason: Reason | None = None
    step_unit: Unit | None = None
    step_size: Decimal | None = None
    records: tuple[RecordRef, ...] = ()
    against_original: Decimal | None = None

    @property
    def is_bare(self) -> bool:
        """True when there is nothing but the reason why the value is absent."""
        found = (self.value, self.step_unit, self.step_size, self.against_original)
        return found == (None, None, None, None) and not self.records


@dataclass(frozen=True, slots=True)
class Distance:
    """
    How much worse a value may get before its color gets worse.

    ``amount`` is in the unit of the indicator: up to and including it the color stays.
    ``steps`` is in ``step_unit``: for whole units the smallest number that turns the color, for
    continuous ones the amount above which it turns.
    """

    to_color: Color
    amount: Decimal
    steps: Decimal | None = None
    step_unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """One indicator rated: raw value, limits, color, distance to the next worse color, records."""

    raw: RawValue
    dimension: Dimension
    unit: Unit
    direction: Direction
    color: Color
    green_limit: Decimal
    amber_limit: Decimal | None
    distance: Distance | None = None

    @property
    def code(self) -> str:
        """Indicator code, such as HS1."""
        return self.raw.code

    @property
    def value(self) -> Decimal | None:
        """Unrounded value, or ``None``."""
        return self.raw.value

    @property
    def reason(self) -> Reason | None:
        """Why the value is absent (CON-4)."""
        return self.raw.reason

    @property
    def records(self) -> tuple[RecordRef, ...]:
        """Records behind the value."""
        return self.raw.records

    @property
    def against_original(self) -> Decimal | None:
        """The figure against the original baseline, in percent, where there is one (RAI-22)."""
        return self.raw.against_original

    @property
    def crossed_limit(self) -> Decimal | None:
        """The limit that decided the color: the one crossed, or the green one when none was."""
        if self.color == Color.RED and self.amber_limit is not None:
            return self.amber_limit
        return self.green_limit


class Basis(StrEnum):
    """Where the effective color of a dimension comes from (REP-4)."""

    COMPUTED = "COMPUTED"
    COMPUTED_WORSE = "COMPUTED_WORSE"
    DECLARED_WORSE = "DECLARED_WORSE"
    DECLARED_ACCEPTED = "DECLARED_ACCEPTED"
    DECLARED_UNRATED = "DECLARED_UNRATED"
    NOT_RATED = "NOT_RATED"


@dataclass(frozen=True, slots=True)
class DimensionHealth:
    """
    One dimension: computed, declared and effective color.

    ``declaration`` is the one of the last published report, kept even when it does not count.
    ``deciding`` lists the indicators that have the computed color.
    """

    code: Dimension
    weight: Decimal
    computed: Color
    effective: Color
    basis: Basis
    deciding: tuple[str, ...] = ()
    declaration: Declaration | None = None
    is_optimistic: bool = False

    @property
    def declared(self) -> Color | None:
        """Declared color, if the last report has one."""
        return self.declaration.color if self.declaration else None


class StepCode(StrEnum):
    """What a line of the explanation says; a translation catalog has one sentence for each."""

    LEAD_DIMENSION_RED = "LEAD_DIMENSION_RED"
    SEVERAL_DIMENSIONS_RED = "SEVERAL_DIMENSIONS_RED"
    LEAD_DIMENSION_AMBER = "LEAD_DIMENSION_AMBER"
    ONE_DIMENSION_RED = "ONE_DIMENSION_RED"
    SEVERAL_DIMENSIONS_AMBER = "SEVERAL_DIMENSIONS_AMBER"
    NOTHING_ADVERSE = "NOTHING_ADVERSE"
    PROJECT_ON_HOLD = "PROJECT_ON_HOLD"
    PROJECT_COMPLETE = "PROJECT_COMPLETE"
    PROJECT_LEFT_OUT = "PROJECT_LEFT_OUT"
    CALCULATION_FAILED = "CALCULATION_FAILED"
    GUARD_COVERAGE = "GUARD_COVERAGE"
    GUARD_STALE = "GUARD_STALE"
    GUARD_VERY_STALE = "GUARD_VERY_STALE"
    REPORT_DROPPED = "REPORT_DROPPED"
    DIMENSION = "DIMENSION"
    DIMENSION_DECLARED = "DIMENSION_DECLARED"
    DIMENSION_NOT_RATED = "DIMENSION_NOT_RATED"
    OVERRIDE_IN_FORCE = "OVERRIDE_IN_FORCE"
    OVERRIDE_NOT_IN_FORCE = "OVERRIDE_NOT_IN_FORCE"
    INDICATOR = "INDICATOR"
    INDICATOR_NULL = "INDICATOR_NULL"
    SCORE = "SCORE"
    NO_SCORE = "NO_SCORE"


@dataclass(frozen=True, slots=True)
class Step:
    """
    One line of the explanation, as data.

    ``rule`` is the id in the domain specification; ``params`` holds further values as text.
    """

    code: StepCode
    rule: str
    color: Color | None = None
    dimension: Dimension | None = None
    indicator: str | None = None
    value: Decimal | None = None
    limit: Decimal | None = None
    unit: Unit | None = None
    reason: Reason | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    records: tuple[RecordRef, ...] = ()


@dataclass(frozen=True, slots=True)
class DataQuality:
    """Data quality: percent passed of the applicable weight, its band, and each check."""

    value: Decimal | None
    band: DataQualityBand | None
    checks: Mapping[QualityCheck, bool | None]


@dataclass(frozen=True, slots=True)
class ProjectHealth:
    """
    Health of one project at one date under one policy version.

    ``score`` is H, 0 to 100, unrounded, or ``None`` when no dimension is rated; ``coverage`` the rated
    weight of 100. A GREY project keeps its score for information.
    """

    key: str
    as_of: date
    policy_version: int
    population: Population
    color: Color
    reason: Reason | None
    score: Decimal | None
    coverage: Decimal
    freshness: Freshness
    report_age_days: int | None
    indicators: tuple[IndicatorResult, ...]
    dimensions: tuple[DimensionHealth, ...]
    data_quality: DataQuality
    explanation: tuple[Step, ...]

    @property
    def is_rated(self) -> bool:
        """True for GREEN, AMBER and RED: such projects enter scores and shares."""
        return self.color in (Color.GREEN, Color.AMBER, Color.RED)

    def dimension(self, code: Dimension) -> DimensionHealth | None:
        """Return one dimension, or ``None`` if the policy has no such dimension."""
        return next((item for item in self.dimensions if item.code == code), None)

    def indicator(self, code: str) -> IndicatorResult | None:
        """Return one indicator, or ``None`` if the policy has no such indicator."""
        return next((item for item in self.indicators if item.code == code), None)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-safe data; numbers with decimals travel as text, so nothing is rounded."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build a health result from data made by `to_dict`."""
        return from_plain(cls, data)
