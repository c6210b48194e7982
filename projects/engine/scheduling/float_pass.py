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
    for activity in range(dates.shape[1]):
        calendar = columns[FLOAT_CALENDAR, activity]
        start = dates[EARLY_START, activity]
        if (
            rules[IS_MICROSOFT]
            and rules[HARD_DATES_WIN]
            and columns[DURATION, activity] == 0
            and columns[MUST_FINISH, activity] != NOTHING
        ):
            start = max(start, dates[LOGIC_START, activity])
        start_float[activity] = minutes_between(tables, calendar, start, dates[LATE_START, activity])
        finish_float[activity] = minutes_between(
            tables, calendar, dates[EARLY_FINISH, activity], dates[LATE_FINISH, activity]
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
    for activity in range(dates.shape[1]):
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
    if columns[ACTUAL_FINISH, activity] != NOTHING:
        return 0
    least = NOTHING
    for at in range(columns[FIRST_OUTGOING, activity], columns[FIRST_OUTGOING, activity + 1]):
        link = links[OUTGOING, at]
        successor = links[SUCCESSOR, link]
        if columns[ACTUAL_FINISH, successor] != NOTHING:
            continue
        if not rules[IS_PRIMAVERA] and columns[KIND, successor] == LEVEL_OF_EFFORT:
            continue
        slack = link_slack(columns, parts, links, tables, rules, link, dates)
        least = slack if least == NOTHING else min(least, slack)
    if least != NOTHING:
        return max(0, least)
    if rules[IS_MICROSOFT]:
        return NOTHING
    finish = dates[EARLY_FINISH, activity]
    return max(0, minutes_between(tables, columns[FLOAT_CALENDAR, activity], finish, project_finish))


@compiled
def link_slack(
    columns: Table, parts: Table, links: Table, tables: Table, rules: Table, link: int, dates: Table
) -> int:
    """Return how far the predecessor may move before this link moves its successor, in its own calendar."""
    predecessor, successor = links[PREDECESSOR, link], links[SUCCESSOR, link]
    kind = links[LINK_TYPE, link]
    calendar = columns[FLOAT_CALENDAR, predecessor]
    own = dates[EARLY_FINISH, predecessor] if kind % 2 == FS else dates[EARLY_START, predecessor]
    other = dates[EARLY_FINISH, successor] if kind >= FF else dates[EARLY_START, successor]
    if rules[IS_MICROSOFT]:
        if columns[IS_LATE, predecessor]:
            own = dates[LATE_FINISH, predecessor] if kind % 2 == FS else dates[LATE_START, predecessor]
        if columns[IS_LATE, successor]:
            other = dates[LATE_FINISH, successor] if kind >= FF else dates[LATE_START, successor]
        return minutes_between(tables, calendar, own, other) - links[LAG, link]
    if columns[ACTUAL_START, successor] != NOTHING and kind < FF:
        other = dates[REMAINING_START, successor]
    own = add_minutes(tables, links[LAG_CALENDAR, link], own, links[LAG, link])
    return minutes_between(tables, calendar, own, other)


@compiled
def mark_driving(
    columns: Table, parts: Table, links: Table, tables: Table, rules: Table, dates: Table, is_driving: Table
) -> None:
    """Set 1 for each link whose bound is where its successor starts (SCH-19)."""
    for link in range(links.shape[1]):
        successor = links[SUCCESSOR, link]
        if columns[ACTUAL_FINISH, successor] != NOTHING or dates[DRIVER_LINK, successor] < 0:
            continue
        is_driving[link] = link == dates[DRIVER_LINK, successor]
        bound = start_asked_for(columns, parts, links, tables, rules, link, dates, False)
        if bound != NOTHING:
            calendar = columns[FLOAT_CALENDAR, successor]
            waits = minutes_between(tables, calendar, bound, dates[REMAINING_START, successor])
            is_driving[link] = is_driving[link] or waits == 0


@compiled
def mark_out_of_sequence(columns: Table, links: Table, tables: Table, is_violated: Table) -> None:
    """Set 1 for each link that the actual dates of its successor violate (SCH-26)."""
    for link in range(links.shape[1]):
        predecessor, successor = links[PREDECESSOR, link], links[SUCCESSOR, link]
        kind = links[LINK_TYPE, link]
        actual = columns[ACTUAL_START, successor] if kind < FF else columns[ACTUAL_FINISH, successor]
        if actual == NOTHING:
            continue
        known = columns[ACTUAL_FINISH, predecessor] if kind % 2 == FS else columns[ACTUAL_START, predecessor]
        if known == NOTHING:
            is_violated[link] = 1
            continue
        bound = add_minutes(tables, links[LAG_CALENDAR, link], known, links[LAG, link])
        calendar = columns[FLOAT_CALENDAR, successor]
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
        for at in range(columns[FIRST_INCOMING, activity], columns[FIRST_INCOMING, activity + 1]):
            link = links[INCOMING, at]
            if is_driving[link] and is_open[links[PREDECESSOR, link]]:
                on_path[links[PREDECESSOR, link]] = 1
