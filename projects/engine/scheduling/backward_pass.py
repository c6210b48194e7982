"""Backward pass: the latest dates that delay neither the project nor a date given (SCH-8, SCH-14, SCH-27)."""

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.calendar_tables import add_minutes, next_start
from projects.engine.scheduling.compiled import compiled
from projects.engine.scheduling.layout import (
    ACTUAL_FINISH,
    ACTUAL_START,
    CALENDAR,
    DEADLINE,
    DEADLINE_BOUNDS,
    DURATION,
    FINISH_CAP,
    FIRST_OUTGOING,
    HARD_DATES_WIN,
    IS_MICROSOFT,
    IS_OVERRIDE,
    IS_PRIMAVERA,
    KIND,
    LAG,
    LAG_CALENDAR,
    LATE_FINISH,
    LATE_REMAINING_START,
    LATE_START,
    LINK_TYPE,
    MUST_FINISH,
    MUST_START,
    OUTGOING,
    PREDECESSOR,
    START_CAP,
    SUCCESSOR,
    Table,
)
from projects.engine.scheduling.moves import (
    finish_from,
    remaining_finish_from,
    remaining_start_from,
    start_from,
    working_finish,
)

NOTHING = NO_INSTANT
FS, SS, FF, SF = 0, 1, 2, 3
LEVEL_OF_EFFORT = 3


@compiled
def backward_pass(
    columns: Table,
    parts: Table,
    links: Table,
    tables: Table,
    rules: Table,
    order: Table,
    dates: Table,
    project_finish: int,
) -> None:
    """
    Fill the late dates of all activities.

    Parameters
    ----------
    order : ndarray of int64
        Activities as in the forward pass; visited from the end.
    project_finish : int
        Instant that open ends may reach: the project's early finish or its must-finish date.
    """
    for position in range(order.size - 1, -1, -1):
        activity = order[position]
        if columns[activity, ACTUAL_FINISH] != NOTHING and not rules[IS_PRIMAVERA]:
            dates[activity, LATE_START] = columns[activity, ACTUAL_START]
            dates[activity, LATE_REMAINING_START] = columns[activity, ACTUAL_START]
            dates[activity, LATE_FINISH] = columns[activity, ACTUAL_FINISH]
            continue
        finish = successors_allow(columns, parts, links, tables, rules, activity, dates, project_finish)
        finish = dates_allow(columns, parts, tables, rules, activity, finish)
        finish = working_finish(columns, parts, tables, activity, finish)
        is_begun = columns[activity, ACTUAL_START] != NOTHING
        start = latest_start(columns, parts, tables, rules, activity, finish)
        dates[activity, LATE_FINISH] = finish
        dates[activity, LATE_REMAINING_START] = start
        dates[activity, LATE_START] = (
            columns[activity, ACTUAL_START] if is_begun and not rules[IS_PRIMAVERA] else start
        )


@compiled
def latest_start(
    columns: Table, parts: Table, tables: Table, rules: Table, activity: int, finish: int
) -> int:
    """Return from where the work that is left ends at ``finish``."""
    if columns[activity, ACTUAL_START] != NOTHING:
        return remaining_start_from(columns, parts, tables, activity, finish)
    return start_from(columns, parts, tables, activity, finish)


@compiled
def latest_finish_from(columns: Table, parts: Table, tables: Table, activity: int, start: int) -> int:
    """Return where the work that is left ends when it goes on at ``start``."""
    if columns[activity, ACTUAL_START] != NOTHING:
        return remaining_finish_from(columns, parts, tables, activity, start)
    return finish_from(columns, parts, tables, activity, start)


@compiled
def successors_allow(
    columns: Table,
    parts: Table,
    links: Table,
    tables: Table,
    rules: Table,
    activity: int,
    dates: Table,
    project_finish: int,
) -> int:
    """Return the latest finish that the successors and the project finish allow."""
    finish = project_finish
    is_begun = columns[activity, ACTUAL_START] != NOTHING
    if rules[IS_MICROSOFT] and is_begun and columns[activity, DURATION] == 0:
        return columns[activity, ACTUAL_START]
    for at in range(columns[activity, FIRST_OUTGOING], columns[activity + 1, FIRST_OUTGOING]):
        link = links[at, OUTGOING]
        successor = links[link, SUCCESSOR]
        kind = links[link, LINK_TYPE]
        if not rules[IS_PRIMAVERA]:
            if columns[successor, ACTUAL_FINISH] != NOTHING or columns[successor, KIND] == LEVEL_OF_EFFORT:
                continue
            if is_begun and (kind == SS or (kind == SF and not rules[IS_MICROSOFT])):
                continue
        if rules[IS_OVERRIDE] and columns[successor, ACTUAL_START] != NOTHING:
            continue
        finish = min(finish, finish_allowed_by(columns, parts, links, tables, rules, link, dates))
    return finish


@compiled
def finish_allowed_by(
    columns: Table, parts: Table, links: Table, tables: Table, rules: Table, link: int, dates: Table
) -> int:
    """Return the latest finish of the predecessor that keeps the successor at its late dates."""
    predecessor, successor = links[link, PREDECESSOR], links[link, SUCCESSOR]
    kind, calendar = links[link, LINK_TYPE], links[link, LAG_CALENDAR]
    lag = links[link, LAG]
    if rules[IS_PRIMAVERA] and columns[predecessor, ACTUAL_FINISH] != NOTHING:
        lag = 0
    if kind == FS:
        return add_minutes(tables, calendar, dates[successor, LATE_REMAINING_START], -lag)
    if kind == FF:
        return add_minutes(tables, calendar, dates[successor, LATE_FINISH], -lag)
    if kind == SS:
        start = dates[successor, LATE_REMAINING_START]
        if rules[IS_MICROSOFT]:
            start = next_start(tables, columns[predecessor, CALENDAR], dates[successor, LATE_START])
        start = add_minutes(tables, calendar, start, -lag)
        return latest_finish_from(columns, parts, tables, predecessor, start)
    if rules[IS_MICROSOFT]:
        finish = finish_from(columns, parts, tables, predecessor, dates[successor, LATE_FINISH])
        return add_minutes(tables, calendar, finish, -lag)
    start = add_minutes(tables, calendar, dates[successor, LATE_FINISH], -lag)
    return latest_finish_from(columns, parts, tables, predecessor, start)


@compiled
def dates_allow(columns: Table, parts: Table, tables: Table, rules: Table, activity: int, finish: int) -> int:
    """Return the late finish capped by constraints and deadline; dates that win replace it."""
    is_begun = columns[activity, ACTUAL_START] != NOTHING
    if columns[activity, MUST_START] != NOTHING and (rules[IS_MICROSOFT] or not is_begun):
        capped = finish_from(columns, parts, tables, activity, columns[activity, MUST_START])
        finish = capped if rules[HARD_DATES_WIN] else min(finish, capped)
    if columns[activity, MUST_FINISH] != NOTHING:
        capped = columns[activity, MUST_FINISH]
        finish = capped if rules[HARD_DATES_WIN] else min(finish, capped)
    if columns[activity, START_CAP] != NOTHING and (rules[IS_MICROSOFT] or not is_begun):
        finish = min(finish, finish_from(columns, parts, tables, activity, columns[activity, START_CAP]))
    if columns[activity, FINISH_CAP] != NOTHING:
        finish = min(finish, columns[activity, FINISH_CAP])
    if rules[DEADLINE_BOUNDS] and columns[activity, DEADLINE] != NOTHING:
        finish = min(finish, columns[activity, DEADLINE])
    return finish
