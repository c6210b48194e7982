"""
The plan of a document as a network the engine can schedule, in the convention of the tool that wrote it.

What each convention means is written in ``docs/algorithms/scheduling.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from projects.engine.calendar import STANDARD_CALENDAR, WorkCalendar
from projects.engine.instants import NO_INSTANT, moment_of, start_of_day
from projects.engine.interruptions import Interruption, rest_within
from projects.engine.scheduling.calendar_tables import SharedTime
from projects.engine.scheduling.network import (
    Activity,
    ActivityKind,
    Dependency,
    Network,
    Part,
    network_of,
)
from projects.engine.scheduling.network import LinkType as EngineLinkType
from projects.engine.scheduling.options import (
    Convention,
    FloatKind,
    ProgressMode,
    ScheduleOptions,
)
from projects.engine.scheduling.options import LagCalendar as EngineLagCalendar
from projects.interchange.document import Assignment, Link, ProjectDocument, Task
from projects.interchange.external_bounds import with_bounds_as_constraints
from projects.interchange.interrupted import document_interruptions
from projects.interchange.network import leaf_network
from projects.interchange.takeover_calendars import has_working_time, usable_calendars
from projects.interchange.vocabulary import (
    Constraint,
    DurationKind,
    FloatMode,
    LagCalendar,
    LagUnit,
    ResourceKind,
    TaskKind,
    TaskType,
)
from projects.interchange.vocabulary import Convention as DocumentConvention
from projects.interchange.vocabulary import ProgressMode as DocumentProgressMode
from projects.interchange.work_calendars import work_calendar

_KINDS = {
    TaskKind.TASK: ActivityKind.TASK,
    TaskKind.START_MILESTONE: ActivityKind.START_MILESTONE,
    TaskKind.FINISH_MILESTONE: ActivityKind.FINISH_MILESTONE,
    TaskKind.LEVEL_OF_EFFORT: ActivityKind.LEVEL_OF_EFFORT,
}
_CONVENTIONS = {
    DocumentConvention.PORTAL: Convention.PORTAL,
    DocumentConvention.MICROSOFT: Convention.MICROSOFT,
    DocumentConvention.PRIMAVERA: Convention.PRIMAVERA,
}
_LAG_CALENDARS = {
    LagCalendar.PREDECESSOR: EngineLagCalendar.PREDECESSOR,
    LagCalendar.SUCCESSOR: EngineLagCalendar.SUCCESSOR,
    LagCalendar.PROJECT: EngineLagCalendar.PROJECT,
    LagCalendar.ALWAYS: EngineLagCalendar.ROUND_THE_CLOCK,
}
_FLOATS = {
    FloatMode.SMALLEST: FloatKind.SMALLEST,
    FloatMode.START: FloatKind.START,
    FloatMode.FINISH: FloatKind.FINISH,
}
_DATES = {
    Constraint.SNET: "start_floor",
    Constraint.FNET: "finish_floor",
    Constraint.SNLT: "start_cap",
    Constraint.FNLT: "finish_cap",
    Constraint.MSO: "must_start",
    Constraint.MFO: "must_finish",
    Constraint.SON: "must_start",
    Constraint.FON: "must_finish",
}
_WORKERS = frozenset({ResourceKind.WORK})
TICKS = 10
"""Tenths of a minute, which Microsoft Project counts in."""


@dataclass(frozen=True, slots=True)
class DocumentPlan:
    """A network, how to schedule it, and the task ``uid`` of each of its activities."""

    network: Network
    options: ScheduleOptions
    uids: tuple[int, ...]


def options_of(document: ProjectDocument, convention: Convention | None = None) -> ScheduleOptions:
    """Return the choices of the document; another ``convention`` than its tool's own may be asked for."""
    said = document.options
    chosen = _CONVENTIONS[said.convention] if convention is None else convention
    is_microsoft = chosen == Convention.MICROSOFT
    return ScheduleOptions(
        convention=chosen,
        progress_mode=(
            ProgressMode.PROGRESS_OVERRIDE
            if said.progress_mode is DocumentProgressMode.PROGRESS_OVERRIDE
            else ProgressMode.RETAINED_LOGIC
        ),
        float_kind=_FLOATS[said.float_mode],
        lag_calendar=EngineLagCalendar.SUCCESSOR if is_microsoft else _LAG_CALENDARS[said.lag_calendar],
        hard_dates_win=is_microsoft and said.honors_constraints,
        critical_limit=_ticks(said.critical_slack_limit),
        near_critical_limit=_ticks(10 * said.minutes_per_day),
    )


def plan_of(document: ProjectDocument, convention: Convention | None = None) -> DocumentPlan:
    """
    Return the document's leaf tasks and links as a network.

    Links of summaries become links of their leaves; inactive tasks and summaries are left out, and the
    "start no earlier than" of a summary holds for what is below it.
    """
    document = with_bounds_as_constraints(document)
    options = options_of(document, convention)
    clocks = _Clocks(document)
    tasks = [task for task in document.tasks if _is_scheduled(task)]
    place = {task.uid: position for position, task in enumerate(tasks)}
    builder = _Activities(document, options, clocks)
    activities = [builder.activity(task) for task in tasks]
    links = [link for link in leaf_network(document).links if link.pred in place and link.succ in place]
    network = network_of(
        activities,
        [_dependency(link, place) for link in links],
        clocks.calendars(),
        start=_start(document, options, activities),
        options=options,
        project_calendar=clocks.default,
        must_finish_by=_instant(document.options.must_finish_by),
        ticks=TICKS,
    )
    return DocumentPlan(network, options, tuple(place))


def _is_scheduled(task: Task) -> bool:
    return task.kind is not TaskKind.SUMMARY and task.is_active and not task.is_project


def _instant(moment: datetime | None) -> int:
    return NO_INSTANT if moment is None else ticks_of(moment)


def ticks_of(moment: datetime) -> int:
    """Return the instant of a naive local datetime in ticks."""
    minutes = start_of_day(moment.date()) + moment.hour * 60 + moment.minute
    return minutes * TICKS + round(moment.second * TICKS / 60)


def moment_at(ticks: int) -> datetime:
    """Return the naive local datetime of an instant in ticks."""
    minutes, rest = divmod(ticks, TICKS)
    return moment_of(minutes) + timedelta(seconds=rest * 60 // TICKS)


def _ticks(minutes: float) -> int:
    return round(minutes * TICKS)


def _start(document: ProjectDocument, options: ScheduleOptions, activities: list[Activity]) -> int:
    """Return the instant before which nothing unstarted is planned."""
    said = document.options
    moments = [said.start]
    if options.convention != Convention.MICROSOFT:
        moments = [said.scheduled_from, said.planned_start]
        if not any(moments):
            moments = [said.start]
        if said.scheduled_from is None and said.status_date is not None:
            # A plan of the portal's own rules goes on after its data date (SCH-21).
            moments.append(datetime.combine(said.status_date + timedelta(days=1), time()))
    known = [ticks_of(moment) for moment in moments if moment is not None]
    if known:
        return max(known)
    given = [activity.start_floor for activity in activities if activity.start_floor != NO_INSTANT]
    return min(given, default=0)


def _dependency(link: Link, place: Mapping[int, int]) -> Dependency:
    is_percent = link.lag_unit is LagUnit.PERCENT
    return Dependency(
        predecessor=place[link.pred],
        successor=place[link.succ],
        type=EngineLinkType[link.type.value],
        lag=0 if is_percent else _ticks(link.lag),
        lag_percent=link.lag if is_percent else None,
        is_lag_elapsed=link.lag_kind is DurationKind.ELAPSED,
    )


class _Clocks:
    """The calendars of a document by ``uid``, and the times that two of them share."""

    def __init__(self, document: ProjectDocument) -> None:
        usable, _ = usable_calendars(document.calendars)
        made: dict[int, WorkCalendar] = {}
        self._place: dict[int | tuple[int, int], int] = {}
        self._found: list[WorkCalendar | SharedTime] = []
        for calendar in usable:
            made[calendar.uid] = work_calendar(calendar, made)
            if has_working_time(calendar, usable):
                self._place[calendar.uid] = len(self._found)
                self._found.append(made[calendar.uid])
        if document.options.default_calendar_uid not in self._place:
            self._found.append(STANDARD_CALENDAR)
        self.default = self._place.get(document.options.default_calendar_uid or 0, len(self._found) - 1)

    def calendars(self) -> tuple[WorkCalendar | SharedTime, ...]:
        return tuple(self._found)

    def place(self, uid: int | None) -> int:
        """Return the position of a calendar; the project's own where it is not there or never works."""
        return self.default if uid is None else self._place.get(uid, self.default)

    def shared(self, one: int, other: int) -> int:
        """Return the position of the time that two calendars share."""
        first, second = self._found[one], self._found[other]
        if one == other or isinstance(first, SharedTime) or isinstance(second, SharedTime):
            return one
        key = (one, other)
        if key not in self._place:
            self._place[key] = len(self._found)
            self._found.append(SharedTime(first, second))
        return self._place[key]


class _Activities:
    """Turns tasks into activities."""

    def __init__(self, document: ProjectDocument, options: ScheduleOptions, clocks: _Clocks) -> None:
        self._options = options
        self._clocks = clocks
        self._tasks = {task.uid: task for task in document.tasks}
        self._interruptions = document_interruptions(document)
        self._resources = {resource.uid: resource for resource in document.resources}
        self._assignments: dict[int, list[Assignment]] = {}
        for assignment in document.assignments:
            self._assignments.setdefault(assignment.task_uid, []).append(assignment)

    def activity(self, task: Task) -> Activity:
        """Return one task as the engine sees it."""
        duration = _ticks(task.duration or 0)
        is_fixed = (task.is_manual or task.is_external) and task.start is not None
        constraints = [(task.constraint, task.constraint_date)]
        constraints.append((task.second_constraint or Constraint.ASAP, task.second_constraint_date))
        dates = {_DATES[kind]: ticks_of(moment) for kind, moment in constraints if moment and kind in _DATES}
        return Activity(
            kind=_KINDS[task.kind],
            calendar=self._clocks.place(task.calendar_uid),
            duration=duration,
            remaining=self._remaining(task, duration),
            is_elapsed=task.duration_kind is DurationKind.ELAPSED,
            is_as_late_as_possible=Constraint.ALAP in {kind for kind, _ in constraints},
            actual_start=_instant(task.actual_start),
            actual_finish=_instant(task.actual_finish),
            resume=_instant(task.resume_at),
            **(dates | {"start_floor": self._start_floor(task, dates.get("start_floor", NO_INSTANT))}),
            deadline=_instant(task.deadline),
            fixed_start=_instant(task.start) if is_fixed else NO_INSTANT,
            fixed_finish=_instant(task.finish or task.start) if is_fixed else NO_INSTANT,
            leveling_delay=_ticks(task.leveling_delay or 0),
            rest=self._rest(task, 0, duration),
            remaining_rest=self._rest(task, duration - self._remaining(task, duration), duration),
            parts=self._parts(task, duration),
        )

    def _remaining(self, task: Task, duration: int) -> int:
        if task.actual_finish is not None:
            return 0
        if task.actual_start is None or task.remaining_duration is None:
            return duration
        return _ticks(task.remaining_duration)

    def _rest(self, task: Task, done: int, work: int) -> int:
        """Return the rest that lies ahead of what is done, within the work; all in ticks."""
        found = self._interruptions.get(task.uid, ())
        return rest_within(
            (Interruption(item.after * TICKS, item.rest * TICKS) for item in found), done=done, work=work
        )

    def _start_floor(self, task: Task, own: int) -> int:
        """Return the latest "start no earlier than" of the task and the summaries above it."""
        floor = own
        parent = task.parent_uid
        seen: set[int] = set()
        while parent is not None and parent in self._tasks and parent not in seen:
            seen.add(parent)
            above = self._tasks[parent]
            if above.constraint is Constraint.SNET:
                floor = max(floor, _instant(above.constraint_date))
            parent = above.parent_uid
        return floor

    def _parts(self, task: Task, duration: int) -> tuple[Part, ...]:
        """Return the assignments that decide how long the task takes, as Microsoft Project has it."""
        if self._options.convention != Convention.MICROSOFT or duration == 0:
            return ()
        if task.task_type is TaskType.FIXED_DURATION or task.duration_kind is DurationKind.ELAPSED:
            return ()
        if task.uid in self._interruptions:  # Its stretches are those of all assignments together.
            return ()
        return tuple(part for item in self._assignments.get(task.uid, ()) if (part := self._part(task, item)))

    def _part(self, task: Task, assignment: Assignment) -> Part | None:
        resource = self._resources.get(assignment.resource_uid or 0)
        if assignment.resource_uid is None or resource is None or resource.kind not in _WORKERS:
            return None
        if not assignment.work or not assignment.units:
            return None
        own = self._clocks.place(assignment.calendar_uid or resource.calendar_uid)
        if task.calendar_uid is not None:
            at_task = self._clocks.place(task.calendar_uid)
            own = at_task if task.ignores_resource_calendars else self._clocks.shared(at_task, own)
        left = assignment.work if assignment.remaining_work is None else assignment.remaining_work
        return Part(
            calendar=own,
            work=_ticks(assignment.work / assignment.units),
            delay=_ticks(assignment.delay or 0),
            remaining=_ticks(left / assignment.units),
        )
