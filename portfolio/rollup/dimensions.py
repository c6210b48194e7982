"""Dimensions: computed, declared and effective color, points and coverage (11.2 steps 3 to 5, REP-4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portfolio.rollup.facts import Declaration
from portfolio.rollup.health import Basis, DimensionHealth, IndicatorResult
from portfolio.rollup.numbers import ZERO, divide
from portfolio.rollup.policy import DimensionPolicy, HealthPolicy, ProjectRules
from portfolio.rollup.shared import shared
from portfolio.rollup.vocabulary import Color, Dimension, OverrideState, is_better, worst_color


@dataclass(frozen=True, slots=True)
class Score:
    """Sum of weight times points, sum of rated weights (the coverage), and their quotient H."""

    points: Decimal
    coverage: Decimal
    value: Decimal | None


def rate_dimensions(
    indicators: Sequence[IndicatorResult],
    declared: Mapping[Dimension, Declaration],
    policy: HealthPolicy,
    *,
    as_of: date,
    is_report_dropped: bool,
) -> tuple[DimensionHealth, ...]:
    """
    Return every dimension of the policy, in policy order.

    Parameters
    ----------
    indicators : sequence of IndicatorResult
        Rated indicators of the project.
    declared : mapping of Dimension to Declaration
        Declarations of the last published report.
    policy : HealthPolicy
        Gives dimensions and weights.
    as_of : date
        Day at which an accepted override must still hold.
    is_report_dropped : bool
        True when the report is very stale: declarations then do not count.
    """
    return tuple(
        _rate_dimension(rule, indicators, declared.get(rule.code), as_of, is_report_dropped)
        for rule in policy.dimensions
    )


def _rate_dimension(
    rule: DimensionPolicy,
    indicators: Sequence[IndicatorResult],
    declaration: Declaration | None,
    as_of: date,
    is_report_dropped: bool,
) -> DimensionHealth:
    own = [item for item in indicators if item.dimension == rule.code]
    computed = worst_color([item.color for item in own])
    if computed == Color.GREY and declaration is None:
        return shared(rule, Color.GREY, lambda: _unrated(rule))
    counting = declaration if rule.can_be_declared and not is_report_dropped else None
    effective, basis = effective_color(computed, counting, as_of)
    return DimensionHealth(
        code=rule.code,
        weight=rule.weight,
        computed=computed,
        effective=effective,
        basis=basis,
        deciding=tuple(item.code for item in own if item.color == computed and computed != Color.GREY),
        declaration=declaration,
        is_optimistic=counting is not None
        and is_better(counting.color, computed)
        and not is_in_force(counting, as_of),
    )


def _unrated(rule: DimensionPolicy) -> DimensionHealth:
    return DimensionHealth(
        code=rule.code,
        weight=rule.weight,
        computed=Color.GREY,
        effective=Color.GREY,
        basis=Basis.NOT_RATED,
    )


def effective_color(computed: Color, declaration: Declaration | None, as_of: date) -> tuple[Color, Basis]:
    """
    Return the color that counts and where it comes from (REP-4).

    The worse of computed and declared counts, unless the PMO accepted the declaration and the
    acceptance still holds. For a dimension that is not rated, a declared AMBER or RED counts at once
    and a declared GREEN only after acceptance.
    """
    if declaration is None or declaration.color == computed:
        return computed, Basis.NOT_RATED if computed == Color.GREY else Basis.COMPUTED
    is_accepted = is_in_force(declaration, as_of)
    if computed == Color.GREY:
        if declaration.color != Color.GREEN:
            return declaration.color, Basis.DECLARED_UNRATED
        return (Color.GREEN, Basis.DECLARED_ACCEPTED) if is_accepted else (Color.GREY, Basis.NOT_RATED)
    if is_better(computed, declaration.color):
        return declaration.color, Basis.DECLARED_WORSE
    return (declaration.color, Basis.DECLARED_ACCEPTED) if is_accepted else (computed, Basis.COMPUTED_WORSE)


def is_in_force(declaration: Declaration, as_of: date) -> bool:
    """Tell whether the PMO accepted the declaration and the acceptance has not run out on that day."""
    return (
        declaration.override_state == OverrideState.ACCEPTED
        and declaration.override_until is not None
        and as_of <= declaration.override_until
    )


def score_of(dimensions: Sequence[DimensionHealth], rules: ProjectRules) -> Score:
    """Return H and coverage over the dimensions that are not GREY (11.2 step 5)."""
    points_of = {
        Color.GREEN: rules.green_points,
        Color.AMBER: rules.amber_points,
        Color.RED: rules.red_points,
    }
    points = coverage = ZERO
    for item in dimensions:
        if item.effective in points_of:
            coverage += item.weight
            points += item.weight * points_of[item.effective]
    return Score(points, coverage, divide(points, coverage))
