"""Exact decimal arithmetic of the roll-up: one context, one text form, one rounding for display."""

from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from math import floor

#: One context for every division, so that a result never depends on the thread that made it (SEC-37).
CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN)

ZERO = Decimal(0)
HUNDRED = Decimal(100)
#: A percentage never breaks between number and sign.
NBSP_PERCENT = "\u00a0%"


def divide(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """
    Return the quotient, or ``None`` for a zero denominator (CON-4).

    Examples
    --------
    >>> divide(Decimal(3), Decimal(4))
    Decimal('0.75')
    >>> divide(Decimal(3), Decimal(0)) is None
    True
    """
    if denominator == 0:
        return None
    return CONTEXT.divide(numerator, denominator)


def percent(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """Return 100 times the quotient, or ``None`` for a zero denominator."""
    return divide(numerator * HUNDRED, denominator)


def decimal_from_float(value: float) -> Decimal:
    """
    Return the shortest decimal that reads back as the float, for engine results in float64.

    Examples
    --------
    >>> decimal_from_float(0.95)
    Decimal('0.95')
    """
    return Decimal(repr(float(value)))


def decimal_text(value: Decimal) -> str:
    """
    Return the one plain text of a number: no exponent, no trailing zeros, no negative zero.

    Examples
    --------
    >>> decimal_text(Decimal("1.500")), decimal_text(Decimal("1E+3")), decimal_text(Decimal("-0.0"))
    ('1.5', '1000', '0')
    """
    if value == 0:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(value: Decimal, places: int) -> Decimal:
    """
    Return the value rounded half up, for display only (CON-1, CON-2).

    Examples
    --------
    >>> rounded(Decimal("0.9496"), 2), rounded(Decimal("78.65"), 1)
    (Decimal('0.95'), Decimal('78.7'))
    """
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def floored(value: Decimal) -> Decimal:
    """Return the largest whole number that is not above the value."""
    return value.to_integral_value(rounding=ROUND_FLOOR)


def shown_fraction(value: Fraction, places: int) -> Decimal:
    """
    Return a fraction that is not negative, rounded half up, for display only (CON-1).

    Examples
    --------
    >>> shown_fraction(Fraction(485, 8), 1), shown_fraction(Fraction(2, 3), 2)
    (Decimal('60.6'), Decimal('0.67'))
    """
    whole = floor(value * 10**places + Fraction(1, 2))
    return Decimal(whole).scaleb(-places)
