"""Which values of a row differ between file and plan, and what of its progress may be taken over."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pmo_portal.common.errors import DomainError
from projects.choices import MILESTONES, TaskKind
from projects.interchange.document import ProjectDocument
from projects.interchange.external_bounds import bound_as_constraint
from projects.interchange.losses import WITHOUT_KINDS, microsoft_kind
from projects.interchange.takeover_tasks import PlacedTask
from projects.interchange.vocabulary import TaskKind as DocumentKind
from projects.models import Calendar, Project, Task
from projects.selectors.plan_state import PlanState
from projects.services.document_tasks import task_columns
from projects.services.plan_update.outline import Outline
from projects.services.plan_update.worked_out import (
    FLOAT,
    SOURCE,
    Entry,
    FieldChange,
    Note,
    Place,
    RowUpdate,
)
from projects.services.progress_rules import ProgressDraft, admit_progress

OF_ALL_ROWS = ("name", "notes", "kind", "is_active", "deadline", "priority", "extra")
OF_LEAVES = (
    "planned_start",
    "planned_finish",
    "duration",
    "duration_kind",
    "is_manual",
    "constraint_type",
    "constraint_date",
    "second_constraint_type",
    "second_constraint_date",
    "calendar",
    "work_hours",
    "task_type",
    "is_effort_driven",
)
SCHEDULING = ("ignores_resource_calendars", "leveling_delay", "interruptions")
OF_SUMMARIES = ("constraint_type", "constraint_date")
PLANNED = ("planned_start", "planned_finish", "duration")
PROGRESS_COLUMNS = (
    "actual_start",
    "actual_finish",
    "percent_complete",
    "percent_physical",
    "remaining_duration",
    "actual_work_hours",
)
INTERRUPTION = ("suspend_on", "resume_on")
NOTHING_DONE: Mapping[str, Any] = {
    "actual_start": None,
    "actual_finish": None,
    "percent_complete": 0,
    "percent_physical": 0,
    "remaining_duration": None,
    "actual_work_hours": 0,
    "suspend_on": None,
    "resume_on": None,
}


@dataclass(frozen=True)
class Rows:
    """The rows of the file against those of the plan."""

    added: tuple[PlacedTask, ...]
    added_values: Mapping[int, Mapping[str, Any]]
    rows: tuple[RowUpdate, ...]
    entries: tuple[Entry, ...]
    notes: tuple[Note, ...]


class RowComparer:
    """Compares row by row; ``known_up_to`` is the data date the project will have."""

    def __init__(
        self,
        *,
        state: PlanState,
        tasks: Mapping[int, Task],
        outline: Outline,
        calendars: Mapping[int, Calendar],
        known_up_to: date | None,
        takes_costs: bool,
        document: ProjectDocument,
        file_name: str,
    ) -> None:
        self.state = state
        self.tasks = tasks
        self.outline = outline
        self.calendars = calendars
        self.known_up_to = known_up_to
        self.takes_costs = takes_costs
        self.reason = file_name
        self.tells_kinds = document.options.file_format not in WITHOUT_KINDS
        self.successors = frozenset(link.succ for link in document.links)
        self.names: dict[int, str] = {}
        self.refused: dict[str, list[str]] = defaultdict(list)
        self.ahead: list[str] = []
        self.older: list[str] = []

    def compare(self, placed: Sequence[PlacedTask]) -> Rows:
        """Return what is new, what differs, and the progress that comes along."""
        self.names = {item.task.uid: item.task.name for item in placed}
        added: list[PlacedTask] = []
        values: dict[int, Mapping[str, Any]] = {}
        rows: list[RowUpdate] = []
        entries: list[Entry] = []
        for item in placed:
            task = self.tasks.get(item.task.uid)
            wanted = task_columns(
                self.state.project,
                item=_without_promise(self._with_kind(item, task), task),
                calendars=self.calendars,
            )
            if not self.takes_costs:
                wanted.pop("fixed_cost")
            if task is not None:
                wanted |= _kept_percentages(item, wanted, task)
                wanted |= _kept_remaining(wanted, task)
            is_reported = _says_progress(wanted) and self._is_admitted(item, wanted, task)
            if is_reported:
                entries.append(Entry(item, wanted))
            elif _says_progress(wanted):
                wanted |= {**NOTHING_DONE, "remaining_duration": _left_untouched(wanted)}
            if task is None:
                added.append(item)
                values[item.task.uid] = wanted
            else:
                rows.append(self._row(item, task, wanted, is_reported=is_reported))
        entries = [entry for entry in entries if self._is_news(entry)]
        return Rows(tuple(added), values, tuple(rows), tuple(entries), tuple(self._notes()))

    def _with_kind(self, item: PlacedTask, task: Task | None) -> PlacedTask:
        """Return a row of the kind it has in the plan where the file has no word for another one."""
        if self.tells_kinds or task is None:
            return item
        kind = DocumentKind(task.kind)
        is_same = item.kind is microsoft_kind(kind, is_successor=item.task.uid in self.successors)
        return replace(item, kind=kind) if is_same else item

    def _is_admitted(self, item: PlacedTask, wanted: Mapping[str, Any], task: Task | None) -> bool:
        """Return whether the progress the file says may be recorded (SCH-20, SCH-23)."""
        draft = ProgressDraft(
            task=_row_to_report_on(self.state.project, wanted, task),
            actual_start=wanted["actual_start"],
            actual_finish=wanted["actual_finish"],
            percent_complete=wanted["percent_complete"],
            percent_physical=wanted["percent_physical"],
            note=self.reason,
        )
        try:
            admit_progress(draft, known_up_to=self.known_up_to, data_date=self.state.day)
        except DomainError as refusal:
            self.refused[refusal.code].append(item.task.name)
            return False
        return True

    def _is_news(self, entry: Entry) -> bool:
        """Return whether the plan does not say this very progress for the data date of the file already."""
        task = self.tasks.get(entry.item.task.uid)
        known = self.state.entries.get(task.pk) if task is not None else None
        if known is None or any(getattr(known, name) != entry.values[name] for name in PROGRESS_COLUMNS):
            return True
        is_settled = known.data_date == self.state.day or known.actual_finish is not None
        forecast = (entry.values["planned_start"], entry.values["planned_finish"])
        return not is_settled and (known.forecast_start, known.forecast_finish) != forecast

    def _row(
        self, item: PlacedTask, task: Task, wanted: Mapping[str, Any], *, is_reported: bool
    ) -> RowUpdate:
        names = self._names(task, wanted, is_reported=is_reported)
        merged = {**wanted, "extra": {**task.extra, **wanted["extra"]}}
        values = {name: merged[name] for name in names if _differs(task, name, merged[name])}
        hidden = {*FLOAT, *SCHEDULING, *SOURCE, *INTERRUPTION} | (
            set() if is_reported or task.pk in self.state.begun else {"remaining_duration"}
        )
        changes = [
            FieldChange(name, getattr(task, name), value)
            for name, value in values.items()
            if name not in hidden
        ]
        changes += self._moves(item, task)
        return RowUpdate(item, task, values, tuple(changes))

    def _names(self, task: Task, wanted: Mapping[str, Any], *, is_reported: bool) -> list[str]:
        """Return the columns the file decides."""
        names = [*OF_ALL_ROWS, *SOURCE]
        if self.takes_costs:
            names.append("fixed_cost")
        if wanted["kind"] == TaskKind.SUMMARY:
            return [*names, *OF_SUMMARIES]
        planned = [*OF_LEAVES, *SCHEDULING, *FLOAT]
        is_older = task.pk in self.state.later
        if is_reported and not is_older:
            planned += [*PROGRESS_COLUMNS, *INTERRUPTION]
        elif task.pk in self.state.begun:
            # What is recorded is ahead of the file: dates of started work follow what is recorded.
            (self.older if is_reported else self.ahead).append(task.name)
            kept = {*PLANNED, *FLOAT} - ({"duration"} if wanted["kind"] in MILESTONES else set())
            planned = [name for name in planned if name not in kept]
        else:
            planned.append("remaining_duration")
        return names + planned

    def _moves(self, item: PlacedTask, task: Task) -> list[FieldChange]:
        place = self.outline.places[item.task.uid]
        if _has_other_parent(task, place):
            parent = task.parent
            return [FieldChange("parent", str(parent) if parent else "", self._label(place))]
        if item.task.uid in self.outline.reordered:
            return [FieldChange("order", task.wbs, item.wbs)]
        return []

    def _label(self, place: Place) -> str:
        if place.parent is not None:
            return str(place.parent)
        return "" if place.parent_uid is None else self.names[place.parent_uid]

    def _notes(self) -> list[Note]:
        notes = [
            Note("PROGRESS_REFUSED", "WARNING", names[0], {"why": why, "count": len(names)})
            for why, names in self.refused.items()
        ]
        for code, names in (("PROGRESS_AHEAD", self.ahead), ("PROGRESS_OLDER", self.older)):
            if names:
                notes.append(Note(code, "INFO", names[0], {"count": len(names)}))
        return notes


def _without_promise(item: PlacedTask, task: Task | None) -> PlacedTask:
    """Return a row whose bound is a constraint where the plan has no promise of another project for it."""
    has_promise = task is not None and task.external_start is not None
    return item if has_promise else replace(item, task=bound_as_constraint(item.task))


def _kept_percentages(item: PlacedTask, wanted: Mapping[str, Any], task: Task) -> dict[str, Any]:
    """
    Return the percentages of the plan that the file says again, only less exactly.

    Microsoft Project knows whole percentages, and none is the same to it as no physical percentage.
    """
    is_same = wanted["percent_complete"] in (task.percent_complete, _whole(task.percent_complete))
    if not is_same or wanted["remaining_duration"] != task.remaining_duration:
        return {}
    kept = {"percent_complete": task.percent_complete}
    if not item.task.percent_physical or wanted["percent_physical"] == _whole(task.percent_physical):
        kept["percent_physical"] = task.percent_physical
    return kept


def _kept_remaining(wanted: Mapping[str, Any], task: Task) -> dict[str, Any]:
    """Return the rest of work as the plan has it where nothing is done: all of it, said or not."""
    if _says_progress(wanted) or task.actual_start is not None:
        return {}
    all_of_it = {None, _left_untouched(wanted) or 0}
    is_same = {wanted["remaining_duration"], task.remaining_duration} <= all_of_it
    return {"remaining_duration": task.remaining_duration} if is_same else {}


def _whole(percent: Decimal) -> Decimal:
    return percent.quantize(Decimal(1), rounding=ROUND_HALF_UP)


def _says_progress(wanted: Mapping[str, Any]) -> bool:
    is_leaf = wanted["kind"] != TaskKind.SUMMARY
    return is_leaf and bool(wanted["actual_start"] or wanted["percent_complete"])


def _left_untouched(wanted: Mapping[str, Any]) -> int | None:
    return None if wanted["kind"] in MILESTONES else int(wanted["duration"])


def _row_to_report_on(project: Project, wanted: Mapping[str, Any], task: Task | None) -> Task:
    """Return a row, not to be saved, with the kind of the file and what is recorded of it so far."""
    return Task(
        project=project,
        kind=wanted["kind"],
        duration=wanted["duration"],
        actual_finish=task.actual_finish if task is not None else None,
    )


def _has_other_parent(task: Task, place: Place) -> bool:
    former = task.parent_id
    if place.parent is not None:
        return former != place.parent.pk
    return former is not None or place.parent_uid is not None


def _differs(task: Task, name: str, value: Any) -> bool:
    present = getattr(task, name)
    is_new = isinstance(value, Calendar) and value._state.adding
    return is_new or bool(present != value)
