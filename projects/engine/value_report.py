"""Everything about the earned value of one project at its data date (domain 6.3 to 6.5)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np

from projects.engine.chunk_calendars import ChunkCalendars
from projects.engine.earned_schedule import estimate_with_factor
from projects.engine.earned_value import cost_variance_percent, schedule_variance_percent
from projects.engine.estimates import cost_status, estimate_at_completion
from projects.engine.instants import NO_INSTANT, end_of_day, finish_day, start_day
from projects.engine.measure import DateMeasure, Measure, Reason
from projects.engine.money_facts import from_cents, optional_amount
from projects.engine.periods import elapsed_periods, forecast_day
from projects.engine.phased_rows import PhasedRows
from projects.engine.plausible_dates import plausible_dates
from projects.engine.project_arrays import UNKNOWN, Numbers, ProjectArrays
from projects.engine.project_codes import EacMethod, TaskKind, Technique
from projects.engine.project_measures import ProjectMeasures, TimeMeasures
from projects.engine.task_progress import earned_cents, earned_share

EFFORT_LIMIT = Decimal(15)
INDEX_LIMIT = Decimal("1.10")
INDEX_COUNTS_FROM = Decimal(20)


@dataclass(frozen=True, slots=True)
class RowValue:
    """
    One work package: a leaf row of the baseline.

    Attributes
    ----------
    row, task : int
        Positions; task `UNKNOWN` when it was removed since.
    technique : Technique
        The one in force.
    x : Fraction or None
        Share of the baseline working time elapsed (CST-7); None without dates.
    earned : Fraction or None
        Share of the budget earned; None for an apportioned row whose base is gone.
    budget, pv, ev : Decimal
        Money.
    periods : Decimal or None
        Planned length in months, fractions by working days (CST-10); None without dates.
    is_fitting : bool
        Whether the technique is no looser than the one suggested for that length.
    """

    row: int
    task: int
    technique: Technique
    x: Fraction | None
    earned: Fraction | None
    budget: Decimal
    pv: Decimal
    ev: Decimal
    periods: Decimal | None
    is_fitting: bool

    @property
    def suggested(self) -> Technique | None:
        """The technique suggested for the length (CST-10)."""
        return None if self.periods is None else suggested_technique(self.periods)

    @property
    def lacks_base(self) -> bool:
        """Whether an apportioned row follows a task that is not in the baseline."""
        return self.earned is None


def row_values(chunk: ProjectArrays) -> list[RowValue]:
    """Return the baseline rows of the only project of a chunk that count, in their order (CST-11)."""
    chunk = plausible_dates(chunk)
    rows, planned, earned = _earned(chunk)
    end, lengths = _end(chunk), Lengths(rows)
    return [
        _row_value(rows, chunk, place, end, planned=planned, earned=earned, periods=lengths.of(place))
        for place in range(rows.budget.size)
    ]


def _end(chunk: ProjectArrays) -> int:
    data_date = chunk.projects.data_date[0]
    return NO_INSTANT if data_date is None else end_of_day(data_date)


def _earned(chunk: ProjectArrays) -> tuple[PhasedRows, Numbers, Numbers]:
    """Return the rows of the baseline with PV and EV at the data date in cents."""
    calendars = ChunkCalendars(chunk.calendars, np.concatenate([chunk.baseline.start, chunk.baseline.finish]))
    rows = PhasedRows(chunk, calendars)
    planned = rows.cents_at(np.array([_end(chunk)], dtype=np.int64))
    return rows, planned, earned_cents(rows, chunk.tasks, planned)


def _row_value(
    rows: PhasedRows,
    chunk: ProjectArrays,
    place: int,
    end: int,
    *,
    planned: Numbers,
    earned: Numbers,
    periods: Decimal | None,
) -> RowValue:
    task = int(rows.task[place])
    technique = Technique(int(rows.technique[place]))
    kind = TaskKind.TASK if task == UNKNOWN else TaskKind(int(chunk.tasks.kind[task]))
    return RowValue(
        row=int(rows.source[place]),
        task=task,
        technique=technique,
        x=rows.elapsed_share(place, end),
        earned=earned_share(rows, chunk.tasks, place, planned=planned),
        budget=from_cents(int(rows.budget[place])),
        pv=from_cents(int(planned[place])),
        ev=from_cents(int(earned[place])),
        periods=periods,
        is_fitting=periods is None or fits_suggestion(technique, periods, kind),
    )


def earned_by_task(chunk: ProjectArrays) -> tuple[Numbers, Numbers, Numbers]:
    """
    Return task (key), budget and EV (cents) of the baseline rows of the only project of a chunk.

    Rows whose task was removed are left out.
    """
    chunk = plausible_dates(chunk)
    rows, _planned, earned = _earned(chunk)
    is_there = rows.task != UNKNOWN
    return chunk.tasks.task_id[rows.task[is_there]], rows.budget[is_there], earned[is_there]


def physical_percent(*, ev: int, bac: int) -> Measure:
    """
    Return the physical percentage (0-100) of work packages together: EV/BAC (SCH-32).

    ``None`` (``NO_BUDGET``) while nothing is budgeted for them.

    Examples
    --------
    >>> physical_percent(ev=110, bac=400).value, physical_percent(ev=0, bac=0).reason
    (Decimal('27.5'), 'NO_BUDGET')
    """
    return Measure.of(Decimal(ev) * 100 / bac) if bac > 0 else Measure.missing(Reason.NO_BUDGET)


class Lengths:
    """Planned lengths of rows in months; equal spans in one calendar are measured once."""

    def __init__(self, rows: PhasedRows) -> None:
        """Start with nothing measured."""
        self._rows = rows
        self._known: dict[tuple[int, date, date], Decimal] = {}

    def of(self, place: int) -> Decimal | None:
        """Return the length of a row; None for milestones and rows without dates."""
        rows = self._rows
        if not rows.is_dated[place] or rows.is_milestone[place]:
            return None
        first, last = start_day(int(rows.start[place])), finish_day(int(rows.finish[place]))
        work = rows.working_time(place)
        key = (id(work), first, last)
        if key not in self._known:
            until = last + timedelta(days=1)
            self._known[key] = elapsed_periods(first, until, work.working_days_between)
        return self._known[key]


@dataclass(frozen=True, slots=True)
class Estimates:
    """
    All estimates at completion side by side (CST-13).

    Attributes
    ----------
    amounts : dict of EacMethod to Measure
        Money; null with the reason.
    declared : EacMethod
        The method the project declares.
    """

    amounts: dict[EacMethod, Measure]
    declared: EacMethod


def all_estimates(chunk: ProjectArrays, measures: ProjectMeasures) -> Estimates:
    """Return the estimates of the only project of a chunk; without EV each carries its reason."""
    projects = chunk.projects
    declared = EacMethod(int(projects.eac_method[0]))
    value = measures.value
    if value.bac.value is None or value.pv.value is None or value.ev.value is None or value.ac.value is None:
        missing = value.ev if value.ev.value is None else value.ac
        return Estimates(dict.fromkeys(EacMethod, missing), declared)
    status = cost_status(
        bac=value.bac.value,
        pv=value.pv.value,
        ev=value.ev.value,
        ac=value.ac.value,
        uncommitted_etc=optional_amount(int(projects.uncommitted_etc[0])),
        open_commitments=from_cents(int(projects.open_commitments[0])),
        earlier=projects.earlier_of(0),
    )
    return Estimates({method: estimate_at_completion(method, status) for method in EacMethod}, declared)


def variance_percents(measures: ProjectMeasures) -> tuple[Measure, Measure]:
    """Return SV % and CV %; where an amount is unknown, its reason."""
    pv, ev, ac = measures.value.pv, measures.value.ev, measures.value.ac
    if pv.value is None or ev.value is None:
        missing = pv if pv.value is None else ev
        return missing, missing
    if ac.value is None:
        return schedule_variance_percent(ev=ev.value, pv=pv.value), ac
    return (
        schedule_variance_percent(ev=ev.value, pv=pv.value),
        cost_variance_percent(ev=ev.value, ac=ac.value),
    )


def forecast_by_factor(time: TimeMeasures, factor: Decimal) -> tuple[Measure, DateMeasure]:
    """Return AT + (PD − ES) / PF in months and its day, for a chosen performance of the rest."""
    es, at, pd = time.earned_schedule, time.actual_time, time.planned_duration
    if es.value is None or at.value is None or pd.value is None or time.baseline_start.value is None:
        reason = es.reason or at.reason or pd.reason or str(Reason.NO_BASELINE)
        return Measure.missing(reason), DateMeasure.missing(reason)
    periods = estimate_with_factor(
        earned=es.value, actual_time=at.value, planned_duration=pd.value, performance_factor=factor
    )
    if periods.value is None:
        return periods, DateMeasure.missing(periods.reason or Reason.NEVER)
    return periods, forecast_day(time.baseline_start.value, periods.value)


def is_effort_high(measures: ProjectMeasures) -> bool:
    """Whether level of effort is above 15 % of BAC, compared before rounding (CST-9, CON-2)."""
    share = measures.loe_percent.value
    return share is not None and share > EFFORT_LIMIT


def is_index_unlikely(measures: ProjectMeasures, *, limit: Decimal = INDEX_LIMIT) -> bool:
    """Whether TCPI(BAC) is above the policy's limit once 20 % is done (CST-14)."""
    done, index = measures.value.percent_done.value, measures.value.tcpi_bac.value
    return done is not None and done >= INDEX_COUNTS_FROM and index is not None and index > limit


def suggested_technique(periods: Decimal) -> Technique:
    """
    Return the technique suggested for a length in reporting periods (CST-10).

    Examples
    --------
    >>> [suggested_technique(Decimal(length)).name for length in (1, 2, 3)]
    ['FIXED_0_100', 'FIXED_50_50', 'WEIGHTED_MILESTONES']
    """
    if periods <= 1:
        return Technique.FIXED_0_100
    return Technique.FIXED_50_50 if periods <= 2 else Technique.WEIGHTED_MILESTONES


def fits_suggestion(technique: Technique, periods: Decimal, kind: TaskKind) -> bool:
    """
    Return whether a technique is no looser than the suggested one (CST-10).

    Short tasks should not earn on a judged percentage, long ones not on start and finish alone. Techniques
    that count something (milestones, units, points) and those of kinds of their own always fit.
    """
    if kind is not TaskKind.TASK or technique not in {
        Technique.FIXED_0_100,
        Technique.FIXED_50_50,
        Technique.PERCENT_COMPLETE,
    }:
        return True
    if technique is Technique.PERCENT_COMPLETE:
        return periods > 2
    return periods <= (1 if technique is Technique.FIXED_0_100 else 2)
