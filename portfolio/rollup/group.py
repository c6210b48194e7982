"""Shapes of a group's health: program, portfolio, sub-portfolio or organization (domain 11.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from portfolio.rollup.codec import from_plain, to_plain
from portfolio.rollup.vocabulary import Color, DataQualityBand, Dimension, Freshness, ProjectState
from projects.engine.measure import Reason


@dataclass(frozen=True, slots=True)
class ChildRow:
    """
    One project as a slim row of a snapshot.

    ``weight`` is b: current BAC, without a baseline the approved budget, in reporting currency at
    budget rate. ``ev``, ``pv``, ``ac`` and ``vac`` are in reporting currency, too. ``score`` is
    unrounded; a GREY project may keep one, it is not used.
    """

    key: str
    state: ProjectState
    color: Color
    score: Decimal | None = None
    weight: Decimal | None = None
    is_flagship: bool = False
    dimensions: Mapping[Dimension, Color] = field(default_factory=dict)
    coverage: Decimal | None = None
    freshness: Freshness = Freshness.NOT_DUE
    data_quality: Decimal | None = None
    data_quality_band: DataQualityBand | None = None
    bac: Decimal | None = None
    pv: Decimal | None = None
    ev: Decimal | None = None
    ac: Decimal | None = None
    vac: Decimal | None = None
    spi_t: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ProgramRow:
    """Color of a program inside the group; a RED one makes the group at least AMBER (HLT-2)."""

    key: str
    color: Color
    dimensions: Mapping[Dimension, Color] = field(default_factory=dict)


class GroupRule(StrEnum):
    """Which clause set the color of a group; a translation catalog has one sentence for each."""

    FLAGSHIP_RED = "FLAGSHIP_RED"
    RED_SHARE_RED = "RED_SHARE_RED"
    RED_SHARE_AMBER = "RED_SHARE_AMBER"
    RED_AMBER_SHARE = "RED_AMBER_SHARE"
    PROGRAM_RED = "PROGRAM_RED"
    WITHIN_LIMITS = "WITHIN_LIMITS"
    TOO_LITTLE_RATED = "TOO_LITTLE_RATED"
    NOTHING_RATED = "NOTHING_RATED"


@dataclass(frozen=True, slots=True)
class RuleSentence:
    """The clause that decided, with the share in percent, the limit, and the keys it speaks of."""

    code: GroupRule
    value: Decimal | None = None
    limit: Decimal | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColorShare:
    """
    One color of the distribution.

    ``count_share`` and ``budget_share`` are percent of all children shown; ``rated_share`` is percent
    of the budget of rated projects and ``None`` for GREY and BLUE.
    """

    color: Color
    count: int
    budget: Decimal
    count_share: Decimal | None
    budget_share: Decimal | None
    rated_share: Decimal | None


@dataclass(frozen=True, slots=True)
class GroupColor:
    """Color by rule on budget shares, with every clause that held, the deciding one first."""

    color: Color
    reason: Reason | None
    rules: tuple[RuleSentence, ...]
    green_share: Decimal | None
    amber_share: Decimal | None
    red_share: Decimal | None
    rated_budget_share: Decimal | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or the reason why there is none (CON-4)."""

    value: Decimal | None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class GroupTotals:
    """
    Sums in reporting currency over projects initiating to closing and on hold (HLT-3).

    CPI and SPI take only projects with both numbers. ``actual_cost`` also holds closed and cancelled
    projects, whose money is spent (A.2).
    """

    budget: Decimal
    bac: Decimal
    pv: Decimal
    ev: Decimal
    ac: Decimal
    actual_cost: Decimal
    vac: Figure
    cpi: Figure
    spi: Figure
    spi_t: Figure


@dataclass(frozen=True, slots=True)
class Confidence:
    """How far the page can be trusted: rated part, mean coverage by budget, ages of reports, data quality."""

    active_count: int
    rated_count: int
    rated_count_share: Decimal | None
    rated_budget_share: Decimal | None
    mean_coverage: Decimal | None
    stale_count: int
    very_stale_count: int
    mean_data_quality: Decimal | None
    low_data_quality_count: int


@dataclass(frozen=True, slots=True)
class GroupHealth:
    """
    Health of a group at one date: distribution, weighted score and worst child together (HLT-1).

    ``score`` is H_P, 0 to 100, unrounded. ``without_budget`` lists rated projects left out of scores
    and shares because they have no budget, ``on_hold`` those that are on hold.
    """

    key: str
    as_of: date
    policy_version: int
    color: Color
    reason: Reason | None
    rule: RuleSentence
    outcome: GroupColor
    score: Decimal | None
    distribution: tuple[ColorShare, ...]
    dimensions: Mapping[Dimension, GroupColor]
    worst_child: str | None
    worst_color: Color | None
    totals: GroupTotals
    confidence: Confidence
    without_budget: tuple[str, ...]
    on_hold: tuple[str, ...]

    def share(self, color: Color) -> ColorShare:
        """Return one color of the distribution."""
        return next(item for item in self.distribution if item.color == color)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-safe data; numbers with decimals travel as text."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build a group result from data made by `to_dict`."""
        return from_plain(cls, data)
