"""Who is counted: open tasks, their links, and the ends of the plan that may lack one."""

from dataclasses import dataclass

import numpy as np

from projects.engine.instants import NO_INSTANT
from projects.engine.measure import Reason
from projects.engine.schedule_quality.facts import Flags, Numbers, PlanFacts
from projects.engine.scheduling.layout import ACTUAL_FINISH, KIND, LINK_TYPE, PREDECESSOR, SUCCESSOR
from projects.engine.scheduling.network import ActivityKind, LinkType


@dataclass(frozen=True, slots=True)
class Population:
    """
    Sets of the activities and links of a plan, as flags in their order.

    Attributes
    ----------
    works : ndarray of bool, shape (n,)
        Tasks without milestones and level of effort, finished or not.
    tasks : ndarray of bool, shape (n,)
        ``N``: those of them that are not finished.
    open : ndarray of bool, shape (n,)
        ``N`` with the milestones not reached.
    links : ndarray of bool, shape (m,)
        ``L``: links whose successor is open.
    lacks_predecessor, lacks_successor : ndarray of bool, shape (n,)
        Ends without logic; not so at the first and the last activity of the plan. A link of level of effort
        drives nothing (SCH-11), so it is no logic.
    links_in, links_out : ndarray of int64, shape (n,)
        How many links with logic each activity has.
    last : int or None
        The end of the plan.
    when_empty : Reason
        Why ``N`` is empty, if it is.
    """

    works: Flags
    tasks: Flags
    open: Flags
    links: Flags
    lacks_predecessor: Flags
    lacks_successor: Flags
    links_in: Numbers
    links_out: Numbers
    last: int | None
    when_empty: Reason


def population_of(facts: PlanFacts) -> Population:
    """Return who is counted in a plan."""
    network = facts.network
    columns = network.columns[: network.size]
    kind = columns[:, KIND]
    unfinished = columns[:, ACTUAL_FINISH] == NO_INSTANT
    works = kind == ActivityKind.TASK
    is_open = unfinished & (kind != ActivityKind.LEVEL_OF_EFFORT)
    predecessor, successor = network.links[:, PREDECESSOR], network.links[:, SUCCESSOR]
    effort = kind == ActivityKind.LEVEL_OF_EFFORT
    is_logic = ~(effort[predecessor] | effort[successor])
    links_in = np.bincount(successor[is_logic], minlength=network.size)
    links_out = np.bincount(predecessor[is_logic], minlength=network.size)
    lacks_predecessor, lacks_successor = links_in == 0, links_out == 0
    first = facts.first if facts.first is not None else _first(facts, lacks_predecessor & ~effort, links_out)
    last = facts.last if facts.last is not None else _last(facts, lacks_successor & ~effort, links_in)
    if first is not None:
        lacks_predecessor[first] = False
    if last is not None:
        lacks_successor[last] = False
    return Population(
        works=works,
        tasks=works & unfinished,
        open=is_open,
        links=is_open[successor],
        lacks_predecessor=lacks_predecessor,
        lacks_successor=lacks_successor,
        links_in=links_in,
        links_out=links_out,
        last=last,
        when_empty=Reason.FINISHED if works.any() else Reason.NOT_APPLICABLE,
    )


def _first(facts: PlanFacts, candidates: Flags, links_out: Numbers) -> int | None:
    """Return the start of the plan: a start milestone that leads on, else what starts earliest."""
    kind, start = facts.network.columns[: facts.network.size, KIND], facts.schedule.early_start
    is_marker = candidates & (kind == ActivityKind.START_MILESTONE) & (links_out > 0)
    found = np.flatnonzero(is_marker if is_marker.any() else candidates)
    is_task = kind[found] == ActivityKind.TASK
    return int(found[np.lexsort((found, is_task, start[found]))[0]]) if found.size else None


def _last(facts: PlanFacts, candidates: Flags, links_in: Numbers) -> int | None:
    """Return the end of the plan: a finish milestone that work leads to, else what ends latest."""
    if facts.completion is not None:
        return facts.completion
    kind, finish = facts.network.columns[: facts.network.size, KIND], facts.schedule.early_finish
    is_marker = candidates & (kind == ActivityKind.FINISH_MILESTONE) & (links_in > 0)
    found = np.flatnonzero(is_marker if is_marker.any() else candidates)
    is_task = kind[found] == ActivityKind.TASK
    return int(found[np.lexsort((found, is_task, -finish[found]))[0]]) if found.size else None


def links_holding(facts: PlanFacts, *, ends: Numbers, types: tuple[LinkType, ...]) -> Numbers:
    """Return by activity how many links of the types have it at the given end, level of effort left out."""
    links = facts.network.links
    kind = facts.network.columns[:, KIND]
    effort = ActivityKind.LEVEL_OF_EFFORT
    counts = np.isin(links[:, LINK_TYPE], types)
    counts &= (kind[links[:, PREDECESSOR]] != effort) & (kind[links[:, SUCCESSOR]] != effort)
    return np.bincount(ends[counts], minlength=facts.network.size)
