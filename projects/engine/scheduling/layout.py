"""
Columns of the arrays that the loops read and fill.

A loop takes a few two-dimensional int64 arrays instead of many small ones: that makes a call of compiled code
cheap and keeps together what is read together. It asks for ``table[row][column]`` and not for
``table[row, column]``: plain lists of lists serve as well where nothing is compiled.
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

# Links: shape (m, columns).
PREDECESSOR, SUCCESSOR, LINK_TYPE, LAG, LAG_CALENDAR = range(5)

# Working time, each kind of value a row: intervals one calendar after another, those of each calendar between
# one without length and one never reached; FIRST_INTERVAL says by calendar where they begin. TIME_BLOCK says
# by calendar and block of time which interval is the last to start up to the beginning of that block,
# WORK_BLOCK the same by block of work done, whose calendars begin at FIRST_WORK_BLOCK. Blocks are powers of
# two long, as HEAD says, which also holds where the table begins.
(
    STARTS,
    ENDS,
    WORKED_BEFORE,
    FIRST_INTERVAL,
    TIME_BLOCK,
    WORK_BLOCK,
    FIRST_WORK_BLOCK,
    HEAD,
) = range(8)
TABLE_ROWS = 8
TABLE_START, TIME_SHIFT, TIME_BLOCKS, WORK_SHIFT = range(4)

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
    FLOAT_KIND,
    IS_PORTAL,
) = range(10)

# What every visit of an activity reads: a row each in topological order, and one more for the offsets. HOW
# holds the flags below and, above them, the calendar float is counted in. A plain activity has not begun,
# knows no dates and is one piece of work of LENGTH on that one calendar: most are, and the passes place them
# without looking further. Any other has in the same place the ROW of `Network.columns` that says more.
HOW, LENGTH, FIRST_IN, FIRST_OUT = range(4)
ROW = LENGTH
TRAIT_COLUMNS = 4
IS_PLAIN, IS_BEGUN, IS_FINISHED, IS_EFFORT, WANTS_LATE = 1, 2, 4, 8, 16
CALENDAR_SHIFT = 8
FLAG_BITS = 255

# Links as they are met: rows by successor and again by predecessor. LINK_HOW holds the type, the flags below,
# the other end and the calendar of the lag; by successor the position of the link in the input is kept too.
LINK_HOW, LINK_LAG, LINK = range(3)
INCOMING_COLUMNS, OUTGOING_COLUMNS = 3, 2
TYPE_BITS, WAITS, BINDS, COUNTS = 3, 4, 8, 16
END_SHIFT, END_BITS = 8, (1 << 32) - 1
CLOCK_SHIFT = 40

# What is said of a link.
DRIVES, IS_VIOLATED = 1, 2

# Results in topological order, each kind of value a row of n: float, then dates and what set them, of which
# the first seven are shown, then the working time before the first four dates. ALLOWED is the late finish
# that successors allow.
(
    EARLY_START,
    EARLY_FINISH,
    LATE_START,
    LATE_FINISH,
    REMAINING_START,
    DRIVER,
    DRIVER_LINK,
    HOLD,
    LOGIC_START,
    LATE_REMAINING_START,
    ALLOWED,
) = range(11)
DATE_ROWS = 11
SHOWN_ROWS = 7
POSITION_ROWS = 4

# Float, each kind a row of n.
TOTAL_FLOAT, START_FLOAT, FINISH_FLOAT, FREE_FLOAT = range(4)
FLOAT_ROWS = 4
