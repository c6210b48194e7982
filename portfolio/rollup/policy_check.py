"""Faults of a policy that would make it unusable (HLT-11)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from portfolio.rollup.measures import FORMULAS
from portfolio.rollup.numbers import HUNDRED, ZERO
from portfolio.rollup.policy import HealthPolicy, IndicatorPolicy
from portfolio.rollup.vocabulary import Direction, ReportCycle


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """One fault: its code, where it is, and a plain sentence; ``values`` fill the translated one."""

    code: str
    where: str
    message: str
    values: Mapping[str, str] = field(default_factory=dict)


def validate(policy: HealthPolicy) -> list[PolicyFault]:
    """
    Return the faults of a policy; an empty list means that it may take effect (HLT-11).

    Weights must sum to 100, limits be ordered with the green one stricter, codes be known and unique,
    and every share and band lie between 0 and 100 in the right order.
    """
    return [
        *_weight_faults(policy),
        *_code_faults(policy),
        *(fault for rule in policy.indicators for fault in _limit_faults(rule)),
        *_rule_faults(policy),
        *_report_faults(policy),
    ]


def _weight_faults(policy: HealthPolicy) -> Iterator[PolicyFault]:
    groups = {
        "dimensions": [rule.weight for rule in policy.dimensions],
        "data_quality": [rule.weight for rule in policy.data_quality.checks],
    }
    for where, weights in groups.items():
        total = sum(weights, ZERO)
        if total != HUNDRED:
            yield PolicyFault(
                "WEIGHTS_NOT_100",
                where,
                f"The weights of {where} sum to {total}, not 100.",
                {"total": str(total)},
            )
        if any(weight <= 0 for weight in weights):
            yield PolicyFault("WEIGHT_NOT_POSITIVE", where, f"Every weight of {where} must be above 0.")
    if not any(rule.is_lead for rule in policy.dimensions):
        yield PolicyFault("NO_LEAD_DIMENSION", "dimensions", "At least one dimension must be a lead one.")


def _code_faults(policy: HealthPolicy) -> Iterator[PolicyFault]:
    if policy.version < 1:
        yield PolicyFault("VERSION", "version", "A version is a whole number from 1.")
    listed = {
        "dimensions": [rule.code.value for rule in policy.dimensions],
        "indicators": [rule.code for rule in policy.indicators],
        "data_quality": [rule.code.value for rule in policy.data_quality.checks],
    }
    for where, codes in listed.items():
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            yield PolicyFault("DUPLICATE", where, f"{code} is listed twice.", {"name": code})
    known = {rule.code for rule in policy.dimensions}
    for rule in policy.indicators:
        if rule.dimension not in known:
            yield PolicyFault("UNKNOWN_DIMENSION", rule.code, f"{rule.code} belongs to no listed dimension.")
        if rule.code not in FORMULAS:
            yield PolicyFault("UNKNOWN_INDICATOR", rule.code, f"{rule.code} has no formula.")
    for dimension in policy.dimensions:
        if not policy.indicators_of(dimension.code):
            yield PolicyFault("NO_INDICATOR", dimension.code, f"{dimension.code} has no indicator.")


def _limit_faults(rule: IndicatorPolicy) -> Iterator[PolicyFault]:
    if rule.amber_limit is None:
        return
    is_lower_better = rule.direction == Direction.LOWER_IS_BETTER
    room = rule.amber_limit - rule.green_limit if is_lower_better else rule.green_limit - rule.amber_limit
    if room <= 0:
        yield PolicyFault(
            "LIMITS_NOT_ORDERED", rule.code, f"The green limit of {rule.code} must be stricter than amber."
        )


def _ordered(where: str, *values: Decimal) -> Iterator[PolicyFault]:
    ladder = [ZERO, *values, HUNDRED]
    if any(low > high for low, high in pairwise(ladder)):
        yield PolicyFault("NOT_ORDERED", where, f"The values of {where} must rise from 0 to 100.")


def _rule_faults(policy: HealthPolicy) -> Iterator[PolicyFault]:
    group, project, quality = policy.group, policy.project, policy.data_quality
    yield from _ordered("group.red_share", group.red_share_for_amber, group.red_share_for_red)
    yield from _ordered("group.red_amber_share", group.red_amber_share_for_amber)
    yield from _ordered("group.min_rated_share", group.min_rated_share)
    yield from _ordered("project.min_coverage", project.min_coverage)
    yield from _ordered("project.points", project.red_points, project.amber_points, project.green_points)
    yield from _ordered("data_quality.bands", quality.medium_from, quality.high_from)
    if project.red_dimensions_for_red < 1 or project.amber_dimensions_for_amber < 1:
        yield PolicyFault("COUNT_TOO_SMALL", "project", "At least one dimension is needed for a color.")
    if not policy.trend.declining_from < 0 < policy.trend.improving_from:
        yield PolicyFault("TREND_LIMITS", "trend", "Improving must lie above 0 and declining below 0.")


def _report_faults(policy: HealthPolicy) -> Iterator[PolicyFault]:
    for cycle in ReportCycle:
        if policy.report.cycle_days.get(cycle, 0) < 1:
            yield PolicyFault("CYCLE_DAYS", cycle, f"The days of the {cycle} cycle must be at least 1.")
    if policy.report.grace_days < 0:
        yield PolicyFault("GRACE_DAYS", "report", "The days of grace must not be below 0.")
