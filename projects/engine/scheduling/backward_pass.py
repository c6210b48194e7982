"""Backward pass: the latest dates that delay neither the project nor a date given (SCH-8, SCH-14, SCH-27)."""

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.calendar_tables import (
    add_minutes,
    instant_after,
    last_start,
    next_start,
    position_of,
    previous_interval,
    start_at,
)
from projects.engine.scheduling.compiled import compiled, inlined
from projects.engine.scheduling.layout import (
    ACTUAL_FINISH,
    ACTUAL_START,
    ALLOWED,
    BINDS,
    CALENDAR,
    CALENDAR_SHIFT,
    CLOCK_SHIFT,
    DEADLINE,
    DEADLINE_BOUNDS,
    DURATION,
    END_BITS,
    END_SHIFT,
    ENDS,
    FINISH_CAP,
    FIRST_IN,
    FIRST_OUT,
    HARD_DATES_WIN,
    HOW,
    IS_BEGUN,
    IS_ELAPSED,
    IS_FINISHED,
    IS_MICROSOFT,
    IS_PLAIN,
    IS_PORTAL,
    IS_PRIMAVERA,
    LATE_FINISH,
    LATE_REMAINING_START,
    LATE_START,
    LENGTH,
    LINK_HOW,
    LINK_LAG,
    MUST_FINISH,
    MUST_START,
    ROW,
    START_CAP,
    STARTS,
    TYPE_BITS,
    WORKED_BEFORE,
    Table,
)
from projects.engine.scheduling.moves import (
    finish_from,
    own_calendar,
    remaining_finish_from,
    remaining_start_from,
    same_finish_until,
    start_from,
    working_finish,
)

NOTHING = NO_INSTANT
FS, SS, FF = 0, 1, 2


@compiled
def backward_pass(
    columns: Table,
    parts: Table,
    traits: Table,
    incoming: Table,
    outgoing: Table,
    tables: Table,
    rules: Table,
    dates: Table,
    positions: Table,
    moving: Table,
    touched: Table,
    project_finish: int,
    is_partial: bool,
) -> None:
    """
    Fill the late dates of all activities.

    Parameters
    ----------
    moving, touched : ndarray of int64, shape (n,)
        As in the forward pass, with predecessors that join.
    project_finish : int
        Instant that open ends may reach: the project's early finish or its must-finish date.
    """
    for activity in range(len(traits) - 2, -1, -1):
        if is_partial and moving[activity] == 0:
            continue
        start, finish = dates[LATE_START][activity], dates[LATE_FINISH][activity]
        remaining = dates[LATE_REMAINING_START][activity]
        allowed = successors_allow(
            columns, parts, traits, outgoing, tables, rules, activity, dates, project_finish
        )
        dates[ALLOWED][activity] = allowed
        if traits[activity][HOW] & IS_PLAIN:
            place_plain_late(traits, tables, activity, dates, positions, allowed)
        else:
            place_late(columns, parts, traits, tables, rules, activity, dates, positions, allowed)
        if is_partial:
            touched[activity] = 1
            if (
                start != dates[LATE_START][activity]
                or finish != dates[LATE_FINISH][activity]
                or remaining != dates[LATE_REMAINING_START][activity]
            ):
                for link in range(traits[activity][FIRST_IN], traits[activity + 1][FIRST_IN]):
                    moving[incoming[link][LINK_HOW] >> END_SHIFT & END_BITS] = 1


@inlined
def place_plain_late(
    traits: Table, tables: Table, activity: int, dates: Table, positions: Table, allowed: int
) -> None:
    """Place work that has not begun and knows no dates: as `place_late`, and much shorter."""
    calendar = traits[activity][HOW] >> CALENDAR_SHIFT
    at = previous_interval(tables, calendar, allowed)
    finish = min(allowed, tables[ENDS][at])
    finish_position = tables[WORKED_BEFORE][at] + finish - tables[STARTS][at]
    position = finish_position - traits[activity][LENGTH]
    start = start_at(tables, calendar, position)
    dates[LATE_FINISH][activity] = finish
    dates[LATE_START][activity] = start
    dates[LATE_REMAINING_START][activity] = start
    positions[LATE_FINISH][activity] = finish_position
    positions[LATE_START][activity] = position


@compiled
def place_late(
    columns: Table,
    parts: Table,
    traits: Table,
    tables: Table,
    rules: Table,
    activity: int,
    dates: Table,
    positions: Table,
    allowed: int,
) -> None:
    """Place any activity as late as it may be; what is finished stays where it was."""
    row = traits[activity][ROW]
    flags = traits[activity][HOW]
    if flags & IS_FINISHED and not rules[IS_PRIMAVERA]:
        dates[LATE_START][activity] = columns[row][ACTUAL_START]
        dates[LATE_REMAINING_START][activity] = columns[row][ACTUAL_START]
        dates[LATE_FINISH][activity] = columns[row][ACTUAL_FINISH]
    else:
        until = dates_allow(columns, parts, traits, tables, rules, activity, allowed)
        finish = working_finish(columns, parts, traits, tables, activity, until)
        start = latest_start(columns, parts, traits, tables, activity, finish)
        if columns[row][IS_ELAPSED] and not rules[IS_MICROSOFT]:
            start = latest_start(columns, parts, traits, tables, activity, until)
            start = last_start(tables, columns[row][CALENDAR], start)
            finish = latest_finish_from(columns, parts, traits, tables, activity, start)
        is_shown_begun = flags & IS_BEGUN and not rules[IS_PRIMAVERA]
        dates[LATE_FINISH][activity] = finish
        dates[LATE_START][activity] = columns[row][ACTUAL_START] if is_shown_begun else start
        if rules[IS_PORTAL] and columns[row][DURATION] == 0:
            start = milestone_until(tables, columns[row][CALENDAR], start, until)
        dates[LATE_REMAINING_START][activity] = start
    calendar = flags >> CALENDAR_SHIFT
    positions[LATE_START][activity] = position_of(tables, calendar, dates[LATE_START][activity])
    positions[LATE_FINISH][activity] = position_of(tables, calendar, dates[LATE_FINISH][activity])


@compiled
def milestone_until(tables: Table, calendar: int, late: int, allowed: int) -> int:
    """
    Return when what leads to a milestone must have ended at the latest, for it to be at ``late``.

    A milestone is shown at the end of a period of work; where it is allowed to be until the next one begins,
    what leads to it may end then.
    """
    return allowed if next_start(tables, calendar, allowed) == allowed else late


@compiled
def latest_start(
    columns: Table, parts: Table, traits: Table, tables: Table, activity: int, finish: int
) -> int:
    """Return from where the work that is left ends at ``finish``."""
    if traits[activity][HOW] & IS_BEGUN:
        return remaining_start_from(columns, parts, traits, tables, activity, finish)
    return start_from(columns, parts, traits, tables, activity, finish)


@compiled
def latest_finish_from(
    columns: Table, parts: Table, traits: Table, tables: Table, activity: int, start: int
) -> int:
    """Return where the work that is left ends when it goes on at ``start``."""
    if traits[activity][HOW] & IS_BEGUN:
        return remaining_finish_from(columns, parts, traits, tables, activity, start)
    return finish_from(columns, parts, traits, tables, activity, start)


@inlined
def successors_allow(
    columns: Table,
    parts: Table,
    traits: Table,
    outgoing: Table,
    tables: Table,
    rules: Table,
    activity: int,
    dates: Table,
    project_finish: int,
) -> int:
    """Return the latest finish that the successors and the project finish allow."""
    finish = project_finish
    if rules[IS_MICROSOFT] and traits[activity][HOW] & IS_BEGUN:
        row = traits[activity][ROW]
        if columns[row][DURATION] == 0:
            return columns[row][ACTUAL_START]
    for at in range(traits[activity][FIRST_OUT], traits[activity + 1][FIRST_OUT]):
        if outgoing[at][LINK_HOW] & BINDS:
            bound = finish_allowed_by(columns, parts, traits, outgoing, tables, rules, activity, at, dates)
            finish = min(finish, bound)
    return finish


@inlined
def finish_allowed_by(
    columns: Table,
    parts: Table,
    traits: Table,
    outgoing: Table,
    tables: Table,
    rules: Table,
    predecessor: int,
    at: int,
    dates: Table,
) -> int:
    """Return the latest finish of the predecessor that keeps the successor at its late dates."""
    how, lag = outgoing[at][LINK_HOW], outgoing[at][LINK_LAG]
    successor = how >> END_SHIFT & END_BITS
    kind, calendar = how & TYPE_BITS, how >> CLOCK_SHIFT
    if rules[IS_PRIMAVERA] and traits[predecessor][HOW] & IS_FINISHED:
        lag = 0
    if kind == FS:
        return before_lag(tables, rules, calendar, dates[LATE_REMAINING_START][successor], lag)
    if kind == SS:
        start = dates[LATE_REMAINING_START][successor]
        if rules[IS_MICROSOFT]:
            own = own_calendar(columns, traits, predecessor)
            start = next_start(tables, own, dates[LATE_START][successor])
        start = before_lag(tables, rules, calendar, start, lag)
        return latest_finish_from(columns, parts, traits, tables, predecessor, start)
    finish = dates[LATE_FINISH][successor]
    if rules[IS_PORTAL]:
        finish = ends_alike_until(columns, parts, traits, tables, successor, dates)
    if kind == FF:
        return before_lag(tables, rules, calendar, finish, lag)
    if rules[IS_MICROSOFT]:
        finish = finish_from(columns, parts, traits, tables, predecessor, finish)
        return add_minutes(tables, calendar, finish, -lag)
    start = before_lag(tables, rules, calendar, finish, lag)
    return latest_finish_from(columns, parts, traits, tables, predecessor, start)


@compiled
def ends_alike_until(
    columns: Table, parts: Table, traits: Table, tables: Table, successor: int, dates: Table
) -> int:
    """Return the last instant that asks no more of an activity than to end at its late finish."""
    row = traits[successor][ROW]
    if not traits[successor][HOW] & IS_PLAIN and columns[row][DURATION] == 0:
        return dates[LATE_REMAINING_START][successor]
    return same_finish_until(columns, parts, traits, tables, successor, dates[LATE_FINISH][successor])


@inlined
def before_lag(tables: Table, rules: Table, calendar: int, instant: int, lag: int) -> int:
    """
    Return the latest instant from which ``lag`` leads to ``instant`` or before.

    Where a lead ends with a period of work, that is when the next one begins; other tools take the end.
    """
    if lag < 0 and rules[IS_PORTAL]:
        return start_at(tables, calendar, position_of(tables, calendar, instant) - lag)
    return instant_after(tables, calendar, instant, -lag)


@compiled
def dates_allow(
    columns: Table, parts: Table, traits: Table, tables: Table, rules: Table, activity: int, finish: int
) -> int:
    """Return the late finish capped by constraints and deadline; dates that win replace it."""
    row = traits[activity][ROW]
    is_begun = columns[row][ACTUAL_START] != NOTHING
    if columns[row][MUST_START] != NOTHING and (rules[IS_MICROSOFT] or not is_begun):
        capped = finish_from(columns, parts, traits, tables, activity, columns[row][MUST_START])
        finish = capped if rules[HARD_DATES_WIN] else min(finish, capped)
    if columns[row][MUST_FINISH] != NOTHING:
        capped = columns[row][MUST_FINISH]
        finish = capped if rules[HARD_DATES_WIN] else min(finish, capped)
    if columns[row][START_CAP] != NOTHING and (rules[IS_MICROSOFT] or not is_begun):
        finish = min(finish, finish_from(columns, parts, traits, tables, activity, columns[row][START_CAP]))
    if columns[row][FINISH_CAP] != NOTHING:
        finish = min(finish, columns[row][FINISH_CAP])
    if rules[DEADLINE_BOUNDS] and columns[row][DEADLINE] != NOTHING:
        finish = min(finish, columns[row][DEADLINE])
    return finish
