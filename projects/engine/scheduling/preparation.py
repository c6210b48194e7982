"""What the passes read of each activity and link, brought close together once before they run."""

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.compiled import compiled, inlined
from projects.engine.scheduling.layout import (
    ACTUAL_FINISH,
    ACTUAL_START,
    BINDS,
    CALENDAR,
    CALENDAR_SHIFT,
    CLOCK_SHIFT,
    COUNTS,
    DURATION,
    END_SHIFT,
    FIRST_IN,
    FIRST_INCOMING,
    FIRST_OUT,
    FIRST_OUTGOING,
    FIRST_PART,
    FIXED_FINISH,
    FIXED_START,
    FLAG_BITS,
    FLOAT_CALENDAR,
    HOW,
    IS_BEGUN,
    IS_EFFORT,
    IS_ELAPSED,
    IS_FINISHED,
    IS_LATE,
    IS_MICROSOFT,
    IS_OVERRIDE,
    IS_PLAIN,
    IS_PRIMAVERA,
    KIND,
    LAG,
    LAG_CALENDAR,
    LENGTH,
    LEVELING_DELAY,
    LINK,
    LINK_HOW,
    LINK_LAG,
    LINK_TYPE,
    PART_CALENDAR,
    PART_DELAY,
    PART_WORK,
    PREDECESSOR,
    SUCCESSOR,
    WAITS,
    WANTS_LATE,
    Table,
)

NOTHING = NO_INSTANT
SS, SF = 1, 3
TASK, LEVEL_OF_EFFORT = 0, 3
RANK, NEXT_IN, NEXT_OUT = range(3)
LOWEST, HIGHEST, LONGEST, EVERY_FLAG = range(4)
"""What `read_activities` says of all activities: first and last date given, longest part, flags of any."""


@compiled
def read_activities(columns: Table, parts: Table, given: Table, known: Table) -> None:
    """
    Fill the traits of all activities in the order of input, and widen what is ``known`` of them.

    Parameters
    ----------
    given : ndarray of int64, shape (n + 1, TRAIT_COLUMNS)
        As in `projects.engine.scheduling.layout`.
    known : ndarray of int64, shape (4,)
        LOWEST, HIGHEST, LONGEST and EVERY_FLAG.
    """
    size = len(given) - 1
    for activity in range(size):
        how, length = traits_of(columns, parts, known, activity)
        given[activity][HOW] = how
        given[activity][LENGTH] = length
        given[activity][FIRST_IN] = columns[activity][FIRST_INCOMING]
        given[activity][FIRST_OUT] = columns[activity][FIRST_OUTGOING]
    given[size][FIRST_IN] = columns[size][FIRST_INCOMING]
    given[size][FIRST_OUT] = columns[size][FIRST_OUTGOING]


@inlined
def traits_of(columns: Table, parts: Table, known: Table, activity: int) -> tuple[int, int]:
    """Return HOW and LENGTH or ROW of one activity."""
    flags = 0
    if columns[activity][ACTUAL_START] != NOTHING:
        flags |= IS_BEGUN
    if columns[activity][ACTUAL_FINISH] != NOTHING:
        flags |= IS_FINISHED
    if columns[activity][KIND] == LEVEL_OF_EFFORT:
        flags |= IS_EFFORT
    if columns[activity][IS_LATE] != 0 and columns[activity][FIXED_START] == NOTHING:
        flags |= WANTS_LATE
    is_dated = False
    for column in range(ACTUAL_START, FIXED_FINISH + 1):
        instant = columns[activity][column]
        if instant != NOTHING:
            is_dated = True
            known[LOWEST] = min(known[LOWEST], instant)
            known[HIGHEST] = max(known[HIGHEST], instant)
    first, last = columns[activity][FIRST_PART], columns[activity + 1][FIRST_PART]
    for part in range(first, last):
        known[LONGEST] = max(known[LONGEST], parts[part][PART_WORK])
    calendar, length = columns[activity][FLOAT_CALENDAR], activity
    if flags == 0 and not is_dated and last == first + 1 and columns[activity][KIND] == TASK:
        work = parts[first][PART_WORK]
        is_usual = columns[activity][IS_ELAPSED] == 0 and columns[activity][LEVELING_DELAY] == 0
        is_work = columns[activity][DURATION] > 0 and work > 0 and parts[first][PART_DELAY] == 0
        if is_usual and is_work and columns[activity][CALENDAR] == parts[first][PART_CALENDAR] == calendar:
            flags |= IS_PLAIN
            length = work
    known[EVERY_FLAG] |= flags
    return calendar << CALENDAR_SHIFT | flags, length


@compiled
def arrange_activities(given: Table, order: Table, rank: Table, traits: Table) -> None:
    """
    Bring activities into topological order.

    Parameters
    ----------
    order, rank : ndarray of int64, shape (n,)
        Activities in topological order; ``rank`` is filled with the place of each.
    traits : ndarray of int64, shape (n + 1, TRAIT_COLUMNS)
        Filled in topological order.
    """
    into, out = 0, 0
    for at in range(len(order)):
        activity = order[at]
        rank[activity] = at
        traits[at][HOW] = given[activity][HOW]
        traits[at][LENGTH] = given[activity][LENGTH]
        traits[at][FIRST_IN] = into
        traits[at][FIRST_OUT] = out
        into += given[activity + 1][FIRST_IN] - given[activity][FIRST_IN]
        out += given[activity + 1][FIRST_OUT] - given[activity][FIRST_OUT]
    traits[len(order)][FIRST_IN] = into
    traits[len(order)][FIRST_OUT] = out


@compiled
def arrange_links(
    links: Table, rules: Table, rank: Table, traits: Table, places: Table, incoming: Table, outgoing: Table
) -> None:
    """
    Bring the links into the orders in which they are met.

    Parameters
    ----------
    places : ndarray of int64, shape (3, n)
        Room: by activity its rank above its flags, and the next free rows of its links.
    incoming, outgoing : ndarray of int64, shape (m, INCOMING_COLUMNS) and (m, OUTGOING_COLUMNS)
        Filled by successor with the predecessor as other end, and by predecessor with the successor; links
        of one activity stay in the order of input.
    """
    for activity in range(len(rank)):
        at = rank[activity]
        places[RANK][activity] = at << END_SHIFT | traits[at][HOW] & FLAG_BITS
        places[NEXT_IN][activity] = traits[at][FIRST_IN]
        places[NEXT_OUT][activity] = traits[at][FIRST_OUT]
    for link in range(len(links)):
        predecessor, successor = links[link][PREDECESSOR], links[link][SUCCESSOR]
        first, second = places[RANK][predecessor], places[RANK][successor]
        kind, clock, lag = links[link][LINK_TYPE], links[link][LAG_CALENDAR], links[link][LAG]
        how = how_of(kind, clock, rules, first, second)
        at = places[NEXT_IN][successor]
        places[NEXT_IN][successor] = at + 1
        incoming[at][LINK_HOW] = how | first >> END_SHIFT << END_SHIFT
        incoming[at][LINK_LAG] = lag
        incoming[at][LINK] = link
        at = places[NEXT_OUT][predecessor]
        places[NEXT_OUT][predecessor] = at + 1
        outgoing[at][LINK_HOW] = how | second >> END_SHIFT << END_SHIFT
        outgoing[at][LINK_LAG] = lag


@inlined
def how_of(kind: int, clock: int, rules: Table, first: int, second: int) -> int:
    """
    Return type and calendar of a link, and what it counts for: SCH-11, SCH-24, SCH-25, SCH-27.

    ``first`` and ``second`` hold the flags of predecessor and successor.
    """
    how = clock << CLOCK_SHIFT | kind
    if (first | second) & (IS_BEGUN | IS_FINISHED | IS_EFFORT) == 0:
        return how | WAITS | BINDS | COUNTS
    is_overridden = rules[IS_OVERRIDE] != 0 and second & IS_BEGUN != 0
    is_ours = rules[IS_PRIMAVERA] == 0
    is_left_behind = is_overridden and first & IS_FINISHED == 0
    is_past = first & second & IS_FINISHED != 0
    if not (is_left_behind or is_past or (is_ours and first & IS_EFFORT != 0)):
        how |= WAITS
    if second & IS_FINISHED == 0 and not (is_ours and second & IS_EFFORT != 0):
        how |= COUNTS
    is_start_past = first & IS_BEGUN != 0 and (kind == SS or (kind == SF and rules[IS_MICROSOFT] == 0))
    if not (is_overridden or (is_ours and (how & COUNTS == 0 or is_start_past))):
        how |= BINDS
    return how
