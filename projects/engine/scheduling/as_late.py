"""As late as possible: move right by free float, which delays no successor (domain 5.4)."""

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.calendar_tables import add_minutes
from projects.engine.scheduling.float_pass import free_float_of
from projects.engine.scheduling.layout import (
    ACTUAL_START,
    DRIVER,
    DRIVER_LINK,
    EARLY_FINISH,
    EARLY_START,
    FLOAT_CALENDAR,
    HOLD,
    IS_LATE,
    REMAINING_START,
    Table,
)
from projects.engine.scheduling.moves import start_from
from projects.engine.scheduling.rules import Driver


def move_as_late_as_possible(
    columns: Table,
    parts: Table,
    links: Table,
    tables: Table,
    rules: Table,
    order: Table,
    dates: Table,
    project_finish: int,
) -> None:
    """Move the unstarted activities that want it, successors first; early dates change, late ones stay."""
    size = order.size
    wanted = (columns[:size, IS_LATE] == 1) & (columns[:size, ACTUAL_START] == NO_INSTANT)
    for activity in order[::-1][wanted[order[::-1]]].tolist():
        free = free_float_of(columns, parts, links, tables, rules, dates, project_finish, activity)
        if free <= 0:
            continue
        calendar = int(columns[activity, FLOAT_CALENDAR])
        finish = add_minutes(tables, calendar, int(dates[activity, EARLY_FINISH]), free)
        start = start_from(columns, parts, tables, activity, finish)
        dates[activity, EARLY_START] = dates[activity, REMAINING_START] = start
        dates[activity, EARLY_FINISH] = dates[activity, HOLD] = finish
        dates[activity, DRIVER], dates[activity, DRIVER_LINK] = Driver.LATE, -1
