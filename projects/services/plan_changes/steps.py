"""The verbs of steps: do one, try one, undo one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError, NotAllowed
from pmo_portal.common.garbage import collection_paused
from projects.access import PlanRights
from projects.engine.working_time import WorkingTime
from projects.models import PlanChange, Project
from projects.selectors.plan_grid import plan_revision
from projects.selectors.plan_snapshot import PlanSnapshot, read_hanging, read_snapshot
from projects.services.changes import lock_links, lock_open_project, touch_project
from projects.services.plan_changes import journal, linking, outlining, trail, values, writing
from projects.services.plan_changes.acts import (
    NAMES,
    OWN,
    Act,
    AddLink,
    AddRow,
    Clash,
    CopyRows,
    DeleteRows,
    EditLink,
    Fault,
    FieldsClash,
    IndentRows,
    MoveRows,
    OutdentRows,
    PlanFaults,
    RemoveLink,
    RowsGone,
    SetFields,
)
from projects.services.plan_changes.board import Board
from projects.services.plan_changes.fields import field_of
from projects.services.plan_changes.history import tell_who
from projects.services.plan_changes.recording import next_number
from projects.services.schedules import settle_plan
from projects.services.tasks import next_uid

LINKING = (AddLink, EditLink, RemoveLink, CopyRows, DeleteRows)
# Fields nothing else follows from: no date, no sum, no row of another table.
QUIET = frozenset({"name", "notes", "owner", "key", "cost"})


@dataclass(frozen=True)
class Step:
    """
    A step that was done or tried: the plan before and after.

    ``change`` is its number, None for a trial and where nothing changed. ``keys`` are the numbers of new rows
    by the keys the page gave them. A step that had been done before has neither plan, only ``former``.
    """

    project: Project
    base: str
    revision: str
    change: int | None = None
    keys: Mapping[str, int] | None = None
    before: PlanSnapshot | None = None
    after: PlanSnapshot | None = None
    hours: WorkingTime | None = None
    former: PlanChange | None = None


class _Undo(Exception):
    """Ends a trial: what it did is rolled back."""


def try_step(*, actor: User | None, project: Project, rights: PlanRights, changes: Sequence[Act]) -> Step:
    """Return what a step would do; nothing of it is kept."""
    found: list[Step] = []
    try:
        with transaction.atomic():
            found.append(do_step(actor=actor, project=project, rights=rights, key="", changes=changes))
            raise _Undo
    except _Undo:
        return replace(found[0], change=None)


@collection_paused()
@transaction.atomic
def do_step(
    *, actor: User | None, project: Project, rights: PlanRights, key: str, changes: Sequence[Act]
) -> Step:
    """
    Do many changes in one go: one lock, one dating, one entry in the journal; all or nothing.

    Parameters
    ----------
    key : str
        Given by the page; a step with a key that was taken before is not done again.

    Raises
    ------
    RowsGone
        ``GONE``: somebody deleted a row of the step.
    FieldsClash
        ``MERGE``: somebody changed the same field since the person saw it.
    PlanFaults
        What cannot be, change by change.
    NotAllowed
        If the person may not do one of the changes.
    Conflict
        ``PROJECT_CLOSED``.
    """
    if any(isinstance(act, LINKING) or _names_links(act) for act in changes):
        lock_links()
    locked = lock_open_project(project)
    former = taken(project=locked, actor=actor, key=key)
    if former is not None:
        return repeated(locked, former)
    _require_rights(changes, rights)
    before = read_snapshot(locked)
    board = Board(locked, before, last_uid=next_uid(locked) - 1)
    _require_present(board, changes)
    board.load(_spoken_of(board, changes))
    _require_same(board, changes)
    hanging = _hanging_keys(board, changes)
    _do_all(board, changes, rights)
    hanging |= _placed_keys(board)
    before = replace(before, hanging=read_hanging(hanging))

    def write() -> list[audit.Change]:
        writing.write_board(board)
        return writing.record_said(board=board, said=board.said, actor=actor)

    lines = _refusing(board, write)
    if not _is_quiet(changes):
        _refusing(board, lambda: settle_plan(locked, hours=board.around.project_hours()))
    made = Made(
        key=key,
        counts=_counts(changes),
        keys=board.keys,
        moved=board.moved & board.rows.keys(),
        reported=board.said.keys(),
        lines=lines,
        hanging=hanging | _placed_keys(board),
        last_uid=board.last_uid,
    )
    return finish_step(
        actor=actor, project=locked, before=before, made=made, hours=board.around.project_hours()
    )


@dataclass(frozen=True)
class Made:
    """What a step did, to be written down."""

    key: str
    counts: Mapping[str, int]
    keys: Mapping[str, int]
    moved: Collection[int]
    reported: Collection[int]
    lines: Sequence[audit.Change]
    hanging: Collection[int]
    last_uid: int
    undoes: PlanChange | None = None
    is_kept_anyway: bool = False


def finish_step(
    *,
    actor: User | None,
    project: Project,
    before: PlanSnapshot,
    made: Made,
    hours: WorkingTime | None,
) -> Step:
    """Compare, write journal and trail, and return the step; nothing is written where nothing changed."""
    base = plan_revision(project)
    after = read_snapshot(project)
    after = replace(after, hanging=read_hanging(made.hanging, known=before.hanging))
    found = journal.touched(project, before, after, moved=made.moved)
    step = Step(project, base, base, None, made.keys, before, after, hours)
    if journal.is_nothing(found) and not made.is_kept_anyway:
        return step
    number = next_number(project)
    PlanChange.objects.create(
        project=project,
        number=number,
        key=made.key or f"-{number}",
        actor=actor,
        counts=dict(made.counts),
        effect={
            "keys": dict(made.keys),
            "undoes": made.undoes.number if made.undoes else None,
            "depth": made.undoes.effect.get("depth", 0) + 1 if made.undoes else 0,
        },
        touched=found,
        last_uid=made.last_uid,
        undoes=made.undoes,
    )
    lines = trail.lines_of(project, found, before=before, after=after, reported=made.reported)
    audit.record_many(actor=actor, changes=[*made.lines, *lines])
    touch_project(project)
    project.refresh_from_db(fields=["updated_at", "version"])
    return replace(step, change=number, revision=plan_revision(project))


def taken(*, project: Project, actor: User | None, key: str) -> PlanChange | None:
    """Return the step with this key, if the person did it before. One query."""
    return PlanChange.objects.filter(project=project, actor=actor, key=key).first() if key else None


def repeated(project: Project, former: PlanChange) -> Step:
    """Return a step that had been done before."""
    revision = plan_revision(project)
    keys = former.effect.get("keys", {})
    return Step(project, "", revision, former.number, keys, former=former)


def _is_quiet(changes: Sequence[Act]) -> bool:
    """Whether a step only changes fields nothing else follows from, so that no date is computed again."""
    return all(
        isinstance(act, SetFields) and all(name in QUIET or name.startswith(OWN) for name in act.fields)
        for act in changes
    )


def _names_links(act: Act) -> bool:
    return isinstance(act, (SetFields, AddRow)) and "preds" in act.fields


def _require_rights(changes: Sequence[Act], rights: PlanRights) -> None:
    """Refuse acts the person may not do at all; fields are looked at row by row."""
    for act in changes:
        if isinstance(act, (DeleteRows, RemoveLink)):
            allowed = rights.deletes
        elif isinstance(act, SetFields):
            allowed = rights.edits or rights.records or rights.records_own
        else:
            allowed = rights.edits
        if not allowed:
            raise NotAllowed(_("You may see this plan, but not change it in this way."))


def _references(act: Act) -> list[Any]:
    """Return the rows a change speaks of."""
    if isinstance(act, SetFields):
        return [act.uid]
    if isinstance(act, AddRow):
        return [act.after, act.before, act.parent]
    if isinstance(act, AddLink):
        return [act.start, act.end]
    if isinstance(act, (EditLink, RemoveLink)):
        return []
    places = [act.parent, act.after] if isinstance(act, (MoveRows, CopyRows)) else []
    return [*act.uids, *places]


def _require_present(board: Board, changes: Sequence[Act]) -> None:
    """Refuse a step that speaks of rows that had numbers once and are gone."""
    named = {ref for act in changes for ref in _references(act) if isinstance(ref, int)}
    gone = sorted(uid for uid in named - board.rows.keys() if 0 < uid <= board.last_uid)
    if gone:
        raise RowsGone(gone)


def _spoken_of(board: Board, changes: Sequence[Act]) -> set[int]:
    """Return the rows whose values the step reads or writes."""
    found = {act.uid for act in changes if isinstance(act, SetFields) and isinstance(act.uid, int)}
    for act in changes:
        if isinstance(act, CopyRows):
            for ref in act.uids:
                if isinstance(ref, int) and ref in board.rows:
                    found |= set(board.branch(ref))
    return found & board.rows.keys()


def _hanging_keys(board: Board, changes: Sequence[Act]) -> set[int]:
    """Return the keys of rows whose assignments, progress and money the step may touch."""
    if _is_quiet(changes):
        return set()
    uids = {act.uid for act in changes if isinstance(act, SetFields) and isinstance(act.uid, int)}
    for act in changes:
        if isinstance(act, DeleteRows):
            for ref in act.uids:
                if isinstance(ref, int) and ref in board.rows:
                    uids |= set(board.branch(ref))
    return {pk for uid in uids & board.rows.keys() if (pk := board.rows[uid].pk) is not None}


def _placed_keys(board: Board) -> set[int]:
    """Return the keys of rows that were placed; new ones have none before they are written."""
    return {row.pk for uid in board.moved if (row := board.rows.get(uid)) and row.pk}


def _require_same(board: Board, changes: Sequence[Act]) -> None:
    """Refuse a step that would overwrite what somebody else changed since the person saw it."""
    clashes: list[Clash] = []
    for index, act in enumerate(changes):
        board.index = index
        if isinstance(act, SetFields) and isinstance(act.uid, int) and act.uid in board.tasks:
            clashes += values.clashes_of(board, act)
        elif isinstance(act, EditLink) and act.was and any(tie.pk == act.pk for tie in board.ties):
            clashes += values.clash_of_link(board, act)
    if clashes:
        raise FieldsClash(tell_who(board, clashes))


def _do_all(board: Board, changes: Sequence[Act], rights: PlanRights) -> None:
    """Do the changes one after another; collect what cannot be."""
    faults: list[Fault] = []

    def attempt(do: Callable[[], None]) -> None:
        try:
            do()
        except NotAllowed:
            raise
        except (DomainError, ValidationError) as fault:
            faults.extend(_faults_of(board, fault))

    def link_new_rows() -> None:
        for uid in tuple(board.waiting_links):
            attempt(partial(values.link_new_row, board, uid, rights))

    for index, act in enumerate(changes):
        if not isinstance(act, AddRow):
            link_new_rows()
        board.index, board.uid_at_hand = index, None
        attempt(partial(_do, board, act, rights))
    link_new_rows()
    if faults:
        raise PlanFaults(faults)


def _do(board: Board, act: Act, rights: PlanRights) -> None:
    if isinstance(act, SetFields):
        values.set_fields(board, act, rights)
    elif isinstance(act, AddRow):
        values.add_row(board, act, rights)
    else:
        _ACTS[type(act)](board, act)


_ACTS: Mapping[type[Any], Callable[[Board, Any], None]] = {
    DeleteRows: outlining.delete,
    IndentRows: outlining.indent,
    OutdentRows: outlining.outdent,
    MoveRows: outlining.move,
    CopyRows: outlining.copy,
    AddLink: linking.add_link,
    EditLink: linking.edit_link,
    RemoveLink: linking.remove_link,
}


def _refusing(board: Board, act: Callable[[], Any]) -> Any:
    """Run what may refuse the step as a whole; say which change it is about."""
    try:
        return act()
    except (NotAllowed, PlanFaults):
        raise
    except (DomainError, ValidationError) as fault:
        raise PlanFaults(_faults_of(board, fault)) from fault


def _faults_of(board: Board, fault: DomainError | ValidationError) -> list[Fault]:
    uid = board.uid_at_hand
    if isinstance(fault, DomainError):
        return [Fault(board.index, str(fault), fault.code, uid, field_of(fault.field))]
    if hasattr(fault, "error_dict"):
        return [
            Fault(board.index, message, "INVALID", uid, field_of(name))
            for name, messages in fault.message_dict.items()
            for message in messages
        ]
    return [Fault(board.index, message, "INVALID", uid) for message in fault.messages]


def _counts(changes: Sequence[Act]) -> dict[str, int]:
    """Return how often each act is done, by its name; rows count."""
    found: dict[str, int] = {}
    for act in changes:
        name = NAMES[type(act)]
        found[name] = found.get(name, 0) + (len(act.uids) if hasattr(act, "uids") else 1)
    return found
