"""Progress by spreadsheet: taken away, changed offline, merged with what happened meanwhile (SCH-20)."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
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
from projects.choices import ChangeSource
from projects.interchange.progress_sheet import ProgressSheet, SheetRow, read_sheet
from projects.interchange.tables.reading import read_table
from projects.interchange.tables.table import MEGABYTE, TableLimits, TableRefused
from projects.models import Project, TaskProgress
from projects.selectors.progress_list import progress_tasks
from projects.selectors.progress_sheets import known_headings, sheet_cells, sheet_headings
from projects.services import schedules
from projects.services.changes import lock_open_project
from projects.services.plan_changes.recording import recorded
from projects.services.progress import RowsRefused, record_progress_of_many
from projects.services.progress_lists import Foreseen, try_progress_of_many
from projects.services.progress_sheet_drafts import sheet_drafts
from projects.services.progress_sheet_rows import Decisions, MergedRow, merged_rows
from projects.services.task_dates import KnownHours

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
class PreviewRow(MergedRow):
    """A merged row with what is refused of it, or where it leads to."""

    fault: DomainError | ValidationError | None = None
    foreseen: Foreseen | None = None


@dataclass(frozen=True)
class SheetPreview:
    """
    What a file would do at ``looked_on``.

    ``strangers`` are rows of tasks that are gone or not the person's; ``fault`` is what the plan as a whole
    refuses.
    """

    rows: tuple[PreviewRow, ...]
    strangers: tuple[SheetRow, ...]
    unchanged: int
    effect: schedules.Effect
    looked_on: date | None
    fault: DomainError | None = None

    @property
    def changes(self) -> tuple[PreviewRow, ...]:
        """The rows that would be recorded."""
        return tuple(row for row in self.rows if row.says_something)

    @property
    def undecided(self) -> int:
        """How many decisions are missing."""
        return sum(item.decision is None for row in self.rows for item in row.conflicts)

    @property
    def most_answers(self) -> int:
        """How many answers the rows can take: what counts with what was seen, and whether to leave out."""
        return sum(1 + 2 * len(row.conflicts) for row in self.rows)

    @property
    def is_ready(self) -> bool:
        """Whether the file can be applied as it is."""
        is_refused = self.fault is not None or any(row.fault is not None for row in self.rows)
        return bool(self.changes) and not self.undecided and not is_refused


class Undecided(Conflict):
    """Both sides changed something, and nobody said yet what counts; nothing was saved."""

    code = "CONFLICTS"


class DataDateChanged(Conflict):
    """What somebody looked at would be recorded at another data date; nothing was saved."""

    code = "DATA_DATE_CHANGED"


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
    merged, strangers = merged_rows(actor=actor, project=project, rows=rows, decisions=decisions)
    hours: KnownHours = {}
    drafts, refused = sheet_drafts(merged, project=project, hours=hours)
    faults = {found.uid: found.fault for found in refused}
    foreseen: dict[int, Foreseen] = {}
    effect, of_plan = schedules.NOTHING, None
    # What is refused is taken out, so that the rest can be looked at.
    while drafts:
        try:
            trial = try_progress_of_many(
                actor=actor, project=project, data_date=project.data_date, drafts=drafts, hours=hours
            )
        except RowsRefused as refusal:
            faults |= {found.uid: found.fault for found in refusal.faults}
            drafts = [draft for draft in drafts if draft.task.uid not in faults]
        except DomainError as refusal:
            of_plan = refusal
            break
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
    return SheetPreview(shown, strangers, unchanged, effect, project.data_date, of_plan)


@transaction.atomic
def apply_sheet(
    *,
    actor: User,
    project: Project,
    rows: Sequence[SheetRow],
    decisions: Decisions,
    looked_on: date | None = None,
) -> list[TaskProgress]:
    """
    Record what the rows of a file say, merged with what is there now; all or nothing.

    Parameters
    ----------
    looked_on : date, optional
        The data date somebody saw it would be recorded at; None where nobody looked.

    Raises
    ------
    DataDateChanged
        If the data date is another one meanwhile.
    Undecided
        If both sides changed something that is not decided, or changed again since it was.
    RowsRefused
        With what the rules refuse of each task.
    DomainError
        ``UNKNOWN_ROWS`` for tasks that are gone or not the person's, ``NOTHING`` if nothing changes.
    """
    locked = lock_open_project(project)
    locked.calendar = project.calendar
    if looked_on is not None and locked.data_date not in {None, looked_on}:
        raise DataDateChanged(
            gettext_lazy("Nothing is saved yet: the data date changed. Look at the preview again.")
        )
    merged, strangers = merged_rows(actor=actor, project=locked, rows=rows, decisions=decisions)
    if strangers:
        text = gettext_lazy("The file has rows of tasks that are gone or not yours. Leave them out.")
        raise DomainError(text, code="UNKNOWN_ROWS")
    if any(item.decision is None for row in merged for item in row.conflicts):
        raise Undecided(gettext_lazy("Nothing is saved yet: decide what counts where both sides changed."))
    hours: KnownHours = {}
    drafts, refused = sheet_drafts(merged, project=locked, hours=hours)
    if refused:
        raise RowsRefused(refused)
    if not drafts:
        raise DomainError(gettext_lazy("The file changes nothing."), code="NOTHING")
    with recorded(actor=actor, project=locked, source=ChangeSource.PROGRESS_SHEET):
        made = record_progress_of_many(
            actor=actor, project=locked, data_date=locked.data_date, drafts=drafts, hours=hours
        )
        audit.record(
            actor=actor,
            action=actions.PROGRESS_IMPORTED,
            target=locked,
            node=locked.node,
            after={"rows": len(made), "decided": sum(len(row.conflicts) for row in merged)},
        )
    return made
