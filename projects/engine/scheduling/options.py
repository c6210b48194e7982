"""How a plan is scheduled: the conventions of the field by name, each choice open (ADR of conventions)."""

from dataclasses import dataclass
from enum import IntEnum

from projects.engine.instants import FIRST_DAY, LAST_DAY, day_number
from projects.engine.plausible_dates import END_DATE, FIRST_DATE


class Convention(IntEnum):
    """Whose dates are wanted where tools of the field differ."""

    PORTAL = 0
    MICROSOFT = 1
    PRIMAVERA = 2


class ProgressMode(IntEnum):
    """Whether remaining work of a started activity still waits for its predecessors (SCH-24, SCH-25)."""

    RETAINED_LOGIC = 0
    PROGRESS_OVERRIDE = 1


class FloatKind(IntEnum):
    """Which end of an activity total float is measured at."""

    SMALLEST = 0
    START = 1
    FINISH = 2


class LagCalendar(IntEnum):
    """On whose calendar working lag runs."""

    PREDECESSOR = 0
    SUCCESSOR = 1
    PROJECT = 2
    ROUND_THE_CLOCK = 3


@dataclass(frozen=True, slots=True)
class ScheduleOptions:
    """
    Choices of a calculation; the defaults are the rules of this product (domain 5.1).

    Attributes
    ----------
    hard_dates_win : bool
        Inflexible dates hold even against logic, and each clash is listed; otherwise logic wins and float
        turns negative (SCH-13).
    deadline_bounds_float : bool
        A deadline caps late finish (SCH-14).
    critical_limit, near_critical_limit : int
        Working minutes of total float up to which an activity is critical, and near-critical (SCH-18).
    """

    convention: Convention = Convention.PORTAL
    progress_mode: ProgressMode = ProgressMode.RETAINED_LOGIC
    float_kind: FloatKind = FloatKind.SMALLEST
    lag_calendar: LagCalendar = LagCalendar.PREDECESSOR
    hard_dates_win: bool = False
    deadline_bounds_float: bool = True
    critical_limit: int = 0
    near_critical_limit: int = 4800


PORTAL = ScheduleOptions()
"""The rules of domain section 5."""

MICROSOFT = ScheduleOptions(
    convention=Convention.MICROSOFT, lag_calendar=LagCalendar.SUCCESSOR, hard_dates_win=True
)
"""Dates as Microsoft Project would give them."""

PRIMAVERA = ScheduleOptions(convention=Convention.PRIMAVERA, float_kind=FloatKind.FINISH)
"""Dates as Primavera P6 would give them."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Days ``[first_day, last_day)`` since 1970-01-01 that dates may lie within; others are refused."""

    first_day: int
    last_day: int


ANY_YEAR = Reach(FIRST_DAY, LAST_DAY)
"""The years 1 to 9999."""

PLAUSIBLE = Reach(day_number(FIRST_DATE), day_number(END_DATE))
"""The years 1900 to 2199: a duration of thousands of years is a typing error, and must cost no time."""
