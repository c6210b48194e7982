"""From the dates of one project to its schedule measures with their reasons (domain 5.9, 6.5, A.2)."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from projects.engine.chunk_calendars import ChunkCalendars
from projects.engine.chunk_totals import ChunkTotals
from projects.engine.earned_schedule import interpolate_period, time_performance
from projects.engine.instants import NO_INSTANT, finish_day, start_day
from projects.engine.measure import DateMeasure, Measure, Reason, quotient
from projects.engine.money_facts import from_cents
from projects.engine.periods import WorkingDays, elapsed_periods, forecast_day
from projects.engine.project_arrays import UNKNOWN, ProjectArrays
from projects.engine.project_measures import TimeMeasures

HUNDRED = Decimal(100)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slip:
    """A baseline's finish day, length in working days, and the forecast's slip against it."""

    finish: DateMeasure
    duration_wd: Measure
    slip_wd: Measure
    slip_percent: Measure


@dataclass(frozen=True, slots=True)
class EarnedTime:
    """Earned schedule, actual time and planned duration in months with their indices."""

    earned: Measure
    actual_time: Measure
    planned_duration: Measure
    sv_t: Measure
    spi_t: Measure
    ieac_t: Measure
    ieac_date: DateMeasure
    tspi: Measure


def measure_time(
    chunk: ProjectArrays, totals: ChunkTotals, calendars: ChunkCalendars, position: int, *, is_finished: bool
) -> TimeMeasures:
    """Return the schedule measures of the project at ``position``."""
    projects = chunk.projects
    start, finish = int(totals.baseline_start[position]), int(totals.baseline_finish[position])
    original_start = int(projects.original_start[position])
    original_finish = int(projects.original_finish[position])
    forecast = _finish_of(int(totals.forecast_finish[position]), Reason.INSUFFICIENT_DATA)
    missing = Reason.NO_BASELINE if projects.baseline_id[position] == UNKNOWN else Reason.INSUFFICIENT_DATA
    working_days = calendars.of(int(projects.calendar[position])).working_days_between
    current = _slip(start, finish, forecast, working_days, missing=missing)
    original = _slip(original_start, original_finish, forecast, working_days, missing=Reason.NO_BASELINE)
    earned = _earned_time(chunk, totals, working_days, position, missing=missing, is_finished=is_finished)
    return TimeMeasures(
        earned_schedule=earned.earned,
        actual_time=earned.actual_time,
        planned_duration=earned.planned_duration,
        sv_t=earned.sv_t,
        spi_t=earned.spi_t,
        ieac_t=earned.ieac_t,
        ieac_date=earned.ieac_date,
        tspi=earned.tspi,
        baseline_start=(
            DateMeasure.missing(missing) if start == NO_INSTANT else DateMeasure.of(start_day(start))
        ),
        baseline_finish=current.finish,
        baseline_duration_wd=current.duration_wd,
        forecast_finish=forecast,
        slip_wd=current.slip_wd,
        slip_percent=current.slip_percent,
        original_finish=original.finish,
        original_slip_wd=original.slip_wd,
        original_slip_percent=original.slip_percent,
    )


def _finish_of(instant: int, reason: Reason) -> DateMeasure:
    return DateMeasure.missing(reason) if instant == NO_INSTANT else DateMeasure.of(finish_day(instant))


def _slip(
    start: int, finish: int, forecast: DateMeasure, working_days: WorkingDays, *, missing: Reason
) -> Slip:
    """
    Return finish slip in working days and in percent of the baseline duration (SCH-37, HS1).

    A baseline that is a single moment has no duration, so its slip has no percent.
    """
    if NO_INSTANT in {start, finish}:
        unknown = Measure.missing(missing)
        return Slip(DateMeasure.missing(missing), unknown, unknown, unknown)
    planned = finish_day(finish)
    days = working_days(start_day(start), planned + ONE_DAY) if finish > start else 0
    duration = Decimal(max(days, 0))
    if forecast.value is None:
        unknown = Measure.missing(Reason.INSUFFICIENT_DATA)
        return Slip(DateMeasure.of(planned), Measure.of(duration), unknown, unknown)
    slip = Decimal(working_days(planned, forecast.value))
    percent = quotient(HUNDRED * slip, duration, when_zero=Reason.NOT_APPLICABLE)
    return Slip(DateMeasure.of(planned), Measure.of(duration), Measure.of(slip), percent)


def _earned_time(
    chunk: ProjectArrays,
    totals: ChunkTotals,
    working_days: WorkingDays,
    position: int,
    *,
    missing: Reason,
    is_finished: bool,
) -> EarnedTime:
    data_date = chunk.projects.data_date[position]
    start, count = int(totals.baseline_start[position]), int(totals.periods.count[position])
    if start == NO_INSTANT:
        return _no_earned_time(missing)
    if int(totals.bac[position]) <= 0:
        return _no_earned_time(Reason.NO_BUDGET)
    if count == 0:
        return _no_earned_time(Reason.INSUFFICIENT_DATA)
    if data_date is None:
        return _no_earned_time(Reason.NO_DATA_DATE)
    first = start_day(start)
    plan = elapsed_periods(first, finish_day(int(totals.funded_finish[position])) + ONE_DAY, working_days)
    if plan <= 0:
        return _no_earned_time(Reason.NOT_APPLICABLE)
    until = data_date
    last_finish = int(totals.counts.last_actual_finish[position])
    if is_finished and last_finish != NO_INSTANT:
        until = min(until, finish_day(last_finish))
    actual = elapsed_periods(first, until + ONE_DAY, working_days)
    earned = _earned_schedule(totals, position, plan)
    indices = time_performance(earned=earned, actual_time=actual, planned_duration=plan)
    ieac = indices.ieac_t
    return EarnedTime(
        earned=Measure.of(earned),
        actual_time=Measure.of(actual),
        planned_duration=Measure.of(plan),
        sv_t=indices.sv_t,
        spi_t=indices.spi_t,
        ieac_t=ieac,
        ieac_date=(
            DateMeasure.missing(ieac.reason or Reason.NOT_STARTED)
            if ieac.value is None
            else forecast_day(first, ieac.value)
        ),
        tspi=indices.tspi,
    )


def _earned_schedule(totals: ChunkTotals, position: int, plan: Decimal) -> Decimal:
    """Return ES from the period found for the chunk; the last period counts for its planned part only."""
    periods = totals.periods
    if int(totals.ev[position]) <= 0:
        return Decimal(0)
    reached = int(periods.reached[position])
    if int(totals.ev[position]) >= int(totals.bac[position]) or reached >= int(periods.count[position]):
        return plan
    return interpolate_period(
        reached,
        ev=from_cents(int(totals.ev[position])),
        pv_before=from_cents(int(periods.pv_before[position])),
        pv_after=from_cents(int(periods.pv_after[position])),
        length=max(min(plan - reached, Decimal(1)), Decimal(0)),
    )


def _no_earned_time(reason: Reason) -> EarnedTime:
    unknown = Measure.missing(reason)
    return EarnedTime(
        unknown, unknown, unknown, unknown, unknown, unknown, DateMeasure.missing(reason), unknown
    )
