"""Float, driving links and links that actual dates violate (SCH-16, SCH-17, SCH-19, SCH-26)."""

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.calendar_tables import add_minutes, minutes_between
from projects.engine.scheduling.compiled import compiled
from projects.engine.scheduling.forward_pass import start_asked_for
from projects.engine.scheduling.layout import (
    ACTUAL_FINISH,
    ACTUAL_START,
    DRIVER_LINK,
    DURATION,
    EARLY_FINISH,
    EARLY_START,
    FIRST_INCOMING,
    FIRST_OUTGOING,
    FLOAT_CALENDAR,
    HARD_DATES_WIN,
    INCOMING,
    IS_LATE,
    IS_MICROSOFT,
    IS_PRIMAVERA,
    KIND,
    LAG,
    LAG_CALENDAR,
    LATE_FINISH,
    LATE_START,
    LINK_TYPE,
    LOGIC_START,
    MUST_FINISH,
    OUTGOING,
    PREDECESSOR,
    REMAINING_START,
    SUCCESSOR,
    Table,
)

# FS and FF, the even ones, wait for the predecessor's finish; FF and SF hold the successor's.
FS, FF = 0, 2
NOTHING = NO_INSTANT
LEVEL_OF_EFFORT = 3


@compiled
def end_floats(
    columns: Table,
    tables: Table,
    rules: Table,
    dates: Table,
    start_float: Table,
    finish_float: Table,
) -> None:
    """Fill float at the start and at the finish, in working minutes of each activity's calendar."""
    for activity in range(dates.shape[0]):
        calendar = columns[activity, FLOAT_CALENDAR]
        start = dates[activity, EARLY_START]
        if (
            rules[IS_MICROSOFT]
            and rules[HARD_DATES_WIN]
            and columns[activity, DURATION] == 0
            and columns[activity, MUST_FINISH] != NOTHING
        ):
            start = max(start, dates[activity, LOGIC_START])
        start_float[activity] = minutes_between(tables, calendar, start, dates[activity, LATE_START])
        finish_float[activity] = minutes_between(
            tables, calendar, dates[activity, EARLY_FINISH], dates[activity, LATE_FINISH]
        )


@compiled
def free_floats(
    columns: Table,
    parts: Table,
    links: Table,
    tables: Table,
    rules: Table,
    dates: Table,
    total_float: Table,
    project_finish: int,
    free_float: Table,
) -> None:
    """Fill free float; in our convention it never exceeds total float (SCH-17)."""
    is_ours = not rules[IS_MICROSOFT] and not rules[IS_PRIMAVERA]
    for activity in range(dates.shape[0]):
        free = free_float_of(columns, parts, links, tables, rules, dates, project_finish, activity)
        if free == NOTHING:
            free = max(0, total_float[activity])
        free_float[activity] = min(free, max(0, total_float[activity])) if is_ours else free


@compiled
def free_float_of(
    columns: Table,
    parts: Table,
    links: Table,
    tables: Table,
    rules: Table,
    dates: Table,
    project_finish: int,
    activity: int,
) -> int:
    """Return the least slack of the links out of an activity; nothing where Microsoft takes total float."""
    if columns[activity, ACTUAL_FINISH] != NOTHING:
        return 0
    least = NOTHING
    for at in range(columns[activity, FIRST_OUTGOING], columns[activity + 1, FIRST_OUTGOING]):
        link = links[at, OUTGOING]
        successor = links[link, SUCCESSOR]
        if columns[successor, ACTUAL_FINISH] != NOTHING:
            continue
        if not rules[IS_PRIMAVERA] and columns[successor, KIND] == LEVEL_OF_EFFORT:
            continue
        slack = link_slack(columns, parts, links, tables, rules, link, dates)
        least = slack if least == NOTHING else min(least, slack)
    if least != NOTHING:
        return max(0, least)
    if rules[IS_MICROSOFT]:
        return NOTHING
    finish = dates[activity, EARLY_FINISH]
    return max(0, minutes_between(tables, columns[activity, FLOAT_CALENDAR], finish, project_finish))


@compiled
def link_slack(
    columns: Table, parts: Table, links: Table, tables: Table, rules: Table, link: int, dates: Table
) -> int:
    """Return how far the predecessor may move before this link moves its successor, in its own calendar."""
    predecessor, successor = links[link, PREDECESSOR], links[link, SUCCESSOR]
    kind = links[link, LINK_TYPE]
    calendar = columns[predecessor, FLOAT_CALENDAR]
    own = dates[predecessor, EARLY_FINISH] if kind % 2 == FS else dates[predecessor, EARLY_START]
    other = dates[successor, EARLY_FINISH] if kind >= FF else dates[successor, EARLY_START]
    if rules[IS_MICROSOFT]:
        if columns[predecessor, IS_LATE]:
            own = dates[predecessor, LATE_FINISH] if kind % 2 == FS else dates[predecessor, LATE_START]
        if columns[successor, IS_LATE]:
            other = dates[successor, LATE_FINISH] if kind >= FF else dates[successor, LATE_START]
        return minutes_between(tables, calendar, own, other) - links[link, LAG]
    if columns[successor, ACTUAL_START] != NOTHING and kind < FF:
        other = dates[successor, REMAINING_START]
    own = add_minutes(tables, links[link, LAG_CALENDAR], own, links[link, LAG])
    return minutes_between(tables, calendar, own, other)


@compiled
def mark_driving(
    columns: Table, parts: Table, links: Table, tables: Table, rules: Table, dates: Table, is_driving: Table
) -> None:
    """Set 1 for each link whose bound is where its successor starts (SCH-19)."""
    for link in range(links.shape[0]):
        successor = links[link, SUCCESSOR]
        if columns[successor, ACTUAL_FINISH] != NOTHING or dates[successor, DRIVER_LINK] < 0:
            continue
        is_driving[link] = link == dates[successor, DRIVER_LINK]
        bound = start_asked_for(columns, parts, links, tables, rules, link, dates, False)
        if bound != NOTHING:
            calendar = columns[successor, FLOAT_CALENDAR]
            waits = minutes_between(tables, calendar, bound, dates[successor, REMAINING_START])
            is_driving[link] = is_driving[link] or waits == 0


@compiled
def mark_out_of_sequence(columns: Table, links: Table, tables: Table, is_violated: Table) -> None:
    """Set 1 for each link that the actual dates of its successor violate (SCH-26)."""
    for link in range(links.shape[0]):
        predecessor, successor = links[link, PREDECESSOR], links[link, SUCCESSOR]
        kind = links[link, LINK_TYPE]
        actual = columns[successor, ACTUAL_START] if kind < FF else columns[successor, ACTUAL_FINISH]
        if actual == NOTHING:
            continue
        known = columns[predecessor, ACTUAL_FINISH] if kind % 2 == FS else columns[predecessor, ACTUAL_START]
        if known == NOTHING:
            is_violated[link] = 1
            continue
        bound = add_minutes(tables, links[link, LAG_CALENDAR], known, links[link, LAG])
        calendar = columns[successor, FLOAT_CALENDAR]
        if minutes_between(tables, calendar, actual, bound) > 0:
            is_violated[link] = 1


@compiled
def walk_back(
    columns: Table, links: Table, order: Table, is_driving: Table, is_open: Table, on_path: Table
) -> None:
    """Set 1 for each open activity from which driving links lead to one that is set already (SCH-18)."""
    for position in range(order.size - 1, -1, -1):
        activity = order[position]
        if not on_path[activity]:
            continue
        for at in range(columns[activity, FIRST_INCOMING], columns[activity + 1, FIRST_INCOMING]):
            link = links[at, INCOMING]
            if is_driving[link] and is_open[links[link, PREDECESSOR]]:
                on_path[links[link, PREDECESSOR]] = 1
