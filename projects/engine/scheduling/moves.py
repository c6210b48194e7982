"""Moving one activity along its calendars: from start to finish, back again, and into working time."""

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.calendar_tables import (
    add_minutes,
    next_start,
    previous_finish,
    same_moment_from,
)
from projects.engine.scheduling.compiled import compiled
from projects.engine.scheduling.layout import (
    CALENDAR,
    CALENDAR_SHIFT,
    DURATION,
    FIRST_PART,
    HOW,
    IS_ELAPSED,
    IS_PLAIN,
    KIND,
    LENGTH,
    PART_CALENDAR,
    PART_DELAY,
    PART_REMAINING,
    PART_WORK,
    ROW,
    Table,
)

START_MILESTONE = 1
NOTHING = NO_INSTANT


@compiled
def own_calendar(columns: Table, traits: Table, activity: int) -> int:
    """Return the calendar an activity starts on, which is not the one of an elapsed duration."""
    how = traits[activity][HOW]
    return how >> CALENDAR_SHIFT if how & IS_PLAIN else columns[traits[activity][ROW]][CALENDAR]


@compiled
def finish_from(columns: Table, parts: Table, traits: Table, tables: Table, activity: int, start: int) -> int:
    """Return where the whole work ends when it starts at ``start``: the last of its parts."""
    how = traits[activity][HOW]
    if how & IS_PLAIN:
        return add_minutes(tables, how >> CALENDAR_SHIFT, start, traits[activity][LENGTH])
    row = traits[activity][ROW]
    latest = NOTHING
    for part in range(columns[row][FIRST_PART], columns[row + 1][FIRST_PART]):
        calendar = parts[part][PART_CALENDAR]
        begun = add_minutes(tables, calendar, start, parts[part][PART_DELAY])
        latest = max(latest, add_minutes(tables, calendar, begun, parts[part][PART_WORK]))
    return latest


@compiled
def start_from(columns: Table, parts: Table, traits: Table, tables: Table, activity: int, finish: int) -> int:
    """Return the start from which every part of the whole work ends at ``finish`` at the latest."""
    how = traits[activity][HOW]
    if how & IS_PLAIN:
        return add_minutes(tables, how >> CALENDAR_SHIFT, finish, -traits[activity][LENGTH])
    row = traits[activity][ROW]
    first = columns[row][FIRST_PART]
    earliest = add_minutes(
        tables, parts[first][PART_CALENDAR], finish, -parts[first][PART_WORK] - parts[first][PART_DELAY]
    )
    for part in range(first + 1, columns[row + 1][FIRST_PART]):
        minutes = parts[part][PART_WORK] + parts[part][PART_DELAY]
        earliest = min(earliest, add_minutes(tables, parts[part][PART_CALENDAR], finish, -minutes))
    return earliest


@compiled
def remaining_finish_from(
    columns: Table, parts: Table, traits: Table, tables: Table, activity: int, start: int
) -> int:
    """Return where the remaining work ends when it goes on at ``start``."""
    row = traits[activity][ROW]
    latest = NOTHING
    for part in range(columns[row][FIRST_PART], columns[row + 1][FIRST_PART]):
        minutes = parts[part][PART_REMAINING]
        latest = max(latest, add_minutes(tables, parts[part][PART_CALENDAR], start, minutes))
    return latest


@compiled
def remaining_start_from(
    columns: Table, parts: Table, traits: Table, tables: Table, activity: int, finish: int
) -> int:
    """Return the latest instant from which the remaining work ends at ``finish``."""
    row = traits[activity][ROW]
    first = columns[row][FIRST_PART]
    earliest = add_minutes(tables, parts[first][PART_CALENDAR], finish, -parts[first][PART_REMAINING])
    for part in range(first + 1, columns[row + 1][FIRST_PART]):
        minutes = parts[part][PART_REMAINING]
        earliest = min(earliest, add_minutes(tables, parts[part][PART_CALENDAR], finish, -minutes))
    return earliest


@compiled
def working_start(
    columns: Table, parts: Table, traits: Table, tables: Table, activity: int, instant: int
) -> int:
    """
    Return the first instant from ``instant`` at which the activity can start.

    What takes no time may sit at the end of a working period; a start milestone may not (SCH-3).
    """
    row = traits[activity][ROW]
    calendar = columns[row][CALENDAR]
    if columns[row][DURATION] == 0:
        moved = next_start(tables, calendar, instant)
        stays = columns[row][KIND] != START_MILESTONE
        if stays and moved > instant and previous_finish(tables, calendar, instant) == instant:
            return instant
        return moved
    if columns[row][IS_ELAPSED]:
        return next_start(tables, calendar, instant)
    first = columns[row][FIRST_PART]
    earliest = next_start(tables, parts[first][PART_CALENDAR], instant)
    for part in range(first + 1, columns[row + 1][FIRST_PART]):
        earliest = min(earliest, next_start(tables, parts[part][PART_CALENDAR], instant))
    return earliest


@compiled
def same_start_from(
    columns: Table, parts: Table, traits: Table, tables: Table, activity: int, start: int
) -> int:
    """Return the first instant from which `working_start` leads to ``start``."""
    how = traits[activity][HOW]
    if how & IS_PLAIN:
        return same_moment_from(tables, how >> CALENDAR_SHIFT, start)
    row = traits[activity][ROW]
    if columns[row][DURATION] == 0 or columns[row][IS_ELAPSED]:
        return same_moment_from(tables, columns[row][CALENDAR], start)
    latest = NOTHING
    for part in range(columns[row][FIRST_PART], columns[row + 1][FIRST_PART]):
        latest = max(latest, same_moment_from(tables, parts[part][PART_CALENDAR], start))
    return latest


@compiled
def working_finish(
    columns: Table, parts: Table, traits: Table, tables: Table, activity: int, instant: int
) -> int:
    """Return the last instant up to ``instant`` at which it can end; for a start milestone the next start."""
    row = traits[activity][ROW]
    calendar = columns[row][CALENDAR]
    if columns[row][KIND] == START_MILESTONE:
        return next_start(tables, calendar, instant)
    if columns[row][IS_ELAPSED]:
        return previous_finish(tables, calendar, instant)
    first = columns[row][FIRST_PART]
    latest = previous_finish(tables, parts[first][PART_CALENDAR], instant)
    for part in range(first + 1, columns[row + 1][FIRST_PART]):
        latest = max(latest, previous_finish(tables, parts[part][PART_CALENDAR], instant))
    return latest


@compiled
def same_finish_until(
    columns: Table, parts: Table, traits: Table, tables: Table, activity: int, finish: int
) -> int:
    """Return the last instant until which no part works after ``finish``: Monday 08:00 for Friday."""
    how = traits[activity][HOW]
    if how & IS_PLAIN:
        return next_start(tables, how >> CALENDAR_SHIFT, finish)
    row = traits[activity][ROW]
    first = columns[row][FIRST_PART]
    earliest = next_start(tables, parts[first][PART_CALENDAR], finish)
    for part in range(first + 1, columns[row + 1][FIRST_PART]):
        earliest = min(earliest, next_start(tables, parts[part][PART_CALENDAR], finish))
    return earliest
