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
from projects.interchange.signature import READABLE, FileKind
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
    _start(java, limits)
    (java.folder / java.started).touch()
    temporary = java.folder.parents[1]
    give_up_rights([java.runtime.library, Path(jpype.__file__), temporary, *map(Path, java.jars)])
    if kind is FileKind.XML:
        check_xml(source, limits)
    try:
        projects = _open(source, kind)
        reader = ProjectReader(jpype.JClass, limits)
        documents = [reader.read(project) for project in projects]
    except jpype.JException as error:
        if "OutOfMemory" in type(error).__name__:
            raise MemoryError from error
        raise ScheduleRefused(*_reason(error)) from error
    if all(_is_hollow(document) for document in documents):
        raise ScheduleRefused(RefusalCode.BROKEN_FILE, "The file is broken: there is no project in it.")
    return documents


def _is_hollow(document: ProjectDocument) -> bool:
    """Return whether nothing came out of the file; an empty plan at least has a date."""
    return not document.tasks and not document.resources and document.options.start is None


def _start(java: Java, limits: ReadLimits) -> None:
    try:
        jpype.startJVM(
            str(java.runtime.library),
            *options(java.runtime, limits, java.folder),
            classpath=list(java.jars),
            convertStrings=False,
            interrupt=False,
        )
    except (OSError, RuntimeError, jpype.JException) as error:
        message = f"{java.runtime} does not start: {text(error, limit=200)}"
        raise ScheduleRefused(RefusalCode.NO_JAVA, message) from error


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
        message = f"This is not a schedule that can be read: {READABLE}."
        if kind is FileKind.OLE:
            message = "This is no Microsoft Project file, or it is cut off."
        raise ScheduleRefused(RefusalCode.UNKNOWN_FORMAT, message)
    return found


def _reason(error: Any) -> tuple[RefusalCode, str]:
    """Return code and line for what MPXJ says about a file it gives up on."""
    said = text(error.getMessage(), limit=200)
    if "password" in said.lower():
        return RefusalCode.PROTECTED, "The file is protected by a password."
    detail = text(type(error).__name__.rpartition(".")[2], limit=60)
    return RefusalCode.BROKEN_FILE, f"The file is broken: it cannot be read to its end ({detail})."
