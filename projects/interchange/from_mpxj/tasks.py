"""Tasks with what the file stores about them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from projects.interchange.document import Split, Task
from projects.interchange.from_mpxj.fields import StoredField, extra, stored
from projects.interchange.from_mpxj.values import amount, moment, text
from projects.interchange.vocabulary import Constraint, TaskKind, TaskType

CONSTRAINTS: Final = {
    "AS_SOON_AS_POSSIBLE": Constraint.ASAP,
    "AS_LATE_AS_POSSIBLE": Constraint.ALAP,
    "START_NO_EARLIER_THAN": Constraint.SNET,
    "START_NO_LATER_THAN": Constraint.SNLT,
    "FINISH_NO_EARLIER_THAN": Constraint.FNET,
    "FINISH_NO_LATER_THAN": Constraint.FNLT,
    "MUST_START_ON": Constraint.MSO,
    "MUST_FINISH_ON": Constraint.MFO,
    "START_ON": Constraint.SON,
    "FINISH_ON": Constraint.FON,
}
TASK_TYPES: Final = {
    "FIXED_UNITS": TaskType.FIXED_UNITS,
    "FIXED_DURATION": TaskType.FIXED_DURATION,
    "FIXED_DURATION_AND_UNITS": TaskType.FIXED_DURATION,
    "FIXED_WORK": TaskType.FIXED_WORK,
}
ACTIVITY_KINDS: Final = {
    "LEVEL_OF_EFFORT": TaskKind.LEVEL_OF_EFFORT,
    "HAMMOCK": TaskKind.LEVEL_OF_EFFORT,
    "START_MILESTONE": TaskKind.START_MILESTONE,
    "START_FLAG": TaskKind.START_MILESTONE,
    "FINISH_MILESTONE": TaskKind.FINISH_MILESTONE,
    "FINISH_FLAG": TaskKind.FINISH_MILESTONE,
}
NOTES_LENGTH: Final = 20_000


class TaskReader:
    """Reads the rows of one project; knows the fields in use and who has predecessors."""

    def __init__(
        self,
        *,
        kind: Any,
        fields: list[StoredField],
        custom: list[StoredField],
        units: Mapping[str, float],
        successors: frozenset[int],
    ) -> None:
        self.kind = kind
        self.fields = fields
        self.custom = custom
        self.units = units
        self.successors = successors

    def read(self, tasks: Iterable[Any]) -> tuple[Task, ...]:
        """Return the tasks in the order of the file."""
        return tuple(self._task(task) for task in tasks)

    def _task(self, task: Any) -> Task:
        values = stored(task, self.fields)
        values.update(self._duration(task))
        values.update(self._interruption(task))
        uid = int(task.getUniqueID())
        parent = task.getParentTask()
        level = int(task.getOutlineLevel() or 0)
        is_summary = bool(task.getSummary())
        is_milestone = bool(task.getMilestone()) and not is_summary
        activity = text(task.getActivityType())
        return Task(
            uid=uid,
            name=text(task.getName(), limit=500),
            id=None if task.getID() is None else int(task.getID()),
            parent_uid=None if parent is None else int(parent.getUniqueID()),
            wbs=text(task.getWBS(), limit=200),
            outline_number=text(task.getOutlineNumber(), limit=200),
            outline_level=level,
            activity_id=text(task.getActivityID(), limit=100),
            guid=text(task.getGUID(), limit=40).lower(),
            kind=self._task_kind(uid, activity, values, is_summary=is_summary, is_milestone=is_milestone),
            is_project=uid == 0 and parent is None and is_summary,
            is_milestone=is_milestone,
            is_active=bool(task.getActive()),
            is_manual=text(task.getTaskMode()) == "MANUALLY_SCHEDULED",
            is_external=bool(task.getExternalTask()) or bool(task.getExternalProject()),
            task_type=TASK_TYPES.get(text(self._stored(task, "TYPE")), TaskType.FIXED_UNITS),
            calendar_uid=_calendar(task),
            constraint=self._constraint(task, "CONSTRAINT_TYPE") or Constraint.ASAP,
            second_constraint=self._constraint(task, "SECONDARY_CONSTRAINT_TYPE"),
            priority=_priority(task),
            notes=text(task.getNotes(), limit=NOTES_LENGTH),
            splits=() if is_summary else _splits(task),
            extra={**extra(task, self.custom), **_activity_codes(task)},
            **values,
        )

    def _stored(self, task: Any, name: str) -> Any:
        value = task.getCachedValue(getattr(self.kind, name))
        return value.name() if value is not None and hasattr(value, "name") else value

    def _duration(self, task: Any) -> dict[str, Any]:
        found = amount(task.getCachedValue(self.kind.DURATION), self.units)
        delay = amount(task.getCachedValue(self.kind.LEVELING_DELAY), self.units)
        result: dict[str, Any] = {}
        if found is not None and not found.is_percent:
            result = {"duration": found.value, "duration_kind": found.kind}
        if delay is not None and not delay.is_percent and delay.value:
            result |= {"leveling_delay": delay.value, "leveling_delay_kind": delay.kind}
        return result

    def _interruption(self, task: Any) -> dict[str, Any]:
        """Return when work was suspended and goes on, where the two differ."""
        suspend = moment(task.getCachedValue(self.kind.SUSPEND_DATE))
        suspend = suspend or moment(task.getCachedValue(self.kind.STOP))
        resume = moment(task.getCachedValue(self.kind.RESUME))
        if suspend is None or resume is None or resume <= suspend:
            return {}
        return {"suspend_at": suspend, "resume_at": resume}

    def _constraint(self, task: Any, name: str) -> Constraint | None:
        return CONSTRAINTS.get(text(self._stored(task, name)))

    def _task_kind(
        self, uid: int, activity: str, values: dict[str, Any], *, is_summary: bool, is_milestone: bool
    ) -> TaskKind:
        if is_summary:
            return TaskKind.SUMMARY
        if activity in ACTIVITY_KINDS:
            return ACTIVITY_KINDS[activity]
        if is_milestone and not values.get("duration"):
            return TaskKind.FINISH_MILESTONE if uid in self.successors else TaskKind.START_MILESTONE
        return TaskKind.TASK


def _calendar(task: Any) -> int | None:
    uid = task.getCalendarUniqueID()
    return None if uid is None else int(uid)


def _priority(task: Any) -> int | None:
    priority = task.getPriority()
    return None if priority is None else int(priority.getValue())


def _splits(task: Any) -> tuple[Split, ...]:
    """Return the stretches of an interrupted task; a task in one piece has none."""
    stretches = task.getWorkSplits()
    if stretches is None or len(stretches) < 2:
        return ()
    pairs = ((moment(item.getStart()), moment(item.getEnd())) for item in stretches)
    return tuple(Split(start, finish) for start, finish in pairs if start is not None and finish is not None)


def _activity_codes(task: Any) -> dict[str, str]:
    codes = task.getActivityCodeValues()
    if codes is None or codes.isEmpty():
        return {}
    return {
        text(entry.getKey().getName(), limit=100): text(entry.getValue().getName())
        for entry in codes.entrySet()
        if entry.getValue() is not None
    }
