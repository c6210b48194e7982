"""Months and working-day positions of the demo."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from projects.engine.instants import end_of_day, start_of_day
from projects.engine.periods import month_boundary
from projects.engine.working_time import WorkingTime
from projects.selectors.plan_dates import to_moment

DAY = 480


def first_of_month(day: date, *, months: int = 0) -> date:
    """Return the first day of the month ``months`` after the one of ``day``."""
    return month_boundary(day.replace(day=1), months)


def month_end(day: date, *, months: int = 0) -> date:
    """Return the last day of the month ``months`` after the one of ``day``."""
    return first_of_month(day, months=months + 1) - timedelta(days=1)


def last_close(as_of: date) -> date:
    """Return the last day of the newest month that is over on ``as_of``."""
    return as_of.replace(day=1) - timedelta(days=1)


def closes_until(as_of: date, *, count: int) -> list[date]:
    """Return the last ``count`` month ends before ``as_of``, oldest first."""
    newest = last_close(as_of)
    return [month_end(newest, months=-number) for number in range(count - 1, -1, -1)]


def at_noon(day: date) -> datetime:
    """Return the middle of a day, in UTC."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Ruler:
    """Measures a project in working days of 480 minutes from its first working moment."""

    hours: WorkingTime
    origin: int

    @classmethod
    def from_day(cls, hours: WorkingTime, day: date) -> "Ruler":
        """Return the ruler that starts with the first working moment on or after a day."""
        return cls(hours, hours.next_working(start_of_day(day)))

    def elapsed(self, day: date) -> int:
        """Return the working days up to the end of a day; negative before the start."""
        return self.hours.between(self.origin, end_of_day(day)) // DAY

    def length_until(self, day: date) -> int:
        """Return the working days before the beginning of a day."""
        return self.elapsed(day - timedelta(days=1))

    def start(self, position: int) -> datetime:
        """Return the moment work begins that starts after ``position`` working days."""
        return to_moment(self.hours.next_working(self._at(position)))

    def finish(self, position: int) -> datetime:
        """Return the moment work ends after ``position`` working days."""
        return to_moment(self._at(position))

    def day(self, position: int) -> date:
        """Return the day on which work starts after ``position`` working days."""
        return self.start(position).date()

    def _at(self, position: int) -> int:
        return self.hours.add(self.origin, position * DAY)
