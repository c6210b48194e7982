"""Planned value of all baseline rows of a chunk at any instant, in exact cents (CST-7, CST-11)."""

import numpy as np

from projects.engine.chunk_calendars import ChunkCalendars
from projects.engine.instants import NO_INSTANT, Instants
from projects.engine.project_arrays import UNKNOWN, Numbers, ProjectArrays, TaskKind, Technique
from projects.engine.time_phasing import share_of_cents, sum_by
from projects.engine.working_time import WorkingTime


class PhasedRows:
    """
    Baseline rows that count: rows of active and of removed tasks.

    Attributes
    ----------
    project, task : ndarray of int64
        Positions; task `UNKNOWN` for removed ones.
    start, finish : ndarray of int64
        Baseline instants or `NO_INSTANT`.
    budget : ndarray of int64
        Cents.
    technique : ndarray of int64
        Codes of `Technique` after the kind of task has had its say.
    is_milestone : ndarray of bool
        Rows that jump at their baseline finish.
    """

    def __init__(self, chunk: ProjectArrays, calendars: ChunkCalendars) -> None:
        """Select the rows and measure their working length once."""
        rows, tasks = chunk.baseline, chunk.tasks
        removed = rows.task == UNKNOWN
        active = removed.copy()
        active[~removed] = tasks.is_active[rows.task[~removed]]
        keep = np.flatnonzero(active)
        self.size = len(chunk.projects.project_id)
        self.project, self.task = rows.project[keep], rows.task[keep]
        self.start, self.finish = rows.start[keep], rows.finish[keep]
        self.budget = rows.budget[keep]
        self.is_present = self.task != UNKNOWN
        present = self.task[self.is_present]
        kind = np.full(keep.size, TaskKind.TASK, dtype=np.int64)
        kind[self.is_present] = tasks.kind[present]
        self.is_milestone = (kind == TaskKind.START_MILESTONE) | (kind == TaskKind.FINISH_MILESTONE)
        self.technique = np.full(keep.size, Technique.PERCENT_COMPLETE, dtype=np.int64)
        self.technique[self.is_present] = tasks.technique[present]
        self.technique[kind == TaskKind.LEVEL_OF_EFFORT] = Technique.LEVEL_OF_EFFORT
        self.technique[self.is_milestone] = Technique.FIXED_0_100
        self._calendar = chunk.projects.calendar[self.project]
        self._calendar[self.is_present] = tasks.calendar[present]
        self.is_dated = (self.finish != NO_INSTANT) & (self.is_milestone | (self.start != NO_INSTANT))
        self._plan_linear(calendars)

    def _plan_linear(self, calendars: ChunkCalendars) -> None:
        """Prepare the rows whose value grows with working time, grouped by calendar."""
        linear = (self.technique != Technique.FIXED_0_100) & (self.technique != Technique.FIXED_50_50)
        candidates = np.flatnonzero(linear & self.is_dated & (self.finish > self.start) & (self.budget != 0))
        self._work: list[tuple[WorkingTime, Numbers, int, int]] = []
        self._origin = np.zeros(self.project.size, dtype=np.int64)
        self._length = np.zeros(self.project.size, dtype=np.int64)
        for distinct, within in calendars.groups(self._calendar[candidates]):
            at = candidates[within]
            low, high = int(self.start[at].min()), int(self.finish[at].max())
            work = calendars.evaluator(distinct)
            self._origin[at] = work.positions(self.start[at], low, high)
            self._length[at] = work.positions(self.finish[at], low, high) - self._origin[at]
            grows = at[self._length[at] > 0]
            if grows.size:
                self._work.append((work, grows, low, high))

    def cents_at(self, instants: Instants) -> Numbers:
        """
        Return the planned value of every row.

        Parameters
        ----------
        instants : ndarray of int64, shape (n_projects,)
            Instant asked for, per project; `NO_INSTANT` plans nothing.

        Returns
        -------
        ndarray of int64, shape (n_rows,)
            Cents; work that ends exactly at the instant counts as planned.
        """
        at = instants[self.project]
        asked = self.is_dated & (at != NO_INSTANT)
        planned = np.where(asked & (at >= self.finish), self.budget, 0)
        half = asked & (self.technique == Technique.FIXED_50_50) & (at > self.start) & (at < self.finish)
        planned[half] = (self.budget[half] + 1) // 2
        for work, rows, low, high in self._work:
            inside = rows[asked[rows] & (at[rows] > self.start[rows]) & (at[rows] < self.finish[rows])]
            if inside.size:
                elapsed = work.positions(at[inside], low, high) - self._origin[inside]
                planned[inside] = share_of_cents(self.budget[inside], elapsed, self._length[inside])
        return planned

    def project_cents_at(self, instants: Instants) -> Numbers:
        """Return the planned value per project in cents at one instant per project."""
        return sum_by(self.project, self.cents_at(instants), self.size)
