"""Level of effort: work that lasts as long as the work it supports (SCH-11)."""

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.calendar_tables import next_start, previous_finish
from projects.engine.scheduling.compiled import compiled
from projects.engine.scheduling.driving import mark_links_into
from projects.engine.scheduling.forward_pass import keep_positions
from projects.engine.scheduling.layout import (
    ACTUAL_FINISH,
    ACTUAL_START,
    CALENDAR,
    DRIVER_LINK,
    EARLY_FINISH,
    EARLY_START,
    END_BITS,
    END_SHIFT,
    FIRST_IN,
    HOW,
    IS_EFFORT,
    LATE_FINISH,
    LATE_START,
    LINK_HOW,
    REMAINING_START,
    ROW,
    TYPE_BITS,
    Table,
)

SS, FF = 1, 2
NOTHING = NO_INSTANT


@compiled
def span_level_of_effort(
    columns: Table,
    parts: Table,
    traits: Table,
    incoming: Table,
    tables: Table,
    dates: Table,
    positions: Table,
    bounds: Table,
    marks: Table,
    project_start: int,
    project_finish: int,
) -> None:
    """
    Stretch each from the earliest start of its SS predecessors to the latest finish of its FF ones.

    Without predecessors of a kind the project's own start or finish takes their place. Late dates are the
    early ones: it has no float.
    """
    for activity in range(len(traits) - 1):
        if not traits[activity][HOW] & IS_EFFORT:
            continue
        row = traits[activity][ROW]
        calendar = columns[row][CALENDAR]
        start, finish = NOTHING, NOTHING
        for at in range(traits[activity][FIRST_IN], traits[activity + 1][FIRST_IN]):
            how = incoming[at][LINK_HOW]
            kind, predecessor = how & TYPE_BITS, how >> END_SHIFT & END_BITS
            if kind == SS:
                begin = dates[EARLY_START][predecessor]
                start = begin if start == NOTHING else min(start, begin)
            elif kind == FF:
                finish = max(finish, dates[EARLY_FINISH][predecessor])
        if start == NOTHING:
            start = project_start
        if finish == NOTHING:
            finish = max(project_finish, start)
        start = next_start(tables, calendar, start)
        finish = max(previous_finish(tables, calendar, finish), start)
        if columns[row][ACTUAL_START] != NOTHING:
            start = columns[row][ACTUAL_START]
        if columns[row][ACTUAL_FINISH] != NOTHING:
            finish = columns[row][ACTUAL_FINISH]
        dates[EARLY_START][activity] = start
        dates[LATE_START][activity] = start
        dates[EARLY_FINISH][activity] = finish
        dates[LATE_FINISH][activity] = finish
        dates[REMAINING_START][activity] = start
        dates[DRIVER_LINK][activity] = -1
        keep_positions(traits, tables, activity, dates, positions)
        mark_links_into(columns, traits, incoming, tables, activity, dates, bounds, start, marks)
        positions[LATE_START][activity] = positions[EARLY_START][activity]
        positions[LATE_FINISH][activity] = positions[EARLY_FINISH][activity]
