"""
Columns of the arrays that the loops read and fill.

A loop takes a few two-dimensional int64 arrays instead of many small ones, with a row per activity, part,
link or interval: that makes a call of compiled code cheap and keeps together what is read together.
"""

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.int64]

# Activities: shape (n + 1, columns), the last row only for the offsets.
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
ACTIVITY_COLUMNS = 22

# Parts of activities: shape (p, columns).
PART_CALENDAR, PART_DELAY, PART_WORK, PART_REMAINING = range(4)
PART_COLUMNS = 4

# Links: shape (m, columns); INCOMING and OUTGOING list links by successor and by predecessor.
PREDECESSOR, SUCCESSOR, LINK_TYPE, LAG, LAG_CALENDAR, INCOMING, OUTGOING = range(7)
LINK_COLUMNS = 7

# Working time: intervals one calendar after another. FIRST_INTERVAL says by calendar where they begin, and
# DAY_INTERVAL by calendar and day which one is the last to start up to the beginning of that day. HEAD holds
# the first instant of the table, the length of a day and the number of days.
STARTS, ENDS, WORKED_BEFORE, FIRST_INTERVAL, DAY_INTERVAL, HEAD = range(6)
TABLE_COLUMNS = 6
TABLE_START, DAY_LENGTH, DAY_COUNT = range(3)

# Options: shape (columns,).
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

# Results: shape (n, columns).
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
DATE_COLUMNS = 10
