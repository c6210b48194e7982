"""
Earned schedule: schedule performance in units of time (domain 6.5, CST-16, CST-17).

References
----------
.. [1] W. Lipke, "Schedule is different", The Measurable News, 2003.
.. [2] ISO 21508, "Earned value management in project and programme management", 2018.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from projects.engine.measure import Measure, Reason, quotient


def planned_periods(cumulative_pv: Sequence[Decimal]) -> int:
    """Return the first period whose cumulative PV is the final one; trailing flat periods do not count."""
    return next((k for k, pv in enumerate(cumulative_pv, 1) if pv == cumulative_pv[-1]), 0)


def earned_schedule(
    cumulative_pv: Sequence[Decimal], *, ev: Decimal, planned_duration: Decimal | None = None
) -> Decimal:
    """
    Return the time at which the value earned so far was planned to be earned.

    Parameters
    ----------
    cumulative_pv : sequence of Decimal
        PV at the end of period 1, 2, …; not falling; the last one is BAC.
    ev : Decimal
        Earned value at the data date.
    planned_duration : Decimal, optional
        Periods; when the plan ends inside its last period that period counts for its fraction only.
        Default is the number of whole periods.

    Returns
    -------
    Decimal
        Periods from the baseline start: C + (EV − PV_C) / (PV_{C+1} − PV_C), with C the largest period whose
        PV is reached, so the end of a plateau. 0 without EV; the planned duration once EV reaches BAC.

    Raises
    ------
    ValueError
        When PV falls.

    Examples
    --------
    >>> earned_schedule([Decimal(v) for v in (10, 25, 45, 70, 90, 100)], ev=Decimal(37))
    Decimal('2.6')
    """
    if any(later < earlier for earlier, later in pairwise(cumulative_pv)):
        raise ValueError("Cumulative planned value falls.")
    last = planned_periods(cumulative_pv)
    end = Decimal(last) if planned_duration is None else planned_duration
    if ev <= 0 or not cumulative_pv:
        return Decimal(0)
    if ev >= cumulative_pv[-1]:
        return end
    reached = bisect_right(cumulative_pv, ev)
    before = cumulative_pv[reached - 1] if reached else Decimal(0)
    return interpolate_period(
        reached,
        ev=ev,
        pv_before=before,
        pv_after=cumulative_pv[reached],
        length=min(end - reached, Decimal(1)),
    )


def interpolate_period(
    reached: int, *, ev: Decimal, pv_before: Decimal, pv_after: Decimal, length: Decimal
) -> Decimal:
    """Return ``reached`` periods plus the earned part of the next one, which lasts ``length`` (at most 1)."""
    return reached + length * (ev - pv_before) / (pv_after - pv_before)


@dataclass(frozen=True, slots=True)
class TimePerformance:
    """
    Indices in time.

    Attributes
    ----------
    sv_t, ieac_t : Measure
        Periods: ES − AT and PD / SPI(t).
    spi_t, tspi : Measure
        Ratios: ES / AT and (PD − ES) / (PD − AT).
    """

    sv_t: Measure
    spi_t: Measure
    ieac_t: Measure
    tspi: Measure


def time_performance(*, earned: Decimal, actual_time: Decimal, planned_duration: Decimal) -> TimePerformance:
    """
    Return the indices of earned schedule.

    Parameters
    ----------
    earned, actual_time, planned_duration : Decimal
        ES, AT and PD in periods; AT stops at the actual finish of a finished project.

    Returns
    -------
    TimePerformance
        AT = 0 gives ``NOT_STARTED``; ES = 0 gives SPI(t) 0 and no IEAC(t); a finished project has TSPI
        ``FINISHED``; an unfinished one at or past its planned duration ``LATE``.
    """
    if actual_time <= 0:
        missing = Measure.missing(Reason.NOT_STARTED)
        return TimePerformance(missing, missing, missing, missing)
    return TimePerformance(
        sv_t=Measure.of(earned - actual_time),
        spi_t=Measure.of(earned / actual_time),
        ieac_t=quotient(planned_duration * actual_time, earned, when_zero=Reason.NOT_STARTED),
        tspi=to_complete_schedule_index(
            earned=earned, actual_time=actual_time, planned_duration=planned_duration
        ),
    )


def to_complete_schedule_index(
    *, earned: Decimal, actual_time: Decimal, planned_duration: Decimal
) -> Measure:
    """Return (PD − ES) / (PD − AT); ``FINISHED`` or ``LATE`` where it has no meaning (CST-16)."""
    if earned >= planned_duration:
        return Measure.missing(Reason.FINISHED)
    if actual_time >= planned_duration:
        return Measure.missing(Reason.LATE)
    return Measure.of((planned_duration - earned) / (planned_duration - actual_time))


def estimate_with_factor(
    *, earned: Decimal, actual_time: Decimal, planned_duration: Decimal, performance_factor: Decimal
) -> Measure:
    """Return AT + (PD − ES) / PF in periods: the forecast for a chosen performance of the rest."""
    rest = quotient(planned_duration - earned, performance_factor, when_zero=Reason.NEVER)
    return rest if rest.value is None else Measure.of(actual_time + rest.value)
