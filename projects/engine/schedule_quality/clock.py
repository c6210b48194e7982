"""Working days of the project calendar, for plans that count in minutes or in parts of them (CON-7)."""

from decimal import Decimal

import numpy as np

from projects.engine.calendar import STANDARD_CALENDAR, WorkCalendar
from projects.engine.instants import MINUTES_PER_DAY, day_from_number
from projects.engine.schedule_quality.facts import Numbers, PlanFacts
from projects.engine.working_time import WorkingTime


class ProjectClock:
    """Answers questions about instants of one plan, in its ticks."""

    __slots__ = ("_per_day", "_ticks", "_time")

    def __init__(self, facts: PlanFacts) -> None:
        calendar = facts.network.calendars[facts.project_calendar]
        self._ticks = facts.network.ticks
        self._per_day = facts.minutes_per_day * self._ticks
        today = day_from_number(facts.network.start // (MINUTES_PER_DAY * self._ticks))
        self._time = WorkingTime(
            calendar if isinstance(calendar, WorkCalendar) else STANDARD_CALENDAR, today, today
        )

    def days(self, ticks: int) -> Decimal:
        """Return a stretch of working time in working days, unrounded."""
        return Decimal(ticks) / Decimal(self._per_day)

    def ticks(self, days: Decimal) -> int:
        """Return the working time of so many working days."""
        return int(days * self._per_day)

    def between(self, first: int, second: int) -> int:
        """Return signed working time of the project calendar from ``first`` to ``second``."""
        return int(self.between_many(np.array([first]), np.array([second]))[0])

    def between_many(self, first: Numbers, second: Numbers) -> Numbers:
        """Return signed working time elementwise."""
        return self._time.between_many(first // self._ticks, second // self._ticks) * self._ticks

    def after(self, instant: int, days: Decimal) -> int:
        """Return the instant at which so many working days from ``instant`` end."""
        minutes = self.ticks(days) // self._ticks
        return self._time.add(instant // self._ticks, minutes) * self._ticks
