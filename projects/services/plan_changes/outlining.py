"""Places of rows: indent, outdent, move, copy, delete."""

from collections.abc import Sequence
from itertools import takewhile

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError
from projects.models import Task
from projects.services.plan_changes.acts import (
    CopyRows,
    DeleteRows,
    IndentRows,
    MoveRows,
    OutdentRows,
    Ref,
)
from projects.services.plan_changes.board import Board, Tie

COPIED = (
    *("name", "notes", "kind", "is_active", "is_manual", "duration", "duration_kind", "task_type"),
    *("is_effort_driven", "calendar", "constraint_type", "constraint_date", "deadline", "priority"),
    *("is_key_milestone", "owner", "ev_technique", "ev_details", "fixed_cost", "extra", "work_hours"),
    *("planned_start", "planned_finish", "second_constraint_type", "second_constraint_date"),
    *("ignores_resource_calendars", "leveling_delay", "interruptions"),
)


def indent(board: Board, act: IndentRows) -> None:
    """Make rows part of the row above them that is not moved itself."""
    heads = board.heads([board.uid(ref) for ref in act.uids])
    chosen = set(heads)
    for uid in heads:
        brothers = board.children[board.rows[uid].parent]
        above = next(
            (other for other in reversed(brothers[: brothers.index(uid)]) if other not in chosen), None
        )
        if above is None:
            raise DomainError(
                _("There is no row above it on the same level."), code="NO_ROW_ABOVE", field="uid"
            )
        board.place(uid, above, len(board.children[above]))


def outdent(board: Board, act: OutdentRows) -> None:
    """
    Put rows one level out, in their order.

    Rows keep their place: those of their level that follow become part of them, as in Microsoft Project.
    What cannot be a summary goes behind the row it was part of instead, and those that follow stay.
    """
    heads = board.heads([board.uid(ref) for ref in act.uids])
    able = board.able_to_hold(heads)
    last: dict[int, int] = {}
    for uid in heads:
        parent = board.rows[uid].parent
        if parent is None:
            raise DomainError(_("The row is on the highest level already."), code="TOP_LEVEL", field="uid")
        outer, brothers = board.rows[parent].parent, board.children[parent]
        following = takewhile(lambda other: other not in heads, brothers[brothers.index(uid) + 1 :])
        for other in list(following) if uid in able else ():
            board.place(other, uid, len(board.children[uid]))
        board.place(uid, outer, board.children[outer].index(last.get(parent, parent)) + 1)
        last[parent] = uid


def move(board: Board, act: MoveRows) -> None:
    """Hang branches elsewhere, in their order."""
    heads = board.heads([board.uid(ref) for ref in act.uids])
    parent, after = target(board, act.parent, act.after, but=heads)
    line = set() if parent is None else {parent, *board.above(parent)}
    if line & set(heads):
        raise DomainError(_("A task cannot be part of itself."), code="CYCLE", field="parent")
    for uid in heads:
        board.children[board.rows[uid].parent].remove(uid)
    at = 0 if after is None else board.children[parent].index(after) + 1
    for offset, uid in enumerate(heads):
        board.place(uid, parent, at + offset)


def target(
    board: Board, parent: Ref | None, after: Ref | None, *, but: Sequence[int] = ()
) -> tuple[int | None, int | None]:
    """Return below which row and behind which of its rows something goes; rows of ``but`` do not count."""
    above = board.uid_or_none(parent)
    behind = board.uid_or_none(after)
    if behind is not None and parent is None:
        above = board.rows[behind].parent
    if behind is not None and board.rows[behind].parent != above:
        raise DomainError(
            _("The row to go behind is not part of the row to go below."), code="NOT_THERE", field="after"
        )
    while behind is not None and behind in but:
        brothers = board.children[above]
        place = brothers.index(behind)
        behind = brothers[place - 1] if place else None
    return above, behind


def copy(board: Board, act: CopyRows) -> None:
    """Copy branches with their planned values and the links among them; nothing of their progress."""
    heads = board.heads([board.uid(ref) for ref in act.uids])
    parent, after = target(board, act.parent, act.after)
    at = 0 if after is None else board.children[parent].index(after) + 1
    made: dict[int, int] = {}
    for offset, head in enumerate(heads):
        for uid in board.branch(head):
            if uid in made.values():
                continue
            made[uid] = _copied(board, uid)
        _hang_copies(board, head, made, parent, at + offset)
    for tie in list(board.ties):
        if tie.start in made and tie.end in made:
            again = Tie(None, made[tie.start], made[tie.end], tie.type, tie.lag, tie.percent, tie.is_elapsed)
            again.lag_calendar, again.index = tie.lag_calendar, board.index
            board.ties.append(again)


def _copied(board: Board, uid: int) -> int:
    source = board.tasks[uid]
    task = Task(project=board.project, uid=board.next_uid())
    for name in COPIED:
        setattr(task, name, getattr(source, name))
    task.remaining_work_hours = task.work_hours
    board.add_row(task)
    board.copied.append((uid, task.uid))
    return task.uid


def _hang_copies(board: Board, head: int, made: dict[int, int], parent: int | None, at: int) -> None:
    waiting: list[tuple[int, int | None, int]] = [(head, parent, at)]
    while waiting:
        uid, above, place = waiting.pop(0)
        board.place(made[uid], above, place)
        below = [each for each in board.children.get(uid, []) if each in made]
        waiting += [(each, made[uid], number) for number, each in enumerate(below)]


def delete(board: Board, act: DeleteRows) -> None:
    """Take branches out of the plan."""
    for uid in board.heads([board.uid(ref) for ref in act.uids]):
        board.drop(uid)
