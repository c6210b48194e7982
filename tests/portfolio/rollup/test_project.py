"""One project's health as a whole: properties, restating (HLT-6), storage and explanation."""

import json
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.rollup.facts import ProjectFacts
from portfolio.rollup.health import ProjectHealth, StepCode
from portfolio.rollup.policy import HealthPolicy
from portfolio.rollup.project import failed_project, rate_project, restate
from portfolio.rollup.vocabulary import SEVERITY, Color, Dimension, Freshness
from tests.portfolio.rollup.examples import AS_OF, POLICY, five, p2, p3, p4, p5, rate
from tests.portfolio.rollup.strategies import projects


@settings(deadline=None)
@given(facts=projects)
def test_restating_with_the_same_policy_changes_nothing(facts):
    """HLT-6: identity."""
    health = rate_project(facts, POLICY, AS_OF)

    assert restate(health, POLICY) == health


@settings(deadline=None)
@given(facts=projects)
def test_stored_health_reads_back_equal(facts):
    """HLT-5, HLT-6: nothing is lost or rounded on the way through JSON."""
    health = rate_project(facts, POLICY, AS_OF)

    assert ProjectHealth.from_dict(json.loads(json.dumps(health.to_dict()))) == health


@settings(deadline=None)
@given(facts=projects)
def test_same_facts_give_the_same_bytes(facts):
    """SEC-37: also for facts that went through storage and came back with other number forms."""
    again = ProjectFacts.from_dict(json.loads(json.dumps(facts.to_dict())))

    first = json.dumps(rate_project(facts, POLICY, AS_OF).to_dict(), sort_keys=True)
    second = json.dumps(rate_project(again, POLICY, AS_OF).to_dict(), sort_keys=True)

    assert first == second


@settings(deadline=None)
@given(facts=projects, data=st.data())
def test_worse_indicator_never_improves_the_project(facts, data):
    """CON-10: raise one adverse count; neither color nor score gets better."""
    before = rate_project(facts, POLICY, AS_OF)
    issues = facts.risk.overdue_critical_issues
    more = (issues or 0) + data.draw(st.integers(1, 5))
    after = rate_project(
        replace(facts, risk=replace(facts.risk, overdue_critical_issues=more)), POLICY, AS_OF
    )

    if issues is None or Color.GREY in (before.color, after.color):
        assert (
            after.dimension(Dimension.RISK) is None or after.dimension(Dimension.RISK).computed != Color.GREEN
        )
        return
    assert SEVERITY[after.color] >= SEVERITY[before.color]
    assert (after.score is None) or after.score <= before.score


@settings(deadline=None)
@given(facts=projects)
def test_grey_is_never_counted_as_green(facts):
    """CON-10: coverage is the weight of the rated dimensions and nothing else."""
    health = rate_project(facts, POLICY, AS_OF)

    rated = [item for item in health.dimensions if item.effective != Color.GREY]
    assert health.coverage == sum(item.weight for item in rated)
    assert (health.score is None) == (not rated)


def by_hand(health: ProjectHealth) -> tuple[Color, Decimal | None]:
    """Work the color out again from nothing but the explanation, as a reader would."""
    colors, weights = {}, {}
    color = health.explanation[0].color
    for step in health.explanation:
        if step.code == StepCode.DIMENSION:
            colors[step.dimension] = step.color
            weights[step.dimension] = Decimal(step.params["weight"])
        if step.code.startswith("GUARD_"):
            color = step.color
    points = {Color.GREEN: 100, Color.AMBER: 50, Color.RED: 0}
    total = sum(weights.values())
    score = sum(weights[code] * points[colors[code]] for code in colors) / total if total else None
    return color, score


def test_explanation_is_enough_to_work_out_color_and_score():
    """11.2 step 8: nothing else is needed."""
    for facts in five():
        health = rate(facts)

        assert by_hand(health) == (health.color, health.score)


def test_explanation_of_p3_lists_what_set_it_from_worst_to_best():
    """11.2 step 8, REP-2: rule, dimension, indicators with value and limit, score."""
    steps = rate(p3()).explanation

    listed = [(step.code, step.dimension, step.indicator) for step in steps[:7]]
    red = [step for step in steps if step.indicator == "HS1"]
    score = steps[-1]

    assert listed == [
        (StepCode.LEAD_DIMENSION_RED, None, None),
        (StepCode.DIMENSION, Dimension.SCHEDULE, None),
        (StepCode.OVERRIDE_NOT_IN_FORCE, Dimension.SCHEDULE, None),
        (StepCode.INDICATOR, Dimension.SCHEDULE, "HS1"),
        (StepCode.INDICATOR, Dimension.SCHEDULE, "HS2"),
        (StepCode.INDICATOR, Dimension.SCHEDULE, "HS3"),
        (StepCode.DIMENSION, Dimension.COST, None),
    ]
    assert (red[0].value, red[0].limit, red[0].color) == (22, 15, Color.RED)
    assert score.params == {"points": "1250", "coverage": "100"}


def test_explanation_of_p4_gives_the_reasons_of_what_is_not_rated():
    """CON-4: a GREY dimension says why, indicator by indicator."""
    steps = rate(p4()).explanation

    nulls = {step.indicator: step.reason for step in steps if step.code == StepCode.INDICATOR_NULL}

    assert {nulls["HS1"], nulls["HS2"], nulls["HP2"]} == {"NO_BASELINE"}
    assert [step.dimension for step in steps if step.code == StepCode.DIMENSION_NOT_RATED] == [
        Dimension.SCHEDULE,
        Dimension.SCOPE,
        Dimension.QUALITY,
    ]


def stricter() -> HealthPolicy:
    rules = tuple(
        replace(rule, green_limit=Decimal(1), amber_limit=Decimal(10)) if rule.code == "HS1" else rule
        for rule in POLICY.indicators
    )
    return replace(POLICY, version=2, indicators=rules)


def test_new_policy_restates_an_old_result_and_leaves_it_alone():
    """HLT-6: P2 slipped 12 %: AMBER under version 1, RED when the limit is 10 %."""
    original = rate(p2())

    restated = restate(original, stricter())

    assert (original.color, original.policy_version) == (Color.AMBER, 1)
    assert (restated.color, restated.policy_version) == (Color.RED, 2)
    assert restated.indicator("HS1").value == 12
    assert restated == rate_project(p2(), stricter(), AS_OF)


def test_restating_keeps_declarations():
    """HLT-6, REP-4: P5 stays AMBER by declaration."""
    assert restate(rate(p5()), stricter()).dimension(Dimension.SCHEDULE).effective == Color.AMBER


def test_restating_without_an_indicator_the_old_policy_had():
    """HLT-6: a dropped indicator no longer counts."""
    smaller = replace(POLICY, version=2, indicators=tuple(r for r in POLICY.indicators if r.code != "HS1"))

    health = restate(rate(p2()), smaller)

    assert health.indicator("HS1") is None
    assert health.dimension(Dimension.SCHEDULE).deciding == ("HS2", "HS3")


def test_failed_project_stays_failed_when_restated():
    """HLT-10, HLT-6: there is nothing to rate again."""
    failed = failed_project("P9", POLICY, AS_OF, "no rate")

    assert restate(failed, POLICY) == failed
    assert restate(failed, stricter()).policy_version == 2
    assert ProjectHealth.from_dict(failed.to_dict()) == failed
    assert failed.freshness == Freshness.NOT_DUE
