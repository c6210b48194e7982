"""As late as possible: move right by free float, which delays no successor (domain 5.4)."""

from projects.engine.scheduling.calendar_tables import add_minutes, last_start
from projects.engine.scheduling.compiled import compiled
from projects.engine.scheduling.float_pass import free_float_of
from projects.engine.scheduling.forward_pass import keep_positions
from projects.engine.scheduling.layout import (
    CALENDAR,
    CALENDAR_SHIFT,
    DRIVER,
    DRIVER_LINK,
    DURATION,
    EARLY_FINISH,
    EARLY_START,
    HOLD,
    HOW,
    IS_BEGUN,
    IS_ELAPSED,
    IS_PORTAL,
    LATE_FINISH,
    LATE_START,
    REMAINING_START,
    ROW,
    WANTS_LATE,
    Table,
)
from projects.engine.scheduling.moves import finish_from, start_from, working_start

BY_LATE = 7


@compiled
def move_as_late_as_possible(
    columns: Table,
    parts: Table,
    traits: Table,
    outgoing: Table,
    tables: Table,
    rules: Table,
    dates: Table,
    positions: Table,
    project_finish: int,
) -> None:
    """Move the unstarted activities that want it, successors first; early dates change, late ones stay."""
    for activity in range(len(traits) - 2, -1, -1):
        how = traits[activity][HOW]
        if how & (WANTS_LATE | IS_BEGUN) != WANTS_LATE:
            continue
        free = free_float_of(traits, outgoing, tables, rules, dates, positions, project_finish, activity)
        if rules[IS_PORTAL]:
            free = min(free, positions[LATE_START][activity] - positions[EARLY_START][activity])
            free = min(free, positions[LATE_FINISH][activity] - positions[EARLY_FINISH][activity])
        if free <= 0:
            continue
        finish = add_minutes(tables, how >> CALENDAR_SHIFT, dates[EARLY_FINISH][activity], free)
        start = start_from(columns, parts, traits, tables, activity, finish)
        row = traits[activity][ROW]
        if columns[row][IS_ELAPSED]:
            start = last_start(tables, columns[row][CALENDAR], start)
            finish = finish_from(columns, parts, traits, tables, activity, start)
        elif columns[row][DURATION] == 0:
            start = finish = working_start(columns, parts, traits, tables, activity, finish)
        dates[EARLY_START][activity] = start
        dates[REMAINING_START][activity] = start
        dates[EARLY_FINISH][activity] = finish
        dates[HOLD][activity] = finish
        dates[DRIVER][activity] = BY_LATE
        dates[DRIVER_LINK][activity] = -1
        keep_positions(traits, tables, activity, dates, positions)
