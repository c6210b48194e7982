"""Techniques, curves, metrics and estimates with the golden values of the specification."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.engine.calendar import STANDARD_CALENDAR
from projects.engine.earned_value import (
    cost_performance_index,
    cost_variance,
    cost_variance_percent,
    estimate_to_complete,
    percent_of_budget,
    schedule_performance_index,
    schedule_variance,
    schedule_variance_percent,
    to_complete_index_bac,
    to_complete_index_eac,
    variance_at_completion,
)
from projects.engine.estimates import CostStatus, declared_estimate, estimate_at_completion
from projects.engine.instants import end_of_day, start_of_day
from projects.engine.measure import DateMeasure, Measure, Reason
from projects.engine.project_arrays import EacMethod
from projects.engine.techniques import (
    at_finish_share,
    at_start_and_finish_share,
    earned_amount,
    percent_share,
    points_share,
    units_share,
    weighted_milestones_share,
)
from projects.engine.time_phasing import Curve, curve_share, elapsed_fraction, share_of_cents
from projects.engine.working_time import WorkingTime

EX_EVM = CostStatus(bac=Decimal(100), pv=Decimal(45), ev=Decimal(37), ac=Decimal(42))


def shown(measure: Measure, places: str) -> Decimal:
    assert measure.value is not None
    return measure.value.quantize(Decimal(places))


def test_techniques_earn_the_values_of_ex_cst_2() -> None:
    """EX-CST-2: eight tasks of 100 each earn 370 together."""
    budget, base = Decimal(100), percent_share(Decimal(60))
    shares = [
        at_finish_share(is_finished=False),
        at_start_and_finish_share(is_started=True, is_finished=False),
        base,
        weighted_milestones_share([Decimal(30), Decimal(30)]),
        units_share(done=Decimal(7), planned=Decimal(10)),
        points_share(accepted=Decimal(30), baseline=Decimal(100)),
        curve_share(Curve.LINEAR, Fraction(2, 5)),
        base,
    ]

    earned = [earned_amount(budget, share) for share in shares]

    assert earned == [0, 50, 60, 60, 70, 30, 40, 60]
    assert sum(earned) == Decimal(370)


@pytest.mark.parametrize(
    ("curve", "percent"),
    [(Curve.LINEAR, "40.0"), (Curve.FRONT, "64.0"), (Curve.BACK, "16.0"), (Curve.BELL, "35.2")],
)
def test_curves_have_the_shares_of_ex_cst_2(curve: Curve, percent: str) -> None:
    """EX-CST-2, CST-7: cumulative shares at x = 0.4."""
    assert curve_share(curve, Fraction(2, 5)) * 100 == Fraction(percent)


@given(x=st.fractions(0, 1), y=st.fractions(0, 1), curve=st.sampled_from(list(Curve)))
def test_curves_rise_from_nothing_to_everything(x: Fraction, y: Fraction, curve: Curve) -> None:
    """CST-7: every curve is 0 at the start, 1 at the end and never falls."""
    low, high = sorted((x, y))

    assert (curve_share(curve, Fraction(0)), curve_share(curve, Fraction(1))) == (0, 1)
    assert 0 <= curve_share(curve, low) <= curve_share(curve, high) <= 1


def test_shares_of_many_amounts_round_half_up() -> None:
    """CST-7: in whole cents, a half up, as single amounts are."""
    amounts, halves = np.array([1, 3, 101]), np.array([2, 2, 2])

    assert share_of_cents(amounts, np.array([1, 1, 1]), halves).tolist() == [1, 2, 51]


@pytest.mark.parametrize(
    ("first", "last", "at", "share"),
    [(5, 6, 5, Fraction(1, 2)), (5, 6, 12, Fraction(1)), (7, 8, 7, Fraction(0)), (7, 8, 8, Fraction(1))],
)
def test_elapsed_share_stays_within_its_span(first: int, last: int, at: int, share: Fraction) -> None:
    """CST-7: Thursday and Friday in March; a weekend has no working time and counts whole from its end on."""
    start, finish = start_of_day(date(2026, 3, first)), end_of_day(date(2026, 3, last))
    work = WorkingTime(STANDARD_CALENDAR, date(2026, 3, first), date(2026, 3, last))

    assert elapsed_fraction(work, start=start, finish=finish, at=end_of_day(date(2026, 3, at))) == share


def test_earned_amount_never_exceeds_the_budget() -> None:
    """CST-8: more units than planned, or a percentage above 100, earn the budget."""
    assert units_share(done=Decimal(12), planned=Decimal(10)) == 1
    assert units_share(done=Decimal(1), planned=Decimal(0)) == 0
    assert earned_amount(Decimal("99.99"), Fraction(3, 2)) == Decimal("99.99")
    assert earned_amount(Decimal("0.01"), Fraction(1, 2)) == Decimal("0.01")
    assert at_start_and_finish_share(is_started=True, is_finished=True) == 1
    assert at_start_and_finish_share(is_started=False, is_finished=False) == 0


def test_metrics_equal_ex_evm() -> None:
    """EX-EVM: all printed digits of the metrics in money."""
    bac, pv, ev, ac = EX_EVM.bac, EX_EVM.pv, EX_EVM.ev, EX_EVM.ac
    eac = estimate_at_completion(EacMethod.EAC_1, EX_EVM).value
    assert eac is not None

    assert schedule_variance(ev=ev, pv=pv) == -8
    assert cost_variance(ev=ev, ac=ac) == -5
    assert shown(schedule_performance_index(ev=ev, pv=pv), "0.001") == Decimal("0.822")
    assert shown(cost_performance_index(ev=ev, ac=ac), "0.001") == Decimal("0.881")
    assert estimate_to_complete(eac=eac, ac=ac).quantize(Decimal("0.01")) == Decimal("71.51")
    assert variance_at_completion(bac=bac, eac=eac).quantize(Decimal("0.01")) == Decimal("-13.51")
    assert shown(to_complete_index_bac(bac=bac, ev=ev, ac=ac), "0.001") == Decimal("1.086")
    assert shown(to_complete_index_eac(bac=bac, ev=ev, ac=ac, eac=eac), "0.001") == Decimal("0.881")
    assert shown(schedule_variance_percent(ev=ev, pv=pv), "0.1") == Decimal("-17.8")
    assert shown(cost_variance_percent(ev=ev, ac=ac), "0.1") == Decimal("-13.5")
    assert percent_of_budget(ev, bac=bac) == Measure.of(Decimal(37))


@pytest.mark.parametrize(
    ("method", "expected"),
    [(EacMethod.EAC_1, "113.51"), (EacMethod.EAC_2, "105.00"), (EacMethod.EAC_3, "128.98"),
     (EacMethod.EAC_5, "114.48")],
)  # fmt: skip
def test_estimates_equal_ex_evm(method: EacMethod, expected: str) -> None:
    """EX-EVM: the estimates at completion."""
    assert shown(estimate_at_completion(method, EX_EVM), "0.01") == Decimal(expected)


def test_estimates_from_further_facts_need_them() -> None:
    """Domain 6.4: EAC-4 needs a new estimate, EAC-6 three periods."""
    told = CostStatus(
        bac=Decimal(100), pv=Decimal(45), ev=Decimal(37), ac=Decimal(42),
        bottom_up_etc=Decimal(70), recent_ev=Decimal(20), recent_ac=Decimal(25),
    )  # fmt: skip

    assert estimate_at_completion(EacMethod.EAC_4, told) == Measure.of(Decimal(112))
    assert estimate_at_completion(EacMethod.EAC_6, told) == Measure.of(Decimal("120.75"))
    for method in (EacMethod.EAC_4, EacMethod.EAC_6):
        assert estimate_at_completion(method, EX_EVM) == Measure.missing(Reason.INSUFFICIENT_DATA)


def test_undefined_metrics_carry_their_reason() -> None:
    """CON-4, domain 6.4: the null rules."""
    zero, ten, five = Decimal(0), Decimal(10), Decimal(5)

    assert schedule_performance_index(ev=five, pv=zero).reason == "NOT_PLANNED_YET"
    assert schedule_variance_percent(ev=five, pv=zero).reason == "NOT_PLANNED_YET"
    assert cost_performance_index(ev=five, ac=zero).reason == "NO_COST"
    assert cost_variance_percent(ev=zero, ac=five).reason == "NOT_STARTED"
    assert percent_of_budget(five, bac=zero).reason == "NO_BUDGET"
    assert to_complete_index_bac(bac=ten, ev=ten, ac=five).reason == "FINISHED"
    assert to_complete_index_bac(bac=ten, ev=five, ac=ten).reason == "BUDGET_EXHAUSTED"
    assert to_complete_index_eac(bac=ten, ev=ten, ac=five, eac=ten).reason == "FINISHED"
    assert to_complete_index_eac(bac=ten, ev=five, ac=ten, eac=ten).reason == "NOT_APPLICABLE"


def test_cost_without_value_falls_back_to_the_second_estimate() -> None:
    """A.2 "cost but no EV": CPI 0, EAC-1 null, EAC-2 with flag."""
    status = CostStatus(bac=Decimal(100), pv=Decimal(20), ev=Decimal(0), ac=Decimal(15))

    estimate = declared_estimate(EacMethod.EAC_1, status)

    assert cost_performance_index(ev=status.ev, ac=status.ac) == Measure.of(Decimal(0))
    assert estimate_at_completion(EacMethod.EAC_1, status).reason == "TOO_EARLY"
    assert estimate_at_completion(EacMethod.EAC_3, status).reason == "TOO_EARLY"
    assert (estimate.method, estimate.amount, estimate.fell_back) == (EacMethod.EAC_2, Decimal(115), True)


@pytest.mark.parametrize("method", list(EacMethod))
def test_finished_work_is_estimated_at_its_cost(method: EacMethod) -> None:
    """CST-15: EV = BAC gives EAC = AC by every method."""
    finished = CostStatus(bac=Decimal(100), pv=Decimal(90), ev=Decimal(100), ac=Decimal(120))

    assert declared_estimate(method, finished).amount == Decimal(120)
    assert declared_estimate(method, finished).fell_back is False


def test_estimates_without_cost_or_plan_name_the_missing_index() -> None:
    """Domain 6.4: EAC-1, 3 and 5 are null with the reason of CPI or SPI."""
    no_cost = CostStatus(bac=Decimal(100), pv=Decimal(0), ev=Decimal(5), ac=Decimal(0))
    no_plan = CostStatus(bac=Decimal(100), pv=Decimal(0), ev=Decimal(5), ac=Decimal(5))

    assert estimate_at_completion(EacMethod.EAC_1, no_cost).reason == "NO_COST"
    assert estimate_at_completion(EacMethod.EAC_5, no_cost).reason == "NO_COST"
    assert estimate_at_completion(EacMethod.EAC_3, no_plan).reason == "NOT_PLANNED_YET"


@pytest.mark.parametrize("kind", [Measure, DateMeasure])
def test_measure_has_either_value_or_reason(kind: type[Measure] | type[DateMeasure]) -> None:
    """CON-4: never both, never neither."""
    with pytest.raises(ValueError, match="either"):
        kind(None, None)
    assert kind.missing(Reason.STALE).is_known is False
