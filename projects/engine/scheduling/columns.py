"""A network from columns: for plans that come out of a database as arrays, not as objects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projects.engine.calendar import ELAPSED_CALENDAR, WorkCalendar
from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.calendar_tables import SharedTime
from projects.engine.scheduling.layout import (
    ACTIVITY_COLUMNS,
    DURATION,
    FIRST_PART,
    FLOAT_CALENDAR,
    PART_CALENDAR,
    PART_COLUMNS,
    PART_DELAY,
    PART_REMAINING,
    PART_WORK,
    Table,
)
from projects.engine.scheduling.network import FIELDS, Network, choose_clocks, tie

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ActivityColumns:
    """
    Activities, one array of shape (n,) for each attribute of `projects.engine.scheduling.network.Activity`.

    ``remaining`` is the work not done yet, the whole duration where nothing was done; ``values`` holds the
    other attributes by name, those left out are missing everywhere. Without ``rest`` and ``remaining_rest``
    all work is done in one piece.
    """

    remaining: Numbers
    values: Mapping[str, Numbers]
    rest: Numbers | None = None
    remaining_rest: Numbers | None = None


@dataclass(frozen=True, slots=True)
class PartColumns:
    """Assignments that decide lengths, in order of activity: arrays of shape (p,); see `Part`."""

    activity: Numbers
    calendar: Numbers
    work: Numbers
    remaining: Numbers
    delay: Numbers


@dataclass(frozen=True, slots=True)
class LinkColumns:
    """Links as arrays of shape (m,); ``lag`` in minutes on the calendar at ``lag_calendar``."""

    predecessor: Numbers
    successor: Numbers
    type: Numbers
    lag: Numbers
    lag_calendar: Numbers


def network_of_columns(
    activities: ActivityColumns,
    links: LinkColumns,
    calendars: Sequence[WorkCalendar | SharedTime],
    *,
    start: int,
    parts: PartColumns | None = None,
    must_finish_by: int = NO_INSTANT,
) -> Network:
    """
    Return the network; positions of calendars are those in ``calendars``, elapsed time comes after them.

    Parameters
    ----------
    start : int
        See `Network`.
    parts : PartColumns, optional
        Activities without any are as long as their duration.
    """
    size, elapsed = activities.remaining.size, len(calendars)
    columns = np.zeros((size + 1, ACTIVITY_COLUMNS), dtype=np.int64)
    for column, name in FIELDS.items():
        columns[:size, column] = activities.values.get(name, MISSING.get(name, NO_INSTANT))
    choose_clocks(columns, elapsed)
    return Network(
        start=start,
        size=size,
        columns=columns,
        parts=_parts(columns, activities, parts),
        links=tie(
            columns,
            predecessor=links.predecessor,
            successor=links.successor,
            kind=links.type,
            lag=links.lag,
            lag_calendar=links.lag_calendar,
        ),
        calendars=(*calendars, ELAPSED_CALENDAR),
        must_finish_by=must_finish_by,
    )


MISSING = {"kind": 0, "calendar": 0, "duration": 0, "is_elapsed": 0, "is_as_late_as_possible": 0}
MISSING |= {"leveling_delay": 0}


def _parts(columns: Table, activities: ActivityColumns, given: PartColumns | None) -> Table:
    """Return the parts in order of activity, the duration itself where none is given; fill the offsets."""
    size = activities.remaining.size
    counts = np.zeros(size, dtype=np.int64) if given is None else np.bincount(given.activity, minlength=size)
    alone = np.flatnonzero(counts == 0)
    columns[1:, FIRST_PART] = np.cumsum(np.maximum(counts, 1))
    whole = columns[alone]
    rows = np.empty((alone.size + int(counts.sum()), PART_COLUMNS), dtype=np.int64)
    at = columns[alone, FIRST_PART]
    rows[at, PART_CALENDAR] = whole[:, FLOAT_CALENDAR]
    rows[at, PART_DELAY] = 0
    rows[at, PART_WORK] = whole[:, DURATION]
    rows[at, PART_REMAINING] = activities.remaining[alone]
    if activities.rest is not None and activities.remaining_rest is not None:
        rows[at, PART_WORK] += activities.rest[alone]
        rows[at, PART_REMAINING] += activities.remaining_rest[alone]
    if given is not None and given.activity.size:
        place = np.arange(given.activity.size) - np.searchsorted(given.activity, given.activity)
        at = columns[given.activity, FIRST_PART] + place
        rows[at, PART_CALENDAR] = given.calendar
        rows[at, PART_DELAY] = given.delay
        rows[at, PART_WORK] = given.work
        rows[at, PART_REMAINING] = given.remaining
    return rows
