"""What schedule quality is measured from: a computed network and what the network lacks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from projects.engine.instants import NO_INSTANT
from projects.engine.scheduling.network import Network
from projects.engine.scheduling.options import ScheduleOptions
from projects.engine.scheduling.schedule import Schedule

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class BaselineFacts:
    """
    The baseline in force; arrays of shape (n,) in the order of the network, instants in its ticks.

    Attributes
    ----------
    exists : bool
        Whether the project has one.
    start, finish : ndarray of int64
        `NO_INSTANT` for an activity the baseline does not know.
    duration : ndarray of int64
        Ticks of working time, ``UNKNOWN`` where there is none.
    project_finish : int
        Finish of the whole baseline, or `NO_INSTANT`.
    """

    exists: bool
    start: Numbers
    finish: Numbers
    duration: Numbers
    project_finish: int = NO_INSTANT


def no_baseline(size: int) -> BaselineFacts:
    """Return what a project without a baseline has."""
    nothing = np.full(size, NO_INSTANT, dtype=np.int64)
    return BaselineFacts(False, nothing, nothing, np.full(size, UNKNOWN, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """
    A plan to be checked; flags of shape (n,) in the order of the network.

    Attributes
    ----------
    schedule : Schedule
        Computed from ``network`` and ``options``.
    project_calendar : int
        Position of the calendar in which working days are counted (CON-7).
    minutes_per_day : int
        Working minutes of one working day.
    data_date_end : int
        End of the data date in ticks of the network, `NO_INSTANT` while there is none.
    data_date_age : int or None
        Calendar days from the data date to the day of the check.
    cycle_days : int
        Length of the reporting cycle in calendar days.
    has_assignment, has_cost, has_owner : ndarray of bool
        What each activity has.
    has_deliverable : ndarray of bool or None
        Whether a deliverable or an acceptance belongs to it; ``None`` where none are recorded at all.
    first, last : int or None
        Activities marked as the start and the end of the plan; where ``None`` they are found.
    completion : int or None
        The milestone that ends the project (SCH-38).
    given_start, given_finish : ndarray of int64 or None
        Dates of a plan that people keep themselves, `NO_INSTANT` where there is none: they, not the computed
        ones, must not lie in the past (check 9).
    """

    network: Network
    options: ScheduleOptions
    schedule: Schedule
    baseline: BaselineFacts
    has_assignment: Flags
    has_cost: Flags
    has_owner: Flags
    minutes_per_day: int
    project_calendar: int = 0
    has_deliverable: Flags | None = None
    data_date_end: int = NO_INSTANT
    data_date_age: int | None = None
    cycle_days: int = 31
    first: int | None = None
    last: int | None = None
    completion: int | None = None
    given_start: Numbers | None = None
    given_finish: Numbers | None = None
