"""Planned value of all baseline rows of a chunk at any instant, in exact cents (CST-7, CST-11)."""

from fractions import Fraction
from itertools import pairwise

import numpy as np

from projects.engine.chunk_calendars import ChunkCalendars
from projects.engine.instants import NO_INSTANT, Instants
from projects.engine.project_arrays import UNKNOWN, Numbers, ProjectArrays, TaskKind, Technique
from projects.engine.time_phasing import (
    cents_of_share,
    curve_share,
    elapsed_fraction,
    share_of_cents,
    sum_by,
    working_length,
)
from projects.engine.value_profiles import CURVED, PlannedShare, ValueProfile, share_of_steps
from projects.engine.working_time import WorkingTime


class PhasedRows:
    """
    Baseline rows that count: rows of active and of removed tasks.

    Attributes
    ----------
    source : ndarray of int64
        Positions of the rows in the baseline of the chunk.
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
    profiles : dict of int to ValueProfile
        What some rows say beyond technique and dates.
    single : ndarray of int64
        Rows that are planned one by one: shaped by their profile, or apportioned.
    quantities : mapping of int to Decimal
        Units done or points accepted, by task.
    """

    def __init__(self, chunk: ProjectArrays, calendars: ChunkCalendars) -> None:
        """Select the rows and measure their working length once."""
        rows, tasks = chunk.baseline, chunk.tasks
        removed = rows.task == UNKNOWN
        active = removed.copy()
        active[~removed] = tasks.is_active[rows.task[~removed]]
        keep = np.flatnonzero(active)
        self.size = len(chunk.projects.project_id)
        self.source = keep
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
        self._calendars = calendars
        self._lengths: dict[tuple[int, int, int], int] = {}
        self._take_profiles(chunk, keep)
        self.is_dated = (self.finish != NO_INSTANT) & (self.is_milestone | (self.start != NO_INSTANT))
        self._plan_linear(calendars)

    def _take_profiles(self, chunk: ProjectArrays, keep: Numbers) -> None:
        """Let profiles name the technique, and find the rows that are planned one by one."""
        place = dict(zip(keep.tolist(), range(keep.size), strict=True)) if chunk.profiles else {}
        self.profiles = {place[row]: profile for row, profile in chunk.profiles.items() if row in place}
        self.quantities = chunk.quantities
        for row, profile in self.profiles.items():
            is_own = self.technique[row] != Technique.LEVEL_OF_EFFORT and not self.is_milestone[row]
            if profile.technique is not None and is_own:
                self.technique[row] = profile.technique
        shaped = {
            row
            for row, profile in self.profiles.items()
            if not self.is_milestone[row] and profile.is_shaped(Technique(int(self.technique[row])))
        }
        followers = {row for row in self.profiles if self.follows(row)}
        self.single = np.array(sorted(shaped | followers), dtype=np.int64)
        self._row_of_task: dict[int, int] = {}
        if followers:
            rows = np.flatnonzero(self.is_present)
            self._row_of_task = dict(zip(self.task[rows].tolist(), rows.tolist(), strict=True))

    def follows(self, row: int) -> bool:
        """Whether the row is apportioned to a base that was named, even if that base is gone."""
        profile = self.profiles.get(row)
        is_named = profile is not None and profile.base_task is not None
        return is_named and bool(self.technique[row] == Technique.APPORTIONED)

    def base_row(self, row: int) -> int | None:
        """Return the row an apportioned one follows; None when it is not there or follows itself."""
        seen = {row}
        base = self._named_base(row)
        following = base
        while following is not None and self.follows(following):
            if following in seen:
                return None
            seen.add(following)
            following = self._named_base(following)
        return None if following is None else base

    def _named_base(self, row: int) -> int | None:
        profile = self.profiles.get(row)
        if profile is None or profile.base_task is None:
            return None
        return self._row_of_task.get(profile.base_task)

    def elapsed_share(self, row: int, at: int) -> Fraction | None:
        """Return x: the fraction of the row's baseline working time elapsed at an instant (CST-7)."""
        if not self.is_dated[row] or at == NO_INSTANT:
            return None
        start, finish = int(self.start[row]), int(self.finish[row])
        if self.is_milestone[row] or at >= finish or at <= start:
            return Fraction(int(at >= finish))
        return self._elapsed(row, start=start, finish=finish, at=at)

    def _elapsed(self, row: int, *, start: int, finish: int, at: int) -> Fraction:
        """Return the fraction of the working time between two instants that has elapsed; rests hold none."""
        stretches = self.profiles.get(row, ValueProfile()).stretches
        work = self.working_time(row)
        key = (row, start, finish)
        if key not in self._lengths:
            self._lengths[key] = working_length(work, start=start, finish=finish, stretches=stretches)
        return elapsed_fraction(
            work, start=start, finish=finish, at=at, stretches=stretches, length=self._lengths[key]
        )

    def working_time(self, row: int) -> WorkingTime:
        """Return the calendar of a row."""
        return self._calendars.of(int(self._calendar[row]))

    def planned_share(self, row: int, at: int) -> Fraction | None:
        """
        Return the share of one row's budget planned at an instant, whatever its technique.

        None for an apportioned row whose base is gone, and for a row without dates.
        """
        if self.follows(row):
            base = self.base_row(row)
            return None if base is None else self.planned_share(base, at)
        x = self.elapsed_share(row, at)
        if x is None or at >= self.finish[row]:
            return x if x is None else Fraction(1)
        profile = self.profiles.get(row, ValueProfile())
        technique = Technique(int(self.technique[row]))
        if technique is Technique.FIXED_0_100:
            return Fraction(0)
        if technique is Technique.FIXED_50_50:
            return profile.start_share if at > self.start[row] else Fraction(0)
        if technique in CURVED and profile.steps:
            if profile.is_gradual:
                return self._between_steps(row, profile.steps, at)
            return share_of_steps(profile.steps, at)
        return curve_share(profile.curve, x) if technique in CURVED else x

    def _between_steps(self, row: int, steps: tuple[PlannedShare, ...], at: int) -> Fraction:
        """Return the share of a manual curve: it grows with working time from one step to the next."""
        if at <= self.start[row]:
            return Fraction(0)
        corners = [
            PlannedShare(int(self.start[row]), Fraction(0)),
            *(step for step in steps if self.start[row] < step.instant < self.finish[row]),
            PlannedShare(int(self.finish[row]), Fraction(1)),
        ]
        before, after = next(pair for pair in pairwise(corners) if pair[0].instant <= at <= pair[1].instant)
        part = self._elapsed(row, start=before.instant, finish=after.instant, at=at)
        return before.share + part * (after.share - before.share)

    def _plan_linear(self, calendars: ChunkCalendars) -> None:
        """Prepare the rows whose value grows with working time, grouped by calendar."""
        linear = (self.technique != Technique.FIXED_0_100) & (self.technique != Technique.FIXED_50_50)
        linear[self.single] = False
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
        for row in self.single.tolist():
            share = self.planned_share(row, int(at[row]))
            planned[row] = 0 if share is None else cents_of_share(int(self.budget[row]), share)
        return planned

    def project_cents_at(self, instants: Instants) -> Numbers:
        """Return the planned value per project in cents at one instant per project."""
        return sum_by(self.project, self.cents_at(instants), self.size)
