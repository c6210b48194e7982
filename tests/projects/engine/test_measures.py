"""Measures of a chunk of projects: golden project, edge-case matrix, lists behind the numbers."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from projects.engine.calendar import STANDARD_CALENDAR, CalendarException, WorkCalendar
from projects.engine.measure import Measure
from projects.engine.measures import measure_projects
from projects.engine.project_arrays import UNKNOWN, EacMethod, TaskKind, Technique
from projects.engine.project_measures import ProjectMeasures
from tests.projects.engine.chunks import ProjectFacts, TaskFacts, chunk_of

AS_OF = date(2026, 4, 2)
END_OF_MARCH = date(2026, 3, 31)

EX_EVM_TASKS = (
    TaskFacts("2026-01-01T08:00", "2026-01-30T17:00", "10000", actual_start="2026-01-01T08:00",
              actual_finish="2026-01-30T17:00"),
    TaskFacts("2026-02-02T08:00", "2026-02-27T17:00", "15000", actual_start="2026-02-02T08:00",
              actual_finish="2026-03-06T17:00"),
    TaskFacts("2026-03-02T08:00", "2026-03-31T17:00", "20000", actual_start="2026-03-09T08:00",
              physical="60"),
    TaskFacts("2026-04-01T08:00", "2026-04-30T17:00", "25000"),
    TaskFacts("2026-05-01T08:00", "2026-05-29T17:00", "20000"),
    TaskFacts("2026-06-01T08:00", "2026-06-30T17:00", "10000"),
)  # fmt: skip
EX_EVM = ProjectFacts(EX_EVM_TASKS, data_date=END_OF_MARCH, actual_cost="42000", budget=("100000", "0", "0"))


def measured(*projects: ProjectFacts) -> list[ProjectMeasures]:
    return measure_projects(chunk_of(*projects), as_of=AS_OF)


def only(project: ProjectFacts) -> ProjectMeasures:
    (result,) = measured(project)
    return result


def shown(measure: Measure, places: str) -> str:
    assert measure.value is not None, measure.reason
    return str(measure.value.quantize(Decimal(places)))


def test_ex_evm_project_has_the_golden_values() -> None:
    """EX-EVM: from tasks, months and cents to every printed digit."""
    result = only(EX_EVM)

    value, time = result.value, result.time
    assert [m.value for m in (value.bac, value.pv, value.ev, value.ac)] == [100_000, 45_000, 37_000, 42_000]
    assert (shown(value.spi, "0.001"), shown(value.cpi, "0.001")) == ("0.822", "0.881")
    assert (shown(value.eac, "1"), shown(value.etc, "1"), shown(value.vac, "1")) == (
        "113514",
        "71514",
        "-13514",
    )
    assert (value.eac_method, value.eac_fell_back) == ("EAC_1", False)
    assert (shown(value.tcpi_bac, "0.001"), shown(value.tcpi_eac, "0.001")) == ("1.086", "0.881")
    assert shown(value.vac_percent, "0.01") == "-13.51"
    assert (shown(time.earned_schedule, "0.01"), time.actual_time.value) == ("2.60", 3)
    assert (shown(time.sv_t, "0.01"), shown(time.spi_t, "0.001")) == ("-0.40", "0.867")
    assert (shown(time.ieac_t, "0.01"), time.ieac_date.value) == ("6.92", date(2026, 7, 29))
    assert (shown(time.tspi, "0.001"), time.planned_duration.value) == ("1.133", 6)
    assert (value.percent_planned.value, value.percent_done.value) == (45, 37)


def test_no_baseline_leaves_cost_and_forecast() -> None:
    """A.2 "no baseline": PV, EV, indices NO_BASELINE; FAC is used, dates are computed."""
    result = only(replace(EX_EVM, baseline=UNKNOWN, uncommitted_etc="60000", open_commitments="300"))

    value, time = result.value, result.time
    null = [value.bac, value.pv, value.ev, value.spi, value.cpi, value.eac, time.spi_t, time.slip_percent,
            time.earned_schedule, result.milestones_overdue, result.loe_percent]  # fmt: skip
    assert {measure.reason for measure in null} == {"NO_BASELINE"}
    assert (result.has_baseline, result.baseline_id) == (False, None)
    assert value.ac.value == 42_000
    assert result.budget.fac.value == 102_300
    assert result.budget.fac_variance_percent.value == Decimal("-2.3")
    assert time.forecast_finish.value == date(2026, 6, 30)


def test_no_data_date_leaves_the_plan() -> None:
    """A.2 "no data date": earned value null, slip still computed."""
    result = only(replace(EX_EVM, data_date=None))

    value = result.value
    null = [value.pv, value.ev, value.ac, value.spi, value.cpi, value.eac, result.time.spi_t,
            result.milestones_overdue, result.budget.budget_use, result.budget.fac]  # fmt: skip
    assert {measure.reason for measure in null} == {"NO_DATA_DATE"}
    assert value.bac.value == 100_000
    assert (result.time.slip_wd.value, result.data_date_age_days) == (0, None)


def test_data_date_before_the_baseline_start() -> None:
    """A.2: PV 0 → SPI NOT_PLANNED_YET; AT 0 → SPI(t) NOT_STARTED."""
    tasks = [replace(task, actual_start=None, actual_finish=None, physical=None) for task in EX_EVM_TASKS]

    result = only(replace(EX_EVM, tasks=tasks, data_date=date(2025, 12, 15), actual_cost="0"))

    assert (result.value.pv.value, result.value.spi.reason) == (0, "NOT_PLANNED_YET")
    assert (result.time.actual_time.value, result.time.spi_t.reason) == (0, "NOT_STARTED")
    assert (result.value.cpi.reason, result.value.eac.value) == ("NO_COST", 100_000)


def test_late_start_has_a_time_index_of_zero() -> None:
    """A.2 "late start": EV 0, SPI(t) 0, CPI NO_COST, IEAC(t) null."""
    tasks = [replace(task, actual_start=None, actual_finish=None, physical=None) for task in EX_EVM_TASKS]

    result = only(replace(EX_EVM, tasks=tasks, actual_cost="0"))

    assert (result.value.ev.value, result.value.spi.value, result.time.spi_t.value) == (0, 0, 0)
    assert (result.time.ieac_t.reason, result.time.ieac_date.reason) == ("NOT_STARTED", "NOT_STARTED")
    assert result.value.cpi.reason == "NO_COST"


def test_cost_without_value_uses_the_second_estimate() -> None:
    """A.2 "cost but no EV": CPI 0, EAC-1 null, EAC-2 with flag."""
    tasks = [replace(task, actual_start=None, actual_finish=None, physical=None) for task in EX_EVM_TASKS]

    value = only(replace(EX_EVM, tasks=tasks)).value

    assert (value.cpi.value, value.eac_1.reason) == (0, "TOO_EARLY")
    assert (value.eac.value, value.eac_method, value.eac_fell_back) == (142_000, "EAC_2", True)


def test_finished_project_is_frozen() -> None:
    """A.2 "project finished": EAC = AC, TCPI FINISHED, AT stops at the actual finish."""
    tasks = [
        replace(task, actual_start=task.start, actual_finish=task.finish) for task in EX_EVM_TASKS[:-1]
    ] + [
        replace(EX_EVM_TASKS[-1], actual_start="2026-06-01T08:00", actual_finish="2026-07-31T17:00"),
    ]

    result = only(replace(EX_EVM, tasks=tasks, data_date=date(2026, 9, 30), actual_cost="120000"))

    assert result.is_finished
    assert (result.tasks_complete, result.percent_complete.value) == (6, 100)
    assert (result.value.eac.value, result.value.etc.value, result.value.vac.value) == (120_000, 0, -20_000)
    assert (result.value.tcpi_bac.reason, result.time.tspi.reason) == ("FINISHED", "FINISHED")
    assert (result.time.actual_time.value, shown(result.time.spi_t, "0.001")) == (7, "0.857")
    assert (result.time.slip_wd.value, result.time.forecast_finish.value) == (23, date(2026, 7, 31))


@pytest.mark.parametrize("budget", [None, ("0", "0", "0")])
def test_zero_or_missing_budget_is_no_budget(budget: tuple[str, str, str] | None) -> None:
    """A.2 "zero or missing budget": NO_BUDGET in earned value and budget."""
    tasks = [replace(task, budget="0") for task in EX_EVM_TASKS]

    result = only(replace(EX_EVM, tasks=tasks, budget=budget))

    null = [result.value.bac, result.value.spi, result.value.eac, result.time.spi_t, result.loe_percent,
            result.budget.project_budget, result.budget.budget_use, result.budget.available,
            result.budget.fac_variance_percent]  # fmt: skip
    assert {measure.reason for measure in null} == {"NO_BUDGET"}
    assert result.time.slip_wd.value == 0


def test_empty_project_is_null_everywhere() -> None:
    """A.2 "empty project": nothing raises, nothing is 0 by accident."""
    result = only(ProjectFacts(data_date=END_OF_MARCH, baseline=UNKNOWN))

    assert (result.tasks_total, result.is_finished) == (0, False)
    assert result.percent_complete.reason == "NOT_APPLICABLE"
    assert result.time.forecast_finish.reason == "INSUFFICIENT_DATA"
    assert result.value.ev.reason == "NO_BASELINE"


def test_cost_at_budget_with_work_left() -> None:
    """A.2 "AC ≥ BAC with work left": TCPI(BAC) BUDGET_EXHAUSTED."""
    result = only(replace(EX_EVM, actual_cost="100000"))

    assert result.value.tcpi_bac.reason == "BUDGET_EXHAUSTED"
    assert result.budget.budget_use.value == 1


def test_budget_measures_equal_ex_cst_1() -> None:
    """EX-CST-1: FAC 480, available 200, use 60 %."""
    budget = only(
        ProjectFacts(data_date=END_OF_MARCH, actual_cost="210", open_commitments="90", uncommitted_etc="180",
                     budget=("430", "50", "20"), original_bac="400")
    ).budget  # fmt: skip

    assert (budget.project_budget.value, budget.contingency_left.value, budget.reserve_left.value) == (
        500,
        50,
        20,
    )
    assert (budget.fac.value, budget.available.value, budget.budget_use.value) == (480, 200, Decimal("0.6"))
    assert (budget.fac_variance_percent.value, budget.original_bac.value) == (4, 400)


def test_techniques_earn_within_a_chunk_as_alone() -> None:
    """EX-CST-2, A.2 "task finished": EV by technique; level of effort earns its plan."""
    span = {"start": "2026-03-02T08:00", "finish": "2026-03-13T17:00", "budget": "100"}
    started = {**span, "actual_start": "2026-03-02T08:00"}
    tasks = [
        TaskFacts(**started, technique=Technique.FIXED_0_100),
        TaskFacts(**started, technique=Technique.FIXED_50_50),
        TaskFacts(**started, technique=Technique.PERCENT_COMPLETE, physical="60"),
        TaskFacts(**started, technique=Technique.WEIGHTED_MILESTONES, physical="60"),
        TaskFacts(**started, technique=Technique.UNITS, physical="70"),
        TaskFacts(**started, technique=Technique.AGILE_POINTS, physical="30"),
        TaskFacts(**started, kind=TaskKind.LEVEL_OF_EFFORT),
        TaskFacts(**started, technique=Technique.APPORTIONED, physical="60"),
    ]
    each = [only(ProjectFacts([task], data_date=date(2026, 3, 5))) for task in tasks]
    together = only(ProjectFacts(tasks, data_date=date(2026, 3, 5)))

    assert [result.value.ev.value for result in each] == [0, 50, 60, 60, 70, 30, 40, 60]
    assert [result.value.pv.value for result in each] == [0, 50, 40, 40, 40, 40, 40, 40]
    assert (together.value.ev.value, together.value.pv.value) == (370, 290)
    assert together.loe_percent.value == Decimal("12.5")


def test_percent_falls_back_to_duration_only_without_a_physical_one() -> None:
    """SCH-22, A.2: physical first, else the duration percentage, else nothing."""
    span = {"start": "2026-03-02T08:00", "finish": "2026-03-13T17:00", "budget": "100"}
    tasks = [
        TaskFacts(**span, complete="45"),
        TaskFacts(**span, complete="45", physical="0"),
        TaskFacts(**span),
    ]

    earned = [only(ProjectFacts([task], data_date=date(2026, 3, 5))).value.ev.value for task in tasks]

    assert earned == [45, 0, 0]


def test_slip_counts_working_days_of_the_project_calendar() -> None:
    """EX-SCH variant 2, SCH-37, HS1: 18 → 24 Mar is 4 wd on 12 wd with the holiday of 9 Mar."""
    calendar = WorkCalendar(
        "EX-SCH", STANDARD_CALENDAR.week,
        exceptions=(CalendarException(date(2026, 3, 9), date(2026, 3, 9)),),
    )  # fmt: skip
    tasks = [
        TaskFacts("2026-03-02T08:00", "2026-03-06T17:00", key=1, calendar=calendar),
        TaskFacts(
            "2026-03-13T08:00", "2026-03-18T17:00", key=4, early_finish="2026-03-24T17:00", calendar=calendar
        ),
    ]

    result = only(
        ProjectFacts(
            tasks, calendar=calendar, original_start="2026-03-02T08:00", original_finish="2026-03-17T17:00"
        )
    )

    time = result.time
    assert (time.baseline_start.value, time.baseline_finish.value) == (date(2026, 3, 2), date(2026, 3, 18))
    assert (time.baseline_duration_wd.value, time.slip_wd.value) == (12, 4)
    assert shown(time.slip_percent, "0.1") == "33.3"
    assert (time.original_slip_wd.value, shown(time.original_slip_percent, "0.1")) == (5, "45.5")
    assert (result.finish_task_ids, result.late_task_ids) == ((4,), (4,))


def test_completion_milestone_sets_the_project_finish() -> None:
    """SCH-38: EF of the completion milestone, even when another task ends later."""
    tasks = [
        TaskFacts("2026-03-02T08:00", "2026-03-20T17:00"),
        TaskFacts(None, "2026-03-13T17:00", kind=TaskKind.FINISH_MILESTONE, early_finish="2026-03-16T17:00",
                  key=7, is_completion=True),
    ]  # fmt: skip

    result = only(ProjectFacts(tasks))

    assert (result.time.baseline_finish.value, result.time.forecast_finish.value) == (
        date(2026, 3, 13), date(2026, 3, 16),
    )  # fmt: skip
    assert (result.time.slip_wd.value, result.finish_task_ids) == (1, (7,))


def test_key_milestones_overdue_are_named() -> None:
    """HS3: baseline finish up to the data date, not reached, active and key."""
    finish = "2026-03-31T17:00"
    milestone = TaskFacts(None, finish, kind=TaskKind.FINISH_MILESTONE, is_key=True)
    tasks = [
        replace(milestone, key=9),
        replace(milestone, key=3, early_finish="2026-04-20T17:00"),
        replace(milestone, key=4, finish="2026-04-01T17:00"),
        replace(milestone, key=5, actual_start=finish, actual_finish=finish),
        replace(milestone, key=6, is_active=False),
        replace(milestone, key=7, is_key=False),
    ]

    result = only(ProjectFacts(tasks, data_date=END_OF_MARCH))

    assert (result.milestones_overdue.value, result.overdue_milestone_ids) == (2, (3, 9))


def test_inactive_tasks_count_nowhere_and_removed_rows_stay_in_the_baseline() -> None:
    """SCH-12, SCH-37: inactive is ignored; a removed task keeps its planned value and earns nothing."""
    task = EX_EVM_TASKS[0]

    result = only(
        replace(EX_EVM, tasks=[task, replace(task, is_active=False), replace(task, is_removed=True)])
    )

    assert (result.value.bac.value, result.value.pv.value, result.value.ev.value) == (20_000, 20_000, 10_000)
    assert (result.tasks_total, result.removed_rows) == (1, 1)


def test_percent_complete_weighs_durations_of_ex_sch() -> None:
    """EX-SCH progress, SCH-31: 2 + 1 + 2 days done of 3 + 3 + 6 … = 7/15 = 46.7 %."""
    calendar = WorkCalendar(
        "EX-SCH", STANDARD_CALENDAR.week,
        exceptions=(CalendarException(date(2026, 3, 9), date(2026, 3, 9)),),
    )  # fmt: skip
    day = 480
    tasks = [
        TaskFacts(actual_start="2026-03-02T08:00", remaining=2 * day, duration=5 * day, calendar=calendar),
        TaskFacts(actual_start="2026-03-05T08:00", remaining=2 * day, duration=3 * day, calendar=calendar),
        TaskFacts(actual_start="2026-03-04T08:00", remaining=4 * day, duration=6 * day, calendar=calendar),
        TaskFacts(kind=TaskKind.FINISH_MILESTONE, calendar=calendar),
    ]
    project = ProjectFacts(tasks, data_date=date(2026, 3, 5), calendar=calendar, baseline=UNKNOWN)

    assert shown(only(project).percent_complete, "0.1") == "46.7"
    assert only(replace(project, tasks=tasks[3:])).percent_complete.value == 0


def test_progress_without_remaining_duration_uses_percent_then_duration() -> None:
    """SCH-22 example (AD 4 d, p 50 → RD 4 d); A.2 "no % or RD given": RD = planned duration."""
    task = TaskFacts(actual_start="2026-03-02T08:00", duration=4800, complete="50")
    project = ProjectFacts([task], data_date=date(2026, 3, 5), baseline=UNKNOWN)

    assert only(project).percent_complete.value == 50
    assert (
        shown(only(replace(project, tasks=[replace(task, complete=None)])).percent_complete, "0.01")
        == "28.57"
    )
    assert (
        only(replace(project, tasks=[replace(task, complete="30")], data_date=None)).percent_complete.value
        == 30
    )


def test_full_percentage_leaves_nothing_remaining() -> None:
    """SCH-23: 100 % sets RD = 0, though the finish is not recorded yet."""
    task = TaskFacts(actual_start="2026-03-02T08:00", duration=4800, complete="100")

    assert (
        only(ProjectFacts([task], data_date=date(2026, 3, 5), baseline=UNKNOWN)).percent_complete.value == 100
    )


def test_time_index_without_value_is_zero_though_nothing_was_planned_first() -> None:
    """CST-16: EV = 0 gives ES 0, also where the plan begins with two months without value."""
    tasks = [
        TaskFacts("2026-01-01T08:00", "2026-02-27T17:00", "0"),
        TaskFacts("2026-03-02T08:00", "2026-03-31T17:00", "100"),
    ]

    time = only(ProjectFacts(tasks, data_date=END_OF_MARCH, budget=("100", "0", "0"))).time

    assert (time.earned_schedule.value, time.spi_t.value, time.ieac_t.reason) == (0, 0, "NOT_STARTED")


def test_suspension_is_not_work_done() -> None:
    """SCH-22: AD less suspension; 4 wd elapsed, 2 of them suspended, 2 remaining."""
    task = TaskFacts(actual_start="2026-03-02T08:00", duration=1920, remaining=960,
                     suspend_on="2026-03-03T08:00", resume_on="2026-03-05T08:00")  # fmt: skip
    project = ProjectFacts([task], data_date=date(2026, 3, 5), baseline=UNKNOWN)
    resting = replace(project, tasks=[replace(task, resume_on=None)])
    later = replace(project, tasks=[replace(task, resume_on="2026-03-09T08:00")])

    assert only(project).percent_complete.value == 50
    assert shown(only(resting).percent_complete, "0.1") == "33.3"
    assert only(later).percent_complete == only(resting).percent_complete


def test_declared_method_is_used() -> None:
    """CST-13: EAC-4 takes the new estimate to complete, commitments included."""
    project = replace(EX_EVM, eac_method=EacMethod.EAC_4, uncommitted_etc="60000", open_commitments="300")

    value = only(project).value

    assert (value.eac.value, value.eac_method, value.eac_fell_back) == (102_300, "EAC_4", False)
    assert shown(value.eac_1, "1") == "113514"
    assert only(replace(EX_EVM, eac_method=EacMethod.EAC_4)).value.eac_method == "EAC_2"


def test_baseline_of_a_single_moment_or_of_a_weekend_has_no_length() -> None:
    """SCH-37, CST-16: slip has no percent of nothing, and time without work no periods."""
    moment = TaskFacts("2026-03-31T17:00", "2026-03-31T17:00", "100", kind=TaskKind.FINISH_MILESTONE,
                       early_finish="2026-04-01T17:00")  # fmt: skip
    weekend = TaskFacts("2026-03-07T00:00", "2026-03-09T00:00", "100")

    reached, rested = (
        only(ProjectFacts([task], data_date=END_OF_MARCH, budget=("100", "0", "0"))).time
        for task in (moment, weekend)
    )

    assert (reached.baseline_duration_wd.value, reached.slip_wd.value) == (0, 1)
    assert reached.slip_percent.reason == "NOT_APPLICABLE"
    assert (rested.planned_duration.reason, rested.spi_t.reason) == ("NOT_APPLICABLE", "NOT_APPLICABLE")


def test_short_project_on_plan_has_a_time_index_of_one() -> None:
    """Domain 6.5: a plan shorter than a month is not flattered by its half-empty period."""
    task = TaskFacts(
        "2026-03-02T08:00", "2026-03-13T17:00", "100", actual_start="2026-03-02T08:00", physical="50"
    )

    time = only(ProjectFacts([task], data_date=date(2026, 3, 6))).time

    assert time.planned_duration.value == Decimal(10) / Decimal(23)
    assert shown(time.spi_t, "0.000001") == "1.000000"


@pytest.mark.parametrize(
    "strange",
    [
        TaskFacts("0001-01-01T00:00", "2026-02-27T17:00", "100", duration=480),
        TaskFacts(
            "2026-02-02T08:00", "9999-12-31T23:59", "100", actual_start="0001-01-01T00:00", duration=480
        ),
        TaskFacts("2026-03-02T08:00", "2026-02-02T17:00", "100", early_finish="9999-12-31T17:00"),
        TaskFacts(None, None, "100", actual_start="2026-02-02T08:00"),
        TaskFacts("2026-02-02T08:00", None, "100"),
    ],
)
@pytest.mark.parametrize("data_date", [date(1, 1, 1), END_OF_MARCH, date(9999, 12, 31), None])
def test_strange_dates_of_one_project_leave_the_others_alone(
    strange: TaskFacts, data_date: date | None
) -> None:
    """HLT-10: dates of years 1 and 9999, inverted and missing ones neither raise nor reach a neighbor."""
    results = measured(EX_EVM, ProjectFacts([strange], data_date=data_date, key=2))

    assert results[0] == only(EX_EVM)
    assert results[1].tasks_total == 1


def test_calendar_without_working_time_measures_nothing() -> None:
    """SCH-5, HLT-10: an empty calendar gives no planned value before the finish and does not raise."""
    empty = WorkCalendar("Empty", ((),) * 7)
    task = TaskFacts("2026-03-02T08:00", "2026-03-13T17:00", "100", calendar=empty, physical="50")

    result = only(ProjectFacts([task], data_date=date(2026, 3, 6), calendar=empty))

    assert (result.value.pv.value, result.value.ev.value) == (0, 50)
    assert (result.time.baseline_duration_wd.value, result.time.slip_percent.reason) == (0, "NOT_APPLICABLE")


def test_results_do_not_depend_on_the_company_or_the_order() -> None:
    """SCH-6: a project measures the same alone, in a chunk, and with its tasks reversed."""
    late = replace(EX_EVM, key=2, data_date=date(2026, 5, 31), actual_cost="99.99")
    empty = ProjectFacts(key=3, baseline=UNKNOWN)

    together = measured(EX_EVM, empty, late)
    numbered = [replace(task, key=number) for number, task in enumerate(EX_EVM_TASKS, 1)]

    assert together[1].project_id == 3
    assert [result.value for result in together] == [only(p).value for p in (EX_EVM, empty, late)]
    assert [result.time for result in together] == [only(p).time for p in (EX_EVM, empty, late)]
    assert only(replace(EX_EVM, tasks=numbered)) == only(replace(EX_EVM, tasks=numbered[::-1]))
    assert measure_projects(chunk_of(), as_of=AS_OF) == []
