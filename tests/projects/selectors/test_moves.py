"""What an edit moves, in one sentence."""

import pytest

from projects.selectors.moves import moves_sentence


@pytest.mark.parametrize(
    ("moved", "days", "missed", "sentence"),
    [
        (0, 0, 0, "Nothing moves."),
        (0, 114, 0, "No other task moves, the plan finishes 114 working days later."),
        (0, 0, 1, "Nothing moves, but 1 deadline is missed."),
        (1, 0, 0, "1 task moves, the plan finishes on the same day."),
        (12, 3, 1, "12 tasks move, the plan finishes 3 working days later, 1 deadline is missed."),
        (2, -1, 0, "2 tasks move, the plan finishes 1 working day earlier."),
    ],
)
def test_moves_are_said(moved: int, days: int, missed: int, sentence: str) -> None:
    """Issue 4: what moved is shown, and no task is said to move when none does."""
    assert moves_sentence(moved, days, missed) == sentence
