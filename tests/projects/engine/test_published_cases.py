"""Published earned-value cases of the oracle, to the printed precision."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from projects.engine.earned_schedule import earned_schedule, estimate_with_factor, planned_periods
from projects.engine.earned_value import (
    cost_performance_index,
    cost_variance,
    percent_of_budget,
    schedule_performance_index,
    schedule_variance,
    to_complete_index_bac,
)
from projects.engine.estimates import CostStatus, estimate_at_completion
from projects.engine.measure import Measure
from projects.engine.project_arrays import EacMethod

RELATIVE = 0.000_002


@pytest.fixture(scope="module")
def cases(oracle_dir: Path) -> list[dict[str, Any]]:
    path = oracle_dir / "evm" / "evm_cases.json"
    if not path.is_file():
        pytest.skip("the oracle folder holds no earned-value cases")
    loaded: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return loaded


def number(measure: Measure) -> float:
    assert measure.value is not None
    return float(measure.value)


def test_series_of_a_real_project_has_the_published_indices(cases: list[dict[str, Any]]) -> None:
    """Domain 6.4, 6.5: ES, SPI(t), SPI, CPI, SV, CV and the forecasts of every published period."""
    checked = 0
    for case in (case for case in cases if case["kind"] == "series"):
        given, told = case["inputs"], case["published"]
        pv = [Decimal(str(value)) for value in given["pv"]]
        for index, period in enumerate(case["published_periods"]):
            ev, ac = Decimal(str(given["ev"][period - 1])), Decimal(str(given["ac"][period - 1]))
            planned = pv[period - 1]
            earned = earned_schedule(pv, ev=ev)
            spi_t = earned / period
            computed = {
                "es": float(earned),
                "spi_t": float(spi_t),
                "spi": number(schedule_performance_index(ev=ev, pv=planned)),
                "cpi": number(cost_performance_index(ev=ev, ac=ac)),
                "sv": float(schedule_variance(ev=ev, pv=planned)),
                "cv": float(cost_variance(ev=ev, ac=ac)),
                "eact_es1": _forecast(pv, earned, period, Decimal(1)),
                "eact_es2_spit": _forecast(pv, earned, period, spi_t),
            }
            published = {name: told[name][index] for name in computed}

            assert computed == pytest.approx(published, rel=RELATIVE, abs=0.000_6)
            checked += 1
    assert checked >= 7


def _forecast(pv: list[Decimal], earned: Decimal, period: int, factor: Decimal) -> float:
    return number(
        estimate_with_factor(
            earned=earned,
            actual_time=Decimal(period),
            planned_duration=Decimal(planned_periods(pv)),
            performance_factor=factor,
        )
    )


def test_points_of_textbooks_have_the_derived_metrics(cases: list[dict[str, Any]]) -> None:
    """Domain 6.4: CV, SV, CPI, SPI, EAC-1 to 3 and TCPI of every case that gives all four amounts."""
    checked = 0
    for case in (case for case in cases if case["kind"] == "point"):
        given, derived = case["inputs"], case.get("derived", {})
        if any(given.get(name) is None for name in ("bac", "pv", "ev", "ac")):
            continue
        bac, pv, ev, ac = (Decimal(str(given[name])) for name in ("bac", "pv", "ev", "ac"))
        status = CostStatus(bac=bac, pv=pv, ev=ev, ac=ac)
        computed = {
            "cv": float(cost_variance(ev=ev, ac=ac)),
            "sv": float(schedule_variance(ev=ev, pv=pv)),
            "cpi": number(cost_performance_index(ev=ev, ac=ac)),
            "spi": number(schedule_performance_index(ev=ev, pv=pv)),
            "percent_complete": number(percent_of_budget(ev, bac=bac)),
            "eac_cpi": number(estimate_at_completion(EacMethod.EAC_1, status)),
            "eac_remaining_at_plan": number(estimate_at_completion(EacMethod.EAC_2, status)),
            "eac_cpi_spi": number(estimate_at_completion(EacMethod.EAC_3, status)),
            "tcpi_bac": number(to_complete_index_bac(bac=bac, ev=ev, ac=ac)),
        }
        published = {name: value for name, value in derived.items() if name in computed}

        assert published
        assert {name: computed[name] for name in published} == pytest.approx(published, rel=RELATIVE)
        checked += 1
    assert checked >= 4
