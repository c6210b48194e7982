"""The dates the engine gives a plan, beside those that are stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from projects.choices import StartDriver
from projects.engine.calendar import WorkCalendar
from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.columns import Numbers
from projects.engine.scheduling.layout import DEADLINE
from projects.engine.scheduling.rules import Driver
from projects.engine.scheduling.schedule import Schedule
from projects.models import Project
from projects.selectors.columns import Coded, FlagOrNone, Hundredths, Known, Minute, Raw, Seldom, WholeOrNone
from projects.selectors.kept_schedules import schedule_of
from projects.selectors.key_places import UNKNOWN
from projects.selectors.networks import PlanNetwork, load_network
from projects.selectors.plan_dates import to_moment

MOMENTS = (
    *("planned_start", "planned_finish"),
    *("early_start", "early_finish", "late_start", "late_finish"),
)
FLOATS = ("total_float", "free_float")
FLAGS = ("is_critical", "is_near_critical", "is_on_longest_path", "is_deadline_missed")
LINK_FLAGS = ("is_driving", "is_out_of_sequence")
DRIVERS = tuple(StartDriver[driver.name] for driver in Driver)

_TASK_COLUMNS: Mapping[str, str | Raw] = {
    **{name: Minute(name) for name in MOMENTS[2:]},
    **{name: WholeOrNone(name) for name in FLOATS},
    **{name: FlagOrNone(name) for name in FLAGS},
    "start_driver": Coded("start_driver", codes={str(choice): at for at, choice in enumerate(DRIVERS)}),
    "start_link_id": Known("start_link_id"),
}
# What a summary takes from below and is not computed: hours and percent complete.
HOURS = ("work_hours", "actual_work_hours", "remaining_work_hours")
SUMMARY_COLUMNS: Mapping[str, str | Raw] = {
    **_TASK_COLUMNS,
    "percent_complete": Seldom(Hundredths("percent_complete"), 0),
    **{name: Seldom(Hundredths(name), 0) for name in HOURS},
}
_LINK_COLUMNS: Mapping[str, str | Raw] = {name: FlagOrNone(name) for name in LINK_FLAGS}


@dataclass(frozen=True)
class DatedPlan:
    """
    A plan with the dates the engine gives it.

    Attributes
    ----------
    tasks, links : dict of str to ndarray of int64
        Computed columns by name of the model's field, in the order of the network: instants, minutes, 0 or 1,
        `NO_INSTANT` or -1 for what is undefined.
    moved, changed : ndarray of int64
        Places of tasks with other planned dates than stored, and of those with any other column.
    changed_links : ndarray of int64
        Places of links with other marks.
    """

    plan: PlanNetwork
    schedule: Schedule
    tasks: Mapping[str, Numbers]
    links: Mapping[str, Numbers]
    moved: Numbers
    changed: Numbers
    changed_links: Numbers


def date_plan(project: Project, *, own: WorkCalendar | None = None) -> DatedPlan:
    """
    Return the project's plan with computed dates; nothing is stored. At most 14 queries.

    Parameters
    ----------
    own : WorkCalendar, optional
        The project's calendar, where the caller has read it in the same transaction.

    Raises
    ------
    EmptyCalendarError, CycleError, OverflowError
        As `compute_schedule`.
    """
    plan = load_network(project, of_tasks=SUMMARY_COLUMNS, of_links=_LINK_COLUMNS, own=own)
    found = schedule_of(project.pk, plan.network, plan.options, task_ids=plan.task_ids)
    tasks, links = _task_columns(plan, found), _link_columns(found)
    return DatedPlan(
        plan=plan,
        schedule=found,
        tasks=tasks,
        links=links,
        moved=_differing(tasks, plan.tasks, MOMENTS[:2]),
        changed=_differing(tasks, plan.tasks, tuple(tasks)),
        changed_links=_differing(links, plan.links, LINK_FLAGS),
    )


def inactive_dated(dated: DatedPlan) -> NDArray[np.bool_]:
    """Return which rows are inactive tasks that still have computed dates."""
    rows = dated.plan.rows
    is_idle: NDArray[np.bool_] = (rows["kind"] != UNKNOWN) & ~dated.plan.is_scheduled
    return is_idle & (rows["early_start"] != NO_INSTANT)


def rows_after(dated: DatedPlan) -> dict[str, Numbers]:
    """Return all rows of the plan as they are once the computed columns are written."""
    rows = dict(dated.plan.rows)
    idle = (rows["kind"] != UNKNOWN) & ~dated.plan.is_scheduled
    for name in (*MOMENTS, *FLOATS, "is_critical"):
        column = rows[name].copy()
        column[dated.plan.is_scheduled] = dated.tasks[name]
        if name not in MOMENTS[:2]:
            column[idle] = UNKNOWN if name == "is_critical" else NO_INSTANT
        rows[name] = column
    return rows


def _task_columns(plan: PlanNetwork, found: Schedule) -> dict[str, Numbers]:
    """
    Return the columns of the tasks.

    Late dates of finished ones are undefined as their float is; what happened is planned as it happened.
    """
    actual_start, actual_finish = plan.tasks["actual_start"], plan.tasks["actual_finish"]
    deadline = plan.network.columns[: plan.network.size, DEADLINE]
    is_open = found.total_float != NO_INSTANT
    finish = np.where(actual_finish == NO_INSTANT, found.early_finish, actual_finish)
    return {
        "planned_start": np.where(actual_start == NO_INSTANT, found.early_start, actual_start),
        "planned_finish": finish,
        "early_start": found.early_start,
        "early_finish": found.early_finish,
        "late_start": np.where(is_open, found.late_start, NO_INSTANT),
        "late_finish": np.where(is_open, found.late_finish, NO_INSTANT),
        "total_float": found.total_float,
        "free_float": found.free_float,
        "is_critical": found.is_critical.astype(np.int64),
        "is_near_critical": found.is_near_critical.astype(np.int64),
        "is_on_longest_path": found.is_longest_path.astype(np.int64),
        "is_deadline_missed": np.where(deadline == NO_INSTANT, UNKNOWN, (finish > deadline).astype(np.int64)),
        "start_driver": found.driver,
        "start_link_id": np.where(found.driver_link == UNKNOWN, UNKNOWN, plan.link_ids[found.driver_link])
        if plan.link_ids.size
        else np.full(found.driver.size, UNKNOWN, dtype=np.int64),
    }


def _link_columns(found: Schedule) -> dict[str, Numbers]:
    return {
        "is_driving": found.is_driving.astype(np.int64),
        "is_out_of_sequence": found.is_out_of_sequence.astype(np.int64),
    }


def _differing(new: Mapping[str, Numbers], old: Mapping[str, Numbers], names: tuple[str, ...]) -> Numbers:
    """Return the places at which any of the columns differs."""
    differs = np.zeros(new[names[0]].size, dtype=np.bool_)
    for name in names:
        differs |= new[name] != old[name]
    return np.flatnonzero(differs)


def moment_or_none(instant: int) -> datetime | None:
    """Return the moment to store for an instant."""
    return None if instant == NO_INSTANT else to_moment(instant)
