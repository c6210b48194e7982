"""
Each schedule file is read by a process of its own once for each run of the tests.

The parts and processes of `make test` share what was read in the folder ``PMO_READINGS``; a pytest process
of its own remembers it.
"""

import os
import pickle
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from projects.interchange import reading
from projects.interchange.java import JavaRuntime
from projects.interchange.limits import ReadLimits
from projects.interchange.refusal import ScheduleRefused

FOLDER = "PMO_READINGS"
Run = Callable[[Path, JavaRuntime, ReadLimits], None]
# What a reading gave: the bytes of its answer, or code, reason and values of the refusal.
Answer = bytes | tuple[object, ...]
_answers: dict[str, Answer] = {}


def remembering(run: Run) -> Run:
    """Return `reading._run` that gives the same bytes, under the same limits, their first answer."""

    def run_once(folder: Path, runtime: JavaRuntime, limits: ReadLimits) -> None:
        answer = folder / reading.WORK / "answer.json"
        key = sha256((folder / "source").read_bytes() + f"{limits} {runtime}".encode()).hexdigest()
        found = _answers.get(key) or _shared(key)
        if found is None:
            try:
                run(folder, runtime, limits)
                found = answer.read_bytes()
            except ScheduleRefused as refused:
                found = (refused.code, refused.reason, refused.values)
            _share(key, found)
        _answers[key] = found
        if isinstance(found, tuple):
            code, reason, values = found
            raise ScheduleRefused(code, reason, **values)
        answer.write_bytes(found)

    return run_once


def _shared(key: str) -> Answer | None:
    """Return what another process of this run read."""
    folder = os.environ.get(FOLDER)
    path = Path(folder, key) if folder else None
    return pickle.loads(path.read_bytes()) if path and path.exists() else None


def _share(key: str, answer: Answer) -> None:
    if folder := os.environ.get(FOLDER):
        draft = Path(folder, f"{key}.{uuid4().hex}")
        draft.write_bytes(pickle.dumps(answer))
        draft.rename(Path(folder, key))
