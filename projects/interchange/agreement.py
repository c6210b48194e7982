"""How far the dates computed for a document agree with those its own tool stored in the file."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from projects.engine.calendar import CalendarError
from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.options import PLAUSIBLE
from projects.engine.scheduling.schedule import Schedule, compute_schedule
from projects.interchange.comparison import DATES, TaskClocks
from projects.interchange.document import ProjectDocument, Task
from projects.interchange.scheduled import TICKS, DocumentPlan, moment_at, plan_of
from projects.interchange.vocabulary import ScheduleFrom

Value = datetime | float | bool | None

FIELDS: Final = (*DATES, "total_float", "critical")
MOST_SHOWN: Final = 20
TOLERANCE: Final = 0.5


class NoComparison(StrEnum):
    """Why there is nothing to compare."""

    NO_TASKS = "NO_TASKS"
    NOT_STORED = "NOT_STORED"
    EMPTY_CALENDAR = "EMPTY_CALENDAR"
    OUT_OF_RANGE = "OUT_OF_RANGE"


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """
    One kind of value over all leaf tasks: ``agree + differ + not_compared`` are all of them.

    ``not_compared`` have no such value in the file, or none that can be computed.
    """

    name: str
    agree: int
    differ: int
    not_compared: int


@dataclass(frozen=True, slots=True)
class DifferingValue:
    """A value that differs; float in working minutes."""

    name: str
    stored: Value
    computed: Value


@dataclass(frozen=True, slots=True)
class DifferingTask:
    """A leaf task of which a value differs."""

    uid: int
    wbs: str
    name: str
    values: tuple[DifferingValue, ...]


@dataclass(frozen=True, slots=True)
class DateAgreement:
    """
    The comparison of a document.

    Attributes
    ----------
    tasks : int
        Active leaf tasks.
    differing : int
        How many of them differ in any value; ``first`` holds the first of these in the order of the file.
    is_from_finish : bool
        The tool scheduled back from the finish, which is not computed that way here.
    reason : NoComparison or None
        Why there is no comparison; ``fields`` and ``first`` are empty then.
    """

    tasks: int
    fields: tuple[FieldAgreement, ...] = ()
    differing: int = 0
    first: tuple[DifferingTask, ...] = ()
    is_from_finish: bool = False
    reason: NoComparison | None = None


def compare_dates(document: ProjectDocument) -> DateAgreement:
    """
    Return how many of the stored early and late dates, floats and critical marks are those computed.

    Dates are compared in working minutes of the task's calendar, by the rules of the tool that wrote the
    file. What cannot be computed is a reason, never an error.
    """
    plan = plan_of(document)
    size = len(plan.uids)
    by_uid = {task.uid: task for task in document.tasks}
    tasks = [by_uid[uid] for uid in plan.uids]
    if not tasks:
        return DateAgreement(0, reason=NoComparison.NO_TASKS)
    if all(_stored(task, name) is None for task in tasks for name in FIELDS):
        return DateAgreement(size, reason=NoComparison.NOT_STORED)
    try:
        found = compute_schedule(plan.network, plan.options, reach=PLAUSIBLE)
    except CalendarError:
        return DateAgreement(size, reason=NoComparison.EMPTY_CALENDAR)
    except OverflowError:
        return DateAgreement(size, reason=NoComparison.OUT_OF_RANGE)
    return _compared(document, tasks, plan, found)


def _compared(
    document: ProjectDocument, tasks: list[Task], plan: DocumentPlan, found: Schedule
) -> DateAgreement:
    clocks = TaskClocks(plan)
    agree: Counter[str] = Counter()
    differ: Counter[str] = Counter()
    first: list[DifferingTask] = []
    differing = 0
    for place, task in enumerate(tasks):
        values = []
        for name in FIELDS:
            stored, computed = _stored(task, name), _COMPUTED[name](found, place)
            if stored is None or computed is None:
                continue
            if _is_same(clocks, place, stored, computed):
                agree[name] += 1
            else:
                differ[name] += 1
                values.append(DifferingValue(name, stored, computed))
        differing += bool(values)
        if values and len(first) < MOST_SHOWN:
            wbs = task.wbs or task.outline_number
            first.append(DifferingTask(task.uid, wbs[:60], task.name[:120], tuple(values)))
    return DateAgreement(
        tasks=len(tasks),
        fields=tuple(
            FieldAgreement(name, agree[name], differ[name], len(tasks) - agree[name] - differ[name])
            for name in FIELDS
        ),
        differing=differing,
        first=tuple(first),
        is_from_finish=document.options.schedule_from is ScheduleFrom.FINISH,
    )


def _stored(task: Task, name: str) -> Value:
    value: Value = getattr(task, {"total_float": "total_slack", "critical": "is_critical"}.get(name, name))
    return value


def _date(name: str) -> Callable[[Schedule, int], Value]:
    def read(found: Schedule, place: int) -> Value:
        instant = int(getattr(found, name)[place])
        return None if instant == NO_INSTANT else moment_at(instant)

    return read


def _total_float(found: Schedule, place: int) -> Value:
    ticks = int(found.total_float[place])
    return None if ticks == NO_INSTANT else ticks / TICKS


def _critical(found: Schedule, place: int) -> Value:
    return bool(found.is_critical[place])


_COMPUTED: Final = {
    **{name: _date(name) for name in DATES},
    "total_float": _total_float,
    "critical": _critical,
}


def _is_same(clocks: TaskClocks, place: int, stored: Value, computed: Value) -> bool:
    if isinstance(stored, datetime) and isinstance(computed, datetime):
        return clocks.is_same(place, stored, computed)
    if isinstance(stored, bool) or isinstance(computed, bool):
        return stored == computed
    return abs(float(stored) - float(computed)) <= TOLERANCE  # type: ignore[arg-type]
