"""A month of the plan: tasks as bars over their days, milestones on their day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.formats import get_format

from projects.choices import MILESTONES, TaskKind
from projects.engine.calendar import WorkCalendar
from projects.engine.instants import start_of_day
from projects.models import Project, Task
from projects.selectors.plan import reference_day
from projects.selectors.plan_dates import shown_finish, shown_start, to_moment
from projects.selectors.plan_filters import is_wanted
from projects.selectors.work_calendars import load_work_calendars

WEEK = 7
ROWS_SHOWN = 6
READ = (
    *("uid", "wbs", "name", "kind", "planned_start", "planned_finish", "actual_finish", "is_critical"),
    *("is_key_milestone", "owner__name", "owner__user_id", "percent_complete"),
)


@dataclass(frozen=True)
class MonthQuestion:
    """What somebody wants to see of a month; it lives in the address."""

    first: date
    chosen: date | None = None
    show: str = ""
    search: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether entries are left out on purpose."""
        return bool(self.show or self.search)


@dataclass(frozen=True)
class Entry:
    """A task or milestone with the days people see."""

    uid: int
    wbs: str
    name: str
    owner: str
    start: date
    finish: date
    is_milestone: bool
    is_key_milestone: bool
    is_done: bool
    is_late: bool
    is_critical: bool
    is_own: bool

    @property
    def rank(self) -> tuple[bool, bool, bool, bool]:
        """What goes first where there is no room for all: milestones, critical, late, then open work."""
        return (not self.is_milestone, not self.is_critical, not self.is_late, self.is_done)


@dataclass(frozen=True)
class Segment:
    """The part of an entry in one week; ``column`` and ``span`` count days from 1."""

    entry: Entry
    column: int
    span: int
    goes_on: bool
    came_before: bool


@dataclass(frozen=True)
class Day:
    """A day of the month; ``hidden`` entries found no room in its week, or in its list."""

    day: date
    is_in_month: bool
    is_working: bool
    is_today: bool
    is_data_date: bool
    hidden: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Week:
    """Seven days with the rows of bars below them."""

    days: tuple[Day, ...]
    rows: tuple[tuple[Segment, ...], ...]


@dataclass(frozen=True)
class PlanMonth:
    """A month as the page shows it; ``listed`` has the days of the month on which an entry begins."""

    first: date
    previous: date | None
    following: date | None
    weekdays: tuple[date, ...]
    weeks: tuple[Week, ...]
    listed: tuple[Day, ...]
    chosen: Day | None
    count: int


def plan_month(project: Project, *, user: Any, question: MonthQuestion, today: date) -> PlanMonth:
    """
    Return the month asked for; people without ``task.view`` get milestones.

    One query for the rows and at most eleven for the calendar, whatever the size.
    """
    first = question.first
    start = _week_start(first)
    last = _next_month(first) - timedelta(days=1)
    stop = _week_start(last) + timedelta(days=WEEK)
    found = _entries(project, user=user, start=start, stop=stop, known=reference_day(project, today=today))
    entries = [each for each in found if is_wanted(each, show=question.show, search=question.search)]
    hours = load_work_calendars([project.calendar_id])[project.calendar_id]
    maker = _Days(entries, hours, first=first, last=last, today=today, data_date=project.data_date)
    weeks = tuple(
        maker.week(start + timedelta(days=WEEK * number)) for number in range((stop - start).days // WEEK)
    )
    own = [entry for entry in entries if entry.finish >= first and entry.start <= last]
    return PlanMonth(
        first=first,
        previous=_month_before(first),
        following=_next_month(first) if first.year < date.max.year else None,
        weekdays=tuple(day.day for day in weeks[0].days),
        weeks=weeks,
        listed=_listed(weeks, own, first),
        chosen=next((day for week in weeks for day in week.days if day.day == question.chosen), None),
        count=len(own),
    )


def _week_start(day: date) -> date:
    """Return the first day of the week, Monday or Sunday as the language has it."""
    offset = 1 - int(get_format("FIRST_DAY_OF_WEEK"))
    return day - timedelta(days=(day.weekday() + offset) % WEEK)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _month_before(first: date) -> date | None:
    return (first - timedelta(days=1)).replace(day=1) if first.year > date.min.year + 1 else None


def _entries(project: Project, *, user: Any, start: date, stop: date, known: date) -> list[Entry]:
    """Return what lies between two days, by start and outline. One query."""
    begin, end = to_moment(start_of_day(start)), to_moment(start_of_day(stop))
    rows = (
        Task.objects.visible_to(user)
        .filter(project=project, is_active=True)
        .filter(Q(planned_finish__gte=begin) | Q(planned_finish=None), planned_start__lte=end)
        .leaves()
        .in_order()
        .values(*READ)
    )
    found = [entry for row in rows if (entry := _entry(row, known, user)) is not None]
    return sorted(
        (entry for entry in found if entry.start < stop and entry.finish >= start),
        key=lambda entry: (entry.start, -(entry.finish - entry.start).days),
    )


def _entry(row: dict[str, Any], known: date, user: Any) -> Entry | None:
    start, finish = shown_start(row["planned_start"]), shown_finish(row["planned_finish"])
    is_milestone = row["kind"] in MILESTONES
    if is_milestone:
        start = finish = (start if row["kind"] == TaskKind.START_MILESTONE else finish) or start or finish
    if start is None:
        return None
    finish = max(start, finish or start)
    is_done = row["actual_finish"] is not None
    return Entry(
        uid=row["uid"],
        wbs=row["wbs"],
        name=row["name"],
        owner=row["owner__name"] or "",
        start=start,
        finish=finish,
        is_milestone=is_milestone,
        is_key_milestone=row["is_key_milestone"],
        is_done=is_done,
        is_late=not is_done and finish <= known,
        is_critical=bool(row["is_critical"]) and not is_done,
        is_own=row["owner__user_id"] == user.pk,
    )


class _Days:
    """Makes weeks of entries."""

    def __init__(
        self,
        entries: Sequence[Entry],
        hours: WorkCalendar,
        *,
        first: date,
        last: date,
        today: date,
        data_date: date | None,
    ) -> None:
        self.entries, self.hours = entries, hours
        self.first, self.last, self.today, self.data_date = first, last, today, data_date

    def week(self, monday: date) -> Week:
        """
        Lay the bars of a week out: each takes the first row with room, the longest of a day first.

        Where more lie above each other than there are rows, those of the first ranks are drawn.
        """
        sunday = monday + timedelta(days=WEEK - 1)
        present = [entry for entry in self.entries if entry.start <= sunday and entry.finish >= monday]
        segments = [_segment(entry, monday) for entry in present]
        drawn, hidden = _fitting(segments)
        rows: list[list[Segment]] = []
        for segment in (each for each in segments if each.entry.uid in drawn):
            row = next((row for row in rows if row[-1].column + row[-1].span <= segment.column), None)
            if row is None:
                rows.append([segment])
            else:
                row.append(segment)
        days = tuple(
            self._day(monday + timedelta(days=number), hidden[number], present) for number in range(WEEK)
        )
        return Week(days=days, rows=tuple(tuple(row) for row in rows))

    def _day(self, day: date, hidden: int, present: Sequence[Entry]) -> Day:
        return Day(
            day=day,
            is_in_month=self.first <= day <= self.last,
            is_working=bool(self.hours.hours_on(day)),
            is_today=day == self.today,
            is_data_date=day == self.data_date,
            hidden=hidden,
            entries=tuple(entry for entry in present if entry.start <= day <= entry.finish),
        )


def _segment(entry: Entry, monday: date) -> Segment:
    """Return the part of an entry in the week of that day."""
    first, last = (entry.start - monday).days, (entry.finish - monday).days
    column = max(0, first)
    return Segment(entry, column + 1, min(WEEK - 1, last) - column + 1, last >= WEEK, first < 0)


def _fitting(segments: Sequence[Segment]) -> tuple[set[int], list[int]]:
    """Return the numbers of the entries there is room for, and how many are left out on each day."""
    used, hidden = [0] * WEEK, [0] * WEEK
    drawn = set()
    for segment in sorted(segments, key=lambda each: each.entry.rank):
        days = range(segment.column - 1, segment.column - 1 + segment.span)
        has_room = all(used[day] < ROWS_SHOWN for day in days)
        if has_room:
            drawn.add(segment.entry.uid)
        for day in days:
            (used if has_room else hidden)[day] += 1
    return drawn, hidden


def _listed(weeks: Sequence[Week], own: Sequence[Entry], first: date) -> tuple[Day, ...]:
    """
    Return the days of the month with what begins on them, as far as there is room.

    What began before stands on the first.
    """
    begins: dict[date, list[Entry]] = defaultdict(list)
    for entry in own:
        begins[max(entry.start, first)].append(entry)
    return tuple(
        replace(day, entries=_first_ranks(begins[day.day]), hidden=max(0, len(begins[day.day]) - ROWS_SHOWN))
        for week in weeks
        for day in week.days
        if day.is_in_month and day.day in begins
    )


def _first_ranks(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return as many as there are rows, in the order they came in."""
    kept = {entry.uid for entry in sorted(entries, key=lambda each: each.rank)[:ROWS_SHOWN]}
    return tuple(entry for entry in entries if entry.uid in kept)
