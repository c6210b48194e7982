"""Interrupted work: stretches and rests in working time, and what the passes make of them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.engine.calendar import OFFICE_HOURS, STANDARD_CALENDAR
from projects.engine.instants import instant_of, moment_of
from projects.engine.interruptions import (
    Interruption,
    Stretch,
    interruptions_of,
    rest_within,
    stretches_of,
    work_within,
    worked_until,
)
from projects.engine.scheduling.network import Activity, Dependency, network_of
from projects.engine.scheduling.options import MICROSOFT, PORTAL, ScheduleOptions
from projects.engine.scheduling.schedule import compute_schedule
from projects.engine.working_time import WorkingTime

pytestmark = pytest.mark.pure
DAY = 480
MONDAY = instant_of(datetime(2026, 3, 2, 8))
HOURS = WorkingTime(STANDARD_CALENDAR, date(2026, 1, 1), date(2026, 12, 31))
# Two days of work, three of rest, one of work, one of rest, the remaining two: from Monday 2 to Thursday 12.
RESTS = (Interruption(2 * DAY, 3 * DAY), Interruption(3 * DAY, DAY))
rests = st.lists(st.tuples(st.integers(1, 2000), st.integers(1, 5000)), max_size=6).map(
    lambda pairs: tuple(
        Interruption(sum(work for work, _ in pairs[: at + 1]), rest) for at, (_, rest) in enumerate(pairs)
    )
)


@given(rests, st.integers(0, 40_000), st.integers(0, 40_000))
def test_work_of_stretches_is_the_sum_of_each(parts: tuple[Interruption, ...], begun: int, at: int) -> None:
    """Counted in one step, from any instant to any other."""
    stretches = stretches_of(parts, HOURS, start=MONDAY, finish=MONDAY + 30_000)
    start, end = MONDAY - 1_000 + begun, MONDAY - 1_000 + at

    clipped = [(max(item.start, start), min(item.finish, end)) for item in stretches]

    expected = sum(HOURS.between(first, last) for first, last in clipped if first < last)
    assert worked_until(stretches, HOURS, start=start, at=end) == expected


def test_stretches_skip_rests_and_weekends() -> None:
    found = stretches_of(RESTS, HOURS, start=MONDAY, finish=instant_of(datetime(2026, 3, 12, 17)))

    assert [(moment_of(item.start), moment_of(item.finish)) for item in found] == [
        (datetime(2026, 3, 2, 8), datetime(2026, 3, 3, 17)),
        (datetime(2026, 3, 9, 8), datetime(2026, 3, 9, 17)),
        (datetime(2026, 3, 11, 8), datetime(2026, 3, 12, 17)),
    ]


@given(rests, st.integers(1, 3000))
def test_rests_come_back_from_their_stretches(found: tuple[Interruption, ...], last: int) -> None:
    """The two forms say the same, wherever in a working day a stretch ends."""
    work = last + max((item.after for item in found), default=0)
    start = HOURS.next_working(MONDAY)
    finish = HOURS.add(start, work + rest_within(found, work=work))

    stretches = stretches_of(found, HOURS, start=start, finish=finish)

    assert interruptions_of(stretches, HOURS) == found
    assert sum(HOURS.between(item.start, item.finish) for item in stretches) == work
    assert work_within(found, span=HOURS.between(start, finish)) == work


def test_stretches_that_overlap_are_no_interruption() -> None:
    """Tools write the done and the remaining part of work in progress as stretches that overlap."""
    assert interruptions_of([Stretch(480, 900), Stretch(840, 1020)], HOURS) == ()


@pytest.mark.parametrize("options", [PORTAL, MICROSOFT])
def test_rests_move_along_with_the_task(options: ScheduleOptions) -> None:
    """SCH-2: the successor waits for the last stretch; late dates keep the rests; lag in percent has none."""
    activities = [
        Activity(duration=DAY),
        Activity(duration=5 * DAY, rest=4 * DAY),
        Activity(duration=DAY),
        Activity(duration=12 * DAY),
    ]
    links = [Dependency(0, 1), Dependency(1, 2), Dependency(1, 3, type=1, lag_percent=20)]  # type: ignore[arg-type]
    network = network_of(activities, links, [STANDARD_CALENDAR], start=MONDAY, options=options)

    found = compute_schedule(network, options)

    assert OFFICE_HOURS == ((480, 720), (780, 1020))
    assert [HOURS.between(MONDAY, int(start)) // DAY for start in found.early_start] == [0, 1, 10, 2]
    assert [HOURS.between(MONDAY, int(finish)) // DAY for finish in found.early_finish] == [1, 10, 11, 14]
    assert [HOURS.between(MONDAY, int(start)) // DAY for start in found.late_start] == [0, 1, 13, 2]


def test_only_rests_ahead_lengthen_what_remains() -> None:
    """SCH-21: two days are done, so the first rest is over and the second one lies ahead."""
    started = Activity(
        duration=5 * DAY,
        remaining=3 * DAY,
        rest=rest_within(RESTS, work=5 * DAY),
        remaining_rest=rest_within(RESTS, done=2 * DAY, work=5 * DAY),
        actual_start=instant_of(datetime(2026, 2, 26, 8)),
    )
    network = network_of([started], [], [STANDARD_CALENDAR], start=MONDAY, options=PORTAL)

    found = compute_schedule(network, PORTAL)

    assert moment_of(int(found.early_finish[0])) == datetime(2026, 3, 5, 17)
