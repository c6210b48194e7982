"""Milestones as an iCalendar file (RFC 5545): whole days, text escaped, lines folded at 75 bytes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from projects.interchange.to_mpxj.values import clean

LONGEST_LINE = 75
CALENDAR_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """Something on a day, or on all days up to ``last``; ``uid`` is the same for ever, and nobody else's."""

    uid: str
    day: date
    title: str
    note: str = ""
    address: str = ""
    last: date | None = None


def write_icalendar(name: str, days: Iterable[CalendarDay], *, made_at: datetime) -> bytes:
    """Return the file; ``made_at`` is in UTC."""
    stamp = made_at.strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//PMO Portal//Plan//EN", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{escaped(name)}")
    for item in days:
        lines.extend(_event(item, stamp))
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _event(item: CalendarDay, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(item.uid)}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{item.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{(item.last or item.day) + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(item.title)}"
    if item.note:
        yield f"DESCRIPTION:{escaped(item.note)}"
    if item.address:
        yield f"URL:{clean(item.address)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    r"""
    Return text that cannot end its line or begin a property of its own.

    Examples
    --------
    >>> escaped("Gate 1; go, or\r\nATTACH:x")
    'Gate 1\\; go\\, or\\nATTACH:x'
    """
    plain = clean(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Cut a line between letters; what goes on begins with a space."""
    part = ""
    for sign in line:
        if len((part + sign).encode()) > LONGEST_LINE:
            yield part
            part = " "
        part += sign
    yield part
