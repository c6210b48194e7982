"""The numbers by which people know activities in Primavera: each has one, and no two have the same."""

from collections.abc import Sequence
from dataclasses import replace

from projects.interchange.document import Task
from projects.interchange.vocabulary import TaskKind

STEP = 10


def with_activity_ids(tasks: Sequence[Task]) -> tuple[Task, ...]:
    """
    Return the tasks, each with an activity ID of its own; a missing or repeated one is made from its place.

    Examples
    --------
    >>> [task.activity_id for task in with_activity_ids([Task(1, "Dig"), Task(2, "Pour", activity_id="B7")])]
    ['A00010', 'B7']
    """
    given = {task.activity_id for task in tasks}
    seen: set[str] = set()
    result = []
    number = 0
    for task in tasks:
        wanted = task.activity_id
        if task.kind is TaskKind.SUMMARY:
            result.append(task)
            continue
        while not wanted or wanted in seen:
            number += STEP
            wanted = "" if f"A{number:05d}" in given else f"A{number:05d}"
        seen.add(wanted)
        result.append(replace(task, activity_id=wanted))
    return tuple(result)
