"""
Between stored moments, engine instants and the days people see (SCH-1, SCH-3).

Moments of a plan are stored in UTC and mean local wall time of the project; nothing converts zones.
A finish is the instant work ends; pages show the day of that end.
"""

from datetime import UTC, date, datetime

from projects.choices import FINISH_CONSTRAINTS
from projects.engine.instants import end_of_day, finish_day, instant_of, moment_of, start_day, start_of_day
from projects.engine.working_time import WorkingTime


def to_instant(moment: datetime) -> int:
    """Return the engine's minute of a stored moment."""
    return instant_of(moment.replace(tzinfo=None))


def to_moment(instant: int) -> datetime:
    """Return the moment to store for an engine's minute."""
    return moment_of(instant).replace(tzinfo=UTC)


def shown_start(moment: datetime | None) -> date | None:
    """Return the day a start is shown on."""
    return start_day(to_instant(moment)) if moment else None


def shown_finish(moment: datetime | None) -> date | None:
    """Return the day a finish is shown on: the last day worked; midnight belongs to the day before."""
    return finish_day(to_instant(moment)) if moment else None


def shown_constraint(kind: str, moment: datetime | None) -> date | None:
    """Return the day a constraint is shown on (SCH-4)."""
    return shown_finish(moment) if kind in FINISH_CONSTRAINTS else shown_start(moment)


def constraint_moment(kind: str, day: date) -> datetime:
    """Return start-type dates as the start, finish-type dates as the end of the day (SCH-4)."""
    return to_moment(end_of_day(day) if kind in FINISH_CONSTRAINTS else start_of_day(day))


def start_moment(day: date, *, working_time: WorkingTime) -> datetime:
    """Return the first working moment on or after a day."""
    return to_moment(working_time.next_working(start_of_day(day)))


def finish_moment(day: date, *, working_time: WorkingTime) -> datetime:
    """Return the last moment work can end on or before the end of a day."""
    return to_moment(working_time.previous_working(end_of_day(day)))
