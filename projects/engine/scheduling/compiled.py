"""
Loops that run as machine code where numba is installed, and as plain Python elsewhere.

Both give the same integers; only the time differs. ``NUMBA_DISABLE_JIT=1`` asks for plain Python.
"""

import os
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np

from projects.engine.scheduling.layout import Table

F = TypeVar("F", bound=Callable[..., Any])

try:
    from numba import njit
except ImportError:
    njit = None

IS_COMPILED = njit is not None and os.environ.get("NUMBA_DISABLE_JIT", "0") in {"", "0"}


def compiled(function: F) -> F:
    """Compile a loop over arrays, once per machine; return it as it is where that is not possible."""
    return njit(cache=True, nogil=True, error_model="numpy")(function) if IS_COMPILED else function


def inlined(function: F) -> F:
    """Compile what loops do for every activity or link into each of them: a call would cost more."""
    if not IS_COMPILED:
        return function
    return njit(cache=True, nogil=True, error_model="numpy", forceinline=True)(function)


def native(array: Table) -> Table:
    """Return an array in the form loops read fastest: itself, or lists where nothing is compiled."""
    return np.ascontiguousarray(array) if IS_COMPILED else cast("Table", array.tolist())


def empty(*shape: int) -> Table:
    """Return room for the results of a loop; what is in it means nothing."""
    return np.empty(shape, dtype=np.int64) if IS_COMPILED else zeros(*shape)


def zeros(*shape: int) -> Table:
    """Return zeros in the form loops read fastest."""
    return native(np.zeros(shape, dtype=np.int64))


def copied(table: Table) -> Table:
    """Return a copy of a table or row."""
    if IS_COMPILED:
        return table.copy()
    rows: Any = table
    return cast("Table", [row[:] if isinstance(row, list) else row for row in rows])


def array_of(row: Table) -> Table:
    """Return a row that loops filled as an array."""
    return np.asarray(row, dtype=np.int64)
