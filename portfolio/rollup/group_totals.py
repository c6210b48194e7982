"""Money and indices of a group (HLT-3): sums first, quotients after."""

from collections.abc import Sequence
from decimal import Decimal

from portfolio.rollup.group import ChildRow, Figure, GroupTotals
from portfolio.rollup.numbers import ZERO, divide
from portfolio.rollup.vocabulary import POPULATION_OF_STATE, Population, ProjectState
from projects.engine.measure import Reason


def total_up(rows: Sequence[ChildRow]) -> GroupTotals:
    """
    Return sums and indices over the rows, all in reporting currency.

    Projects initiating to closing and on hold enter; closed and cancelled ones add to
    ``actual_cost`` only. An index takes the projects that have both of its numbers, so that cost
    without earned value does not look like waste.
    """
    current = [
        row for row in rows if POPULATION_OF_STATE[row.state] in (Population.RATED, Population.ON_HOLD)
    ]
    spent = [
        row
        for row in rows
        if POPULATION_OF_STATE[row.state] != Population.LEFT_OUT or row.state == ProjectState.CANCELLED
    ]
    return GroupTotals(
        budget=_sum([row.weight for row in current]),
        bac=_sum([row.bac for row in current]),
        pv=_sum([row.pv for row in current]),
        ev=_sum([row.ev for row in current]),
        ac=_sum([row.ac for row in current]),
        actual_cost=_sum([row.ac for row in spent]),
        vac=_vac(current),
        cpi=_index([(row.ev, row.ac) for row in current], Reason.NO_COST),
        spi=_index([(row.ev, row.pv) for row in current], Reason.NOT_PLANNED_YET),
        spi_t=_mean_spi_t(current),
    )


def _sum(values: Sequence[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), ZERO)


def _vac(rows: Sequence[ChildRow]) -> Figure:
    known = [row.vac for row in rows if row.vac is not None]
    return Figure(sum(known, ZERO)) if known else Figure(None, Reason.NO_BASELINE)


def _index(pairs: Sequence[tuple[Decimal | None, Decimal | None]], reason: Reason) -> Figure:
    top = bottom = ZERO
    is_any = False
    for numerator, denominator in pairs:
        if numerator is not None and denominator is not None:
            is_any = True
            top += numerator
            bottom += denominator
    if not is_any:
        return Figure(None, Reason.NO_BASELINE)
    value = divide(top, bottom)
    return Figure(value, reason if value is None else None)


def _mean_spi_t(rows: Sequence[ChildRow]) -> Figure:
    weighted = weights = ZERO
    for row in rows:
        if row.spi_t is not None and row.bac is not None and row.bac > 0:
            weighted += row.bac * row.spi_t
            weights += row.bac
    value = divide(weighted, weights)
    return Figure(value, Reason.NO_BASELINE if value is None else None)
