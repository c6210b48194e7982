"""The outline of a plan: numbers, order and levels derived from the parent links."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError
from projects.choices import TaskKind
from projects.models import Project, Task
from projects.services.former_values import remember_tasks

MAX_DEPTH = 10
DIGITS = 5
WRITE = (
    "UPDATE projects_task SET position = %s, wbs = %s, sort_path = %s, outline_level = %s, kind = %s "
    "WHERE id = %s"
)


@dataclass(frozen=True, slots=True)
class _Row:
    """A task as the outline knows it."""

    pk: int
    parent: int | None
    position: int
    wbs: str
    sort_path: str
    level: int
    kind: str

    def derived(self) -> tuple[int, str, str, int, str]:
        """Return the columns the outline owns."""
        return (self.position, self.wbs, self.sort_path, self.level, self.kind)


def rebuild_outline(project: Project) -> int:
    """
    Write position, WBS number, order and level of all rows anew; return how many changed.

    A row with children becomes a summary, a summary without children a task. One read and one write of
    the changed rows, whatever the size.

    Raises
    ------
    DomainError
        ``TOO_DEEP`` below ten levels; ``CYCLE`` if some rows hang in a ring (ORG-1).
    """
    rows = [
        _Row(*values)
        for values in Task.objects.filter(project=project)
        .order_by("position", "pk")
        .values_list("pk", "parent_id", "position", "wbs", "sort_path", "outline_level", "kind")
    ]
    children: dict[int | None, list[_Row]] = defaultdict(list)
    for row in rows:
        children[row.parent].append(row)
    placed = _place(children)
    if len(placed) != len(rows):
        raise DomainError(_("A task cannot be part of itself."), code="CYCLE", field="parent")
    pairs = [(row, placed[row.pk]) for row in rows if row.derived() != placed[row.pk].derived()]
    remember_tasks(project, [new.pk for old, new in pairs if (old.wbs, old.kind) != (new.wbs, new.kind)])
    changed = [(*new.derived(), new.pk) for _old, new in pairs]
    if changed:
        with connection.cursor() as cursor:
            cursor.executemany(WRITE, changed)
    return len(changed)


def number_rows(tasks: Sequence[Task]) -> None:
    """Give unsaved rows of one level, the only ones of a plan, places as `rebuild_outline` does."""
    rows = [_Row(number, None, number, "", "", 1, task.kind) for number, task in enumerate(tasks)]
    placed = _place({None: rows})
    for number, task in enumerate(tasks):
        task.position, task.wbs, task.sort_path, task.outline_level, task.kind = placed[number].derived()


def _place(children: dict[int | None, list[_Row]]) -> dict[int, _Row]:
    """Return every row that can be reached from the top, with its derived columns."""
    placed: dict[int, _Row] = {}
    waiting: list[tuple[int | None, str, str, int]] = [(None, "", "", 1)]
    while waiting:
        parent, wbs, path, level = waiting.pop()
        if level > MAX_DEPTH + 1 or (level > MAX_DEPTH and children.get(parent)):
            raise DomainError(
                _("A plan can be at most %(count)s levels deep.") % {"count": MAX_DEPTH},
                code="TOO_DEEP",
                field="parent",
            )
        for number, row in enumerate(children.get(parent, ())):
            new = _Row(
                pk=row.pk,
                parent=parent,
                position=number,
                wbs=f"{wbs}.{number + 1}" if wbs else str(number + 1),
                sort_path=f"{path}{number:0{DIGITS}d}",
                level=level,
                kind=_kind(row, has_children=row.pk in children),
            )
            placed[row.pk] = new
            if row.pk in children:
                waiting.append((row.pk, new.wbs, new.sort_path, level + 1))
    return placed


def _kind(row: _Row, *, has_children: bool) -> str:
    if has_children:
        return TaskKind.SUMMARY
    return TaskKind.TASK if row.kind == TaskKind.SUMMARY else row.kind
