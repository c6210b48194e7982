"""Estimates at completion EAC-1 to EAC-6 and the one a project declares (domain 6.4, CST-13, CST-15)."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from projects.engine.earned_value import cost_performance_index, schedule_performance_index
from projects.engine.measure import Measure, Reason, first_missing
from projects.engine.project_arrays import EacMethod

COST_WEIGHT = Decimal("0.8")
SCHEDULE_WEIGHT = Decimal("0.2")
RECENT_PERIODS = 3


@dataclass(frozen=True, slots=True)
class CostStatus:
    """
    Amounts an estimate starts from, all in one currency at one data date.

    Attributes
    ----------
    bac, pv, ev, ac : Decimal
        Budget at completion, planned value, earned value, actual cost.
    bottom_up_etc : Decimal or None
        New estimate of the cost to complete, for EAC-4.
    recent_ev, recent_ac : Decimal or None
        Earned and spent in the last three periods, for EAC-6.
    """

    bac: Decimal
    pv: Decimal
    ev: Decimal
    ac: Decimal
    bottom_up_etc: Decimal | None = None
    recent_ev: Decimal | None = None
    recent_ac: Decimal | None = None

    @property
    def is_finished(self) -> bool:
        """Whether all planned work is earned (CST-15)."""
        return self.ev >= self.bac


def cost_status(
    *,
    bac: Decimal,
    pv: Decimal,
    ev: Decimal,
    ac: Decimal,
    uncommitted_etc: Decimal | None,
    open_commitments: Decimal,
    earlier: tuple[Decimal, Decimal] | None,
) -> CostStatus:
    """
    Return what estimates start from; all amounts in one currency.

    What is ordered and not yet invoiced belongs to the new estimate of the rest. ``earlier`` holds EV
    and AC before the last three periods began.
    """
    return CostStatus(
        bac=bac,
        pv=pv,
        ev=ev,
        ac=ac,
        bottom_up_etc=None if uncommitted_etc is None else uncommitted_etc + open_commitments,
        recent_ev=None if earlier is None else ev - earlier[0],
        recent_ac=None if earlier is None else ac - earlier[1],
    )


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate at completion, its method, and whether EAC-2 stands in for the declared one."""

    method: EacMethod
    amount: Decimal
    fell_back: bool


def _trend(status: CostStatus) -> Measure:
    cpi = cost_performance_index(ev=status.ev, ac=status.ac)
    if cpi.value is None:
        return cpi
    if status.ev <= 0:
        return Measure.missing(Reason.TOO_EARLY)
    return Measure.of(status.bac * status.ac / status.ev)


def rest_as_planned(status: CostStatus) -> Decimal:
    """Return EAC-2 = AC + (BAC − EV), which is always defined."""
    return status.ac + status.bac - status.ev


def _as_planned(status: CostStatus) -> Measure:
    return Measure.of(rest_as_planned(status))


def _remaining_by(status: CostStatus, efficiency: Decimal) -> Measure:
    if efficiency <= 0:
        return Measure.missing(Reason.TOO_EARLY)
    return Measure.of(status.ac + (status.bac - status.ev) / efficiency)


def _cost_and_time(status: CostStatus) -> Measure:
    cpi = cost_performance_index(ev=status.ev, ac=status.ac)
    spi = schedule_performance_index(ev=status.ev, pv=status.pv)
    if cpi.value is None or spi.value is None:
        return first_missing(cpi, spi) or cpi
    return _remaining_by(status, cpi.value * spi.value)


def _bottom_up(status: CostStatus) -> Measure:
    if status.bottom_up_etc is None:
        return Measure.missing(Reason.INSUFFICIENT_DATA)
    return Measure.of(status.ac + status.bottom_up_etc)


def _weighted(status: CostStatus) -> Measure:
    cpi = cost_performance_index(ev=status.ev, ac=status.ac)
    spi = schedule_performance_index(ev=status.ev, pv=status.pv)
    if cpi.value is None or spi.value is None:
        return first_missing(cpi, spi) or cpi
    return _remaining_by(status, COST_WEIGHT * cpi.value + SCHEDULE_WEIGHT * spi.value)


def _recent(status: CostStatus) -> Measure:
    if status.recent_ev is None or status.recent_ac is None:
        return Measure.missing(Reason.INSUFFICIENT_DATA)
    cpi = cost_performance_index(ev=status.recent_ev, ac=status.recent_ac)
    return cpi if cpi.value is None else _remaining_by(status, cpi.value)


_METHODS: dict[EacMethod, Callable[[CostStatus], Measure]] = {
    EacMethod.EAC_1: _trend,
    EacMethod.EAC_2: _as_planned,
    EacMethod.EAC_3: _cost_and_time,
    EacMethod.EAC_4: _bottom_up,
    EacMethod.EAC_5: _weighted,
    EacMethod.EAC_6: _recent,
}


def estimate_at_completion(method: EacMethod, status: CostStatus) -> Measure:
    """
    Return the estimate at completion by one method.

    Parameters
    ----------
    method : EacMethod
        EAC-1 trend goes on, EAC-2 rest as planned, EAC-3 cost and time pressure, EAC-4 new estimate,
        EAC-5 weighted 0.8 CPI + 0.2 SPI, EAC-6 CPI of the last three periods.
    status : CostStatus
        Amounts at the data date.

    Returns
    -------
    Measure
        Money; AC once all work is earned (CST-15); null with the reason of the missing index.
        An index of 0 gives ``TOO_EARLY``.
    """
    if status.is_finished:
        return Measure.of(status.ac)
    return _METHODS[method](status)


def declared_estimate(declared: EacMethod, status: CostStatus) -> Estimate:
    """Return the declared estimate; where it is null, EAC-2 with ``fell_back`` set (domain 6.4, A.2)."""
    amount = estimate_at_completion(declared, status).value
    if amount is not None:
        return Estimate(declared, amount, fell_back=False)
    return Estimate(EacMethod.EAC_2, rest_as_planned(status), fell_back=True)
