"""What the board does: a moved card is progress, another owner or another phase; limits of columns."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import Person, User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError
from projects import actions
from projects.choices import MILESTONES, BoardAxis, BoardState
from projects.models import Project, Task
from projects.selectors.board_states import board_state
from projects.selectors.boards import NOBODY, PHASE_DIGITS, board_columns, phases_of, predecessors_of
from projects.selectors.members import people_of
from projects.selectors.plan_dates import shown_start
from projects.services.changes import lock_open_project, require_version, save_version
from projects.services.progress import record_progress
from projects.services.progress_answers import done_at_data_date, started_at_data_date
from projects.services.progress_rules import ProgressDraft
from projects.services.tasks import create_task, edit_task, move_task

MOST = 999
LONGEST = 10


@transaction.atomic
def move_card(*, actor: User | None, task: Task, to: Mapping[str, str], expected_version: int | None) -> Task:
    """
    Do what moving a card means, through the services of progress and of the plan.

    To *In progress*: the task starts on the last working day up to the data date, and what is left of it
    stays. To *Done*: it is finished at the end of that day; a task nobody started begins on its planned
    start, if that lies before. To *Not started*: a start of that very day is taken back.

    Parameters
    ----------
    to : mapping
        The key of the column by axis, see `BoardAxis`; several are done together or not at all.

    Raises
    ------
    StaleObject
        If somebody changed the task in between.
    DomainError
        ``SAME_COLUMN``, ``NO_COLUMN``, ``COMPUTED_STATE``, ``REACHED_OR_NOT``, ``STARTED_EARLIER``,
        ``REASON_NEEDED`` for a finished task, and those of `record_progress`, `edit_task`, `move_task`.
    """
    project = lock_open_project(task.project)
    moved = _fresh(task)
    require_version(moved.version, expected=expected_version)
    if not any(column != column_of(moved, axis) for axis, column in to.items()):
        raise DomainError(_("The card is in this column already."), code="SAME_COLUMN", field="to")
    for axis, column in to.items():
        if column == column_of(moved, axis):
            continue
        if axis == BoardAxis.STATE:
            _set_state(actor, project, moved, column)
        elif axis == BoardAxis.OWNER:
            owner = _owner(project, column)
            edit_task(actor=actor, task=moved, changes={"owner": owner}, expected_version=None)
        else:
            move_task(actor=actor, task=moved, parent=_phase(project, column))
        moved = _fresh(task)
    return moved


@transaction.atomic
def add_card(*, actor: User | None, project: Project, name: str, by: str, column: str) -> Task:
    """
    Return a new task of one day in a column: of that owner, in that phase, or not started.

    Raises
    ------
    DomainError
        ``COMPUTED_STATE`` for another state, ``NO_COLUMN``, and those of `create_task`.
    """
    if by == BoardAxis.OWNER:
        return create_task(actor=actor, project=project, name=name, owner=_owner(project, column))
    if by == BoardAxis.PHASE:
        return create_task(actor=actor, project=project, name=name, parent=_phase(project, column))
    if column != BoardState.NOT_STARTED:
        raise DomainError(_("A new task is not started yet."), code="COMPUTED_STATE", field="to")
    return create_task(actor=actor, project=project, name=name)


@transaction.atomic
def set_limits(
    *,
    actor: User | None,
    project: Project,
    by: str,
    limits: Mapping[str, int | None],
    expected_version: int | None,
) -> Project:
    """
    Say how much work may be in progress in the columns of an axis; columns left out have no limit.

    Raises
    ------
    StaleObject
        If somebody changed the project in between.
    DomainError
        ``NO_COLUMN`` for an unknown column or that of what is done, ``BAD_LIMIT`` outside of 1 to 999.
    """
    locked = lock_open_project(project)
    require_version(locked.version, expected=expected_version)
    titles = limited_columns(locked, by=by)
    for key, limit in limits.items():
        if key not in titles:
            raise _no_column()
        if limit is not None and not 1 <= limit <= MOST:
            raise DomainError(_("A limit is a number from 1 to 999."), code="BAD_LIMIT", field=f"limit_{key}")
    former = locked.board_limits.get(by, {})
    wanted = {key: limit for key, limit in limits.items() if limit is not None}
    if former == wanted:
        return locked
    locked.board_limits = {**locked.board_limits, by: wanted}
    save_version(locked, names=["board_limits"])
    audit.record(
        actor=actor,
        action=actions.BOARD_LIMITS_SET,
        target=locked,
        node=locked.node,
        before={by: _described(former, titles)},
        after={by: _described(wanted, titles)},
    )
    return locked


def limited_columns(project: Project, *, by: str) -> dict[str, str]:
    """Return the titles of the columns that may have a limit, by key. At most two queries."""
    owners = [int(key) for key in project.board_limits.get(BoardAxis.OWNER, {}) if key != NOBODY]
    return {
        key: title
        for key, title in board_columns(project, by=by, owners=owners).items()
        if key != BoardState.DONE
    }


def _described(limits: Mapping[str, int], titles: Mapping[str, str]) -> str:
    """Return limits as the audit trail keeps them."""
    return ", ".join(f"{titles.get(key, key)}: {limit}" for key, limit in limits.items())


def column_of(task: Task, axis: str) -> str:
    """Return the column the task stands in. One query, but for owners."""
    if axis == BoardAxis.OWNER:
        return str(task.owner_id or NOBODY)
    if axis == BoardAxis.PHASE:
        phase = phases_of(task.project).filter(sort_path=task.sort_path[:PHASE_DIGITS]).first()
        return str(phase.uid) if phase else NOBODY
    found = predecessors_of(task.project, successors=[task.pk])
    return str(
        board_state(
            actual_start=task.actual_start,
            actual_finish=task.actual_finish,
            predecessors=found.get(task.pk, []),
        )
    )


def _fresh(task: Task) -> Task:
    return Task.objects.select_related(
        "project__calendar", "project__node", "calendar", "parent", "owner"
    ).get(pk=task.pk)


def _no_column() -> DomainError:
    return DomainError(_("There is no such column on this board."), code="NO_COLUMN", field="to")


def _is_number(column: str) -> bool:
    """Whether the key can be a number of a row; both databases refuse larger ones."""
    return column.isdecimal() and len(column) < LONGEST


def _owner(project: Project, column: str) -> Person | None:
    if column == NOBODY:
        return None
    found = people_of(project).filter(pk=column).first() if _is_number(column) else None
    if found is None:
        raise _no_column()
    return found


def _phase(project: Project, column: str) -> Task | None:
    if column == NOBODY:
        return None
    found = phases_of(project).filter(uid=column).first() if _is_number(column) else None
    if found is None:
        raise _no_column()
    return found


def _set_state(actor: User | None, project: Project, task: Task, column: str) -> None:
    if column not in BoardState.values:
        raise _no_column()
    if task.actual_finish is not None:
        raise DomainError(
            _("The task is finished. Open it again on its own page: that needs a reason and the work left."),
            code="REASON_NEEDED",
            field="to",
        )
    if column in {BoardState.NOT_STARTED, BoardState.WAITING} and task.actual_start is None:
        raise DomainError(
            _("A task waits because of its links. Finish what it waits for, or change the links."),
            code="COMPUTED_STATE",
            field="to",
        )
    draft = _said(project, task, column)
    record_progress(
        actor=actor,
        task=task,
        data_date=project.data_date,
        actual_start=draft.actual_start,
        actual_finish=draft.actual_finish,
        remaining_duration=draft.remaining_duration,
    )


def _said(project: Project, task: Task, column: str) -> ProgressDraft:
    """Return what the new column says about the task at the data date."""
    if column == BoardState.DONE:
        return done_at_data_date(task, project=project)
    if task.kind in MILESTONES:
        raise DomainError(
            _("A milestone is reached or not: move it to “Done” once it is."),
            code="REACHED_OR_NOT",
            field="to",
        )
    started = started_at_data_date(task, project=project)
    if column == BoardState.IN_PROGRESS:
        return started
    if shown_start(task.actual_start) != shown_start(started.actual_start):
        raise DomainError(
            _("It started before the data date. Take that back on the page of the task."),
            code="STARTED_EARLIER",
            field="to",
        )
    return ProgressDraft(task=task, remaining_duration=task.duration)
