"""What the checks of a schedule need beside its network: baseline, resources, costs, owners, data date."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projects.choices import CYCLE_DAYS, ReportCycle
from projects.engine.instants import NO_INSTANT, end_of_day, start_of_day
from projects.engine.schedule_quality.facts import UNKNOWN, BaselineFacts, PlanFacts, no_baseline
from projects.engine.scheduling.network import ActivityKind
from projects.engine.scheduling.options import Convention
from projects.engine.scheduling.schedule import Schedule
from projects.models import Assignment, Baseline, BaselineTask, BudgetLine, Project, Task
from projects.selectors.columns import Flag, Given, Hundredths, Minute
from projects.selectors.networks import PlanNetwork, load_network
from projects.selectors.packed_columns import read_columns
from projects.selectors.plan_columns import moment_minutes

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class StoredPlan:
    """
    A plan as it stands, with everything its checks ask; flags in the order of the network.

    ``fingerprint`` is a SHA-256 of all of it but the age of the data date, which changes by itself.
    """

    plan: PlanNetwork
    baseline: BaselineFacts
    has_assignment: Flags
    has_cost: Flags
    has_owner: Flags
    minutes_per_day: int
    data_date: date | None
    data_date_end: int
    data_date_age: int | None
    cycle_days: int
    given_start: Numbers | None
    given_finish: Numbers | None
    completion: int | None
    fingerprint: str

    def facts(self, schedule: Schedule) -> PlanFacts:
        """Return what the engine checks; ``schedule`` is computed from the network."""
        return PlanFacts(
            network=self.plan.network,
            options=self.plan.options,
            schedule=schedule,
            baseline=self.baseline,
            has_assignment=self.has_assignment,
            has_cost=self.has_cost,
            has_owner=self.has_owner,
            minutes_per_day=self.minutes_per_day,
            data_date_end=self.data_date_end,
            data_date_age=self.data_date_age,
            cycle_days=self.cycle_days,
            given_start=self.given_start,
            given_finish=self.given_finish,
            completion=self.completion,
        )


def load_plan_facts(project: Project, *, as_of: date) -> StoredPlan:
    """
    Return the plan of a project as it stands, compared with the baseline in force on ``as_of``.

    At most 21 queries, whatever its size. The calendar of the project comes first in its network.
    """
    plan = load_network(project)
    with_work, with_cost = _worked_and_paid(project)
    tasks = read_columns(
        Task.objects.filter(project=project),
        task_id="pk",
        is_owned=Given("owner_id"),
        is_completion=Flag("is_completion"),
        fixed_cost=Hundredths("fixed_cost"),
        start=Minute("planned_start"),
        finish=Minute("planned_finish"),
    )
    owned = tasks["task_id"][tasks["is_owned"] == 1]
    with_cost = np.union1d(with_cost, tasks["task_id"][tasks["fixed_cost"] > 0])
    baseline = _baseline(project, plan.task_ids, as_of)
    per_day = round(project.calendar.hours_per_day * 60)
    flags = [np.isin(plan.task_ids, keys) for keys in (with_work, with_cost, owned)]
    completion = _completion(plan, tasks["task_id"][tasks["is_completion"] == 1])
    known_up_to = _known_up_to(project, plan)
    given = None if project.is_auto_scheduled else _given_dates(tasks, plan.task_ids)
    return StoredPlan(
        plan=plan,
        baseline=baseline,
        has_assignment=flags[0],
        has_cost=flags[1],
        has_owner=flags[2],
        minutes_per_day=per_day,
        data_date=project.data_date,
        data_date_end=known_up_to,
        data_date_age=None if project.data_date is None else (as_of - project.data_date).days,
        cycle_days=CYCLE_DAYS[ReportCycle(project.report_cycle)],
        given_start=None if given is None else given[0],
        given_finish=None if given is None else given[1],
        completion=completion,
        fingerprint=_fingerprint(
            plan,
            baseline,
            flags,
            given,
            [per_day, known_up_to, *([] if completion is None else [completion])],
        ),
    )


def _completion(plan: PlanNetwork, marked: Numbers) -> int | None:
    """Return the place of the active milestone that ends the project, if one is marked (SCH-38)."""
    milestones = (ActivityKind.START_MILESTONE, ActivityKind.FINISH_MILESTONE)
    found = np.flatnonzero(np.isin(plan.task_ids, marked) & np.isin(plan.tasks["kind"], milestones))
    return int(found[0]) if found.size else None


def _given_dates(tasks: Mapping[str, Numbers], task_ids: Numbers) -> Numbers:
    """Return planned starts and finishes in the order of the network, shape (2, n)."""
    order = np.argsort(tasks["task_id"])
    at = order[np.searchsorted(tasks["task_id"][order], task_ids)]
    return np.stack((tasks["start"][at], tasks["finish"][at]))


def _worked_and_paid(project: Project) -> tuple[Numbers, Numbers]:
    """Return the tasks that have an assignment, and those with money of their own. Two queries."""
    work = read_columns(
        Assignment.objects.filter(task__project=project), task_id="task_id", cost=Hundredths("cost")
    )
    lines = read_columns(BudgetLine.objects.filter(project=project, task__isnull=False), task_id="task_id")
    paid = np.concatenate([work["task_id"][work["cost"] > 0], lines["task_id"]])
    return np.unique(work["task_id"]), np.unique(paid)


def _baseline(project: Project, task_ids: Numbers, as_of: date) -> BaselineFacts:
    """Return the baseline in force on the day, in the order of the tasks. Two queries."""
    newest = (
        Baseline.objects.filter(project=project, effective_from__lte=as_of)
        .order_by("effective_from", "number")
        .last()
    )
    if newest is None:
        return no_baseline(task_ids.size)
    rows = read_columns(
        BaselineTask.objects.filter(baseline=newest, task__isnull=False),
        task_id="task_id",
        start=Minute("start"),
        finish=Minute("finish"),
        duration="duration",
    )
    kept = np.isin(rows["task_id"], task_ids) & (rows["finish"] != NO_INSTANT)
    at = np.searchsorted(task_ids, rows["task_id"][kept])

    def placed(name: str, unknown: int) -> Numbers:
        column = np.full(task_ids.size, unknown, dtype=np.int64)
        column[at] = rows[name][kept]
        return column

    return BaselineFacts(
        exists=True,
        start=placed("start", NO_INSTANT),
        finish=placed("finish", NO_INSTANT),
        duration=placed("duration", UNKNOWN),
        project_finish=moment_minutes(newest.finish),
    )


def _known_up_to(project: Project, plan: PlanNetwork) -> int:
    """
    Return the end of the data date (CON-6).

    Where a tool's data date lies within that day, the network begins there and the tool knows better.
    """
    if project.data_date is None:
        return NO_INSTANT
    end, start = end_of_day(project.data_date), plan.network.start
    is_within = start_of_day(project.data_date) <= start < end
    return start if is_within and plan.options.convention != Convention.MICROSOFT else end


def _fingerprint(
    plan: PlanNetwork,
    baseline: BaselineFacts,
    flags: list[Flags],
    given: Numbers | None,
    values: list[int],
) -> str:
    network = plan.network
    digest = sha256()
    arrays: list[NDArray[Any]] = [network.columns, network.parts, network.links, plan.task_ids, *flags]
    arrays += [baseline.start, baseline.finish, baseline.duration]
    arrays += [] if given is None else [given]
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    settings = tuple(getattr(plan.options, field.name) for field in fields(plan.options))
    rest = (
        *(network.start, network.must_finish_by, network.calendars, settings, values),
        *(plan.has_start, baseline.exists, baseline.project_finish, given is None),
    )
    digest.update(repr(rest).encode())
    return digest.hexdigest()
