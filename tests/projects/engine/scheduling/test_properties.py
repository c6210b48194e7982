"""What holds for every plan, whatever it looks like."""

from dataclasses import replace
from datetime import date

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.engine.calendar import (
    DAY_OFF,
    ROUND_THE_CLOCK,
    STANDARD_CALENDAR,
    CalendarException,
    WorkCalendar,
)
from projects.engine.scheduling.network import Activity, ActivityKind, Dependency, LinkType, network_of
from projects.engine.scheduling.options import PORTAL
from projects.engine.scheduling.schedule import Schedule, compute_schedule
from projects.engine.working_time import WorkingTime
from tests.projects.engine.scheduling.plans import CALENDAR, CLOCK, START

pytestmark = pytest.mark.pure

DATES = ("early_start", "early_finish", "late_start", "late_finish", "total_float", "free_float")


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[Activity], list[Dependency]]:
    """Draw unconstrained, unstarted activities and links that only lead forward."""
    size = draw(st.integers(2, 12))
    minutes = st.integers(0, 2400)
    activities = [Activity(duration=draw(minutes)) for _ in range(size)]
    pairs = draw(
        st.lists(
            st.tuples(st.integers(0, size - 2), st.integers(1, size - 1)).filter(
                lambda pair: pair[0] < pair[1]
            ),
            max_size=20,
            unique=True,
        )
    )
    kinds = st.sampled_from(list(LinkType))
    links = [
        Dependency(first, second, draw(kinds), lag=draw(st.integers(-480, 960))) for first, second in pairs
    ]
    return activities, links


def dated(activities: list[Activity], links: list[Dependency], calendar: WorkCalendar = CALENDAR) -> Schedule:
    """Schedule with the rules of the portal."""
    return compute_schedule(network_of(activities, links, [calendar], start=START, options=PORTAL), PORTAL)


@settings(max_examples=60, deadline=None)
@given(plans(), st.randoms(use_true_random=False))
def test_order_of_input_is_irrelevant(plan: tuple[list[Activity], list[Dependency]], random: object) -> None:
    """SCH-6."""
    activities, links = plan
    order = list(range(len(activities)))
    random.shuffle(order)  # type: ignore[attr-defined]
    place = {old: new for new, old in enumerate(order)}
    moved_links = [
        replace(link, predecessor=place[link.predecessor], successor=place[link.successor]) for link in links
    ]
    random.shuffle(moved_links)  # type: ignore[attr-defined]

    found = dated(activities, links)
    moved = dated([activities[old] for old in order], moved_links)

    for name in DATES:
        assert getattr(moved, name).tolist() == getattr(found, name)[order].tolist()


NIGHT = WorkCalendar("Night", (((0, 180), (240, 480), (1380, 1440)),) * 5 + (DAY_OFF,) * 2)
SIX_DAYS = WorkCalendar("Six days", (((420, 660), (690, 930)),) * 6 + (DAY_OFF,))
ALWAYS = WorkCalendar("Always", (ROUND_THE_CLOCK,) * 7)


@st.composite
def plans_of_shifts(draw: st.DrawFn) -> tuple[list[Activity], list[Dependency]]:
    """Draw a plan whose activities and milestones work at different times of day, at night too."""
    activities, links = draw(plans())
    kinds = st.sampled_from([ActivityKind.TASK, ActivityKind.TASK, *list(ActivityKind)[:3]])
    found = []
    for activity in activities:
        kind = draw(kinds)
        length = activity.duration if kind is ActivityKind.TASK else 0
        is_elapsed = draw(st.integers(0, 3)) == 0
        values = {"kind": kind, "duration": length, "calendar": draw(st.integers(0, 3))}
        found.append(replace(activity, is_elapsed=is_elapsed, **values))
    return found, links


@settings(max_examples=150, deadline=None)
@given(plans_of_shifts())
def test_float_is_never_negative_where_people_work_in_shifts(
    plan: tuple[list[Activity], list[Dependency]],
) -> None:
    """SCH-16, SCH-17: what ends in a gap between two shifts is not late for the next one."""
    calendars = [CALENDAR, NIGHT, SIX_DAYS, ALWAYS]
    found = compute_schedule(network_of(*plan, calendars, start=START, options=PORTAL), PORTAL)

    assert found.total_float.min() >= 0
    assert (found.free_float >= 0).all()
    assert (found.free_float <= found.total_float).all()
    assert found.is_critical.any()


@settings(max_examples=60, deadline=None)
@given(plans_of_shifts(), st.integers(0, 3), st.data())
def test_delay_by_all_its_float_moves_no_end(
    plan: tuple[list[Activity], list[Dependency]], calendar: int, data: st.DataObject
) -> None:
    """SCH-16: a task that starts at its late start moves no end, in plans of one calendar."""
    activities, links = plan
    activities = [replace(item, calendar=calendar, is_elapsed=False) for item in activities]
    calendars = [CALENDAR, NIGHT, SIX_DAYS, ALWAYS]

    found = compute_schedule(network_of(activities, links, calendars, start=START, options=PORTAL), PORTAL)
    working = [at for at, activity in enumerate(activities) if activity.duration]
    if not working:
        return
    at = data.draw(st.sampled_from(working))
    activities[at] = replace(activities[at], start_floor=int(found.late_start[at]))
    late = compute_schedule(network_of(activities, links, calendars, start=START, options=PORTAL), PORTAL)

    assert late.project_finish == found.project_finish


@settings(max_examples=60, deadline=None)
@given(plans())
def test_float_is_never_negative_without_dates(plan: tuple[list[Activity], list[Dependency]]) -> None:
    """SCH-16, SCH-17: and free float never exceeds total float; something is critical."""
    found = dated(*plan)

    assert found.total_float.min() >= 0
    assert (found.free_float >= 0).all()
    assert (found.free_float <= found.total_float).all()
    assert found.is_critical.any()


@settings(max_examples=60, deadline=None)
@given(plans())
def test_every_link_holds_in_early_and_late_dates(plan: tuple[list[Activity], list[Dependency]]) -> None:
    """SCH-7, SCH-8: no link is broken in either set of dates."""
    activities, links = plan
    found = dated(activities, links)

    for start, finish in ((found.early_start, found.early_finish), (found.late_start, found.late_finish)):
        for link in links:
            from_finish = link.type in {LinkType.FS, LinkType.FF}
            to_start = link.type in {LinkType.FS, LinkType.SS}
            first = int((finish if from_finish else start)[link.predecessor])
            second = int((start if to_start else finish)[link.successor])
            assert CLOCK.between(CLOCK.add(first, link.lag), second) >= 0


@settings(max_examples=60, deadline=None)
@given(plans(), st.data())
def test_another_link_never_makes_anything_earlier(
    plan: tuple[list[Activity], list[Dependency]], data: st.DataObject
) -> None:
    activities, links = plan
    first = data.draw(st.integers(0, len(activities) - 2))
    second = data.draw(st.integers(first + 1, len(activities) - 1))
    more = [*links, Dependency(first, second, data.draw(st.sampled_from(list(LinkType))))]

    before, after = dated(activities, links), dated(activities, more)

    assert (after.early_start >= before.early_start).all()
    assert (after.early_finish >= before.early_finish).all()


@settings(max_examples=40, deadline=None)
@given(plans())
def test_more_working_time_never_ends_later(plan: tuple[list[Activity], list[Dependency]]) -> None:
    """The same plan with a holiday, and without."""
    activities, links = plan
    links = [replace(link, lag=max(link.lag, 0)) for link in links]
    holiday = CalendarException(date(2026, 3, 4), date(2026, 3, 5))
    closed = replace(STANDARD_CALENDAR, exceptions=(holiday,))

    assert dated(activities, links, STANDARD_CALENDAR).project_finish <= (
        dated(activities, links, closed).project_finish
    )


@settings(max_examples=60, deadline=None)
@given(plans())
def test_length_is_the_longest_path_networkx_finds(plan: tuple[list[Activity], list[Dependency]]) -> None:
    """An independent calculation: finish-to-start links without calendars; critical path = makespan."""
    activities, links = plan
    links = [replace(link, type=LinkType.FS, lag=max(link.lag, 0)) for link in links]
    graph = nx.DiGraph()
    for number, activity in enumerate(activities):
        graph.add_edge((number, "start"), (number, "finish"), weight=activity.duration)
    for link in links:
        graph.add_edge((link.predecessor, "finish"), (link.successor, "start"), weight=link.lag)
    always = WorkCalendar("Always", (((0, 1440),),) * 7)

    found = dated(activities, links, always)

    longest = nx.dag_longest_path_length(graph)
    assert found.project_finish - START == longest
    assert found.is_longest_path.any()


def test_scalar_and_table_arithmetic_agree() -> None:
    """The tables of the passes give the answers of `WorkingTime`, also outside working hours."""
    from projects.engine.scheduling.calendar_tables import (
        add_minutes,
        build_tables,
        minutes_between,
        next_start,
        previous_finish,
    )

    tables = build_tables([CALENDAR], START // 1440 - 100, START // 1440 + 100)
    clock = WorkingTime(CALENDAR, date(2026, 1, 1), date(2026, 6, 1))

    for instant in range(START - 20_000, START + 20_000, 397):
        assert next_start(tables, 0, instant) == clock.next_working(instant)
        assert previous_finish(tables, 0, instant) == clock.previous_working(instant)
        for minutes in (-2000, -480, -1, 0, 1, 240, 480, 481, 5000):
            assert add_minutes(tables, 0, instant, minutes) == clock.add(instant, minutes)
            assert minutes_between(tables, 0, instant, instant + minutes) == clock.between(
                instant, instant + minutes
            )
