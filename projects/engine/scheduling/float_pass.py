"""Total, start, finish and free float (SCH-16, SCH-17)."""

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.calendar_tables import instant_after, position_of
from projects.engine.scheduling.compiled import compiled, inlined
from projects.engine.scheduling.layout import (
    CALENDAR_SHIFT,
    CLOCK_SHIFT,
    COUNTS,
    DURATION,
    EARLY_FINISH,
    EARLY_START,
    END_BITS,
    END_SHIFT,
    FINISH_FLOAT,
    FIRST_OUT,
    FLOAT_KIND,
    FREE_FLOAT,
    HARD_DATES_WIN,
    HOW,
    IS_BEGUN,
    IS_EFFORT,
    IS_FINISHED,
    IS_MICROSOFT,
    IS_PLAIN,
    IS_PORTAL,
    LATE_FINISH,
    LATE_START,
    LINK_HOW,
    LINK_LAG,
    LOGIC_START,
    MUST_FINISH,
    REMAINING_START,
    ROW,
    START_FLOAT,
    TOTAL_FLOAT,
    TYPE_BITS,
    WANTS_LATE,
    Table,
)

# FS and FF, the even ones, wait for the predecessor's finish; FF and SF hold the successor's.
FS, FF = 0, 2
BY_START, BY_FINISH = 1, 2
NOTHING = NO_INSTANT


@compiled
def float_pass(
    columns: Table,
    traits: Table,
    outgoing: Table,
    tables: Table,
    rules: Table,
    dates: Table,
    positions: Table,
    floats: Table,
    touched: Table,
    project_finish: int,
    is_partial: bool,
) -> None:
    """
    Fill the float of all activities, or of those ``touched``, in working minutes of each one's calendar.

    In our convention free float never exceeds total float (SCH-17), and what is finished or a level of
    effort has none.
    """
    is_ours = rules[IS_PORTAL]
    for activity in range(len(traits) - 1):
        if is_partial and touched[activity] == 0:
            continue
        if is_ours and traits[activity][HOW] & (IS_FINISHED | IS_EFFORT):
            for row in range(FREE_FLOAT + 1):
                floats[row][activity] = NOTHING
            continue
        start_float = positions[LATE_START][activity] - positions[EARLY_START][activity]
        if rules[IS_MICROSOFT] and rules[HARD_DATES_WIN] and not traits[activity][HOW] & IS_PLAIN:
            start_float = hard_start_float(columns, traits, tables, activity, dates, positions)
        finish_float = positions[LATE_FINISH][activity] - positions[EARLY_FINISH][activity]
        total = total_of(traits, rules, activity, start_float, finish_float)
        free = free_float_of(traits, outgoing, tables, rules, dates, positions, project_finish, activity)
        if free == NOTHING:
            free = max(0, total)
        floats[START_FLOAT][activity] = start_float
        floats[FINISH_FLOAT][activity] = finish_float
        floats[TOTAL_FLOAT][activity] = total
        floats[FREE_FLOAT][activity] = min(free, max(0, total)) if is_ours else free


@compiled
def hard_start_float(
    columns: Table, traits: Table, tables: Table, activity: int, dates: Table, positions: Table
) -> int:
    """Return the start float of what may have to finish on a date: a milestone counts from its logic."""
    row = traits[activity][ROW]
    position = positions[EARLY_START][activity]
    is_held = columns[row][DURATION] == 0 and columns[row][MUST_FINISH] != NOTHING
    if is_held and dates[LOGIC_START][activity] > dates[EARLY_START][activity]:
        calendar = traits[activity][HOW] >> CALENDAR_SHIFT
        position = position_of(tables, calendar, dates[LOGIC_START][activity])
    return positions[LATE_START][activity] - position


@inlined
def total_of(traits: Table, rules: Table, activity: int, start_float: int, finish_float: int) -> int:
    """Return total float by the kind wanted; only the finish counts once work has begun (SCH-16)."""
    flags = traits[activity][HOW]
    if flags & IS_FINISHED or (rules[IS_MICROSOFT] and flags & WANTS_LATE):
        return 0
    if rules[FLOAT_KIND] == BY_START:
        return start_float
    if rules[FLOAT_KIND] == BY_FINISH or flags & IS_BEGUN:
        return finish_float
    return min(start_float, finish_float)


@inlined
def free_float_of(
    traits: Table,
    outgoing: Table,
    tables: Table,
    rules: Table,
    dates: Table,
    positions: Table,
    project_finish: int,
    activity: int,
) -> int:
    """Return the least slack of the links out of an activity; nothing where Microsoft takes total float."""
    if traits[activity][HOW] & IS_FINISHED:
        return 0
    least = NOTHING
    for at in range(traits[activity][FIRST_OUT], traits[activity + 1][FIRST_OUT]):
        if outgoing[at][LINK_HOW] & COUNTS:
            slack = link_slack(traits, outgoing, tables, rules, dates, positions, activity, at)
            if slack <= 0:
                return 0
            least = slack if least == NOTHING else min(least, slack)
    if least != NOTHING:
        return least
    if rules[IS_MICROSOFT]:
        return NOTHING
    calendar = traits[activity][HOW] >> CALENDAR_SHIFT
    return max(0, position_of(tables, calendar, project_finish) - positions[EARLY_FINISH][activity])


@inlined
def link_slack(
    traits: Table,
    outgoing: Table,
    tables: Table,
    rules: Table,
    dates: Table,
    positions: Table,
    predecessor: int,
    at: int,
) -> int:
    """Return how far the predecessor may move before this link moves its successor, in its own calendar."""
    how, lag = outgoing[at][LINK_HOW], outgoing[at][LINK_LAG]
    successor = how >> END_SHIFT & END_BITS
    kind, lag_calendar = how & TYPE_BITS, how >> CLOCK_SHIFT
    first, second = traits[predecessor][HOW], traits[successor][HOW]
    calendar = first >> CALENDAR_SHIFT
    own = EARLY_FINISH if kind % 2 == FS else EARLY_START
    other = EARLY_FINISH if kind >= FF else EARLY_START
    if rules[IS_MICROSOFT]:
        if first & WANTS_LATE:
            own += LATE_START
        if second & WANTS_LATE:
            other += LATE_START
    elif kind < FF and second & IS_BEGUN:
        other = REMAINING_START
    if other != REMAINING_START and second >> CALENDAR_SHIFT == calendar:
        until = positions[other][successor]
    else:
        until = position_of(tables, calendar, dates[other][successor])
    since = positions[own][predecessor]
    if lag == 0 or rules[IS_MICROSOFT] or lag_calendar == calendar:
        return until - since - lag
    return until - position_of(
        tables, calendar, instant_after(tables, lag_calendar, dates[own][predecessor], lag)
    )
