"""What tasks and baseline rows say of their earned value beyond the technique, for the engine."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet

from pmo_portal.common.among import Among
from projects.choices import EvCurve, EvTechnique
from projects.engine.instants import end_of_day
from projects.engine.interruptions import Stretch
from projects.engine.project_arrays import UNKNOWN, Numbers, ProjectArrays, TaskColumns
from projects.engine.project_codes import Technique
from projects.engine.time_phasing import Curve
from projects.engine.value_profiles import PlannedShare, ValueProfile, cumulative_steps
from projects.models import BaselineTask, Task
from projects.selectors.former_values import former_tasks
from projects.selectors.plan_columns import BaselineRows, PlanRows, newest_entries
from projects.selectors.task_stretches import stretches_from

HUNDRED = Fraction(100)
Details = Mapping[str, Any]
FormerDetails = Mapping[tuple[int, int], Details]


def profile_of(
    details: Details, *, technique: str | None, base_task: int | None, stretches: tuple[Stretch, ...]
) -> ValueProfile:
    """
    Return stored details as the engine takes them.

    Parameters
    ----------
    details : mapping
        `Task.ev_details` or, with the technique in it, `BaselineTask.pv_profile`.
    technique : str or None
        The one the details belong to where it is frozen.
    base_task : int or None
        Position of the base of an apportioned task.
    stretches : tuple of Stretch
        When the row is worked on, where that is interrupted.
    """
    curve = details.get("curve", EvCurve.LINEAR)
    is_manual = curve == EvCurve.MANUAL
    return ValueProfile(
        technique=None if technique is None else Technique[EvTechnique(technique).name],
        curve=Curve.LINEAR if is_manual else Curve(curve),
        start_share=Fraction(details.get("start_share", "50")) / 100,
        steps=_manual_steps(details) if is_manual else _counted_steps(details),
        is_gradual=is_manual,
        planned_quantity=planned_quantity(details),
        base_task=base_task,
        stretches=stretches,
    )


def planned_quantity(details: Details) -> Decimal | None:
    """Return the units or points that make the whole budget; None where nothing is counted."""
    stated = details.get("planned_units") or details.get("baseline_points")
    return Decimal(stated) if stated else None


def _manual_steps(details: Details) -> tuple[PlannedShare, ...]:
    return tuple(
        PlannedShare(end_of_day(date.fromisoformat(corner["on"])), Fraction(corner["percent"]) / 100)
        for corner in details.get("manual", [])
    )


def _counted_steps(details: Details) -> tuple[PlannedShare, ...]:
    """Return weights of milestones or points of increments as cumulative shares."""
    whole = Fraction(details["baseline_points"]) if details.get("baseline_points") else HUNDRED
    parts = [(row["on"], row["weight"]) for row in details.get("milestones", [])]
    parts += [(row["on"], row["points"]) for row in details.get("increments", [])]
    return cumulative_steps(
        [(end_of_day(date.fromisoformat(day)), Fraction(part) / whole) for day, part in parts]
    )


def former_details(project_ids: Collection[int], as_of: date) -> FormerDetails:
    """Return what tasks that changed after a day said at its end, by project and number. One query."""
    rows = former_tasks(list(project_ids), as_of).values_list("project_id", "uid", "ev_details")
    return {(project_id, uid): details or {} for project_id, uid, details in rows.order_by("pk")}


def profiled_rows(baseline_ids: Collection[int], former: FormerDetails) -> QuerySet[BaselineTask]:
    """Return the rows of baselines that have a profile, or whose task said anything on the day or says it."""
    rows = BaselineTask.objects.filter(Among("baseline_id", baseline_ids))
    return rows.filter(
        Q(pv_profile__isnull=False)
        | Q(stretches__isnull=False)
        | Q(task__ev_details__isnull=False)
        | Q(task_uid__in=_changed(former))
    )


def profiled_among(rows: BaselineRows, plan: PlanRows, former: FormerDetails) -> QuerySet[BaselineTask]:
    """Return the same of rows that were read: all but those that have nothing and whose task has nothing."""
    is_silent = np.isin(rows.task_id, plan.task_id[plan.has_details == 0])
    keys = rows.row_id[~is_silent | (rows.has_profile == 1) | (rows.has_stretches == 1)]
    baseline_ids = np.unique(rows.baseline_id).tolist() if former else []
    changed = Q(Among("baseline_id", baseline_ids), task_uid__in=_changed(former))
    return BaselineTask.objects.filter(Q(Among("pk", keys.tolist())) | changed)


def _changed(former: FormerDetails) -> set[int]:
    """Return the numbers of tasks that said something on the day and were changed since."""
    return {uid for (_, uid), details in former.items() if details}


def load_profiles(
    rows: QuerySet[BaselineTask],
    owners: Mapping[int, int],
    task_ids: Numbers,
    *,
    as_of: date,
    former: FormerDetails,
) -> dict[int, ValueProfile]:
    """
    Return the profiles of rows of baselines at the end of a day, by key of the row. At most two queries.

    A profile that was frozen by then comes before what the task said.

    Parameters
    ----------
    rows : QuerySet of BaselineTask
        See `profiled_rows` and `profiled_among`.
    owners : mapping of int to int
        Baseline to project.
    task_ids : ndarray of int64
        Keys of the tasks by position.
    former : mapping
        See `former_details`.
    """
    cells = rows.order_by("pk").values_list(
        *("pk", "baseline_id", "task_uid", "frozen_on", "pv_profile", "stretches", "task__ev_details")
    )
    said: dict[int, tuple[int, Details, bool]] = {}
    pieces: dict[int, tuple[Stretch, ...]] = {}
    for pk, baseline_id, uid, frozen_on, frozen, stretches, present in cells:
        is_frozen = frozen is not None and (frozen_on is None or frozen_on <= as_of)
        details = frozen if is_frozen else former.get((owners[baseline_id], uid), present or {})
        if details or stretches:
            said[pk] = (owners[baseline_id], details, is_frozen)
            pieces[pk] = stretches_from(stretches)
    numbers = {details["base"] for _, details, _ in said.values() if "base" in details}
    bases = _bases(set(owners.values()), numbers, task_ids)
    return {
        pk: profile_of(
            details,
            technique=details.get("technique") if is_frozen else None,
            base_task=_base_of(details, project_id, bases),
            stretches=pieces[pk],
        )
        for pk, (project_id, details, is_frozen) in said.items()
    }


def _base_of(details: Details, project_id: int, bases: Mapping[tuple[int, int], int]) -> int | None:
    """Return the position of the base task the details name, `UNKNOWN` when it is gone."""
    number = details.get("base")
    return None if number is None else bases.get((project_id, number), UNKNOWN)


def _bases(
    project_ids: Collection[int], numbers: Collection[int], task_ids: Numbers
) -> dict[tuple[int, int], int]:
    """Return the positions of tasks by project and number. One query."""
    place = {task_id: position for position, task_id in enumerate(task_ids.tolist())} if numbers else {}
    rows = Task.objects.filter(project_id__in=project_ids, uid__in=numbers)
    return {
        (project_id, uid): place[pk]
        for project_id, uid, pk in rows.order_by("pk").values_list("project_id", "uid", "pk")
        if pk in place
    }


def load_quantities(project_ids: Sequence[int], as_of: date, plan: PlanRows) -> dict[int, Decimal]:
    """Return units done and points accepted as known at the end of a day, by position. At most one query."""
    if not plan.entry_counts.any():
        return {}
    place = {task_id: position for position, task_id in enumerate(plan.task_id.tolist())}
    said = newest_entries(project_ids, as_of).filter(ev_progress__isnull=False)
    return {
        place[task_id]: Decimal(progress["done"])
        for task_id, progress in said.order_by("pk").values_list("task_id", "ev_progress")
        if progress and task_id in place and "done" in progress
    }


class ShapeKeys:
    """
    Profiles and quantities of each project as bytes that do not depend on the chunk (SEC-37).

    A frozen technique that the task of the day has anyway says nothing: it was frozen when that changed.
    """

    def __init__(self, arrays: ProjectArrays) -> None:
        """Sort what there is by project; rows and tasks of a project follow each other."""
        self._found: dict[int, list[str]] = {}
        rows, tasks = arrays.baseline, arrays.tasks
        first_row = np.searchsorted(rows.project, np.arange(len(arrays.projects.project_id)))
        for row, profile in sorted(arrays.profiles.items()):
            owner = int(rows.project[row])
            said = _beyond_the_task(profile, int(rows.task[row]), tasks)
            if said is None:
                continue
            base = said.base_task
            named = int(tasks.task_id[base]) if base is not None and base != UNKNOWN else base
            key = (row - int(first_row[owner]), replace(said, base_task=named))
            self._found.setdefault(owner, []).append(repr(key))
        for task, done in sorted(arrays.quantities.items()):
            key_of_task = (int(tasks.task_id[task]), str(done))
            self._found.setdefault(int(tasks.project[task]), []).append(repr(key_of_task))

    def of(self, position: int) -> bytes:
        """Return the bytes of a project; none where its rows say nothing special."""
        return "".join(self._found.get(position, [])).encode()


def _beyond_the_task(profile: ValueProfile, task: int, tasks: TaskColumns) -> ValueProfile | None:
    """Return a profile without a frozen technique that the task has anyway; None if nothing is left of it."""
    if profile.technique is None or task == UNKNOWN or int(tasks.technique[task]) != int(profile.technique):
        return profile
    rest = replace(profile, technique=None)
    return None if rest == ValueProfile() else rest
