"""Which date binds an activity, and which days between two of them nobody works."""

from datetime import date, datetime

import pytest

from projects.engine.calendar import DAY_OFF, OFFICE_HOURS, CalendarException, WorkCalendar
from projects.engine.instants import instant_of
from projects.engine.scheduling.reasons import DateRule, binding_rule, skipped_days
from projects.engine.working_time import WorkingTime

pytestmark = pytest.mark.pure

HOLIDAY = CalendarException(date(2026, 3, 9), date(2026, 3, 9))
OFFICE = WorkCalendar("Office", (OFFICE_HOURS,) * 5 + (DAY_OFF,) * 2, exceptions=(HOLIDAY,))
HOURS = WorkingTime(OFFICE, date(2026, 1, 1), date(2026, 12, 31))
FRIDAY_EVENING = instant_of(datetime(2026, 3, 6, 17))
TUESDAY = instant_of(datetime(2026, 3, 10, 8))
THURSDAY_EVENING = instant_of(datetime(2026, 3, 12, 17))


def test_days_off_of_a_usual_week_are_no_news() -> None:
    assert skipped_days(OFFICE, after=FRIDAY_EVENING, until=TUESDAY) == (date(2026, 3, 9),)


def test_nothing_is_skipped_from_one_day_to_the_next() -> None:
    after, until = instant_of(datetime(2026, 3, 3, 17)), instant_of(datetime(2026, 3, 4, 8))

    assert skipped_days(OFFICE, after=after, until=until) == ()


def test_days_that_are_worked_or_on_which_it_ended_are_not_skipped() -> None:
    """A lag runs over Tuesday and Wednesday; what ends on the holiday itself leaves none between."""
    holiday_noon, thursday = instant_of(datetime(2026, 3, 9, 12)), instant_of(datetime(2026, 3, 12, 8))

    assert skipped_days(OFFICE, after=FRIDAY_EVENING, until=thursday) == (date(2026, 3, 9),)
    assert skipped_days(OFFICE, after=holiday_noon, until=TUESDAY) == ()


def test_first_rule_without_work_before_the_date_binds() -> None:
    """Friday 17:00 and Tuesday 08:00 are the same working moment here (SCH-1)."""
    rules = [
        DateRule(instant_of(datetime(2026, 3, 5, 8)), is_of_start=True),
        DateRule(FRIDAY_EVENING, is_of_start=True),
        DateRule(THURSDAY_EVENING, is_of_start=False),
    ]

    assert binding_rule(rules, start=TUESDAY, finish=THURSDAY_EVENING, working_time=HOURS) == 1
    assert binding_rule(rules[2:], start=TUESDAY, finish=THURSDAY_EVENING, working_time=HOURS) == 0
    assert binding_rule(rules[:1], start=TUESDAY, finish=THURSDAY_EVENING, working_time=HOURS) is None
