"""Working time of a whole chunk: one evaluation per distinct calendar instead of one per task."""

from datetime import date

import numpy as np

from projects.engine.calendar import WorkCalendar
from projects.engine.instants import MINUTES_PER_DAY, NO_INSTANT, Instants, day_from_number, start_of_day
from projects.engine.project_arrays import Numbers
from projects.engine.working_time import WorkingTime


class ChunkCalendars:
    """Evaluators of the calendars of a chunk; equal definitions share one."""

    def __init__(self, calendars: tuple[WorkCalendar, ...]) -> None:
        """Take the definitions in the order in which the chunk refers to them."""
        distinct = {calendar: number for number, calendar in enumerate(dict.fromkeys(calendars))}
        self._definitions = list(distinct)
        self._number = np.array([distinct[calendar] for calendar in calendars], dtype=np.int64)
        self._evaluators: dict[int, WorkingTime] = {}

    def groups(self, references: Numbers) -> list[tuple[int, Numbers]]:
        """Return (distinct calendar, positions that refer to it) for an array of references."""
        numbers = self._number[references] if references.size else references
        order = np.argsort(numbers, kind="stable")
        found, first = np.unique(numbers[order], return_index=True)
        return list(zip(found.tolist(), np.split(order, first[1:]), strict=True)) if found.size else []

    def evaluator(self, distinct: int, low: int, high: int) -> WorkingTime:
        """Return the evaluator of a distinct calendar; instants ``low`` to ``high`` are asked first."""
        if distinct not in self._evaluators:
            first = day_from_number(low // MINUTES_PER_DAY - 1)
            last = day_from_number(high // MINUTES_PER_DAY + 1)
            self._evaluators[distinct] = WorkingTime(self._definitions[distinct], first, last)
        return self._evaluators[distinct]

    def of(self, reference: int, near: date) -> WorkingTime:
        """Return the evaluator behind one reference of the chunk; the day ``near`` is asked first."""
        return self.evaluator(int(self._number[reference]), start_of_day(near), start_of_day(near))

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
            low = min(int(first[at].min()), int(second[at].min()))
            high = max(int(first[at].max()), int(second[at].max()))
            result[at] = self.evaluator(distinct, low, high).between_many(first[at], second[at])
        return result
