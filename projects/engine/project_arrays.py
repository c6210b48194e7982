"""
Facts of a chunk of projects as arrays: the input of `projects.engine.measures.measure_projects`.

Units: instants are minutes since 1970-01-01 00:00 in project-local time (`NO_INSTANT` = missing), money is
whole cents of the project's currency, durations are working minutes, percentages are hundredths
(0-10000, `UNKNOWN` = not recorded). References between rows are positions in the arrays, not ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from projects.engine.calendar import WorkCalendar
from projects.engine.instants import Instants
from projects.engine.project_codes import UNKNOWN, EacMethod, TaskKind, Technique
from projects.engine.value_profiles import ValueProfile

__all__ = [
    "UNKNOWN",
    "UNKNOWN_CENTS",
    "BaselineColumns",
    "Bools",
    "EacMethod",
    "Numbers",
    "ProjectArrays",
    "ProjectColumns",
    "TaskColumns",
    "TaskKind",
    "Technique",
]

UNKNOWN_CENTS = int(np.iinfo(np.int64).min)

Bools = NDArray[np.bool_]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class ProjectColumns:
    """
    One entry per project, in the order of the results.

    Attributes
    ----------
    project_id : ndarray of int64
        Key of the project; returned unchanged.
    currency : tuple of str
        ISO 4217 codes.
    state : tuple of str
        State of the project; returned unchanged.
    data_date : tuple of date or None
        Status is known up to the end of this day (CON-6).
    calendar : ndarray of int64
        Position in `ProjectArrays.calendars`.
    eac_method : ndarray of int64
        Codes of `EacMethod`.
    completion_task : ndarray of int64
        Position of the completion milestone among the tasks, `UNKNOWN` for none (SCH-38).
    baseline_id, original_baseline_id : ndarray of int64
        Current baseline and baseline 0, `UNKNOWN` for none.
    original_start, original_finish : ndarray of int64
        Span of baseline 0; `NO_INSTANT` when unknown.
    original_bac : ndarray of int64
        Budget at completion of baseline 0, cents; `UNKNOWN` for none.
    has_budget : ndarray of bool
        Whether the project has any approved budget line.
    budget_work, budget_contingency, budget_reserve : ndarray of int64
        Approved budget left in each part, cents (CST-5): work packages with undistributed budget,
        contingency, management reserve.
    actual_cost : ndarray of int64
        Cost posted up to and including the data date, cents, accruals included (CST-11).
    open_commitments : ndarray of int64
        Sum of max(0, amount − invoiced) of open commitments, cents (CST-1).
    uncommitted_etc : ndarray of int64
        Estimated cost to complete that is not committed yet, cents; `UNKNOWN` when never estimated.
    earlier_ev, earlier_ac : ndarray of int64 or None
        Earned and spent before the last three periods began, cents, for EAC-6; `UNKNOWN_CENTS` where that
        is not known, ``None`` for no column.
    """

    project_id: Numbers
    currency: tuple[str, ...]
    state: tuple[str, ...]
    data_date: tuple[date | None, ...]
    calendar: Numbers
    eac_method: Numbers
    completion_task: Numbers
    baseline_id: Numbers
    original_baseline_id: Numbers
    original_start: Instants
    original_finish: Instants
    original_bac: Numbers
    has_budget: Bools
    budget_work: Numbers
    budget_contingency: Numbers
    budget_reserve: Numbers
    actual_cost: Numbers
    open_commitments: Numbers
    uncommitted_etc: Numbers
    earlier_ev: Numbers | None = None
    earlier_ac: Numbers | None = None

    def earlier_of(self, position: int) -> tuple[Decimal, Decimal] | None:
        """Return earned and spent of one project before the last three periods began, in money."""
        if self.earlier_ev is None or self.earlier_ac is None:
            return None
        earned, spent = int(self.earlier_ev[position]), int(self.earlier_ac[position])
        if UNKNOWN_CENTS in {earned, spent}:
            return None
        return Decimal(earned).scaleb(-2), Decimal(spent).scaleb(-2)


@dataclass(frozen=True, slots=True, eq=False)
class TaskColumns:
    """
    One entry per leaf task of any project of the chunk, in any order.

    Attributes
    ----------
    task_id : ndarray of int64
        Key of the task; named in results.
    project, calendar : ndarray of int64
        Positions of the project and of the task's own (or the project's) calendar.
    kind, technique : ndarray of int64
        Codes of `TaskKind` and `Technique`.
    is_active, is_key_milestone : ndarray of bool
        Inactive tasks are ignored everywhere (SCH-12).
    planned_start, planned_finish, early_start, early_finish, actual_start, actual_finish : ndarray of int64
        Instants; the forecast of an unfinished task is its early date, else its planned date.
    duration, remaining_duration : ndarray of int64
        Working minutes; remaining `UNKNOWN` when not given.
    percent_complete, percent_physical : ndarray of int64
        Hundredths of a percent, `UNKNOWN` when not given. Physical holds the reached share of weighted
        milestones, units, points or the base task too.
    suspend_on, resume_on : ndarray of int64 or None
        Instants between which a started task rests (SCH-22); `NO_INSTANT` for never, ``None`` for no column.
    """

    task_id: Numbers
    project: Numbers
    calendar: Numbers
    kind: Numbers
    technique: Numbers
    is_active: Bools
    is_key_milestone: Bools
    planned_start: Instants
    planned_finish: Instants
    early_start: Instants
    early_finish: Instants
    actual_start: Instants
    actual_finish: Instants
    duration: Numbers
    remaining_duration: Numbers
    percent_complete: Numbers
    percent_physical: Numbers
    suspend_on: Instants | None = None
    resume_on: Instants | None = None


@dataclass(frozen=True, slots=True, eq=False)
class BaselineColumns:
    """
    One entry per leaf row of the current baselines.

    Attributes
    ----------
    project : ndarray of int64
        Position of the project.
    task : ndarray of int64
        Position of the task, `UNKNOWN` when the task was removed since (SCH-37).
    start, finish : ndarray of int64
        Baseline instants; a row without them counts in BAC only; a milestone needs ``finish`` only.
    duration : ndarray of int64
        Working minutes.
    budget : ndarray of int64
        Cents.
    """

    project: Numbers
    task: Numbers
    start: Instants
    finish: Instants
    duration: Numbers
    budget: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class ProjectArrays:
    """
    Facts of a chunk of projects, loaded by a fixed number of queries.

    Attributes
    ----------
    profiles : mapping of int to ValueProfile
        By position of the baseline row, for those that say more than a technique and two dates.
    quantities : mapping of int to Decimal
        Units done or points accepted, by position of the task.
    """

    projects: ProjectColumns
    tasks: TaskColumns
    baseline: BaselineColumns
    calendars: tuple[WorkCalendar, ...]
    profiles: Mapping[int, ValueProfile] = field(default_factory=dict)
    quantities: Mapping[int, Decimal] = field(default_factory=dict)
