"""What set a date, the options as the loops take them, and room for what they find."""

from enum import IntEnum

import numpy as np

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.layout import DATE_COLUMNS, DRIVER, DRIVER_LINK, Table
from projects.engine.scheduling.network import Network
from projects.engine.scheduling.options import Convention, ProgressMode, ScheduleOptions


class Driver(IntEnum):
    """What set the start of an activity."""

    PROJECT_START = 0
    LINK = 1
    CONSTRAINT = 2
    ACTUAL = 3
    FIXED = 4
    RESUME = 5
    LEVELING = 6
    LATE = 7


def rules_of(network: Network, options: ScheduleOptions) -> Table:
    """Return the options in the order of `projects.engine.scheduling.layout`."""
    return np.array(
        [
            options.convention == Convention.MICROSOFT,
            options.convention == Convention.PRIMAVERA,
            options.progress_mode == ProgressMode.PROGRESS_OVERRIDE,
            options.hard_dates_win,
            options.deadline_bounds_float,
            network.start,
            network.must_finish_by,
            len(network.calendars) - 1,
        ],
        dtype=np.int64,
    )


def no_dates(size: int) -> Table:
    """Return results to be filled."""
    dates = np.full((size, DATE_COLUMNS), NO_INSTANT, dtype=np.int64)
    dates[:, DRIVER] = 0
    dates[:, DRIVER_LINK] = -1
    return dates
