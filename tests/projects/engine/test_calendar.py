"""Calendars: resolution of hours, arithmetic in working minutes, inverse properties."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.engine.calendar import (
    DAY_OFF,
    ELAPSED_CALENDAR,
    OFFICE_HOURS,
    STANDARD_CALENDAR,
    CalendarError,
    CalendarException,
    EmptyCalendarError,
    WorkCalendar,
    WorkWeek,
    shift,
)
from projects.engine.instants import finish_day, instant_of, moment_of, start_day, start_of_day
from projects.engine.working_time import WorkingTime

EX_SCH = WorkCalendar(
    "EX-SCH", STANDARD_CALENDAR.week, exceptions=(CalendarException(date(2026, 3, 9), date(2026, 3, 9)),)
)
NIGHT = WorkCalendar("Night", ((shift(1320, 360),),) * 5 + (DAY_OFF,) * 2)
MIXED = WorkCalendar(
    "Mixed",
    (
        ((540, 700),),
        ((540, 700), (710, 1000)),
        DAY_OFF,
        (shift(1200, 240),),
        ((0, 1440),),
        DAY_OFF,
        ((1, 2),),
    ),
    work_weeks=(WorkWeek(date(2026, 2, 2), date(2026, 2, 15), (DAY_OFF,) * 6 + (OFFICE_HOURS,)),),
    exceptions=(CalendarException(date(2026, 2, 10), date(2026, 2, 12), ((600, 660),)),),
)
ALL = (STANDARD_CALENDAR, EX_SCH, NIGHT, ELAPSED_CALENDAR, MIXED)


def work(calendar: WorkCalendar) -> WorkingTime:
    return WorkingTime(calendar, date(2026, 1, 1), date(2026, 12, 31))


def at(text: str) -> int:
    return instant_of(datetime.fromisoformat(text))


def test_finish_and_next_start_are_one_working_position() -> None:
    """SCH-1: Friday 17:00 and Monday 08:00 have no working time between them."""
    calendar = work(STANDARD_CALENDAR)

    friday, monday = at("2026-03-06T17:00"), at("2026-03-09T08:00")

    assert calendar.between(friday, monday) == 0
    assert calendar.next_working(friday) == monday
    assert calendar.previous_working(monday) == friday


@pytest.mark.parametrize(
    ("position", "shown_start", "shown_finish"),
    [(0, "2026-03-02", None), (5, "2026-03-10", "2026-03-06"), (8, "2026-03-13", "2026-03-12"),
     (2, "2026-03-04", "2026-03-03"), (6, "2026-03-11", "2026-03-10"), (12, "2026-03-19", "2026-03-18")],
)  # fmt: skip
def test_ex_sch_positions_show_the_days_of_the_specification(
    position: int, shown_start: str, shown_finish: str | None
) -> None:
    """EX-SCH, SCH-3: a position in working days is shown as a start day and as a finish day."""
    calendar = work(EX_SCH)

    finish = calendar.add(at("2026-03-02T08:00"), position * 480)

    assert start_day(calendar.next_working(finish)) == date.fromisoformat(shown_start)
    if shown_finish:
        assert finish_day(finish) == date.fromisoformat(shown_finish)


def test_add_returns_the_end_instant() -> None:
    """SCH-2: adding consumes working minutes and returns the instant at which work ends."""
    calendar = work(EX_SCH)

    assert moment_of(calendar.add(at("2026-03-06T08:00"), 480)) == datetime(2026, 3, 6, 17)
    assert moment_of(calendar.add(at("2026-03-06T08:00"), 481)) == datetime(2026, 3, 10, 8, 1)
    assert moment_of(calendar.add(at("2026-03-06T11:59"), 2)) == datetime(2026, 3, 6, 13, 1)
    assert moment_of(calendar.subtract(at("2026-03-10T08:00"), 480)) == datetime(2026, 3, 6, 8)
    assert moment_of(calendar.subtract(at("2026-03-10T08:01"), 2)) == datetime(2026, 3, 6, 16, 59)


def test_add_zero_returns_the_instant_itself() -> None:
    """SCH-2: no work takes no time, even outside working hours."""
    sunday = at("2026-03-08T03:00")

    assert work(STANDARD_CALENDAR).add(sunday, 0) == sunday


def test_between_is_signed() -> None:
    """SCH-2: swapping the instants changes the sign."""
    calendar = work(EX_SCH)
    first, second = at("2026-03-06T16:00"), at("2026-03-10T09:00")

    assert calendar.between(first, second) == 120
    assert calendar.between(second, first) == -120


def test_midnight_belongs_to_the_day_before_as_a_finish() -> None:
    """SCH-3: an exclusive finish at midnight is shown on the day that ends there."""
    midnight = at("2026-03-07T00:00")

    assert finish_day(midnight) == date(2026, 3, 6)
    assert start_day(midnight) == date(2026, 3, 7)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("2026-03-18", "2026-03-24", 4), ("2026-03-24", "2026-03-18", -4), ("2026-03-06", "2026-03-10", 1),
     ("2026-03-07", "2026-03-09", 0), ("2026-03-02", "2026-03-02", 0), ("2026-03-02", "2026-03-19", 12)],
)  # fmt: skip
def test_working_days_between_counts_half_open_and_signed(first: str, second: str, expected: int) -> None:
    """SCH-37: signed working days; the first day counts, the second does not."""
    days = work(EX_SCH).working_days_between(date.fromisoformat(first), date.fromisoformat(second))

    assert days == expected


def test_working_days_match_numpy_busday_count() -> None:
    """SCH-37: an independent count over two years with the holiday of EX-SCH."""
    calendar = work(EX_SCH)
    first = np.arange(20454, 21184, dtype=np.int64)
    second = first[::-1].copy()

    counted = calendar.working_days_between_many(first, second)

    expected = np.array(
        [
            np.busday_count(a, b, holidays=["2026-03-09"]) if a <= b
            else -np.busday_count(b, a, holidays=["2026-03-09"])
            for a, b in zip(first.astype("datetime64[D]"), second.astype("datetime64[D]"), strict=True)
        ]
    )  # fmt: skip
    assert (counted == expected).all()


def test_night_shift_runs_over_midnight() -> None:
    """SCH-1: a shift from 22:00 to 06:00 is one interval; the holiday takes shifts that start on it."""
    calendar = work(NIGHT)
    monday = at("2026-03-02T22:00")

    assert moment_of(calendar.add(monday, 480)) == datetime(2026, 3, 3, 6)
    assert moment_of(calendar.next_working(at("2026-03-07T07:00"))) == datetime(2026, 3, 9, 22)
    assert calendar.between(at("2026-03-07T00:00"), at("2026-03-08T00:00")) == 360
    assert calendar.working_days_between(date(2026, 3, 2), date(2026, 3, 9)) == 5


def test_round_the_clock_counts_elapsed_minutes() -> None:
    """SCH-2: on the 24-hour calendar working time is elapsed time."""
    calendar = work(ELAPSED_CALENDAR)

    assert calendar.between(at("2026-03-01T00:00"), at("2026-03-08T12:34")) == 7 * 1440 + 754
    assert calendar.add(at("2026-03-01T00:30"), 100_000) == at("2026-03-01T00:30") + 100_000


def test_empty_calendar_is_refused_after_ten_years() -> None:
    """SCH-5: no working time within ten years is EMPTY_CALENDAR, whatever is asked."""
    calendar = work(WorkCalendar("Empty", (DAY_OFF,) * 7))

    for question in (
        lambda: calendar.add(at("2026-03-02T08:00"), 1),
        lambda: calendar.subtract(at("2026-03-02T08:00"), 1),
        lambda: calendar.next_working(at("2026-03-02T08:00")),
        lambda: calendar.previous_working(at("2026-03-02T08:00")),
    ):
        with pytest.raises(EmptyCalendarError) as refusal:
            question()
        assert refusal.value.code == "EMPTY_CALENDAR"
    assert calendar.between(at("2026-03-02T08:00"), at("2027-03-02T08:00")) == 0


def test_calendar_that_ends_is_refused_only_beyond_its_end() -> None:
    """SCH-5: work inside the last working week is found, the minute after it is not."""
    calendar = work(
        WorkCalendar(
            "One week",
            (DAY_OFF,) * 7,
            exceptions=(CalendarException(date(2030, 6, 3), date(2030, 6, 3), OFFICE_HOURS),),
        )
    )

    assert moment_of(calendar.add(at("2026-03-02T08:00"), 480)) == datetime(2030, 6, 3, 17)
    with pytest.raises(EmptyCalendarError):
        calendar.add(at("2026-03-02T08:00"), 481)


def test_hours_resolve_exception_before_week_before_pattern_own_before_parent() -> None:
    """SCH-1: the order in which entries of a calendar and its parent answer."""
    parent = WorkCalendar(
        "Parent",
        (((60, 120),),) * 7,
        work_weeks=(WorkWeek(date(2026, 1, 5), date(2026, 1, 11), (((120, 180),),) * 7),),
        exceptions=(CalendarException(date(2026, 1, 6), date(2026, 1, 6), ((180, 240),)),),
    )
    child = WorkCalendar(
        "Child",
        (None, ((240, 300),)) + (None,) * 5,
        work_weeks=(WorkWeek(date(2026, 1, 7), date(2026, 1, 8), (((300, 360),),) * 3 + (None,) * 4),),
        exceptions=(CalendarException(date(2026, 1, 5), date(2026, 1, 5)),),
        parent=parent,
    )
    expected = {
        date(2026, 1, 4): ((60, 120),),
        date(2026, 1, 5): DAY_OFF,
        date(2026, 1, 6): ((180, 240),),
        date(2026, 1, 7): ((300, 360),),
        date(2026, 1, 8): ((60, 120),),
        date(2026, 1, 9): ((120, 180),),
        date(2026, 1, 13): ((240, 300),),
    }

    assert {day: child.hours_on(day) for day in expected} == expected


@pytest.mark.parametrize("calendar", ALL, ids=lambda calendar: calendar.name)
def test_compiled_minutes_equal_the_definition(calendar: WorkCalendar) -> None:
    """SCH-1: each minute of three months is working exactly when the hours of its day, or the night
    before, say so."""
    first, days = date(2026, 1, 20), 90
    expected = np.zeros((days + 3) * 1440, dtype=bool)
    for offset in range(-1, days + 1):
        for start, end in calendar.hours_on(first + timedelta(days=offset)):
            expected[(offset + 1) * 1440 + start : (offset + 1) * 1440 + end] = True
    minutes = start_of_day(first) + np.arange(days * 1440, dtype=np.int64)

    worked = work(calendar).between_many(minutes, minutes + 1)

    assert (worked.astype(bool) == expected[1440 : 1440 + minutes.size]).all()


@settings(max_examples=150, deadline=None)
@given(
    calendar=st.sampled_from(ALL),
    instant=st.integers(at("2024-01-01T00:00"), at("2029-01-01T00:00")),
    minutes=st.integers(-300_000, 300_000),
)
def test_add_and_between_are_inverse(calendar: WorkCalendar, instant: int, minutes: int) -> None:
    """SCH-2: between(t, add(t, m)) = m, and the result is a position at which work ends or starts."""
    compiled = work(calendar)

    moved = compiled.add(instant, minutes)

    assert compiled.between(instant, moved) == minutes
    if minutes > 0:
        assert compiled.previous_working(moved) == moved
    if minutes < 0:
        assert compiled.next_working(moved) == moved


@settings(max_examples=100, deadline=None)
@given(
    calendar=st.sampled_from(ALL),
    instants=st.lists(st.integers(at("2025-06-01T00:00"), at("2027-06-01T00:00")), min_size=3, max_size=3),
)
def test_between_adds_up_and_ignores_the_compiled_range(calendar: WorkCalendar, instants: list[int]) -> None:
    """SCH-2: between is additive, and a range that had to grow gives the same answers."""
    first, second, third = instants
    wide, narrow = WorkingTime(calendar, date(2020, 1, 1), date(2032, 1, 1)), work(calendar)

    assert wide.between(first, second) + wide.between(second, third) == wide.between(first, third)
    assert [narrow.next_working(t) for t in instants] == [wide.next_working(t) for t in instants]
    assert narrow.between(third, first) == wide.between(third, first)


def test_arrays_give_the_same_answers_as_scalars() -> None:
    """SCH-2: the vectorized variants are the scalar functions, elementwise."""
    compiled, generator = work(MIXED), random.Random(7)
    instants = np.array([generator.randrange(29_000_000, 31_000_000) for _ in range(200)], dtype=np.int64)
    minutes = np.array([generator.randrange(-9_000, 9_000) for _ in range(200)], dtype=np.int64)

    moved = compiled.add_many(instants, minutes)

    assert moved.tolist() == [
        compiled.add(t, m) for t, m in zip(instants.tolist(), minutes.tolist(), strict=True)
    ]
    assert compiled.next_working_many(instants).tolist() == [compiled.next_working(int(t)) for t in instants]
    assert compiled.add_many(instants[:0], minutes[:0]).size == 0


@pytest.mark.parametrize(
    "week",
    [(DAY_OFF,) * 6, (((0, 1441),),) + (DAY_OFF,) * 6 + (DAY_OFF,), (((60, 60),),) * 7,
     (((600, 700), (650, 800)),) * 7, (((0, 1500),),) * 7],
)  # fmt: skip
def test_impossible_patterns_are_refused(week: Any) -> None:
    """SCH-1: a pattern needs seven days of ordered, half-open intervals."""
    with pytest.raises(CalendarError) as refusal:
        WorkCalendar("Wrong", week)

    assert refusal.value.code == "INVALID_CALENDAR"


def test_work_out_of_reach_is_refused_before_calendars_are_followed_there() -> None:
    """SCH-2: a typing error of thousands of years costs the years within reach, no more."""
    year = date(2026, 1, 1)
    within = (start_of_day(date(2020, 1, 1)) // 1440, start_of_day(date(2040, 1, 1)) // 1440)
    hours = WorkingTime(STANDARD_CALENDAR, year, year, reach=within)
    monday = instant_of(datetime(2026, 3, 2, 8))

    near = hours.add(monday, 480 * 5)

    with pytest.raises(OverflowError):
        hours.add(monday, 480 * 260 * 2000)
    with pytest.raises(OverflowError):
        hours.subtract(monday, 480 * 260 * 2000)
    assert moment_of(near) == datetime(2026, 3, 6, 17)
