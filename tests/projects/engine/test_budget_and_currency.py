"""Budget equations, reserves, conversion and rounding."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.engine.budget import (
    BudgetParts,
    ReserveExceededError,
    available_budget,
    budget_use,
    forecast_at_completion,
    forecast_variance_percent,
    open_commitment,
)
from projects.engine.currency import convert, convert_sum, exchange_effect, round_parts, to_cents
from projects.engine.freshness import Cycle, Freshness, report_freshness, unreported_freshness
from projects.engine.measure import Measure

AMOUNTS = st.decimals(min_value=-10_000_000, max_value=10_000_000, places=2)


def test_budget_equations_equal_ex_cst_1() -> None:
    """EX-CST-1: open 90, FAC 480, available 200, use 60.0 %."""
    budget, ac = Decimal(500), Decimal(210)

    still_open = open_commitment(amount=Decimal(150), invoiced=Decimal(60))

    assert still_open == 90
    assert forecast_at_completion(ac=ac, open_commitments=still_open, uncommitted_etc=Decimal(180)) == 480
    assert available_budget(budget=budget, ac=ac, open_commitments=still_open) == 200
    assert budget_use(budget=budget, ac=ac, open_commitments=still_open) == Measure.of(Decimal("0.6"))


def test_overinvoiced_commitment_is_not_negative() -> None:
    """CST-1: an invoice above the order leaves nothing open."""
    assert open_commitment(amount=Decimal(10), invoiced=Decimal(12)) == 0


def test_budget_of_zero_has_no_use() -> None:
    """CST-3: NO_BUDGET instead of a division."""
    assert budget_use(budget=Decimal(0), ac=Decimal(5), open_commitments=Decimal(0)).reason == "NO_BUDGET"
    assert forecast_variance_percent(budget=Decimal(0), fac=Decimal(5)).reason == "NO_BUDGET"
    assert forecast_variance_percent(budget=Decimal(400), fac=Decimal(408)).value == Decimal(-2)


def test_drawing_contingency_keeps_the_project_budget() -> None:
    """EX-CST-1, CST-5: 400 + 40 + 20 becomes 415 + 25 + 20, still 460."""
    before = BudgetParts(Decimal(400), Decimal(40), Decimal(20))

    after = before.draw_contingency(Decimal(15))

    assert after == BudgetParts(Decimal(415), Decimal(25), Decimal(20))
    assert before.project_budget == after.project_budget == 460


@pytest.mark.parametrize("amount", ["41", "0", "-1"])
def test_contingency_cannot_be_overdrawn(amount: str) -> None:
    """CST-5: a draw is positive and at most what is left."""
    with pytest.raises(ReserveExceededError):
        BudgetParts(Decimal(400), Decimal(40), Decimal(20)).draw_contingency(Decimal(amount))


def test_conversion_equals_ex_fx() -> None:
    """EX-FX: 40 000 USD at budget rate 0.90 and spot 0.95."""
    amount, rate, spot = Decimal(40_000), Decimal("0.90"), Decimal("0.95")

    assert convert(amount, rate).value == 36_000
    assert exchange_effect(amount, spot=spot, budget_rate=rate).value == 2_000


def test_missing_rate_leaves_the_amount_out() -> None:
    """CST-20: never assume 1; the row is listed."""
    result = convert_sum(
        [Decimal("10.00"), Decimal("7.00"), Decimal("3.00")],
        ["EUR", "CHF", "USD"],
        {"EUR": Decimal(1), "USD": Decimal("0.9")},
    )

    assert result.parts == (Decimal("10.00"), None, Decimal("2.70"))
    assert (result.total, result.missing) == (Decimal("12.70"), (1,))
    assert convert(Decimal(1), None).reason == "MISSING_RATE"
    assert exchange_effect(Decimal(1), spot=None, budget_rate=Decimal(1)).reason == "MISSING_RATE"


def test_rounding_difference_goes_to_the_largest_part() -> None:
    """CST-21: three thirds of 100 and one larger part."""
    third = Decimal(100) / 3

    assert round_parts([third, third, third]) == (Decimal("33.34"), Decimal("33.33"), Decimal("33.33"))
    assert round_parts([Decimal("0.005"), Decimal("0.005"), Decimal("9.005")]) == (
        Decimal("0.01"), Decimal("0.01"), Decimal("9.00"),
    )  # fmt: skip
    assert round_parts([]) == ()


@given(
    amounts=st.lists(AMOUNTS, max_size=40),
    rate=st.decimals(min_value=Decimal("0.001"), max_value=200, places=6),
)
def test_parts_always_equal_the_total(amounts: list[Decimal], rate: Decimal) -> None:
    """CST-21, SEC-47: 0 cents difference."""
    result = convert_sum(amounts, ["USD"] * len(amounts), {"USD": rate})

    assert sum((part for part in result.parts if part is not None), Decimal(0)) == result.total
    assert result.total == to_cents(sum((amount * rate for amount in amounts), Decimal(0)))


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("2026-03-10", Freshness.FRESH), ("2026-03-11", Freshness.STALE), ("2026-04-10", Freshness.STALE),
     ("2026-04-11", Freshness.VERY_STALE)],
)  # fmt: skip
def test_report_freshness_equals_ex_rep(as_of: str, expected: Freshness) -> None:
    """EX-REP, REP-9: monthly cycle, last period end 31 Jan 2026."""
    period_end = date(2026, 1, 31)

    assert report_freshness(
        as_of=date.fromisoformat(as_of), period_end=period_end, cycle=Cycle.MONTHLY
    ) is expected  # fmt: skip


def test_project_that_never_reported_is_very_stale_after_cycle_and_grace() -> None:
    """REP-9: executing for more than cycle + 7 days without a report."""
    since = date(2026, 1, 1)

    assert unreported_freshness(
        as_of=since + timedelta(days=21), executing_since=since, cycle=Cycle.TWO_WEEKLY
    ) is Freshness.FRESH  # fmt: skip
    assert unreported_freshness(
        as_of=since + timedelta(days=22), executing_since=since, cycle=Cycle.TWO_WEEKLY
    ) is Freshness.VERY_STALE  # fmt: skip
