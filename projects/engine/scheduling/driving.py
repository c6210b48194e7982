"""Driving links, links that actual dates violate, and the longest path (SCH-18, SCH-19, SCH-26)."""

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.calendar_tables import add_minutes, minutes_between
from projects.engine.scheduling.compiled import compiled, inlined
from projects.engine.scheduling.layout import (
    ACTUAL_FINISH,
    ACTUAL_START,
    CALENDAR_SHIFT,
    CLOCK_SHIFT,
    DRIVER_LINK,
    DRIVES,
    END_BITS,
    END_SHIFT,
    FIRST_IN,
    HOW,
    IS_BEGUN,
    IS_FINISHED,
    IS_PLAIN,
    IS_VIOLATED,
    LINK,
    LINK_HOW,
    LINK_LAG,
    REMAINING_START,
    ROW,
    TYPE_BITS,
    WAITS,
    Table,
)
from projects.engine.scheduling.link_bounds import start_asked_for
from projects.engine.scheduling.moves import same_start_from

FS, FF = 0, 2
NOTHING = NO_INSTANT


@compiled
def mark_links_again(
    columns: Table,
    parts: Table,
    traits: Table,
    incoming: Table,
    tables: Table,
    rules: Table,
    dates: Table,
    bounds: Table,
    marks: Table,
) -> None:
    """
    Mark the links into all activities anew, whose dates were moved after the forward pass.

    Parameters
    ----------
    bounds : ndarray of int64, shape (m,)
        Room for what the links into one activity ask for.
    """
    for activity in range(len(traits) - 1):
        first = traits[activity][FIRST_IN]
        for at in range(first, traits[activity + 1][FIRST_IN]):
            if incoming[at][LINK_HOW] & WAITS:
                bounds[at - first] = start_asked_for(
                    columns, parts, traits, incoming, tables, rules, activity, at, dates, False
                )
        reach = same_start_from(columns, parts, traits, tables, activity, dates[REMAINING_START][activity])
        mark_links_into(columns, traits, incoming, tables, activity, dates, bounds, reach, marks)


@inlined
def mark_links_into(
    columns: Table,
    traits: Table,
    incoming: Table,
    tables: Table,
    activity: int,
    dates: Table,
    bounds: Table,
    reach: int,
    marks: Table,
) -> None:
    """
    Say of each link into an activity whether it is driving, and whether actual dates violate it.

    A link is driving whose bound is the working moment at which its successor starts or goes on (SCH-19).

    Parameters
    ----------
    bounds : ndarray of int64
        What each of the links asks for.
    reach : int
        The first instant that is the same working moment as the start of what remains.
    marks : ndarray of int64, shape (m,)
        By position in the input; filled with the sum of what holds: DRIVES, IS_VIOLATED.
    """
    flags = traits[activity][HOW]
    is_waiting = dates[DRIVER_LINK][activity] >= 0 and not flags & IS_FINISHED
    first = traits[activity][FIRST_IN]
    for at in range(first, traits[activity + 1][FIRST_IN]):
        found = 0
        if is_waiting and incoming[at][LINK_HOW] & WAITS and bounds[at - first] >= reach:
            found = DRIVES
        if flags & (IS_BEGUN | IS_FINISHED) and violates(columns, traits, incoming, tables, activity, at):
            found |= IS_VIOLATED
        marks[incoming[at][LINK]] = found


@compiled
def violates(columns: Table, traits: Table, incoming: Table, tables: Table, activity: int, at: int) -> bool:
    """Return whether an activity began or ended before the actual dates of its predecessor let it."""
    how = incoming[at][LINK_HOW]
    predecessor = how >> END_SHIFT & END_BITS
    kind = how & TYPE_BITS
    row, before = traits[activity][ROW], traits[predecessor][ROW]
    actual = columns[row][ACTUAL_START] if kind < FF else columns[row][ACTUAL_FINISH]
    if actual == NOTHING:
        return False
    if traits[predecessor][HOW] & IS_PLAIN:
        return True
    known = columns[before][ACTUAL_FINISH] if kind % 2 == FS else columns[before][ACTUAL_START]
    if known == NOTHING:
        return True
    bound = add_minutes(tables, how >> CLOCK_SHIFT, known, incoming[at][LINK_LAG])
    return minutes_between(tables, traits[activity][HOW] >> CALENDAR_SHIFT, actual, bound) > 0


@compiled
def walk_back(traits: Table, incoming: Table, marks: Table, is_open: Table, on_path: Table) -> None:
    """Set 1 for each open activity from which driving links lead to one that is set already (SCH-18)."""
    for activity in range(len(traits) - 2, -1, -1):
        if not on_path[activity]:
            continue
        for at in range(traits[activity][FIRST_IN], traits[activity + 1][FIRST_IN]):
            predecessor = incoming[at][LINK_HOW] >> END_SHIFT & END_BITS
            if marks[incoming[at][LINK]] & DRIVES and is_open[predecessor]:
                on_path[predecessor] = 1
