"""The schedule: each period once, whatever beat and clock do (SEC-39, SEC-48)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pmo_portal.common import schedule
from pmo_portal.common.models import Job
from pmo_portal.common.schedule import DailyAt, Hourly, ScheduledJob, enqueue_due

AT_TWO = DailyAt(at=time(2, 0))
NAME = "tests.nightly"
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Apia",
)


@pytest.fixture
def only_nightly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(schedule, "SCHEDULE", {NAME: ScheduledJob(name=NAME, rule=AT_TWO)})
    return


def _periods() -> list[str]:
    return list(Job.objects.order_by("period_key").values_list("period_key", flat=True))


@pytest.mark.django_db
def test_two_beats_make_one_period(only_nightly: None) -> None:
    """SEC-39: 0 duplicates."""
    now = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

    assert [enqueue_due(now=now), enqueue_due(now=now)] == [[f"{NAME}@2026-03-02"], []]


@pytest.mark.django_db
def test_beat_that_was_down_for_25_hours_misses_nothing(only_nightly: None) -> None:
    """SEC-39: 0 missed."""
    enqueue_due(now=datetime(2026, 3, 2, 2, 1, tzinfo=UTC))

    enqueue_due(now=datetime(2026, 3, 4, 3, 0, tzinfo=UTC))

    assert _periods() == [f"{NAME}@2026-03-0{day}" for day in (2, 3, 4)]
    assert Job.objects.order_by("-id").first().arguments == {"period": "2026-03-04"}


@pytest.mark.django_db
@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)])
def test_clock_that_jumps_neither_doubles_nor_misses(only_nightly: None, jump: timedelta) -> None:
    """SEC-39: clock ±1 h around the hour."""
    start = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    moments = [start + timedelta(minutes=10 * step) for step in range(12)]

    for number, moment in enumerate(moments):
        enqueue_due(now=moment + (jump if number % 2 else timedelta()))

    assert _periods()[-1] == f"{NAME}@2026-03-02"
    assert len(_periods()) == len(set(_periods())) <= 2


@pytest.mark.parametrize("zone", ZONES)
def test_each_local_day_has_one_period_over_both_changes_of_the_year(zone: str) -> None:
    """SEC-48: 2 changes × 6 zones, a tick every 10 minutes, 0 wrong period keys."""
    place = ZoneInfo(zone)
    now, after, made = datetime(2025, 12, 31, 12, tzinfo=UTC), None, []
    for _number in range(366 * 24 * 6):
        for period in AT_TWO.periods(after=after, now=now, zone=place):
            made.append(period)
            after = period
        now += timedelta(minutes=10)

    assert made == [made[0] + timedelta(days=step) for step in range(len(made))]
    assert made[0] in {date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 1)}


def test_first_start_runs_the_newest_period_only() -> None:
    now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    assert AT_TWO.periods(after=None, now=now, zone=ZoneInfo("UTC")) == [date(2026, 3, 1)]


def test_clock_before_the_last_period_makes_nothing() -> None:
    now = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)

    assert AT_TWO.periods(after=date(2026, 3, 5), now=now, zone=ZoneInfo("UTC")) == []


@pytest.mark.django_db
def test_hourly_job_is_made_once_an_hour_over_the_change_of_the_clock(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """SEC-57: the head of the trail is sent outside hourly; SEC-48: by UTC hours."""
    settings.TIME_ZONE = "Europe/Berlin"
    monkeypatch.setattr(schedule, "SCHEDULE", {NAME: ScheduledJob(name=NAME, rule=Hourly())})
    start = datetime(2026, 10, 24, 23, 5, tzinfo=UTC)

    for step in range(12):
        enqueue_due(now=start + timedelta(minutes=20 * step))

    assert _periods() == [
        f"{NAME}@2026-10-24T23:00+00:00",
        f"{NAME}@2026-10-25T00:00+00:00",
        f"{NAME}@2026-10-25T01:00+00:00",
        f"{NAME}@2026-10-25T02:00+00:00",
    ]
