"""
Loops that run as machine code where that is ready, and as plain Python elsewhere.

Both give the same integers; only the time differs. Compiling takes long, so machine code is used only where
`projects.engine.scheduling.warming` has left it for this very source, or where ``PMO_ENGINE_CODE`` is ``on``.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from projects.engine.scheduling.layout import Table

F = TypeVar("F", bound=Callable[..., Any])


@cache
def stamp() -> Path | None:
    """Return the file that says machine code is ready here; ``None`` without numba or a folder for it."""
    folder = os.environ.get("NUMBA_CACHE_DIR")
    try:
        numba = version("numba")
    except PackageNotFoundError:
        return None
    if not folder:
        return None
    digest = hashlib.sha256(f"{numba} {sys.version} {_processor()}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return Path(folder) / f"engine-{digest.hexdigest()[:16]}"


def _processor() -> str:
    """Return what code made on one machine may not find on another."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.is_file() else []
    return next((line for line in lines if line.startswith(("flags", "Features"))), "")


def _code_is_wanted() -> bool:
    """Return whether loops shall be machine code in this process."""
    wish = os.environ.get("PMO_ENGINE_CODE", "")
    if wish in {"on", "off"}:
        return wish == "on"
    place = stamp()
    return place is not None and place.exists()


def _compiler() -> Callable[..., Any] | None:
    """Return numba's compiler of functions, or ``None``."""
    if not _code_is_wanted():
        return None
    try:
        from numba import njit
    except ImportError:
        return None
    return cast("Callable[..., Any]", njit)


_NJIT = _compiler()
IS_COMPILED = _NJIT is not None


def compiled(function: F) -> F:
    """Compile a loop over arrays, once per machine; return it as it is where that is not wanted."""
    return _NJIT(cache=True, nogil=True, error_model="numpy")(function) if _NJIT is not None else function


def inlined(function: F) -> F:
    """Compile what loops do for every activity or link into each of them: a call would cost more."""
    if _NJIT is None:
        return function
    return cast("F", _NJIT(cache=True, nogil=True, error_model="numpy", forceinline=True)(function))


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
