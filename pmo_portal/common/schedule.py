"""
When scheduled jobs are due.

The schedule is data in code; a period is enqueued at most once for ever, by the unique key
``name@period``. Two beats, a dead beat or a jumping clock neither double nor miss one (SEC-39).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_noop

from pmo_portal.common.labels import Label
from pmo_portal.common.models import Job
from pmo_portal.common.queue import enqueue

MISSED_PERIODS_KEPT = 40


@dataclass(frozen=True)
class DailyAt:
    """Every local day at a time of the organisation's clock; the period is the local date."""

    at: time

    def periods(self, *, after: date | None, now: datetime, zone: ZoneInfo) -> list[date]:
        """
        Return the periods that are due, oldest first.

        Parameters
        ----------
        after : date or None
            Last period already enqueued; None at the very first time, then only the newest is due.
        now : datetime
            Aware time.
        """
        local = now.astimezone(zone)
        newest = local.date() if local.time() >= self.at else local.date() - timedelta(days=1)
        if after is None:
            return [newest]
        first = max(after + timedelta(days=1), newest - timedelta(days=MISSED_PERIODS_KEPT - 1))
        return [first + timedelta(days=step) for step in range((newest - first).days + 1)]


@dataclass(frozen=True)
class Hourly:
    """Every hour; the period is the hour in UTC, so that no change of the clock doubles or drops one."""

    def periods(self, *, after: datetime | None, now: datetime, zone: ZoneInfo) -> list[datetime]:
        """Return the hour that runs now unless it was enqueued; hours that were missed are not made up."""
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return [hour] if after is None or after < hour else []


@dataclass(frozen=True)
class ScheduledJob:
    """A job and the rule that says when it is due."""

    name: str
    rule: DailyAt | Hourly


SCHEDULE: dict[str, ScheduledJob] = {}


def schedule_daily(name: str, *, at: time) -> None:
    """Put the job ``name`` on the schedule, every local day at ``at``."""
    SCHEDULE[name] = ScheduledJob(name=name, rule=DailyAt(at=at))


def schedule_hourly(name: str) -> None:
    """Put the job ``name`` on the schedule, every hour; only where a missed hour does not matter."""
    SCHEDULE[name] = ScheduledJob(name=name, rule=Hourly())


def database_now() -> datetime:
    """Return the time by the database clock, aware, in UTC (SEC-56)."""
    sql = "SELECT CURRENT_TIMESTAMP" if connection.vendor == "postgresql" else "SELECT datetime('now')"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        value = cursor.fetchone()[0]
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC)


def enqueue_due(*, now: datetime | None = None) -> list[str]:
    """Enqueue all periods that are due; return the keys that were new."""
    moment = now or database_now()
    zone = ZoneInfo(settings.TIME_ZONE)
    made: list[str] = []
    for scheduled in SCHEDULE.values():
        newest = (
            Job.objects.filter(name=scheduled.name, period_key__startswith=f"{scheduled.name}@")
            .order_by("-period_key")
            .values_list("period_key", flat=True)
            .first()
        )
        text = newest.rsplit("@", 1)[1] if newest else None
        for period in _due(scheduled.rule, text, now=moment, zone=zone):
            key = f"{scheduled.name}@{period}"
            if enqueue(scheduled.name, arguments={"period": period}, period_key=key, label=_label(period)):
                made.append(key)
    return made


def _label(period: str) -> Label:
    """Return the day or the hour a job is for, as the reader writes it."""
    if len(period) == len("2026-01-31"):
        return Label(gettext_noop("for %(day)s"), {"day": date.fromisoformat(period)})
    hour = datetime.fromisoformat(period)
    return Label(gettext_noop("for %(day)s, %(hour)s UTC"), {"day": hour.date(), "hour": f"{hour:%H:%M}"})


def _due(rule: DailyAt | Hourly, newest: str | None, *, now: datetime, zone: ZoneInfo) -> list[str]:
    """Return the due periods as text that sorts by time."""
    if isinstance(rule, Hourly):
        last_hour = datetime.fromisoformat(newest).replace(tzinfo=UTC) if newest else None
        return [
            hour.isoformat(timespec="minutes") for hour in rule.periods(after=last_hour, now=now, zone=zone)
        ]
    last_day = date.fromisoformat(newest[:10]) if newest else None
    return [day.isoformat() for day in rule.periods(after=last_day, now=now, zone=zone)]
