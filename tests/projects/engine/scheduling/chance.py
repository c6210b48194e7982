"""Plans by chance that know every rule: calendars, dates, progress, assignments, links of all types."""

from dataclasses import replace
from datetime import date
from random import Random

from projects.engine.calendar import DAY_OFF, STANDARD_CALENDAR, CalendarException, WorkCalendar
from projects.engine.instants import start_of_day
from projects.engine.scheduling.calendar_tables import SharedTime
from projects.engine.scheduling.network import (
    Activity,
    ActivityKind,
    Dependency,
    LinkType,
    Network,
    Part,
    network_of,
)
from projects.engine.scheduling.options import (
    MICROSOFT,
    PORTAL,
    PRIMAVERA,
    FloatKind,
    LagCalendar,
    ProgressMode,
    ScheduleOptions,
)

START = start_of_day(date(2026, 3, 2)) + 480
HOLIDAYS = (CalendarException(date(2026, 3, 9), date(2026, 3, 10)),)
OFFICE = replace(STANDARD_CALENDAR, exceptions=HOLIDAYS)
NIGHTS = WorkCalendar("Nights", (*(((1320, 1800),),) * 5, DAY_OFF, DAY_OFF))
SIX_DAYS = WorkCalendar("Six days", (*(((420, 700), (730, 910)),) * 6, DAY_OFF))
CALENDARS = (OFFICE, NIGHTS, SIX_DAYS, SharedTime(OFFICE, SIX_DAYS))


def chosen_options(random: Random) -> ScheduleOptions:
    """Return options of one of the three conventions."""
    options = random.choice((PORTAL, MICROSOFT, PRIMAVERA))
    return replace(
        options,
        progress_mode=random.choice(list(ProgressMode)),
        float_kind=random.choice(list(FloatKind)),
        lag_calendar=random.choice(list(LagCalendar)),
        hard_dates_win=random.random() < 0.5,
        deadline_bounds_float=random.random() < 0.7,
        critical_limit=random.choice((0, 480)),
    )


def instant(random: Random, first: int = -10, last: int = 30) -> int:
    """Return a quarter of an hour near the start of the plan."""
    return START + random.randrange(first * 96, last * 96) * 15


def chosen_activity(random: Random, *, is_special: float = 0.5) -> Activity:
    """Return an activity; so many of a hundred are more than a duration."""
    calendar = random.randrange(len(CALENDARS))
    activity = Activity(calendar=calendar, duration=random.randrange(1, 40) * 60)
    if random.random() >= is_special:
        return activity
    kind = random.choices(list(ActivityKind), (6, 1, 1, 1))[0]
    is_milestone = kind in {ActivityKind.START_MILESTONE, ActivityKind.FINISH_MILESTONE}
    values: dict[str, int | bool] = {}
    for name in ("start_floor", "finish_floor", "start_cap", "finish_cap", "must_start", "must_finish"):
        if random.random() < 0.08:
            values[name] = instant(random)
    if random.random() < 0.1:
        values["deadline"] = instant(random)
    if random.random() < 0.05:
        values["leveling_delay"] = 600
    if not is_milestone and random.random() < 0.1:
        values["rest"] = random.randrange(1500)
        values["remaining_rest"] = random.randrange(values["rest"] + 1)
    state = random.random()
    if state < 0.35:
        values["actual_start"] = instant(random, -10, 3)
        values["remaining"] = random.randrange(0, activity.duration)
        if state < 0.15:
            values["actual_finish"] = values["actual_start"] + random.randrange(0, 4000)
            values["remaining"] = 0
        elif state < 0.22:
            values["resume"] = instant(random, 0, 10)
    elif state < 0.4:
        values["fixed_start"] = instant(random)
        values["fixed_finish"] = values["fixed_start"] + 1000
    parts: tuple[Part, ...] = ()
    if not is_milestone and random.random() < 0.2:
        parts = tuple(
            Part(random.randrange(4), random.randrange(1, 30) * 60, random.choice((0, 0, 480)))
            for _ in range(random.randrange(1, 3))
        )
    return replace(
        activity,
        kind=kind,
        duration=0 if is_milestone else activity.duration,
        is_elapsed=random.random() < 0.1,
        parts=parts,
        **values,  # type: ignore[arg-type]
    )


def chosen_link(random: Random, size: int) -> Dependency:
    """Return a link that leads from a lower to a higher position."""
    first, second = sorted(random.sample(range(size), 2))
    return Dependency(
        first,
        second,
        random.choices(list(LinkType), (6, 2, 2, 1))[0],
        lag=random.choice((0, 0, 0, 480, -240, 75)),
        lag_percent=random.choice((None, None, None, 50.0, -25.0)),
        is_lag_elapsed=random.random() < 0.2,
        lag_calendar=random.choice((None, None, random.randrange(len(CALENDARS)))),
    )


class ChancePlan:
    """Activities and links that can be changed one by one; positions are shuffled against the logic."""

    def __init__(self, random: Random, size: int) -> None:
        """Make a plan of so many activities; in some plans a few want to be as late as possible."""
        self.random = random
        self.options = chosen_options(random)
        is_special = random.choice((0.0, 0.3, 0.9))
        self.activities = [chosen_activity(random, is_special=is_special) for _ in range(size)]
        if random.random() < 0.2:
            for at in random.sample(range(size), max(size // 5, 1)):
                self.activities[at] = replace(self.activities[at], is_as_late_as_possible=True)
        count = random.randrange(0, 2 * size) if size > 1 else 0
        self.links = [chosen_link(random, size) for _ in range(count)]
        self.place = random.sample(range(size), size)
        self.start = START
        self.must_finish_by = random.choice((None, None, instant(random, 5, 20)))

    def network(self) -> Network:
        """Return the plan as it stands."""
        size = len(self.activities)
        shuffled = [self.activities[0]] * size
        for activity, place in zip(self.activities, self.place, strict=True):
            shuffled[place] = activity
        links = [
            replace(link, predecessor=self.place[link.predecessor], successor=self.place[link.successor])
            for link in self.links
        ]
        values = {} if self.must_finish_by is None else {"must_finish_by": self.must_finish_by}
        return network_of(shuffled, links, CALENDARS, start=self.start, options=self.options, **values)
