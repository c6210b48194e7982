"""
Predecessors as people write them: ``12FS+2d; 7; 1.2SS-50%``.

A whole number is the number of a task, which never changes; one with dots is a WBS code. Names of types are
those of Microsoft Project, in English or German (EA, AA, EE, AE).
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from projects.interchange.time_words import Length, NotUnderstood, Units, read_length, write_length

NO_LAG = Length(0)
MOST_LINKS = 500
MOST_PERCENT = Decimal(99_999)
_TYPES = {"FS": "FS", "SS": "SS", "FF": "FF", "SF": "SF", "EA": "FS", "AA": "SS", "EE": "FF", "AE": "SF"}
_LINK = re.compile(
    r"^(?P<row>\d{1,9}|\d{1,5}(?:\.\d{1,5}){1,19})\s*"
    r"(?P<type>FS|SS|FF|SF|EA|AA|EE|AE)?\s*"
    r"(?P<lag>[+\-\u2212].*)?$",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"^(?P<sign>[+\-\u2212])\s*(?P<number>\d{1,5}(?:[.,]\d{1,2})?)\s*%$")


@dataclass(frozen=True)
class LinkWords:
    """A predecessor: ``row`` as it was written, a lag in minutes or a percentage of the predecessor."""

    row: str
    type: str = "FS"
    lag: Length = NO_LAG
    percent: Decimal | None = None

    @property
    def is_code(self) -> bool:
        """Whether ``row`` is a WBS code instead of a number."""
        return "." in self.row


def read_links(text: str, units: Units) -> tuple[LinkWords, ...]:
    """
    Return the predecessors a text names, in its order; nothing for an empty text.

    Raises
    ------
    NotUnderstood
        ``LINK`` with the part nobody understands, ``TOO_MANY_LINKS``, or those of `read_length`.

    Examples
    --------
    >>> [(link.row, link.type, link.lag.minutes) for link in read_links("12EA+2t; 7", Units())]
    [('12', 'FS', 960), ('7', 'FS', 0)]
    """
    parts = [part.strip() for part in _parts(text) if part.strip()]
    if len(parts) > MOST_LINKS:
        raise NotUnderstood("TOO_MANY_LINKS", text[:40])
    return tuple(_link(part, units) for part in parts)


def _parts(text: str) -> list[str]:
    """Split at semicolons; at commas too where they part whole links and are no decimal commas."""
    rough = re.split(r"[;\n]", text)
    return [
        part
        for piece in rough
        for part in re.split(r",(?=\s*\d+(?:\.\d+)*\s*(?:[A-Z]{2}|,|$))", piece, flags=re.I)
    ]


def _link(part: str, units: Units) -> LinkWords:
    found = _LINK.match(part)
    if found is None:
        raise NotUnderstood("LINK", part)
    kind = _TYPES[(found["type"] or "FS").upper()]
    lag, percent = _lag(found["lag"], part, units)
    return LinkWords(found["row"], kind, lag, percent)


def read_type(text: str) -> str | None:
    """Return the type of a link by its name in English or German; None if it is none."""
    return _TYPES.get(text.strip().upper())


def read_lag(text: str, units: Units) -> tuple[Length, Decimal | None]:
    """
    Return a lag as people type it alone: a length of time, or a percentage; nothing is none.

    Raises
    ------
    NotUnderstood
        As `read_length`.
    """
    plain = text.strip()
    signed = plain if plain[:1] in ("+", "-", "\u2212", "") else f"+{plain}"
    share = _PERCENT.match(signed)
    if share is None:
        return (read_length(plain, units), None) if plain else (NO_LAG, None)
    return _lag(signed, plain, units)


def _lag(text: str | None, part: str, units: Units) -> tuple[Length, Decimal | None]:
    if not text:
        return NO_LAG, None
    share = _PERCENT.match(text)
    if share is not None:
        percent = Decimal(share["number"].replace(",", "."))
        return NO_LAG, percent if share["sign"] == "+" else -percent
    try:
        return read_length(text, units), None
    except NotUnderstood as fault:
        raise NotUnderstood("LINK" if fault.code == "LENGTH" else fault.code, part) from fault


def write_link(link: LinkWords, units: Units) -> str:
    """
    Return a text that `read_links` reads as the same link; FS is left out when it has no lag.

    Examples
    --------
    >>> write_link(LinkWords("12", "FS", Length(960)), Units())
    '12FS+2d'
    """
    lag = ""
    if link.percent is not None:
        sign = "-" if link.percent < 0 else "+"
        lag = f"{sign}{abs(link.percent).normalize():f}%"
    elif link.lag.minutes or link.lag.is_elapsed:
        text = write_length(link.lag, units)
        lag = text if text.startswith("-") else f"+{text}"
    kind = "" if link.type == "FS" and not lag else link.type
    return f"{link.row}{kind}{lag}"


def write_links(links: list[LinkWords], units: Units) -> str:
    """Return the text of all predecessors of a row."""
    return "; ".join(write_link(link, units) for link in links)
