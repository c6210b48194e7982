"""
Beats at once, killed, down for 25 hours, with clocks an hour off: counts doubled and missed periods.

``python -m bench.beats --days 8 --kills 5 --seed 3 --json`` (SEC-39). Each beat is a process of its
own that ticks on a fast clock (``--day-seconds`` for one day) against one database; the clock of the
second is an hour fast, that of the third an hour slow. Periods of jobs due every hour are not made up
when missed, by their rule, so they count as doubled only.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench._ground import scratch_portal

ROOT = Path(__file__).resolve().parent.parent
START = datetime(2026, 3, 20, 12, tzinfo=UTC)
DAY_SECONDS = 86_400
WARM_UP_SECONDS = 15
OFFSETS_HOURS = (0, 1, -1)
DOWN_HOURS = 25
BEAT = """
import sys, time, django
from datetime import timedelta
django.setup()
from bench.beats import moment
from pmo_portal.common.schedule import enqueue_due
offset, began, day_seconds = float(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
while True:
    enqueue_due(now=moment(began, day_seconds) + timedelta(hours=offset))
    time.sleep(0.02)
"""


@dataclass(frozen=True)
class Figures:
    """What the run prints."""

    engine: str
    days: int
    beats: int
    kills: int
    hours_down: int
    periods: int
    doubled: int
    missed: int
    seconds: float


def moment(began: float, day_seconds: float) -> datetime:
    """Return the time of the fast clock that started at ``began`` (seconds of the machine's clock)."""
    return START + timedelta(seconds=(time.time() - began) * DAY_SECONDS / day_seconds)


class Beat:
    """One process that ticks."""

    def __init__(self, offset: int, began: float, day_seconds: float) -> None:
        self._command = [sys.executable, "-c", BEAT, str(offset), str(began), str(day_seconds)]
        self.start()

    def start(self) -> None:
        """Start it, as a supervisor would."""
        self.process = subprocess.Popen(self._command, cwd=ROOT, env=os.environ.copy())

    def kill(self) -> None:
        """``kill -9``."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def run(*, days: int, kills: int, day_seconds: float, seed: int, engine: str) -> Figures:
    """Let the beats tick for ``days``, kill one of them ``kills`` times, and all of them for 25 hours."""
    rng = random.Random(seed)
    began = time.time() + WARM_UP_SECONDS
    beats = [Beat(offset, began, day_seconds) for offset in OFFSETS_HOURS]
    time.sleep(WARM_UP_SECONDS)
    try:
        _damage(beats, rng, days=days, kills=kills, day_seconds=day_seconds)
        while moment(began, day_seconds) < START + timedelta(days=days):
            time.sleep(0.1)
    finally:
        for beat in beats:
            beat.kill()
    end = moment(began, day_seconds)
    made = _periods_at(end)
    missed = sum(len(_expected(days_made) - days_made) for days_made in made.daily.values())
    return Figures(
        engine=engine,
        days=days,
        beats=len(OFFSETS_HOURS),
        kills=kills,
        hours_down=DOWN_HOURS,
        periods=made.count,
        doubled=made.doubled,
        missed=missed,
        seconds=round(time.time() - began, 1),
    )


def _damage(beats: list[Beat], rng: random.Random, *, days: int, kills: int, day_seconds: float) -> None:
    pause = days * day_seconds * 0.6 / max(kills, 1)
    for number in range(kills):
        time.sleep(pause * rng.uniform(0.3, 1))
        if number == kills // 2:
            for beat in beats:
                beat.kill()
            time.sleep(day_seconds * DOWN_HOURS / 24)
            for beat in beats:
                beat.start()
        else:
            struck = rng.choice(beats)
            struck.kill()
            struck.start()


@dataclass(frozen=True)
class Made:
    """Periods found: how many, how many twice, and the days of each daily job."""

    count: int
    doubled: int
    daily: dict[str, set[date]]


def _periods_at(end: datetime) -> Made:
    """Tick once more with a right clock, then read what the table holds."""
    from pmo_portal.common.models import Job
    from pmo_portal.common.schedule import SCHEDULE, DailyAt, enqueue_due

    enqueue_due(now=end)
    rows = [(name, keys["period"]) for name, keys in Job.objects.values_list("name", "arguments")]
    counts = Counter(rows)
    daily: dict[str, set[date]] = {
        name: {date.fromisoformat(period) for found, period in counts if found == name}
        for name, scheduled in SCHEDULE.items()
        if isinstance(scheduled.rule, DailyAt)
    }
    return Made(count=len(rows), doubled=sum(number - 1 for number in counts.values()), daily=daily)


def _expected(days: set[date]) -> set[date]:
    """Return every day between the first and the last."""
    first, last = min(days), max(days)
    return {first + timedelta(days=step) for step in range((last - first).days + 1)}


def main() -> int:
    """Run it; 0 when nothing was doubled or missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=8)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--day-seconds", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--database-url", default="", help="an empty PostgreSQL database; SQLite without it")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with scratch_portal(asked.database_url):
        figures = run(
            days=asked.days,
            kills=asked.kills,
            day_seconds=asked.day_seconds,
            seed=asked.seed,
            engine="postgresql" if asked.database_url else "sqlite",
        )
    if asked.json:
        print(json.dumps(asdict(figures)))
    else:
        print("\n".join(f"{name}: {value}" for name, value in asdict(figures).items()))
    return 1 if figures.doubled or figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
