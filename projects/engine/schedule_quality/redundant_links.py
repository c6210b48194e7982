"""Links that say nothing new: what they ask for follows from a chain of others (finding X3)."""

from collections.abc import Sequence

import numpy as np

from projects.engine.instants import NO_INSTANT
from projects.engine.schedule_quality.facts import Flags, Numbers, PlanFacts
from projects.engine.scheduling.layout import (
    ACTUAL_START,
    DURATION,
    FIXED_START,
    KIND,
    LAG,
    LINK_TYPE,
    MUST_FINISH,
    MUST_START,
    PREDECESSOR,
    SUCCESSOR,
)
from projects.engine.scheduling.network import ActivityKind, LinkType
from projects.engine.scheduling.order import topological_order

BLOCK = 16_384
_FROM_FINISH = (LinkType.FS, LinkType.FF)
_TO_FINISH = (LinkType.FF, LinkType.SF)


def redundant_links(facts: PlanFacts, among: Flags) -> Flags:
    """
    Return which of some links follow from others.

    Each activity is two moments, its start and its finish (one for a milestone). A link without lag ties one
    moment to another, and a start its own finish. A link without lag, or with a lead, is redundant when
    another way leads from its first moment to its second: whatever the durations, that way asks for as much.

    Left out on both sides of the question: links of level of effort, which drive nothing, and those into
    activities that no longer obey links (begun, dated by hand, or held by a date that wins over links).
    A link with lag is never redundant, and a lead is never part of a way, as both depend on durations.

    Notes
    -----
    Sets of moments are bits of whole numbers, in blocks, so the work is links times moments over the
    length of a machine word.
    """
    network = facts.network
    links, columns = network.links, network.columns[: network.size]
    is_moment = (columns[:, KIND] != ActivityKind.TASK) | (columns[:, DURATION] == 0)
    obeys = _obeys(facts)
    effort = columns[:, KIND] == ActivityKind.LEVEL_OF_EFFORT
    before, after = links[:, PREDECESSOR], links[:, SUCCESSOR]
    usable = obeys[after] & ~effort[before] & ~effort[after]
    kind = links[:, LINK_TYPE]
    place = np.empty(network.size, dtype=np.int64)
    place[topological_order(network.columns, links)] = np.arange(network.size)
    start = 2 * place
    finish = np.where(is_moment, start, start + 1)
    source = np.where(np.isin(kind, _FROM_FINISH), finish[before], start[before])
    target = np.where(np.isin(kind, _TO_FINISH), finish[after], start[after])
    lag = links[:, LAG]
    ways = usable & (lag >= 0)
    is_long = _are_implied(
        np.concatenate([source[ways], start[~is_moment]]),
        np.concatenate([target[ways], finish[~is_moment]]),
        source,
        target,
    )
    found: Flags = among & usable & (lag <= 0) & (is_long | _repeats(source, target, ways))
    return found


def _obeys(facts: PlanFacts) -> Flags:
    """Return which activities are where their links put them, or later."""
    columns = facts.network.columns[: facts.network.size]
    found: Flags = (columns[:, ACTUAL_START] == NO_INSTANT) & (columns[:, FIXED_START] == NO_INSTANT)
    if facts.options.hard_dates_win:
        found &= (columns[:, MUST_START] == NO_INSTANT) & (columns[:, MUST_FINISH] == NO_INSTANT)
    return found


def _repeats(source: Numbers, target: Numbers, ways: Flags) -> Flags:
    """Return which links tie two moments that a way ties already; the first such way itself does not."""
    order = np.lexsort((np.arange(source.size), ~ways, target, source))
    same = np.zeros(source.size, dtype=np.bool_)
    same[order[1:]] = (source[order[1:]] == source[order[:-1]]) & (target[order[1:]] == target[order[:-1]])
    first = np.maximum.accumulate(np.where(same[order], 0, np.arange(order.size)))
    found = np.zeros(source.size, dtype=np.bool_)
    found[order] = same[order] & ways[order[first]]
    return found


def _are_implied(tail: Numbers, head: Numbers, source: Numbers, target: Numbers) -> Flags:
    """
    Return for pairs of moments whether a chain of two ways or more leads from ``source`` to ``target``.

    ``tail`` and ``head`` are the ways; each leads to a larger moment.
    """
    found = np.zeros(source.size, dtype=np.bool_)
    if not source.size:
        return found
    size = int(max(head.max(initial=0), target.max())) + 1
    heads: list[list[int]] = [[] for _ in range(size)]
    for one, other in zip(tail.tolist(), head.tolist(), strict=True):
        heads[one].append(other)
    pairs: list[list[int]] = [[] for _ in range(size)]
    for at, moment in enumerate(source.tolist()):
        pairs[moment].append(at)
    ends = target.tolist()
    last_use = np.full(size, size, dtype=np.int64)
    np.minimum.at(last_use, head, tail)
    for low in range(0, size, BLOCK):
        for at in _pairs_in_block(heads, pairs, ends, last_use.tolist(), low):
            found[at] = True
    return found


def _pairs_in_block(
    heads: Sequence[Sequence[int]],
    pairs: Sequence[Sequence[int]],
    ends: Sequence[int],
    last_use: Sequence[int],
    low: int,
) -> list[int]:
    """Return the pairs that chains connect whose target lies in the block of moments from ``low`` on."""
    high = min(low + BLOCK, len(heads))
    reached: dict[int, int] = {}
    found = []
    for moment in range(high - 1, -1, -1):
        beyond = direct = 0
        for head in heads[moment]:
            if head >= high:
                continue
            beyond |= reached.get(head, 0)
            if head >= low:
                direct |= 1 << (head - low)
            if last_use[head] == moment:
                reached.pop(head, None)
        for at in pairs[moment]:
            if low <= ends[at] < high and beyond >> (ends[at] - low) & 1:
                found.append(at)
        if beyond | direct:
            reached[moment] = beyond | direct
    return found
