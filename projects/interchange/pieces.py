"""Stretches of interrupted tasks that can become rests of the plan."""

from typing import Final

from projects.interchange.document import Task
from projects.interchange.plausible import is_plausible

MOST_PIECES: Final = 101
"""A task has at most 100 rests, as by hand."""


def has_usable_pieces(task: Task) -> bool:
    """Whether the stretches of a task can become rests: not too many, within the years that are looked at."""
    return len(task.splits) <= MOST_PIECES and all(
        is_plausible(piece.start) and is_plausible(piece.finish) for piece in task.splits
    )
