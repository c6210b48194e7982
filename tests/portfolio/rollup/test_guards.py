"""Project color by rule and by guards (11.2 steps 1, 6 and 7)."""

from dataclasses import replace
from datetime import date

import pytest

from portfolio.rollup.facts import ProjectFacts
from portfolio.rollup.guards import apply_guards, color_by_rule
from portfolio.rollup.health import Basis, DimensionHealth, StepCode
from portfolio.rollup.project import failed_project, rate_project
from portfolio.rollup.vocabulary import Color, Dimension, Freshness, Population, ProjectState
from projects.engine.measure import Reason
from tests.portfolio.rollup.examples import AS_OF, POLICY, dec, facts, p3, rate

G, A, R, X, B = Color.GREEN, Color.AMBER, Color.RED, Color.GREY, Color.BLUE
D = Dimension


def dimensions(**colors: Color) -> list[DimensionHealth]:
    return [
        DimensionHealth(
            rule.code, rule.weight, colors.get(rule.code.lower(), G), colors.get(rule.code.lower(), G),
            Basis.COMPUTED,
        )
        for rule in POLICY.dimensions
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("colors", "expected", "code"),
    [
        ({}, G, StepCode.NOTHING_ADVERSE),
        ({"scope": A}, G, StepCode.NOTHING_ADVERSE),
        ({"scope": A, "risk": A}, A, StepCode.SEVERAL_DIMENSIONS_AMBER),
        ({"governance": R}, A, StepCode.ONE_DIMENSION_RED),
        ({"governance": R, "scope": A}, A, StepCode.ONE_DIMENSION_RED),
        ({"governance": R, "benefits": R}, R, StepCode.SEVERAL_DIMENSIONS_RED),
        ({"schedule": A}, A, StepCode.LEAD_DIMENSION_AMBER),
        ({"cost": A}, A, StepCode.LEAD_DIMENSION_AMBER),
        ({"schedule": R}, R, StepCode.LEAD_DIMENSION_RED),
        ({"cost": R}, R, StepCode.LEAD_DIMENSION_RED),
        ({"schedule": X, "cost": X}, G, StepCode.NOTHING_ADVERSE),
    ],
)
def test_color_by_rule(colors, expected, code):
    """11.2 step 6: schedule and cost lead; otherwise two dimensions are needed."""
    rule = color_by_rule(dimensions(**colors), POLICY)

    assert (rule.color, rule.code) == (expected, code)


def guarded(color=G, coverage=100, freshness=Freshness.FRESH, population=Population.RATED):
    result = apply_guards(
        color, coverage=dec(coverage), freshness=freshness, population=population, policy=POLICY
    )
    return result.color, result.reason


@pytest.mark.parametrize(
    ("color", "coverage", "expected"),
    [
        (G, 50, (G, None)),
        (G, 49, (X, Reason.INSUFFICIENT_DATA)),
        (A, 49, (X, Reason.INSUFFICIENT_DATA)),
        (R, 49, (R, None)),
        (G, 0, (X, Reason.INSUFFICIENT_DATA)),
    ],
)
def test_coverage_guard(color, coverage, expected):
    """11.2 step 7: coverage below 50 is GREY unless RED; 50 itself is enough."""
    assert guarded(color, coverage) == expected


@pytest.mark.parametrize(
    ("color", "freshness", "expected"),
    [
        (G, Freshness.FRESH, (G, None)),
        (G, Freshness.NOT_DUE, (G, None)),
        (G, Freshness.STALE, (A, Reason.STALE)),
        (A, Freshness.STALE, (A, None)),
        (R, Freshness.STALE, (R, None)),
        (G, Freshness.VERY_STALE, (X, Reason.STALE)),
        (A, Freshness.VERY_STALE, (X, Reason.STALE)),
        (R, Freshness.VERY_STALE, (R, None)),
    ],
)
def test_staleness_guard(color, freshness, expected):
    """11.2 step 7: stale bounds GREEN, very stale makes GREEN and AMBER GREY, RED stays."""
    assert guarded(color, 100, freshness) == expected


def test_too_little_coverage_is_named_before_staleness():
    """11.2 step 7: guards apply in the order they are written."""
    assert guarded(G, 10, Freshness.VERY_STALE) == (X, Reason.INSUFFICIENT_DATA)


def test_very_stale_report_drops_declarations():
    """11.2 steps 4 and 7, REP-9: declared AMBER does not count, the computed RED stays."""
    given = p3()
    old = replace(given, report=replace(given.report, last_period_end=date(2025, 12, 31)))
    green = facts(declared=dict(given.report.declared))
    old_green = replace(green, report=replace(green.report, last_period_end=date(2025, 12, 31)))

    assert rate(old).color == R
    assert not rate(old).dimension(D.SCHEDULE).is_optimistic
    assert rate(old_green).dimension(D.SCHEDULE).effective == G
    assert (rate(old_green).color, rate(old_green).reason) == (X, Reason.STALE)
    assert rate(old_green).score == 100


def test_stale_green_project_becomes_amber_and_keeps_its_score():
    """11.2 step 7: the explanation shows rule and guard."""
    given = facts()
    given = replace(given, report=replace(given.report, last_period_end=date(2026, 1, 31)))

    health = rate(given)

    assert (health.color, health.reason, health.score) == (A, Reason.STALE, 100)
    assert [step.code for step in health.explanation[:2]] == [
        StepCode.NOTHING_ADVERSE,
        StepCode.GUARD_STALE,
    ]


def test_empty_project_is_grey():
    """A.2 empty project: coverage below 50, GREY."""
    health = rate(ProjectFacts("E", ProjectState.INITIATING))

    assert (health.color, health.reason) == (X, Reason.INSUFFICIENT_DATA)
    assert (health.score, health.coverage) == (None, 0)


@pytest.mark.parametrize(
    ("state", "population", "color"),
    [
        (ProjectState.PROPOSED, Population.LEFT_OUT, X),
        (ProjectState.APPROVED, Population.LEFT_OUT, X),
        (ProjectState.INITIATING, Population.RATED, G),
        (ProjectState.PLANNING, Population.RATED, G),
        (ProjectState.EXECUTING, Population.RATED, G),
        (ProjectState.CLOSING, Population.RATED, G),
        (ProjectState.ON_HOLD, Population.ON_HOLD, X),
        (ProjectState.CLOSED, Population.COMPLETE, B),
        (ProjectState.CANCELLED, Population.LEFT_OUT, X),
    ],
)
def test_population_by_state(state, population, color):
    """11.2 step 1, A.2: on hold GREY, closed BLUE, proposed, approved and cancelled left out."""
    health = rate(replace(facts(), state=state))

    assert (health.population, health.color) == (population, color)


def test_on_hold_is_grey_even_when_red():
    """A.2 on hold: GREY "on hold", whatever the indicators say."""
    health = rate(replace(p3(), state=ProjectState.ON_HOLD))

    assert (health.color, health.reason) == (X, Reason.NOT_APPLICABLE)
    assert StepCode.PROJECT_ON_HOLD in [step.code for step in health.explanation]


def test_reopened_project_is_rated_again_and_its_cycle_restarts():
    """A.2 project reopened: state closing, report cycle restarts on that day."""
    given = replace(facts(), state=ProjectState.CLOSING)
    report = replace(given.report, last_period_end=date(2025, 6, 30), cycle_restarted_on=date(2026, 3, 1))

    health = rate_project(replace(given, report=report), POLICY, AS_OF)

    assert (health.color, health.freshness, health.report_age_days) == (G, Freshness.FRESH, 30)


def test_failed_calculation_is_grey_with_its_message():
    """HLT-10: CALC_ERROR, the run goes on."""
    health = failed_project("P9", POLICY, AS_OF, "no rate")

    assert (health.color, health.reason, health.score) == (X, Reason.CALC_ERROR, None)
    assert health.explanation[0].params == {"message": "no rate"}
