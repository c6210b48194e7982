"""
Rows of the arrays that the loops read and fill.

A loop takes a few two-dimensional int64 arrays instead of many columns: that is what makes a call of
compiled code cheap. ``columns`` has a row per property of an activity and a column per activity, and so on.
"""

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.int64]

# Activities: shape (rows, n + 1), the last column only for the offsets.
(
    KIND,
    CALENDAR,
    FLOAT_CALENDAR,
    DURATION,
    IS_ELAPSED,
    IS_LATE,
    ACTUAL_START,
    ACTUAL_FINISH,
    RESUME,
    START_FLOOR,
    FINISH_FLOOR,
    START_CAP,
    FINISH_CAP,
    MUST_START,
    MUST_FINISH,
    DEADLINE,
    FIXED_START,
    FIXED_FINISH,
    LEVELING_DELAY,
    FIRST_PART,
    FIRST_INCOMING,
    FIRST_OUTGOING,
) = range(22)
ACTIVITY_ROWS = 22

# Parts of activities: shape (rows, p).
PART_CALENDAR, PART_DELAY, PART_WORK, PART_REMAINING = range(4)

# Links: shape (rows, m); INCOMING and OUTGOING list links by successor and by predecessor.
PREDECESSOR, SUCCESSOR, LINK_TYPE, LAG, LAG_CALENDAR, INCOMING, OUTGOING = range(7)
LINK_ROWS = 7

# Working time: shape (rows, intervals), FIRST_INTERVAL by calendar.
STARTS, ENDS, WORKED_BEFORE, FIRST_INTERVAL = range(4)

# Options: shape (rows,).
(
    IS_MICROSOFT,
    IS_PRIMAVERA,
    IS_OVERRIDE,
    HARD_DATES_WIN,
    DEADLINE_BOUNDS,
    PLAN_START,
    PLAN_MUST_FINISH,
    ELAPSED_CLOCK,
) = range(8)

# Results: shape (rows, n).
(
    EARLY_START,
    EARLY_FINISH,
    HOLD,
    REMAINING_START,
    LOGIC_START,
    LATE_START,
    LATE_FINISH,
    LATE_REMAINING_START,
    DRIVER,
    DRIVER_LINK,
) = range(10)
DATE_ROWS = 10
