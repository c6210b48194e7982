"""How far a project uses what the PMO offers (KNO-10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from statistics import median

from portfolio.rollup.numbers import divide, percent


class Part(StrEnum):
    """The parts of adoption."""

    TEMPLATES = "TEMPLATES"
    LESSONS = "LESSONS"
    TRAINING = "TRAINING"
    COMPLIANCE = "COMPLIANCE"


WEIGHTS = {Part.TEMPLATES: 40, Part.LESSONS: 20, Part.TRAINING: 20, Part.COMPLIANCE: 20}
NOT_APPLICABLE = "NOT_APPLICABLE"
INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What was counted of a project on a day.

    ``from_template`` of ``documents`` were made from the template in force on the day or when they were made;
    ``marked`` of ``proposed`` lessons; ``passed`` of ``due`` courses of project roles; ``compliance`` in
    percent, None where nothing is due.
    """

    documents: int = 0
    from_template: int = 0
    proposed: int = 0
    marked: int = 0
    due: int = 0
    passed: int = 0
    compliance: Decimal | None = None

    @property
    def parts(self) -> dict[Part, Decimal | None]:
        """The four parts in percent; None (``NOT_APPLICABLE``) where there is nothing to count."""
        return {
            Part.TEMPLATES: percent(Decimal(self.from_template), Decimal(self.documents)),
            Part.LESSONS: percent(Decimal(self.marked), Decimal(self.proposed)),
            Part.TRAINING: percent(Decimal(self.passed), Decimal(self.due)),
            Part.COMPLIANCE: self.compliance,
        }

    @property
    def percent(self) -> Decimal | None:
        """Adoption in percent; None (``INSUFFICIENT_DATA``) while no part can be counted."""
        return adoption_percent(self.parts)


def shares(parts: dict[Part, Decimal | None]) -> dict[Part, Decimal]:
    """
    Return the weights in percent of the parts that count: those that are null drop out.

    Examples
    --------
    >>> found = shares({Part.TEMPLATES: Decimal(75), Part.LESSONS: None, Part.TRAINING: Decimal(90)})
    >>> [round(value, 1) for value in found.values()]
    [Decimal('66.7'), Decimal('33.3')]
    """
    counted = [part for part, value in parts.items() if value is not None]
    total = Decimal(sum(WEIGHTS[part] for part in counted))
    found = {part: percent(Decimal(WEIGHTS[part]), total) for part in counted}
    return {part: share for part, share in found.items() if share is not None}


def adoption_percent(parts: dict[Part, Decimal | None]) -> Decimal | None:
    """
    Return the weighted mean of the parts that are not null; None if all are.

    Examples
    --------
    >>> values = [Decimal(75), Decimal(50), Decimal(90), Decimal(80)]
    >>> adoption_percent(dict(zip(Part, values)))
    Decimal('74')
    """
    counted = [(WEIGHTS[part], value) for part, value in parts.items() if value is not None]
    reached = sum((weight * value for weight, value in counted), Decimal(0))
    return divide(reached, Decimal(sum(weight for weight, _value in counted)))


@dataclass(frozen=True, slots=True)
class AdoptionSum:
    """Plain mean and median of the projects with a figure, and how many of them there are."""

    mean: Decimal | None
    median: Decimal | None
    projects: int


def adoption_sum(values: Sequence[Decimal | None]) -> AdoptionSum:
    """
    Return mean and median of projects; those without a figure leave both.

    Examples
    --------
    >>> adoption_sum([Decimal(40), None, Decimal(80), Decimal(90)])
    AdoptionSum(mean=Decimal('70'), median=Decimal('80'), projects=3)
    >>> adoption_sum([None])
    AdoptionSum(mean=None, median=None, projects=0)
    """
    known = [value for value in values if value is not None]
    if not known:
        return AdoptionSum(None, None, 0)
    return AdoptionSum(divide(sum(known, Decimal(0)), Decimal(len(known))), median(known), len(known))
