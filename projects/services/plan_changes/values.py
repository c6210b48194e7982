"""Values of rows of a step: set, added, and merged with what others changed meanwhile."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from pmo_portal.common.errors import DomainError, NotAllowed
from projects.access import PlanRights
from projects.choices import TaskKind
from projects.interchange.link_words import write_links
from projects.models import Task
from projects.selectors.plan_grid import units_of
from projects.services.changes import clean_columns
from projects.services.plan_changes.acts import PROGRESS, AddRow, Clash, EditLink, SetFields
from projects.services.plan_changes.board import Board, Said, Tie
from projects.services.plan_changes.fields import (
    edited_columns,
    is_same,
    plain_value,
    shown_value,
)
from projects.services.plan_changes.linking import (
    find_tie,
    is_same_set,
    predecessor_words,
    set_predecessors,
    words_of,
)
from projects.services.plan_changes.outlining import target
from projects.services.plan_changes.rests import shown_rests
from projects.services.task_edits import apply_edit
from projects.services.tasks import REFERENCES, draft_task

UNCLEANED = ("project", "parent", "calendar", "owner")


def set_fields(board: Board, act: SetFields, rights: PlanRights) -> None:
    """Write values into a row; what is said of its progress is recorded at the end."""
    uid = board.uid_at_hand = board.uid(act.uid)
    task = board.tasks[uid]
    _require_rights(task, act.fields, rights)
    columns = edited_columns(board.around, task, act.fields)
    if columns:
        _before, after = apply_edit(board.around, task, columns)
        clean_columns(task, [name for name in after if name not in UNCLEANED])
        board.edited[uid] |= after.keys()
        board.rows[uid].name, board.rows[uid].kind = task.name, task.kind
    if "preds" in act.fields:
        set_predecessors(board, uid, act.fields["preds"], rights)
    _note_progress(board, uid, act.fields)


def link_new_row(board: Board, uid: int, rights: PlanRights) -> None:
    """Give a new row its predecessors, once the rows added along with it are there."""
    board.uid_at_hand = uid
    board.index, words = board.waiting_links.pop(uid)
    known = [
        each if each.is_code else replace(each, row=str(board.numbers.get(int(each.row), each.row)))
        for each in words
    ]
    set_predecessors(board, uid, known, rights)


def _note_progress(board: Board, uid: int, fields: Mapping[str, Any]) -> None:
    given = {name: value for name, value in fields.items() if name in PROGRESS}
    if given:
        former = board.said.pop(uid, None)
        board.said[uid] = Said(board.index, {**(former.fields if former else {}), **given})


def _require_rights(task: Task, fields: Mapping[str, Any], rights: PlanRights) -> None:
    """Refuse fields the person may not write: members report the progress of their own rows, no more."""
    is_own = task.owner_id is not None and task.owner_id == rights.person_id
    for name in fields:
        if name in PROGRESS:
            may = rights.records or (rights.records_own and is_own)
        else:
            may = rights.edits and (name != "cost" or rights.prices)
        if not may:
            raise NotAllowed(_("You may see this row, but not change this value."), field=name)


def add_row(board: Board, act: AddRow, rights: PlanRights) -> None:
    """Make a new row at its place."""
    if act.key in board.keys:
        raise DomainError(_("Two new rows have the same key."), code="DUPLICATE_KEY", field="key")
    parent, at = _place(board, act)
    name = act.fields.get("name") or _("New task")
    uid = board.next_uid()
    blank = Task(project=board.project, uid=uid, name=name)
    _require_rights(blank, act.fields, rights)
    facts = edited_columns(board.around, blank, {**act.fields, "name": name})
    facts.pop("name")
    task = draft_task(
        board.project, uid=uid, name=name, parent=None, facts=facts, hours=board.around.known_hours
    )
    if task.kind == TaskKind.SUMMARY:
        task.kind = TaskKind.TASK
    task.full_clean(exclude=REFERENCES, validate_unique=False, validate_constraints=False)
    board.add_row(task)
    board.place(uid, parent, at)
    board.keys[act.key] = uid
    if act.number is not None:
        board.numbers.setdefault(act.number, uid)
    if "preds" in act.fields:
        board.waiting_links[uid] = (board.index, act.fields["preds"])
    _note_progress(board, uid, act.fields)


def _place(board: Board, act: AddRow) -> tuple[int | None, int]:
    if act.before is not None:
        before = board.uid(act.before)
        parent = board.rows[before].parent
        return parent, board.children[parent].index(before)
    above, behind = target(board, act.parent, act.after)
    if behind is None:
        return above, len(board.children[above])
    return above, board.children[above].index(behind) + 1


def clashes_of(board: Board, act: SetFields) -> list[Clash]:
    """Return the fields of a change that are not what the person saw, nor what they want now."""
    uid = board.uid(act.uid)
    task = board.tasks[uid]
    found = []
    for field in act.fields.keys() & act.was.keys():
        if field == "preds":
            found += _clash_of_links(board, uid, act)
            continue
        if field == "interruptions":
            present: Any = shown_rests(task, board.around.hours(task))
        else:
            present = shown_value(task, field)
        said = [getattr(value, "pk", value) for value in (act.was[field], act.fields[field])]
        now = getattr(present, "pk", present)
        if not any(is_same(field, value, now, kind=task.kind) for value in said):
            was, mine = (plain_value(value) for value in said)
            found.append(Clash(board.index, uid, field, was, mine, plain_value(now), "", None))
    return found


def _clash_of_links(board: Board, uid: int, act: SetFields) -> list[Clash]:
    was, mine = act.was["preds"], act.fields["preds"]
    if is_same_set(board, uid, was) or is_same_set(board, uid, mine):
        return []
    units = units_of(board.project)
    words = [write_links(list(each), units) for each in (was, mine, predecessor_words(board, uid))]
    return [Clash(board.index, uid, "preds", words[0], words[1], words[2], "", None)]


def clash_of_link(board: Board, act: EditLink) -> list[Clash]:
    """Return type and lag of a link where they are not what the person saw, nor what they want now."""
    tie = find_tie(board, act.pk)
    units = units_of(board.project)
    found = []
    if act.type is not None and act.was.get("type", tie.type) not in {tie.type} and act.type != tie.type:
        found.append(Clash(board.index, tie.end, "type", act.was["type"], act.type, tie.type, "", None))
    if act.lag is not None and "lag" in act.was:
        was, mine, now = (_waiting(tie, lag) for lag in (act.was["lag"], act.lag, None))
        if now not in (was, mine):
            texts = [write_links([words_of(each)], units) for each in (was, mine, now)]
            found.append(Clash(board.index, tie.end, "lag", texts[0], texts[1], texts[2], "", None))
    return found


def _waiting(tie: Tie, lag: Any) -> Tie:
    """Return the link with another lag, to compare."""
    other = Tie(tie.pk, tie.start, tie.end, tie.type, tie.lag, tie.percent, tie.is_elapsed)
    if lag is not None:
        other.wait(lag)
    return other
