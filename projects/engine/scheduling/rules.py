"""What set a date, and the options as the loops take them."""

from enum import IntEnum

import numpy as np

from projects.engine.scheduling.layout import Table
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
            options.float_kind,
            options.convention == Convention.PORTAL,
        ],
        dtype=np.int64,
    )
