"""The arrays of one calculation, and the passes over them in their order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projects.engine.instants import MINUTES_PER_DAY, NO_INSTANT
from projects.engine.scheduling.as_late import move_as_late_as_possible
from projects.engine.scheduling.backward_pass import backward_pass
from projects.engine.scheduling.calendar_tables import tables_for
from projects.engine.scheduling.compiled import array_of, empty, native, rooms, zeros
from projects.engine.scheduling.driving import mark_links_again, walk_back
from projects.engine.scheduling.float_pass import float_pass
from projects.engine.scheduling.forward_pass import forward_pass
from projects.engine.scheduling.layout import (
    DATE_ROWS,
    EARLY_FINISH,
    EARLY_START,
    FLOAT_ROWS,
    HOW,
    INCOMING_COLUMNS,
    IS_EFFORT,
    IS_FINISHED,
    IS_MICROSOFT,
    IS_PRIMAVERA,
    LATE_FINISH,
    LATE_START,
    OUTGOING_COLUMNS,
    POSITION_ROWS,
    SHOWN_ROWS,
    TRAIT_COLUMNS,
    WANTS_LATE,
    Table,
)
from projects.engine.scheduling.level_of_effort import span_level_of_effort
from projects.engine.scheduling.network import Network
from projects.engine.scheduling.options import ANY_YEAR, Reach, ScheduleOptions
from projects.engine.scheduling.order import lead_downwards, topological_order
from projects.engine.scheduling.preparation import (
    EVERY_FLAG,
    HIGHEST,
    LONGEST,
    LOWEST,
    arrange_activities,
    arrange_links,
    read_activities,
)
from projects.engine.scheduling.rules import rules_of

DAYS_BEFORE = 400
DAYS_AFTER = 800
DAYS_AT_ONCE = 128
"""Tables begin and end at multiples of this, so that a small change finds those of before."""
LEFT_REACH = "The dates of the plan leave the days they may lie within."


@dataclass(slots=True)
class Workings:
    """
    What a calculation reads and fills, in the form loops read: see `projects.engine.scheduling.layout`.

    Attributes
    ----------
    rank : ndarray of int64, shape (n,)
        Place of each activity of the network in topological order, in which all rows here are: the order of
        the network itself where that is one, as in most plans.
    known : ndarray of int64, shape (4,)
        See `projects.engine.scheduling.preparation`.
    first_day, last_day : int
        Days the tables of working time were built for.
    reach : Reach
        Days that dates may lie within.
    finish, end, cap : int
        The project's early finish or `NO_INSTANT`, the same or its start, and the instant that the late dates
        of open ends may reach.
    """

    network: Network
    options: ScheduleOptions
    rules: Table
    columns: Table
    parts: Table
    traits: Table
    incoming: Table
    outgoing: Table
    known: Table
    rank: Table
    tables: Table
    first_day: int
    last_day: int
    reach: Reach
    results: Table
    marks: Table
    finish: int = NO_INSTANT
    end: int = NO_INSTANT
    cap: int = NO_INSTANT

    @property
    def dates(self) -> Table:
        """Dates and what set them, a row of each kind."""
        return self.results[FLOAT_ROWS : FLOAT_ROWS + DATE_ROWS]

    @property
    def positions(self) -> Table:
        """Working time before the first four kinds of dates."""
        return self.results[FLOAT_ROWS + DATE_ROWS :]

    @property
    def floats(self) -> Table:
        """Float, a row of each kind."""
        return self.results[:FLOAT_ROWS]

    @property
    def shown(self) -> Table:
        """What a result shows of these: float, then dates and what set them."""
        return self.results[: FLOAT_ROWS + SHOWN_ROWS]

    @property
    def is_in_order(self) -> bool:
        """Whether activities are in the order of the network."""
        return bool((array_of(self.rank)[1:] > array_of(self.rank)[:-1]).all())

    @property
    def has_late(self) -> bool:
        """Whether an activity wants to be as late as possible."""
        return bool(self.known[EVERY_FLAG] & WANTS_LATE)

    @property
    def has_effort(self) -> bool:
        """Whether levels of effort are spanned after the passes."""
        return bool(self.known[EVERY_FLAG] & IS_EFFORT) and not self.rules[IS_PRIMAVERA]


def prepare(network: Network, options: ScheduleOptions, reach: Reach = ANY_YEAR) -> Workings:
    """
    Return a network ready for the passes.

    Raises
    ------
    CycleError, EmptyCalendarError
        As `projects.engine.scheduling.schedule.compute_schedule`.
    """
    size, count = network.size, network.links.shape[0]
    columns, parts, links = native(network.columns), native(network.parts), native(network.links)
    rules, known = native(rules_of(network, options)), _known(network)
    traits, places, incoming, outgoing, results, marks = rooms(
        (size + 1, TRAIT_COLUMNS),
        (3, size),
        (count, INCOMING_COLUMNS),
        (count, OUTGOING_COLUMNS),
        (FLOAT_ROWS + DATE_ROWS + POSITION_ROWS, size),
        (count,),
    )
    read_activities(columns, parts, traits, known)
    rank = native(np.arange(size))
    if not lead_downwards(links):
        traits, rank = _in_order(network, traits)
    arrange_links(links, rules, rank, traits, places, incoming, outgoing)
    first, last = days_of(known, network.ticks, reach)
    return Workings(
        network=network,
        options=options,
        rules=rules,
        columns=columns,
        parts=parts,
        traits=traits,
        incoming=incoming,
        outgoing=outgoing,
        known=known,
        rank=rank,
        tables=tables_for(network.calendars, first, last, network.ticks),
        first_day=first,
        last_day=last,
        reach=reach,
        results=results,
        marks=marks,
    )


def _in_order(network: Network, given: Table) -> tuple[Table, Table]:
    """Return the traits in topological order, and the place there of each activity."""
    order = topological_order(network.columns, network.links, given)
    traits, rank = rooms((network.size + 1, TRAIT_COLUMNS), (network.size,))
    arrange_activities(given, order, rank, traits)
    return traits, rank


def _known(network: Network) -> Table:
    """Return what is known of all activities before they are read."""
    given = [network.start, *([] if network.must_finish_by == NO_INSTANT else [network.must_finish_by])]
    return native(np.array([min(given), max(given), 0, 0]))


def days_of(known: Table, ticks: int, reach: Reach = ANY_YEAR) -> tuple[int, int]:
    """
    Return the days that the dates of a network probably stay within.

    Dates before the first one given are rare, so a long piece of work asks for room behind, hardly before.

    Raises
    ------
    OverflowError
        When none of them is within reach.
    """
    day = MINUTES_PER_DAY * ticks
    longest = 6 * int(known[LONGEST]) // day
    first = int(known[LOWEST]) // day - DAYS_BEFORE - min(longest, DAYS_AFTER)
    last = int(known[HIGHEST]) // day + DAYS_AFTER + longest
    first = max(first // DAYS_AT_ONCE * DAYS_AT_ONCE, reach.first_day)
    last = min(-(-last // DAYS_AT_ONCE) * DAYS_AT_ONCE, reach.last_day)
    if first >= last:
        raise OverflowError(LEFT_REACH)
    return first, last


def run(workings: Workings) -> None:
    """
    Pass both ways until all dates lie within the tables, then count float.

    Raises
    ------
    EmptyCalendarError, OverflowError
        As `projects.engine.scheduling.schedule.compute_schedule`.
    """
    nobody = zeros(workings.network.size)
    while True:
        pass_forward(workings, nobody, nobody, is_partial=False)
        if widen(workings, EARLY_START, EARLY_FINISH):
            continue
        pass_backward(workings, nobody, nobody, is_partial=False)
        finish_dates(workings, nobody)
        if not widen(workings, EARLY_START, EARLY_FINISH, LATE_START, LATE_FINISH):
            break
    count_floats(workings, nobody, is_partial=False)


def pass_forward(
    workings: Workings, moving: Table, touched: Table, *, is_partial: bool, after_late: bool = False
) -> None:
    """Fill early dates, all or what moves, and the project's early finish."""
    forward_pass(
        workings.columns,
        workings.parts,
        workings.traits,
        workings.incoming,
        workings.outgoing,
        workings.tables,
        workings.rules,
        workings.dates,
        workings.positions,
        empty(workings.network.links.shape[0]),
        workings.marks,
        moving,
        touched,
        is_partial,
        after_late,
    )
    if not after_late:
        workings.finish = _project_finish(workings)
        has_finish = workings.finish != NO_INSTANT
        workings.end = workings.finish if has_finish else workings.network.start
        workings.cap = workings.network.must_finish_by
        if workings.cap == NO_INSTANT:
            workings.cap = workings.end


def pass_backward(workings: Workings, moving: Table, touched: Table, *, is_partial: bool) -> None:
    """Fill late dates, all or what moves."""
    backward_pass(
        workings.columns,
        workings.parts,
        workings.traits,
        workings.incoming,
        workings.outgoing,
        workings.tables,
        workings.rules,
        workings.dates,
        workings.positions,
        moving,
        touched,
        workings.cap,
        is_partial,
    )


def finish_dates(workings: Workings, nobody: Table) -> None:
    """Move what wants to be late, and span levels of effort."""
    if workings.has_late and workings.rules[IS_MICROSOFT]:
        pass_forward(workings, nobody, nobody, is_partial=False, after_late=True)
    elif workings.has_late:
        move_as_late_as_possible(
            workings.columns,
            workings.parts,
            workings.traits,
            workings.outgoing,
            workings.tables,
            workings.rules,
            workings.dates,
            workings.positions,
            workings.end,
        )
        mark_links_again(
            workings.columns,
            workings.parts,
            workings.traits,
            workings.incoming,
            workings.tables,
            workings.rules,
            workings.dates,
            empty(workings.network.links.shape[0]),
            workings.marks,
        )
    if workings.has_effort:
        span_level_of_effort(
            workings.columns,
            workings.parts,
            workings.traits,
            workings.incoming,
            workings.tables,
            workings.dates,
            workings.positions,
            empty(workings.network.links.shape[0]),
            workings.marks,
            workings.network.start,
            workings.end,
        )


def count_floats(workings: Workings, touched: Table, *, is_partial: bool) -> None:
    """Fill float, all or what was touched."""
    float_pass(
        workings.columns,
        workings.traits,
        workings.outgoing,
        workings.tables,
        workings.rules,
        workings.dates,
        workings.positions,
        workings.floats,
        touched,
        workings.end,
        is_partial,
    )


def longest_path(workings: Workings, is_open: NDArray[np.bool_]) -> Table:
    """Return 1 for what lies on the way of driving links to the open activity that ends last; by rank."""
    on_path = np.zeros(workings.network.size, dtype=np.int64)
    if is_open.any():
        finishes = array_of(workings.dates[EARLY_FINISH])
        on_path[is_open & (finishes == finishes[is_open].max())] = 1
        path = native(on_path)
        walk_back(
            workings.traits,
            workings.incoming,
            workings.marks,
            native(is_open.astype(np.int64)),
            path,
        )
        on_path = array_of(path)
    return on_path


def flags_of(workings: Workings) -> Table:
    """Return the flags of the activities as an array."""
    return array_of(workings.traits)[: workings.network.size, HOW]


def open_work(workings: Workings) -> NDArray[np.bool_]:
    """Return which activities are not finished and no level of effort."""
    closed = IS_FINISHED if workings.rules[IS_PRIMAVERA] else IS_FINISHED | IS_EFFORT
    return np.asarray(flags_of(workings) & closed == 0)


def is_outside(workings: Workings, *rows: int) -> bool:
    """Return whether dates lie outside the days the tables hold."""
    return any(_sides(workings, *rows))


def widen(workings: Workings, *rows: int) -> bool:
    """
    Build tables for twice as many days where dates lie outside those they hold; return whether they did.

    Raises
    ------
    OverflowError
        When dates leave the days within reach.
    """
    first, last = workings.first_day, workings.last_day
    before, after = _sides(workings, *rows)
    if not before and not after:
        return False
    length, reach = last - first, workings.reach
    first, last = first - before * length, last + after * length
    first, last = max(first, reach.first_day), min(last, reach.last_day)
    if (first, last) == (workings.first_day, workings.last_day):
        raise OverflowError(LEFT_REACH)
    network = workings.network
    workings.first_day, workings.last_day = first, last
    workings.tables = tables_for(network.calendars, first, last, network.ticks)
    return True


def _sides(workings: Workings, *rows: int) -> tuple[bool, bool]:
    """Return whether dates lie before or after the days the tables hold."""
    day = MINUTES_PER_DAY * workings.network.ticks
    before = after = False
    for row in rows:
        instants, low = array_of(workings.dates[row]), workings.first_day * day
        after |= bool(instants.max() >= workings.last_day * day)
        if instants.min() <= low:
            before |= bool(((instants <= low) & (instants != NO_INSTANT)).any())
    return before, after


def _project_finish(workings: Workings) -> int:
    """Return the latest early finish; level of effort does not set it (SCH-8, SCH-11)."""
    finishes = array_of(workings.dates[EARLY_FINISH])
    if workings.has_effort:
        finishes = finishes[flags_of(workings) & IS_EFFORT == 0]
    return int(finishes.max(initial=NO_INSTANT))
