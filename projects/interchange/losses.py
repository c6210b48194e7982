"""
What the files of other tools cannot carry.

The page of exports says it in words; ``carried`` does it to a document, so that a test can prove that nothing
else of the network is lost on the way there and back.
"""

from dataclasses import replace
from math import floor
from typing import Final

from projects.interchange.document import ProjectDocument, Task
from projects.interchange.vocabulary import ScheduleFormat, TaskKind

MOST_BASELINE: Final = 10
MILESTONES: Final = frozenset({TaskKind.START_MILESTONE, TaskKind.FINISH_MILESTONE})
# Types of file, as readers name them, that do not tell kinds of milestones and levels of effort.
WITHOUT_KINDS: Final = frozenset({"MSPDI", "MPP", "MPX", "MPD"})


def carried(document: ProjectDocument, kind: ScheduleFormat) -> ProjectDocument:
    """Return the document without what a file of this format does not keep."""
    successors = {link.succ for link in document.links}
    if kind is ScheduleFormat.MSPDI:
        return replace(
            document,
            tasks=tuple(_microsoft_task(task, task.uid in successors) for task in document.tasks),
            links=tuple(replace(link, lag_calendar=None) for link in document.links),
            baselines=tuple(item for item in document.baselines if item.number <= MOST_BASELINE),
        )
    return replace(
        document,
        tasks=tuple(
            replace(task, ignores_resource_calendars=False, deadline=None, notes="", splits=())
            for task in document.tasks
        ),
        baselines=(),
    )


def _microsoft_task(task: Task, is_successor: bool) -> Task:
    if task.percent_complete is not None:
        task = replace(task, percent_complete=float(floor(task.percent_complete + 0.5)))
    return replace(task, kind=microsoft_kind(task.kind, is_successor=is_successor))


def microsoft_kind(kind: TaskKind, *, is_successor: bool) -> TaskKind:
    """Return what a row of this kind comes back as from Microsoft Project."""
    if kind in MILESTONES:
        return TaskKind.FINISH_MILESTONE if is_successor else TaskKind.START_MILESTONE
    return TaskKind.TASK if kind is TaskKind.LEVEL_OF_EFFORT else kind
