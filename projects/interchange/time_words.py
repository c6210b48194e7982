"""
Lengths of time as people write them in a plan: ``3d``, ``2w``, ``4h``, ``1mo``, ``3ed``, ``2,5 Tage``.

English and German units are read wherever the person comes from; what is written uses the English ones.
A number without a unit is days.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MINUTES_PER_HOUR = 60
ELAPSED_HOURS = 24
ELAPSED_DAYS = {"d": 1, "w": 7, "mo": 30}
LONGEST = 60 * 24 * 366 * 20
_WORD = re.compile(
    r"^(?P<sign>[+\-\u2212]?)\s*(?P<number>\d{1,9}(?:[.,]\d{1,4})?)\s*(?P<unit>[a-zäöü]*)\s*(?P<mark>\??)$",
    re.IGNORECASE,
)
_UNITS = {
    "m": ("m", "min", "mins", "minute", "minutes", "minuten"),
    "h": ("h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden"),
    "d": ("d", "dy", "dys", "day", "days", "t", "tg", "tag", "tage", "tagen"),
    "w": ("w", "wk", "wks", "week", "weeks", "wo", "wch", "woche", "wochen"),
    "mo": ("mo", "mon", "mons", "month", "months", "monat", "monate", "monaten", "mt"),
}
_BY_WORD = {word: unit for unit, words in _UNITS.items() for word in words}


class NotUnderstood(ValueError):
    """Text that is no length of time, no link or no day; ``code`` says which sentence explains it."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(f"{code}: {text}")
        self.code, self.text = code, text


@dataclass(frozen=True)
class Units:
    """
    How many working minutes a day has in this plan, and how many days a week and a month.

    ``is_german`` reads a capital M as months, as the German Microsoft Project writes them, not as minutes.
    """

    minutes_per_day: int = 480
    days_per_week: Decimal = Decimal(5)
    days_per_month: Decimal = Decimal(20)
    is_german: bool = False


@dataclass(frozen=True)
class Length:
    """A length of time in minutes, negative for a lead; ``is_elapsed`` counts the clock, not working time."""

    minutes: int
    is_elapsed: bool = False


def read_length(text: str, units: Units) -> Length:
    """
    Return what a text says.

    Raises
    ------
    NotUnderstood
        ``LENGTH``, or ``TOO_LONG`` beyond twenty years.

    Examples
    --------
    >>> read_length("2,5 Tage", Units())
    Length(minutes=1200, is_elapsed=False)
    >>> read_length("3ed", Units())
    Length(minutes=4320, is_elapsed=True)
    """
    found = _WORD.match(text.strip())
    if found is None:
        raise NotUnderstood("LENGTH", text)
    word = found["unit"]
    is_month = units.is_german and word.endswith("M") and len(word) <= len("eM")
    unit, is_elapsed = _unit(f"{word}o".lower() if is_month else word.lower(), text)
    number = Decimal(found["number"].replace(",", "."))
    minutes = int(
        (number * _minutes_of(unit, is_elapsed, units)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    )
    if minutes > LONGEST:
        raise NotUnderstood("TOO_LONG", text)
    return Length(-minutes if found["sign"] in ("-", "\u2212") else minutes, is_elapsed)


def _unit(word: str, text: str) -> tuple[str, bool]:
    if not word:
        return "d", False
    if word in _BY_WORD:
        return _BY_WORD[word], False
    for mark in ("e", "f"):  # elapsed; Microsoft Project writes "ft" for fortlaufende Tage
        if word.startswith(mark) and word[1:] in _BY_WORD:
            return _BY_WORD[word[1:]], True
    raise NotUnderstood("LENGTH", text)


def _minutes_of(unit: str, is_elapsed: bool, units: Units) -> Decimal:
    if unit == "m":
        return Decimal(1)
    if unit == "h":
        return Decimal(MINUTES_PER_HOUR)
    if is_elapsed:
        return Decimal(MINUTES_PER_HOUR * ELAPSED_HOURS * ELAPSED_DAYS[unit])
    days = {"d": Decimal(1), "w": units.days_per_week, "mo": units.days_per_month}[unit]
    return days * units.minutes_per_day


def write_length(length: Length, units: Units) -> str:
    """
    Return a text that `read_length` reads as the same length.

    Examples
    --------
    >>> write_length(Length(720), Units())
    '1.5d'
    >>> write_length(Length(-90), Units())
    '-1.5h'
    """
    sign = "-" if length.minutes < 0 else ""
    minutes = abs(length.minutes)
    mark = "e" if length.is_elapsed else ""
    for unit in ("d", "h"):
        per_unit = _minutes_of(unit, length.is_elapsed, units)
        number = (Decimal(minutes) / per_unit).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        if number * per_unit == minutes:
            return f"{sign}{_plain(number)}{mark}{unit}"
    return f"{sign}{minutes}{mark}m"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
