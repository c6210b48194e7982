"""Rows of a progress list merged with their tasks as they are now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pmo_portal.accounts.models import User
from projects.access import recordable_tasks
from projects.interchange.progress_merge import GROUPS, MergeConflict, merge_row
from projects.interchange.progress_sheet import SheetRow, Values
from projects.models import Project, Task
from projects.selectors.progress_sheets import sheet_values


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
class MergedRow:
    """What a row says of its task: the values now, the names of those the file changes, what is open."""

    row: SheetRow
    task: Task
    now: Values
    said: frozenset[str]
    conflicts: tuple[OpenConflict, ...]

    @property
    def says_something(self) -> bool:
        """Whether anything of it would be recorded."""
        return bool(self.said or self.row.note)


def merged_rows(
    *, actor: User, project: Project, rows: Sequence[SheetRow], decisions: Decisions
) -> tuple[list[MergedRow], tuple[SheetRow, ...]]:
    """Return the rows merged with their tasks, and those whose task is gone or not the person's."""
    tasks = recordable_tasks(actor, project=project).select_related("owner", "calendar", "parent")
    found = {task.uid: task for task in tasks.filter(uid__in=[row.uid for row in rows])}
    merged = []
    for row in rows:
        task = found.get(row.uid)
        if task is None:
            continue
        task.project = project
        merged.append(_merge(row, task, sheet_values(task, project=project), decisions))
    merged.sort(key=lambda item: (item.task.sort_path, item.task.pk))
    return merged, tuple(row for row in rows if row.uid not in found)


def _merge(row: SheetRow, task: Task, now: Values, decisions: Decisions) -> MergedRow:
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
    return MergedRow(row, task, now, merge_row(row, now, kept=made).said, conflicts)


def state_of(values: Values, group: str) -> str:
    """Return the values of a group as one text, to tell whether they changed since somebody looked."""
    return "|".join(str(values[name]) for name in GROUPS[group])
