"""A streaming look at XML before any reader sees it (SEC-20): no DTD, no entities, nothing out of measure."""

from pathlib import Path
from typing import Any, NoReturn
from xml.parsers.expat import ExpatError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from projects.interchange.limits import ReadLimits
from projects.interchange.refusal import RefusalCode, ScheduleRefused

# Large, since expat looks at an unfinished token anew with each piece.
CHUNK_BYTES = 8 * 1024 * 1024
ENCODINGS = frozenset({"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"})


def check_xml(path: Path, limits: ReadLimits) -> None:
    """
    Refuse XML that is unsafe or out of measure; read it once, in constant memory.

    Raises
    ------
    ScheduleRefused
        ``UNSAFE_XML`` for DTD, entities, depth, number or size of parts, foreign encodings;
        ``BROKEN_FILE`` where it is not well-formed.
    """
    parser = DefusedXMLParser(forbid_dtd=True).parser
    _Measure(limits).listen_to(parser)
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except DefusedXmlException as error:
        raise ScheduleRefused(RefusalCode.UNSAFE_XML, "XML_DOCUMENT_TYPE") from error
    except (ExpatError, ValueError, LookupError) as error:
        raise ScheduleRefused(RefusalCode.BROKEN_FILE, "XML_BROKEN", detail=str(error)) from error


def _check_declaration(_version: str | None, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in ENCODINGS:
        _refuse("XML_ENCODING", encoding=encoding[:40])


def _refuse(reason: str, **values: Any) -> NoReturn:
    raise ScheduleRefused(RefusalCode.UNSAFE_XML, reason, **values)


class _Measure:
    """Counts what the parser meets and keeps nothing."""

    def __init__(self, limits: ReadLimits) -> None:
        self.limits = limits
        self.depth = 0
        self.elements = 0
        self.text = 0

    def listen_to(self, expat: Any) -> None:
        """Take the place of the tree builder; the handlers that forbid things stay as they are."""
        expat.XmlDeclHandler = _check_declaration
        expat.StartElementHandler = self.start
        expat.EndElementHandler = self.end
        expat.CharacterDataHandler = self.data
        expat.CommentHandler = self.data
        expat.ProcessingInstructionHandler = lambda _target, text: self.data(text)

    def start(self, _tag: str, attributes: list[str]) -> None:
        """Count an element; ``attributes`` are names and values in turn."""
        self.depth += 1
        self.elements += 1
        self.text = 0
        if self.depth > self.limits.xml_depth:
            _refuse("XML_DEPTH", most=self.limits.xml_depth)
        if self.elements > self.limits.xml_elements:
            _refuse("XML_ELEMENTS", most=self.limits.xml_elements)
        if attributes:
            self.check_attributes(attributes)

    def check_attributes(self, attributes: list[str]) -> None:
        """Refuse too many or too long attributes of one element."""
        if len(attributes) > 2 * self.limits.xml_attributes:
            _refuse("XML_ATTRIBUTES", most=self.limits.xml_attributes)
        if sum(map(len, attributes)) > self.limits.xml_text:
            _refuse("XML_ATTRIBUTE", most=self.limits.xml_text)

    def end(self, _tag: str) -> None:
        """Leave an element."""
        self.depth -= 1
        self.text = 0

    def data(self, text: str) -> None:
        """Count text, which comes in pieces."""
        self.text += len(text)
        if self.text > self.limits.xml_text:
            _refuse("XML_TEXT", most=self.limits.xml_text)
