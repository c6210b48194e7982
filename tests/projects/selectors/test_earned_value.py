"""The earned value of a stored project: EX-EVM from the database, EAC-6, techniques, past days, queries."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import ActualCost, Baseline, BaselineTask, Project, Task, TaskProgress
from projects.selectors.earned_value import EarnedValue, Figure, earned_value
from projects.selectors.measures import load_projects
from projects.services.snapshots import compute_measures
from tests import factories
from tests.portfolio.worlds import at, post

pytestmark = pytest.mark.django_db
END_OF_MARCH = date(2026, 3, 31)
PLANNED = (10, 15, 20, 25, 20, 10)
LAST_DAYS = (30, 27, 31, 30, 29, 30)
EARNED = ({0: 100}, {0: 100, 1: 100}, {0: 100, 1: 100, 2: 60})
SPENT = (11, 15, 16)
MONTH_ENDS = (31, 28, 31)


def ex_evm(tasks: int = 6, **facts: Any) -> Project:
    """EX-EVM in thousands as rows of the database; EV and AC end in month 3."""
    project = factories.project("EX-EVM", currency="EUR", **facts)
    Project.objects.filter(pk=project.pk).update(data_date=END_OF_MARCH)
    baseline = Baseline.objects.create(project=project, number=0, effective_from=date(2026, 1, 1))
    made = []
    for month in range(1, tasks + 1):
        start, finish = at(date(2026, month, 1)), at(date(2026, month, LAST_DAYS[month - 1]), 17)
        task = Task.objects.create(
            project=project, uid=month, name=f"Month {month}", wbs=str(month),
            planned_start=start, planned_finish=finish,
        )  # fmt: skip
        BaselineTask.objects.create(
            baseline=baseline, task=task, task_uid=month, name=task.name, kind=task.kind,
            start=start, finish=finish, budget=PLANNED[month - 1] * 1000,
        )  # fmt: skip
        made.append(task)
    for month, (shares, cost) in enumerate(zip(EARNED, SPENT, strict=True), 1):
        day = date(2026, month, MONTH_ENDS[month - 1])
        for place, percent in shares.items():
            if place < tasks:
                TaskProgress.objects.create(
                    task=made[place], data_date=day, actual_start=made[place].planned_start,
                    actual_finish=made[place].planned_finish if percent == 100 else None,
                    percent_complete=percent, percent_physical=percent,
                )  # fmt: skip
        post(project, cost * 1000, day)
    project.refresh_from_db()
    return project


def figures(found: EarnedValue) -> dict[str, Figure]:
    groups = (found.amounts, found.performance, found.completion, found.schedule)
    return {figure.name: figure for group in groups for figure in group}


def rounded(value: Any, places: str = "0.001") -> Decimal:
    assert isinstance(value, Decimal)
    return value.quantize(Decimal(places))


def test_ex_evm_is_reported_to_every_printed_digit() -> None:
    """EX-EVM, domain 6.4, 6.5: amounts, indices, all estimates, earned schedule and forecast day."""
    found = earned_value(ex_evm(), as_of=END_OF_MARCH)

    by_name = figures(found)
    assert [by_name[name].value for name in ("bac", "pv", "ev", "ac", "sv", "cv")] == [
        100_000, 45_000, 37_000, 42_000, -8_000, -5_000,
    ]  # fmt: skip
    indices = ("spi", "cpi", "tcpi_bac", "tcpi_eac", "spi_t", "tspi")
    assert [str(rounded(by_name[name].value)) for name in indices] == [
        "0.822", "0.881", "1.086", "0.881", "0.867", "1.133",
    ]  # fmt: skip
    assert [str(rounded(by_name[name].value, "0.01")) for name in ("earned_schedule", "sv_t", "ieac_t")] == [
        "2.60", "-0.40", "6.92",
    ]  # fmt: skip
    assert by_name["ieac_date"].value == date(2026, 7, 29)
    assert {row.name: row.eac and str(rounded(row.eac, "1")) for row in found.estimates} == {
        "EAC-1": "113514", "EAC-2": "105000", "EAC-3": "128976", "EAC-4": None, "EAC-5": "114480",
        "EAC-6": "113514",
    }  # fmt: skip
    assert [row.name for row in found.estimates if row.is_declared] == ["EAC-1"]
    declared = found.estimates[0]
    assert (rounded(declared.etc, "1"), rounded(declared.vac, "1")) == (71_514, -13_514)
    assert (found.baseline, found.data_date, found.currency) == (0, END_OF_MARCH, "EUR")


def test_curve_has_the_series_of_ex_evm() -> None:
    """EX-EVM, CST-11: cumulative PV by month; EV and AC up to the data date."""
    found = earned_value(ex_evm(), as_of=date(2026, 4, 15))

    assert [(named.label, named.point.pv, named.point.ev, named.point.ac) for named in found.points] == [
        ("2026-01", 10_000, 10_000, 11_000),
        ("2026-02", 25_000, 25_000, 26_000),
        ("2026-03", 45_000, 37_000, 42_000),
        ("2026-04", 70_000, None, None),
        ("2026-05", 90_000, None, None),
        ("2026-06", 100_000, None, None),
    ]
    assert [named.is_data_date for named in found.points] == [False, False, True, False, False, False]


def test_work_packages_add_up_to_the_project() -> None:
    """CST-11: PV, EV and AC are sums over leaf work packages; cost elsewhere is named."""
    project = ex_evm()
    third = Task.objects.get(project=project, uid=3)
    ActualCost.objects.filter(project=project, amount=16_000).update(task=third)

    found = earned_value(project, as_of=END_OF_MARCH)

    assert [(row.name, row.pv, row.ev, row.ac) for row in found.rows][1:4] == [
        ("Month 2", 15_000, 15_000, 0),
        ("Month 3", 20_000, 12_000, 16_000),
        ("Month 4", 0, 0, 0),
    ]
    assert (sum(row.pv for row in found.rows), sum(row.ev for row in found.rows)) == (45_000, 37_000)
    assert sum(row.ac for row in found.rows) + found.other_cost == 42_000
    assert (found.rows[2].elapsed_percent, found.rows[2].earned_percent) == (100, 60)


def test_past_day_shows_what_was_known_then() -> None:
    """Conventions 6: the page of a past day; EV 10, AC 11 at the end of January."""
    by_name = figures(earned_value(ex_evm(), as_of=date(2026, 1, 31)))

    assert [by_name[name].value for name in ("pv", "ev", "ac")] == [10_000, 10_000, 11_000]


def test_recent_estimate_takes_the_last_three_periods() -> None:
    """EAC-6: from March to May EV 12 + 0 and AC 16 + 9: CPI 12 / 25 of those months only."""
    project = ex_evm()
    post(project, 9_000, date(2026, 5, 20))
    Project.objects.filter(pk=project.pk).update(data_date=date(2026, 5, 31), eac_method="EAC_6")

    found = earned_value(project, as_of=date(2026, 5, 31))
    measured = compute_measures(project_ids=[project.pk], as_of=date(2026, 5, 31)).measures[0]

    expected = Decimal(51_000) + Decimal(63_000) / (Decimal(12_000) / Decimal(25_000))
    assert found.estimates[5].eac == expected == measured.value.eac.value
    assert (measured.value.eac_method, measured.value.eac_fell_back) == ("EAC_6", False)


def test_recent_estimate_needs_three_periods() -> None:
    """EAC-6: with data of two months it is undefined and EAC-2 stands in for it."""
    project = ex_evm(eac_method="EAC_6")
    Project.objects.filter(pk=project.pk).update(data_date=date(2026, 2, 28))

    found = earned_value(project, as_of=date(2026, 2, 28))

    assert (found.estimates[5].eac, found.estimates[5].reason) == (None, "INSUFFICIENT_DATA")
    assert [row.name for row in found.estimates if row.stands_in] == ["EAC-2"]
    assert "EAC_FELL_BACK" in [warning.code for warning in found.warnings]


def test_performance_factor_forecasts_another_finish() -> None:
    """Domain 6.5: AT + (PD − ES) / PF = 3 + 3.4 with factor 1: 6.4 months end on 12 July."""
    found = earned_value(ex_evm(), as_of=END_OF_MARCH, factor=Decimal(1))

    assert (found.factor_periods.value, found.factor_date.value) == (Decimal("6.4"), date(2026, 7, 13))


def test_details_of_tasks_shape_plan_and_earning() -> None:
    """CST-7, domain 6.3: units of a task, a front-loaded one, and one that follows another."""
    project = ex_evm()
    units, front, follower = (Task.objects.get(project=project, uid=uid) for uid in (3, 4, 5))
    Task.objects.filter(pk=units.pk).update(ev_technique="UNITS", ev_details={"planned_units": "8"})
    Task.objects.filter(pk=front.pk).update(ev_details={"curve": "FRONT"})
    Task.objects.filter(pk=follower.pk).update(ev_technique="APPORTIONED", ev_details={"base": 3})
    TaskProgress.objects.filter(task=units).update(ev_progress={"done": "3"})
    Project.objects.filter(pk=project.pk).update(data_date=date(2026, 4, 15))

    rows = {row.uid: row for row in earned_value(project, as_of=date(2026, 4, 15)).rows}

    assert (rows[3].ev, rows[5].ev, rows[5].pv) == (7_500, 7_500, 20_000)
    assert (rows[4].elapsed_percent, rows[4].pv) == (50, 18_750)


def test_frozen_profile_of_the_baseline_comes_first() -> None:
    """CST-12: what the baseline was approved with counts, whatever the task says today."""
    project = ex_evm()
    task = Task.objects.get(project=project, uid=3)
    BaselineTask.objects.filter(task=task).update(pv_profile={"technique": "FIXED_0_100"})
    Task.objects.filter(pk=task.pk).update(ev_technique="UNITS", ev_details={"planned_units": "2"})

    row = earned_value(project, as_of=END_OF_MARCH).rows[2]

    assert (row.technique, row.ev) == ("FIXED_0_100", 0)


def test_details_change_the_fingerprint() -> None:
    """SEC-37: what a technique counts is an input of the roll-up."""
    project = ex_evm()
    plain = load_projects([project.pk], END_OF_MARCH).fingerprints
    Task.objects.filter(project=project, uid=4).update(ev_details={"curve": "BELL"})
    curved = load_projects([project.pk], END_OF_MARCH).fingerprints
    TaskProgress.objects.filter(task__uid=3).update(ev_progress={"done": "3"})

    assert len({plain, curved, load_projects([project.pk], END_OF_MARCH).fingerprints}) == 3


def test_no_baseline_leaves_the_cost() -> None:
    """CON-4: every figure but AC says NO_BASELINE; there is no curve and no row."""
    project = factories.project("NONE", currency="EUR")
    Project.objects.filter(pk=project.pk).update(data_date=END_OF_MARCH)
    post(project, 500, date(2026, 3, 1))

    found = earned_value(project, as_of=END_OF_MARCH)

    by_name = figures(found)
    assert by_name["ac"].value == 500
    assert {by_name[name].reason for name in ("pv", "ev", "spi", "cpi", "eac", "spi_t", "sv_percent")} == {
        "NO_BASELINE"
    }
    assert {row.reason for row in found.estimates} == {"NO_BASELINE"}
    assert (found.baseline, found.points, found.rows) == (None, (), ())


@pytest.mark.parametrize("tasks", [1, 6])
def test_queries_do_not_grow_with_the_plan(tasks: int) -> None:
    """Conventions 6: a fixed number of queries."""
    project = ex_evm(tasks)

    with CaptureQueriesContext(connection) as captured:
        earned_value(project, as_of=END_OF_MARCH)

    assert len(captured) == 47
