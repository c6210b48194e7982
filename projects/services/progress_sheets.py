"""Progress by spreadsheet: taken away, changed offline, merged with what happened meanwhile (SCH-20)."""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo_portal.accounts.access import permissions_on
from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.builders import Built
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed
from pmo_portal.common.export import CSV_TYPE, XLSX_TYPE, csv_bytes, xlsx_bytes
from pmo_portal.common.schedule import database_now
from projects import actions
from projects.access import recordable_tasks
from projects.choices import MILESTONES
from projects.engine.calendar import CalendarError
from projects.engine.working_time import WorkingTime
from projects.interchange.progress_merge import GROUPS, MergeConflict, merge_row
from projects.interchange.progress_sheet import ProgressSheet, SheetRow, Values, read_sheet
from projects.interchange.tables.reading import read_table
from projects.interchange.tables.table import MEGABYTE, TableLimits, TableRefused
from projects.models import Project, Task, TaskProgress
from projects.selectors.plan_dates import finish_moment, start_moment
from projects.selectors.progress_list import progress_tasks
from projects.selectors.progress_sheets import (
    known_headings,
    minutes_per_day,
    sheet_cells,
    sheet_headings,
    sheet_values,
)
from projects.services import schedules
from projects.services.changes import lock_open_project
from projects.services.progress import RowFault, RowsRefused, record_progress_of_many
from projects.services.progress_lists import Foreseen, try_progress_of_many
from projects.services.progress_rules import ProgressDraft
from projects.services.task_dates import working_hours_for

KINDS = ("xlsx", "csv")
LIMITS = TableLimits(
    file_bytes=2 * MEGABYTE,
    rows=5_000,
    columns=64,
    cells=100_000,
    inflated_bytes=40 * MEGABYTE,
    wall_seconds=10,
)


@dataclass(frozen=True)
class Decision:
    """Whether the file counts where both sides changed something, and the state now that was looked at."""

    keeps_file: bool
    seen: str


Decisions = Mapping[tuple[int, str], Decision]


@dataclass(frozen=True)
class OpenConflict:
    """What is to be decided of a row, or was; ``seen`` stands for the state now."""

    uid: int
    conflict: MergeConflict
    seen: str
    decision: bool | None


@dataclass(frozen=True)
class PreviewRow:
    """What the file would change of a task: values before and after, and where that leads to."""

    row: SheetRow
    task: Task
    now: Values
    said: frozenset[str]
    conflicts: tuple[OpenConflict, ...]
    fault: DomainError | Any = None
    foreseen: Foreseen | None = None


@dataclass(frozen=True)
class SheetPreview:
    """What a file would do. ``strangers`` are rows of tasks that are gone or not the person's."""

    rows: tuple[PreviewRow, ...]
    strangers: tuple[SheetRow, ...]
    unchanged: int
    effect: schedules.Effect

    @property
    def changes(self) -> tuple[PreviewRow, ...]:
        """The rows that would be recorded."""
        return tuple(row for row in self.rows if row.said or row.row.note)

    @property
    def undecided(self) -> int:
        """How many decisions are missing."""
        return sum(item.decision is None for row in self.rows for item in row.conflicts)

    @property
    def is_ready(self) -> bool:
        """Whether the file can be applied as it is."""
        return bool(self.changes) and not self.undecided and all(row.fault is None for row in self.rows)


class Undecided(Conflict):
    """Both sides changed something, and nobody said yet what counts; nothing was saved."""

    code = "CONFLICTS"


def export_sheet(*, actor: User, project: Project, kind: str, chosen: str = "open") -> Built:
    """
    Return the tasks whose progress the person may record as a table to be changed offline (SEC-13).

    Parameters
    ----------
    chosen : str
        As `progress_tasks` takes it.

    Raises
    ------
    NotAllowed
        If the person may record nothing here, or may not export.
    """
    if not {"task.progress", "export.run"} <= permissions_on(actor, project.node):
        raise NotAllowed(_("You may not export the progress of this project."))
    if kind not in KINDS:
        raise DomainError(_("Choose one of the formats."), code="FORMAT", field="format")
    tasks = progress_tasks(
        recordable_tasks(actor, project=project), project=project, user=actor, chosen=chosen
    )
    rows = sheet_cells(tasks, project=project)
    name = f"{project.code}-progress-{database_now():%Y-%m-%d}.{kind}"
    if kind == "csv":
        built = Built(file_name=name, media_type=CSV_TYPE, content=csv_bytes(sheet_headings(), rows))
    else:
        hidden = (len(sheet_headings()) - 1,)
        content = xlsx_bytes(project.code, sheet_headings(), rows, hidden=hidden)
        built = Built(file_name=name, media_type=XLSX_TYPE, content=content)
    audit.record(
        actor=actor,
        action=actions.PROGRESS_EXPORTED,
        target=project,
        node=project.node,
        after={"format": kind, "file": name},
    )
    return built


def read_progress_sheet(chunks: Iterable[bytes], *, project: Project) -> ProgressSheet:
    """
    Return what a file says; it is read by a process of its own behind walls, and not kept (SEC-22).

    Raises
    ------
    DomainError
        If the file is not taken.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="progress-") as folder:
            path = Path(folder) / "list"
            _write(path, chunks)
            table = read_table(path, limits=LIMITS)
        return read_sheet(table, code=project.code, headings=known_headings())
    except TableRefused as refused:
        sentence = _(refused.sentence)
        message = sentence % refused.parameters if refused.parameters else sentence
        raise DomainError(message, code=refused.code, field="file") from refused


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    """Write no more than what is needed to see that it is too much."""
    size = 0
    with path.open("wb") as target:
        for chunk in chunks:
            size += len(chunk)
            target.write(chunk)
            if size > LIMITS.file_bytes:
                return


def preview_sheet(
    *, actor: User, project: Project, rows: Sequence[SheetRow], unchanged: int = 0, decisions: Decisions
) -> SheetPreview:
    """Return what the rows of a file would do now; nothing is kept."""
    merged, strangers = _merged(actor, project, rows, decisions)
    drafts, refused = _drafts(merged, project)
    faults: dict[int, Any] = {found.uid: found.fault for found in refused}
    foreseen: dict[int, Foreseen] = {}
    effect = schedules.NOTHING
    # What is refused is taken out, so that the rest can be looked at.
    while drafts:
        try:
            trial = try_progress_of_many(
                actor=actor, project=project, data_date=project.data_date, drafts=drafts
            )
        except RowsRefused as refusal:
            faults |= {found.uid: found.fault for found in refusal.faults}
            drafts = [draft for draft in drafts if draft.task.uid not in faults]
        else:
            foreseen, effect = {row.uid: row for row in trial.rows}, trial.effect
            break
    shown = tuple(
        PreviewRow(
            *(row.row, row.task, row.now, row.said, row.conflicts),
            fault=faults.get(row.task.uid),
            foreseen=foreseen.get(row.task.uid),
        )
        for row in merged
    )
    return SheetPreview(shown, strangers, unchanged, effect)


@transaction.atomic
def apply_sheet(
    *, actor: User, project: Project, rows: Sequence[SheetRow], decisions: Decisions
) -> list[TaskProgress]:
    """
    Record what the rows of a file say, merged with what is there now; all or nothing.

    Raises
    ------
    Undecided
        If both sides changed something that is not decided, or changed again since it was.
    RowsRefused
        With what the rules refuse of each task.
    DomainError
        ``UNKNOWN_ROWS`` for tasks that are gone or not the person's, ``NOTHING`` if nothing changes.
    """
    locked = lock_open_project(project)
    locked.calendar = project.calendar
    merged, strangers = _merged(actor, locked, rows, decisions)
    if strangers:
        text = gettext_lazy("The file has rows of tasks that are gone or not yours. Leave them out.")
        raise DomainError(text, code="UNKNOWN_ROWS")
    if any(item.decision is None for row in merged for item in row.conflicts):
        raise Undecided(gettext_lazy("Nothing is saved yet: decide what counts where both sides changed."))
    drafts, refused = _drafts(merged, locked)
    if refused:
        raise RowsRefused(refused)
    if not drafts:
        raise DomainError(gettext_lazy("The file changes nothing."), code="NOTHING")
    made = record_progress_of_many(actor=actor, project=locked, data_date=locked.data_date, drafts=drafts)
    audit.record(
        actor=actor,
        action=actions.PROGRESS_IMPORTED,
        target=locked,
        node=locked.node,
        after={"rows": len(made), "decided": sum(len(row.conflicts) for row in merged)},
    )
    return made


def _merged(
    actor: User, project: Project, rows: Sequence[SheetRow], decisions: Decisions
) -> tuple[list[PreviewRow], tuple[SheetRow, ...]]:
    """Return the rows merged with their tasks, and those whose task is gone or not the person's."""
    tasks = recordable_tasks(actor, project=project).select_related("owner", "calendar", "parent")
    found = {task.uid: task for task in tasks.filter(uid__in=[row.uid for row in rows])}
    per_day = minutes_per_day(project)
    merged = []
    for row in rows:
        task = found.get(row.uid)
        if task is None:
            continue
        task.project = project
        merged.append(_merge(row, task, sheet_values(task, per_day=per_day), decisions))
    merged.sort(key=lambda item: (item.task.sort_path, item.task.pk))
    return merged, tuple(row for row in rows if row.uid not in found)


def _merge(row: SheetRow, task: Task, now: Values, decisions: Decisions) -> PreviewRow:
    made = {
        group: decisions[row.uid, group].keeps_file
        for group in GROUPS
        if (row.uid, group) in decisions and decisions[row.uid, group].seen == state_of(now, group)
    }
    bare = merge_row(row, now, kept={})
    conflicts = tuple(
        OpenConflict(row.uid, item, state_of(now, item.group), made.get(item.group))
        for item in bare.conflicts
    )
    return PreviewRow(row, task, now, merge_row(row, now, kept=made).said, conflicts)


def state_of(values: Values, group: str) -> str:
    """Return the values of a group as one text, to tell whether they changed since somebody looked."""
    return "|".join(str(values[name]) for name in GROUPS[group])


def _drafts(rows: Sequence[PreviewRow], project: Project) -> tuple[list[ProgressDraft], list[RowFault]]:
    """Return what is to be recorded of the rows that say something; days no calendar reaches are refused."""
    hours: dict[tuple[int | None, str], WorkingTime] = {}
    drafts, refused = [], []
    for row in rows:
        if not (row.said or row.row.note):
            continue
        try:
            drafts.append(_draft(row, project, hours))
        except (CalendarError, OverflowError):
            text = gettext_lazy("The calendar has no working time around this date.")
            fault = DomainError(text, code="EMPTY_CALENDAR", field="actual_start")
            refused.append(RowFault(row.task.uid, fault))
    return drafts, refused


def _draft(
    row: PreviewRow, project: Project, known: dict[tuple[int | None, str], WorkingTime]
) -> ProgressDraft:
    """Return what is to be recorded: what the file says, over what holds now."""
    task, mine, said = row.task, row.row.mine, row.said
    key = (task.calendar_id, task.duration_kind)
    if key not in known:
        known[key] = working_hours_for(task, project=project)
    start, finish = task.actual_start, task.actual_finish
    if "actual_start" in said:
        start = _moment(mine["actual_start"], start_moment, known[key])
    if "actual_finish" in said:
        finish = _moment(mine["actual_finish"], finish_moment, known[key])
    if task.kind in MILESTONES:
        start = finish if "actual_start" not in said else start
    left: int | None = None
    if "days_left" in said:
        left = int(Decimal(str(mine["days_left"])) * minutes_per_day(project) + Decimal("0.5"))
    elif "percent_complete" not in said and finish is None:
        left = task.duration if task.remaining_duration is None else task.remaining_duration
    if finish is not None or (task.actual_finish is not None and "days_left" not in said):
        left = None
    return ProgressDraft(
        task=task,
        actual_start=start,
        actual_finish=finish,
        remaining_duration=left,
        percent_complete=_said(row, "percent_complete"),
        percent_physical=_said(row, "percent_physical"),
        quantity_done=_said(row, "quantity_done"),
        steps_reached=_said(row, "steps_reached"),
        note=row.row.note,
    )


def _said(row: PreviewRow, name: str) -> Any:
    return row.row.mine[name] if name in row.said else None


def _moment(day: Any, moment_of: Callable[..., Any], hours: WorkingTime) -> Any:
    return None if day is None else moment_of(day, working_time=hours)
