"""EX-HLT, the golden example of domain 11.5, to the printed digits."""

from dataclasses import replace
from decimal import Decimal

import pytest

from portfolio.rollup.aggregate import aggregate
from portfolio.rollup.comparison import compare
from portfolio.rollup.exceptions import ExceptionCode, ExceptionContext, find_exceptions
from portfolio.rollup.group import GroupRule, ProgramRow
from portfolio.rollup.health import Basis, StepCode
from portfolio.rollup.numbers import rounded
from portfolio.rollup.render import render_step
from portfolio.rollup.vocabulary import Color, DataQualityBand, Dimension, Freshness
from tests.portfolio.rollup.examples import (
    AS_OF,
    POLICY,
    child,
    dec,
    five,
    former_close,
    p1,
    p2,
    p3,
    p4,
    p5,
    rate,
    this_close,
)

G, A, R, X = Color.GREEN, Color.AMBER, Color.RED, Color.GREY

TABLE = [
    # project, S, C, P, R, U, Q, B, G, coverage, H, color
    (p1, (G, G, G, G, G, G, G, G), "100", "100.0", G),
    (p2, (A, G, G, A, G, G, G, G), "100", "80.0", A),
    (p3, (R, R, A, R, R, A, A, A), "100", "12.5", R),
    (p4, (X, G, X, G, G, X, G, R), "60", "91.7", A),
    (p5, (A, G, G, G, G, A, G, G), "100", "85.0", A),
]


@pytest.mark.parametrize(("make", "colors", "coverage", "score", "color"), TABLE)
def test_project_matches_the_printed_row(make, colors, coverage, score, color):
    """EX-HLT, HLT-1: dimension colors, coverage, H and color of each project."""
    health = rate(make())

    assert tuple(item.effective for item in health.dimensions) == colors
    assert health.coverage == Decimal(coverage)
    assert str(rounded(health.score, 1)) == score
    assert health.color == color
    assert health.reason is None


@pytest.mark.parametrize(
    ("make", "values"),
    [
        (p1, {"HS1": "3", "HS2": "0.97", "HS3": "0", "HC1": "-3", "HC2": "0.97", "HP1": "2", "HR1": "0.5"}),
        (p2, {"HS1": "12", "HS2": "0.9", "HS3": "1", "HC1": "-3.1", "HC2": "0.97", "HP1": "0", "HU1": "4"}),
        (p3, {"HS1": "22", "HS2": "0.78", "HC1": "-22", "HC2": "0.82", "HP1": "12", "HU1": "18", "HQ1": "2"}),
        (p4, {"HC1": "-2", "HR1": "0.4", "HU1": "2", "HB1": "1", "HG1": "70"}),
        (p5, {"HS1": "0", "HS2": "1", "HC1": "-1", "HC2": "0.99", "HP1": "1", "HQ1": "1", "HG1": "96"}),
    ],
)
def test_indicator_values_match_the_printed_row(make, values):
    """EX-HLT: raw values are unrounded and equal the table (CON-2)."""
    health = rate(make())

    found = {code: health.indicator(code).value for code in values}

    assert found == {code: Decimal(text) for code, text in values.items()}


def test_reasons_name_what_set_the_color():
    """EX-HLT: AMBER (schedule), RED (schedule, cost), AMBER (one RED dimension), schedule declared."""
    first_steps = [rate(given).explanation[0] for given in five()]

    assert [(step.code, step.params.get("dimensions")) for step in first_steps] == [
        (StepCode.NOTHING_ADVERSE, None),
        (StepCode.LEAD_DIMENSION_AMBER, "SCHEDULE"),
        (StepCode.LEAD_DIMENSION_RED, "SCHEDULE,COST"),
        (StepCode.ONE_DIMENSION_RED, "GOVERNANCE"),
        (StepCode.LEAD_DIMENSION_AMBER, "SCHEDULE"),
    ]
    assert rate(p5()).dimension(Dimension.SCHEDULE).basis == Basis.DECLARED_WORSE


def test_p3_declared_amber_without_acceptance_stays_red_and_is_listed():
    """EX-HLT, REP-4: RED stays, exception E4."""
    health = rate(p3())

    schedule = health.dimension(Dimension.SCHEDULE)
    found = find_exceptions(health, p3(), POLICY, ExceptionContext())

    assert (schedule.computed, schedule.declared, schedule.effective) == (R, A, R)
    assert schedule.is_optimistic
    assert ExceptionCode.OPTIMISTIC in [item.code for item in found]


def test_p3_schedule_sentence_is_the_one_of_the_reporting_rule():
    """REP-2: the sentence printed in the domain."""
    health = rate(p3())

    step = next(step for step in health.explanation if step.indicator == "HS1")

    assert render_step(step, POLICY) == (
        "Schedule RED: forecast finish 22.0\u00a0% later than baseline (limit 15\u00a0%)"
    )


def test_p4_data_quality_is_low_and_listed():
    """EX-HLT: 40/90 = 44.4, low, E8 and E3; the stale report leaves AMBER as it is."""
    health = rate(p4())

    found = {item.code for item in find_exceptions(health, p4(), POLICY, ExceptionContext())}

    assert health.freshness == Freshness.STALE
    assert str(rounded(health.data_quality.value, 1)) == "44.4"
    assert health.data_quality.band == DataQualityBand.LOW
    assert {ExceptionCode.REPORT_STALE, ExceptionCode.DATA_QUALITY_LOW} <= found


def portfolio(*, flagship: str = "", programs: tuple[ProgramRow, ...] = ()):
    rows = [child(given, is_flagship=given.key == flagship) for given in five()]
    return aggregate(rows, POLICY, key="IT", as_of=AS_OF, programs=programs)


def test_portfolio_shares_score_color_and_worst_child():
    """EX-HLT, HLT-1, HLT-2: 40/44/16 %, H_P 78.7, AMBER, worst child P3 RED."""
    group = portfolio()

    assert [group.share(color).budget_share for color in (G, A, R, X)] == [40, 44, 16, 0]
    assert [group.share(color).rated_share for color in (G, A, R, X)] == [40, 44, 16, None]
    assert [group.share(color).count for color in (G, A, R, X, Color.BLUE)] == [1, 3, 1, 0, 0]
    assert str(rounded(group.score, 1)) == "78.7"
    assert group.color == A
    assert (group.worst_child, group.worst_color) == ("P3", R)


def test_portfolio_rule_gives_both_clauses_that_hold():
    """EX-HLT: red at least 10 %, and red with amber 60 %."""
    group = portfolio()

    assert [(rule.code, rule.value, rule.limit) for rule in group.outcome.rules] == [
        (GroupRule.RED_SHARE_AMBER, 16, 10),
        (GroupRule.RED_AMBER_SHARE, 60, 40),
    ]
    assert group.rule == group.outcome.rules[0]


def test_portfolio_with_a_red_flagship_is_red():
    """EX-HLT: if P3 is flagship, RED."""
    group = portfolio(flagship="P3")

    assert group.color == R
    assert (group.rule.code, group.rule.keys) == (GroupRule.FLAGSHIP_RED, ("P3",))


def test_comparison_splits_the_change_into_like_for_like_and_mix():
    """EX-HLT, HLT-8: former 91.0, like-for-like 77.6, -13.4, total -12.2, mix +1.1."""
    change = compare(former_close(), this_close(), POLICY.trend).score

    printed = {
        "before": change.before,
        "like_after": change.like_after,
        "like_for_like": change.like_for_like,
        "total": change.total,
        "mix": change.mix,
    }
    assert {name: str(rounded(value, 1)) for name, value in printed.items()} == {
        "before": "91.0",
        "like_after": "77.6",
        "like_for_like": "-13.4",
        "total": "-12.2",
        "mix": "1.1",
    }
    assert change.like_for_like + change.mix == change.total


def test_comparison_lists_movers_and_the_new_project():
    """EX-HLT, HLT-8: P3 -37.5, P2 -20, P5 -12.5; P4 joined."""
    result = compare(former_close(), this_close(), POLICY.trend)

    assert [(mover.key, mover.change) for mover in result.movers] == [
        ("P3", dec("-37.5")),
        ("P2", dec(-20)),
        ("P5", dec("-12.5")),
    ]
    assert (result.joined, result.left, result.newly_red) == (("P4",), (), ("P3",))


def test_portfolio_totals_use_projects_with_both_numbers():
    """HLT-3: CPI = sum EV / sum AC, SPI = sum EV / sum PV, VAC = sum, SPI(t) weighted by BAC."""
    totals = portfolio().totals

    assert totals.cpi.value == Decimal(2259) / Decimal(2400)
    assert totals.spi.value == Decimal(2259) / Decimal(2300)
    assert totals.vac.value == dec("-279.2")
    assert totals.spi_t.value == Decimal("4244") / Decimal(4600)
    assert (totals.budget, totals.actual_cost) == (5000, 2500)


def test_flagship_without_red_changes_nothing():
    """HLT-2: a flagship counts only when RED."""
    assert replace(portfolio(flagship="P1"), key="IT") == portfolio()
