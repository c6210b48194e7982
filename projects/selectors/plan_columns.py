"""Tasks, progress and baseline rows of many projects as columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet

from pmo_portal.common.among import Among
from projects.choices import MILESTONES, EvTechnique
from projects.choices import TaskKind as Kind
from projects.engine.instants import NO_INSTANT, Instants, end_of_day, instant_of
from projects.engine.project_arrays import (
    UNKNOWN,
    BaselineColumns,
    Numbers,
    TaskColumns,
    TaskKind,
    Technique,
)
from projects.models import BaselineTask, Task, TaskProgress
from projects.selectors.columns import Coded, Flag, Given, Hundredths, Known, Minute, Raw, numbers
from projects.selectors.former_values import former_tasks, is_entered, recorded_after
from projects.selectors.packed_columns import read_columns

KIND_CODES = {str(kind): int(TaskKind[kind.name]) for kind in Kind if kind != Kind.SUMMARY}
_MILESTONE_CODES = [KIND_CODES[kind] for kind in MILESTONES]
TECHNIQUE_CODES = {str(choice): int(Technique[choice.name]) for choice in EvTechnique}
FULL = 10_000


@dataclass(frozen=True)
class EffectiveBaselines:
    """
    Baselines in force per project id.

    ``original`` holds key, start and finish (minutes) and BAC (cents) of baseline 0.
    """

    current: Mapping[int, int]
    original: Mapping[int, tuple[int, Any, Any, int]]

    def owners(self) -> dict[int, int]:
        """Return the project of each baseline in force."""
        return {baseline_id: project_id for project_id, baseline_id in self.current.items()}

    def original_of(self, project_id: int) -> tuple[int, int, int, int]:
        """Return baseline 0 of the project, unknown values when it has none."""
        return self.original.get(project_id, (UNKNOWN, NO_INSTANT, NO_INSTANT, UNKNOWN))


@dataclass(frozen=True)
class Reported:
    """What one column set says of progress: instants, hundredths of a percent, working minutes."""

    actual_start: Instants
    actual_finish: Instants
    remaining: Numbers
    percent: Numbers
    physical: Numbers


# What a task and an entry of progress both say, by name in `Reported`.
_REPORTED: Mapping[str, Raw] = {
    "actual_start": Minute("actual_start"),
    "actual_finish": Minute("actual_finish"),
    "remaining": Known("remaining_duration"),
    "percent": Hundredths("percent_complete"),
    "physical": Hundredths("percent_physical"),
}
# What is read of a task, by name in `PlanRows` and `Reported`.
_FACTS: Mapping[str, str | Raw] = {
    "task_id": "pk",
    "project_id": "project_id",
    "calendar_id": Known("calendar_id"),
    "kind": Coded("kind", codes=KIND_CODES),
    "technique": Coded("ev_technique", codes=TECHNIQUE_CODES),
    "is_active": Flag("is_active"),
    "is_key": Flag("is_key_milestone"),
    "is_completion": Flag("is_completion"),
    "is_owned": Given("owner_id"),
    "has_details": Given("ev_details"),
    "planned_start": Minute("planned_start"),
    "planned_finish": Minute("planned_finish"),
    "early_start": Minute("early_start"),
    "early_finish": Minute("early_finish"),
    "duration": "duration",
    "suspend_on": Minute("suspend_on"),
    "resume_on": Minute("resume_on"),
    **_REPORTED,
}


@dataclass(frozen=True)
class PastRows:
    """
    Rows of plans that changed since the date, as they stood on it, summaries among them.

    ``is_reported`` says whether progress had been recorded; ``noted_late`` are tasks whose newest entry
    about the time up to the date came after it.
    """

    task_id: Numbers
    project_id: Numbers
    uid: Numbers
    is_reported: Numbers
    facts: Mapping[str, Numbers]
    noted_late: Numbers

    def put_back(self, tasks: Mapping[str, Numbers]) -> dict[str, Numbers]:
        """Return the leaf rows of today with those that changed as they stood."""
        if not self.task_id.size:
            return dict(tasks)
        kept = ~np.isin(tasks["task_id"], self.task_id)
        leaves = self.facts["kind"] != UNKNOWN
        return {
            name: np.concatenate([column[kept], self.facts[name][leaves]]) for name, column in tasks.items()
        }

    def keys(self) -> dict[tuple[int, int], int]:
        """Return the keys of the rows by project and number."""
        names = zip(self.project_id.tolist(), self.uid.tolist(), strict=True)
        return dict(zip(names, self.task_id.tolist(), strict=True))


@dataclass(frozen=True)
class PlanRows:
    """
    Leaf tasks by project and id, and the newest progress entry of each up to the date.

    ``entry_counts`` says which entries have more to say than a percentage: units, points, steps.
    """

    task_id: Numbers
    project_id: Numbers
    calendar_id: Numbers
    kind: Numbers
    technique: Numbers
    is_active: Numbers
    is_key: Numbers
    is_completion: Numbers
    is_owned: Numbers
    has_details: Numbers
    planned_start: Instants
    planned_finish: Instants
    early_start: Instants
    early_finish: Instants
    duration: Numbers
    suspend_on: Instants
    resume_on: Instants
    now: Reported
    entry_task_id: Numbers
    entry_counts: Numbers
    entry: Reported
    forecast_start: Instants
    forecast_finish: Instants
    reported_later: Numbers
    past: PastRows

    def completions(self) -> dict[int, int]:
        """Return the place of the completion milestone of each project that has one (SCH-38)."""
        places = np.flatnonzero((self.is_completion == 1) & np.isin(self.kind, _MILESTONE_CODES))
        return dict(zip(self.project_id[places].tolist(), places.tolist(), strict=True))

    def calendar_ids(self) -> list[int]:
        """Return the keys of the tasks' own calendars."""
        return [key for key in np.unique(self.calendar_id).tolist() if key != UNKNOWN]

    def owned_counts(self) -> dict[int, tuple[int, int]]:
        """Return per project the number of active leaf tasks, and of those with an owner."""
        active = self.is_active == 1
        ids, total = np.unique(self.project_id[active], return_counts=True)
        owners, owned = np.unique(self.project_id[active & (self.is_owned == 1)], return_counts=True)
        with_owner = dict(zip(owners.tolist(), owned.tolist(), strict=True))
        return {
            key: (count, with_owner.get(key, 0))
            for key, count in zip(ids.tolist(), total.tolist(), strict=True)
        }


@dataclass(frozen=True)
class BaselineRows:
    """Leaf rows of baselines, by project and row; ``has_profile`` and ``has_stretches`` are 0 or 1."""

    row_id: Numbers
    baseline_id: Numbers
    task_id: Numbers
    start: Instants
    finish: Instants
    duration: Numbers
    budget: Numbers
    has_profile: Numbers
    has_stretches: Numbers


def moment_minutes(moment: datetime | None) -> int:
    """Return a stored moment as an instant."""
    return NO_INSTANT if moment is None else instant_of(moment.replace(tzinfo=None))


def load_plan_rows(project_ids: Sequence[int], as_of: date) -> PlanRows:
    """Return the leaf tasks of projects and their progress. Four queries, five for a past that changed."""
    leaves = Task.objects.filter(is_entered(as_of), Among("project_id", project_ids)).leaves()
    past = _past_rows(project_ids, as_of)
    plan = _by_project(past.put_back(read_columns(leaves, **_FACTS)))
    now = Reported(**{name: plan.pop(name) for name in _REPORTED})
    entries = _newest_entries(project_ids, as_of)
    later = TaskProgress.objects.filter(Among("task__project_id", project_ids), data_date__gt=as_of)
    return PlanRows(
        **plan,
        now=now,
        entry_task_id=entries["task_id"],
        entry_counts=entries["counts"],
        entry=Reported(**{name: entries[name] for name in _REPORTED}),
        forecast_start=entries["forecast_start"],
        forecast_finish=entries["forecast_finish"],
        reported_later=numbers(later.order_by().values_list("task_id", flat=True).distinct()),
        past=past,
    )


def _past_rows(project_ids: Sequence[int], as_of: date) -> PastRows:
    """Return the rows that changed since the day, as they stood on it; none for a roll-up of today."""
    rows = former_tasks(project_ids, as_of).filter(is_entered(as_of))
    facts = {**_FACTS, "task_id": "task_id"}
    found = read_columns(rows, uid="uid", is_reported=Flag("is_reported"), **facts)
    noted_late: list[int] = []
    if found["task_id"].size:
        entries = recorded_after(newest_entries(project_ids, as_of), as_of)
        noted_late = list(entries.values_list("task_id", flat=True))
    return PastRows(
        task_id=found["task_id"],
        project_id=found["project_id"],
        uid=found.pop("uid"),
        is_reported=found.pop("is_reported"),
        facts=found,
        noted_late=numbers(noted_late),
    )


def _by_project(tasks: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """Return columns of tasks by project and id."""
    order = np.lexsort((tasks["task_id"], tasks["project_id"]))
    return {name: column[order] for name, column in tasks.items()}


def newest_entries(project_ids: Sequence[int], as_of: date) -> QuerySet[TaskProgress]:
    """Return the newest progress entry of each task up to the day."""
    newer = TaskProgress.objects.filter(
        task_id=OuterRef("task_id"), data_date__lte=as_of, data_date__gt=OuterRef("data_date")
    )
    return TaskProgress.objects.filter(Among("task__project_id", project_ids), data_date__lte=as_of).filter(
        ~Exists(newer)
    )


def _newest_entries(project_ids: Sequence[int], as_of: date) -> dict[str, Numbers]:
    return read_columns(
        newest_entries(project_ids, as_of),
        task_id="task_id",
        counts=Given("ev_progress"),
        forecast_start=Minute("forecast_start"),
        forecast_finish=Minute("forecast_finish"),
        **_REPORTED,
    )


def task_columns(
    plan: PlanRows,
    *,
    project_ids: Sequence[int],
    project_calendars: Sequence[int],
    calendar_places: Mapping[int, int],
    is_current: Sequence[bool],
    as_of: date,
) -> TaskColumns:
    """
    Return the tasks as they were known at the end of ``as_of``.

    The newest progress entry up to the day counts. Without one the task's own columns do, unless they
    are newer than the day and nobody kept what they were: then only actual dates up to the day are
    believed, and nothing at all where progress was reported later only.
    """
    project = _positions(plan.project_id, project_ids)
    current = np.array(is_current, dtype=np.bool_)[project] if project.size else np.zeros(0, dtype=np.bool_)
    at = _positions(plan.entry_task_id, plan.task_id)
    has_entry = np.zeros(plan.task_id.size, dtype=np.bool_)
    has_entry[at[at >= 0]] = True
    known = _own_columns(plan, current=current, has_entry=has_entry, as_of=as_of)
    here = at >= 0
    for column, values in zip(_columns_of(known), _columns_of(plan.entry), strict=True):
        column[at[here]] = values[here]
    planned_start, early_start, planned_finish, early_finish = _expected_dates(plan, at, current, has_entry)
    own = np.array([calendar_places.get(key, UNKNOWN) for key in plan.calendar_id.tolist()], dtype=np.int64)
    inherited = np.array(project_calendars, dtype=np.int64)
    return TaskColumns(
        task_id=plan.task_id,
        project=project,
        calendar=np.where(own == UNKNOWN, inherited[project], own) if project.size else own,
        kind=plan.kind,
        technique=plan.technique,
        is_active=plan.is_active == 1,
        is_key_milestone=plan.is_key == 1,
        planned_start=planned_start,
        planned_finish=planned_finish,
        early_start=early_start,
        early_finish=early_finish,
        actual_start=known.actual_start,
        actual_finish=known.actual_finish,
        duration=plan.duration,
        remaining_duration=known.remaining,
        percent_complete=known.percent,
        percent_physical=known.physical,
        suspend_on=plan.suspend_on,
        resume_on=plan.resume_on,
    )


def _expected_dates(
    plan: PlanRows, at: Numbers, current: Any, has_entry: Any
) -> tuple[Instants, Instants, Instants, Instants]:
    """
    Return planned and early start, planned and early finish.

    A report moves the plan, so the plan has the forecast of the entry or something newer, unless the row
    as it stands is not that of the day; dates of a schedule from before a report are outdated by it.
    """
    past = plan.past
    is_past = np.isin(plan.task_id, past.task_id)
    is_other = np.isin(plan.task_id, plan.reported_later) | ~current
    outdated = np.where(is_past, np.isin(plan.task_id, past.noted_late), is_other)
    alone = is_past & ~has_entry & np.isin(plan.task_id, past.task_id[past.is_reported == 1])
    found: list[Instants] = []
    for planned, early, forecast in (
        (plan.planned_start, plan.early_start, plan.forecast_start),
        (plan.planned_finish, plan.early_finish, plan.forecast_finish),
    ):
        given = np.full(plan.task_id.size, NO_INSTANT, dtype=np.int64)
        given[at[at >= 0]] = forecast[at >= 0]
        is_said = given != NO_INSTANT
        expected = np.where(is_said & outdated, given, planned)
        found += [expected, np.where(is_said | (alone & (planned != NO_INSTANT)), expected, early)]
    return found[0], found[1], found[2], found[3]


def _columns_of(known: Reported) -> Iterable[Numbers]:
    return (known.actual_start, known.actual_finish, known.remaining, known.percent, known.physical)


def _own_columns(plan: PlanRows, *, current: Any, has_entry: Any, as_of: date) -> Reported:
    """Return the tasks' own columns without what is newer than the day."""
    end = end_of_day(as_of)
    is_unsure = ~has_entry & ~np.isin(plan.task_id, plan.past.task_id)
    later = np.isin(plan.task_id, plan.reported_later) & is_unsure
    doubtful = ~current & is_unsure & ~later
    start = np.where(doubtful & (plan.now.actual_start > end), NO_INSTANT, plan.now.actual_start)
    finish = np.where(doubtful & (plan.now.actual_finish > end), NO_INSTANT, plan.now.actual_finish)
    is_done = finish != NO_INSTANT
    percent = np.where(doubtful, np.where(is_done, FULL, UNKNOWN), plan.now.percent)
    physical = np.where(doubtful, np.where(is_done, FULL, UNKNOWN), plan.now.physical)
    return Reported(
        actual_start=np.where(later, NO_INSTANT, start),
        actual_finish=np.where(later, NO_INSTANT, finish),
        remaining=np.where(later | doubtful, UNKNOWN, plan.now.remaining),
        percent=np.where(later, 0, percent),
        physical=np.where(later, 0, physical),
    )


def _positions(keys: Numbers, among: Sequence[int] | Numbers) -> Numbers:
    """Return the position of each key in ``among``, -1 for a key that is not there."""
    wanted = np.asarray(among, dtype=np.int64)
    if not wanted.size or not keys.size:
        return np.full(keys.size, UNKNOWN, dtype=np.int64)
    order = np.argsort(wanted, kind="stable")
    ranked = wanted[order]
    place = np.minimum(np.searchsorted(ranked, keys), ranked.size - 1)
    found: Numbers = np.where(ranked[place] == keys, order[place], UNKNOWN)
    return found


def load_baseline_rows(effective: EffectiveBaselines, past: PastRows) -> BaselineRows:
    """Return the leaf rows of the baselines in force, by project and row. One query, two for the past."""
    project_of = effective.owners()
    rows = read_columns(
        BaselineTask.objects.filter(Among("baseline_id", project_of)).exclude(kind=Kind.SUMMARY),
        row_id="pk",
        baseline_id="baseline_id",
        task_id=Known("task_id"),
        start=Minute("start"),
        finish=Minute("finish"),
        duration="duration",
        budget=Hundredths("budget"),
        has_profile=Given("pv_profile"),
        has_stretches=Given("stretches"),
    )
    projects = numbers(project_of[key] for key in rows["baseline_id"].tolist())
    if past.task_id.size:
        rows["task_id"] = _with_deleted(rows, projects, past)
    order = np.lexsort((rows["row_id"], projects))
    return BaselineRows(**{name: column[order] for name, column in rows.items()})


def _with_deleted(rows: Mapping[str, Numbers], projects: Numbers, past: PastRows) -> Numbers:
    """Return the keys of tasks with those put in that were deleted after the day. One query."""
    baselines = np.unique(rows["baseline_id"]).tolist()
    orphans = BaselineTask.objects.filter(baseline_id__in=baselines, task__isnull=True)
    uids = dict(orphans.values_list("pk", "task_uid"))
    keys, owner = past.keys(), dict(zip(rows["row_id"].tolist(), projects.tolist(), strict=True))
    return numbers(
        key if key != UNKNOWN else keys.get((owner[pk], uids[pk]), UNKNOWN)
        for pk, key in zip(rows["row_id"].tolist(), rows["task_id"].tolist(), strict=True)
    )


def baseline_columns(
    frozen: BaselineRows, plan: PlanRows, project_ids: Sequence[int], effective: EffectiveBaselines
) -> BaselineColumns:
    """Return baseline rows with positions instead of keys; rows of deleted tasks keep their budget."""
    project_of = effective.owners()
    place = {project_id: position for position, project_id in enumerate(project_ids)}
    owners = {baseline_id: place[project_id] for baseline_id, project_id in project_of.items()}
    return BaselineColumns(
        project=numbers(owners[key] for key in frozen.baseline_id.tolist()),
        task=_positions(frozen.task_id, plan.task_id),
        start=frozen.start,
        finish=frozen.finish,
        duration=frozen.duration,
        budget=frozen.budget,
    )
