"""In which column of the board a task stands."""

from datetime import UTC, datetime

import pytest

from projects.selectors.board_states import Predecessor, board_state, open_predecessors

THEN = datetime(2026, 3, 2, 8, tzinfo=UTC)


def predecessor(
    kind: str = "FS", *, started: bool = False, finished: bool = False, active: bool = True, task: int = 1
) -> Predecessor:
    """Return a link as its successor sees it."""
    return Predecessor(task, kind, active, THEN if started or finished else None, THEN if finished else None)


@pytest.mark.parametrize(
    ("started", "finished", "predecessors", "state"),
    [
        (False, False, [], "NOT_STARTED"),
        (True, False, [], "IN_PROGRESS"),
        (True, True, [], "DONE"),
        (False, False, [predecessor("FS")], "WAITING"),
        (False, False, [predecessor("FS", started=True)], "WAITING"),
        (False, False, [predecessor("FS", finished=True)], "NOT_STARTED"),
        (False, False, [predecessor("FS", finished=True), predecessor("FS", task=2)], "WAITING"),
        (False, False, [predecessor("SS")], "WAITING"),
        (False, False, [predecessor("SS", started=True)], "NOT_STARTED"),
        (False, False, [predecessor("FF")], "NOT_STARTED"),
        (False, False, [predecessor("SF")], "NOT_STARTED"),
        (False, False, [predecessor("FS", active=False)], "NOT_STARTED"),
        (True, False, [predecessor("FS")], "IN_PROGRESS"),
        (True, True, [predecessor("FS")], "DONE"),
    ],
)
def test_state_follows_from_actuals_and_links(
    started: bool, finished: bool, predecessors: list[Predecessor], state: str
) -> None:
    found = board_state(
        actual_start=THEN if started else None,
        actual_finish=THEN if finished else None,
        predecessors=predecessors,
    )

    assert found == state


def test_open_predecessors_count_once_whatever_the_link() -> None:
    """Two links to task 1, one to task 2 that has started; what is finished or inactive does not count."""
    rows = [
        predecessor("FS"),
        predecessor("FF"),
        predecessor("SS", started=True, task=2),
        predecessor("FS", finished=True, task=3),
        predecessor("FS", active=False, task=4),
    ]

    assert open_predecessors(rows) == 2
