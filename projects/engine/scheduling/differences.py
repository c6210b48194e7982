"""Which activities differ between two networks: what `rescheduling.reschedule` has to be told."""

import numpy as np
from numpy.typing import NDArray

from projects.engine.scheduling.layout import (
    FIRST_PART,
    PREDECESSOR,
    SUCCESSOR,
    Table,
)
from projects.engine.scheduling.network import Network

Flags = NDArray[np.bool_]

_OFFSETS = FIRST_PART
"""Columns from here on say where parts and links begin."""


def origin_of(old: Table, new: Table) -> Table | None:
    """
    Return the former position of each activity, -1 for a new one; ``None`` where all are where they were.

    Parameters
    ----------
    old, new : ndarray of int64
        Keys of the activities by position, ascending.
    """
    if np.array_equal(old, new):
        return None
    at = np.minimum(np.searchsorted(old, new), max(old.size - 1, 0))
    is_known = old[at] == new if old.size else np.zeros(new.size, dtype=np.bool_)
    return np.where(is_known, at, -1)


def differing_activities(old: Network, new: Network, origin: Table | None = None) -> Table:
    """
    Return the positions of activities of which anything differs, ascending.

    Their values, their parts, or a link from or to them: between the first and the last link that differ all
    count, so that links that only changed places do too. New activities differ, and the neighbors of those
    that are gone.

    Parameters
    ----------
    old, new : Network
        Of the same number of activities where there is no ``origin``.
    origin : ndarray of int64, shape (n,), optional
        See `origin_of`.
    """
    differs = np.zeros(new.size, dtype=np.bool_) if origin is None else origin < 0
    if origin is None:
        here = there = np.arange(new.size)
        former, links_before = old.columns[: new.size], old.links
    else:
        here = np.flatnonzero(~differs)
        there = origin[here]
        former, links_before = old.columns[there, :_OFFSETS], _moved(old, there, here, differs)
    values = new.columns[: new.size] if origin is None else new.columns[here, :_OFFSETS]
    differs[here[_unlike(former[:, :_OFFSETS], values[:, :_OFFSETS])]] = True
    _mark_parts(old, new, there, here, differs)
    for links in _other_links(links_before, new.links):
        differs[links[:, PREDECESSOR]] = True
        differs[links[:, SUCCESSOR]] = True
    return np.flatnonzero(differs)


def _unlike(first: Table, second: Table) -> Table:
    """Return the rows at which two arrays of one shape differ, ascending; some of them more than once."""
    return np.flatnonzero(first != second) // max(first.shape[1], 1)


def _moved(old: Network, there: Table, here: Table, differs: Flags) -> Table:
    """Return the former links with the ends of now; mark what had one with an activity that is gone."""
    place = np.full(old.size, -1, dtype=np.int64)
    place[there] = here
    found = old.links.copy()
    for end in (PREDECESSOR, SUCCESSOR):
        found[:, end] = place[found[:, end]]
    is_cut = (found[:, PREDECESSOR] < 0) | (found[:, SUCCESSOR] < 0)
    ends = found[is_cut][:, [PREDECESSOR, SUCCESSOR]].ravel()
    differs[ends[ends >= 0]] = True
    return found[~is_cut]


def _mark_parts(old: Network, new: Network, there: Table, here: Table, differs: Flags) -> None:
    """Mark activities with other parts, or another number of them; rows that are compared by position."""
    if old.size == new.size == here.size and np.array_equal(
        old.columns[:, FIRST_PART], new.columns[:, FIRST_PART]
    ):
        others = _unlike(old.parts, new.parts)
        differs[np.searchsorted(new.columns[:, FIRST_PART], others, side="right") - 1] = True
        return
    offsets = [network.columns[:, FIRST_PART].copy() for network in (old, new)]
    first = [starts[rows] for starts, rows in zip(offsets, (there, here), strict=True)]
    counts = [np.diff(starts)[rows] for starts, rows in zip(offsets, (there, here), strict=True)]
    is_same = counts[0] == counts[1]
    differs[here[~is_same]] = True
    number = counts[0][is_same]
    within = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
    rows = [
        network.parts[np.repeat(starts[is_same], number) + within]
        for network, starts in zip((old, new), first, strict=True)
    ]
    others = _unlike(rows[0], rows[1])
    if others.size:
        differs[np.repeat(here[is_same], number)[others]] = True


def _other_links(old: Table, new: Table) -> tuple[Table, Table]:
    """Return the links of both between what they begin and what they end with alike."""
    shorter = min(len(old), len(new))
    head = _alike(old[:shorter], new[:shorter])
    tail = _alike(old[head:][::-1][: shorter - head], new[head:][::-1][: shorter - head])
    return old[head : len(old) - tail], new[head : len(new) - tail]


def _alike(first: Table, second: Table) -> int:
    """Return with how many equal rows two arrays of one shape begin."""
    others = _unlike(first, second)
    return int(others[0]) if others.size else len(first)
