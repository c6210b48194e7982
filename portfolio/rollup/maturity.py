"""
Maturity by perspective (domain 14.2, MAT-1 to MAT-5).

A statement is answered 0 no, 1 partly, 2 largely, 3 fully. Means of several respondents are exact
fractions; limits are compared before rounding (CON-2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

LEVELS = (2, 3, 4, 5)
LETTERS = ("a", "b")
REACHED_FROM = Fraction(2)
MOST_POINTS = 3
EVIDENCE_FROM = 2
HIGHEST = 5


class Perspective(StrEnum):
    """The seven views, in the order of the profile."""

    GOVERNANCE = "GOVERNANCE"
    CONTROL = "CONTROL"
    BENEFITS = "BENEFITS"
    FINANCE = "FINANCE"
    STAKEHOLDERS = "STAKEHOLDERS"
    RISK = "RISK"
    RESOURCES = "RESOURCES"


def statement_code(perspective: str, level: int, letter: str) -> str:
    """Return the code of a statement, such as ``RISK-3a``."""
    return f"{perspective}-{level}{letter}"


CODES: tuple[str, ...] = tuple(
    statement_code(perspective, level, letter)
    for perspective in Perspective
    for level in LEVELS
    for letter in LETTERS
)


@dataclass(frozen=True, slots=True)
class StatementScore:
    """
    What respondents said of a statement; an unanswered one counts 0 and is marked (MAT-4).

    ``low`` and ``high`` are the outermost answers.
    """

    code: str
    perspective: Perspective
    level: int
    mean: Fraction
    low: int
    high: int
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """One perspective: its level from 1 to 5, and the continuous value for trends (MAT-1, MAT-2)."""

    perspective: Perspective
    level: int
    continuous: Fraction
    statements: tuple[StatementScore, ...]

    @property
    def unanswered(self) -> int:
        """How many statements nobody answered."""
        return sum(not each.is_answered for each in self.statements)


@dataclass(frozen=True, slots=True)
class Profile:
    """All perspectives; the organization stands where its lowest perspective stands (MAT-3)."""

    standings: tuple[Standing, ...]

    @property
    def level(self) -> int:
        """The level of the organization."""
        return min(each.level for each in self.standings)

    @property
    def continuous(self) -> Fraction:
        """Mean of the continuous values, for trends only."""
        return Fraction(sum(each.continuous for each in self.standings), len(self.standings))

    def of(self, perspective: str) -> Standing:
        """Return the standing of a perspective."""
        return next(each for each in self.standings if each.perspective == perspective)


@dataclass(frozen=True, slots=True)
class Aim:
    """The level a perspective shall reach, and how much it matters (1 to 3)."""

    target: int
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Gap:
    """A statement that has to be worked on, with its priority (MAT-5)."""

    code: str
    perspective: Perspective
    level: int
    mean: Fraction
    priority: int


def assess_maturity(respondents: Sequence[Mapping[str, int]]) -> Profile:
    """
    Return the profile by the answers of one or several respondents.

    Parameters
    ----------
    respondents : sequence of mapping
        By code of the statement 0 to 3; unanswered ones are absent.

    Examples
    --------
    EX-MAT:

    >>> said = (3, 2, 2, 2, 1, 2, 0, 0)
    >>> codes = [code for code in CODES if code.startswith("RISK")]
    >>> risk = assess_maturity([dict(zip(codes, said))]).of("RISK")
    >>> risk.level, float(risk.continuous)
    (3, 3.0)
    """
    return Profile(tuple(_standing(perspective, respondents) for perspective in Perspective))


def gaps_of(profile: Profile, aims: Mapping[str, Aim]) -> tuple[Gap, ...]:
    """
    Return what has to be worked on: every statement below 2 up to the target level.

    Sorted by priority = (target - level) x weight, the largest first, then lower levels first (MAT-5).
    """
    found = [
        Gap(
            each.code,
            standing.perspective,
            each.level,
            each.mean,
            (aim.target - standing.level) * aim.weight,
        )
        for standing in profile.standings
        if (aim := aims.get(standing.perspective)) is not None and aim.target > standing.level
        for each in standing.statements
        if each.level <= aim.target and each.mean < REACHED_FROM
    ]
    return tuple(sorted(found, key=lambda gap: (-gap.priority, gap.level, CODES.index(gap.code))))


def _standing(perspective: Perspective, respondents: Sequence[Mapping[str, int]]) -> Standing:
    scores = tuple(_score(perspective, level, letter, respondents) for level in LEVELS for letter in LETTERS)
    means = {level: _mean([each.mean for each in scores if each.level == level]) for level in LEVELS}
    reached = 1
    for level in LEVELS:
        own = [each.mean for each in scores if each.level == level]
        if reached == level - 1 and means[level] >= REACHED_FROM and all(own):
            reached = level
    continuous = 1 + sum(means.values(), Fraction(0)) / MOST_POINTS
    return Standing(perspective, reached, continuous, scores)


def _score(
    perspective: Perspective, level: int, letter: str, respondents: Sequence[Mapping[str, int]]
) -> StatementScore:
    code = statement_code(perspective, level, letter)
    given = [answers[code] for answers in respondents if code in answers]
    if not given:
        return StatementScore(code, perspective, level, Fraction(0), 0, 0, is_answered=False)
    mean = Fraction(sum(given), len(given))
    return StatementScore(code, perspective, level, mean, min(given), max(given), is_answered=True)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return Fraction(sum(values), len(values))
