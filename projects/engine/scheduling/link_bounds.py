"""What the links into an activity ask its start to be (SCH-7, SCH-24, SCH-25)."""

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.calendar_tables import add_minutes, instant_after
from projects.engine.scheduling.compiled import compiled, inlined
from projects.engine.scheduling.layout import (
    CLOCK_SHIFT,
    EARLY_START,
    END_BITS,
    END_SHIFT,
    FIRST_IN,
    HOLD,
    HOW,
    IS_BEGUN,
    IS_MICROSOFT,
    LATE_FINISH,
    LATE_START,
    LINK,
    LINK_HOW,
    LINK_LAG,
    PLAN_START,
    TYPE_BITS,
    WAITS,
    WANTS_LATE,
    Table,
)
from projects.engine.scheduling.moves import remaining_start_from, start_from

NOTHING = NO_INSTANT
FS, FF = 0, 2


@inlined
def latest_bound(
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
) -> tuple[int, int]:
    """
    Return the latest start that the links into an activity ask for and the link that does, or nothing.

    ``bounds`` is filled with what each of them asks for.
    """
    latest, driving = NOTHING, -1
    first = traits[activity][FIRST_IN]
    for at in range(first, traits[activity + 1][FIRST_IN]):
        if not incoming[at][LINK_HOW] & WAITS:
            continue
        bound = bound_of(columns, parts, traits, incoming, tables, rules, activity, at, dates, after_late)
        link = incoming[at][LINK]
        bounds[at - first] = bound
        if bound > latest:
            latest, driving = bound, link
    return latest, driving


@compiled
def link_bound(
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
) -> tuple[int, int]:
    """Return the same as `latest_bound` to code that runs seldom, which keeps it small."""
    return latest_bound(columns, parts, traits, incoming, tables, rules, activity, dates, bounds, after_late)


@inlined
def bound_of(
    columns: Table,
    parts: Table,
    traits: Table,
    incoming: Table,
    tables: Table,
    rules: Table,
    successor: int,
    at: int,
    dates: Table,
    after_late: bool,
) -> int:
    """Return the start of the (remaining) successor from which the incoming link at ``at`` is satisfied."""
    how, lag = incoming[at][LINK_HOW], incoming[at][LINK_LAG]
    predecessor = how >> END_SHIFT & END_BITS
    kind, calendar = how & TYPE_BITS, how >> CLOCK_SHIFT
    if after_late and waits_for_late_dates(traits, predecessor, successor):
        end = dates[LATE_FINISH][predecessor] if kind % 2 == FS else dates[LATE_START][predecessor]
    else:
        end = dates[HOLD][predecessor] if kind % 2 == FS else dates[EARLY_START][predecessor]
    if kind < FF:
        return instant_after(tables, calendar, end, lag)
    if rules[IS_MICROSOFT]:
        start = start_from(columns, parts, traits, tables, successor, end)
        bound = add_minutes(tables, calendar, start, lag)
        return max(bound, rules[PLAN_START]) if kind == FF else bound
    end = add_minutes(tables, calendar, end, lag)
    if traits[successor][HOW] & IS_BEGUN:
        return remaining_start_from(columns, parts, traits, tables, successor, end)
    return start_from(columns, parts, traits, tables, successor, end)


@compiled
def start_asked_for(
    columns: Table,
    parts: Table,
    traits: Table,
    incoming: Table,
    tables: Table,
    rules: Table,
    successor: int,
    at: int,
    dates: Table,
    after_late: bool,
) -> int:
    """Return the same as `bound_of` to code that runs seldom."""
    return bound_of(columns, parts, traits, incoming, tables, rules, successor, at, dates, after_late)


@inlined
def waits_for_late_dates(traits: Table, predecessor: int, successor: int) -> bool:
    """Return whether an unstarted activity that goes as late as it can holds up one that does not."""
    first, second = traits[predecessor][HOW], traits[successor][HOW]
    return first & (WANTS_LATE | IS_BEGUN) == WANTS_LATE and second & WANTS_LATE == 0
