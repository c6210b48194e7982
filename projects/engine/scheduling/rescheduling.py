"""
Schedule again after a change: place only what can move, with the result of a full run.

Forward from the changed activities until dates stay as they were, backward likewise; a project finish that
moves reaches exactly those whose late dates it bounded. Page: ``docs/algorithms/scheduling.md``.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.compiled import (
    IS_COMPILED,
    array_of,
    compiled,
    copied,
    native,
    zeros,
)
from projects.engine.scheduling.layout import (
    ALLOWED,
    CLOCK_SHIFT,
    DRIVER_LINK,
    EARLY_FINISH,
    EARLY_START,
    END_BITS,
    END_SHIFT,
    FIRST_IN,
    FIRST_OUT,
    FIRST_PART,
    HOW,
    LATE_FINISH,
    LATE_START,
    LENGTH,
    LINK,
    LINK_HOW,
    TYPE_BITS,
    Table,
)
from projects.engine.scheduling.network import Network
from projects.engine.scheduling.options import ScheduleOptions
from projects.engine.scheduling.preparation import how_of, traits_of
from projects.engine.scheduling.schedule import Schedule, compute_schedule, result_again, result_of
from projects.engine.scheduling.workings import (
    Workings,
    count_floats,
    days_of,
    is_outside,
    pass_backward,
    pass_forward,
    prepare,
)


def reschedule(
    network: Network,
    options: ScheduleOptions,
    former: Schedule,
    changed: Iterable[int],
    *,
    origin: Table | None = None,
) -> Schedule:
    """
    Return what `compute_schedule` returns, from a former result and what has changed since.

    Parameters
    ----------
    network : Network
        The plan as it is now.
    options : ScheduleOptions
        Conventions and choices.
    former : Schedule
        Result for the plan before, of this function or of `compute_schedule`; it stays as it is. Dates may
        lie within the days that were its reach.
    changed : iterable of int
        Positions of the activities of which anything differs from the former network: their own values,
        their assignments, or a link from or to them. Both ends of a link that was added, removed or changed.
    origin : ndarray of int64, shape (n,), optional
        Where activities were added, removed or got other positions: the former position of each, -1 for one
        that is new. New ones count as changed.

    Raises
    ------
    CycleError, EmptyCalendarError, OverflowError
        As `compute_schedule`.

    Notes
    -----
    Everything is scheduled anew where the change is wholesale: another number of activities without their
    ``origin``, other options, calendars, start or must-finish date, and plans with levels of effort or
    activities as late as possible, which move by what comes after them.
    """
    before = former.workings
    if before is None:
        return compute_schedule(network, options)
    if not _is_alike(before, network, options, has_origin=origin is not None):
        return compute_schedule(network, options, reach=before.reach)
    positions = np.unique(np.fromiter(changed, dtype=np.int64))
    old_links = before.network.links
    has_same_links = origin is None and (
        network.links is old_links or np.array_equal(network.links, old_links)
    )
    if has_same_links:
        workings = _with_same_links(before, network, positions)
    else:
        origin = np.arange(network.size) if origin is None else origin
        positions = np.union1d(positions, np.flatnonzero(origin < 0))
        workings = _with_other_links(before, network, options, positions, origin)
    if workings.has_late or workings.has_effort or _needs_more_days(workings):
        return compute_schedule(network, options, reach=before.reach)
    is_moved = _pass_again(workings, before, array_of(workings.rank)[positions])
    if is_outside(workings, EARLY_START, EARLY_FINISH, LATE_START, LATE_FINISH):
        return compute_schedule(network, options, reach=before.reach)
    places = np.flatnonzero(is_moved)
    if has_same_links and places.size < network.size // 4:
        return result_again(workings, former, places)
    return result_of(workings)


def _is_alike(before: Workings, network: Network, options: ScheduleOptions, *, has_origin: bool) -> bool:
    """Return whether a former calculation can be continued for a network."""
    old = before.network
    return (
        options == before.options
        and not before.has_late
        and not before.has_effort
        and (network.start, network.must_finish_by, network.ticks)
        == (old.start, old.must_finish_by, old.ticks)
        and (has_origin or network.size == old.size)
        and min(network.size, old.size) > 0
        and network.calendars == old.calendars
    )


def _needs_more_days(workings: Workings) -> bool:
    """Return whether dates given now may lie outside the tables of before."""
    first, last = days_of(workings.known, workings.network.ticks, workings.reach)
    return first < workings.first_day or last > workings.last_day


def _with_same_links(before: Workings, network: Network, positions: Table) -> Workings:
    """Return the former calculation with what the changed activities are now."""
    places = native(array_of(before.rank)[positions])
    columns, parts = _tables_of(before, network, positions)
    known, traits = copied(before.known), copied(before.traits)
    incoming, outgoing = before.incoming, before.outgoing
    if read_again(columns, parts, traits, known, native(positions), places):
        incoming, outgoing = copied(incoming), copied(outgoing)
        count_again(traits, incoming, outgoing, before.rules, places)
    return replace(
        before,
        network=network,
        columns=columns,
        parts=parts,
        traits=traits,
        incoming=incoming,
        outgoing=outgoing,
        known=known,
        results=copied(before.results),
        marks=copied(before.marks),
    )


def _tables_of(before: Workings, network: Network, positions: Table) -> tuple[Table, Table]:
    """Return columns and parts in the form loops read; lists are taken over where nothing changed."""
    first = network.columns[:, FIRST_PART]
    if IS_COMPILED or not np.array_equal(first, before.network.columns[:, FIRST_PART]):
        return native(network.columns), native(network.parts)
    columns, parts = before.columns[:], before.parts[:]
    for position in positions.tolist():
        columns[position] = network.columns[position].tolist()
        own = slice(first[position], first[position + 1])
        parts[own] = network.parts[own].tolist()
    return columns, parts


def _with_other_links(
    before: Workings, network: Network, options: ScheduleOptions, positions: Table, origin: Table
) -> Workings:
    """
    Return the network prepared anew, with the former results where they belong now.

    New activities have no dates, so whatever they get is another one and reaches their neighbors.
    """
    workings = prepare(network, options, before.reach)
    workings.tables = before.tables
    workings.first_day, workings.last_day = before.first_day, before.last_day
    order = np.empty(network.size, dtype=np.int64)
    order[array_of(workings.rank)] = np.arange(network.size)
    source = array_of(before.rank)[np.maximum(origin[order], 0)]
    results = np.take(array_of(before.results), source, axis=1)
    results[:, origin[order] < 0] = NO_INSTANT
    workings.results = native(results)
    is_changed = np.zeros(network.size, dtype=np.int64)
    is_changed[array_of(workings.rank)[positions]] = 1
    carry_links(
        before.traits,
        before.incoming,
        before.marks,
        native(source),
        native(is_changed),
        workings.traits,
        workings.incoming,
        workings.dates,
        workings.marks,
    )
    return workings


def _pass_again(workings: Workings, before: Workings, places: Table) -> Table:
    """Place what the changed activities move and count what that touches; return all of that."""
    size = workings.network.size
    forward, backward, touched = zeros(size), zeros(size), zeros(size)
    start_with(
        workings.traits, workings.incoming, workings.outgoing, native(places), forward, backward, touched
    )
    pass_forward(workings, forward, touched, is_partial=True)
    if workings.cap != before.cap:
        move_cap(workings.dates, backward, before.cap, workings.cap)
    pass_backward(workings, backward, touched, is_partial=True)
    count_floats(workings, touched, is_partial=workings.end == before.end)
    if workings.end != before.end:
        return np.ones(size, dtype=np.int64)
    return array_of(forward) | array_of(backward) | array_of(touched)


@compiled
def read_again(
    columns: Table, parts: Table, traits: Table, known: Table, positions: Table, places: Table
) -> bool:
    """Fill the traits of activities of the input; return whether links may count otherwise now."""
    is_other = False
    for at in range(len(places)):
        how, length = traits_of(columns, parts, known, positions[at])
        is_other |= how != traits[places[at]][HOW]
        traits[places[at]][HOW] = how
        traits[places[at]][LENGTH] = length
    return is_other


@compiled
def count_again(traits: Table, incoming: Table, outgoing: Table, rules: Table, places: Table) -> None:
    """Say anew what the links of activities count for, at both of their ends."""
    for at in range(len(places)):
        place = places[at]
        count_links(traits, incoming, outgoing, rules, place)
        for link in range(traits[place][FIRST_IN], traits[place + 1][FIRST_IN]):
            end = incoming[link][LINK_HOW] >> END_SHIFT & END_BITS
            count_links(traits, incoming, outgoing, rules, end)
        for link in range(traits[place][FIRST_OUT], traits[place + 1][FIRST_OUT]):
            end = outgoing[link][LINK_HOW] >> END_SHIFT & END_BITS
            count_links(traits, incoming, outgoing, rules, end)


@compiled
def count_links(traits: Table, incoming: Table, outgoing: Table, rules: Table, place: int) -> None:
    """Say anew what the links count for that one activity meets."""
    own = traits[place][HOW]
    for link in range(traits[place][FIRST_IN], traits[place + 1][FIRST_IN]):
        how = incoming[link][LINK_HOW]
        end = how >> END_SHIFT & END_BITS
        counted = how_of(how & TYPE_BITS, how >> CLOCK_SHIFT, rules, traits[end][HOW], own)
        incoming[link][LINK_HOW] = counted | end << END_SHIFT
    for link in range(traits[place][FIRST_OUT], traits[place + 1][FIRST_OUT]):
        how = outgoing[link][LINK_HOW]
        end = how >> END_SHIFT & END_BITS
        counted = how_of(how & TYPE_BITS, how >> CLOCK_SHIFT, rules, own, traits[end][HOW])
        outgoing[link][LINK_HOW] = counted | end << END_SHIFT


@compiled
def carry_links(
    old_traits: Table,
    old_incoming: Table,
    old_marks: Table,
    source: Table,
    is_changed: Table,
    traits: Table,
    incoming: Table,
    dates: Table,
    marks: Table,
) -> None:
    """Take over what was found for the links into activities that did not change; the links have moved."""
    for place in range(len(source)):
        if is_changed[place]:
            continue
        driver = dates[DRIVER_LINK][place]
        old = old_traits[source[place]][FIRST_IN]
        for at in range(traits[place][FIRST_IN], traits[place + 1][FIRST_IN]):
            link, old_link = incoming[at][LINK], old_incoming[old][LINK]
            marks[link] = old_marks[old_link]
            if driver == old_link:
                dates[DRIVER_LINK][place] = link
            old += 1


@compiled
def start_with(
    traits: Table,
    incoming: Table,
    outgoing: Table,
    places: Table,
    forward: Table,
    backward: Table,
    touched: Table,
) -> None:
    """Let the changed activities be placed again, their successors forward, their predecessors backward."""
    for at in range(len(places)):
        place = places[at]
        forward[place] = 1
        backward[place] = 1
        touched[place] = 1
        for link in range(traits[place][FIRST_IN], traits[place + 1][FIRST_IN]):
            end = incoming[link][LINK_HOW] >> END_SHIFT & END_BITS
            backward[end] = 1
            touched[end] = 1
        for link in range(traits[place][FIRST_OUT], traits[place + 1][FIRST_OUT]):
            end = outgoing[link][LINK_HOW] >> END_SHIFT & END_BITS
            forward[end] = 1
            touched[end] = 1


@compiled
def move_cap(dates: Table, backward: Table, old: int, new: int) -> None:
    """Let those be placed again backward whom the project finish bounded, or bounds now."""
    for place in range(len(backward)):
        allowed = dates[ALLOWED][place]
        if (new > old and allowed >= old) or (new < old and allowed > new):
            backward[place] = 1
