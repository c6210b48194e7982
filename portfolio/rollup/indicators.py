"""Colors of indicators: unrounded values against the limits of the policy (CON-2)."""

from collections.abc import Mapping
from decimal import Decimal

from portfolio.rollup.health import Distance, IndicatorResult, RawValue
from portfolio.rollup.numbers import floored
from portfolio.rollup.policy import HealthPolicy, IndicatorPolicy
from portfolio.rollup.shared import shared
from portfolio.rollup.vocabulary import WHOLE_UNITS, Color, Direction
from projects.engine.measure import Reason


def rate_indicators(raw: Mapping[str, RawValue], policy: HealthPolicy) -> tuple[IndicatorResult, ...]:
    """
    Return every indicator of the policy with its color, in policy order.

    Parameters
    ----------
    raw : mapping of str to RawValue
        Measured values by indicator code; one that is not there is null, ``INSUFFICIENT_DATA``.
    policy : HealthPolicy
        Gives the limits.
    """
    return tuple(rate_indicator(raw.get(rule.code), rule) for rule in policy.indicators)


def rate_indicator(raw: RawValue | None, rule: IndicatorPolicy) -> IndicatorResult:
    """Return one indicator with its color and the distance to the next worse one."""
    found = raw or RawValue(rule.code, None, Reason.INSUFFICIENT_DATA)
    if found.is_bare:
        return shared(rule, ("rated", found.code, found.reason), lambda: _rated(found, rule))
    return _rated(found, rule)


def _rated(found: RawValue, rule: IndicatorPolicy) -> IndicatorResult:
    color = color_of(found.value, found.reason, rule)
    return IndicatorResult(
        raw=found,
        dimension=rule.dimension,
        unit=rule.unit,
        direction=rule.direction,
        color=color,
        green_limit=rule.green_limit,
        amber_limit=rule.amber_limit,
        distance=_distance(found, color, rule),
    )


def color_of(value: Decimal | None, reason: Reason | None, rule: IndicatorPolicy) -> Color:
    """
    Return the color of a value: at a limit it still has the better color; null is GREY (CON-4).

    A null value is RED when the policy lists its reason as such: exposure without any contingency
    left has no ratio, yet is the worst case (RAI-3).
    """
    if value is None:
        return Color.RED if reason is not None and reason in rule.red_reasons else Color.GREY
    if _margin(value, rule.green_limit, rule.direction) >= 0:
        return Color.GREEN
    if rule.amber_limit is not None and _margin(value, rule.amber_limit, rule.direction) >= 0:
        return Color.AMBER
    return Color.RED


def _margin(value: Decimal, limit: Decimal, direction: Direction) -> Decimal:
    return limit - value if direction == Direction.LOWER_IS_BETTER else value - limit


def _distance(raw: RawValue, color: Color, rule: IndicatorPolicy) -> Distance | None:
    if raw.value is None or color not in (Color.GREEN, Color.AMBER):
        return None
    limit = rule.green_limit
    to_color = Color.RED if rule.amber_limit is None else Color.AMBER
    if color == Color.AMBER and rule.amber_limit is not None:
        limit, to_color = rule.amber_limit, Color.RED
    amount = _margin(raw.value, limit, rule.direction)
    if raw.step_size is None or raw.step_unit is None:
        return Distance(to_color, amount)
    steps = amount * raw.step_size
    if raw.step_unit in WHOLE_UNITS:
        steps = floored(steps) + 1
    return Distance(to_color, amount, steps, raw.step_unit)
