"""The calendars of a project as those of a document."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from projects.interchange.document import (
    Calendar,
    CalendarException,
    Interval,
    Weekdays,
    WorkWeek,
)
from projects.models import Calendar as StoredCalendar
from projects.models import CalendarException as StoredException
from projects.models import CalendarWorkWeek, Project
from projects.selectors.document_values import numbered

MOST_LEVELS = 10


@dataclass(frozen=True)
class DocumentCalendars:
    """Calendars, each after the one it is based on, and their numbers by key."""

    rows: tuple[Calendar, ...]
    uids: Mapping[int, int]


def document_calendars(
    used: Collection[int], *, own: Project, personal: Collection[int]
) -> DocumentCalendars:
    """
    Return the calendars of this project and those it uses, with all they are based on.

    At most 10 queries for the calendars, two for their days; ``personal`` are those of one resource alone.
    """
    found = _lineages(used, own)
    wanted = [(row.pk, int(row.uid) if row.uid.isdecimal() else None) for row in found.values()]
    uids = numbered(wanted)
    exceptions, weeks = _exceptions(found), _weeks(found)
    rows = []
    waiting = list(found.values())
    placed: set[int] = set()
    while waiting:
        ready = [row for row in waiting if row.base_id is None or row.base_id in placed]
        for row in ready or waiting:
            per_day = int(row.hours_per_day * 60)
            rows.append(
                Calendar(
                    uid=uids[row.pk],
                    name=row.name,
                    parent_uid=uids[row.base_id] if row.base_id in placed else None,
                    weekdays=_weekdays(row.week_pattern),
                    exceptions=tuple(exceptions[row.pk]),
                    work_weeks=tuple(weeks[row.pk]),
                    minutes_per_day=per_day,
                    minutes_per_week=int(per_day * row.days_per_week),
                    is_personal=row.pk in personal and row.base_id is not None,
                )
            )
        placed |= {row.pk for row in ready or waiting}
        waiting = [row for row in waiting if row.pk not in placed]
    return DocumentCalendars(tuple(rows), uids)


def _lineages(used: Collection[int], own: Project) -> dict[int, StoredCalendar]:
    first = StoredCalendar.objects.filter(Q(pk__in=used) | Q(project=own)).order_by("pk")
    found = {row.pk: row for row in first}
    for _level in range(MOST_LEVELS):
        missing = {row.base_id for row in found.values() if row.base_id is not None} - found.keys()
        if not missing:
            break
        found |= {row.pk: row for row in StoredCalendar.objects.filter(pk__in=missing).order_by("pk")}
    return found


def _exceptions(keys: Collection[int]) -> Mapping[int, list[CalendarException]]:
    found: dict[int, list[CalendarException]] = defaultdict(list)
    for row in StoredException.objects.filter(calendar_id__in=keys).order_by("start", "pk"):
        found[row.calendar_id].append(
            CalendarException(row.start, row.finish, row.name, _intervals(row.intervals))
        )
    return found


def _weeks(keys: Collection[int]) -> Mapping[int, list[WorkWeek]]:
    found: dict[int, list[WorkWeek]] = defaultdict(list)
    for row in CalendarWorkWeek.objects.filter(calendar_id__in=keys).order_by("start", "pk"):
        found[row.calendar_id].append(WorkWeek(row.start, row.finish, row.name, _weekdays(row.week_pattern)))
    return found


def _weekdays(pattern: Any) -> Weekdays:
    known = pattern or {}
    days = (known.get(str(number)) for number in range(7))
    return Weekdays(*(None if day is None else _intervals(day) for day in days))


def _intervals(pairs: Any) -> tuple[Interval, ...]:
    return tuple(Interval(int(start), int(end)) for start, end in pairs)
