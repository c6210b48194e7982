"""Calendars of real schedules against the reference arithmetic of the oracle."""

import importlib.util
import random
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from projects.engine.calendar import DAY_OFF, CalendarException, WorkCalendar, WorkWeek
from projects.engine.instants import instant_of, moment_of
from projects.engine.working_time import WorkingTime


def _oracle_library(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("oracle_lib", folder / "oracle_lib.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(folder / "oracle_lib.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _definition(reference: Any) -> WorkCalendar:
    """Build our definition from the oracle's, whose night shifts end at midnight."""
    module_ranges = reference.ranges
    raw = reference.raw

    def hours(day: dict[str, Any]) -> tuple[tuple[int, int], ...] | None:
        if day["type"] == "DEFAULT":
            return None
        return _whole(module_ranges(day.get("hours"))) if day["type"] == "WORKING" else DAY_OFF

    names = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
    return WorkCalendar(
        str(raw["uid"]),
        tuple(hours(raw["days"][name]) for name in names),
        work_weeks=tuple(
            WorkWeek(
                date.fromisoformat(week["start"]),
                date.fromisoformat(week["end"]),
                tuple(hours(week["days"][name]) for name in names),
            )
            for week in raw["work_weeks"]
            if week["start"] and week["end"]
        ),
        exceptions=tuple(
            CalendarException(
                date.fromisoformat(item["start"]),
                date.fromisoformat(item["end"]),
                _whole(module_ranges(item["hours"])),
            )
            for item in sorted(raw["exceptions"], key=lambda item: item["start"])
        ),
        parent=None if reference.parent is None else _definition(reference.parent),
    )


def _whole(ranges: list[tuple[float, float]]) -> tuple[tuple[int, int], ...]:
    return tuple((int(start), min(int(end), 1440)) for start, end in ranges if int(start) < int(end))


class _Reference:
    """A calendar of the oracle with what is needed to rebuild it."""

    def __init__(self, library: ModuleType, calendar: Any) -> None:
        self.ranges, self.raw = library._ranges, calendar.c
        self.parent = None if calendar.parent is None else _Reference(library, calendar.parent)


def test_real_calendars_agree_with_the_reference_arithmetic(oracle_dir: Path) -> None:
    """SCH-1, SCH-2: calendars of real schedules, checked minute by minute against an independent library."""
    library, generator = _oracle_library(oracle_dir), random.Random(11)
    checked = 0
    for path in sorted((oracle_dir / "schedules").glob("*.json.gz"))[:40]:
        document = library.load(path)
        anchor = library.dt(document["project"]["start"])
        for reference in list(library.calendars(document).values())[:4]:
            if anchor is None or not any(reference.day(anchor.date() + timedelta(days=d)) for d in range(60)):
                continue
            compiled = WorkingTime(_definition(_Reference(library, reference)), anchor.date(), anchor.date())
            start = anchor + timedelta(minutes=generator.randrange(200_000))
            end = start + timedelta(minutes=generator.randrange(-150_000, 150_000))
            minutes = generator.randrange(1, 20_000)

            assert compiled.between(instant_of(start), instant_of(end)) == int(reference.work(start, end))
            assert moment_of(compiled.add(instant_of(start), minutes)) == reference.add(start, minutes)
            assert moment_of(compiled.subtract(instant_of(end), minutes)) == reference.sub(end, minutes)
            assert moment_of(compiled.next_working(instant_of(start))) == reference.next_start(start)
            checked += 1
    assert checked > 40
