"""
Metrics of earned value (domain 6.4).

All amounts are `Decimal` in one currency at one data date. Results are unrounded; an undefined one carries
its reason code.

References
----------
.. [1] PMI, "The Standard for Earned Value Management", 2019.
"""

from decimal import Decimal

from projects.engine.measure import Measure, Reason, quotient

HUNDRED = Decimal(100)


def schedule_variance(*, ev: Decimal, pv: Decimal) -> Decimal:
    """Return EV − PV; negative is behind plan."""
    return ev - pv


def cost_variance(*, ev: Decimal, ac: Decimal) -> Decimal:
    """Return EV − AC; negative is over cost."""
    return ev - ac


def schedule_performance_index(*, ev: Decimal, pv: Decimal) -> Measure:
    """Return EV / PV; ``NOT_PLANNED_YET`` while PV is 0."""
    return quotient(ev, pv, when_zero=Reason.NOT_PLANNED_YET)


def cost_performance_index(*, ev: Decimal, ac: Decimal) -> Measure:
    """
    Return the cost performance index.

    Parameters
    ----------
    ev, ac : Decimal
        Earned value and actual cost at the data date.

    Returns
    -------
    Measure
        EV / AC; above 1 is under cost. ``NO_COST`` while AC is 0.

    Examples
    --------
    >>> cost_performance_index(ev=Decimal("80"), ac=Decimal("100")).value
    Decimal('0.8')
    """
    return quotient(ev, ac, when_zero=Reason.NO_COST)


def schedule_variance_percent(*, ev: Decimal, pv: Decimal) -> Measure:
    """Return SV in percent of PV; ``NOT_PLANNED_YET`` while PV is 0."""
    return quotient(HUNDRED * (ev - pv), pv, when_zero=Reason.NOT_PLANNED_YET)


def cost_variance_percent(*, ev: Decimal, ac: Decimal) -> Measure:
    """Return CV in percent of EV; ``NOT_STARTED`` while EV is 0."""
    return quotient(HUNDRED * (ev - ac), ev, when_zero=Reason.NOT_STARTED)


def percent_of_budget(amount: Decimal, *, bac: Decimal) -> Measure:
    """Return an amount (PV, EV, AC or VAC) in percent of BAC; ``NO_BUDGET`` while BAC is 0."""
    return quotient(HUNDRED * amount, bac, when_zero=Reason.NO_BUDGET)


def variance_at_completion(*, bac: Decimal, eac: Decimal) -> Decimal:
    """Return BAC − EAC; negative is an expected overrun."""
    return bac - eac


def estimate_to_complete(*, eac: Decimal, ac: Decimal) -> Decimal:
    """Return EAC − AC, the cost still expected."""
    return eac - ac


def to_complete_index_bac(*, bac: Decimal, ev: Decimal, ac: Decimal) -> Measure:
    """
    Return the cost efficiency needed to finish within BAC.

    Returns
    -------
    Measure
        (BAC − EV) / (BAC − AC); ``FINISHED`` once EV reaches BAC, ``BUDGET_EXHAUSTED`` once AC does.
    """
    if ev >= bac:
        return Measure.missing(Reason.FINISHED)
    if ac >= bac:
        return Measure.missing(Reason.BUDGET_EXHAUSTED)
    return Measure.of((bac - ev) / (bac - ac))


def to_complete_index_eac(*, bac: Decimal, ev: Decimal, ac: Decimal, eac: Decimal) -> Measure:
    """Return (BAC − EV) / (EAC − AC); ``FINISHED`` once EV reaches BAC, ``NOT_APPLICABLE`` for EAC = AC."""
    if ev >= bac:
        return Measure.missing(Reason.FINISHED)
    return quotient(bac - ev, eac - ac, when_zero=Reason.NOT_APPLICABLE)
