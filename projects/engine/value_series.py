"""Planned value, earned value and actual cost of one project day by day (CST-11, CST-12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import numpy as np

from projects.engine.chunk_calendars import ChunkCalendars
from projects.engine.instants import NO_INSTANT, Instants, end_of_day
from projects.engine.money_facts import from_cents
from projects.engine.phased_rows import PhasedRows
from projects.engine.plausible_dates import plausible_dates
from projects.engine.project_arrays import UNKNOWN, BaselineColumns, Numbers, ProjectArrays, TaskColumns
from projects.engine.task_progress import FULL, earned_cents
from projects.engine.value_profiles import ValueProfile


@dataclass(frozen=True, slots=True, eq=False)
class DatedProgress:
    """
    Entries of progress, by day and then by task.

    Attributes
    ----------
    task : ndarray of int64
        Positions of the tasks.
    day_end : ndarray of int64
        Instant at which the entry's data date ends.
    actual_start, actual_finish, percent_complete, percent_physical : ndarray of int64
        As in `TaskColumns`.
    quantities : mapping of int to Decimal
        Units done or points accepted, by position of the entry.
    """

    task: Numbers
    day_end: Instants
    actual_start: Instants
    actual_finish: Instants
    percent_complete: Numbers
    percent_physical: Numbers
    quantities: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class BaselineFrame:
    """A baseline of the project with the first day whose figures use it (CST-12)."""

    effective_from: date
    rows: BaselineColumns
    profiles: Mapping[int, ValueProfile] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ValuePoint:
    """
    Cumulative amounts at the end of a day; EV and AC are None after the data date.

    ``pv_in_period``, ``ev_in_period`` and ``ac_in_period`` are the differences to the point before.
    """

    day: date
    pv: Decimal
    ev: Decimal | None
    ac: Decimal | None
    pv_in_period: Decimal
    ev_in_period: Decimal | None
    ac_in_period: Decimal | None

    @property
    def is_negative(self) -> bool:
        """Whether value earned before was taken back in the period: ``NEGATIVE_PERIOD_EV``."""
        return self.ev_in_period is not None and self.ev_in_period < 0


def value_series(
    chunk: ProjectArrays,
    *,
    frames: Sequence[BaselineFrame],
    progress: DatedProgress,
    costs: Sequence[tuple[date, int]],
    days: Sequence[date],
) -> list[ValuePoint]:
    """
    Return the amounts of the only project of a chunk at the end of some days.

    Each day is measured against the baseline in force on it, so a new baseline changes planned value from
    its effective day on and leaves earned value before it alone (CST-12). Days before the first baseline
    took effect use that one.

    Parameters
    ----------
    chunk : ProjectArrays
        The project as known at its data date.
    frames : sequence of BaselineFrame
        By effective day; without any there are no points.
    progress : DatedProgress
        All entries up to the data date.
    costs : sequence of (date, int)
        Posting days and cents.
    days : sequence of date
        Rising.
    """
    data_date = chunk.projects.data_date[0]
    if not frames:
        return []
    chunk = plausible_dates(chunk)
    instants = np.concatenate([np.concatenate([frame.rows.start, frame.rows.finish]) for frame in frames])
    calendars = ChunkCalendars(chunk.calendars, instants)
    known = KnownProgress(chunk, progress)
    phased: dict[int, PhasedRows] = {}
    points: list[ValuePoint] = []
    spent = sorted(costs)
    for day in days:
        number = max((place for place, frame in enumerate(frames) if frame.effective_from <= day), default=0)
        if number not in phased:
            phased[number] = _phased(chunk, frames[number], calendars)
        rows, end = phased[number], end_of_day(day)
        planned = rows.cents_at(np.array([end], dtype=np.int64))
        ev = ac = None
        if data_date is not None and day <= data_date:
            rows.quantities = known.advance(end, is_last=day == data_date)
            ev = from_cents(int(earned_cents(rows, known.tasks, planned).sum()))
            ac = from_cents(sum(cents for posted, cents in spent if posted <= day))
        points.append(_point(day, from_cents(int(planned.sum())), ev, ac, points[-1] if points else None))
    return points


def _phased(chunk: ProjectArrays, frame: BaselineFrame, calendars: ChunkCalendars) -> PhasedRows:
    return PhasedRows(
        plausible_dates(replace(chunk, baseline=frame.rows, profiles=frame.profiles)), calendars
    )


def _point(
    day: date, pv: Decimal, ev: Decimal | None, ac: Decimal | None, before: ValuePoint | None
) -> ValuePoint:
    def change(now: Decimal | None, then: Decimal | None) -> Decimal | None:
        return None if now is None else now - (then or Decimal(0))

    return ValuePoint(
        day=day,
        pv=pv,
        ev=ev,
        ac=ac,
        pv_in_period=pv - (before.pv if before else Decimal(0)),
        ev_in_period=change(ev, before.ev if before else None),
        ac_in_period=change(ac, before.ac if before else None),
    )


class KnownProgress:
    """
    What was known of the tasks at the end of one day after another.

    A task without any entry is believed its actual dates only, until the data date.
    """

    def __init__(self, chunk: ProjectArrays, progress: DatedProgress) -> None:
        """Start before the first entry."""
        self._now, self._quantities = chunk.tasks, chunk.quantities
        self._progress, self._next = progress, 0
        self._dated: dict[int, Decimal] = {}
        size = len(chunk.tasks.task_id)
        self._has_entries = np.zeros(size, dtype=np.bool_)
        self._has_entries[progress.task] = True
        self._start = np.full(size, NO_INSTANT, dtype=np.int64)
        self._finish = self._start.copy()
        self._percent = np.zeros(size, dtype=np.int64)
        self._physical = np.full(size, UNKNOWN, dtype=np.int64)
        self.tasks: TaskColumns = chunk.tasks

    def advance(self, end: int, *, is_last: bool) -> Mapping[int, Decimal]:
        """Take in the entries up to an instant; return the quantities known then. Instants must rise."""
        if is_last:
            self.tasks = self._now
            return self._quantities
        entries = self._progress
        upto = int(np.searchsorted(entries.day_end, end, side="right"))
        for place in range(self._next, upto):
            task = int(entries.task[place])
            self._start[task], self._finish[task] = entries.actual_start[place], entries.actual_finish[place]
            self._percent[task] = entries.percent_complete[place]
            self._physical[task] = entries.percent_physical[place]
            self._dated.pop(task, None)
            if place in entries.quantities:
                self._dated[task] = entries.quantities[place]
        self._next = upto
        self.tasks = self._as_known(end)
        return self._dated

    def _as_known(self, end: int) -> TaskColumns:
        alone, now = ~self._has_entries, self._now
        start = np.where(alone & (now.actual_start <= end), now.actual_start, self._start)
        finish = np.where(alone & (now.actual_finish <= end), now.actual_finish, self._finish)
        is_done = finish != NO_INSTANT
        return replace(
            now,
            actual_start=start,
            actual_finish=finish,
            percent_complete=np.where(alone, np.where(is_done, FULL, 0), self._percent),
            percent_physical=np.where(alone, UNKNOWN, self._physical),
        )
