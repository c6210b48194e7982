"""The health of one project: facts and policy in, color with reasons out (domain 11.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from portfolio.rollup.data_quality import NO_DATA_QUALITY, quality_checks, rate_data_quality
from portfolio.rollup.dimensions import rate_dimensions, score_of
from portfolio.rollup.explanation import explain
from portfolio.rollup.facts import Declaration, ProjectFacts
from portfolio.rollup.freshness import report_age
from portfolio.rollup.guards import apply_guards, color_by_rule
from portfolio.rollup.health import ProjectHealth, RawValue, Step, StepCode
from portfolio.rollup.indicators import rate_indicators
from portfolio.rollup.measures import measure
from portfolio.rollup.numbers import ZERO
from portfolio.rollup.policy import HealthPolicy, QualityCheck
from portfolio.rollup.vocabulary import Color, Dimension, Freshness, Population
from projects.engine.measure import Reason


@dataclass(frozen=True, slots=True)
class RatingInputs:
    """What is rated: raw values and judgments, already free of the project's ledgers and plans."""

    key: str
    as_of: date
    population: Population
    raw: Mapping[str, RawValue]
    declared: Mapping[Dimension, Declaration]
    freshness: Freshness
    report_age_days: int | None
    checks: Mapping[QualityCheck, bool | None]


def rate_project(facts: ProjectFacts, policy: HealthPolicy, as_of: date) -> ProjectHealth:
    """
    Return the health of one project at one date.

    Parameters
    ----------
    facts : ProjectFacts
        Inputs of the project at the date.
    policy : HealthPolicy
        Policy that is in force.
    as_of : date
        Day of the roll-up; ages of reports and overrides are counted to it.

    Returns
    -------
    ProjectHealth
        Color, score, coverage, dimensions, indicators, data quality and explanation. A closed project
        is BLUE, one that is on hold GREY; proposed, approved and cancelled ones are marked as left out.

    See Also
    --------
    restate : Applies another policy to a stored result.
    failed_project : Stands in when the calculation of one project fails.
    """
    age = report_age(facts.report, policy.report, as_of)
    return rate_inputs(
        RatingInputs(
            key=facts.key,
            as_of=as_of,
            population=facts.population,
            raw=measure(facts, policy),
            declared=facts.report.declared,
            freshness=age.freshness,
            report_age_days=age.days,
            checks=quality_checks(facts, policy, age.freshness, as_of),
        ),
        policy,
    )


def restate(health: ProjectHealth, policy: HealthPolicy) -> ProjectHealth:
    """
    Return the result as another policy would have rated the stored raw values (HLT-6).

    Raw values, declarations, age class of the report and verdicts of the checks stay as they were
    found; limits, weights, rules and bands are those of the given policy. An indicator the stored
    result lacks is null. With the same policy the result is the same.
    """
    if health.reason == Reason.CALC_ERROR:
        return replace(health, policy_version=policy.version)
    return rate_inputs(
        RatingInputs(
            key=health.key,
            as_of=health.as_of,
            population=health.population,
            raw={item.code: item.raw for item in health.indicators},
            declared={item.code: item.declaration for item in health.dimensions if item.declaration},
            freshness=health.freshness,
            report_age_days=health.report_age_days,
            checks=health.data_quality.checks,
        ),
        policy,
    )


def failed_project(key: str, policy: HealthPolicy, as_of: date, message: str) -> ProjectHealth:
    """Return the GREY result of a project whose calculation failed; the run goes on (HLT-10)."""
    step = Step(
        StepCode.CALCULATION_FAILED,
        "HLT-10",
        color=Color.GREY,
        reason=Reason.CALC_ERROR,
        params={"message": message},
    )
    unrated = RatingInputs(key, as_of, Population.RATED, {}, {}, Freshness.NOT_DUE, None, {})
    return _without_rating(unrated, policy, Color.GREY, Reason.CALC_ERROR, step)


def rate_inputs(inputs: RatingInputs, policy: HealthPolicy) -> ProjectHealth:
    """Return the health of a project from raw values; the part `rate_project` and `restate` share."""
    if inputs.population == Population.COMPLETE:
        step = Step(StepCode.PROJECT_COMPLETE, "11.2.1", color=Color.BLUE)
        return _without_rating(inputs, policy, Color.BLUE, None, step)
    if inputs.population == Population.LEFT_OUT:
        step = Step(StepCode.PROJECT_LEFT_OUT, "11.2.1", color=Color.GREY, reason=Reason.NOT_APPLICABLE)
        return _without_rating(inputs, policy, Color.GREY, Reason.NOT_APPLICABLE, step)
    indicators = rate_indicators(inputs.raw, policy)
    dimensions = rate_dimensions(
        indicators,
        inputs.declared,
        policy,
        as_of=inputs.as_of,
        is_report_dropped=inputs.freshness == Freshness.VERY_STALE,
    )
    score = score_of(dimensions, policy.project)
    rule = color_by_rule(dimensions, policy)
    guarded = apply_guards(
        rule.color,
        coverage=score.coverage,
        freshness=inputs.freshness,
        population=inputs.population,
        policy=policy,
    )
    return ProjectHealth(
        key=inputs.key,
        as_of=inputs.as_of,
        policy_version=policy.version,
        population=inputs.population,
        color=guarded.color,
        reason=guarded.reason,
        score=score.value,
        coverage=score.coverage,
        freshness=inputs.freshness,
        report_age_days=inputs.report_age_days,
        indicators=indicators,
        dimensions=dimensions,
        data_quality=rate_data_quality(inputs.checks, policy.data_quality),
        explanation=explain(
            rule,
            guarded,
            dimensions,
            indicators,
            score,
            policy,
            freshness=inputs.freshness,
            report_age_days=inputs.report_age_days,
            as_of=inputs.as_of,
        ),
    )


def _without_rating(
    inputs: RatingInputs, policy: HealthPolicy, color: Color, reason: Reason | None, step: Step
) -> ProjectHealth:
    return ProjectHealth(
        key=inputs.key,
        as_of=inputs.as_of,
        policy_version=policy.version,
        population=inputs.population,
        color=color,
        reason=reason,
        score=None,
        coverage=ZERO,
        freshness=inputs.freshness,
        report_age_days=inputs.report_age_days,
        indicators=(),
        dimensions=(),
        data_quality=NO_DATA_QUALITY,
        explanation=(step,),
    )
