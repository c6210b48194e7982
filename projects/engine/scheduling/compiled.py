"""
Loops that run as machine code where numba is installed, and as plain Python elsewhere.

Both give the same integers; only the time differs. Numba is not among the requirements.
"""

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

try:
    from numba import njit
except ImportError:
    njit = None

IS_COMPILED = njit is not None


def compiled(function: F) -> F:
    """Compile a loop over arrays, once per machine; return it as it is where that is not possible."""
    return njit(cache=True, nogil=True, error_model="numpy")(function) if njit is not None else function
