"""Moving one activity along its calendars: from start to finish, back again, and into working time."""

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.calendar_tables import (
    add_minutes,
    next_start,
    previous_finish,
)
from projects.engine.scheduling.compiled import compiled
from projects.engine.scheduling.layout import (
    CALENDAR,
    DURATION,
    FIRST_PART,
    IS_ELAPSED,
    KIND,
    PART_CALENDAR,
    PART_DELAY,
    PART_REMAINING,
    PART_WORK,
    Table,
)

START_MILESTONE = 1
NOTHING = NO_INSTANT


@compiled
def finish_from(columns: Table, parts: Table, tables: Table, activity: int, start: int) -> int:
    """Return where the whole work ends when it starts at ``start``: the last of its parts."""
    latest = NOTHING
    for part in range(columns[FIRST_PART, activity], columns[FIRST_PART, activity + 1]):
        calendar = parts[PART_CALENDAR, part]
        begun = add_minutes(tables, calendar, start, parts[PART_DELAY, part])
        latest = max(latest, add_minutes(tables, calendar, begun, parts[PART_WORK, part]))
    return latest


@compiled
def start_from(columns: Table, parts: Table, tables: Table, activity: int, finish: int) -> int:
    """Return the start from which every part of the whole work ends at ``finish`` at the latest."""
    first = columns[FIRST_PART, activity]
    earliest = add_minutes(
        tables, parts[PART_CALENDAR, first], finish, -parts[PART_WORK, first] - parts[PART_DELAY, first]
    )
    for part in range(first + 1, columns[FIRST_PART, activity + 1]):
        minutes = parts[PART_WORK, part] + parts[PART_DELAY, part]
        earliest = min(earliest, add_minutes(tables, parts[PART_CALENDAR, part], finish, -minutes))
    return earliest


@compiled
def remaining_finish_from(columns: Table, parts: Table, tables: Table, activity: int, start: int) -> int:
    """Return where the remaining work ends when it goes on at ``start``."""
    latest = NOTHING
    for part in range(columns[FIRST_PART, activity], columns[FIRST_PART, activity + 1]):
        minutes = parts[PART_REMAINING, part]
        latest = max(latest, add_minutes(tables, parts[PART_CALENDAR, part], start, minutes))
    return latest


@compiled
def remaining_start_from(columns: Table, parts: Table, tables: Table, activity: int, finish: int) -> int:
    """Return the latest instant from which the remaining work ends at ``finish``."""
    first = columns[FIRST_PART, activity]
    earliest = add_minutes(tables, parts[PART_CALENDAR, first], finish, -parts[PART_REMAINING, first])
    for part in range(first + 1, columns[FIRST_PART, activity + 1]):
        minutes = parts[PART_REMAINING, part]
        earliest = min(earliest, add_minutes(tables, parts[PART_CALENDAR, part], finish, -minutes))
    return earliest


@compiled
def working_start(columns: Table, parts: Table, tables: Table, activity: int, instant: int) -> int:
    """
    Return the first instant from ``instant`` at which the activity can start.

    What takes no time may sit at the end of a working period; a start milestone may not (SCH-3).
    """
    calendar = columns[CALENDAR, activity]
    if columns[DURATION, activity] == 0:
        moved = next_start(tables, calendar, instant)
        stays = columns[KIND, activity] != START_MILESTONE
        if stays and moved > instant and previous_finish(tables, calendar, instant) == instant:
            return instant
        return moved
    if columns[IS_ELAPSED, activity]:
        return next_start(tables, calendar, instant)
    first = columns[FIRST_PART, activity]
    earliest = next_start(tables, parts[PART_CALENDAR, first], instant)
    for part in range(first + 1, columns[FIRST_PART, activity + 1]):
        earliest = min(earliest, next_start(tables, parts[PART_CALENDAR, part], instant))
    return earliest


@compiled
def working_finish(columns: Table, parts: Table, tables: Table, activity: int, instant: int) -> int:
    """Return the last instant up to ``instant`` at which it can end; for a start milestone the next start."""
    calendar = columns[CALENDAR, activity]
    if columns[KIND, activity] == START_MILESTONE:
        return next_start(tables, calendar, instant)
    if columns[IS_ELAPSED, activity]:
        return previous_finish(tables, calendar, instant)
    first = columns[FIRST_PART, activity]
    latest = previous_finish(tables, parts[PART_CALENDAR, first], instant)
    for part in range(first + 1, columns[FIRST_PART, activity + 1]):
        latest = max(latest, previous_finish(tables, parts[PART_CALENDAR, part], instant))
    return latest
