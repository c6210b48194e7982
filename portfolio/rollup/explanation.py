"""The explanation of a color: ordered steps, enough to work it out again by hand (11.2 step 8, REP-2)."""

from collections.abc import Iterator, Sequence
from datetime import date

from portfolio.rollup.dimensions import Score, is_in_force
from portfolio.rollup.guards import ColorRule, Guarded
from portfolio.rollup.health import Basis, DimensionHealth, IndicatorResult, Step, StepCode
from portfolio.rollup.numbers import decimal_text
from portfolio.rollup.policy import HealthPolicy
from portfolio.rollup.shared import shared
from portfolio.rollup.vocabulary import SEVERITY, Color, Freshness, Unit


def explain(
    rule: ColorRule,
    guarded: Guarded,
    dimensions: Sequence[DimensionHealth],
    indicators: Sequence[IndicatorResult],
    score: Score,
    policy: HealthPolicy,
    *,
    freshness: Freshness,
    report_age_days: int | None,
    as_of: date,
) -> tuple[Step, ...]:
    """
    Return the steps: color rule, guards, dimensions from worst to best with what set them, score.

    Indicators are listed for each dimension that is not GREEN: those that have its computed color, or
    for one that is not rated all of them with the reason why they are null.
    """
    age = {"age_days": str(report_age_days)} if report_age_days is not None else {}
    steps = [
        Step(
            rule.code,
            "11.2.6",
            color=rule.color,
            params={"dimensions": ",".join(rule.dimensions)} if rule.dimensions else {},
        )
    ]
    steps.extend(_guard_step(code, guarded, score, policy, age) for code in guarded.applied)
    if freshness == Freshness.VERY_STALE:
        steps.append(Step(StepCode.REPORT_DROPPED, "11.2.7", params=age))
    ordered = sorted(dimensions, key=lambda item: -SEVERITY.get(item.effective, -1))
    for dimension in ordered:
        steps.extend(_dimension_steps(dimension, indicators, freshness, as_of))
    steps.append(_score_step(score))
    return tuple(steps)


def _guard_step(
    code: StepCode, guarded: Guarded, score: Score, policy: HealthPolicy, age: dict[str, str]
) -> Step:
    if code == StepCode.GUARD_COVERAGE:
        return Step(
            code,
            "11.2.7",
            color=guarded.color,
            value=score.coverage,
            limit=policy.project.min_coverage,
            unit=Unit.PERCENT,
            reason=guarded.reason,
        )
    if code == StepCode.PROJECT_ON_HOLD:
        return Step(code, "11.2.1", color=guarded.color, reason=guarded.reason)
    return Step(code, "11.2.7", color=guarded.color, reason=guarded.reason, params=age)


def _dimension_steps(
    dimension: DimensionHealth, indicators: Sequence[IndicatorResult], freshness: Freshness, as_of: date
) -> Iterator[Step]:
    is_unrated = dimension.effective == Color.GREY and dimension.declaration is None
    if is_unrated:
        yield shared(dimension, "step", lambda: _dimension_step(dimension))
    else:
        yield _dimension_step(dimension)
    if freshness != Freshness.VERY_STALE:
        yield from _declaration_steps(dimension, as_of)
    for item in indicators:
        if item.dimension != dimension.code:
            continue
        if (
            item.code in dimension.deciding and dimension.computed != Color.GREEN
        ) or dimension.computed == Color.GREY:
            yield _step_of(item)


def _dimension_step(dimension: DimensionHealth) -> Step:
    params = {"computed": dimension.computed.value, "weight": decimal_text(dimension.weight)}
    if dimension.declared is not None:
        params["declared"] = dimension.declared.value
    params["basis"] = dimension.basis.value
    is_grey = dimension.effective == Color.GREY
    return Step(
        StepCode.DIMENSION_NOT_RATED if is_grey else StepCode.DIMENSION,
        "11.2.3",
        color=dimension.effective,
        dimension=dimension.code,
        params=params,
    )


def _declaration_steps(dimension: DimensionHealth, as_of: date) -> Iterator[Step]:
    declaration = dimension.declaration
    if declaration is None:
        return
    until = declaration.override_until
    params = {"declared": declaration.color.value, "computed": dimension.computed.value}
    if dimension.basis in (Basis.DECLARED_WORSE, Basis.DECLARED_UNRATED):
        code = StepCode.DIMENSION_DECLARED
    elif dimension.basis == Basis.DECLARED_ACCEPTED and is_in_force(declaration, as_of):
        code = StepCode.OVERRIDE_IN_FORCE
    elif dimension.is_optimistic or dimension.basis == Basis.NOT_RATED:
        code = StepCode.OVERRIDE_NOT_IN_FORCE
    else:
        return
    params["override_state"] = declaration.override_state.value
    if until is not None:
        params["until"] = until.isoformat()
    if declaration.reason:
        params["reason"] = declaration.reason
    yield Step(code, "REP-4", color=dimension.effective, dimension=dimension.code, params=params)


def _step_of(item: IndicatorResult) -> Step:
    if item.raw.is_bare:
        return shared(item, "step", lambda: _indicator_step(item))
    return _indicator_step(item)


def _indicator_step(item: IndicatorResult) -> Step:
    params = {"green_limit": decimal_text(item.green_limit), "direction": item.direction.value}
    if item.amber_limit is not None:
        params["amber_limit"] = decimal_text(item.amber_limit)
    if item.against_original is not None:
        params["against_original"] = decimal_text(item.against_original)
    return Step(
        StepCode.INDICATOR if item.value is not None else StepCode.INDICATOR_NULL,
        "11.2.2",
        color=item.color,
        dimension=item.dimension,
        indicator=item.code,
        value=item.value,
        limit=item.crossed_limit if item.value is not None else None,
        unit=item.unit,
        reason=item.reason,
        params=params,
        records=item.records,
    )


def _score_step(score: Score) -> Step:
    if score.value is None:
        return Step(StepCode.NO_SCORE, "11.2.5", params={"coverage": decimal_text(score.coverage)})
    return Step(
        StepCode.SCORE,
        "11.2.5",
        value=score.value,
        params={"points": decimal_text(score.points), "coverage": decimal_text(score.coverage)},
    )
