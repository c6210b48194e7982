"""Starts Java in this process and reads one file with MPXJ. For the child process only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jpype

from projects.interchange.confinement import give_up_rights
from projects.interchange.document import ProjectDocument
from projects.interchange.from_mpxj.project import ProjectReader
from projects.interchange.from_mpxj.values import text
from projects.interchange.java import JavaRuntime, options
from projects.interchange.limits import ReadLimits
from projects.interchange.refusal import RefusalCode, ScheduleRefused
from projects.interchange.signature import FileKind
from projects.interchange.xml_guard import check_xml


@dataclass(frozen=True, slots=True)
class Java:
    """The Java to start: runtime, jars, the folder for what it writes, the file there that says it runs."""

    runtime: JavaRuntime
    jars: tuple[str, ...]
    folder: Path
    started: str


def read(source: Path, kind: FileKind, java: Java, limits: ReadLimits) -> list[ProjectDocument]:
    """
    Return all projects of the file.

    The process is bounded already (``confinement.bound``). Java starts and Python's modules are loaded, then
    the process gives up its rights, and only then is the first byte of the file looked at.
    """
    start_confined(java, limits)
    return documents_in(source, kind, limits)


def documents_in(source: Path, kind: FileKind, limits: ReadLimits) -> list[ProjectDocument]:
    """Return all projects of the file, with the Java that runs."""
    if kind is FileKind.XML:
        check_xml(source, limits)
    try:
        projects = _open(source, kind)
        reader = ProjectReader(jpype.JClass, limits)
        documents = [reader.read(project) for project in projects]
    except jpype.JException as error:
        if "OutOfMemory" in type(error).__name__:
            raise MemoryError from error
        raise _refusal(error) from error
    if all(_is_hollow(document) for document in documents):
        raise ScheduleRefused(RefusalCode.BROKEN_FILE, "NO_PROJECT")
    return documents


def _is_hollow(document: ProjectDocument) -> bool:
    """Return whether nothing came out of the file; an empty plan at least has a date."""
    return not document.tasks and not document.resources and document.options.start is None


def start_confined(java: Java, limits: ReadLimits) -> None:
    """Start Java, leave a sign that it runs, and give up the rights of this process."""
    start(java, limits)
    (java.folder / java.started).touch()
    temporary = java.folder.parents[1]
    give_up_rights([java.runtime.library, Path(jpype.__file__), temporary, *map(Path, java.jars)])


def start(java: Java, limits: ReadLimits) -> None:
    """Start Java in this process, with the jars and within the limits."""
    try:
        jpype.startJVM(
            str(java.runtime.library),
            *options(java.runtime, limits, java.folder),
            classpath=list(java.jars),
            convertStrings=False,
            interrupt=False,
        )
    except (OSError, RuntimeError, jpype.JException) as error:
        detail = text(error, limit=200)
        raise ScheduleRefused(
            RefusalCode.NO_JAVA, "JAVA_FAULT", java=str(java.runtime), detail=detail
        ) from error


def _open(source: Path, kind: FileKind) -> list[Any]:
    """Return the projects MPXJ finds in the file."""
    opener = jpype.JClass("org.mpxj.reader.UniversalProjectReader")()
    found: list[Any] = []
    proxy = opener.getProjectReaderProxy(jpype.JClass("java.io.File")(str(source)))
    if proxy is not None:
        reader = proxy.getProjectReader()
        if hasattr(reader, "setLinkCrossProjectRelations"):
            # Otherwise MPXJ drops links between the projects of one file without a word.
            reader.setLinkCrossProjectRelations(True)
        found = [project for project in proxy.readAll() or () if project is not None]
        proxy.close()
    if not found:
        reason = "NO_MICROSOFT_PROJECT" if kind is FileKind.OLE else "NO_SCHEDULE"
        raise ScheduleRefused(RefusalCode.UNKNOWN_FORMAT, reason)
    return found


def _refusal(error: Any) -> ScheduleRefused:
    """Return what it means that MPXJ gives up on a file."""
    said = text(error.getMessage(), limit=200)
    if "password" in said.lower():
        return ScheduleRefused(RefusalCode.PROTECTED, "PASSWORD")
    detail = text(type(error).__name__.rpartition(".")[2], limit=60)
    return ScheduleRefused(RefusalCode.BROKEN_FILE, "NOT_TO_ITS_END", detail=detail)
