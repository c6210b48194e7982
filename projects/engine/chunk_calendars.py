"""Working time of a whole chunk: one evaluation per distinct calendar instead of one per task."""

from datetime import date

import numpy as np

from projects.engine.calendar import WorkCalendar
from projects.engine.instants import (
    FIRST_DAY,
    LAST_DAY,
    MINUTES_PER_DAY,
    NO_INSTANT,
    Instants,
    day_from_number,
)
from projects.engine.project_arrays import Numbers
from projects.engine.working_time import WorkingTime

_SOME_DAY = date(2026, 1, 1)
_MARGIN_DAYS = 62


class ChunkCalendars:
    """Evaluators of the calendars of a chunk; equal definitions share one."""

    def __init__(self, calendars: tuple[WorkCalendar, ...], expected: Instants) -> None:
        """
        Take the definitions in the order in which the chunk refers to them.

        Parameters
        ----------
        calendars : tuple of WorkCalendar
            Definitions.
        expected : ndarray of int64
            Some instants that will be asked about: calendars are compiled for their range at once.
        """
        distinct = {calendar: number for number, calendar in enumerate(dict.fromkeys(calendars))}
        self._definitions = list(distinct)
        self._number = np.array([distinct[calendar] for calendar in calendars], dtype=np.int64)
        self._evaluators: dict[int, WorkingTime] = {}
        self._first, self._last = _expected_days(expected[expected != NO_INSTANT])

    def groups(self, references: Numbers) -> list[tuple[int, Numbers]]:
        """Return (distinct calendar, positions that refer to it) for an array of references."""
        numbers = self._number[references] if references.size else references
        order = np.argsort(numbers, kind="stable")
        found, first = np.unique(numbers[order], return_index=True)
        return list(zip(found.tolist(), np.split(order, first[1:]), strict=True)) if found.size else []

    def evaluator(self, distinct: int) -> WorkingTime:
        """Return the evaluator of a distinct calendar."""
        if distinct not in self._evaluators:
            self._evaluators[distinct] = WorkingTime(self._definitions[distinct], self._first, self._last)
        return self._evaluators[distinct]

    def of(self, reference: int) -> WorkingTime:
        """Return the evaluator behind one reference of the chunk."""
        return self.evaluator(int(self._number[reference]))

    def between(self, references: Numbers, first: Instants, second: Instants) -> Numbers:
        """
        Return signed working minutes, elementwise; 0 where one of the instants is missing.

        Parameters
        ----------
        references : ndarray of int64
            Calendar of each element.
        first, second : ndarray of int64
            Instants or `NO_INSTANT`.
        """
        result = np.zeros(first.shape, dtype=np.int64)
        known = np.flatnonzero((first != NO_INSTANT) & (second != NO_INSTANT))
        for distinct, within in self.groups(references[known]):
            at = known[within]
            result[at] = self.evaluator(distinct).between_many(first[at], second[at])
        return result


def _expected_days(instants: Instants) -> tuple[date, date]:
    """Return the days around most instants; a few stray ones must not make every calendar long."""
    if not instants.size:
        return _SOME_DAY, _SOME_DAY
    low, high = (int(bound) // MINUTES_PER_DAY for bound in np.quantile(instants, [0.001, 0.999]))
    first, last = max(low - _MARGIN_DAYS, FIRST_DAY), min(high + _MARGIN_DAYS, LAST_DAY)
    return day_from_number(first), day_from_number(last)
