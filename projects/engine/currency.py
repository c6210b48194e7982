"""Currency conversion for roll-ups: budget rate, exchange effect, rounding (domain 6.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from projects.engine.measure import Measure, Reason

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ConvertedSum:
    """
    Parts in one currency that add up to the total to the cent.

    Attributes
    ----------
    parts : tuple of Decimal or None
        In the order of the input; ``None`` where the rate is missing.
    total : Decimal
        Sum of the known parts: the exact sum, rounded half up once.
    missing : tuple of int
        Positions left out with ``MISSING_RATE`` (CST-20).
    """

    parts: tuple[Decimal | None, ...]
    total: Decimal
    missing: tuple[int, ...]


def to_cents(amount: Decimal) -> Decimal:
    """Return the amount rounded half up to two decimals."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def convert(amount: Decimal, rate: Decimal | None) -> Measure:
    """Return amount × rate to the cent; ``MISSING_RATE`` without a rate, never 1 (CST-20)."""
    return Measure.missing(Reason.MISSING_RATE) if rate is None else Measure.of(to_cents(amount * rate))


def exchange_effect(amount: Decimal, *, spot: Decimal | None, budget_rate: Decimal | None) -> Measure:
    """Return amount × (spot − budget rate) to the cent, reported apart from the roll-up (CST-19)."""
    if spot is None or budget_rate is None:
        return Measure.missing(Reason.MISSING_RATE)
    return Measure.of(to_cents(amount * (spot - budget_rate)))


def round_parts(exact: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """
    Return the parts in whole cents; they add up to the rounded exact sum (CST-21).

    The difference goes to the part that is largest in size; of equals, to the first.
    """
    if not exact:
        return ()
    rounded = [to_cents(part) for part in exact]
    difference = to_cents(sum(exact, Decimal(0))) - sum(rounded, Decimal(0))
    largest = max(range(len(exact)), key=lambda position: abs(exact[position]))
    rounded[largest] += difference
    return tuple(rounded)


def convert_sum(
    amounts: Sequence[Decimal], currencies: Sequence[str], rates: Mapping[str, Decimal]
) -> ConvertedSum:
    """
    Convert amounts of several currencies at budget rates.

    Parameters
    ----------
    amounts : sequence of Decimal
        In their own currencies.
    currencies : sequence of str
        ISO 4217 codes, one per amount.
    rates : mapping of str to Decimal
        Units of the target currency for one unit of the key; the target itself with rate 1.

    Returns
    -------
    ConvertedSum
        Parts, their total, and the positions without a rate.
    """
    known = [position for position, code in enumerate(currencies) if code in rates]
    rounded = round_parts([amounts[position] * rates[currencies[position]] for position in known])
    parts: list[Decimal | None] = [None] * len(amounts)
    for position, part in zip(known, rounded, strict=True):
        parts[position] = part
    missing = tuple(position for position, part in enumerate(parts) if part is None)
    return ConvertedSum(tuple(parts), sum(rounded, Decimal("0.00")), missing)
