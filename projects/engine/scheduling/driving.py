"""Driving links, links that actual dates violate, and the longest path (SCH-18, SCH-19, SCH-26)."""

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.calendar_tables import add_minutes, minutes_between
from projects.engine.scheduling.compiled import compiled
from projects.engine.scheduling.layout import (
    ACTUAL_FINISH,
    ACTUAL_START,
    CALENDAR_SHIFT,
    CLOCK_SHIFT,
    DRIVER_LINK,
    END_BITS,
    END_SHIFT,
    FIRST_IN,
    HOW,
    IS_BEGUN,
    IS_FINISHED,
    IS_PLAIN,
    LINK,
    LINK_HOW,
    LINK_LAG,
    REACH,
    ROW,
    TYPE_BITS,
    WAITS,
    Table,
)
from projects.engine.scheduling.link_bounds import start_asked_for

FS, FF = 0, 2
NOTHING = NO_INSTANT


@compiled
def mark_links(
    columns: Table,
    parts: Table,
    traits: Table,
    incoming: Table,
    tables: Table,
    rules: Table,
    dates: Table,
    bounds: Table,
    is_driving: Table,
    is_violated: Table,
    moving: Table,
    is_partial: bool,
    is_final: bool,
) -> None:
    """
    Say of each link whether it is driving, and whether actual dates violate it.

    A link is driving whose bound is the working moment at which its successor starts or goes on (SCH-19).

    Parameters
    ----------
    is_driving, is_violated : ndarray of int64, shape (m,)
        By position in the input; filled with 0 or 1.
    is_final : bool
        ``bounds`` of the forward pass hold for the dates as they stand.
    """
    for activity in range(len(traits) - 1):
        if is_partial and moving[activity] == 0:
            continue
        flags = traits[activity][HOW]
        is_waiting = dates[DRIVER_LINK][activity] >= 0 and not flags & IS_FINISHED
        for at in range(traits[activity][FIRST_IN], traits[activity + 1][FIRST_IN]):
            link = incoming[at][LINK]
            is_driving[link] = 0
            if is_waiting and incoming[at][LINK_HOW] & WAITS:
                bound = bounds[at]
                if not is_final:
                    bound = start_asked_for(
                        columns, parts, traits, incoming, tables, rules, activity, at, dates, False
                    )
                if bound >= dates[REACH][activity]:
                    is_driving[link] = 1
            is_violated[link] = 0
            if flags & (IS_BEGUN | IS_FINISHED) and violates(columns, traits, incoming, tables, activity, at):
                is_violated[link] = 1


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
def walk_back(traits: Table, incoming: Table, is_driving: Table, is_open: Table, on_path: Table) -> None:
    """Set 1 for each open activity from which driving links lead to one that is set already (SCH-18)."""
    for activity in range(len(traits) - 2, -1, -1):
        if not on_path[activity]:
            continue
        for at in range(traits[activity][FIRST_IN], traits[activity + 1][FIRST_IN]):
            predecessor = incoming[at][LINK_HOW] >> END_SHIFT & END_BITS
            if is_driving[incoming[at][LINK]] and is_open[predecessor]:
                on_path[predecessor] = 1
