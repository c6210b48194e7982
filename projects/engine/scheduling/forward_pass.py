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
        if columns[activity, FIXED_START] != NOTHING and columns[activity, ACTUAL_FINISH] == NOTHING:
            dates[activity, EARLY_START] = columns[activity, FIXED_START]
            dates[activity, EARLY_FINISH] = columns[activity, FIXED_FINISH]
            dates[activity, REMAINING_START] = columns[activity, FIXED_START]
            dates[activity, LOGIC_START] = columns[activity, FIXED_START]
            dates[activity, DRIVER] = BY_FIXED
        elif columns[activity, ACTUAL_FINISH] != NOTHING:
            place_finished(columns, rules, activity, dates)
        elif columns[activity, ACTUAL_START] != NOTHING:
            place_started(columns, parts, links, tables, rules, activity, dates, after_late)
        else:
            place_unstarted(columns, parts, links, tables, rules, activity, dates, after_late)
        dates[activity, HOLD] = dates[activity, EARLY_FINISH]
        if columns[activity, ACTUAL_FINISH] != NOTHING and not rules[IS_MICROSOFT] and not rules[IS_OVERRIDE]:
            bound = link_bound(columns, parts, links, tables, rules, activity, dates, after_late)[0]
            dates[activity, HOLD] = max(dates[activity, HOLD], bound)


@compiled
def place_finished(columns: Table, rules: Table, activity: int, dates: Table) -> None:
    """Keep the actual dates; Primavera shows finished work at the data date."""
    start, finish = columns[activity, ACTUAL_START], columns[activity, ACTUAL_FINISH]
    if rules[IS_PRIMAVERA]:
        start = finish = rules[PLAN_START]
    dates[activity, EARLY_START] = start
    dates[activity, EARLY_FINISH] = finish
    dates[activity, REMAINING_START] = finish
    dates[activity, LOGIC_START] = start
    dates[activity, DRIVER] = BY_ACTUAL
    dates[activity, DRIVER_LINK] = -1


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
    started = columns[activity, ACTUAL_START]
    dates[activity, DRIVER] = BY_ACTUAL
    dates[activity, DRIVER_LINK] = -1
    dates[activity, LOGIC_START] = started
    if rules[IS_MICROSOFT]:
        finish = finish_from(columns, parts, tables, activity, started)
        if columns[activity, FINISH_FLOOR] != NOTHING:
            finish = max(finish, columns[activity, FINISH_FLOOR])
        dates[activity, EARLY_START] = started
        dates[activity, REMAINING_START] = started
        dates[activity, EARLY_FINISH] = finish
        return
    bound, link = link_bound(columns, parts, links, tables, rules, activity, dates, after_late)
    start = rules[PLAN_START]
    if columns[activity, RESUME] > start:
        start = columns[activity, RESUME]
        dates[activity, DRIVER] = BY_RESUME
    if bound > start:
        start = bound
        dates[activity, DRIVER] = BY_LINK
        dates[activity, DRIVER_LINK] = link
    if columns[activity, FINISH_FLOOR] != NOTHING:
        start = max(
            start, remaining_start_from(columns, parts, tables, activity, columns[activity, FINISH_FLOOR])
        )
    if columns[activity, MUST_FINISH] != NOTHING:
        start = max(
            start, remaining_start_from(columns, parts, tables, activity, columns[activity, MUST_FINISH])
        )
    start = working_start(columns, parts, tables, activity, start)
    dates[activity, REMAINING_START] = start
    dates[activity, EARLY_START] = start if rules[IS_PRIMAVERA] else started
    dates[activity, EARLY_FINISH] = remaining_finish_from(columns, parts, tables, activity, start)


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
        if hard != start or columns[activity, MUST_START] != NOTHING:
            start, link, driver = hard, -1, BY_CONSTRAINT
        if columns[activity, MUST_FINISH] != NOTHING:
            finish, link, driver = columns[activity, MUST_FINISH], -1, BY_CONSTRAINT
    if finish == NOTHING:
        finish = finish_from(columns, parts, tables, activity, start)
    dates[activity, EARLY_START] = start
    dates[activity, EARLY_FINISH] = finish
    dates[activity, REMAINING_START] = start
    dates[activity, LOGIC_START] = logic
    dates[activity, DRIVER] = driver
    dates[activity, DRIVER_LINK] = link


@compiled
def unlinked_start(
    columns: Table, parts: Table, tables: Table, rules: Table, activity: int
) -> tuple[int, int, int]:
    """Return start, finish and driver where nothing is waited for: a date given for it counts alone."""
    if columns[activity, FINISH_FLOOR] != NOTHING:
        finish = columns[activity, FINISH_FLOOR]
        return start_from(columns, parts, tables, activity, finish), finish, BY_CONSTRAINT
    if columns[activity, START_FLOOR] != NOTHING:
        return columns[activity, START_FLOOR], NOTHING, BY_CONSTRAINT
    start = working_start(columns, parts, tables, activity, rules[PLAN_START])
    if columns[activity, LEVELING_DELAY] > 0:
        clock = rules[ELAPSED_CLOCK]
        return add_minutes(tables, clock, start, columns[activity, LEVELING_DELAY]), NOTHING, BY_LEVELING
    return start, NOTHING, BY_START


@compiled
def bounded_start(
    columns: Table, parts: Table, tables: Table, rules: Table, activity: int, start: int
) -> int:
    """Return the start moved to what it must not precede; so do inflexible dates, unless they win."""
    if columns[activity, START_FLOOR] != NOTHING:
        start = max(start, columns[activity, START_FLOOR])
    if columns[activity, FINISH_FLOOR] != NOTHING:
        start = max(start, start_from(columns, parts, tables, activity, columns[activity, FINISH_FLOOR]))
    if not rules[HARD_DATES_WIN]:
        if columns[activity, MUST_START] != NOTHING:
            start = max(start, columns[activity, MUST_START])
        if columns[activity, MUST_FINISH] != NOTHING:
            start = max(start, start_from(columns, parts, tables, activity, columns[activity, MUST_FINISH]))
    return start


@compiled
def hard_start(columns: Table, parts: Table, tables: Table, rules: Table, activity: int, start: int) -> int:
    """Return the start that dates win against logic; in Microsoft the semi-flexible ones win too."""
    if rules[IS_MICROSOFT]:
        if columns[activity, FINISH_CAP] != NOTHING:
            start = min(start, start_from(columns, parts, tables, activity, columns[activity, FINISH_CAP]))
        if columns[activity, START_CAP] != NOTHING:
            start = min(start, columns[activity, START_CAP])
    if columns[activity, MUST_START] != NOTHING:
        start = columns[activity, MUST_START]
    if columns[activity, MUST_FINISH] != NOTHING:
        start = start_from(columns, parts, tables, activity, columns[activity, MUST_FINISH])
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
    is_begun = columns[activity, ACTUAL_START] != NOTHING
    for at in range(columns[activity, FIRST_INCOMING], columns[activity + 1, FIRST_INCOMING]):
        link = links[at, INCOMING]
        predecessor = links[link, PREDECESSOR]
        if is_begun and rules[IS_OVERRIDE] and columns[predecessor, ACTUAL_FINISH] == NOTHING:
            continue
        if columns[activity, ACTUAL_FINISH] != NOTHING and columns[predecessor, ACTUAL_FINISH] != NOTHING:
            continue
        if not rules[IS_PRIMAVERA] and columns[predecessor, KIND] == LEVEL_OF_EFFORT:
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
    predecessor, successor = links[link, PREDECESSOR], links[link, SUCCESSOR]
    start, finish = dates[predecessor, EARLY_START], dates[predecessor, HOLD]
    if (
        after_late
        and columns[predecessor, IS_LATE]
        and not columns[successor, IS_LATE]
        and columns[predecessor, ACTUAL_START] == NOTHING
    ):
        start, finish = dates[predecessor, LATE_START], dates[predecessor, LATE_FINISH]
    kind, lag, calendar = links[link, LINK_TYPE], links[link, LAG], links[link, LAG_CALENDAR]
    if kind == FS:
        return add_minutes(tables, calendar, finish, lag)
    if kind == SS:
        return add_minutes(tables, calendar, start, lag)
    end = finish if kind == FF else start
    if rules[IS_MICROSOFT]:
        bound = add_minutes(tables, calendar, start_from(columns, parts, tables, successor, end), lag)
        return max(bound, rules[PLAN_START]) if kind == FF else bound
    end = add_minutes(tables, calendar, end, lag)
    if columns[successor, ACTUAL_START] != NOTHING:
        return remaining_start_from(columns, parts, tables, successor, end)
    return start_from(columns, parts, tables, successor, end)
