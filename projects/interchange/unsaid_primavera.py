"""
What the files of Primavera have no word for, taken from the plan they are compared with.

P6 gives every activity an ID and a calendar, every plan one row at the top, shows activities before the
summaries beside them, and knows no deadlines, interruptions or durations on the clock, and five priorities.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from projects.interchange.document import Baseline, Link, ProjectDocument, ProjectOptions, Task
from projects.interchange.to_mpxj.activity_ids import with_activity_ids
from projects.interchange.to_mpxj.lags import in_time
from projects.interchange.to_mpxj.priorities import level_of
from projects.interchange.vocabulary import Convention, LagUnit, TaskKind

XER: Final = "XER"
PRIMAVERA: Final = frozenset({XER, "PMXML"})
NEVER_SAID: Final = (
    *("is_active", "is_manual", "is_effort_driven", "is_estimated", "deadline", "splits"),
    *("leveling_delay", "leveling_delay_kind", "fixed_cost", "duration_kind"),
)
NEVER_SAID_OF_SUMMARIES: Final = (
    "task_type",
    "priority",
    "extra",
    "activity_id",
    "constraint",
    "constraint_date",
)
# What an XER file derives from the dates of progress instead of keeping it.
DERIVED: Final = ("duration", "actual_duration", "percent_complete")
HEADING: Final = "Notes\n"
TAG: Final = re.compile(r"<[^>]*>")


def with_unsaid_of_primavera(
    document: ProjectDocument, *, own: ProjectDocument, rows: Mapping[int, int]
) -> ProjectDocument:
    """Return what was read of a file of Primavera, with what it cannot say as the plan ``own`` has it."""
    is_xer = document.options.file_format == XER
    known = {task.uid: task for task in own.tasks}
    given = {task.uid: task for task in with_activity_ids(own.tasks)}
    ours = {uid: known[number] for uid, number in rows.items()}
    follows = own.options.convention is Convention.PRIMAVERA
    tasks = [
        _row(task, ours[task.uid], given[ours[task.uid].uid], is_xer=is_xer, follows_resources=follows)
        if task.uid in ours
        else task
        for task in document.tasks
    ]
    if is_xer:
        tasks = _without_root(tasks, ours)
    return replace(
        document,
        tasks=tuple(_in_order(tasks, ours, {mine.uid: uid for uid, mine in ours.items()})),
        links=_links(document, own, rows),
        baselines=() if is_xer else _real_baselines(document),
        options=_options(document.options, own.options) if ours else document.options,
    )


def _links(document: ProjectDocument, own: ProjectDocument, rows: Mapping[int, int]) -> tuple[Link, ...]:
    """Return the links, a lag that is that of the plan in percent as the percentage."""
    tasks = {task.uid: task for task in own.tasks}
    mine = {(link.pred, link.succ, link.type): link for link in own.links if link.lag_unit is LagUnit.PERCENT}
    result = []
    for link in document.links:
        known = mine.get((rows.get(link.pred, -1), rows.get(link.succ, -1), link.type))
        is_same = known is not None and in_time(known, tasks[known.pred]).lag == link.lag
        result.append(replace(known, pred=link.pred, succ=link.succ) if known and is_same else link)
    return tuple(result)


def _real_baselines(document: ProjectDocument) -> tuple[Baseline, ...]:
    """Return the baselines without the one a reader makes of present dates where a file has none."""
    present = {task.uid: (task.start, task.finish) for task in document.tasks}
    return tuple(
        item
        for item in document.baselines
        if any((row.start, row.finish) != present.get(row.task_uid) for row in item.rows)
    )


def _row(task: Task, mine: Task, given: Task, *, is_xer: bool, follows_resources: bool) -> Task:
    """Return a row with what the file does not say; ``given`` has the activity ID an export gives it."""
    kept: dict[str, Any] = {name: getattr(mine, name) for name in NEVER_SAID}
    if task.kind is TaskKind.SUMMARY:
        kept |= {name: getattr(mine, name) for name in NEVER_SAID_OF_SUMMARIES}
    if task.kind is not TaskKind.SUMMARY or _is_same_code(task.wbs, mine.wbs):
        kept |= {"wbs": mine.wbs, "outline_number": mine.outline_number}
    if task.activity_id == given.activity_id:
        kept["activity_id"] = mine.activity_id
    if task.priority in (None, level_of(mine.priority)):
        kept["priority"] = mine.priority
    if _plain(task.notes) == _plain(HEADING + mine.notes if mine.notes else ""):
        kept["notes"] = mine.notes
    if not (is_xer and follows_resources and task.kind is TaskKind.TASK):
        kept["ignores_resource_calendars"] = mine.ignores_resource_calendars
    if is_xer and task.actual_start and _done(task) == _done(mine):
        kept |= {name: getattr(mine, name) for name in DERIVED}
    return replace(task, **kept)


def _done(task: Task) -> tuple[Any, ...]:
    """Return what a file says of the progress of a row; of a finished one nothing is left."""
    is_finished = task.actual_finish is not None
    return (task.actual_start, task.actual_finish, 0.0 if is_finished else task.remaining_duration)


def _is_same_code(path: str, code: str) -> bool:
    """Whether a path of codes from the project down ends with the code of a row."""
    return path == code or path.endswith(f".{code}")


def _plain(text: str) -> str:
    """Return the words of a text, which is all that a notebook keeps for sure."""
    return " ".join(TAG.sub(" ", text).split())


def _without_root(tasks: Sequence[Task], ours: Mapping[int, Task]) -> list[Task]:
    """
    Return the rows, the one at the top marked as the project where the plan has several rows at its top.

    Every plan of Primavera hangs on one row, which stands for the project.
    """
    tops = [task for task in tasks if task.parent_uid is None]
    if len(tops) != 1 or tops[0].uid in ours:
        return list(tasks)
    is_project = any(
        task.parent_uid == tops[0].uid and task.uid in ours and ours[task.uid].parent_uid is None
        for task in tasks
    )
    return [replace(task, is_project=True) if is_project and task is tops[0] else task for task in tasks]


def _in_order(tasks: Sequence[Task], ours: Mapping[int, Task], uid_in_file: Mapping[int, int]) -> list[Task]:
    """Return the rows numbered so that activities and summaries side by side alternate as in the plan."""
    project = next((task.uid for task in tasks if task.is_project), None)
    groups: dict[int | None, list[Task]] = defaultdict(list)
    for task in sorted(tasks, key=lambda task: task.id or 0):
        groups[None if task.parent_uid == project else task.parent_uid].append(task)
    numbers: dict[int, int] = {}
    for parent, rows in groups.items():
        places = sorted(task.id or 0 for task in rows)
        merged = sorted(_keyed(rows, parent, ours, uid_in_file), key=lambda pair: pair[0])
        numbers |= {task.uid: place for (_key, task), place in zip(merged, places, strict=True)}
    return [replace(task, id=numbers[task.uid]) for task in tasks]


def _keyed(
    rows: Sequence[Task], parent: int | None, ours: Mapping[int, Task], uid_in_file: Mapping[int, int]
) -> list[tuple[int, Task]]:
    """Return the rows of one summary, each with the last place in the plan among its kind up to it."""
    last = {True: 0, False: 0}
    found = []
    for task in rows:
        is_summary = task.kind is TaskKind.SUMMARY
        mine = ours.get(task.uid)
        if mine is not None:
            above = None if mine.parent_uid is None else uid_in_file.get(mine.parent_uid)
            if above == parent:
                last[is_summary] = max(last[is_summary], mine.id or 0)
        found.append((last[is_summary], task))
    return found


def _options(options: ProjectOptions, own: ProjectOptions) -> ProjectOptions:
    """Return the head with the rules of the plan that no file of Primavera tells."""
    kept: dict[str, Any] = {"convention": own.convention, "honors_constraints": own.honors_constraints}
    if own.convention is not Convention.PRIMAVERA or options.status_date == own.status_date:
        # The hour of the data date is not kept; a plan at the same day is planned from its own start.
        kept["scheduled_from"] = None
    start, mine = options.planned_start, own.planned_start
    if start is not None and mine is not None and start.date() == mine.date():
        kept |= {"start": own.start, "planned_start": mine, "has_start_day": own.has_start_day}
    return replace(options, **kept)
