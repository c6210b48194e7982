"""Single rules of scheduling, each on the smallest plan that shows it."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from projects.engine.calendar import DAY_OFF, STANDARD_CALENDAR, EmptyCalendarError, WorkCalendar
from projects.engine.instants import MINUTES_PER_DAY, instant_of
from projects.engine.scheduling.network import Activity, ActivityKind, Dependency, Part, network_of
from projects.engine.scheduling.options import MICROSOFT, PORTAL, LagCalendar, Reach, ScheduleOptions
from projects.engine.scheduling.order import CycleError
from projects.engine.scheduling.rules import Driver
from projects.engine.scheduling.schedule import compute_schedule
from tests.projects.engine.scheduling.plans import CALENDAR, DAY, START, Plan, at, end_of, example

pytestmark = pytest.mark.pure


def test_cycle_is_refused_with_its_activities_in_order() -> None:
    """SCH-10: B waits for A, C for B, and A for C."""
    plan = Plan().add("Z", 1).add("A", 1).add("B", 1).add("C", 1)
    plan.link("Z", "A").link("A", "B").link("B", "C").link("C", "A")

    with pytest.raises(CycleError) as refused:
        plan.schedule()

    assert refused.value.cycle == (1, 2, 3)
    assert refused.value.code == "CYCLE"


def test_calendar_without_work_is_refused() -> None:
    """SCH-5."""
    plan = Plan(calendars=(WorkCalendar("Never", (DAY_OFF,) * 7),)).add("A", 1)

    with pytest.raises(EmptyCalendarError, match="Never"):
        plan.schedule()


def test_empty_plan_has_no_finish() -> None:
    dated = Plan().schedule()

    assert dated.result.early_start.size == 0


def test_dates_decades_ahead_are_found() -> None:
    """The tables grow until every date fits: two tasks of thirty years each."""
    plan = Plan().add("A", 7500).add("B", 7500).link("A", "B")

    dated = plan.schedule()

    assert dated.positions("early_finish") == {"A": pytest.approx(7500), "B": pytest.approx(15000)}


def test_dates_beyond_the_reach_are_refused() -> None:
    """What a calculation may cost is bounded by the days its dates may lie in; inside nothing differs."""
    first = START // MINUTES_PER_DAY
    plan = Plan().add("A", 7500).add("B", 7500).link("A", "B").network()

    with pytest.raises(OverflowError):
        compute_schedule(plan, PORTAL, reach=Reach(first - 1000, first + 40 * 365))
    near = compute_schedule(plan, PORTAL, reach=Reach(first - 1000, first + 80 * 365))

    assert near.late_finish.tolist() == compute_schedule(plan, PORTAL).late_finish.tolist()


def test_lag_runs_on_the_calendar_chosen() -> None:
    """SCH-7: two days after Friday, in working days of the successor, of the predecessor, on the clock."""
    week = (((480, 720), (780, 1020)),) * 7
    always = WorkCalendar("Every day", week)

    def second_start(lag_calendar: LagCalendar) -> int:
        options = ScheduleOptions(lag_calendar=lag_calendar)
        activities = [Activity(duration=5 * DAY, calendar=0), Activity(duration=DAY, calendar=1)]
        network = network_of(
            activities, [Dependency(0, 1, lag=2 * DAY)], [CALENDAR, always], start=START, options=options
        )
        return int(compute_schedule(network, options).early_start[1])

    assert second_start(LagCalendar.PREDECESSOR) == instant_of(datetime(2026, 3, 12, 8))
    assert second_start(LagCalendar.SUCCESSOR) == instant_of(datetime(2026, 3, 9, 8))
    assert second_start(LagCalendar.ROUND_THE_CLOCK) == instant_of(datetime(2026, 3, 7, 9))


def test_percent_lag_follows_the_predecessor() -> None:
    activities = [Activity(duration=4 * DAY), Activity(duration=DAY)]
    network = network_of(
        activities, [Dependency(0, 1, lag_percent=-50)], [CALENDAR], start=START, options=PORTAL
    )

    found = compute_schedule(network, PORTAL)

    assert int(found.early_start[1]) == instant_of(datetime(2026, 3, 4, 8))


@pytest.mark.parametrize(
    ("options", "lag", "start"),
    [
        # A ends on Friday 6 March, 17:00; Monday is a holiday here, nothing is on the other calendar.
        (PORTAL, {"lag": 480}, datetime(2026, 3, 11, 8)),
        (PORTAL, {"lag": 480, "is_lag_elapsed": True}, datetime(2026, 3, 10, 8)),
        (PORTAL, {"lag": 5 * 1440, "is_lag_elapsed": True}, datetime(2026, 3, 12, 8)),
        (PORTAL, {"lag_percent": 20.0}, datetime(2026, 3, 11, 8)),
        (PORTAL, {"lag": 480, "lag_calendar": 1}, datetime(2026, 3, 10, 8)),
        (ScheduleOptions(lag_calendar=LagCalendar.PROJECT), {"lag": 960}, datetime(2026, 3, 11, 8)),
        (ScheduleOptions(lag_calendar=LagCalendar.ROUND_THE_CLOCK), {"lag": 480}, datetime(2026, 3, 10, 8)),
    ],
)
def test_lag_runs_on_the_calendar_that_is_said(
    options: ScheduleOptions, lag: dict[str, int | float | bool], start: datetime
) -> None:
    """SCH-7: the predecessor's unless link or plan say otherwise; the project's is the second."""
    work = [Activity(duration=5 * DAY), Activity(duration=DAY)]
    links = [Dependency(0, 1, **lag)]  # type: ignore[arg-type]
    calendars = [CALENDAR, STANDARD_CALENDAR]

    network = network_of(work, links, calendars, start=START, options=options, project_calendar=1)

    assert int(compute_schedule(network, options).early_start[1]) == instant_of(start)


def test_percentage_of_elapsed_work_is_elapsed() -> None:
    """Half of two days on the clock, from Wednesday morning on: Thursday morning."""
    plan = Plan().add("A", is_elapsed=True).add("B", 1)
    plan.change("A", duration=2 * MINUTES_PER_DAY)
    plan.links.append(Dependency(0, 1, lag_percent=50.0))

    assert plan.schedule().instants("early_start")["B"] == at(date(2026, 3, 5))


def test_milestone_in_elapsed_time_has_the_float_of_any_other() -> None:
    """SCH-16: what takes no time is not elapsed; A ends with the week, M may wait until then."""
    plan = Plan().add("A", 5).add("M", kind=ActivityKind.FINISH_MILESTONE, is_elapsed=True)

    assert plan.schedule().days("total_float") == {"A": 0, "M": 5}


def test_deadline_lowers_float_and_moves_nothing() -> None:
    """SCH-14."""
    late = example().change("E", deadline=end_of(date(2026, 3, 11)))

    dated = late.schedule()
    unbound = late.schedule(ScheduleOptions(deadline_bounds_float=False))

    assert dated.positions("early_finish") == example().schedule().positions("early_finish")
    assert dated.days("total_float")["E"] == -1
    assert unbound.days("total_float")["E"] == 4


TYPES = {
    "start_floor": (2, 7),
    "finish_floor": (2, 7),
    "start_cap": (0, 2),
    "finish_cap": (0, 2),
    "must_start": (2, 2),
    "must_finish": (2, 2),
}
"""Early and late start by position where A of three days shall start on Wednesday or finish on Friday."""


def bound(name: str, **values: bool) -> Plan:
    """Return A with one constraint, beside B, which takes ten days."""
    day = at(date(2026, 3, 4)) if "start" in name else end_of(date(2026, 3, 6))
    return Plan().add("A", 3, **{name: day}, **values).add("B", 10)


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("hard_dates_win", [False, True])
def test_dated_constraint_bounds_its_side(name: str, *, hard_dates_win: bool) -> None:
    """Domain 5.4: what each type does forward and backward where nothing stands against it."""
    dated = bound(name).schedule(replace(PORTAL, hard_dates_win=hard_dates_win))

    assert (dated.positions("early_start")["A"], dated.positions("late_start")["A"]) == TYPES[name]


@pytest.mark.parametrize(
    ("name", "early", "hard"),
    [("start_cap", 4, 4), ("finish_cap", 4, 4), ("must_start", 4, 2), ("must_finish", 4, 2)],
)
def test_logic_wins_over_a_date_unless_hard_dates_do(name: str, early: int, hard: int) -> None:
    """SCH-13: P takes four days; A goes later and is two days late, or keeps MSO and MFO. P is late then."""
    plan = bound(name).add("P", 4).link("P", "A")

    soft, fixed = plan.schedule(), plan.schedule(replace(PORTAL, hard_dates_win=True))

    assert (soft.positions("early_start")["A"], soft.days("total_float")["A"]) == (early, -2)
    assert fixed.positions("early_start")["A"] == hard
    assert (soft.days("total_float")["P"], fixed.days("total_float")["P"]) == (-2, -2)


@pytest.mark.parametrize("name", ["must_start", "must_finish"])
def test_soft_dates_leave_later_bounds_to_others(name: str) -> None:
    """SCH-13: A finishes at position 5 by its date, where all shall be finished at 3."""
    plan = bound(name)
    plan.must_finish_by = end_of(date(2026, 3, 4))

    assert plan.schedule().days("total_float")["A"] == -2


def test_hard_dates_may_win() -> None:
    """SCH-13: with hard dates B keeps 4 March although A ends on 6 March."""
    plan = example().change("B", must_start=at(date(2026, 3, 4)))

    dated = plan.schedule(ScheduleOptions(hard_dates_win=True))

    assert dated.positions("early_start")["B"] == 2
    assert dated.result.driver[1] == Driver.CONSTRAINT


def test_must_finish_by_bounds_all_late_dates() -> None:
    """SCH-8: two days earlier than the plan ends."""
    plan = example()
    plan.must_finish_by = end_of(date(2026, 3, 16))

    dated = plan.schedule()

    assert dated.days("total_float") == {"A": -2, "B": -2, "C": 1, "D": -2, "E": 2, "F": -2}


def test_as_late_as_possible_takes_its_free_float() -> None:
    """Domain 5.4: C moves by its three days, and no successor with it."""
    plan = example().change("C", is_as_late_as_possible=True)

    dated = plan.schedule()

    assert dated.positions("early_start") == {"A": 0, "B": 5, "C": 5, "D": 8, "E": 6, "F": 12}
    assert dated.days("total_float")["C"] == 0


@pytest.mark.parametrize("name", ["deadline", "finish_cap"])
def test_as_late_as_possible_keeps_its_own_date(name: str) -> None:
    """SCH-17: free float never exceeds total float, so A waits until its date and no longer."""
    plan = Plan().add("A", 2, is_as_late_as_possible=True, **{name: end_of(date(2026, 3, 5))}).add("B", 10)

    dated = plan.schedule()

    assert dated.positions("early_finish") == {"A": 4, "B": 10}
    assert dated.days("total_float") == {"A": 0, "B": 0}


def test_as_late_as_possible_keeps_the_date_of_the_project() -> None:
    """SCH-8: two days before B ends."""
    plan = Plan().add("A", 2, is_as_late_as_possible=True).add("B", 10)
    plan.must_finish_by = end_of(date(2026, 3, 12))

    assert plan.schedule().days("total_float") == {"A": 0, "B": -2}


def test_fixed_dates_stay_whatever_the_constraint() -> None:
    """A task scheduled by hand is not moved as late as possible."""
    plan = Plan().add("A", 1, is_as_late_as_possible=True).add("B", 9)
    plan.change("A", fixed_start=START, fixed_finish=START + 540)

    dated = plan.schedule()

    assert dated.positions("early_finish")["A"] == 1
    assert dated.result.driver[0] == Driver.FIXED


def test_finished_work_keeps_its_actual_dates_over_those_given_by_hand() -> None:
    plan = Plan().add("A", 1)
    plan.change("A", fixed_start=at(date(2026, 3, 10)), fixed_finish=at(date(2026, 3, 11)), remaining=0)
    plan.change("A", actual_start=START, actual_finish=START + DAY)

    assert plan.schedule().instants("early_finish")["A"] == START + DAY


def test_start_milestone_as_late_as_possible_sits_where_work_starts() -> None:
    """SCH-3: its free float ends on Tuesday evening; it is shown on Wednesday morning, with B."""
    plan = Plan().add("M", kind=ActivityKind.START_MILESTONE, is_as_late_as_possible=True)
    plan.add("B", 1, start_floor=at(date(2026, 3, 4))).link("M", "B")

    assert plan.schedule().instants("early_start")["M"] == at(date(2026, 3, 4))


def test_elapsed_work_that_ends_on_the_weekend_is_not_late() -> None:
    """SCH-16: six days on the clock end on a Sunday, and so does the project."""
    plan = Plan().add("E", is_elapsed=True).change("E", duration=6 * MINUTES_PER_DAY)

    dated = plan.schedule()

    assert dated.days("total_float") == {"E": 0}
    assert dated.instants("late_finish") == dated.instants("early_finish")
    assert dated.flagged("is_critical") == {"E"}


def test_elapsed_work_starts_in_working_time_in_late_dates_too() -> None:
    """Two days until Tuesday morning would start on Sunday: the last minute of Friday has to do."""
    plan = Plan().add("A", 5).add("E", is_elapsed=True).add("B", 1).link("A", "B").link("E", "B")
    plan.change("E", duration=2 * MINUTES_PER_DAY)

    dated = plan.schedule()

    assert dated.instants("early_start")["B"] == at(date(2026, 3, 10))
    assert dated.instants("late_start")["E"] == instant_of(datetime(2026, 3, 6, 16, 59))
    assert dated.instants("late_finish")["E"] == instant_of(datetime(2026, 3, 8, 16, 59))


def test_every_link_that_holds_elapsed_work_is_driving() -> None:
    """SCH-19: A and B end on the evening before E starts; E is counted on the clock, but starts at work."""
    plan = Plan().add("A", 1).add("B", 1).add("E", 1, is_elapsed=True).link("A", "E").link("B", "E")

    assert plan.schedule().result.is_driving.tolist() == [True, True]


def test_link_that_ties_with_the_project_start_is_driving() -> None:
    """SCH-19: the milestone lets A begin at that very moment, and heads the longest path (SCH-18)."""
    plan = Plan().add("M", 0, kind=ActivityKind.START_MILESTONE).add("A", 3).add("N", 1).link("M", "A")

    dated = plan.schedule()

    assert dated.positions("early_start") == {"M": 0, "A": 0, "N": 0}
    assert dated.result.is_driving.tolist() == [True]
    assert dated.result.driver_link.tolist() == [-1, 0, -1]
    assert dated.result.driver.tolist() == [Driver.PROJECT_START, Driver.LINK, Driver.PROJECT_START]
    assert dated.result.is_longest_path.tolist() == [True, True, False]


def test_constraint_that_holds_begun_work_is_what_set_it() -> None:
    """SCH-19: the link asks for position 2, the finish date for 4; so the link drives nothing."""
    plan = Plan().add("P", 2).add("A", 3).link("P", "A")
    plan.change("A", actual_start=START, remaining=DAY, finish_floor=end_of(date(2026, 3, 6)))

    dated = plan.schedule()

    assert dated.positions("remaining_start")["A"] == 4
    assert (dated.result.driver[1], dated.result.driver_link[1]) == (Driver.CONSTRAINT, -1)
    assert not dated.result.is_driving[0]


def test_who_waits_for_late_dates_in_microsofts_way_is_driven_by_them() -> None:
    """B waits for the late finish of A, which wants to be late."""
    plan = Plan().add("A", 1, is_as_late_as_possible=True).add("B", 1).add("C", 9).link("A", "B")

    dated = plan.schedule(MICROSOFT)

    assert dated.positions("early_start")["B"] == 8
    assert dated.result.is_driving.tolist() == [True]


def test_level_of_effort_spans_and_drives_nothing() -> None:
    """SCH-11: from the earliest start, of A, to the latest finish, of D, without float, never critical."""
    plan = example().add("L", 1, kind=ActivityKind.LEVEL_OF_EFFORT)
    plan.link("A", "L", "SS").link("D", "L", "SS").link("D", "L", "FF").link("A", "L", "FF")

    dated = plan.schedule()

    assert dated.positions("early_start")["L"] == 0
    assert dated.positions("early_finish")["L"] == 12
    assert dated.days("total_float")["L"] is None
    assert "L" not in dated.flagged("is_critical")


def test_level_of_effort_holds_nobody() -> None:
    """SCH-11: X follows L, but waits for nothing, and A may move as if L were not there."""
    plan = Plan().add("A", 2).add("L", 1, kind=ActivityKind.LEVEL_OF_EFFORT).add("X", 1).add("B", 10)
    plan.link("A", "L", "SS").link("A", "L", "FF").link("L", "X")

    dated = plan.schedule()

    assert dated.positions("early_start")["X"] == 0
    assert dated.days("free_float") == {"A": 8, "L": None, "X": 9, "B": 0}
    assert dated.days("total_float") == {"A": 8, "L": None, "X": 9, "B": 0}


def test_level_of_effort_keeps_what_happened() -> None:
    """Begun on Tuesday it lasts until D ends; finished on Thursday it is over."""
    plan = example().add("L", 1, kind=ActivityKind.LEVEL_OF_EFFORT).link("D", "L", "FF")
    begun = plan.change("L", actual_start=at(date(2026, 3, 3)), remaining=0).schedule()
    over = plan.change("L", actual_finish=end_of(date(2026, 3, 5))).schedule()

    assert [dated.positions("early_start")["L"] for dated in (begun, over)] == [1, 1]
    assert [dated.positions("early_finish")["L"] for dated in (begun, over)] == [12, 4]


def test_level_of_effort_without_links_spans_the_project() -> None:
    """SCH-11, SCH-8: whatever it was planned to take, it does not set the end."""
    dated = example().add("L", 20, kind=ActivityKind.LEVEL_OF_EFFORT).schedule()

    assert dated.days("total_float")["D"] == 0
    assert (dated.positions("early_start")["L"], dated.positions("early_finish")["L"]) == (0, 12)


def test_finished_out_of_sequence_passes_the_hold_on() -> None:
    """SCH-24: B was finished before A; what follows B still waits for A."""
    plan = Plan().add("A", 5).add("B", 1).add("C", 1).link("A", "B").link("B", "C")
    plan.change("B", actual_start=START, actual_finish=START + DAY, remaining=0)

    dated = plan.schedule()

    assert dated.positions("early_start")["C"] == 5
    assert dated.result.is_out_of_sequence.tolist() == [True, False]


@pytest.mark.parametrize(
    ("kind", "lag", "is_violated"),
    [("FS", 0, False), ("FS", 1, True), ("SS", 1, False), ("SS", 2, True), ("FF", 1, False), ("FF", 2, True)],
)
def test_actual_dates_violate_a_link_with_its_lag(kind: str, lag: int, *, is_violated: bool) -> None:
    """SCH-26: A ran from position 0 to 1, B from 1 to 2."""
    plan = Plan().add("A", 1).add("B", 1).link("A", "B", kind, lag)
    plan.change("A", actual_start=START, actual_finish=end_of(date(2026, 3, 2)), remaining=0)
    plan.change("B", actual_start=at(date(2026, 3, 3)), actual_finish=end_of(date(2026, 3, 3)), remaining=0)

    assert plan.schedule().result.is_out_of_sequence.tolist() == [is_violated]


def test_critical_up_to_the_limit_chosen() -> None:
    """SCH-18: three days count as critical, C with them; E has four and is near-critical."""
    dated = example().schedule(ScheduleOptions(critical_limit=3 * DAY, near_critical_limit=4 * DAY))

    assert dated.flagged("is_critical") == {"A", "B", "C", "D", "F"}
    assert dated.flagged("is_near_critical") == {"E"}


@pytest.mark.parametrize("kind", ["SS", "SF"])
def test_start_of_started_predecessor_bounds_no_late_date(kind: str) -> None:
    """SCH-27: A has begun, so the link from its start says nothing about how late its work may end."""
    plan = Plan().add("A", 5).add("B", 1).add("C", 9).link("A", "B", kind).link("B", "C")
    plan.change("A", actual_start=START, remaining=5 * DAY)

    assert plan.schedule().days("total_float")["A"] == 5


def test_free_float_ends_where_begun_work_goes_on() -> None:
    """SCH-17: B began out of sequence and goes on at position 6; until then A may take its time."""
    plan = Plan().add("A", 2).add("B", 3).add("C", 10).link("A", "B")
    plan.change("B", actual_start=START, remaining=DAY, resume=at(date(2026, 3, 11)))

    assert plan.schedule().days("free_float")["A"] == 4


def test_resume_date_holds_remaining_work() -> None:
    """SCH-21."""
    plan = Plan().add("A", 5)
    plan.change("A", actual_start=START, remaining=2 * DAY, resume=at(date(2026, 3, 11)))

    dated = plan.schedule()

    assert dated.positions("remaining_start")["A"] == 6
    assert dated.result.driver[0] == Driver.RESUME


def test_assignments_decide_the_length_in_microsofts_way() -> None:
    """The finish is the latest of the assignments, each on its own calendar after its delay."""
    parts = (Part(calendar=0, work=2 * DAY), Part(calendar=0, work=DAY, delay=3 * DAY))
    network = network_of(
        [Activity(duration=2 * DAY, parts=parts)], [], [CALENDAR], start=START, options=MICROSOFT
    )

    found = compute_schedule(network, MICROSOFT)

    assert int(found.early_finish[0]) == instant_of(datetime(2026, 3, 5, 17))


def test_what_set_each_start_is_known() -> None:
    """SCH-19: project start, a link, a constraint."""
    plan = example().change("E", start_floor=at(date(2026, 3, 17)))

    found = plan.schedule().result

    assert found.driver.tolist() == [
        Driver.PROJECT_START,
        Driver.LINK,
        Driver.LINK,
        Driver.LINK,
        Driver.CONSTRAINT,
        Driver.LINK,
    ]
    assert found.driver_link.tolist() == [-1, 0, 1, 2, -1, 5]
    assert found.is_driving.tolist() == [True, True, True, False, False, True, True]


BEGUN = {"actual_start": START, "remaining": 3 * DAY}
START_DATES = ("start_floor", "start_cap", "must_start")
FINISH_DATES = ("finish_floor", "finish_cap", "must_finish")


def begun(**dates: int) -> Plan:
    """Return A, of five days, begun on Monday with three left on Wednesday evening, before B and beside C."""
    plan = Plan(start=at(date(2026, 3, 5))).add("A", 5, **BEGUN, **dates).add("B", 2).add("C", 8)
    return plan.link("A", "B")


def dates_of(plan: Plan) -> tuple[dict[str, float], dict[str, float], dict[str, float | None]]:
    dated = plan.schedule()
    return dated.positions("early_start"), dated.positions("early_finish"), dated.days("total_float")


@pytest.mark.parametrize("name", START_DATES)
@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 20)])
def test_start_constraint_of_a_started_task_has_no_effect(name: str, day: date) -> None:
    """SCH-15: A began on the first day, whatever date for its start was given before."""
    found = dates_of(begun(**{name: at(day)}))

    assert found == (
        {"A": 0, "B": 6, "C": 3},
        {"A": 6, "B": 8, "C": 11},
        {"A": 3, "B": 3, "C": 0},
    )
    assert found == dates_of(begun())


@pytest.mark.parametrize(
    ("name", "finish", "total_float"), [("finish_floor", 8, 1), ("finish_cap", 6, -1), ("must_finish", 8, 0)]
)
def test_finish_constraint_of_a_started_task_holds(name: str, finish: int, total_float: int) -> None:
    """SCH-15: only the start part is over. Dates: end of position 8 is Thursday 12 March, of 5 Friday 6."""
    day = date(2026, 3, 6) if name == "finish_cap" else date(2026, 3, 12)

    starts, finishes, floats = dates_of(begun(**{name: end_of(day)}))

    assert (starts["A"], finishes["A"], floats["A"]) == (0, finish, total_float)


@pytest.mark.parametrize("name", START_DATES + FINISH_DATES)
@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 3, 20)])
@pytest.mark.parametrize("hard_dates_win", [True, False])
def test_constraint_of_a_finished_task_has_no_effect(name: str, day: date, *, hard_dates_win: bool) -> None:
    """SCH-15: A ran from position 0 to 3; its successor follows the data date, nothing clashes."""
    finished = {"actual_start": START, "actual_finish": end_of(date(2026, 3, 4)), "remaining": 0}
    given = at(day) if name in START_DATES else end_of(day)
    plan = Plan(start=at(date(2026, 3, 5))).add("A", 3, **finished, **{name: given}).add("B", 2)

    dated = plan.link("A", "B").schedule(replace(PORTAL, hard_dates_win=hard_dates_win))

    assert dated.positions("early_start") == {"A": 0, "B": 3}
    assert dated.positions("early_finish") == {"A": 3, "B": 5}
    assert dated.days("total_float") == {"A": None, "B": 0}
