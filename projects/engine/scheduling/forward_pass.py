"""Forward pass: the earliest dates, and what set each of them (SCH-7, SCH-12 to SCH-15, SCH-20 to SCH-25)."""

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.calendar_tables import add_minutes
from projects.engine.scheduling.compiled import compiled
from projects.engine.scheduling.layout import (
    ACTUAL_FINISH,
    ACTUAL_START,
    DRIVER,
    DRIVER_LINK,
    EARLY_FINISH,
    EARLY_START,
    ELAPSED_CLOCK,
    FINISH_CAP,
    FINISH_FLOOR,
    FIRST_INCOMING,
    FIXED_FINISH,
    FIXED_START,
    HARD_DATES_WIN,
    HOLD,
    INCOMING,
    IS_LATE,
    IS_MICROSOFT,
    IS_OVERRIDE,
    IS_PRIMAVERA,
    KIND,
    LAG,
    LAG_CALENDAR,
    LATE_FINISH,
    LATE_START,
    LEVELING_DELAY,
    LINK_TYPE,
    LOGIC_START,
    MUST_FINISH,
    MUST_START,
    PLAN_START,
    PREDECESSOR,
    REMAINING_START,
    RESUME,
    START_CAP,
    START_FLOOR,
    SUCCESSOR,
    Table,
)
from projects.engine.scheduling.moves import (
    finish_from,
    remaining_finish_from,
    remaining_start_from,
    start_from,
    working_start,
)

NOTHING = NO_INSTANT
FS, SS, FF = 0, 1, 2
LEVEL_OF_EFFORT = 3
BY_START, BY_LINK, BY_CONSTRAINT, BY_ACTUAL, BY_FIXED, BY_RESUME, BY_LEVELING = 0, 1, 2, 3, 4, 5, 6


@compiled
def forward_pass(
    columns: Table,
    parts: Table,
    links: Table,
    tables: Table,
    rules: Table,
    order: Table,
    dates: Table,
    after_late: bool,
) -> None:
    """
    Fill the early dates of all activities.

    Parameters
    ----------
    order : ndarray of int64
        Activities, predecessors before successors.
    after_late : bool
        Second round: successors of as-late-as-possible activities wait for their late dates (Microsoft).
    """
    for position in range(order.size):
        activity = order[position]
        if columns[FIXED_START, activity] != NOTHING and columns[ACTUAL_FINISH, activity] == NOTHING:
            dates[EARLY_START, activity] = columns[FIXED_START, activity]
            dates[EARLY_FINISH, activity] = columns[FIXED_FINISH, activity]
            dates[REMAINING_START, activity] = columns[FIXED_START, activity]
            dates[LOGIC_START, activity] = columns[FIXED_START, activity]
            dates[DRIVER, activity] = BY_FIXED
        elif columns[ACTUAL_FINISH, activity] != NOTHING:
            place_finished(columns, rules, activity, dates)
        elif columns[ACTUAL_START, activity] != NOTHING:
            place_started(columns, parts, links, tables, rules, activity, dates, after_late)
        else:
            place_unstarted(columns, parts, links, tables, rules, activity, dates, after_late)
        dates[HOLD, activity] = dates[EARLY_FINISH, activity]
        if columns[ACTUAL_FINISH, activity] != NOTHING and not rules[IS_MICROSOFT] and not rules[IS_OVERRIDE]:
            bound = link_bound(columns, parts, links, tables, rules, activity, dates, after_late)[0]
            dates[HOLD, activity] = max(dates[HOLD, activity], bound)


@compiled
def place_finished(columns: Table, rules: Table, activity: int, dates: Table) -> None:
    """Keep the actual dates; Primavera shows finished work at the data date."""
    start, finish = columns[ACTUAL_START, activity], columns[ACTUAL_FINISH, activity]
    if rules[IS_PRIMAVERA]:
        start = finish = rules[PLAN_START]
    dates[EARLY_START, activity] = start
    dates[EARLY_FINISH, activity] = finish
    dates[REMAINING_START, activity] = finish
    dates[LOGIC_START, activity] = start
    dates[DRIVER, activity] = BY_ACTUAL
    dates[DRIVER_LINK, activity] = -1


@compiled
def place_started(
    columns: Table,
    parts: Table,
    links: Table,
    tables: Table,
    rules: Table,
    activity: int,
    dates: Table,
    after_late: bool,
) -> None:
    """Place the remaining work from the data date on (SCH-21); Microsoft lets the whole duration run on."""
    started = columns[ACTUAL_START, activity]
    dates[DRIVER, activity] = BY_ACTUAL
    dates[DRIVER_LINK, activity] = -1
    dates[LOGIC_START, activity] = started
    if rules[IS_MICROSOFT]:
        finish = finish_from(columns, parts, tables, activity, started)
        if columns[FINISH_FLOOR, activity] != NOTHING:
            finish = max(finish, columns[FINISH_FLOOR, activity])
        dates[EARLY_START, activity] = started
        dates[REMAINING_START, activity] = started
        dates[EARLY_FINISH, activity] = finish
        return
    bound, link = link_bound(columns, parts, links, tables, rules, activity, dates, after_late)
    start = rules[PLAN_START]
    if columns[RESUME, activity] > start:
        start = columns[RESUME, activity]
        dates[DRIVER, activity] = BY_RESUME
    if bound > start:
        start = bound
        dates[DRIVER, activity] = BY_LINK
        dates[DRIVER_LINK, activity] = link
    if columns[FINISH_FLOOR, activity] != NOTHING:
        start = max(
            start, remaining_start_from(columns, parts, tables, activity, columns[FINISH_FLOOR, activity])
        )
    if columns[MUST_FINISH, activity] != NOTHING:
        start = max(
            start, remaining_start_from(columns, parts, tables, activity, columns[MUST_FINISH, activity])
        )
    start = working_start(columns, parts, tables, activity, start)
    dates[REMAINING_START, activity] = start
    dates[EARLY_START, activity] = start if rules[IS_PRIMAVERA] else started
    dates[EARLY_FINISH, activity] = remaining_finish_from(columns, parts, tables, activity, start)


@compiled
def place_unstarted(
    columns: Table,
    parts: Table,
    links: Table,
    tables: Table,
    rules: Table,
    activity: int,
    dates: Table,
    after_late: bool,
) -> None:
    """Place work that has not begun: project start, links, then constraints."""
    start, link = link_bound(columns, parts, links, tables, rules, activity, dates, after_late)
    driver = BY_LINK
    finish = NOTHING
    if start == NOTHING or (not rules[IS_MICROSOFT] and start <= rules[PLAN_START]):
        link, driver = -1, BY_START
        start = rules[PLAN_START]
        if rules[IS_MICROSOFT]:
            start, finish, driver = unlinked_start(columns, parts, tables, rules, activity)
    start = working_start(columns, parts, tables, activity, start)
    logic = start
    bounded = bounded_start(columns, parts, tables, rules, activity, start)
    if bounded != start:
        start, link, driver = bounded, -1, BY_CONSTRAINT
        if not rules[IS_MICROSOFT]:
            start = working_start(columns, parts, tables, activity, start)
    if rules[HARD_DATES_WIN]:
        hard = hard_start(columns, parts, tables, rules, activity, start)
        if hard != start or columns[MUST_START, activity] != NOTHING:
            start, link, driver = hard, -1, BY_CONSTRAINT
        if columns[MUST_FINISH, activity] != NOTHING:
            finish, link, driver = columns[MUST_FINISH, activity], -1, BY_CONSTRAINT
    if finish == NOTHING:
        finish = finish_from(columns, parts, tables, activity, start)
    dates[EARLY_START, activity] = start
    dates[EARLY_FINISH, activity] = finish
    dates[REMAINING_START, activity] = start
    dates[LOGIC_START, activity] = logic
    dates[DRIVER, activity] = driver
    dates[DRIVER_LINK, activity] = link


@compiled
def unlinked_start(
    columns: Table, parts: Table, tables: Table, rules: Table, activity: int
) -> tuple[int, int, int]:
    """Return start, finish and driver where nothing is waited for: a date given for it counts alone."""
    if columns[FINISH_FLOOR, activity] != NOTHING:
        finish = columns[FINISH_FLOOR, activity]
        return start_from(columns, parts, tables, activity, finish), finish, BY_CONSTRAINT
    if columns[START_FLOOR, activity] != NOTHING:
        return columns[START_FLOOR, activity], NOTHING, BY_CONSTRAINT
    start = working_start(columns, parts, tables, activity, rules[PLAN_START])
    if columns[LEVELING_DELAY, activity] > 0:
        clock = rules[ELAPSED_CLOCK]
        return add_minutes(tables, clock, start, columns[LEVELING_DELAY, activity]), NOTHING, BY_LEVELING
    return start, NOTHING, BY_START


@compiled
def bounded_start(
    columns: Table, parts: Table, tables: Table, rules: Table, activity: int, start: int
) -> int:
    """Return the start moved to what it must not precede; so do inflexible dates, unless they win."""
    if columns[START_FLOOR, activity] != NOTHING:
        start = max(start, columns[START_FLOOR, activity])
    if columns[FINISH_FLOOR, activity] != NOTHING:
        start = max(start, start_from(columns, parts, tables, activity, columns[FINISH_FLOOR, activity]))
    if not rules[HARD_DATES_WIN]:
        if columns[MUST_START, activity] != NOTHING:
            start = max(start, columns[MUST_START, activity])
        if columns[MUST_FINISH, activity] != NOTHING:
            start = max(start, start_from(columns, parts, tables, activity, columns[MUST_FINISH, activity]))
    return start


@compiled
def hard_start(columns: Table, parts: Table, tables: Table, rules: Table, activity: int, start: int) -> int:
    """Return the start that dates win against logic; in Microsoft the semi-flexible ones win too."""
    if rules[IS_MICROSOFT]:
        if columns[FINISH_CAP, activity] != NOTHING:
            start = min(start, start_from(columns, parts, tables, activity, columns[FINISH_CAP, activity]))
        if columns[START_CAP, activity] != NOTHING:
            start = min(start, columns[START_CAP, activity])
    if columns[MUST_START, activity] != NOTHING:
        start = columns[MUST_START, activity]
    if columns[MUST_FINISH, activity] != NOTHING:
        start = start_from(columns, parts, tables, activity, columns[MUST_FINISH, activity])
    return start


@compiled
def link_bound(
    columns: Table,
    parts: Table,
    links: Table,
    tables: Table,
    rules: Table,
    activity: int,
    dates: Table,
    after_late: bool,
) -> tuple[int, int]:
    """Return the latest start that the links into an activity ask for and the link that does, or nothing."""
    latest, driving = NOTHING, -1
    is_begun = columns[ACTUAL_START, activity] != NOTHING
    for at in range(columns[FIRST_INCOMING, activity], columns[FIRST_INCOMING, activity + 1]):
        link = links[INCOMING, at]
        predecessor = links[PREDECESSOR, link]
        if is_begun and rules[IS_OVERRIDE] and columns[ACTUAL_FINISH, predecessor] == NOTHING:
            continue
        if columns[ACTUAL_FINISH, activity] != NOTHING and columns[ACTUAL_FINISH, predecessor] != NOTHING:
            continue
        if not rules[IS_PRIMAVERA] and columns[KIND, predecessor] == LEVEL_OF_EFFORT:
            continue
        bound = start_asked_for(columns, parts, links, tables, rules, link, dates, after_late)
        if bound > latest:
            latest, driving = bound, link
    return latest, driving


@compiled
def start_asked_for(
    columns: Table,
    parts: Table,
    links: Table,
    tables: Table,
    rules: Table,
    link: int,
    dates: Table,
    after_late: bool,
) -> int:
    """Return the start of the (remaining) successor from which the link is satisfied."""
    predecessor, successor = links[PREDECESSOR, link], links[SUCCESSOR, link]
    start, finish = dates[EARLY_START, predecessor], dates[HOLD, predecessor]
    if (
        after_late
        and columns[IS_LATE, predecessor]
        and not columns[IS_LATE, successor]
        and columns[ACTUAL_START, predecessor] == NOTHING
    ):
        start, finish = dates[LATE_START, predecessor], dates[LATE_FINISH, predecessor]
    kind, lag, calendar = links[LINK_TYPE, link], links[LAG, link], links[LAG_CALENDAR, link]
    if kind == FS:
        return add_minutes(tables, calendar, finish, lag)
    if kind == SS:
        return add_minutes(tables, calendar, start, lag)
    end = finish if kind == FF else start
    if rules[IS_MICROSOFT]:
        bound = add_minutes(tables, calendar, start_from(columns, parts, tables, successor, end), lag)
        return max(bound, rules[PLAN_START]) if kind == FF else bound
    end = add_minutes(tables, calendar, end, lag)
    if columns[ACTUAL_START, successor] != NOTHING:
        return remaining_start_from(columns, parts, tables, successor, end)
    return start_from(columns, parts, tables, successor, end)
