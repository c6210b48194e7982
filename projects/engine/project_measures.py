"""What the measures of one project are: the result of `projects.engine.measures.measure_projects`."""

from dataclasses import dataclass
from datetime import date

from projects.engine.measure import DateMeasure, Measure


@dataclass(frozen=True, slots=True)
class EarnedValueMeasures:
    """
    Earned value at the data date; money in project currency, indices and shares unrounded.

    Attributes
    ----------
    bac, pv, ev, ac, sv, cv : Measure
        Money.
    spi, cpi, tcpi_bac, tcpi_eac : Measure
        Ratios; 1 is as planned.
    percent_planned, percent_done, percent_spent : Measure
        PV, EV and AC in percent of BAC (0-100).
    eac, etc, vac : Measure
        Money, by `eac_method`.
    vac_percent : Measure
        VAC in percent of BAC; HC1.
    eac_method : str
        Name of the method the EAC was computed with, ``"EAC_1"`` to ``"EAC_6"``.
    eac_fell_back : bool
        Whether EAC-2 stands in for the declared method.
    eac_1 : Measure
        EAC by method 1 whatever was declared, null when its CPI is (exception E12).
    """

    bac: Measure
    pv: Measure
    ev: Measure
    ac: Measure
    sv: Measure
    cv: Measure
    spi: Measure
    cpi: Measure
    tcpi_bac: Measure
    tcpi_eac: Measure
    percent_planned: Measure
    percent_done: Measure
    percent_spent: Measure
    eac: Measure
    etc: Measure
    vac: Measure
    vac_percent: Measure
    eac_method: str
    eac_fell_back: bool
    eac_1: Measure


@dataclass(frozen=True, slots=True)
class TimeMeasures:
    """
    Schedule at the data date.

    Attributes
    ----------
    earned_schedule, actual_time, planned_duration : Measure
        Months from the baseline start.
    sv_t, spi_t, ieac_t, tspi : Measure
        Months, ratio, months, ratio (domain 6.5).
    ieac_date : DateMeasure
        Forecast finish by earned schedule (CST-17).
    baseline_start, baseline_finish, forecast_finish : DateMeasure
        Days as shown on pages (SCH-3).
    baseline_duration_wd, slip_wd : Measure
        Working days of the project calendar; slip positive = late (SCH-37).
    slip_percent : Measure
        Slip in percent of the baseline duration; HS1.
    original_finish : DateMeasure
        Finish of baseline 0.
    original_slip_wd, original_slip_percent : Measure
        Slip against baseline 0.
    """

    earned_schedule: Measure
    actual_time: Measure
    planned_duration: Measure
    sv_t: Measure
    spi_t: Measure
    ieac_t: Measure
    ieac_date: DateMeasure
    tspi: Measure
    baseline_start: DateMeasure
    baseline_finish: DateMeasure
    baseline_duration_wd: Measure
    forecast_finish: DateMeasure
    slip_wd: Measure
    slip_percent: Measure
    original_finish: DateMeasure
    original_slip_wd: Measure
    original_slip_percent: Measure


@dataclass(frozen=True, slots=True)
class BudgetMeasures:
    """
    Budget equations of domain 6.2; money in project currency.

    Attributes
    ----------
    project_budget : Measure
        BAC + contingency left + management reserve left (CST-5).
    contingency_left, reserve_left : Measure
        Parts outside BAC.
    open_commitments : Measure
        Ordered and not invoiced (CST-1).
    fac : Measure
        Forecast at completion (CST-2).
    fac_variance_percent : Measure
        (budget − FAC) in percent of the budget; HC1 without earned value.
    available : Measure
        Budget − AC − open commitments (CST-3).
    budget_use : Measure
        (AC + open commitments) / budget, a ratio; HC3.
    original_bac : Measure
        BAC of baseline 0.
    """

    project_budget: Measure
    contingency_left: Measure
    reserve_left: Measure
    open_commitments: Measure
    fac: Measure
    fac_variance_percent: Measure
    available: Measure
    budget_use: Measure
    original_bac: Measure


@dataclass(frozen=True, slots=True)
class ProjectMeasures:
    """
    Measured facts of one project.

    Attributes
    ----------
    project_id, currency, state, data_date
        As given.
    data_date_age_days : int or None
        Calendar days from the data date to ``as_of``.
    has_baseline, is_finished : bool
        Finished: there are active tasks and each has an actual finish.
    tasks_total, tasks_complete, tasks_started : int
        Active leaf tasks, milestones included.
    percent_complete : Measure
        Share of the duration done, 0-100 (SCH-31).
    milestones_overdue : Measure
        Number of key milestones due by the data date and not reached; HS3.
    overdue_milestone_ids : tuple of int
        Their tasks, in order of id.
    finish_task_ids : tuple of int
        Tasks whose finish is the forecast finish.
    late_task_ids : tuple of int
        Up to ten unfinished or finished tasks with the largest finish slip against the baseline, worst first.
    baseline_id, original_baseline_id : int or None
        Baselines compared with.
    removed_rows : int
        Rows of the current baseline whose task is gone (SCH-37).
    loe_percent : Measure
        Level of effort in percent of BAC; above 15 warns (CST-9).
    """

    project_id: int
    currency: str
    state: str
    data_date: date | None
    data_date_age_days: int | None
    has_baseline: bool
    is_finished: bool
    tasks_total: int
    tasks_complete: int
    tasks_started: int
    percent_complete: Measure
    milestones_overdue: Measure
    overdue_milestone_ids: tuple[int, ...]
    finish_task_ids: tuple[int, ...]
    late_task_ids: tuple[int, ...]
    baseline_id: int | None
    original_baseline_id: int | None
    removed_rows: int
    loe_percent: Measure
    value: EarnedValueMeasures
    time: TimeMeasures
    budget: BudgetMeasures
