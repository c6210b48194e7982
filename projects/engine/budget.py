"""Budget equations (domain 6.2): commitments, forecast, availability, reserves."""

from dataclasses import dataclass, replace
from decimal import Decimal

from projects.engine.measure import Measure, Reason, quotient

HUNDRED = Decimal(100)


class ReserveExceededError(ValueError):
    """A draw that is larger than what is left of the contingency."""


def open_commitment(*, amount: Decimal, invoiced: Decimal) -> Decimal:
    """Return the part of an open commitment that is not invoiced, never below 0 (CST-1)."""
    return max(Decimal(0), amount - invoiced)


def forecast_at_completion(*, ac: Decimal, open_commitments: Decimal, uncommitted_etc: Decimal) -> Decimal:
    """Return FAC = AC + open commitments + uncommitted estimate to complete (CST-2)."""
    return ac + open_commitments + uncommitted_etc


def available_budget(*, budget: Decimal, ac: Decimal, open_commitments: Decimal) -> Decimal:
    """Return budget − AC − open commitments; negative when overcommitted (CST-3)."""
    return budget - ac - open_commitments


def budget_use(*, budget: Decimal, ac: Decimal, open_commitments: Decimal) -> Measure:
    """Return (AC + open commitments) / budget as a ratio; ``NO_BUDGET`` for a budget of 0 (CST-3)."""
    return quotient(ac + open_commitments, budget, when_zero=Reason.NO_BUDGET)


def forecast_variance_percent(*, budget: Decimal, fac: Decimal) -> Measure:
    """Return (budget − FAC) in percent of the budget; negative is an expected overrun."""
    return quotient(HUNDRED * (budget - fac), budget, when_zero=Reason.NO_BUDGET)


@dataclass(frozen=True, slots=True)
class BudgetParts:
    """
    The parts of a project budget (CST-5); reserves lie outside BAC until drawn.

    Attributes
    ----------
    bac : Decimal
        Work packages and undistributed budget.
    contingency : Decimal
        What is left for accepted risks.
    management_reserve : Decimal
        What is left for the unknown.
    """

    bac: Decimal
    contingency: Decimal
    management_reserve: Decimal

    @property
    def project_budget(self) -> Decimal:
        """Return the sum of the parts; only a funding decision changes it."""
        return self.bac + self.contingency + self.management_reserve

    def draw_contingency(self, amount: Decimal) -> "BudgetParts":
        """
        Return the parts after moving ``amount`` from the contingency to the work packages.

        Raises
        ------
        ReserveExceededError
            When less than ``amount`` is left, or ``amount`` is not positive.
        """
        if not 0 < amount <= self.contingency:
            raise ReserveExceededError(f"{amount} cannot be drawn from a contingency of {self.contingency}.")
        return replace(self, bac=self.bac + amount, contingency=self.contingency - amount)
