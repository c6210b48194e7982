"""Rows, links and baselines of a document as those of MPXJ."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from projects.interchange.document import Baseline, Link, ProjectDocument, Task
from projects.interchange.from_mpxj.fields import DURATIONS, MOMENTS, MONIES, NUMBERS
from projects.interchange.from_mpxj.tasks import CONSTRAINTS
from projects.interchange.to_mpxj.own_fields import OwnFields
from projects.interchange.to_mpxj.values import Values, clean, one_line
from projects.interchange.vocabulary import Convention, LagUnit, TaskKind, TaskType

CONSTRAINT_NAMES: Final = {constraint: name for name, constraint in CONSTRAINTS.items()}
TYPE_NAMES: Final = {
    TaskType.FIXED_UNITS: "FIXED_UNITS",
    TaskType.FIXED_DURATION: "FIXED_DURATION",
    TaskType.FIXED_WORK: "FIXED_WORK",
}
ACTIVITY_TYPES: Final = {
    TaskKind.LEVEL_OF_EFFORT: "LEVEL_OF_EFFORT",
    TaskKind.START_MILESTONE: "START_MILESTONE",
    TaskKind.FINISH_MILESTONE: "FINISH_MILESTONE",
    TaskKind.TASK: "TASK_DEPENDENT",
}
# These hold hours in every tool; the other lengths are durations.
WORK: Final = frozenset({"WORK", "ACTUAL_WORK", "REMAINING_WORK"})
OF_DURATION: Final = frozenset({"REMAINING_DURATION", "ACTUAL_DURATION"})
MOST_BASELINE: Final = 10


class TaskWriter:
    """Adds rows to a project."""

    def __init__(self, java: Any, values: Values, own_fields: OwnFields) -> None:
        self.values = values
        self.own_fields = own_fields
        self.follows_resources = False
        self.kind = java("org.mpxj.TaskField")
        self.constraint = java("org.mpxj.ConstraintType")
        self.task_type = java("org.mpxj.TaskType")
        self.activity_type = java("org.mpxj.ActivityType")
        self.mode = java("org.mpxj.TaskMode")
        self.priority = java("org.mpxj.Priority")
        self.relation = java("org.mpxj.Relation$Builder")
        self.relation_type = java("org.mpxj.RelationType")

    def write(self, project: Any, document: ProjectDocument, calendars: Mapping[int, Any]) -> dict[int, Any]:
        """Return the rows by number, parents first as they stand in the document."""
        self.follows_resources = document.options.convention is Convention.PRIMAVERA
        made: dict[int, Any] = {}
        first = 0 if any(task.is_project for task in document.tasks) else 1
        for number, task in enumerate(document.tasks, start=first):
            home = project if task.parent_uid is None else made[task.parent_uid]
            row = home.addTask()
            row.set(self.kind.UNIQUE_ID, self.values.whole(task.uid))
            row.set(self.kind.ID, self.values.whole(number))
            self._fill(row, task, calendars)
            made[task.uid] = row
        return made

    def _fill(self, row: Any, task: Task, calendars: Mapping[int, Any]) -> None:
        values, kind = self.values, self.kind
        is_summary = task.kind is TaskKind.SUMMARY
        is_milestone = task.kind in (TaskKind.START_MILESTONE, TaskKind.FINISH_MILESTONE)
        row.set(kind.NAME, one_line(task.name))
        if task.notes:
            row.setNotes(clean(task.notes))
        row.set(kind.WBS, one_line(task.wbs))
        row.set(kind.OUTLINE_NUMBER, task.outline_number)
        row.set(kind.OUTLINE_LEVEL, values.whole(task.outline_level))
        row.set(kind.SUMMARY, values.truth(is_summary))
        row.set(kind.MILESTONE, values.truth(is_milestone))
        row.set(kind.ACTIVE, values.truth(task.is_active))
        row.set(kind.CRITICAL, values.truth(bool(task.is_critical)))
        row.set(kind.EFFORT_DRIVEN, values.truth(task.is_effort_driven))
        row.set(kind.ESTIMATED, values.truth(task.is_estimated))
        row.set(kind.IGNORE_RESOURCE_CALENDAR, values.truth(task.ignores_resource_calendars))
        row.set(kind.ACTIVITY_ID, one_line(task.activity_id) or None)
        if task.guid and (number := values.uuid(task.guid)) is not None:
            row.set(kind.GUID, number)
        if not is_summary:
            row.setActivityType(getattr(self.activity_type, self._activity_type(task)))
        mode = self.mode.MANUALLY_SCHEDULED if task.is_manual else self.mode.AUTO_SCHEDULED
        row.setTaskMode(mode)
        row.set(kind.TYPE, getattr(self.task_type, TYPE_NAMES[task.task_type]))
        if task.priority is not None:
            row.setPriority(self.priority.getInstance(task.priority))
        if (calendar := calendars.get(task.calendar_uid or 0)) is not None:
            row.setCalendar(calendar)
        self._times(row, task)
        self.own_fields.write(row, task.extra)

    def _activity_type(self, task: Task) -> str:
        """Return the type of activity; only Primavera's own plans follow the calendars of resources."""
        if task.kind is TaskKind.TASK and self.follows_resources and not task.ignores_resource_calendars:
            return "RESOURCE_DEPENDENT"
        return ACTIVITY_TYPES[task.kind]

    def _times(self, row: Any, task: Task) -> None:
        values, kind = self.values, self.kind
        row.set(kind.CONSTRAINT_TYPE, getattr(self.constraint, CONSTRAINT_NAMES[task.constraint]))
        if task.second_constraint is not None:
            second = getattr(self.constraint, CONSTRAINT_NAMES[task.second_constraint])
            row.set(kind.SECONDARY_CONSTRAINT_TYPE, second)
        for name in ("DURATION", "PLANNED_DURATION"):
            self._set(row, name, values.duration(task.duration, task.duration_kind))
        self._set(row, "PLANNED_START", values.moment(task.start))
        self._set(row, "PLANNED_FINISH", values.moment(task.finish))
        for name, attribute in MOMENTS.items():
            self._set(row, name, values.moment(getattr(task, attribute)))
        for name, attribute in DURATIONS.items():
            given = getattr(task, attribute)
            if name in WORK:
                self._set(row, name, values.hours(given))
            else:
                style = (task.duration_kind,) if name in OF_DURATION else ()
                self._set(row, name, values.duration(given, *style))
        for name, attribute in {**NUMBERS, **MONIES}.items():
            self._set(row, name, values.number(getattr(task, attribute)))
        self._set(row, "STOP", values.moment(task.suspend_at))
        self._set(row, "SUSPEND_DATE", values.moment(task.suspend_at))
        self._set(row, "RESUME", values.moment(task.resume_at))
        if task.leveling_delay:
            self._set(row, "LEVELING_DELAY", values.duration(task.leveling_delay, task.leveling_delay_kind))

    def _set(self, row: Any, name: str, value: Any) -> None:
        if value is not None:
            row.set(getattr(self.kind, name), value)

    def write_links(self, links: Sequence[Link], rows: Mapping[int, Any]) -> None:
        """Join rows."""
        for number, link in enumerate(links, start=1):
            is_percent = link.lag_unit is LagUnit.PERCENT
            lag = (
                self.values.percent(link.lag) if is_percent else self.values.duration(link.lag, link.lag_kind)
            )
            relation = (
                self.relation()
                .uniqueID(self.values.whole(number))
                .predecessorTask(rows[link.pred])
                .type(getattr(self.relation_type, _relation_name(link)))
                .lag(lag)
            )
            rows[link.succ].addPredecessor(relation)

    def write_baselines(self, baselines: Sequence[Baseline], rows: Mapping[int, Any]) -> None:
        """Freeze former states; numbers above 10 have no place in these files."""
        for baseline in baselines:
            if baseline.number > MOST_BASELINE:
                continue
            prefix = f"BASELINE{baseline.number or ''}"
            for item in baseline.rows:
                row = rows.get(item.task_uid)
                if row is None:
                    continue
                self._set(row, f"{prefix}_START", self.values.moment(item.start))
                self._set(row, f"{prefix}_FINISH", self.values.moment(item.finish))
                self._set(row, f"{prefix}_DURATION", self.values.duration(item.duration))
                self._set(row, f"{prefix}_WORK", self.values.hours(item.work))
                self._set(row, f"{prefix}_COST", self.values.number(item.cost))


def _relation_name(link: Link) -> str:
    names = {"F": "FINISH", "S": "START"}
    return f"{names[link.type.value[0]]}_{names[link.type.value[1]]}"
