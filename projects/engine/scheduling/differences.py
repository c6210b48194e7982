"""Which activities differ between two networks: what `rescheduling.reschedule` has to be told."""

import numpy as np
from numpy.typing import NDArray

from projects.engine.scheduling.layout import (
    FIRST_INCOMING,
    FIRST_OUTGOING,
    FIRST_PART,
    INCOMING,
    PREDECESSOR,
    SUCCESSOR,
    Table,
)
from projects.engine.scheduling.network import Network

Flags = NDArray[np.bool_]

_OFFSETS = (FIRST_PART, FIRST_INCOMING, FIRST_OUTGOING)


def differing_activities(old: Network, new: Network) -> Table:
    """
    Return the positions of activities of which anything differs, ascending.

    Their values, their parts, or a link from or to them: between the first and the last link that differ all
    count, so that links that only changed places do too.

    Parameters
    ----------
    old, new : Network
        Of the same number of activities.
    """
    differs = (np.delete(old.columns, _OFFSETS, axis=1) != np.delete(new.columns, _OFFSETS, axis=1)).any(
        axis=1
    )
    differs = differs[: new.size]
    _mark_parts(old, new, differs)
    for links in _other_links(old.links[:, :INCOMING], new.links[:, :INCOMING]):
        differs[links[:, PREDECESSOR]] = True
        differs[links[:, SUCCESSOR]] = True
    return np.flatnonzero(differs)


def _mark_parts(old: Network, new: Network, differs: Flags) -> None:
    """Mark activities with other parts, or another number of them."""
    counts = [np.diff(network.columns[:, FIRST_PART]) for network in (old, new)]
    is_same = counts[0] == counts[1]
    differs |= ~is_same
    first, second = (
        network.parts[np.repeat(is_same, count)] for network, count in zip((old, new), counts, strict=True)
    )
    owner = np.repeat(np.flatnonzero(is_same), counts[0][is_same])
    differs[owner[(first != second).any(axis=1)]] = True


def _other_links(old: Table, new: Table) -> tuple[Table, Table]:
    """Return the links of both between what they begin and what they end with alike."""
    shorter = min(len(old), len(new))
    head = _alike(old[:shorter], new[:shorter])
    tail = _alike(old[head:][::-1][: shorter - head], new[head:][::-1][: shorter - head])
    return old[head : len(old) - tail], new[head : len(new) - tail]


def _alike(first: Table, second: Table) -> int:
    """Return with how many equal rows two arrays of one shape begin."""
    others = np.flatnonzero((first != second).any(axis=1))
    return int(others[0]) if others.size else len(first)
