"""Forward pass: the earliest dates, and what set each of them (SCH-7, SCH-12 to SCH-15, SCH-20 to SCH-25)."""

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.calendar_tables import (
    add_minutes,
    finish_at,
    next_interval,
    position_of,
)
from projects.engine.scheduling.compiled import compiled, inlined
from projects.engine.scheduling.driving import mark_links_into
from projects.engine.scheduling.layout import (
    ACTUAL_FINISH,
    ACTUAL_START,
    CALENDAR_SHIFT,
    DRIVER,
    DRIVER_LINK,
    EARLY_FINISH,
    EARLY_START,
    ELAPSED_CLOCK,
    END_BITS,
    END_SHIFT,
    ENDS,
    FINISH_CAP,
    FINISH_FLOOR,
    FIRST_IN,
    FIRST_OUT,
    FIXED_FINISH,
    FIXED_START,
    HARD_DATES_WIN,
    HOLD,
    HOW,
    IS_BEGUN,
    IS_FINISHED,
    IS_MICROSOFT,
    IS_OVERRIDE,
    IS_PLAIN,
    IS_PRIMAVERA,
    LENGTH,
    LEVELING_DELAY,
    LINK_HOW,
    LOGIC_START,
    MUST_FINISH,
    MUST_START,
    PLAN_START,
    REMAINING_START,
    RESUME,
    ROW,
    START_CAP,
    START_FLOOR,
    STARTS,
    WORKED_BEFORE,
    Table,
)
from projects.engine.scheduling.link_bounds import latest_bound, link_bound
from projects.engine.scheduling.moves import (
    finish_from,
    remaining_finish_from,
    remaining_start_from,
    same_start_from,
    start_from,
    working_start,
)

NOTHING = NO_INSTANT
BY_START, BY_LINK, BY_CONSTRAINT, BY_ACTUAL, BY_FIXED, BY_RESUME, BY_LEVELING = 0, 1, 2, 3, 4, 5, 6


@compiled
def forward_pass(
    columns: Table,
    parts: Table,
    traits: Table,
    incoming: Table,
    outgoing: Table,
    tables: Table,
    rules: Table,
    dates: Table,
    positions: Table,
    bounds: Table,
    marks: Table,
    moving: Table,
    touched: Table,
    is_partial: bool,
    after_late: bool,
) -> None:
    """
    Fill the early dates of all activities, and mark the links into each.

    Parameters
    ----------
    bounds : ndarray of int64, shape (m,)
        Room for the start that each link into one activity asks for.
    marks : ndarray of int64, shape (m,)
        See `projects.engine.scheduling.driving.mark_links_into`.
    moving, touched : ndarray of int64, shape (n,)
        Used where ``is_partial``: only activities in ``moving`` are placed, and those join whose predecessors
        come out elsewhere. What may have other float is ``touched``.
    after_late : bool
        Second round: successors of as-late-as-possible activities wait for their late dates (Microsoft).
    """
    for activity in range(len(traits) - 1):
        if is_partial and moving[activity] == 0:
            continue
        start, finish = dates[EARLY_START][activity], dates[EARLY_FINISH][activity]
        hold, remaining = dates[HOLD][activity], dates[REMAINING_START][activity]
        if traits[activity][HOW] & IS_PLAIN:
            reach = place_plain(
                columns,
                parts,
                traits,
                incoming,
                tables,
                rules,
                activity,
                dates,
                positions,
                bounds,
                after_late,
            )
        else:
            place(columns, parts, traits, incoming, tables, rules, activity, dates, bounds, after_late)
            keep_positions(traits, tables, activity, dates, positions)
            begun = dates[REMAINING_START][activity]
            reach = same_start_from(columns, parts, traits, tables, activity, begun)
        mark_links_into(columns, traits, incoming, tables, activity, dates, bounds, reach, marks)
        if is_partial:
            touched[activity] = 1
            if (
                start != dates[EARLY_START][activity]
                or finish != dates[EARLY_FINISH][activity]
                or hold != dates[HOLD][activity]
                or remaining != dates[REMAINING_START][activity]
            ):
                spread(traits, incoming, outgoing, moving, touched, activity)


@compiled
def spread(
    traits: Table, incoming: Table, outgoing: Table, moving: Table, touched: Table, activity: int
) -> None:
    """Let the successors of an activity that moved be placed again, and its neighbors' float be counted."""
    for at in range(traits[activity][FIRST_OUT], traits[activity + 1][FIRST_OUT]):
        moving[outgoing[at][LINK_HOW] >> END_SHIFT & END_BITS] = 1
    for at in range(traits[activity][FIRST_IN], traits[activity + 1][FIRST_IN]):
        touched[incoming[at][LINK_HOW] >> END_SHIFT & END_BITS] = 1


@inlined
def place_plain(
    columns: Table,
    parts: Table,
    traits: Table,
    incoming: Table,
    tables: Table,
    rules: Table,
    activity: int,
    dates: Table,
    positions: Table,
    bounds: Table,
    after_late: bool,
) -> int:
    """
    Place work that has not begun and knows no dates: as `place_unstarted`, and much shorter.

    Returns the first instant that is the same working moment as its start.
    """
    start, link = latest_bound(
        columns, parts, traits, incoming, tables, rules, activity, dates, bounds, after_late
    )
    driver = BY_LINK
    if start == NOTHING or (not rules[IS_MICROSOFT] and start < rules[PLAN_START]):
        start, link, driver = rules[PLAN_START], -1, BY_START
    calendar = traits[activity][HOW] >> CALENDAR_SHIFT
    at = next_interval(tables, calendar, start)
    begin, before = tables[STARTS][at], tables[ENDS][at - 1]
    start = max(start, begin)
    reach = before if start == begin else start
    position = tables[WORKED_BEFORE][at] + start - tables[STARTS][at]
    finish_position = position + traits[activity][LENGTH]
    finish = finish_at(tables, calendar, finish_position)
    dates[EARLY_START][activity] = start
    dates[REMAINING_START][activity] = start
    dates[EARLY_FINISH][activity] = finish
    dates[HOLD][activity] = finish
    dates[DRIVER][activity] = driver
    dates[DRIVER_LINK][activity] = link
    positions[EARLY_START][activity] = position
    positions[EARLY_FINISH][activity] = finish_position
    return reach


@compiled
def keep_positions(traits: Table, tables: Table, activity: int, dates: Table, positions: Table) -> None:
    """Keep the working time before early dates."""
    calendar = traits[activity][HOW] >> CALENDAR_SHIFT
    positions[EARLY_START][activity] = position_of(tables, calendar, dates[EARLY_START][activity])
    positions[EARLY_FINISH][activity] = position_of(tables, calendar, dates[EARLY_FINISH][activity])


@compiled
def place(
    columns: Table,
    parts: Table,
    traits: Table,
    incoming: Table,
    tables: Table,
    rules: Table,
    activity: int,
    dates: Table,
    bounds: Table,
    after_late: bool,
) -> None:
    """Place any activity: one with fixed dates, finished, started or neither."""
    row = traits[activity][ROW]
    flags = traits[activity][HOW]
    if columns[row][FIXED_START] != NOTHING and not flags & IS_FINISHED:
        dates[EARLY_START][activity] = columns[row][FIXED_START]
        dates[EARLY_FINISH][activity] = columns[row][FIXED_FINISH]
        dates[REMAINING_START][activity] = columns[row][FIXED_START]
        dates[LOGIC_START][activity] = columns[row][FIXED_START]
        dates[DRIVER][activity] = BY_FIXED
        dates[DRIVER_LINK][activity] = -1
    elif flags & IS_FINISHED:
        place_finished(columns, traits, rules, activity, dates)
    elif flags & IS_BEGUN:
        place_started(columns, parts, traits, incoming, tables, rules, activity, dates, bounds, after_late)
    else:
        place_unstarted(columns, parts, traits, incoming, tables, rules, activity, dates, bounds, after_late)
    dates[HOLD][activity] = dates[EARLY_FINISH][activity]
    if flags & IS_FINISHED and not rules[IS_MICROSOFT] and not rules[IS_OVERRIDE]:
        bound = link_bound(
            columns, parts, traits, incoming, tables, rules, activity, dates, bounds, after_late
        )[0]
        dates[HOLD][activity] = max(dates[HOLD][activity], bound)


@compiled
def place_finished(columns: Table, traits: Table, rules: Table, activity: int, dates: Table) -> None:
    """Keep the actual dates; Primavera shows finished work at the data date."""
    row = traits[activity][ROW]
    start, finish = columns[row][ACTUAL_START], columns[row][ACTUAL_FINISH]
    if rules[IS_PRIMAVERA]:
        start = finish = rules[PLAN_START]
    dates[EARLY_START][activity] = start
    dates[EARLY_FINISH][activity] = finish
    dates[REMAINING_START][activity] = finish
    dates[LOGIC_START][activity] = start
    dates[DRIVER][activity] = BY_ACTUAL
    dates[DRIVER_LINK][activity] = -1


@compiled
def place_started(
    columns: Table,
    parts: Table,
    traits: Table,
    incoming: Table,
    tables: Table,
    rules: Table,
    activity: int,
    dates: Table,
    bounds: Table,
    after_late: bool,
) -> None:
    """Place the remaining work from the data date on (SCH-21); Microsoft lets the whole duration run on."""
    row = traits[activity][ROW]
    started = columns[row][ACTUAL_START]
    dates[DRIVER][activity] = BY_ACTUAL
    dates[DRIVER_LINK][activity] = -1
    dates[LOGIC_START][activity] = started
    if rules[IS_MICROSOFT]:
        finish = finish_from(columns, parts, traits, tables, activity, started)
        if columns[row][FINISH_FLOOR] != NOTHING:
            finish = max(finish, columns[row][FINISH_FLOOR])
        dates[EARLY_START][activity] = started
        dates[REMAINING_START][activity] = started
        dates[EARLY_FINISH][activity] = finish
        return
    bound, link = link_bound(
        columns, parts, traits, incoming, tables, rules, activity, dates, bounds, after_late
    )
    start = rules[PLAN_START]
    if columns[row][RESUME] > start:
        start = columns[row][RESUME]
        dates[DRIVER][activity] = BY_RESUME
    if bound >= start:
        start = bound
        dates[DRIVER][activity] = BY_LINK
        dates[DRIVER_LINK][activity] = link
    start = working_start(columns, parts, traits, tables, activity, start)
    for column in (FINISH_FLOOR, MUST_FINISH):
        if columns[row][column] != NOTHING:
            bound = remaining_start_from(columns, parts, traits, tables, activity, columns[row][column])
            if bound > start:
                start = bound
                dates[DRIVER][activity] = BY_CONSTRAINT
                dates[DRIVER_LINK][activity] = -1
    start = working_start(columns, parts, traits, tables, activity, start)
    dates[REMAINING_START][activity] = start
    dates[EARLY_START][activity] = start if rules[IS_PRIMAVERA] else started
    dates[EARLY_FINISH][activity] = remaining_finish_from(columns, parts, traits, tables, activity, start)


@compiled
def place_unstarted(
    columns: Table,
    parts: Table,
    traits: Table,
    incoming: Table,
    tables: Table,
    rules: Table,
    activity: int,
    dates: Table,
    bounds: Table,
    after_late: bool,
) -> None:
    """Place work that has not begun: project start, links, then constraints."""
    row = traits[activity][ROW]
    start, link = link_bound(
        columns, parts, traits, incoming, tables, rules, activity, dates, bounds, after_late
    )
    driver = BY_LINK
    finish = NOTHING
    if start == NOTHING or (not rules[IS_MICROSOFT] and start < rules[PLAN_START]):
        link, driver = -1, BY_START
        start = rules[PLAN_START]
        if rules[IS_MICROSOFT]:
            start, finish, driver = unlinked_start(columns, parts, traits, tables, rules, activity)
    start = working_start(columns, parts, traits, tables, activity, start)
    logic = start
    bounded = bounded_start(columns, parts, traits, tables, rules, activity, start)
    if bounded != start:
        start, link, driver = bounded, -1, BY_CONSTRAINT
        if not rules[IS_MICROSOFT]:
            start = working_start(columns, parts, traits, tables, activity, start)
    if rules[HARD_DATES_WIN]:
        hard = hard_start(columns, parts, traits, tables, rules, activity, start)
        if hard != start or columns[row][MUST_START] != NOTHING:
            start, link, driver = hard, -1, BY_CONSTRAINT
        if columns[row][MUST_FINISH] != NOTHING:
            finish, link, driver = columns[row][MUST_FINISH], -1, BY_CONSTRAINT
    if finish == NOTHING:
        finish = finish_from(columns, parts, traits, tables, activity, start)
    dates[EARLY_START][activity] = start
    dates[EARLY_FINISH][activity] = finish
    dates[REMAINING_START][activity] = start
    dates[LOGIC_START][activity] = logic
    dates[DRIVER][activity] = driver
    dates[DRIVER_LINK][activity] = link


@compiled
def unlinked_start(
    columns: Table, parts: Table, traits: Table, tables: Table, rules: Table, activity: int
) -> tuple[int, int, int]:
    """Return start, finish and driver where nothing is waited for: a date given for it counts alone."""
    row = traits[activity][ROW]
    if columns[row][FINISH_FLOOR] != NOTHING:
        finish = columns[row][FINISH_FLOOR]
        return start_from(columns, parts, traits, tables, activity, finish), finish, BY_CONSTRAINT
    if columns[row][START_FLOOR] != NOTHING:
        return columns[row][START_FLOOR], NOTHING, BY_CONSTRAINT
    start = working_start(columns, parts, traits, tables, activity, rules[PLAN_START])
    if columns[row][LEVELING_DELAY] > 0:
        clock = rules[ELAPSED_CLOCK]
        return add_minutes(tables, clock, start, columns[row][LEVELING_DELAY]), NOTHING, BY_LEVELING
    return start, NOTHING, BY_START


@compiled
def bounded_start(
    columns: Table, parts: Table, traits: Table, tables: Table, rules: Table, activity: int, start: int
) -> int:
    """Return the start moved to what it must not precede; so do inflexible dates, unless they win."""
    row = traits[activity][ROW]
    if columns[row][START_FLOOR] != NOTHING:
        start = max(start, columns[row][START_FLOOR])
    if columns[row][FINISH_FLOOR] != NOTHING:
        start = max(start, start_from(columns, parts, traits, tables, activity, columns[row][FINISH_FLOOR]))
    if not rules[HARD_DATES_WIN]:
        if columns[row][MUST_START] != NOTHING:
            start = max(start, columns[row][MUST_START])
        if columns[row][MUST_FINISH] != NOTHING:
            start = max(
                start, start_from(columns, parts, traits, tables, activity, columns[row][MUST_FINISH])
            )
    return start


@compiled
def hard_start(
    columns: Table, parts: Table, traits: Table, tables: Table, rules: Table, activity: int, start: int
) -> int:
    """Return the start that dates win against logic; in Microsoft the semi-flexible ones win too."""
    row = traits[activity][ROW]
    if rules[IS_MICROSOFT]:
        if columns[row][FINISH_CAP] != NOTHING:
            start = min(start, start_from(columns, parts, traits, tables, activity, columns[row][FINISH_CAP]))
        if columns[row][START_CAP] != NOTHING:
            start = min(start, columns[row][START_CAP])
    if columns[row][MUST_START] != NOTHING:
        start = columns[row][MUST_START]
    if columns[row][MUST_FINISH] != NOTHING:
        start = start_from(columns, parts, traits, tables, activity, columns[row][MUST_FINISH])
    return start
