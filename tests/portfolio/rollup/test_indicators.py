"""Colors at the exact limits, before rounding (CON-2), and the distance to the next color."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.rollup.health import Distance, RawValue
from portfolio.rollup.indicators import color_of, rate_indicator
from portfolio.rollup.numbers import rounded
from portfolio.rollup.vocabulary import SEVERITY, Color, Direction, Unit
from projects.engine.measure import Reason
from tests.portfolio.rollup.examples import POLICY, dec, facts, rate

G, A, R = Color.GREEN, Color.AMBER, Color.RED

LIMITS = [
    ("HS1", [("5", G), ("5.0001", A), ("15", A), ("15.0001", R), ("-4", G)]),
    ("HS2", [("0.95", G), ("0.9496", A), ("0.85", A), ("0.8499", R), ("1.2", G)]),
    ("HS3", [("0", G), ("1", A), ("2", R)]),
    ("HC1", [("-5", G), ("-5.0001", A), ("-10", A), ("-10.0001", R), ("3", G)]),
    ("HC2", [("0.95", G), ("0.9496", A), ("0.85", A), ("0.8499", R)]),
    ("HC3", [("1.00", G), ("1.0001", R)]),
    ("HP1", [("5", G), ("5.0001", A), ("15", A), ("15.0001", R), ("-2", G)]),
    ("HP2", [("1", G), ("2", A), ("3", A), ("4", R)]),
    ("HR1", [("0.80", G), ("0.8001", A), ("1.20", A), ("1.2001", R)]),
    ("HR2", [("0", G), ("1", A), ("2", R)]),
    ("HR3", [("0", G), ("1", A), ("2", R)]),
    ("HU1", [("5", G), ("5.0001", A), ("15", A), ("15.0001", R)]),
    ("HU2", [("10", G), ("10.0001", A), ("25", A), ("25.0001", R)]),
    ("HQ1", [("0", G), ("1", A), ("2", A), ("3", R)]),
    ("HQ2", [("80", G), ("79.9999", A), ("60", A), ("59.9999", R)]),
    ("HB1", [("0.95", G), ("0.9499", A), ("0.80", A), ("0.7999", R)]),
    ("HB2", [("0.90", G), ("0.8999", A), ("0.70", A), ("0.6999", R)]),
    ("HG1", [("90", G), ("89.9999", A), ("75", A), ("74.9999", R)]),
    ("HG2", [("0", G), ("1", A), ("14", A), ("15", R)]),
]


@pytest.mark.parametrize(("code", "rows"), LIMITS)
def test_color_at_and_beside_each_limit(code, rows):
    """11.1, CON-2: at a limit the better color; beyond it, however little, the worse one."""
    rule = POLICY.indicator(code)

    assert [color_of(Decimal(value), None, rule) for value, _ in rows] == [color for _, color in rows]


def test_value_shown_at_the_limit_may_still_be_below_it():
    """CON-2: a CPI of 0.9496 is shown as 0.95 and is AMBER."""
    value = Decimal("0.9496")

    assert str(rounded(value, 2)) == "0.95"
    assert color_of(value, None, POLICY.indicator("HC2")) == A


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason != Reason.BUDGET_EXHAUSTED])
def test_null_is_grey_whatever_the_reason(reason):
    """CON-4: null is not rated, never GREEN."""
    assert color_of(None, reason, POLICY.indicator("HR1")) == Color.GREY


def test_missing_raw_value_is_null():
    """CON-4: an indicator nobody measured."""
    result = rate_indicator(None, POLICY.indicator("HS1"))

    assert (result.value, result.reason, result.color) == (None, Reason.INSUFFICIENT_DATA, Color.GREY)
    assert result.distance is None


def raw(value: str, unit: Unit | None = None, size: str | None = None) -> RawValue:
    return RawValue("HS1", Decimal(value), None, unit, None if size is None else Decimal(size))


@pytest.mark.parametrize(
    ("value", "size", "expected"),
    [
        ("13.2", "1", Distance(R, dec("1.8"), dec(2), Unit.WORKING_DAYS)),
        ("15", "1", Distance(R, dec(0), dec(1), Unit.WORKING_DAYS)),
        ("3", "2", Distance(A, dec(2), dec(5), Unit.WORKING_DAYS)),
        ("15.01", "1", None),
    ],
)
def test_distance_counts_whole_steps_that_turn_the_color(value, size, expected):
    """Product section 4: "2 more working days of slip turn this red"."""
    result = rate_indicator(raw(value, Unit.WORKING_DAYS, size), POLICY.indicator("HS1"))

    assert result.distance == expected


def test_distance_without_natural_step_is_in_the_indicator_unit():
    """An index has no natural step."""
    result = rate_indicator(RawValue("HC2", dec("0.97")), POLICY.indicator("HC2"))

    assert result.distance == Distance(A, dec("0.02"))


def test_distance_skips_amber_where_there_is_no_amber_limit():
    """11.1 HC3: beyond the green limit is RED; the distance is money."""
    result = rate(facts()).indicator("HC3")

    assert result.distance == Distance(R, dec("0.5"), dec(1000), Unit.MONEY)


def test_steps_of_the_distance_turn_the_color_and_one_less_does_not():
    """The promise of the sentence holds on the facts themselves."""
    start = facts(slip="12")
    steps = rate(start).indicator("HS1").distance.steps

    def color_after(more):
        slip = start.schedule.forecast_slip_wd + more
        later = replace(start, schedule=replace(start.schedule, forecast_slip_wd=slip))
        return rate(later).indicator("HS1").color

    assert (color_after(steps - 1), color_after(steps)) == (A, R)


@settings(deadline=None)
@given(
    code=st.sampled_from([rule.code for rule in POLICY.indicators]),
    value=st.decimals(-1000, 1000, places=4),
    worsening=st.decimals(0, 1000, places=4),
)
def test_worse_value_never_has_a_better_color(code, value, worsening):
    """CON-2, CON-10: color is monotonous in the value."""
    rule = POLICY.indicator(code)
    sign = 1 if rule.direction == Direction.LOWER_IS_BETTER else -1

    before = color_of(value, None, rule)
    after = color_of(value + sign * worsening, None, rule)

    assert SEVERITY[after] >= SEVERITY[before]


@settings(deadline=None)
@given(
    code=st.sampled_from([rule.code for rule in POLICY.indicators]),
    value=st.decimals(-100, 100, places=3),
)
def test_color_stays_up_to_the_distance_and_turns_beyond_it(code, value):
    """The distance is exact: inclusive at its end, worse just after."""
    rule = POLICY.indicator(code)
    result = rate_indicator(RawValue(code, value), rule)
    sign = 1 if rule.direction == Direction.LOWER_IS_BETTER else -1

    if result.distance is None:
        assert result.color == R
        return
    edge = value + sign * result.distance.amount

    assert color_of(edge, None, rule) == result.color
    assert color_of(edge + sign * Decimal("0.0001"), None, rule) == result.distance.to_color
