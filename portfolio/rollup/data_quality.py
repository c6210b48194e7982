"""Data quality: how much of what the color rests on can be trusted (11.2 step 9)."""

from collections.abc import Mapping
from datetime import date

from portfolio.rollup.facts import ProjectFacts
from portfolio.rollup.health import DataQuality
from portfolio.rollup.numbers import ZERO, percent
from portfolio.rollup.policy import DataQualityRules, HealthPolicy, QualityCheck
from portfolio.rollup.vocabulary import DataQualityBand, Freshness

NO_DATA_QUALITY = DataQuality(value=None, band=None, checks={})


def quality_checks(
    facts: ProjectFacts, policy: HealthPolicy, freshness: Freshness, as_of: date
) -> dict[QualityCheck, bool | None]:
    """
    Return each check of the policy as passed, failed or not applicable (``None``).

    Report, data date, baseline and schedule quality are derived here; the others come with the facts, and
    a check the facts do not mention is not applicable.
    """
    derived: dict[QualityCheck, bool | None] = {
        QualityCheck.REPORT_FRESH: None if freshness == Freshness.NOT_DUE else freshness == Freshness.FRESH,
        QualityCheck.DATA_DATE_RECENT: _is_data_date_recent(facts, policy, as_of),
        QualityCheck.BASELINE_APPROVED: facts.has_baseline,
        QualityCheck.SCHEDULE_QUALITY: _is_schedule_sound(facts, policy),
    }
    known = {**derived, **facts.checks}
    return {rule.code: known.get(rule.code) for rule in policy.data_quality.checks}


def rate_data_quality(checks: Mapping[QualityCheck, bool | None], rules: DataQualityRules) -> DataQuality:
    """
    Return 100 times the passed weight over the applicable weight, and its band.

    The value is ``None`` when no check applies. It is a badge only and changes no color.
    """
    passed = applicable = ZERO
    for rule in rules.checks:
        verdict = checks.get(rule.code)
        if verdict is not None:
            applicable += rule.weight
            passed += rule.weight if verdict else ZERO
    value = percent(passed, applicable)
    if value is None:
        return DataQuality(value=None, band=None, checks=dict(checks))
    band = DataQualityBand.LOW
    if value >= rules.high_from:
        band = DataQualityBand.HIGH
    elif value >= rules.medium_from:
        band = DataQualityBand.MEDIUM
    return DataQuality(value=value, band=band, checks=dict(checks))


def _is_schedule_sound(facts: ProjectFacts, policy: HealthPolicy) -> bool | None:
    score = facts.schedule.quality_score
    return None if score is None else score >= policy.measurement.min_schedule_quality


def _is_data_date_recent(facts: ProjectFacts, policy: HealthPolicy, as_of: date) -> bool:
    if facts.data_date is None:
        return False
    allowed = policy.report.cycle_days[facts.report.cycle] + policy.report.grace_days
    return (as_of - facts.data_date).days <= allowed
