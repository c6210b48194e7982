"""
The plan of one project as a network the engine can schedule.

Columns come packed out of the database, no object for each row; a fixed number of queries whatever the size.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from projects.choices import (
    ConstraintType,
    LagCalendar,
    LinkType,
    ResourceKind,
    ScheduleConvention,
    TaskKind,
    TaskType,
    TimeKind,
)
from projects.engine.calendar import WorkCalendar
from projects.engine.instants import NO_INSTANT, end_of_day, start_of_day
from projects.engine.interruptions import rest_within
from projects.engine.scheduling.calendar_tables import SharedTime
from projects.engine.scheduling.columns import (
    ActivityColumns,
    LinkColumns,
    Numbers,
    PartColumns,
    network_of_columns,
)
from projects.engine.scheduling.network import ActivityKind, Network
from projects.engine.scheduling.network import LinkType as EngineLinkType
from projects.engine.scheduling.options import (
    Convention,
    FloatKind,
    ProgressMode,
    ScheduleOptions,
)
from projects.engine.scheduling.options import LagCalendar as EngineLagCalendar
from projects.models import Assignment, Link, Project, Task
from projects.selectors.columns import (
    Coded,
    Flag,
    Given,
    Hundredths,
    Known,
    Minute,
    Raw,
    Seldom,
    TenThousandths,
)
from projects.selectors.key_places import UNKNOWN, places_of
from projects.selectors.packed_columns import read_columns
from projects.selectors.plan_columns import moment_minutes
from projects.selectors.task_stretches import interruptions_from
from projects.selectors.work_calendars import load_work_calendars

MAX_LEVELS = 20
MINUTES_PER_HOUR = 60
HUNDRED_PERCENT = 10_000
LATEST = int(np.iinfo(np.int64).max)

_KINDS = {str(kind): int(ActivityKind[kind.name]) for kind in TaskKind if kind != TaskKind.SUMMARY}
_CONSTRAINTS = {str(choice): place for place, choice in enumerate(ConstraintType)}
_DATED = {
    ConstraintType.SNET: "start_floor",
    ConstraintType.FNET: "finish_floor",
    ConstraintType.SNLT: "start_cap",
    ConstraintType.FNLT: "finish_cap",
    ConstraintType.MSO: "must_start",
    ConstraintType.MFO: "must_finish",
}
_LINK_TYPES = {str(choice): int(EngineLinkType[choice.name]) for choice in LinkType}
_LAG_CALENDARS = {str(choice): place for place, choice in enumerate(LagCalendar)}
_KINDS_OF_TIME = {str(TimeKind.WORK): 0, str(TimeKind.ELAPSED): 1}
_WORKERS = (ResourceKind.PERSON, ResourceKind.ROLE)

_TASK_FACTS: Mapping[str, str | Raw] = {
    "task_id": "pk",
    "parent_id": Known("parent_id"),
    "kind": Coded("kind", codes=_KINDS, usual=TaskKind.TASK),
    "calendar_id": Seldom(Known("calendar_id"), UNKNOWN),
    "duration": "duration",
    "remaining": Seldom(Known("remaining_duration"), UNKNOWN),
    "is_elapsed": Coded("duration_kind", codes=_KINDS_OF_TIME, usual=TimeKind.WORK),
    "is_active": Flag("is_active", usual=True),
    "is_manual": Flag("is_manual", usual=False),
    "is_fixed_duration": Coded(
        "task_type", codes={str(TaskType.FIXED_DURATION): 1}, usual=TaskType.FIXED_UNITS
    ),
    "ignores_resource_calendars": Flag("ignores_resource_calendars", usual=False),
    "constraint": Coded("constraint_type", codes=_CONSTRAINTS, usual=ConstraintType.ASAP),
    "constraint_date": Seldom(Minute("constraint_date"), NO_INSTANT),
    "second": Coded("second_constraint_type", codes=_CONSTRAINTS, usual=""),
    "second_date": Seldom(Minute("second_constraint_date"), NO_INSTANT),
    "deadline": Seldom(Minute("deadline"), NO_INSTANT),
    "external": Seldom(Minute("external_start"), NO_INSTANT),
    "planned_start": Minute("planned_start"),
    "planned_finish": Minute("planned_finish"),
    "actual_start": Seldom(Minute("actual_start"), NO_INSTANT),
    "actual_finish": Seldom(Minute("actual_finish"), NO_INSTANT),
    "resume": Seldom(Minute("resume_on"), NO_INSTANT),
    "leveling_delay": Seldom(Known("leveling_delay"), 0),
    "is_interrupted": Given("interruptions", usual=False),
}
_LINK_FACTS: Mapping[str, str | Raw] = {
    "link_id": "pk",
    "predecessor_id": "predecessor_id",
    "successor_id": "successor_id",
    "type": Coded("type", codes=_LINK_TYPES, usual=LinkType.FS),
    "lag": Seldom(Known("lag"), 0),
    "percent": Seldom(Hundredths("lag_percent"), UNKNOWN),
    "has_percent": Given("lag_percent", usual=False),
    "is_elapsed": Coded("lag_kind", codes=_KINDS_OF_TIME, usual=TimeKind.WORK),
    "lag_calendar": Coded("lag_calendar", codes=_LAG_CALENDARS, usual=""),
}


_WORK_FACTS: Mapping[str, str | Raw] = {
    "task_id": "task_id",
    "calendar_id": Known("resource__calendar_id"),
    "units": TenThousandths("units_percent"),
    "work": TenThousandths("work_hours"),
    "remaining": TenThousandths("remaining_work_hours"),
    "delay": "delay",
}
# Columns of a task that are attributes of an activity as they are.
_SAME = (
    *("kind", "duration", "is_elapsed", "actual_start", "actual_finish"),
    *("resume", "deadline", "leveling_delay"),
)


@dataclass(frozen=True)
class PlanNetwork:
    """
    The active leaf tasks of a plan and their links, ready for `compute_schedule`.

    Attributes
    ----------
    task_ids : ndarray of int64, shape (n,)
        Keys of the tasks in the order of the network.
    link_ids : ndarray of int64, shape (m,)
        Keys of the links in the order of the network.
    tasks, links : dict of str to ndarray of int64
        What was read of them, more columns than the network has where they were asked for.
    rows : dict of str to ndarray of int64
        The same of all rows of the plan, summaries and inactive ones among them, by key.
    is_scheduled : ndarray of bool
        Which of the rows are the tasks.
    calendar : WorkCalendar
        The project's own.
    has_start : bool
        Whether anything says when work may begin; without it nothing can be scheduled.
    """

    network: Network
    options: ScheduleOptions
    task_ids: Numbers
    link_ids: Numbers
    tasks: Mapping[str, Numbers]
    links: Mapping[str, Numbers]
    rows: Mapping[str, Numbers]
    is_scheduled: NDArray[np.bool_]
    calendar: WorkCalendar
    has_start: bool


@dataclass(frozen=True)
class _Work:
    """Assignments that may decide how long a task takes, by task; hours and units in steps."""

    task_id: Numbers
    calendar_id: Numbers
    units: Numbers
    work: Numbers
    remaining: Numbers
    delay: Numbers


def schedule_options(project: Project) -> ScheduleOptions:
    """Return how the project's plan is scheduled; an imported plan keeps the convention of its tool."""
    convention = Convention[project.convention]
    return ScheduleOptions(
        convention=convention,
        progress_mode=ProgressMode[project.progress_mode],
        float_kind=FloatKind[project.float_kind],
        lag_calendar=EngineLagCalendar[_lag_calendar(project)],
        hard_dates_win=project.honor_hard_dates and convention != Convention.PRIMAVERA,
        deadline_bounds_float=project.deadline_bounds_float,
        critical_limit=project.critical_threshold,
        near_critical_limit=project.near_critical_threshold,
    )


def _lag_calendar(project: Project) -> str:
    if project.convention == ScheduleConvention.MICROSOFT:
        return LagCalendar.SUCCESSOR
    return project.default_lag_calendar


NONE: Mapping[str, str | Raw] = {}


def load_network(
    project: Project,
    *,
    of_tasks: Mapping[str, str | Raw] = NONE,
    of_links: Mapping[str, str | Raw] = NONE,
    own: WorkCalendar | None = None,
) -> PlanNetwork:
    """
    Return the network of the project's plan as it stands. At most 14 queries, whatever its
    size, and one where work is interrupted.

    Parameters
    ----------
    of_tasks, of_links : mapping
        Further columns to read, as `read_columns` takes them.
    own : WorkCalendar, optional
        The project's calendar, where the caller has read it in the same transaction.
    """
    rows = read_rows(project, of_tasks)
    is_scheduled = (rows["kind"] != UNKNOWN) & (rows["is_active"] == 1)
    tasks = {name: column[is_scheduled] for name, column in rows.items()}
    links = _links_between(project, tasks["task_id"], of_links)
    work = _assignments(project, tasks) if project.convention == ScheduleConvention.MICROSOFT else None
    clocks = _Clocks(project, tasks, work, own)
    parts = None if work is None else _parts(work, tasks, clocks)
    activities = _with_rests(_activities(tasks, _floors_above(rows)[is_scheduled], clocks), tasks)
    start = _start(project, activities)
    return PlanNetwork(
        network=network_of_columns(
            activities,
            _link_columns(project, links, tasks, clocks),
            clocks.calendars,
            start=0 if start == NO_INSTANT else start,
            parts=parts,
            must_finish_by=end_of_day(project.must_finish_by) if project.must_finish_by else NO_INSTANT,
        ),
        options=schedule_options(project),
        task_ids=tasks["task_id"],
        link_ids=links["link_id"],
        tasks=tasks,
        links=links,
        rows=rows,
        is_scheduled=is_scheduled,
        calendar=clocks.own,
        has_start=start != NO_INSTANT,
    )


def read_rows(project: Project, more: Mapping[str, str | Raw]) -> dict[str, Numbers]:
    """Return all rows of the plan by key, with further columns. One query."""
    facts = read_columns(Task.objects.filter(project=project), **_TASK_FACTS, **more)
    return _in_order(facts, "task_id")


def _in_order(columns: Mapping[str, Numbers], key: str) -> dict[str, Numbers]:
    keys = columns[key]
    if np.all(keys[:-1] <= keys[1:]):
        return dict(columns)
    order = np.argsort(keys, kind="stable")
    return {name: column[order] for name, column in columns.items()}


def _links_between(project: Project, task_ids: Numbers, more: Mapping[str, str | Raw]) -> dict[str, Numbers]:
    """Return the links between active leaf tasks, with the places of their ends."""
    facts = read_columns(Link.objects.filter(project=project), **_LINK_FACTS, **more)
    found = _in_order(facts, "link_id")
    kept = np.ones(found["link_id"].size, dtype=np.bool_)
    for end in ("predecessor", "successor"):
        found[end] = places_of(found[f"{end}_id"], task_ids)
        kept &= found[end] != UNKNOWN
    return found if kept.all() else {name: column[kept] for name, column in found.items()}


def _assignments(project: Project, tasks: Mapping[str, Numbers]) -> _Work:
    """Return the work of people, for tasks whose duration follows from it, in order of task."""
    deciding = (tasks["is_fixed_duration"] != 1) & (tasks["is_elapsed"] == 0) & (tasks["duration"] > 0)
    # Stretches of interrupted work are those of all its assignments together.
    deciding &= tasks["is_interrupted"] == 0
    rows = Assignment.objects.filter(
        task__project=project, resource__kind__in=_WORKERS, work_hours__gt=0, units_percent__gt=0
    )
    found = _in_order(read_columns(rows, pk="pk", **_WORK_FACTS), "pk")
    found = _in_order(found, "task_id")
    kept = np.isin(found["task_id"], tasks["task_id"][deciding])
    return _Work(**{name: column[kept] for name, column in found.items() if name != "pk"})


class _Clocks:
    """
    The calendars of a plan by key; the project's own comes first.

    Time that two of them share is added when it is asked for, so ask before counting them.
    """

    def __init__(
        self,
        project: Project,
        tasks: Mapping[str, Numbers],
        work: _Work | None,
        own: WorkCalendar | None,
    ) -> None:
        used = {project.calendar_id, *np.unique(tasks["calendar_id"]).tolist()}
        if work is not None:
            used |= set(np.unique(work.calendar_id).tolist())
        found = {} if own is None else {project.calendar_id: own}
        if used - {UNKNOWN, *found}:
            found |= load_work_calendars(used - {UNKNOWN, *found})
        keys = [project.calendar_id, *(key for key in sorted(found) if key != project.calendar_id)]
        self._place = {key: place for place, key in enumerate(keys)}
        self.own = found[keys[0]]
        self._found: list[WorkCalendar | SharedTime] = [found[key] for key in keys]
        self._shared: dict[tuple[int, int], int] = {}

    @property
    def calendars(self) -> tuple[WorkCalendar | SharedTime, ...]:
        return tuple(self._found)

    def places(self, keys: Numbers) -> Numbers:
        """Return the places of calendars; the project's own where there is no key."""
        distinct, at = np.unique(keys, return_inverse=True)
        return np.array([self._place.get(key, 0) for key in distinct.tolist()], dtype=np.int64)[at]

    def shared(self, one: int, other: int) -> int:
        """Return the place of the time that two calendars share."""
        if one == other:
            return one
        if (one, other) not in self._shared:
            first, second = self._found[one], self._found[other]
            if isinstance(first, SharedTime) or isinstance(second, SharedTime):
                return one
            self._shared[one, other] = len(self._found)
            self._found.append(SharedTime(first, second))
        return self._shared[one, other]


def _floors_above(rows: Mapping[str, Numbers]) -> Numbers:
    """Return for each row the latest "start no earlier than" of the summaries above it."""
    dated = (rows["kind"] == UNKNOWN) & (rows["constraint"] == _CONSTRAINTS[ConstraintType.SNET])
    own = np.where(dated, rows["constraint_date"], NO_INSTANT)
    floors = np.full(own.size, NO_INSTANT, dtype=np.int64)
    if not dated.any():
        return floors
    above = at = places_of(rows["parent_id"], rows["task_id"])
    for _level in range(MAX_LEVELS):
        known = above != UNKNOWN
        if not known.any():
            break
        floors[known] = np.maximum(floors[known], own[above[known]])
        above = np.where(known, at[above], UNKNOWN)
    return floors


def _activities(tasks: Mapping[str, Numbers], floors: Numbers, clocks: _Clocks) -> ActivityColumns:
    is_begun = (tasks["actual_start"] != NO_INSTANT) & (tasks["remaining"] != UNKNOWN)
    remaining = np.where(is_begun, tasks["remaining"], tasks["duration"])
    remaining = np.where(tasks["actual_finish"] != NO_INSTANT, 0, remaining)
    is_fixed = (tasks["is_manual"] == 1) & (tasks["planned_start"] != NO_INSTANT)
    finish = np.where(tasks["planned_finish"] == NO_INSTANT, tasks["planned_start"], tasks["planned_finish"])
    dates = {name: _dates(tasks, choice) for choice, name in _DATED.items()}
    late = _CONSTRAINTS[ConstraintType.ALAP]
    return ActivityColumns(
        remaining=remaining,
        values={
            **{name: tasks[name] for name in _SAME},
            **dates,
            "start_floor": np.maximum(np.maximum(dates["start_floor"], floors), tasks["external"]),
            "calendar": clocks.places(tasks["calendar_id"]),
            "is_as_late_as_possible": (tasks["constraint"] == late) | (tasks["second"] == late),
            "fixed_start": np.where(is_fixed, tasks["planned_start"], NO_INSTANT),
            "fixed_finish": np.where(is_fixed, finish, NO_INSTANT),
        },
    )


def _with_rests(activities: ActivityColumns, tasks: Mapping[str, Numbers]) -> ActivityColumns:
    """Return the activities with the rests of interrupted work. No query without any, else one."""
    places = np.flatnonzero(tasks["is_interrupted"] == 1)
    if not places.size:
        return activities
    keys = tasks["task_id"][places].tolist()
    stored = dict(Task.objects.filter(pk__in=keys).values_list("pk", "interruptions"))
    rest = np.zeros(activities.remaining.size, dtype=np.int64)
    remaining_rest = rest.copy()
    for place, key in zip(places.tolist(), keys, strict=True):
        rests, work = interruptions_from(stored[key]), int(tasks["duration"][place])
        rest[place] = rest_within(rests, work=work)
        done = work - int(activities.remaining[place])
        remaining_rest[place] = rest_within(rests, done=done, work=work)
    return replace(activities, rest=rest, remaining_rest=remaining_rest)


def _dates(tasks: Mapping[str, Numbers], choice: ConstraintType) -> Numbers:
    """Return the dates of one type of constraint; the second constraint of a task wins over its first."""
    code = _CONSTRAINTS[choice]
    first = np.where(tasks["constraint"] == code, tasks["constraint_date"], NO_INSTANT)
    is_second = (tasks["second"] == code) & (tasks["second_date"] != NO_INSTANT)
    return np.where(is_second, tasks["second_date"], first)


def _start(project: Project, activities: ActivityColumns) -> int:
    """Return the instant before which nothing unstarted is planned (CON-6); `NO_INSTANT` if nothing says."""
    if project.schedule_start is not None:
        start = moment_minutes(project.schedule_start)
    elif project.planned_start is not None:
        start = start_of_day(project.planned_start)
    else:
        given = [activities.values[name] for name in ("actual_start", "fixed_start", "start_floor")]
        known = np.concatenate(given)
        start = int(known[known != NO_INSTANT].min(initial=LATEST))
        start = NO_INSTANT if start == LATEST else start
    if project.convention == ScheduleConvention.MICROSOFT or project.data_date is None:
        return start
    # A tool's data date is an instant within our day, and it knows better which one.
    known_up_to = start_of_day(project.data_date) if project.schedule_start else end_of_day(project.data_date)
    return start if start >= known_up_to else end_of_day(project.data_date)


def _link_columns(
    project: Project, links: Mapping[str, Numbers], tasks: Mapping[str, Numbers], clocks: _Clocks
) -> LinkColumns:
    """Return the links; a percentage of elapsed time is elapsed."""
    before, after = links["predecessor"], links["successor"]
    is_percent = links["has_percent"] == 1
    share = np.rint(tasks["duration"][before] * links["percent"] / HUNDRED_PERCENT).astype(np.int64)
    is_elapsed = np.where(is_percent, tasks["is_elapsed"][before], links["is_elapsed"]) == 1
    standard = LagCalendar(_lag_calendar(project))
    is_microsoft = project.convention == ScheduleConvention.MICROSOFT
    chosen = np.full(before.size, UNKNOWN, dtype=np.int64) if is_microsoft else links["lag_calendar"]
    chosen = np.where(chosen == UNKNOWN, _LAG_CALENDARS[standard], chosen)
    places = clocks.places(tasks["calendar_id"])
    elapsed = len(clocks.calendars)
    lag_calendar = np.select(
        [chosen == _LAG_CALENDARS[choice] for choice in LagCalendar],
        [
            {
                LagCalendar.PREDECESSOR: places[before],
                LagCalendar.SUCCESSOR: places[after],
                LagCalendar.PROJECT: np.zeros(before.size, dtype=np.int64),
                LagCalendar.ROUND_THE_CLOCK: np.full(before.size, elapsed, dtype=np.int64),
            }[choice]
            for choice in LagCalendar
        ],
    )
    return LinkColumns(
        predecessor=before,
        successor=after,
        type=links["type"],
        lag=np.where(is_percent, share, links["lag"]),
        lag_calendar=np.where(is_elapsed, elapsed, lag_calendar),
    )


def _parts(work: _Work, tasks: Mapping[str, Numbers], clocks: _Clocks) -> PartColumns:
    """Return how long each assignment works, on the time its task and its resource share."""
    activity = places_of(work.task_id, tasks["task_id"])
    own, at_task = clocks.places(work.calendar_id), clocks.places(tasks["calendar_id"])[activity]
    has_calendar = tasks["calendar_id"][activity] != UNKNOWN
    ignores = tasks["ignores_resource_calendars"][activity] == 1
    calendar = np.where(has_calendar, at_task, own)
    # Only what is shared is asked for: a time that nobody works may be empty, and is none of the plan.
    for place in np.flatnonzero(has_calendar & ~ignores).tolist():
        calendar[place] = clocks.shared(int(at_task[place]), int(own[place]))
    return PartColumns(
        activity=activity,
        calendar=calendar,
        work=_minutes(work.work, work.units),
        remaining=_minutes(work.remaining, work.units),
        delay=work.delay,
    )


def _minutes(hours: Numbers, percent: Numbers) -> Numbers:
    """Return working minutes of hours at a percentage, both in steps."""
    return np.rint(hours * (MINUTES_PER_HOUR * 100) / percent).astype(np.int64)
