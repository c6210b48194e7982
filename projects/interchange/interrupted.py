"""The rests of interrupted tasks of a document, which say when work was or will be done on them."""

from datetime import datetime

from projects.engine.calendar import ELAPSED_CALENDAR, STANDARD_CALENDAR, WorkCalendar
from projects.engine.instants import instant_of
from projects.engine.interruptions import Interruption, Stretch, interruptions_of
from projects.engine.working_time import WorkingTime
from projects.interchange.document import ProjectDocument, Task
from projects.interchange.takeover_calendars import has_working_time, usable_calendars
from projects.interchange.vocabulary import DurationKind, TaskKind
from projects.interchange.work_calendars import work_calendar


def document_interruptions(document: ProjectDocument) -> dict[int, tuple[Interruption, ...]]:
    """
    Return the rests of interrupted tasks by uid, counted on the calendar of each task.

    Tasks in one piece are left out, and those whose stretches overlap: tools write these for work in
    progress, and what lies between is no rest.
    """
    tasks = [task for task in document.tasks if len(task.splits) > 1 and task.kind is TaskKind.TASK]
    if not tasks:
        return {}
    usable, _ = usable_calendars(document.calendars)
    made: dict[int, WorkCalendar] = {}
    for calendar in usable:
        made[calendar.uid] = work_calendar(calendar, made)
    working = {item.uid for item in usable if has_working_time(item, usable)}
    own = document.options.default_calendar_uid
    default = made[own] if own is not None and own in working else STANDARD_CALENDAR
    found = {}
    for task in tasks:
        is_elapsed = task.duration_kind is DurationKind.ELAPSED
        chosen = made[task.calendar_uid] if task.calendar_uid in working else default
        rests = _rests(task, ELAPSED_CALENDAR if is_elapsed else chosen)
        if rests:
            found[task.uid] = rests
    return found


def _rests(task: Task, calendar: WorkCalendar) -> tuple[Interruption, ...]:
    pieces = sorted(task.splits, key=lambda piece: (piece.start, piece.finish))
    hours = WorkingTime(calendar, pieces[0].start.date(), pieces[-1].finish.date())
    return interruptions_of([Stretch(_minute(piece.start), _minute(piece.finish)) for piece in pieces], hours)


def _minute(moment: datetime) -> int:
    """Return the nearest minute: tools keep tenths of minutes."""
    return instant_of(moment) + (moment.second >= 30)
