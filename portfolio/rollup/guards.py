"""From dimensions to the project color: the rule and the guards (11.2 steps 6 and 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from portfolio.rollup.health import DimensionHealth, StepCode
from portfolio.rollup.policy import HealthPolicy
from portfolio.rollup.vocabulary import Color, Dimension, Freshness, Population
from projects.engine.measure import Reason


@dataclass(frozen=True, slots=True)
class ColorRule:
    """The color set by the rule, which clause of it, and the dimensions that fulfilled the clause."""

    color: Color
    code: StepCode
    dimensions: tuple[Dimension, ...] = ()


@dataclass(frozen=True, slots=True)
class Guarded:
    """The color after the guards, the reason if one changed it, and the guards that did."""

    color: Color
    reason: Reason | None = None
    applied: tuple[StepCode, ...] = ()


def color_by_rule(dimensions: Sequence[DimensionHealth], policy: HealthPolicy) -> ColorRule:
    """
    Return the project color before guards.

    RED if a lead dimension (schedule, cost) is RED or at least two dimensions are; else AMBER if a
    lead dimension is AMBER, any dimension RED or at least two AMBER; else GREEN.
    """
    leads = {rule.code for rule in policy.dimensions if rule.is_lead}
    red = tuple(item.code for item in dimensions if item.effective == Color.RED)
    amber = tuple(item.code for item in dimensions if item.effective == Color.AMBER)
    red_leads = tuple(code for code in red if code in leads)
    amber_leads = tuple(code for code in amber if code in leads)
    if red_leads:
        return ColorRule(Color.RED, StepCode.LEAD_DIMENSION_RED, red_leads)
    if len(red) >= policy.project.red_dimensions_for_red:
        return ColorRule(Color.RED, StepCode.SEVERAL_DIMENSIONS_RED, red)
    if amber_leads:
        return ColorRule(Color.AMBER, StepCode.LEAD_DIMENSION_AMBER, amber_leads)
    if red:
        return ColorRule(Color.AMBER, StepCode.ONE_DIMENSION_RED, red)
    if len(amber) >= policy.project.amber_dimensions_for_amber:
        return ColorRule(Color.AMBER, StepCode.SEVERAL_DIMENSIONS_AMBER, amber)
    return ColorRule(Color.GREEN, StepCode.NOTHING_ADVERSE)


def apply_guards(
    color: Color,
    *,
    coverage: Decimal,
    freshness: Freshness,
    population: Population,
    policy: HealthPolicy,
) -> Guarded:
    """
    Return the color after the guards.

    On hold is GREY. Too little coverage makes GREEN and AMBER GREY, a stale report makes GREEN AMBER,
    a very stale one makes GREEN and AMBER GREY. RED stays RED.
    """
    if population == Population.ON_HOLD:
        return Guarded(Color.GREY, Reason.NOT_APPLICABLE, (StepCode.PROJECT_ON_HOLD,))
    if color == Color.RED:
        return Guarded(color)
    if coverage < policy.project.min_coverage:
        return Guarded(Color.GREY, Reason.INSUFFICIENT_DATA, (StepCode.GUARD_COVERAGE,))
    if freshness == Freshness.VERY_STALE:
        return Guarded(Color.GREY, Reason.STALE, (StepCode.GUARD_VERY_STALE,))
    if freshness == Freshness.STALE and color == Color.GREEN:
        return Guarded(Color.AMBER, Reason.STALE, (StepCode.GUARD_STALE,))
    return Guarded(color)
