"""Earned value of one task by technique (domain 6.3): exact shares between 0 and 1."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")


def earned_amount(budget: Decimal, share: Fraction) -> Decimal:
    """Return budget × share in whole cents, half up; never more than the budget (CST-8)."""
    capped = min(max(share, Fraction(0)), Fraction(1))
    exact = Decimal(capped.numerator) * budget / Decimal(capped.denominator)
    return exact.quantize(CENT, rounding=ROUND_HALF_UP)


def at_finish_share(*, is_finished: bool) -> Fraction:
    """Return the 0/100 share: everything at the actual finish."""
    return Fraction(int(is_finished))


def at_start_and_finish_share(
    *, is_started: bool, is_finished: bool, start_share: Fraction = Fraction(1, 2)
) -> Fraction:
    """Return the a/b share: ``start_share`` at the actual start, the rest at the finish."""
    if is_finished:
        return Fraction(1)
    return start_share if is_started else Fraction(0)


def percent_share(percent_physical: Decimal) -> Fraction:
    """Return the share of a physical percentage 0.00-100.00."""
    return Fraction(percent_physical) / 100


def weighted_milestones_share(weights_reached: Sequence[Decimal]) -> Fraction:
    """Return the share of the weights reached; all weights of the task sum to 100."""
    return sum((Fraction(weight) for weight in weights_reached), Fraction(0)) / 100


def units_share(*, done: Decimal, planned: Decimal) -> Fraction:
    """Return done ÷ planned units, at most 1; 0 while nothing is planned."""
    return min(Fraction(done) / Fraction(planned), Fraction(1)) if planned else Fraction(0)


def points_share(*, accepted: Decimal, baseline: Decimal) -> Fraction:
    """Return accepted ÷ baseline points, at most 1; 0 while the baseline holds none."""
    return units_share(done=accepted, planned=baseline)
