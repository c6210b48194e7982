"""Where keys stand among the keys of rows that were read."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
UNKNOWN = -1
MOST_GAPS = 16
"""Places a table may have for each key; beyond, keys are searched for one by one."""


def places_of(wanted: Numbers, keys: Numbers) -> Numbers:
    """
    Return the places of keys among ascending ones, `UNKNOWN` for those that are not there.

    Examples
    --------
    >>> places_of(np.array([9, 4, 5, 0]), np.array([4, 5, 7, 9])).tolist()
    [3, 0, 1, -1]
    """
    if not keys.size:
        return np.full(wanted.size, UNKNOWN, dtype=np.int64)
    first = int(keys[0])
    span = int(keys[-1]) - first + 1
    if span > MOST_GAPS * keys.size:
        at = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
        return np.where(keys[at] == wanted, at, UNKNOWN)
    table = np.full(span + 1, UNKNOWN, dtype=np.int64)
    table[keys - first] = np.arange(keys.size)
    at = wanted - first
    return table[np.where((at >= 0) & (at < span), at, span)]
