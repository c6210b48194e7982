"""Writes one document with MPXJ. For the child process only, in which Java runs."""

from pathlib import Path
from typing import Any

from projects.interchange.document import ProjectDocument
from projects.interchange.to_mpxj.project import project_of
from projects.interchange.vocabulary import ScheduleFormat

WRITERS = {
    ScheduleFormat.MSPDI: "org.mpxj.mspdi.MSPDIWriter",
    ScheduleFormat.XER: "org.mpxj.primavera.PrimaveraXERFileWriter",
    ScheduleFormat.PMXML: "org.mpxj.primavera.PrimaveraPMFileWriter",
}


def write(document: ProjectDocument, kind: ScheduleFormat, target: Path, *, java: Any) -> None:
    """Write the file; ``java`` finds a Java class by name."""
    project = project_of(document, java=java, is_primavera=kind is not ScheduleFormat.MSPDI)
    writer = java(WRITERS[kind])()
    if kind is ScheduleFormat.MSPDI:
        writer.setWriteTimephasedData(True)
    writer.write(project, str(target))
