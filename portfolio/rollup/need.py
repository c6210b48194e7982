"""
Whether an organization needs a PMO, and which (domain 14.1, NEED-1 to NEED-3).

Scores are exact fractions until they are shown; limits are compared before rounding (CON-2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

ENOUGH_ANSWERED = Fraction(3, 4)
MOST_POINTS = 4
STATUTE = "C8"
NUDGE = Fraction(1, 10_000)


class Factor(StrEnum):
    """What the questions measure; the value is the first letter of their codes."""

    COMPLEXITY = "C"
    SIZE = "Z"
    MATURITY = "M"


QUESTIONS: dict[Factor, tuple[str, ...]] = {
    Factor.COMPLEXITY: ("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8"),
    Factor.SIZE: ("Z1", "Z2", "Z3", "Z4", "Z5", "Z6"),
    Factor.MATURITY: ("M1", "M2", "M3", "M4", "M5", "M6"),
}
CODES: tuple[str, ...] = tuple(code for codes in QUESTIONS.values() for code in codes)
# The highest number of each of the first four answers, of the questions that count something.
COUNTED: dict[str, tuple[int, int, int, int]] = {
    "Z1": (3, 8, 20, 40),
    "Z2": (10, 30, 100, 300),
    "Z5": (2, 6, 15, 30),
    "Z6": (1, 3, 5, 8),
}
WEIGHTS = {
    Factor.COMPLEXITY: Fraction(45, 100),
    Factor.SIZE: Fraction(35, 100),
    Factor.MATURITY: Fraction(20, 100),
}


class Mandate(StrEnum):
    """The recommendation, from no control to most."""

    NO_PMO = "NO_PMO"
    LIGHT_SUPPORT = "LIGHT_SUPPORT"
    CONTROLLING = "CONTROLLING"
    DIRECTIVE = "DIRECTIVE"


LADDER: tuple[Mandate, ...] = tuple(Mandate)
# The lowest index of each band; a value at the limit belongs to the upper band.
BANDS: dict[Mandate, int] = {
    Mandate.NO_PMO: 0,
    Mandate.LIGHT_SUPPORT: 25,
    Mandate.CONTROLLING: 45,
    Mandate.DIRECTIVE: 65,
}


class Rule(StrEnum):
    """Floors and caps of NEED-1, in the order they are applied."""

    FLOOR_COMPLEX = "FLOOR_COMPLEX"
    FLOOR_STATUTE = "FLOOR_STATUTE"
    CAP_SMALL = "CAP_SMALL"
    CAP_MATURE = "CAP_MATURE"


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean, lowest and highest of what several respondents said."""

    mean: Fraction
    low: Fraction
    high: Fraction

    @property
    def width(self) -> Fraction:
        """Highest less lowest."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class FactorScore:
    """A factor from 0 to 100; ``score`` is None when too little was answered."""

    factor: Factor
    score: Fraction | None
    answered: int
    asked: int
    spread: Spread | None


@dataclass(frozen=True, slots=True)
class Ruling:
    """A floor or cap whose condition holds; ``moved`` says whether it changed the recommendation."""

    rule: Rule
    before: Mandate
    after: Mandate

    @property
    def moved(self) -> bool:
        """Whether it decided."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Change:
    """
    A factor that, alone, would lead to another recommendation once it reaches ``score``.

    ``is_beyond`` says that it has to pass the score, not only to reach it.
    """

    factor: Factor
    score: Fraction
    is_rise: bool
    is_beyond: bool
    mandate: Mandate


@dataclass(frozen=True, slots=True)
class Need:
    """
    The result.

    ``index``, ``band`` and ``mandate`` are None while a factor has too few answers
    (`INSUFFICIENT_DATA`). ``to_lower`` and ``to_upper`` are the points to the neighboring bands;
    None where there is none.
    """

    respondents: int
    factors: tuple[FactorScore, ...]
    questions: Mapping[str, Spread]
    index: Fraction | None
    band: Mandate | None
    to_lower: Fraction | None
    to_upper: Fraction | None
    rulings: tuple[Ruling, ...]
    mandate: Mandate | None
    advise_program_office: bool
    changes: tuple[Change, ...]

    @property
    def reason(self) -> str:
        """Why there is no result (CON-4)."""
        return "" if self.mandate else "INSUFFICIENT_DATA"

    def score(self, factor: Factor) -> Fraction | None:
        """Return the score of a factor."""
        return next(each.score for each in self.factors if each.factor is factor)


def assess_need(respondents: Sequence[Mapping[str, int]]) -> Need:
    """
    Return the need of a PMO by the answers of one or several respondents.

    Parameters
    ----------
    respondents : sequence of mapping
        By code of the question 0 to 4; unanswered questions are absent. Each question counts with the
        mean of those who answered it (NEED-3).

    Examples
    --------
    EX-NEED:

    >>> c = dict(zip(QUESTIONS[Factor.COMPLEXITY], (3, 2, 4, 3, 2, 3, 2, 1)))
    >>> z = dict(zip(QUESTIONS[Factor.SIZE], (2, 3, 2, 2, 1, 2)))
    >>> m = dict(zip(QUESTIONS[Factor.MATURITY], (1, 1, 2, 1, 0, 1)))
    >>> need = assess_need([c | z | m])
    >>> float(need.index), need.mandate.value
    (60.625, 'CONTROLLING')
    """
    number = sum(1 for answers in respondents if answers)
    questions = _questions(respondents)
    factors = tuple(_factor(factor, questions, respondents) for factor in Factor)
    scores = {each.factor: each.score for each in factors if each.score is not None}
    if len(scores) < len(factors):
        return Need(number, factors, questions, None, None, None, None, (), None, False, ())
    has_statute = STATUTE in questions and questions[STATUTE].mean >= MOST_POINTS
    index = index_of(scores)
    band = band_of(index)
    rulings = rulings_of(scores, has_statute=has_statute)
    place = LADDER.index(band)
    return Need(
        respondents=number,
        factors=factors,
        questions=questions,
        index=index,
        band=band,
        to_lower=index - BANDS[band] if place else None,
        to_upper=BANDS[LADDER[place + 1]] - index if place + 1 < len(LADDER) else None,
        rulings=rulings,
        mandate=rulings[-1].after if rulings else band,
        advise_program_office=_advises(rulings),
        changes=_changes(scores, has_statute=has_statute),
    )


def index_of(scores: Mapping[Factor, Fraction]) -> Fraction:
    """Return N = 0.45 C + 0.35 Z + 0.20 (100 - M)."""
    return (
        WEIGHTS[Factor.COMPLEXITY] * scores[Factor.COMPLEXITY]
        + WEIGHTS[Factor.SIZE] * scores[Factor.SIZE]
        + WEIGHTS[Factor.MATURITY] * (100 - scores[Factor.MATURITY])
    )


def band_of(index: Fraction) -> Mandate:
    """Return the band an index lies in."""
    return max((mandate for mandate in LADDER if index >= BANDS[mandate]), key=LADDER.index)


def rulings_of(scores: Mapping[Factor, Fraction], *, has_statute: bool) -> tuple[Ruling, ...]:
    """Return the floors, then the caps, whose condition holds (NEED-1)."""
    is_small = scores[Factor.SIZE] < 15
    holds = (
        (Rule.FLOOR_COMPLEX, _is_complex_and_immature(scores), Mandate.CONTROLLING),
        (Rule.FLOOR_STATUTE, has_statute, Mandate.LIGHT_SUPPORT),
        (Rule.CAP_SMALL, is_small, Mandate.LIGHT_SUPPORT),
        (Rule.CAP_MATURE, scores[Factor.MATURITY] >= 75, Mandate.CONTROLLING),
    )
    found: list[Ruling] = []
    present = band_of(index_of(scores))
    for rule, applies, limit in holds:
        if applies:
            is_floor = rule in {Rule.FLOOR_COMPLEX, Rule.FLOOR_STATUTE}
            after = (max if is_floor else min)(present, limit, key=LADDER.index)
            found.append(Ruling(rule, present, after))
            present = after
    return tuple(found)


def _is_complex_and_immature(scores: Mapping[Factor, Fraction]) -> bool:
    return scores[Factor.COMPLEXITY] >= 60 and scores[Factor.MATURITY] < 40


def _advises(rulings: Sequence[Ruling]) -> bool:
    """Whether a small organization with hard projects should set up a temporary program office."""
    rules = {each.rule for each in rulings}
    return {Rule.FLOOR_COMPLEX, Rule.CAP_SMALL} <= rules


def _mandate_of(scores: Mapping[Factor, Fraction], *, has_statute: bool) -> Mandate:
    rulings = rulings_of(scores, has_statute=has_statute)
    return rulings[-1].after if rulings else band_of(index_of(scores))


def _questions(respondents: Sequence[Mapping[str, int]]) -> dict[str, Spread]:
    found: dict[str, Spread] = {}
    for code in CODES:
        given = [Fraction(answers[code]) for answers in respondents if code in answers]
        if given:
            found[code] = _spread(given)
    return found


def _spread(values: Sequence[Fraction]) -> Spread:
    return Spread(Fraction(sum(values), len(values)), min(values), max(values))


def _factor(
    factor: Factor, questions: Mapping[str, Spread], respondents: Sequence[Mapping[str, int]]
) -> FactorScore:
    codes = QUESTIONS[factor]
    own = [
        _score([Fraction(each[code]) for code in codes if code in each], len(codes)) for each in respondents
    ]
    whole = [score for score in own if score is not None]
    means = [questions[code].mean for code in codes if code in questions]
    return FactorScore(
        factor, _score(means, len(codes)), len(means), len(codes), _spread(whole) if whole else None
    )


def _score(points: Sequence[Fraction], asked: int) -> Fraction | None:
    """Return 100 x points / (4 x answered); None below 75 % answered."""
    if Fraction(len(points), asked) < ENOUGH_ANSWERED:
        return None
    return Fraction(100 * sum(points)) / (MOST_POINTS * len(points))


def _changes(scores: Mapping[Factor, Fraction], *, has_statute: bool) -> tuple[Change, ...]:
    """Return per factor and direction the nearest score that leads to another recommendation."""
    now = _mandate_of(scores, has_statute=has_statute)
    found: list[Change] = []
    for factor in Factor:
        for is_rise in (True, False):
            step = NUDGE if is_rise else -NUDGE
            tries = (
                (limit, is_beyond, _mandate_of({**scores, factor: there}, has_statute=has_statute))
                for limit in _limits_ahead(factor, scores, is_rise=is_rise)
                for is_beyond, there in ((False, limit), (True, limit + step))
                if 0 <= there <= 100
            )
            hit = next((each for each in tries if each[2] != now), None)
            if hit is not None:
                found.append(Change(factor, hit[0], is_rise, *hit[1:]))
    return tuple(found)


def _limits_ahead(factor: Factor, scores: Mapping[Factor, Fraction], *, is_rise: bool) -> list[Fraction]:
    """Return the scores at which something could change, the nearest first."""
    fixed = {Factor.COMPLEXITY: (60,), Factor.SIZE: (15,), Factor.MATURITY: (40, 75)}[factor]
    slope = -WEIGHTS[factor] if factor is Factor.MATURITY else WEIGHTS[factor]
    index, here = index_of(scores), scores[factor]
    limits = [Fraction(limit) for limit in fixed]
    limits += [here + (BANDS[mandate] - index) / slope for mandate in LADDER[1:]]
    ahead = {limit for limit in limits if (limit >= here if is_rise else limit <= here)}
    return sorted(ahead, reverse=not is_rise)


def answer_for(code: str, number: int) -> int | None:
    """
    Return the answer that a counted number stands for; None for questions that count nothing.

    Examples
    --------
    >>> answer_for("Z1", 9), answer_for("Z1", 8), answer_for("M1", 3)
    (2, 1, None)
    """
    limits = COUNTED.get(code)
    return None if limits is None else sum(number > limit for limit in limits)
