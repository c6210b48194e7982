"""The complexity tier of a project: ten answers, a score, floors (STD-4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

WEIGHTS = {"F1": 15, "F2": 10, "F3": 10, "F4": 10, "F5": 10, "F6": 10, "F7": 10, "F8": 10, "F9": 10, "F10": 5}
"""Factors of the questionnaire with their weights; they sum to 100."""
LIMIT_L3 = Decimal(2_000_000)
"""Budget from which a project is T3 at least."""
TIER_LIMITS = ((Decimal(4), "T4"), (Decimal(3), "T3"), (Decimal(2), "T2"))
LOWEST, HIGHEST = 1, 5


class Floor(StrEnum):
    """Why a tier is higher than the score alone would make it."""

    BUDGET = "BUDGET"
    LEGAL = "LEGAL"


@dataclass(frozen=True, slots=True)
class TierResult:
    """The score (1.00 to 5.00), the tier of the score alone, the tier that counts, the floors."""

    score: Decimal
    tier_of_score: str
    tier: str
    floors: tuple[Floor, ...]


def missing_answers(answers: Mapping[str, int]) -> tuple[str, ...]:
    """Return the factors without a valid answer; a score needs all ten."""
    return tuple(
        code
        for code in WEIGHTS
        if not isinstance(answers.get(code), int) or not LOWEST <= answers[code] <= HIGHEST
    )


def complexity(
    answers: Mapping[str, int], *, budget: Decimal | None, limit: Decimal = LIMIT_L3
) -> TierResult:
    """
    Return score and tier.

    Parameters
    ----------
    answers : mapping of str to int
        Each of F1 to F10 with 1 to 5; inherent complexity, mitigation does not lower it.
    budget : Decimal or None
        In the currency of the limit; None where it is not known: then it sets no floor.
    limit : Decimal
        Limit L3 of the policy.

    Raises
    ------
    ValueError
        If an answer is missing or out of range.

    Examples
    --------
    >>> given = dict(zip(WEIGHTS, (3, 2, 3, 4, 2, 3, 4, 3, 4, 2), strict=True))
    >>> complexity(given, budget=None).score
    Decimal('3.05')
    """
    missing = missing_answers(answers)
    if missing:
        raise ValueError(f"no answer from 1 to 5 for {', '.join(missing)}")
    score = Decimal(sum(weight * answers[code] for code, weight in WEIGHTS.items())) / 100
    of_score = next((tier for limit_, tier in TIER_LIMITS if score >= limit_), "T1")
    floors = tuple(
        floor
        for floor, holds in (
            (Floor.BUDGET, budget is not None and budget >= limit),
            (Floor.LEGAL, answers["F10"] == HIGHEST),
        )
        if holds
    )
    tier = max(of_score, "T3") if floors else of_score
    return TierResult(score, of_score, tier, floors if tier != of_score else ())
