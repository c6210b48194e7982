"""Work packages, warnings, suggestions and forecasts of one project (CST-9, CST-10, CST-14, domain 6.5)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from projects.engine.measure import DateMeasure, Measure
from projects.engine.measures import measure_projects
from projects.engine.project_arrays import EacMethod, TaskKind, Technique
from projects.engine.project_measures import ProjectMeasures
from projects.engine.value_report import (
    all_estimates,
    fits_suggestion,
    forecast_by_factor,
    is_effort_high,
    is_index_unlikely,
    row_values,
    suggested_technique,
    variance_percents,
)
from tests.projects.engine.chunks import ProjectFacts, TaskFacts, chunk_of
from tests.projects.engine.test_measures import END_OF_MARCH, EX_EVM

SPAN = {"start": "2026-01-01T08:00", "finish": "2026-06-30T17:00"}


def measured(project: ProjectFacts) -> ProjectMeasures:
    return measure_projects(chunk_of(project), as_of=END_OF_MARCH)[0]


@pytest.mark.parametrize(("effort", "is_high"), [("15", False), ("15.01", True), ("0", False)])
def test_level_of_effort_above_fifteen_percent_warns(effort: str, *, is_high: bool) -> None:
    """CST-9, CON-2: 15 % itself does not warn; 15.01 % does, though it is shown as 15.0."""
    tasks = [
        TaskFacts(**SPAN, budget=effort, technique=Technique.LEVEL_OF_EFFORT),
        TaskFacts(**SPAN, budget=str(100 - Decimal(effort))),
    ]

    assert is_effort_high(measured(ProjectFacts(tasks, data_date=END_OF_MARCH))) is is_high


@pytest.mark.parametrize(
    ("physical", "cost", "is_unlikely"),
    [
        *(("20", "27.27", False), ("20", "27.28", True), ("19.99", "50", False)),
        *(("50", "50", False), ("45", "50", False)),
    ],
)
def test_to_complete_index_above_the_limit_warns_after_a_fifth(
    physical: str, cost: str, *, is_unlikely: bool
) -> None:
    """CST-14, CON-2: 80 / 72.73 is 1.09996, 80 / 72.72 is 1.10011, 55 / 50 is the limit; not below 20 %."""
    task = TaskFacts(**SPAN, budget="100", actual_start=SPAN["start"], physical=physical)

    result = measured(ProjectFacts([task], data_date=END_OF_MARCH, actual_cost=cost))

    assert is_index_unlikely(result) is is_unlikely


@pytest.mark.parametrize(
    ("length", "suggested"),
    [("0.5", "FIXED_0_100"), ("1", "FIXED_0_100"), ("1.01", "FIXED_50_50"), ("2", "FIXED_50_50"),
     ("2.01", "WEIGHTED_MILESTONES")],
)  # fmt: skip
def test_technique_is_suggested_by_length(length: str, suggested: str) -> None:
    """CST-10."""
    assert suggested_technique(Decimal(length)).name == suggested


def test_looser_techniques_do_not_fit() -> None:
    """CST-10: percent complete on a short task, 0/100 on a long one; counting always fits."""
    one, two, three = Decimal(1), Decimal(2), Decimal(3)
    task, effort = TaskKind.TASK, TaskKind.LEVEL_OF_EFFORT

    assert [fits_suggestion(Technique.PERCENT_COMPLETE, n, task) for n in (one, two, three)] == [
        False, False, True,
    ]  # fmt: skip
    assert [fits_suggestion(Technique.FIXED_50_50, n, task) for n in (one, two, three)] == [True, True, False]
    assert [fits_suggestion(Technique.FIXED_0_100, n, task) for n in (one, two, three)] == [
        True,
        False,
        False,
    ]
    assert fits_suggestion(Technique.UNITS, one, task)
    assert fits_suggestion(Technique.PERCENT_COMPLETE, one, effort)


def test_rows_of_ex_evm() -> None:
    """EX-EVM, CST-7, CST-11: x, shares and lengths of the first four months."""
    rows = row_values(chunk_of(EX_EVM))

    assert [(row.budget, row.pv, row.ev, row.x, row.earned) for row in rows[:4]] == [
        (10_000, 10_000, 10_000, 1, 1),
        (15_000, 15_000, 15_000, 1, 1),
        (20_000, 20_000, 12_000, 1, Decimal("0.6")),
        (25_000, 0, 0, 0, 0),
    ]
    assert [row.periods for row in rows[3:]] == [1, 1, 1]


def test_all_methods_stand_side_by_side() -> None:
    """CST-13, EAC-4, EAC-6: 42 + 60 to complete; CPI of three periods as earned and spent before them say."""
    chunk = chunk_of(
        replace(EX_EVM, uncommitted_etc="50000", open_commitments="10000", eac_method=EacMethod.EAC_5)
    )
    projects = replace(
        chunk.projects,
        earlier_ev=chunk.projects.actual_cost * 0 + 1_000_000,
        earlier_ac=chunk.projects.actual_cost * 0 + 1_200_000,
    )
    chunk = replace(chunk, projects=projects)
    result = measure_projects(chunk, as_of=END_OF_MARCH)[0]

    found = all_estimates(chunk, result)

    shown = {
        method.name: measure.value and round(measure.value, 2) for method, measure in found.amounts.items()
    }
    assert shown == {
        "EAC_1": Decimal("113513.51"), "EAC_2": 105_000, "EAC_3": Decimal("128975.89"), "EAC_4": 102_000,
        "EAC_5": Decimal("114479.91"), "EAC_6": 112_000,
    }  # fmt: skip
    assert found.declared is EacMethod.EAC_5
    assert result.value.eac.value == found.amounts[EacMethod.EAC_5].value


def test_declared_trend_of_three_periods_is_that_of_the_report() -> None:
    """CST-13: EAC-6 of the measures takes what was earned and spent since then, as the report does."""
    chunk = chunk_of(replace(EX_EVM, eac_method=EacMethod.EAC_6))
    earlier = np.array([1_000_000]), np.array([1_200_000])
    projects = replace(chunk.projects, earlier_ev=earlier[0], earlier_ac=earlier[1])

    value = measure_projects(replace(chunk, projects=projects), as_of=END_OF_MARCH)[0].value

    assert (value.eac.value, value.eac_method, value.eac_fell_back) == (112_000, "EAC_6", False)


def test_finished_work_costs_what_it_cost_by_every_method() -> None:
    """CST-15: EAC = AC, ETC 0, VAC = BAC − AC."""
    task = TaskFacts(**SPAN, budget="100", actual_start=SPAN["start"], actual_finish="2026-03-30T17:00")
    chunk = chunk_of(ProjectFacts([task], data_date=END_OF_MARCH, actual_cost="120"))
    result = measure_projects(chunk, as_of=END_OF_MARCH)[0]

    assert {measure.value for measure in all_estimates(chunk, result).amounts.values()} == {Decimal(120)}
    assert (result.value.etc.value, result.value.vac.value) == (0, -20)


def test_percents_of_variances_and_their_reasons() -> None:
    """Domain 6.4: SV / PV and CV / EV; without baseline both say so."""
    known, unknown = measured(EX_EVM), measured(replace(EX_EVM, baseline=-1))

    sv, cv = variance_percents(known)
    assert (round(sv.value or 0, 1), round(cv.value or 0, 1)) == (Decimal("-17.8"), Decimal("-13.5"))
    assert variance_percents(unknown) == (Measure.missing("NO_BASELINE"), Measure.missing("NO_BASELINE"))


def test_forecast_for_another_pace() -> None:
    """Domain 6.5: AT + (PD − ES) / PF; SPI(t) as factor gives IEAC(t), 1 gives 6.4 months."""
    time = measured(EX_EVM).time
    assert time.spi_t.value is not None

    assert forecast_by_factor(time, Decimal(1)) == (
        Measure.of(Decimal("6.4")),
        DateMeasure.of(date(2026, 7, 13)),
    )
    own, day = forecast_by_factor(time, time.spi_t.value)
    assert (round(own.value or 0, 2), day.value) == (Decimal("6.92"), date(2026, 7, 29))
    missing, _ = forecast_by_factor(measured(replace(EX_EVM, baseline=-1)).time, Decimal(1))
    assert missing.reason == "NO_BASELINE"
