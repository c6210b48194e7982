"""
Reading a schedule file of unknown origin: the one door of this room.

The file is looked at (size, first bytes), copied under a generated name into a temporary folder, and read by
a process of its own behind walls (SEC-22). Whatever happens there, the caller gets documents or one
``ScheduleRefused``, within the wall time, and the folder is gone afterwards.
"""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

from projects.interchange.child import STARTED, Request
from projects.interchange.document import ProjectDocument
from projects.interchange.java import JavaRuntime, java_runtime
from projects.interchange.json_form import from_data
from projects.interchange.limits import MEGABYTE, ReadLimits
from projects.interchange.refusal import RefusalCode, ScheduleRefused
from projects.interchange.signature import HEAD_BYTES, FileKind, detect

logger = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("child.py")
OUT_OF_MEMORY_STATUS = 3
EMPTY_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "MALLOC_ARENA_MAX": "2",
    "OPENBLAS_NUM_THREADS": "1",
}
TOOK_TOO_LONG = frozenset({-signal.SIGXCPU, -signal.SIGALRM, -signal.SIGKILL})
REQUEST = "request.json"
WORK = "work"
LAST_WORDS_BYTES = 2000
STANDARD_LIMITS = ReadLimits()


def read_schedule(
    path: Path, *, limits: ReadLimits = STANDARD_LIMITS, runtime: JavaRuntime | None = None
) -> list[ProjectDocument]:
    """
    Read all projects of a schedule file.

    Parameters
    ----------
    path : Path
        The file; its name is used for nothing but the name of a project that has none.
    limits : ReadLimits
        Bounds of time, memory and size.
    runtime : JavaRuntime, optional
        The Java to use; by default the one ``java_runtime`` finds.

    Returns
    -------
    list of ProjectDocument
        At least one; an XER file may hold several.

    Raises
    ------
    ScheduleRefused
        With a code and one line, for every file that is not taken.
    """
    kind = _look_at(path, limits)
    found = runtime or java_runtime()
    if found is None:
        raise ScheduleRefused(RefusalCode.NO_JAVA, "JAVA_MISSING")
    with tempfile.TemporaryDirectory(prefix="schedule-") as name:
        folder = Path(name)
        request = _prepare(path, kind, found, limits, folder)
        _run(folder, found, limits)
        documents = _answer(Path(request.target))
    return [_named(document, path) for document in documents]


def _look_at(path: Path, limits: ReadLimits) -> FileKind:
    """Return the kind of file, from its size and first bytes alone."""
    try:
        if path.stat().st_size > limits.file_bytes:
            _refuse_size(limits)
        with path.open("rb") as stream:
            return detect(stream.read(HEAD_BYTES))
    except OSError as error:
        raise ScheduleRefused(RefusalCode.BROKEN_FILE, "NOT_OPENED") from error


def _refuse_size(limits: ReadLimits) -> None:
    raise ScheduleRefused(RefusalCode.TOO_LARGE, "FILE_SIZE", most=limits.file_bytes // MEGABYTE)


def _prepare(path: Path, kind: FileKind, runtime: JavaRuntime, limits: ReadLimits, folder: Path) -> Request:
    """Write source and request into the folder, which then belongs to whoever reads them."""
    source = folder / "source"
    work = folder / WORK
    work.mkdir()
    with path.open("rb") as original, source.open("wb") as copy:
        shutil.copyfileobj(original, copy)
    request = Request(
        source=str(source),
        target=str(work / "answer.json"),
        folder=str(work),
        kind=kind.value,
        runtime={**asdict(runtime), "home": str(runtime.home), "library": str(runtime.library)},
        limits=asdict(limits),
    )
    (folder / REQUEST).write_text(request.to_json(), encoding="utf-8")
    if os.geteuid() == 0:
        for item in (folder, source, work):
            shutil.chown(item, 65534, 65534)
    return request


def _run(folder: Path, runtime: JavaRuntime, limits: ReadLimits) -> None:
    """Read the file in a child."""
    run_child(CHILD, folder, runtime, limits)


def run_child(script: Path, folder: Path, runtime: JavaRuntime, limits: ReadLimits) -> None:
    """
    Run a child on the request in ``folder`` to its end.

    Raises
    ------
    ScheduleRefused
        If it ends otherwise than by itself.
    """
    said = folder / "said"
    with said.open("wb") as stream:
        child = subprocess.Popen(
            [sys.executable, "-I", "-B", str(script), str(folder / REQUEST)],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            env=EMPTY_ENVIRONMENT,
            cwd=folder,
            start_new_session=True,
        )
    try:
        status = child.wait(timeout=limits.wall_seconds)
    except subprocess.TimeoutExpired:
        status = -signal.SIGKILL
    finally:
        _kill_group(child)
    if status != 0:
        logger.warning("a child for schedules ended with status %s: %s", status, _last_words(said))
        raise _refusal(status, runtime, has_java=(folder / WORK / STARTED).exists())


def _refusal(status: int, runtime: JavaRuntime, *, has_java: bool) -> ScheduleRefused:
    """Return what the end of the child means for its file."""
    if status in TOOK_TOO_LONG:
        return ScheduleRefused(RefusalCode.TIMEOUT, "TOO_LONG")
    if status == OUT_OF_MEMORY_STATUS:
        return ScheduleRefused(RefusalCode.MEMORY, "TOO_MUCH_MEMORY")
    if not has_java:
        return ScheduleRefused(RefusalCode.NO_JAVA, "JAVA_LIMITS", java=str(runtime))
    return ScheduleRefused(RefusalCode.BROKEN_FILE, "DIED")


def _last_words(said: Path) -> str:
    return said.read_bytes()[-LAST_WORDS_BYTES:].decode("utf-8", "replace").strip()


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        child.kill()
    child.wait()


def _answer(target: Path) -> list[ProjectDocument]:
    try:
        answer = json.loads(target.read_text(encoding="utf-8"))
        if "refused" in answer:
            refused = answer["refused"]
            raise ScheduleRefused(RefusalCode(refused["code"]), refused["reason"], **refused["values"])
        return [from_data(data) for data in answer["documents"]]
    except (OSError, ValueError, KeyError) as error:
        raise ScheduleRefused(RefusalCode.BROKEN_FILE, "INCOMPLETE") from error


def _named(document: ProjectDocument, path: Path) -> ProjectDocument:
    """Return the document with a name, that of the file where it has none."""
    if document.name.strip():
        return document
    return replace(document, options=replace(document.options, name=path.stem))
