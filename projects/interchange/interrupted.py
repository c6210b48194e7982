"""The rests of interrupted tasks of a document, which say when work was or will be done on them."""

from collections.abc import Sequence
from datetime import datetime

from projects.engine.calendar import ELAPSED_CALENDAR, STANDARD_CALENDAR, WorkCalendar
from projects.engine.instants import instant_of
from projects.engine.interruptions import Interruption, Stretch, interruptions_of
from projects.engine.working_time import WorkingTime
from projects.interchange.document import ProjectDocument, Task
from projects.interchange.pieces import has_usable_pieces
from projects.interchange.takeover_calendars import has_working_time, usable_calendars
from projects.interchange.vocabulary import DurationKind, TaskKind
from projects.interchange.work_calendars import work_calendar


def document_interruptions(document: ProjectDocument) -> dict[int, tuple[Interruption, ...]]:
    """
    Return the rests of interrupted tasks by uid, counted on the calendar of each task.

    Tasks in one piece are left out, those in pieces that cannot be used, and those whose stretches overlap:
    tools write these for work in progress, and what lies between is no rest.
    """
    tasks = [
        task
        for task in document.tasks
        if len(task.splits) > 1 and task.kind is TaskKind.TASK and has_usable_pieces(task)
    ]
    if not tasks:
        return {}
    usable, _ = usable_calendars(document.calendars)
    made: dict[int, WorkCalendar] = {}
    for item in usable:
        made[item.uid] = work_calendar(item, made)
    working = {item.uid for item in usable if has_working_time(item, usable)}
    own = document.options.default_calendar_uid
    default = made[own] if own is not None and own in working else STANDARD_CALENDAR
    on_calendar: dict[int, tuple[WorkCalendar, list[Task]]] = {}
    for task in tasks:
        calendar = made[task.calendar_uid] if task.calendar_uid in working else default
        if task.duration_kind is DurationKind.ELAPSED:
            calendar = ELAPSED_CALENDAR
        on_calendar.setdefault(id(calendar), (calendar, []))[1].append(task)
    found = {
        task.uid: rests
        for calendar, rows in on_calendar.values()
        for task, rests in zip(rows, _rests_of(rows, calendar), strict=True)
    }
    return {task.uid: found[task.uid] for task in tasks if found[task.uid]}


def _rests_of(tasks: Sequence[Task], calendar: WorkCalendar) -> list[tuple[Interruption, ...]]:
    """Return the rests of tasks of one calendar, which is compiled once for all of them."""
    pieces = [sorted(task.splits, key=lambda piece: (piece.start, piece.finish)) for task in tasks]
    first = min(row[0].start for row in pieces)
    last = max(piece.finish for row in pieces for piece in row)
    hours = WorkingTime(calendar, first.date(), max(first, last).date())
    return [
        interruptions_of([Stretch(_minute(piece.start), _minute(piece.finish)) for piece in row], hours)
        for row in pieces
    ]


def _minute(moment: datetime) -> int:
    """Return the nearest minute: tools keep tenths of minutes."""
    return instant_of(moment) + (moment.second >= 30)
