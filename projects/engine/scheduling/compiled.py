"""
Loops that run as machine code where that is ready, and as plain Python elsewhere.

Both give the same integers; only the time differs. Compiling takes long, so machine code is used only where
`projects.engine.scheduling.warming` has left it for this very source, or where ``PMO_ENGINE_CODE`` is ``on``.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, version
from math import prod
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from projects.engine.scheduling.layout import Table

F = TypeVar("F", bound=Callable[..., Any])


@cache
def code_folder() -> Path | None:
    """
    Return the folder for machine code of exactly this source, numba and processor; ``None`` without numba.

    Numba itself would take up code of a file that stayed as it was, although what is compiled into it from
    other files has changed.
    """
    try:
        numba = version("numba")
    except PackageNotFoundError:
        return None
    here = Path(__file__).parent
    digest = hashlib.sha256(f"{numba} {sys.version} {_processor()}".encode())
    for path in sorted(here.glob("*.py")):
        digest.update(path.read_bytes())
    root = Path(os.environ.get("NUMBA_CACHE_DIR") or here / "__pycache__")
    return root / f"engine-{digest.hexdigest()[:16]}"


def stamp() -> Path | None:
    """Return the file that says machine code is ready here; ``None`` without numba or a folder for it."""
    folder = code_folder()
    return folder / "ready" if folder is not None and os.environ.get("NUMBA_CACHE_DIR") else None


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
        from numba import config, njit
    except ImportError:
        return None
    cast("Any", config).CACHE_DIR = str(code_folder())
    # Without `_nrt` loops cannot make arrays. With it each row they look at, as in ``table[row][column]``,
    # would be counted in and out by atomic operations: two thirds of the time of a calculation.
    return partial(cast("Callable[..., Any]", njit), cache=True, nogil=True, error_model="numpy", _nrt=False)


_NJIT = _compiler()
IS_COMPILED = _NJIT is not None


def compiled(function: F) -> F:
    """Compile a loop over arrays, once per machine; return it as it is where that is not wanted."""
    return function if _NJIT is None else cast("F", _NJIT()(function))


def inlined(function: F) -> F:
    """Compile what loops do for every activity or link into each of them: a call would cost more."""
    return function if _NJIT is None else cast("F", _NJIT(forceinline=True)(function))


def native(array: Table) -> Table:
    """Return an array in the form loops read fastest: itself, or lists where nothing is compiled."""
    return np.ascontiguousarray(array) if IS_COMPILED else cast("Table", array.tolist())


def empty(*shape: int) -> Table:
    """Return room for the results of a loop; what is in it means nothing."""
    return np.empty(shape, dtype=np.int64) if IS_COMPILED else zeros(*shape)


def rooms(*shapes: tuple[int, ...]) -> list[Table]:
    """Return `empty` of each shape; one piece of memory together, as large ones are had in large pages."""
    if not IS_COMPILED:
        return [zeros(*shape) for shape in shapes]
    ends = np.cumsum([prod(shape) for shape in shapes])
    pieces = np.split(np.empty(ends[-1], dtype=np.int64), ends[:-1])
    return [piece.reshape(shape) for piece, shape in zip(pieces, shapes, strict=True)]


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
