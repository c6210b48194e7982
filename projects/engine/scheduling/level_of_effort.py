"""Level of effort: work that lasts as long as the work it supports (SCH-11)."""

import numpy as np

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.calendar_tables import next_start, previous_finish
from projects.engine.scheduling.layout import (
    ACTUAL_FINISH,
    ACTUAL_START,
    CALENDAR,
    DRIVER_LINK,
    EARLY_FINISH,
    EARLY_START,
    FIRST_INCOMING,
    INCOMING,
    KIND,
    LATE_FINISH,
    LATE_START,
    LINK_TYPE,
    PREDECESSOR,
    REMAINING_START,
    Table,
)
from projects.engine.scheduling.network import ActivityKind, LinkType


def span_level_of_effort(
    columns: Table,
    links: Table,
    tables: Table,
    dates: Table,
    project_start: int,
    project_finish: int,
) -> None:
    """
    Stretch each from the earliest start of its SS predecessors to the latest finish of its FF ones.

    Without predecessors of a kind the project's own start or finish takes their place. Late dates are the
    early ones: it has no float.
    """
    for activity in np.flatnonzero(columns[KIND, : dates.shape[1]] == ActivityKind.LEVEL_OF_EFFORT).tolist():
        into = links[INCOMING, columns[FIRST_INCOMING, activity] : columns[FIRST_INCOMING, activity + 1]]
        starts = dates[EARLY_START, links[PREDECESSOR, into[links[LINK_TYPE, into] == LinkType.SS]]]
        finishes = dates[EARLY_FINISH, links[PREDECESSOR, into[links[LINK_TYPE, into] == LinkType.FF]]]
        calendar = int(columns[CALENDAR, activity])
        start = int(starts.min()) if starts.size else project_start
        finish = int(finishes.max()) if finishes.size else max(project_finish, start)
        start = next_start(tables, calendar, start)
        finish = max(previous_finish(tables, calendar, finish), start)
        if columns[ACTUAL_START, activity] != NO_INSTANT:
            start = int(columns[ACTUAL_START, activity])
        if columns[ACTUAL_FINISH, activity] != NO_INSTANT:
            finish = int(columns[ACTUAL_FINISH, activity])
        dates[EARLY_START, activity] = dates[LATE_START, activity] = start
        dates[EARLY_FINISH, activity] = dates[LATE_FINISH, activity] = finish
        dates[REMAINING_START, activity] = start
        dates[DRIVER_LINK, activity] = -1
