"""
Writing a document as a file of another tool: the counterpart of ``reading``, with the same walls (SEC-22).

MPXJ writes the file in a process of its own that has no network and ends with its folder.
"""

import os
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

from projects.interchange.child import Request
from projects.interchange.confinement import NOBODY
from projects.interchange.document import ProjectDocument
from projects.interchange.java import JavaRuntime, java_runtime
from projects.interchange.json_form import to_json
from projects.interchange.limits import MEGABYTE, ReadLimits
from projects.interchange.reading import REQUEST, WORK, run_child
from projects.interchange.refusal import RefusalCode, ScheduleRefused
from projects.interchange.vocabulary import ScheduleFormat
from projects.interchange.writing_child import REFUSAL

CHILD = Path(__file__).with_name("writing_child.py")
ENDINGS = {ScheduleFormat.MSPDI: "xml", ScheduleFormat.XER: "xer", ScheduleFormat.PMXML: "xml"}

# MPXJ puts an XML file of P6 together in memory: 20,000 tasks of the portal's own need more than 256 MB.
WRITING_LIMITS = ReadLimits(heap_bytes=512 * MEGABYTE)


def write_schedule(
    document: ProjectDocument,
    kind: ScheduleFormat,
    *,
    limits: ReadLimits = WRITING_LIMITS,
    runtime: JavaRuntime | None = None,
) -> bytes:
    """
    Return the file.

    Raises
    ------
    ScheduleRefused
        If there is no Java, or the file does not come about within the limits.
    """
    found = runtime or java_runtime()
    if found is None:
        raise ScheduleRefused(RefusalCode.NO_JAVA, "JAVA_MISSING")
    with tempfile.TemporaryDirectory(prefix="schedule-") as name:
        folder = Path(name)
        work = folder / WORK
        work.mkdir()
        source, target = folder / "source", work / f"plan.{ENDINGS[kind]}"
        source.write_text(to_json(document), encoding="utf-8")
        request = Request(
            source=str(source),
            target=str(target),
            folder=str(work),
            kind=kind.value,
            runtime={**asdict(found), "home": str(found.home), "library": str(found.library)},
            limits=asdict(limits),
        )
        (folder / REQUEST).write_text(request.to_json(), encoding="utf-8")
        if os.geteuid() == 0:
            for item in (folder, source, work):
                shutil.chown(item, NOBODY, NOBODY)
        run_child(CHILD, folder, found, limits)
        return _answer(work, target)


def _answer(work: Path, target: Path) -> bytes:
    refusal = work / REFUSAL
    if refusal.exists() or not target.exists():
        detail = refusal.read_text(encoding="utf-8") if refusal.exists() else "no file"
        raise ScheduleRefused(RefusalCode.BROKEN_FILE, "NOT_WRITTEN", detail=detail)
    return target.read_bytes()
