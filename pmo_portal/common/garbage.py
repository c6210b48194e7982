"""Pauses of Python's search for cyclic garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """
    Let no search for cycles run meanwhile; also usable as a decorator.

    Reading a chunk makes hundreds of thousands of tuples that live for a moment and hold no cycles;
    searching them again and again takes longer than the work itself. Reference counts still free them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
