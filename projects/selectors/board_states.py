"""
In which column of the board a task stands: computed from its actuals and its links, never kept.

- *Done*: it has an actual finish.
- *In progress*: it has an actual start and no actual finish.
- *Waiting*: neither, and a link still holds its start. A finish-to-start link holds it until the predecessor
  is finished, a start-to-start link until the predecessor is started. Links to its finish (FF, SF) do not
  hold the start, nor do inactive predecessors; a lag that still runs is no unfinished predecessor.
- *Not started*: everything else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from projects.choices import BoardState, LinkType


@dataclass(frozen=True)
class Predecessor:
    """A link as its successor sees it: which task it waits for, and what is known of that one."""

    task_id: int
    link_type: str
    is_active: bool
    actual_start: datetime | None
    actual_finish: datetime | None


def holds_start(predecessor: Predecessor) -> bool:
    """Whether the link keeps its successor from starting."""
    if not predecessor.is_active:
        return False
    if predecessor.link_type == LinkType.FS:
        return predecessor.actual_finish is None
    return predecessor.link_type == LinkType.SS and predecessor.actual_start is None


def open_predecessors(predecessors: Iterable[Predecessor]) -> int:
    """Return how many active predecessors are not finished, by whatever link; each counts once."""
    return len({row.task_id for row in predecessors if row.is_active and row.actual_finish is None})


def board_state(
    *,
    actual_start: datetime | None,
    actual_finish: datetime | None,
    predecessors: Iterable[Predecessor],
) -> BoardState:
    """Return the column of a task."""
    if actual_finish is not None:
        return BoardState.DONE
    if actual_start is not None:
        return BoardState.IN_PROGRESS
    if any(holds_start(row) for row in predecessors):
        return BoardState.WAITING
    return BoardState.NOT_STARTED
