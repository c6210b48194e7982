"""The dates we compute for a document beside those its own tool stored in the file."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from projects.engine.calendar import WorkCalendar
from projects.engine.instants import NO_INSTANT, instant_of, moment_of
from projects.engine.interruptions import Interruption, stretches_of
from projects.engine.scheduling.layout import CALENDAR, FLOAT_CALENDAR
from projects.engine.scheduling.options import Convention
from projects.engine.scheduling.schedule import Schedule, compute_schedule
from projects.engine.working_time import EMPTY_AFTER_DAYS, WorkingTime
from projects.interchange.document import ProjectDocument, Task
from projects.interchange.interrupted import document_interruptions
from projects.interchange.scheduled import TICKS, DocumentPlan, moment_at, plan_of

LONGEST_REST = timedelta(days=EMPTY_AFTER_DAYS)
"""A calendar that rests for longer is refused, so there is work between moments this far apart."""
DATES = ("early_start", "early_finish", "late_start", "late_finish")


@dataclass(frozen=True, slots=True)
class DatedTask:
    """
    One leaf task with the dates computed for it.

    Float in working minutes, ``None`` where undefined. ``differs`` names the stored dates that are another
    working moment: Friday 17:00 and Monday 08:00 are the same one. ``stretches`` are starts and finishes of
    interrupted work; empty for work in one piece.
    """

    uid: int
    wbs: str
    name: str
    early_start: datetime
    early_finish: datetime
    late_start: datetime
    late_finish: datetime
    total_float_minutes: int | None
    free_float_minutes: int | None
    critical: bool
    differs: tuple[str, ...]
    stretches: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class DatedDocument:
    """The tasks of a document, and by kind of date how many are stored and how many agree."""

    tasks: tuple[DatedTask, ...]
    stored: dict[str, int]
    agree: dict[str, int]
    finish: datetime | None


def date_document(document: ProjectDocument, convention: Convention | None = None) -> DatedDocument:
    """
    Return the document's leaf tasks with computed dates, and how many of the stored dates agree.

    Parameters
    ----------
    convention : Convention, optional
        Whose rules to follow; without it those of the tool that wrote the file.

    Raises
    ------
    EmptyCalendarError, OverflowError
        As `projects.engine.scheduling.schedule.compute_schedule`; cycles are cut by the import.
    """
    plan = plan_of(document, convention)
    found = compute_schedule(plan.network, plan.options)
    by_uid = {task.uid: task for task in document.tasks}
    clocks = TaskClocks(plan)
    rests = document_interruptions(document)
    tasks = tuple(
        _dated(by_uid[uid], place, found, clocks, rests.get(uid, ())) for place, uid in enumerate(plan.uids)
    )
    stored = Counter(
        {name: sum(getattr(by_uid[uid], name) is not None for uid in plan.uids) for name in DATES}
    )
    wrong = Counter(name for task in tasks for name in task.differs)
    finish = None if found.project_finish == NO_INSTANT else moment_at(found.project_finish)
    return DatedDocument(tasks, dict(stored), {name: stored[name] - wrong[name] for name in DATES}, finish)


class TaskClocks:
    """Working time of the tasks' own calendars."""

    def __init__(self, plan: DocumentPlan) -> None:
        self._plan = plan
        self._found: dict[int, WorkingTime] = {}

    def is_same(self, place: int, one: datetime, other: datetime) -> bool:
        """Whether no work lies between two moments on the calendar of the task at ``place``."""
        if one == other:
            return True
        if abs(one - other) > LONGEST_REST:
            return False
        hours = self._hours(place, CALENDAR, one)
        return hours is not None and hours.between(instant_of(one), instant_of(other)) == 0

    def stretches(
        self, place: int, rests: tuple[Interruption, ...], start: datetime, finish: datetime
    ) -> tuple[tuple[datetime, datetime], ...]:
        """Return when the interrupted task at ``place`` is worked on; nothing where it is not interrupted."""
        hours = self._hours(place, FLOAT_CALENDAR, start) if rests else None
        if hours is None:
            return ()
        found = stretches_of(rests, hours, start=instant_of(start), finish=instant_of(finish))
        return tuple((moment_of(item.start), moment_of(item.finish)) for item in found)

    def _hours(self, place: int, column: int, day: datetime) -> WorkingTime | None:
        """Return the working time of the task at ``place``, compiled around one of its dates."""
        calendar = int(self._plan.network.columns[place, column])
        if calendar not in self._found:
            definition = self._plan.network.calendars[calendar]
            if not isinstance(definition, WorkCalendar):
                return None
            self._found[calendar] = WorkingTime(definition, day.date(), day.date())
        return self._found[calendar]


def _dated(
    task: Task, place: int, found: Schedule, clocks: TaskClocks, rests: tuple[Interruption, ...]
) -> DatedTask:
    dates = {name: moment_at(int(getattr(found, name)[place])) for name in DATES}
    differs = tuple(
        name
        for name in DATES
        if (kept := getattr(task, name)) is not None and not clocks.is_same(place, kept, dates[name])
    )
    return DatedTask(
        uid=task.uid,
        wbs=task.wbs or task.outline_number,
        name=task.name,
        **dates,
        total_float_minutes=_minutes(int(found.total_float[place])),
        free_float_minutes=_minutes(int(found.free_float[place])),
        critical=bool(found.is_critical[place]),
        differs=differs,
        stretches=clocks.stretches(place, rests, dates["early_start"], dates["early_finish"]),
    )


def _minutes(ticks: int) -> int | None:
    return None if ticks == NO_INSTANT else round(ticks / TICKS)
