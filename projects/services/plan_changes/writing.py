"""What stands on the board, written to the database: a fixed number of statements, then one dating."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import models

from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from pmo_portal.common.upserts import update_rows
from projects.choices import TaskKind, TimeKind
from projects.models import Assignment, Link, Task
from projects.selectors.plan_snapshot import cell, hanging_tables
from projects.services.changes import save_versions
from projects.services.former_values import TASK_FACTS, entry_day, remember_tasks
from projects.services.links import require_no_rings
from projects.services.outline import rebuild_outline
from projects.services.plan_changes.acts import Fault, PlanFaults
from projects.services.plan_changes.board import Board, Said, Tie, stored_key
from projects.services.plan_changes.fields import field_of, progress_of
from projects.services.plan_changes.linking import require_ends
from projects.services.progress import write_drafts
from projects.services.progress_answers import missing_days
from projects.services.progress_rules import ProgressDraft, checked_state
from projects.services.task_edits import EDITABLE, require_unbound
from projects.services.techniques import TECHNIQUE, freeze_values

BATCH: Final = 500
MOST_FAULTS: Final = 50
WRITTEN: Final = tuple(
    sorted(
        {"calendar": "calendar_id", "owner": "owner_id"}.get(name, name)
        for name in EDITABLE | {"ev_details", "remaining_work_hours"}
    )
)
OF_ASSIGNMENT: Final = ("units_percent", "work_hours", "remaining_work_hours", "cost")


def write_board(board: Board) -> None:
    """Store rows, places and links; dates are computed afterwards."""
    _require_adoptable(board)
    _remember(board)
    delete_links([tie.pk for tie in board.removed_ties if tie.pk is not None])
    delete_tasks([row.pk for row in board.deleted.values() if row.pk is not None])
    _insert_tasks(board)
    _update_tasks(board)
    write_places(board)
    _write_links(board)
    update_rows(
        Assignment,
        [
            {"pk": row.pk, **{name: getattr(row, name) for name in OF_ASSIGNMENT}}
            for row in board.around.followed
        ],
    )
    _copy_assignments(board)


def _require_adoptable(board: Board) -> None:
    """Refuse new summaries that are linked or worked on (SCH-9, SCH-35). One query, none without them."""
    new = {
        uid: index
        for uid, index in board.adopters.items()
        if uid in board.rows and board.children.get(uid) and not _had_children(board, uid)
    }
    if not new:
        return
    linked = {end for tie in board.ties for end in (tie.start, tie.end)}
    keys = [board.rows[uid].pk for uid in new]
    staffed = set(
        Assignment.objects.filter(task_id__in=[pk for pk in keys if pk]).values_list("task_id", flat=True)
    )
    for uid, index in new.items():
        row = board.rows[uid]
        board.index = index
        require_unbound(Task(name=row.name), is_linked=uid in linked, is_assigned=row.pk in staffed)


def _had_children(board: Board, uid: int) -> bool:
    return board.rows[uid].kind == TaskKind.SUMMARY


def _remember(board: Board) -> None:
    """Keep what was true before: rows for past days, techniques in baselines."""
    deleted = [row.pk for row in board.deleted.values() if row.pk is not None]
    stored = {uid: board.rows[uid].pk for uid in board.edited}
    changed = [pk for uid, pk in stored.items() if pk and TASK_FACTS & board.edited[uid]]
    remember_tasks(board.project, [*deleted, *changed])
    if deleted:
        freeze_values(board.project, deleted, is_deleted=True)
    other = [pk for uid, pk in stored.items() if pk and TECHNIQUE & board.edited[uid]]
    if other:
        freeze_values(board.project, other)


def delete_links(keys: Sequence[int]) -> None:
    """Delete links."""
    if keys:
        Task.objects.filter(start_link_id__in=keys).update(start_link=None)
        rows = Link.objects.filter(pk__in=keys)
        rows._raw_delete(rows.db)


def delete_tasks(keys: Sequence[int]) -> None:
    """Delete rows with what goes along; their links are gone already. A fixed number of statements."""
    if not keys:
        return
    for table in hanging_tables():
        rows = table.model._default_manager.filter(**{f"{table.key}__in": keys})
        if table.goes_along:
            rows._raw_delete(rows.db)
        else:
            rows.update(**{table.key: None})
    tasks = Task.objects.filter(pk__in=keys)
    tasks.update(parent=None)
    tasks._raw_delete(tasks.db)


def _insert_tasks(board: Board) -> None:
    new = [task for task in board.tasks.values() if stored_key(task) is None]
    if not new:
        return
    entered_on = entry_day(board.project)
    for task in new:
        task.entered_on = entered_on
        task.position = board.children[board.rows[task.uid].parent].index(task.uid)
    Task.objects.bulk_create(new, batch_size=BATCH)
    for task in new:
        board.rows[task.uid].pk = task.pk


def _update_tasks(board: Board) -> None:
    changed = [board.tasks[uid] for uid, names in board.edited.items() if names and uid in board.tasks]
    stored = [task for task in changed if board.rows[task.uid].pk is not None]
    update_rows(Task, [{"pk": task.pk, **{name: getattr(task, name) for name in WRITTEN}} for task in stored])
    save_versions(Task, [task.pk for task in stored])


def write_places(board: Board) -> None:
    """Store where rows hang, and number the outline anew, when any hangs elsewhere."""
    keys = {uid: row.pk for uid, row in board.rows.items()}
    wanted = []
    for parent, uids in board.children.items():
        above = None if parent is None else keys[parent]
        for place, uid in enumerate(uids):
            former = board.before.tasks.get(keys[uid] or 0)
            is_there = former is not None and (cell(former, "parent_id"), cell(former, "position")) == (
                above,
                place,
            )
            if not is_there:
                wanted.append({"pk": keys[uid], "parent_id": above, "position": place})
    update_rows(Task, wanted)
    if wanted or board.deleted:
        board.index = board.shape_index
        rebuild_outline(board.project)
    moved = [keys[uid] for uid in board.moved if uid in keys and keys[uid] in board.before.tasks]
    save_versions(Task, [pk for pk in moved if pk is not None])


def _write_links(board: Board) -> None:
    new = [tie for tie in board.ties if tie.pk is None]
    for tie in (*new, *board.changed_ties):
        board.index = tie.index
        require_ends(board, tie)
    rows = [Link(project=board.project, **link_columns(board, tie)) for tie in new]
    Link.objects.bulk_create(rows, batch_size=BATCH)
    update_rows(Link, [{"pk": tie.pk, **link_columns(board, tie)} for tie in board.changed_ties])
    save_link_versions([tie.pk for tie in board.changed_ties if tie.pk is not None])
    if new or board.changed_ties:
        require_no_rings(board.project)


def save_link_versions(keys: Sequence[int]) -> None:
    """Count up the versions of links."""
    if keys:
        Link.objects.filter(pk__in=keys).update(version=models.F("version") + 1)


def link_columns(board: Board, tie: Tie) -> dict[str, Any]:
    """Return the columns of a link."""
    return {
        "predecessor_id": board.rows[tie.start].pk,
        "successor_id": board.rows[tie.end].pk,
        "type": tie.type,
        "lag": tie.lag,
        "lag_percent": tie.percent,
        "lag_kind": TimeKind.ELAPSED if tie.is_elapsed else TimeKind.WORK,
        "lag_calendar": tie.lag_calendar,
    }


def _copy_assignments(board: Board) -> None:
    """Let the people of copied rows work on the copies, with nothing done yet. Two queries."""
    if not board.copied:
        return
    targets: dict[int, list[int]] = {}
    for source, made in board.copied:
        # A later act of the same step may have deleted either of them.
        pair = [board.rows[row].pk for row in (source, made) if row in board.rows]
        if len(pair) == 2 and pair[0] is not None and pair[1] is not None:
            targets.setdefault(pair[0], []).append(pair[1])
    found = Assignment.objects.filter(task_id__in=targets).order_by("pk")
    Assignment.objects.bulk_create(
        [
            Assignment(
                task_id=task_id,
                resource_id=row.resource_id,
                units_percent=row.units_percent,
                work_hours=row.work_hours,
                remaining_work_hours=row.work_hours,
                delay=row.delay,
                cost=row.cost,
            )
            for row in found
            for task_id in targets[row.task_id]
        ],
        batch_size=BATCH,
    )


def record_said(*, board: Board, said: Mapping[int, Said], actor: Any) -> list[audit.Change]:
    """
    Record the progress a step says, at the data date; return what the trail says of it.

    Raises
    ------
    PlanFaults
        What cannot be recorded, the first 50 rows, with the actual days that are missing as a proposal.
    """
    if not said:
        return []
    project, hours = board.project, board.around.known_hours
    drafts, faults = [], []
    for uid, each in said.items():
        board.index, board.uid_at_hand = each.index, uid
        task = board.tasks[uid]
        drafts.append(ProgressDraft(task=task, **progress_of(board.around, task, each.fields)))
        try:
            checked_state(
                drafts[-1], project=project, data_date=project.data_date, hours=board.around.hours(task)
            )
        except DomainError as fault:
            days = missing_days(drafts[-1], project=project, refusal=fault.code)
            proposed = {name: day.isoformat() for name, day in days.items()}
            field = field_of(fault.field)
            faults.append(Fault(each.index, str(fault), fault.code, uid, field, proposed))
            if len(faults) == MOST_FAULTS:
                break
    if faults:
        raise PlanFaults(faults)
    _entries, changes = write_drafts(
        actor=actor, project=project, data_date=project.data_date, drafts=drafts, hours=hours
    )
    return changes
