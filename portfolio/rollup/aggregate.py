"""From projects to the health of a group, in one pass over slim rows (HLT-1 to HLT-4)."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from portfolio.rollup.group import (
    ChildRow,
    ColorShare,
    Confidence,
    GroupColor,
    GroupHealth,
    ProgramRow,
)
from portfolio.rollup.group_color import ShareBasis, color_group
from portfolio.rollup.group_totals import total_up
from portfolio.rollup.numbers import HUNDRED, ZERO, divide, percent
from portfolio.rollup.policy import HealthPolicy
from portfolio.rollup.vocabulary import (
    POPULATION_OF_STATE,
    RATED_COLORS,
    SEVERITY,
    Color,
    DataQualityBand,
    Dimension,
    Freshness,
    Population,
    ProjectState,
)

#: Order in which a distribution is listed.
SHOWN_COLORS = (Color.RED, Color.AMBER, Color.GREEN, Color.GREY, Color.BLUE)


def aggregate(
    children: Iterable[ChildRow],
    policy: HealthPolicy,
    *,
    key: str,
    as_of: date,
    programs: Sequence[ProgramRow] = (),
) -> GroupHealth:
    """
    Return the health of a group straight from its projects (HLT-4).

    Parameters
    ----------
    children : iterable of ChildRow
        All projects under the group, in any order; proposed and approved ones are left out, cancelled
        ones add their actual cost only.
    policy : HealthPolicy
        Limits of the color rule.
    key : str
        Key of the group.
    as_of : date
        Day of the roll-up.
    programs : sequence of ProgramRow
        Programs inside the group.

    Returns
    -------
    GroupHealth
        The same for every order of the children.
    """
    rows = sorted(children, key=lambda row: row.key)
    shown = [row for row in rows if POPULATION_OF_STATE[row.state] != Population.LEFT_OUT]
    active = [row for row in shown if POPULATION_OF_STATE[row.state] == Population.RATED]
    rated = [row for row in active if row.color in RATED_COLORS]
    outcome = color_group(
        ShareBasis.of((row, row.color) for row in active),
        [(item.key, item.color) for item in programs],
        policy.group,
    )
    worst = _worst(shown)
    return GroupHealth(
        key=key,
        as_of=as_of,
        policy_version=policy.version,
        color=outcome.color,
        reason=outcome.reason,
        rule=outcome.rules[0],
        outcome=outcome,
        score=weighted_score(rated),
        distribution=_distribution(shown, outcome),
        dimensions=_dimension_colors(active, programs, policy),
        worst_child=worst.key if worst else None,
        worst_color=worst.color if worst else None,
        totals=total_up(rows),
        confidence=_confidence(active, rated, outcome),
        without_budget=tuple(row.key for row in rated if not has_weight(row)),
        on_hold=tuple(row.key for row in shown if row.state == ProjectState.ON_HOLD),
    )


def has_weight(row: ChildRow) -> bool:
    """Tell whether a project has a budget to be weighted with."""
    return row.weight is not None and row.weight > 0


def weighted_score(rows: Iterable[ChildRow]) -> Decimal | None:
    """Return the budget-weighted mean of H over rated rows with a budget, or ``None`` without any."""
    points = weights = ZERO
    for row in rows:
        if row.score is not None and row.weight is not None and row.weight > 0:
            points += row.weight * row.score
            weights += row.weight
    return divide(points, weights)


def _dimension_colors(
    active: Sequence[ChildRow], programs: Sequence[ProgramRow], policy: HealthPolicy
) -> dict[Dimension, GroupColor]:
    return {
        rule.code: color_group(
            ShareBasis.of((row, _dimension_color(row, rule.code)) for row in active),
            [(item.key, item.dimensions.get(rule.code, Color.GREY)) for item in programs],
            policy.group,
        )
        for rule in policy.dimensions
    }


def _dimension_color(row: ChildRow, dimension: Dimension) -> Color:
    if row.color not in RATED_COLORS:
        return Color.GREY
    return row.dimensions.get(dimension, Color.GREY)


def _worst(rows: Iterable[ChildRow]) -> ChildRow | None:
    ordered = [row for row in rows if row.color in SEVERITY]
    return min(ordered, key=_worst_first, default=None)


def _worst_first(row: ChildRow) -> tuple[int, Decimal, Decimal, str]:
    score = HUNDRED if row.score is None else row.score
    return (-SEVERITY[row.color], score, -(row.weight or ZERO), row.key)


def _distribution(shown: Sequence[ChildRow], outcome: GroupColor) -> tuple[ColorShare, ...]:
    counts = dict.fromkeys(SHOWN_COLORS, 0)
    budgets = dict.fromkeys(SHOWN_COLORS, ZERO)
    for row in shown:
        counts[row.color] += 1
        if row.weight is not None and row.weight > 0:
            budgets[row.color] += row.weight
    total = sum(budgets.values(), ZERO)
    rated_shares = {
        Color.GREEN: outcome.green_share,
        Color.AMBER: outcome.amber_share,
        Color.RED: outcome.red_share,
    }
    return tuple(
        ColorShare(
            color=color,
            count=counts[color],
            budget=budgets[color],
            count_share=percent(Decimal(counts[color]), Decimal(len(shown))),
            budget_share=percent(budgets[color], total),
            rated_share=rated_shares.get(color),
        )
        for color in SHOWN_COLORS
    )


def _confidence(active: Sequence[ChildRow], rated: Sequence[ChildRow], outcome: GroupColor) -> Confidence:
    covered = weights = quality = ZERO
    quality_count = 0
    for row in active:
        if row.weight is not None and row.weight > 0:
            weights += row.weight
            covered += row.weight * (row.coverage or ZERO)
        if row.data_quality is not None:
            quality += row.data_quality
            quality_count += 1
    return Confidence(
        active_count=len(active),
        rated_count=len(rated),
        rated_count_share=percent(Decimal(len(rated)), Decimal(len(active))),
        rated_budget_share=outcome.rated_budget_share,
        mean_coverage=divide(covered, weights),
        stale_count=sum(row.freshness == Freshness.STALE for row in active),
        very_stale_count=sum(row.freshness == Freshness.VERY_STALE for row in active),
        mean_data_quality=divide(quality, Decimal(quality_count)),
        low_data_quality_count=sum(row.data_quality_band == DataQualityBand.LOW for row in active),
    )
