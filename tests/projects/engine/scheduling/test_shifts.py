"""Late dates where people work at different times of day (SCH-8): a gap between two shifts delays nobody."""

from datetime import datetime

import pytest

from projects.engine.calendar import DAY_OFF, OFFICE_HOURS, ROUND_THE_CLOCK, WorkCalendar
from projects.engine.instants import moment_of
from projects.engine.scheduling.network import Activity, ActivityKind, Dependency, LinkType, network_of
from projects.engine.scheduling.options import MICROSOFT, PORTAL, ScheduleOptions
from projects.engine.scheduling.schedule import Schedule, compute_schedule
from tests.projects.engine.scheduling.plans import START

pytestmark = pytest.mark.pure

OFFICE, NIGHT, ALWAYS = range(3)
CALENDARS = (
    WorkCalendar("Office", (OFFICE_HOURS,) * 5 + (DAY_OFF,) * 2),
    WorkCalendar("Night", (((0, 180), (240, 480), (1380, 1440)),) * 5 + (DAY_OFF,) * 2),
    WorkCalendar("Always", (ROUND_THE_CLOCK,) * 7),
)


def dated(activities: list[Activity], links: list[Dependency], options: ScheduleOptions = PORTAL) -> Schedule:
    """Schedule from Monday 2 March 2026, 08:00, on the three calendars."""
    return compute_schedule(network_of(activities, links, CALENDARS, start=START, options=options), options)


def march(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour)


def test_a_milestone_of_the_night_shift_leaves_the_day_before_it_without_negative_float() -> None:
    """SCH-16: work ends at 17:00, the milestone is at 23:00; work may end until then."""
    found = dated(
        [Activity(duration=480), Activity(kind=ActivityKind.FINISH_MILESTONE, calendar=NIGHT)],
        [Dependency(0, 1)],
    )

    assert moment_of(int(found.early_finish[1])) == march(2, 23)
    assert moment_of(int(found.late_finish[0])) == march(2, 17)
    assert found.total_float.tolist() == [0, 0]


def test_a_finish_to_finish_link_lets_work_end_in_the_gap_before_the_next_shift() -> None:
    """SCH-16: the night shift ended at 08:00; until 23:00 nothing is late for it."""
    found = dated(
        [Activity(duration=960), Activity(duration=480, calendar=NIGHT)], [Dependency(0, 1, LinkType.FF)]
    )

    assert moment_of(int(found.early_finish[1])) == march(3, 8)
    assert moment_of(int(found.late_finish[0])) == march(3, 17)
    assert found.total_float.tolist() == [0, 0]


def test_work_on_the_weekend_may_end_until_the_milestone_on_monday() -> None:
    """SCH-16: round the clock from Monday, 128 hours to Saturday 16:00; the milestone knows office hours."""
    found = dated(
        [
            Activity(duration=7680, calendar=ALWAYS),
            Activity(kind=ActivityKind.FINISH_MILESTONE),
            Activity(duration=480),
        ],
        [Dependency(0, 1), Dependency(1, 2)],
    )

    assert moment_of(int(found.early_finish[0])) == march(7, 16)
    assert moment_of(int(found.late_finish[0])) == march(9, 8)
    assert found.total_float.tolist() == [40 * 60, 0, 0]


def test_a_lead_reaches_back_from_the_beginning_of_the_next_shift() -> None:
    """SCH-7: four hours before the night milestone ends the shift before it, at 04:00."""
    found = dated(
        [
            Activity(duration=900, calendar=OFFICE),
            Activity(kind=ActivityKind.FINISH_MILESTONE, calendar=NIGHT),
            Activity(duration=900, calendar=NIGHT),
        ],
        [Dependency(0, 1), Dependency(1, 2, lag=-240)],
    )

    assert moment_of(int(found.early_finish[1])) == march(3, 23)
    assert moment_of(int(found.early_start[2])) == march(3, 4)
    assert moment_of(int(found.late_finish[0])) == march(3, 17)
    assert found.total_float.tolist() == [60, 0, 0]


def test_the_rules_of_other_tools_stay_theirs() -> None:
    """Microsoft Project and Primavera take the end of the last shift: an imported plan keeps their float."""
    found = dated(
        [Activity(duration=960), Activity(duration=480, calendar=NIGHT)],
        [Dependency(0, 1, LinkType.FF)],
        MICROSOFT,
    )

    assert found.total_float.tolist() == [-480, 0]
