"""
Measured facts of many projects at once.

`measure_projects` takes a chunk of projects as arrays (`ProjectArrays`) and returns one `ProjectMeasures` per
project, in the same order. Work over tasks is done on whole arrays; only the last step, from sums to
indices, goes project by project. Definitions: ``docs/algorithms/measures.md``.
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

import numpy as np

from projects.engine.chunk_calendars import ChunkCalendars
from projects.engine.chunk_totals import ChunkTotals, chunk_totals
from projects.engine.earned_value import percent_of_budget
from projects.engine.instants import day_number
from projects.engine.measure import Measure, Reason, quotient
from projects.engine.measured_budget import measure_budget
from projects.engine.measured_time import measure_time
from projects.engine.measured_value import measure_value
from projects.engine.money_facts import MoneyFacts, money_facts
from projects.engine.plausible_dates import plausible_dates
from projects.engine.project_arrays import UNKNOWN, ProjectArrays
from projects.engine.project_measures import ProjectMeasures

__all__ = ["ProjectArrays", "ProjectMeasures", "measure_projects"]


def measure_projects(
    chunk: ProjectArrays, *, as_of: date, leave_out: Collection[int] = ()
) -> list[ProjectMeasures]:
    """
    Measure the projects of a chunk at their data dates.

    Parameters
    ----------
    chunk : ProjectArrays
        Facts: instants in minutes, money in cents, durations in working minutes.
    as_of : date
        Day of the roll-up; only the age of the data date depends on it.
    leave_out : collection of int
        Positions of projects that need no measures.

    Returns
    -------
    list of ProjectMeasures
        One per project in the order of ``chunk.projects``, without those left out. What cannot be computed
        is null with its reason (CON-4). A calendar without working time gives durations of 0; dates outside
        the years 1900 to 2199 count as not given.
    """
    chunk = plausible_dates(chunk)
    expected = np.concatenate([chunk.baseline.start, chunk.baseline.finish, chunk.tasks.planned_finish])
    calendars = ChunkCalendars(chunk.calendars, expected)
    totals = chunk_totals(chunk, calendars)
    return [
        _measure_project(chunk, totals, calendars, position, as_of)
        for position in range(len(chunk.projects.project_id))
        if position not in leave_out
    ]


def _measure_project(
    chunk: ProjectArrays, totals: ChunkTotals, calendars: ChunkCalendars, position: int, as_of: date
) -> ProjectMeasures:
    projects, counts = chunk.projects, totals.counts
    money = money_facts(projects, totals, position)
    data_date = projects.data_date[position]
    has_baseline = bool(projects.baseline_id[position] != UNKNOWN)
    is_finished = bool(counts.total[position] > 0 and counts.unfinished[position] == 0)
    overdue = tuple(totals.lists.overdue[position])
    return ProjectMeasures(
        project_id=int(projects.project_id[position]),
        currency=projects.currency[position],
        state=projects.state[position],
        data_date=data_date,
        data_date_age_days=None if data_date is None else day_number(as_of) - day_number(data_date),
        has_baseline=has_baseline,
        is_finished=is_finished,
        tasks_total=int(counts.total[position]),
        tasks_complete=int(counts.complete[position]),
        tasks_started=int(counts.started[position]),
        percent_complete=_percent_complete(totals, position),
        milestones_overdue=_overdue(len(overdue), has_baseline=has_baseline, data_date=data_date),
        overdue_milestone_ids=overdue,
        finish_task_ids=tuple(totals.lists.finishing[position]),
        late_task_ids=tuple(totals.lists.late[position]),
        baseline_id=_key(int(projects.baseline_id[position])),
        original_baseline_id=_key(int(projects.original_baseline_id[position])),
        removed_rows=int(totals.removed_rows[position]),
        loe_percent=_effort_share(money, has_baseline=has_baseline),
        value=measure_value(money, has_baseline=has_baseline, has_data_date=data_date is not None),
        time=measure_time(chunk, totals, calendars, position, is_finished=is_finished),
        budget=measure_budget(money, has_data_date=data_date is not None),
    )


def _key(identifier: int) -> int | None:
    return None if identifier == UNKNOWN else identifier


def _percent_complete(totals: ChunkTotals, position: int) -> Measure:
    done, total = int(totals.duration.done[position]), int(totals.duration.total[position])
    return quotient(Decimal(100 * done), Decimal(total), when_zero=Reason.NOT_APPLICABLE)


def _overdue(count: int, *, has_baseline: bool, data_date: date | None) -> Measure:
    if not has_baseline:
        return Measure.missing(Reason.NO_BASELINE)
    if data_date is None:
        return Measure.missing(Reason.NO_DATA_DATE)
    return Measure.of(Decimal(count))


def _effort_share(money: MoneyFacts, *, has_baseline: bool) -> Measure:
    if not has_baseline:
        return Measure.missing(Reason.NO_BASELINE)
    return percent_of_budget(money.loe_budget, bac=money.bac)
