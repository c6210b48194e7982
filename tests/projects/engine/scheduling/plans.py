"""Small plans by name: EX-SCH and what tests build from it."""

from dataclasses import dataclass, field, replace
from datetime import date

from projects.engine.calendar import STANDARD_CALENDAR, CalendarException, WorkCalendar
from projects.engine.instants import NO_INSTANT, start_of_day
from projects.engine.scheduling.network import (
    Activity,
    ActivityKind,
    Dependency,
    LinkType,
    Network,
    network_of,
)
from projects.engine.scheduling.options import PORTAL, ScheduleOptions
from projects.engine.scheduling.schedule import Schedule, compute_schedule
from projects.engine.working_time import WorkingTime

DAY = 480
HOLIDAY = date(2026, 3, 9)
CALENDAR = replace(STANDARD_CALENDAR, exceptions=(CalendarException(HOLIDAY, HOLIDAY),))
CLOCK = WorkingTime(CALENDAR, date(2026, 1, 1), date(2026, 12, 31))
START = start_of_day(date(2026, 3, 2)) + 480


def at(day: date) -> int:
    """Return the first working instant from the start of a day."""
    return CLOCK.next_working(start_of_day(day))


def end_of(day: date) -> int:
    """Return the last working instant up to the end of a day."""
    return CLOCK.previous_working(start_of_day(day) + 1440)


def position(instant: int) -> float:
    """Return working days from the start of EX-SCH."""
    return CLOCK.between(START, instant) / DAY


@dataclass
class Plan:
    """Activities by name and the links between them."""

    activities: dict[str, Activity] = field(default_factory=dict)
    links: list[Dependency] = field(default_factory=list)
    calendars: tuple[WorkCalendar, ...] = (CALENDAR,)
    start: int = START
    must_finish_by: int = NO_INSTANT

    def add(self, name: str, days: float = 0, **values: int | bool | ActivityKind) -> "Plan":
        """Add an activity of so many working days."""
        self.activities[name] = Activity(duration=round(days * DAY), **values)  # type: ignore[arg-type]
        return self

    def link(self, predecessor: str, successor: str, kind: str = "FS", days: float = 0) -> "Plan":
        """Link two activities, with lag in working days."""
        names = list(self.activities)
        self.links.append(
            Dependency(
                names.index(predecessor), names.index(successor), LinkType[kind], lag=round(days * DAY)
            )
        )
        return self

    def change(self, name: str, **values: int | bool) -> "Plan":
        """Change an activity."""
        self.activities[name] = replace(self.activities[name], **values)  # type: ignore[arg-type]
        return self

    def network(self, options: ScheduleOptions = PORTAL) -> Network:
        """Return the plan as a network."""
        return network_of(
            list(self.activities.values()),
            self.links,
            self.calendars,
            start=self.start,
            options=options,
            must_finish_by=self.must_finish_by,
        )

    def schedule(self, options: ScheduleOptions = PORTAL) -> "Dated":
        """Return the dates of the plan."""
        return Dated(tuple(self.activities), compute_schedule(self.network(options), options))


@dataclass(frozen=True)
class Dated:
    """A schedule whose values are asked for by name, in working days."""

    names: tuple[str, ...]
    result: Schedule

    def days(self, column: str) -> dict[str, float | None]:
        """Return a float column in working days, ``None`` where undefined."""
        values = getattr(self.result, column).tolist()
        return {
            name: None if value == NO_INSTANT else value / DAY
            for name, value in zip(self.names, values, strict=True)
        }

    def positions(self, column: str) -> dict[str, float]:
        """Return a column of instants as working days from the start of EX-SCH."""
        values = getattr(self.result, column).tolist()
        return {name: position(value) for name, value in zip(self.names, values, strict=True)}

    def instants(self, column: str) -> dict[str, int]:
        """Return a column of instants as they are."""
        return dict(zip(self.names, getattr(self.result, column).tolist(), strict=True))

    def flagged(self, column: str) -> set[str]:
        """Return the names for which a column of booleans is true."""
        return {name for name, value in zip(self.names, getattr(self.result, column), strict=True) if value}


def example() -> Plan:
    """Return EX-SCH (domain 5.10)."""
    plan = Plan()
    plan.add("A", 5).add("B", 3).add("C", 6).add("D", 4).add("E", 2)
    plan.add("F", kind=ActivityKind.FINISH_MILESTONE)
    plan.link("A", "B").link("A", "C", "SS", 2).link("B", "D").link("C", "D", "FF", 1)
    return plan.link("D", "E", "SF").link("D", "F").link("E", "F")
