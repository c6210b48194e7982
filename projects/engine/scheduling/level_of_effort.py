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
    for activity in np.flatnonzero(columns[: dates.shape[0], KIND] == ActivityKind.LEVEL_OF_EFFORT).tolist():
        into = links[columns[activity, FIRST_INCOMING] : columns[activity + 1, FIRST_INCOMING], INCOMING]
        starts = dates[links[into[links[into, LINK_TYPE] == LinkType.SS], PREDECESSOR], EARLY_START]
        finishes = dates[links[into[links[into, LINK_TYPE] == LinkType.FF], PREDECESSOR], EARLY_FINISH]
        calendar = int(columns[activity, CALENDAR])
        start = int(starts.min()) if starts.size else project_start
        finish = int(finishes.max()) if finishes.size else max(project_finish, start)
        start = next_start(tables, calendar, start)
        finish = max(previous_finish(tables, calendar, finish), start)
        if columns[activity, ACTUAL_START] != NO_INSTANT:
            start = int(columns[activity, ACTUAL_START])
        if columns[activity, ACTUAL_FINISH] != NO_INSTANT:
            finish = int(columns[activity, ACTUAL_FINISH])
        dates[activity, EARLY_START] = dates[activity, LATE_START] = start
        dates[activity, EARLY_FINISH] = dates[activity, LATE_FINISH] = finish
        dates[activity, REMAINING_START] = start
        dates[activity, DRIVER_LINK] = -1
