"""Plain sentences for every step, distance and rule (REP-2, product section 4)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from portfolio.rollup.facts import Declaration
from portfolio.rollup.group import GroupRule, RuleSentence
from portfolio.rollup.health import RawValue, Step, StepCode
from portfolio.rollup.indicators import rate_indicator
from portfolio.rollup.project import failed_project, rate_project
from portfolio.rollup.render import PHRASES, render_distance, render_rule, render_step, shown
from portfolio.rollup.vocabulary import Color, Dimension, OverrideState, ProjectState, Unit
from tests.portfolio.rollup.examples import AS_OF, POLICY, dec, facts, p1, p2, p4, p5, rate
from tests.portfolio.rollup.strategies import projects


def sentences(health) -> list[str]:
    return [render_step(step, POLICY) for step in health.explanation]


def test_every_indicator_has_a_phrase():
    """REP-2: a sentence is generated for each."""
    assert set(PHRASES) == {rule.code for rule in POLICY.indicators}


@pytest.mark.parametrize("code", list(StepCode))
def test_every_step_has_a_sentence(code):
    """11.2 step 8: also for a step without any values."""
    step = Step(code, "11.2", color=Color.AMBER, params={"points": "1", "coverage": "1"})

    assert render_step(step, POLICY)


@pytest.mark.parametrize("code", list(GroupRule))
def test_every_group_rule_has_a_sentence(code):
    """HLT-2: the rule in one sentence."""
    assert render_rule(RuleSentence(code, dec("16"), dec(10), ("P3",)))


def test_sentences_of_p2():
    """EX-HLT, REP-2: as a reader sees them."""
    assert sentences(rate(p2()))[:6] == [
        "AMBER because of Schedule",
        "Schedule AMBER",
        "Schedule AMBER: forecast finish 12.0\u00a0% later than baseline (limit 5\u00a0%)",
        "Schedule AMBER: SPI(t) 0.90 (limit 0.95)",
        "Schedule AMBER: 1 key milestones overdue (limit 0)",
        "Risk AMBER",
    ]
    assert sentences(rate(p2()))[-1] == "Score 80.0 = 8000 / 100"


def test_sentence_of_a_declared_dimension():
    """REP-4: P5."""
    assert sentences(rate(p5()))[2] == "Schedule AMBER: declared AMBER, computed GREEN"


def test_sentence_of_an_accepted_override():
    """REP-4: with the day it ends."""
    declaration = Declaration(Color.AMBER, OverrideState.ACCEPTED, date(2026, 4, 30))

    found = sentences(rate(facts(slip="22", declared={Dimension.SCHEDULE: declaration})))

    assert "Schedule AMBER: declared and accepted by the PMO until 2026-04-30" in found


def test_sentences_of_guards_and_states():
    """11.2 step 7."""
    stale = replace(p1(), report=replace(p1().report, last_period_end=date(2026, 1, 31)))
    held = replace(p1(), state=ProjectState.ON_HOLD)

    assert sentences(rate(stale))[1] == "AMBER instead of GREEN: the last report is 59 days old"
    assert sentences(rate(held))[1] == "GREY: the project is on hold"
    assert sentences(failed_project("P", POLICY, AS_OF, "no rate")) == [
        "GREY: the calculation failed (no rate)"
    ]
    assert "Schedule: Forecast finish slip has no value (NO_BASELINE)" in sentences(rate(p4()))


@pytest.mark.parametrize(
    ("slip", "sentence"),
    [
        ("13", "3 more working days of slip turn this red"),
        ("15", "1 more working day of slip turns this red"),
        ("22", ""),
    ],
)
def test_distance_sentence(slip, sentence):
    """Product section 4."""
    assert render_distance(rate(facts(slip=slip)).indicator("HS1")) == sentence


def test_distance_sentences_of_other_units():
    """Product section 4: money and plain indices."""
    assert render_distance(rate(p1()).indicator("HC3")) == "Over 1000 of further cost turns this red"
    assert render_distance(rate(p1()).indicator("HC2")) == "Worse by more than 0.02 turns this amber"
    days = RawValue("HG2", dec(3), None, Unit.DAYS, dec(1))
    assert render_distance(rate_indicator(days, POLICY.indicator("HG2"))) == "12 more days turn this red"


def test_group_rule_sentence():
    """HLT-2, EX-HLT."""
    rule = RuleSentence(GroupRule.RED_SHARE_AMBER, dec(16), dec(10))

    assert render_rule(rule) == "16.0\u00a0% of the rated budget is red (limit 10\u00a0%)"


def test_shown_values_are_rounded_half_up():
    """CON-1: indices 2 decimals, percentages 1 decimal, money 0."""
    assert [shown(dec("0.945"), unit) for unit in (Unit.INDEX, Unit.PERCENT)] == ["0.95", "0.9\u00a0%"]
    assert (shown(dec("12.5"), Unit.MONEY), shown(dec("1.50"), None)) == ("13", "1.5")


@settings(deadline=None)
@given(given_facts=projects)
def test_every_explanation_can_be_read(given_facts):
    """11.2 step 8: no project leaves a step without words."""
    found = sentences(rate_project(given_facts, POLICY, AS_OF))

    assert found
    assert all(text.strip() and "{" not in text for text in found)


def test_sentence_prints_the_original_baseline_beside():
    """RAI-22: a new baseline cannot hide slip and growth."""
    given = facts(slip="10", changes="200")
    given = replace(
        given,
        schedule=replace(given.schedule, original_slip_wd=dec(40), original_duration_wd=dec(80)),
        scope=replace(given.scope, original_bac=dec(1600)),
    )

    found = sentences(rate(given))

    assert "Schedule AMBER: forecast finish 10.0\u00a0% later than baseline (limit 5\u00a0%); " in found[2]
    assert found[2].endswith("50.0\u00a0% against the original baseline")
    assert (
        "Scope AMBER: approved scope changes cost 12.5\u00a0% of the original budget (limit 5\u00a0%); "
        "25.0\u00a0% against the original baseline"
    ) in found
