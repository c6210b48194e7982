"""Working calendars in the engine's form, many at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from projects.engine.calendar import CalendarException as EngineException
from projects.engine.calendar import DayHours, WorkCalendar, WorkWeek
from projects.models import Calendar, CalendarException, CalendarWorkWeek, FormerCalendar
from projects.selectors.former_values import former_calendars

MAX_LINEAGE = 8


@dataclass(frozen=True)
class _Definition:
    """One stored calendar."""

    name: str
    base_id: int | None
    week: Any
    minutes_per_day: int


def load_work_calendars(
    calendar_ids: Collection[int], *, as_of: date | None = None
) -> dict[int, WorkCalendar]:
    """
    Return calendars by id, with the calendars they are based on.

    Eleven queries at most, whatever the number of calendars: one per level of bases, three for details.

    Parameters
    ----------
    as_of : date, optional
        Hours as they stood at the end of this day; as they stand now when not given.
    """
    former = former_calendars(as_of) if as_of else {}
    found: dict[int, _Definition] = {}
    wanted = set(calendar_ids)
    for _level in range(MAX_LINEAGE):
        if not wanted:
            break
        rows = Calendar.objects.filter(pk__in=wanted).values_list(
            "pk", "name", "base_id", "week_pattern", "hours_per_day"
        )
        found |= {
            pk: _definition(former[pk]) if pk in former else _Definition(name, base_id, week, int(hours * 60))
            for pk, name, base_id, week, hours in rows
        }
        wanted = {row.base_id for row in found.values() if row.base_id is not None} - found.keys()
    exceptions, weeks = _exceptions(found), _work_weeks(found)
    for pk in found.keys() & former.keys():
        exceptions[pk] = [
            EngineException(date.fromisoformat(start), date.fromisoformat(finish), _hours(intervals))
            for start, finish, intervals in former[pk].exceptions
        ]
        weeks[pk] = [
            WorkWeek(date.fromisoformat(start), date.fromisoformat(finish), _days(pattern))
            for start, finish, pattern in former[pk].work_weeks
        ]
    built: dict[int, WorkCalendar] = {}
    for pk in found:
        _build(pk, found, exceptions, weeks, built, depth=0)
    return {pk: built[pk] for pk in calendar_ids if pk in built}


def _definition(row: FormerCalendar) -> _Definition:
    return _Definition(row.name, row.base_id, row.week_pattern, int(row.hours_per_day * 60))


def _build(
    pk: int,
    found: Mapping[int, _Definition],
    exceptions: Mapping[int, list[EngineException]],
    weeks: Mapping[int, list[WorkWeek]],
    built: dict[int, WorkCalendar],
    *,
    depth: int,
) -> WorkCalendar | None:
    """Build a calendar after the one it is based on."""
    if pk in built:
        return built[pk]
    if pk not in found or depth > MAX_LINEAGE:
        return None
    row = found[pk]
    parent = None
    if row.base_id is not None:
        parent = _build(row.base_id, found, exceptions, weeks, built, depth=depth + 1)
    built[pk] = WorkCalendar(
        name=row.name,
        week=_days(row.week),
        work_weeks=tuple(weeks.get(pk, ())),
        exceptions=tuple(exceptions.get(pk, ())),
        parent=parent,
        minutes_per_day=row.minutes_per_day,
    )
    return built[pk]


def _hours(intervals: Any) -> DayHours:
    return tuple((int(start), int(end)) for start, end in intervals)


def _days(pattern: Any) -> tuple[DayHours | None, ...]:
    """Return seven days; a missing or null one takes the parent's."""
    known = pattern or {}
    return tuple(None if known.get(str(day)) is None else _hours(known[str(day)]) for day in range(7))


def _exceptions(calendar_ids: Collection[int]) -> dict[int, list[EngineException]]:
    found: dict[int, list[EngineException]] = defaultdict(list)
    rows = (
        CalendarException.objects.filter(calendar_id__in=list(calendar_ids))
        .order_by("start", "pk")
        .values_list("calendar_id", "start", "finish", "intervals")
    )
    for calendar_id, start, finish, intervals in rows:
        found[calendar_id].append(EngineException(start, finish, _hours(intervals)))
    return found


def _work_weeks(calendar_ids: Collection[int]) -> dict[int, list[WorkWeek]]:
    found: dict[int, list[WorkWeek]] = defaultdict(list)
    rows = (
        CalendarWorkWeek.objects.filter(calendar_id__in=list(calendar_ids))
        .order_by("start", "pk")
        .values_list("calendar_id", "start", "finish", "week_pattern")
    )
    for calendar_id, start, finish, pattern in rows:
        found[calendar_id].append(WorkWeek(start, finish, _days(pattern)))
    return found
