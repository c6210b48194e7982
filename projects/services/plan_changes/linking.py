"""Links between rows of a step: made, changed, taken away, or given as the text of all predecessors."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError
from projects.access import PlanRights
from projects.interchange.link_words import LinkWords
from projects.interchange.time_words import Length
from projects.services.links import refuse_duplicate, refuse_ends
from projects.services.plan_changes.acts import AddLink, EditLink, Lag, RemoveLink
from projects.services.plan_changes.board import Board, Tie


def add_link(board: Board, act: AddLink) -> None:
    """Let one row wait for another."""
    tie = Tie(None, board.uid(act.start), board.uid(act.end), act.type, 0, None, False, index=board.index)
    tie.wait(act.lag)
    require_free(board, tie)
    board.ties.append(tie)


def edit_link(board: Board, act: EditLink) -> None:
    """Give a link another type or lag."""
    tie = find_tie(board, act.pk)
    if act.type is not None:
        tie.type = act.type
    if act.lag is not None:
        tie.wait(act.lag)
    require_free(board, tie)
    note_change(board, tie)


def note_change(board: Board, tie: Tie) -> None:
    """Remember that a link is another one than stored."""
    tie.index = board.index
    if tie.pk is not None and tie not in board.changed_ties:
        board.changed_ties.append(tie)


def remove_link(board: Board, act: RemoveLink) -> None:
    """Take a link away."""
    take_away(board, find_tie(board, act.pk))


def take_away(board: Board, tie: Tie) -> None:
    """Take a link off the board."""
    board.ties.remove(tie)
    if tie in board.changed_ties:
        board.changed_ties.remove(tie)
    if tie.pk is not None:
        board.removed_ties.append(tie)


def find_tie(board: Board, pk: int) -> Tie:
    """
    Return a link of the plan.

    Raises
    ------
    DomainError
        ``NO_LINK``.
    """
    found = next((tie for tie in board.ties if tie.pk == pk), None)
    if found is None:
        raise DomainError(_("There is no such link in this plan any more."), code="NO_LINK", field="pk")
    return found


def require_free(board: Board, tie: Tie) -> None:
    """Refuse a second link of the same pair and type, and ends no link may have (SCH-9, SCH-10)."""
    if any(other is not tie and other.key == tie.key for other in board.ties):
        refuse_duplicate()
    refuse_ends(
        is_same=tie.start == tie.end,
        is_kin=tie.start in set(board.above(tie.end)) or tie.end in set(board.above(tie.start)),
        summaries=[],
    )


def require_ends(board: Board, tie: Tie) -> None:
    """Refuse a link whose ends are summaries once the step is done (SCH-9)."""
    ends = (board.rows[tie.start], board.rows[tie.end])
    refuse_ends(
        is_same=False, is_kin=False, summaries=[row.name for row in ends if board.children.get(row.uid)]
    )


def set_predecessors(board: Board, uid: int, words: Sequence[LinkWords], rights: PlanRights) -> None:
    """Let exactly these links lead into a row; those that stay keep their key."""
    wanted = [_tie(board, uid, each) for each in words]
    if len({tie.key for tie in wanted}) != len(wanted):
        refuse_duplicate()
    present = {tie.key: tie for tie in board.ties if tie.end == uid}
    gone = [tie for key, tie in present.items() if key not in {tie.key for tie in wanted}]
    if any(tie.pk is not None for tie in gone) and not rights.deletes:
        raise DomainError(
            _("You may add links here, but not take any away."), code="FORBIDDEN", field="preds"
        )
    for tie in gone:
        take_away(board, tie)
    for tie in wanted:
        former = present.get(tie.key)
        if former is None:
            require_free(board, tie)
            board.ties.append(tie)
        elif _wait_of(former) != _wait_of(tie):
            former.lag, former.percent, former.is_elapsed = _wait_of(tie)
            note_change(board, former)


def _tie(board: Board, uid: int, words: LinkWords) -> Tie:
    start = board.codes().get(words.row) if words.is_code else int(words.row)
    if start not in board.rows:
        raise DomainError(
            _("There is no row %(row)s in this plan.") % {"row": words.row}, code="NO_TASK", field="preds"
        )
    tie = Tie(None, start, uid, words.type, 0, None, False, index=board.index)
    tie.wait(Lag(words.lag, words.percent))
    return tie


def _wait_of(tie: Tie) -> tuple[Any, Any, Any]:
    return (tie.lag, tie.percent, tie.is_elapsed)


def predecessor_words(board: Board, uid: int) -> list[LinkWords]:
    """Return the predecessors of a row as text says them."""
    return [words_of(tie) for tie in board.ties if tie.end == uid]


def words_of(tie: Tie) -> LinkWords:
    """Return one link as text says it."""
    return LinkWords(str(tie.start), tie.type, Length(tie.lag, tie.is_elapsed), tie.percent)


def is_same_set(board: Board, uid: int, said: Sequence[LinkWords]) -> bool:
    """Whether a text says the links that lead into a row now."""
    codes = board.codes()

    def plain(words: LinkWords) -> tuple[Any, ...]:
        row = str(codes.get(words.row, words.row)) if words.is_code else words.row
        return (row, words.type, words.lag.minutes, words.lag.is_elapsed, words.percent)

    return {plain(each) for each in said} == {plain(each) for each in predecessor_words(board, uid)}
