"""From projects to groups: shares, color, score, totals (HLT-1 to HLT-4)."""

import json
from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.rollup.aggregate import aggregate
from portfolio.rollup.group import ChildRow, GroupHealth, GroupRule, ProgramRow
from portfolio.rollup.vocabulary import Color, DataQualityBand, Dimension, Freshness, ProjectState
from projects.engine.measure import Reason
from tests.portfolio.rollup.examples import AS_OF, POLICY, dec
from tests.portfolio.rollup.strategies import children

G, A, R, X, B = Color.GREEN, Color.AMBER, Color.RED, Color.GREY, Color.BLUE
SCORES = {G: dec(100), A: dec(60), R: dec(20), X: None, B: None}


def row(key: str, color: Color, weight: str | None = "100", **changes) -> ChildRow:
    state = ProjectState.CLOSED if color == B else ProjectState.EXECUTING
    given = ChildRow(
        key=key,
        state=state,
        color=color,
        score=SCORES[color],
        weight=None if weight is None else dec(weight),
        dimensions={Dimension.SCHEDULE: color},
    )
    return replace(given, **changes)


def group(*rows: ChildRow, programs: tuple[ProgramRow, ...] = ()) -> GroupHealth:
    return aggregate(rows, POLICY, key="PF", as_of=AS_OF, programs=programs)


def shares(green: str, amber: str, red: str) -> GroupHealth:
    return group(row("g", G, green), row("a", A, amber), row("r", R, red))


@pytest.mark.parametrize(
    ("green", "amber", "red", "color", "rule"),
    [
        ("75", "0", "25", R, GroupRule.RED_SHARE_RED),
        ("75.01", "0", "24.99", A, GroupRule.RED_SHARE_AMBER),
        ("90", "0", "10", A, GroupRule.RED_SHARE_AMBER),
        ("90.01", "0", "9.99", G, GroupRule.WITHIN_LIMITS),
        ("60", "40", "0", A, GroupRule.RED_AMBER_SHARE),
        ("60.01", "39.99", "0", G, GroupRule.WITHIN_LIMITS),
        ("60", "30.01", "9.99", A, GroupRule.RED_AMBER_SHARE),
    ],
)
def test_color_at_each_share(green, amber, red, color, rule):
    """HLT-2, CON-2: 25, 10 and 40 % themselves count, compared before rounding."""
    found = shares(green, amber, red)

    assert (found.color, found.rule.code) == (color, rule)


def test_red_program_makes_a_green_portfolio_amber():
    """HLT-2: a program is RED."""
    found = group(row("g", G), programs=(ProgramRow("PR1", R), ProgramRow("PR2", A)))

    assert (found.color, found.rule.code, found.rule.keys) == (A, GroupRule.PROGRAM_RED, ("PR1",))


@pytest.mark.parametrize(("rated", "color"), [("50", G), ("49.99", X)])
def test_too_little_rated_budget_is_grey(rated, color):
    """HLT-2: rated share of the active total below 50 % is GREY; 50 % is enough."""
    unrated = str(dec(100) - dec(rated))

    found = group(row("g", G, rated), row("x", X, unrated))

    assert found.color == color
    assert found.confidence.rated_budget_share == dec(rated)


def test_red_stays_red_with_little_rated():
    """HLT-2: GREY unless RED."""
    found = group(row("r", R, "10"), row("x", X, "90"))

    assert (found.color, found.reason) == (R, None)


def test_group_without_a_rated_project_is_grey():
    """HLT-2: INSUFFICIENT_DATA, no score, whatever its programs."""
    found = group(row("x", X), programs=(ProgramRow("PR", R),))

    assert (found.color, found.reason, found.score) == (X, Reason.INSUFFICIENT_DATA, None)
    assert found.rule.code == GroupRule.NOTHING_RATED
    assert found.worst_child is None


def test_empty_group_is_grey_and_divides_nothing():
    """CON-4: no children, no numbers."""
    found = group()

    assert (found.color, found.score) == (X, None)
    assert found.confidence.rated_count_share is None
    assert (found.totals.cpi.value, found.totals.cpi.reason) == (None, Reason.NO_BASELINE)


def test_projects_without_budget_are_left_out_and_listed():
    """HLT-1: b null or 0 is left out of score and shares; the count shows it."""
    found = group(row("g", G), row("n", R, None), row("z", R, "0"))

    assert found.without_budget == ("n", "z")
    assert (found.score, found.color) == (100, G)
    assert found.share(R).count == 2
    assert found.worst_child in ("n", "z")


def test_red_flagship_without_budget_still_turns_the_group_red():
    """HLT-2: the flagship clause needs no budget."""
    assert group(row("g", G), row("n", R, None, is_flagship=True)).color == R


def test_on_hold_closed_and_left_out_projects():
    """11.2 step 1, A.2: GREY and BLUE are shown, proposed and cancelled are not; cost totals keep them."""
    found = group(
        row("g", G, ac=dec(10)),
        row("h", X, state=ProjectState.ON_HOLD, score=dec(0), ac=dec(20)),
        row("b", B, ac=dec(30)),
        row("c", X, state=ProjectState.CANCELLED, ac=dec(40)),
        row("p", X, state=ProjectState.PROPOSED, ac=dec(50)),
    )

    assert [found.share(color).count for color in (G, X, B)] == [1, 1, 1]
    assert found.on_hold == ("h",)
    assert (found.color, found.score) == (G, 100)
    assert (found.totals.ac, found.totals.actual_cost) == (30, 100)


def test_dimension_color_follows_the_same_rule():
    """HLT-2: the same rule per dimension, over rated projects."""
    found = group(
        row("g", G, "75"),
        row("a", A, "25", dimensions={Dimension.SCHEDULE: R}),
        row("x", X, "10", dimensions={Dimension.SCHEDULE: R}),
    )

    schedule = found.dimensions[Dimension.SCHEDULE]

    assert (schedule.color, schedule.red_share) == (R, 25)
    assert found.dimensions[Dimension.COST].color == X


def test_worst_child_is_the_lowest_score_of_the_worst_color():
    """HLT-1 (c): then the larger budget, then the key."""
    rows = [
        row("a", A, score=dec(5)),
        row("r1", R, "10", score=dec(30)),
        row("r2", R, "10", score=dec(20)),
        row("r3", R, "11", score=dec(20)),
    ]

    assert group(*rows).worst_child == "r3"


def test_totals_have_reasons_where_they_cannot_be_computed():
    """HLT-3, CON-4: no cost, nothing planned."""
    totals = group(row("g", G, ev=dec(5), ac=dec(0), pv=dec(0))).totals

    assert (totals.cpi.value, totals.cpi.reason) == (None, Reason.NO_COST)
    assert (totals.spi.value, totals.spi.reason) == (None, Reason.NOT_PLANNED_YET)
    assert (totals.vac.value, totals.vac.reason) == (None, Reason.NO_BASELINE)


def test_confidence_of_the_page():
    """Product section 4: coverage, stale reports, data quality."""
    found = group(
        row("g", G, "300", coverage=dec(100), freshness=Freshness.STALE, data_quality=dec(90)),
        row(
            "x",
            X,
            "100",
            coverage=dec(40),
            freshness=Freshness.VERY_STALE,
            data_quality=dec(40),
            data_quality_band=DataQualityBand.LOW,
        ),
    ).confidence

    assert (found.rated_count, found.active_count, found.rated_count_share) == (1, 2, 50)
    assert (found.rated_budget_share, found.mean_coverage) == (75, 85)
    assert (found.stale_count, found.very_stale_count) == (1, 1)
    assert (found.mean_data_quality, found.low_data_quality_count) == (65, 1)


@settings(deadline=None)
@given(rows=children, data=st.data())
def test_order_of_children_is_irrelevant(rows, data):
    """SEC-37, HLT-4: any order gives the same bytes."""
    shuffled = data.draw(st.permutations(rows))

    first = json.dumps(group(*rows).to_dict(), sort_keys=True)

    assert json.dumps(group(*shuffled).to_dict(), sort_keys=True) == first


@settings(deadline=None)
@given(rows=children)
def test_group_reads_back_equal_and_shares_sum_to_one_hundred(rows):
    """HLT-1, HLT-5: storage loses nothing; the distribution is complete."""
    found = group(*rows)

    assert GroupHealth.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    total = sum(item.budget_share for item in found.distribution if item.budget_share is not None)
    assert total == 0 or abs(total - 100) < dec("1E-20")


def test_two_thousand_children_take_well_under_a_second():
    """SEC-37, HLT-13: one pass over slim rows."""
    rows = [
        row(
            str(number),
            (G, A, R)[number % 3],
            str(number + 1),
            dimensions=dict.fromkeys(Dimension, G),
            ev=dec(9),
            ac=dec(10),
            pv=dec(11),
            bac=dec(20),
        )
        for number in range(2000)
    ]

    start = process_time()
    found = group(*rows)

    assert process_time() - start < 1
    assert found.confidence.rated_count == 2000
