"""The policy: version 1 as printed (11.1), storage and faults (HLT-11)."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from portfolio.rollup.policy import HealthPolicy
from portfolio.rollup.policy_check import validate
from portfolio.rollup.policy_version_1 import default_policy
from portfolio.rollup.vocabulary import Dimension, Direction, ReportCycle
from tests.portfolio.rollup.examples import POLICY

PRINTED = {
    "HS1": ("SCHEDULE", "<", "5", "15"),
    "HS2": ("SCHEDULE", ">", "0.95", "0.85"),
    "HS3": ("SCHEDULE", "<", "0", "1"),
    "HC1": ("COST", ">", "-5", "-10"),
    "HC2": ("COST", ">", "0.95", "0.85"),
    "HC3": ("COST", "<", "1", None),
    "HP1": ("SCOPE", "<", "5", "15"),
    "HP2": ("SCOPE", "<", "1", "3"),
    "HR1": ("RISK", "<", "0.8", "1.2"),
    "HR2": ("RISK", "<", "0", "1"),
    "HR3": ("RISK", "<", "0", "1"),
    "HU1": ("RESOURCES", "<", "5", "15"),
    "HU2": ("RESOURCES", "<", "10", "25"),
    "HQ1": ("QUALITY", "<", "0", "2"),
    "HQ2": ("QUALITY", ">", "80", "60"),
    "HB1": ("BENEFITS", ">", "0.95", "0.8"),
    "HB2": ("BENEFITS", ">", "0.9", "0.7"),
    "HG1": ("GOVERNANCE", ">", "90", "75"),
    "HG2": ("GOVERNANCE", "<", "0", "14"),
}


def test_version_1_is_the_printed_table():
    """11.1: every indicator with its limits."""
    table = {
        rule.code: (
            rule.dimension.value,
            "<" if rule.direction == Direction.LOWER_IS_BETTER else ">",
            rule.green_limit,
            rule.amber_limit,
        )
        for rule in POLICY.indicators
    }

    assert table == {
        code: (dimension, sign, Decimal(green), None if amber is None else Decimal(amber))
        for code, (dimension, sign, green, amber) in PRINTED.items()
    }


def test_weights_and_lead_dimensions():
    """11.1: weights 25, 25, 10, 15, 10, 5, 5, 5; schedule and cost lead."""
    assert [rule.weight for rule in POLICY.dimensions] == [25, 25, 10, 15, 10, 5, 5, 5]
    assert [rule.code for rule in POLICY.dimensions if rule.is_lead] == [Dimension.SCHEDULE, Dimension.COST]
    assert [rule.weight for rule in POLICY.data_quality.checks] == [20, 15, 15, 10, 10, 10, 5, 5, 5, 5]


def test_policy_reads_back_equal_from_json():
    """HLT-5: the version in force is stored as data."""
    text = json.dumps(POLICY.to_dict())

    assert HealthPolicy.from_dict(json.loads(text)) == POLICY
    assert default_policy() is POLICY


def test_version_1_has_no_fault():
    """HLT-11."""
    assert validate(POLICY) == []


def with_indicator(changed: str, /, **changes) -> HealthPolicy:
    return replace(
        POLICY,
        indicators=tuple(
            replace(rule, **changes) if rule.code == changed else rule for rule in POLICY.indicators
        ),
    )


def with_weight(code: str, weight: str) -> HealthPolicy:
    return replace(
        POLICY,
        dimensions=tuple(
            replace(rule, weight=Decimal(weight)) if rule.code == code else rule for rule in POLICY.dimensions
        ),
    )


@pytest.mark.parametrize(
    ("policy", "faults"),
    [
        (with_weight("COST", "24.99"), [("WEIGHTS_NOT_100", "dimensions")]),
        (
            with_weight("COST", "-1"),
            [("WEIGHTS_NOT_100", "dimensions"), ("WEIGHT_NOT_POSITIVE", "dimensions")],
        ),
        (with_indicator("HS1", green_limit=Decimal(15)), [("LIMITS_NOT_ORDERED", "HS1")]),
        (with_indicator("HS2", green_limit=Decimal("0.8")), [("LIMITS_NOT_ORDERED", "HS2")]),
        (with_indicator("HS1", code="HX1"), [("UNKNOWN_INDICATOR", "HX1")]),
        (
            replace(POLICY, indicators=(*POLICY.indicators, POLICY.indicators[0])),
            [("DUPLICATE", "indicators")],
        ),
        (replace(POLICY, version=0), [("VERSION", "version")]),
        (
            replace(POLICY, group=replace(POLICY.group, red_share_for_amber=Decimal(30))),
            [("NOT_ORDERED", "group.red_share")],
        ),
        (
            replace(POLICY, data_quality=replace(POLICY.data_quality, medium_from=Decimal(90))),
            [("NOT_ORDERED", "data_quality.bands")],
        ),
        (
            replace(POLICY, trend=replace(POLICY.trend, declining_from=Decimal(5))),
            [("TREND_LIMITS", "trend")],
        ),
        (
            replace(POLICY, project=replace(POLICY.project, red_dimensions_for_red=0)),
            [("COUNT_TOO_SMALL", "project")],
        ),
        (
            replace(
                POLICY,
                report=replace(POLICY.report, cycle_days={ReportCycle.WEEKLY: 7, ReportCycle.MONTHLY: 31}),
            ),
            [("CYCLE_DAYS", "TWO_WEEKLY"), ("CYCLE_DAYS", "QUARTERLY"), ("CYCLE_DAYS", "YEARLY")],
        ),
        (
            replace(POLICY, report=replace(POLICY.report, grace_days=-1)),
            [("GRACE_DAYS", "report")],
        ),
        (
            replace(POLICY, dimensions=tuple(replace(rule, is_lead=False) for rule in POLICY.dimensions)),
            [("NO_LEAD_DIMENSION", "dimensions")],
        ),
        (
            replace(
                POLICY,
                indicators=tuple(rule for rule in POLICY.indicators if rule.dimension != Dimension.SCOPE),
            ),
            [("NO_INDICATOR", "SCOPE")],
        ),
    ],
)
def test_fault_is_named_with_its_place(policy, faults):
    """HLT-11: thresholds ordered, weights sum to 100, nothing unknown."""
    assert [(fault.code, fault.where) for fault in validate(policy)] == faults


def test_dimension_that_is_not_listed_is_a_fault():
    """HLT-11: an indicator must belong to a dimension of the policy."""
    policy = replace(POLICY, dimensions=POLICY.dimensions[1:])

    assert {fault.code for fault in validate(policy)} == {"WEIGHTS_NOT_100", "UNKNOWN_DIMENSION"}


@pytest.mark.parametrize(
    "change",
    [
        {"version": "one"},
        {"version": True},
        {"dimensions": [{"code": "SCHEDULE", "title": "Schedule", "weight": 25.5}]},
        {"dimensions": [{"code": "WEATHER", "title": "Weather", "weight": "25"}]},
        {"dimensions": [{"code": "SCHEDULE", "title": "Schedule", "weight": "NaN"}]},
        {"dimensions": [{"code": "SCHEDULE", "title": "Schedule", "weight": "much"}]},
        {"dimensions": [{"code": "SCHEDULE"}]},
    ],
)
def test_data_that_do_not_fit_are_refused(change):
    """HLT-11: floats, unknown words and missing parts do not become a policy."""
    with pytest.raises(ValueError, match=r".+"):
        HealthPolicy.from_dict({**POLICY.to_dict(), **change})
