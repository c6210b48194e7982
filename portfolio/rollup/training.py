"""Training compliance (KNO-5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portfolio.rollup.numbers import percent


@dataclass(frozen=True, slots=True)
class RequiredCourse:
    """
    A course somebody has to take.

    ``due`` is the day by which it has to be passed, ``expires_on`` the last day a pass holds; None: for ever.
    """

    due: date
    is_passed: bool
    expires_on: date | None = None
    is_exempt: bool = False

    def holds(self, day: date) -> bool:
        """Whether it is passed and unexpired."""
        return self.is_passed and (self.expires_on is None or day <= self.expires_on)

    def is_due(self, day: date) -> bool:
        """Whether it counts: the day has come, and nobody said that the person need not take it."""
        return not self.is_exempt and self.due <= day


@dataclass(frozen=True, slots=True)
class TrainingSum:
    """Courses that are due, and those of them that are passed and unexpired."""

    passed: int = 0
    due: int = 0

    def __add__(self, other: "TrainingSum") -> "TrainingSum":
        """Return the sum over more people."""
        return TrainingSum(self.passed + other.passed, self.due + other.due)

    @property
    def percent(self) -> Decimal | None:
        """Training compliance in percent; None where nothing is due."""
        return percent(Decimal(self.passed), Decimal(self.due))


def training_sum(courses: Iterable[RequiredCourse], day: date) -> TrainingSum:
    """
    Return what is due on a day and what of it is met.

    Examples
    --------
    >>> courses = [RequiredCourse(date(2026, 1, 1), True), RequiredCourse(date(2026, 1, 1), False)]
    >>> training_sum(courses, date(2026, 3, 1)).percent, training_sum(courses, date(2025, 3, 1)).percent
    (Decimal('50'), None)
    """
    due = [course for course in courses if course.is_due(day)]
    return TrainingSum(sum(course.holds(day) for course in due), len(due))
