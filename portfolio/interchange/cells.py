"""What a cell means: dates, amounts, colors, and the reasons why one means nothing."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

V = TypeVar("V")

ISO_DATE = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{2}:\d{2}.*)?$")
DAY_FIRST_DATE = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})$")
AMOUNT = re.compile(r"^([(-]?)\s*([£$€]|[A-Z]{3})?\s*(-?)([\d.,'’\s]*\d)\s*([kKmMbB]|bn|BN|Mio\.?)?\s*\)?$")
SCALES = {"k": 1_000, "m": 1_000_000, "mio": 1_000_000, "b": 1_000_000_000, "bn": 1_000_000_000}
WITHHELD = re.compile(r"\bexempt", re.IGNORECASE)
ABSENT = re.compile(
    r"^(n/?a|none|null|-+|–|—|tb[acd]|not (provided|available|applicable|yet).*|unknown|\?)$", re.IGNORECASE
)
UNSTATED = re.compile(r"not (in a position|yet in|able)|still at the planning|sensitiv", re.IGNORECASE)
CENTURY_PIVOT = 70
MOST_DIGITS = 16
COLORS = {
    "green": "GREEN",
    "g": "GREEN",
    "ambergreen": "AMBER_GREEN",
    "greenamber": "AMBER_GREEN",
    "amber": "AMBER",
    "yellow": "AMBER",
    "a": "AMBER",
    "amberred": "AMBER_RED",
    "redamber": "AMBER_RED",
    "red": "RED",
    "r": "RED",
}


@dataclass(frozen=True, slots=True)
class Reading(Generic[V]):
    """
    The value of a cell, or why there is none.

    ``reason`` is "" with a value; EMPTY for a cell without text; WITHHELD or NOT_STATED when the reporter
    says so; UNREADABLE when the text means nothing to us.
    """

    value: V | None
    reason: str = ""


def _no_value(text: str) -> Reading[V]:
    if not text:
        return Reading(None, "EMPTY")
    if WITHHELD.search(text):
        return Reading(None, "WITHHELD")
    if ABSENT.match(text) or UNSTATED.search(text):
        return Reading(None, "NOT_STATED")
    return Reading(None, "UNREADABLE")


def clean(text: str) -> str:
    """Return the text without doubled, odd or outer blanks."""
    return " ".join(text.replace("\xa0", " ").replace("\u200b", "").split())


def read_date(text: str) -> Reading[date]:
    """
    Return the date in a cell: ISO, or day first with dots, slashes or dashes; two-digit years from 1970.

    Examples
    --------
    >>> read_date("30.06.08").value, read_date("31/12/1975").value, read_date("TBD").reason
    (datetime.date(2008, 6, 30), datetime.date(1975, 12, 31), 'NOT_STATED')
    """
    bare = clean(text)
    parts: tuple[int, int, int] | None = None
    if match := ISO_DATE.match(bare):
        parts = int(match[1]), int(match[2]), int(match[3])
    elif match := DAY_FIRST_DATE.match(bare):
        year = int(match[3])
        if len(match[3]) == 2:
            year += 1900 if year >= CENTURY_PIVOT else 2000
        parts = year, int(match[2]), int(match[1])
    if parts is None:
        return _no_value(bare)
    try:
        return Reading(date(*parts))
    except ValueError:
        return Reading(None, "UNREADABLE")


def read_amount(text: str, *, unit: int = 1) -> Reading[Decimal]:
    """
    Return an amount in whole currency, rounded half-up to cents.

    Parameters
    ----------
    text : str
        Cell; currency signs, thousands separators, brackets for negative amounts and k, m, bn are known.
    unit : int
        What 1 in the cell stands for, for example 1 000 000 where a table counts in millions.

    Examples
    --------
    >>> read_amount("£12,131.50", unit=1_000_000).value
    Decimal('12131500000.00')
    >>> read_amount("1.234,5").value, read_amount("(20)").value
    (Decimal('1234.50'), Decimal('-20.00'))
    """
    bare = clean(text)
    match = AMOUNT.match(bare)
    if match is None:
        return _no_value(bare)
    digits = _plain_digits(match[4])
    if len(re.sub(r"\D", "", digits)) > MOST_DIGITS:
        return Reading(None, "UNREADABLE")
    try:
        number = Decimal(digits)
    except InvalidOperation:
        return Reading(None, "UNREADABLE")
    scale = SCALES[match[5].lower().rstrip(".")] if match[5] else unit
    is_negative = bool(match[1]) or bool(match[3])
    cents = (number * scale).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
    return Reading(-cents if is_negative else cents)


def _plain_digits(text: str) -> str:
    """Return digits with a point, whatever signs group them; the last sign decides."""
    bare = re.sub(r"[\s'’]", "", text)
    last_point, last_comma = bare.rfind("."), bare.rfind(",")
    if last_point >= 0 and last_comma >= 0:
        group = "," if last_point > last_comma else "."
        return bare.replace(group, "").replace(",", ".")
    sign = "," if last_comma >= 0 else "."
    is_grouping = bare.count(sign) > 1 or (sign == "," and len(bare) - bare.rfind(sign) == 4)
    return bare.replace(sign, "") if is_grouping else bare.replace(",", ".")


def read_color(text: str) -> Reading[str]:
    """
    Return one of the five steps of delivery confidence.

    Examples
    --------
    >>> read_color("Amber/red").value, read_color("Exempt under Section 43").reason
    ('AMBER_RED', 'WITHHELD')
    """
    bare = clean(text)
    found = COLORS.get(re.sub(r"[^a-z]", "", bare.lower()))
    return Reading(found) if found and len(bare) <= 20 else _no_value(bare)


def read_text(text: str) -> Reading[str]:
    """Return the text itself; an empty cell has none."""
    bare = clean(text)
    return Reading(bare) if bare else Reading(None, "EMPTY")


def matching_name(name: str) -> str:
    """
    Return what two spellings of one project's name have in common.

    Examples
    --------
    >>> matching_name("Border & Services (DSAB)"), matching_name("border and services")
    ('border and services', 'border and services')
    """
    without_brackets = re.sub(r"\([^)]*\)", " ", name) if re.sub(r"\([^)]*\)", " ", name).strip() else name
    return " ".join(re.sub(r"[^\w]+", " ", without_brackets.casefold().replace("&", " and ")).split())
