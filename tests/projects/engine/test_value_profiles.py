"""Techniques with their details in a chunk: EX-CST-2, curves, steps, apportioned chains (CST-7, CST-8)."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from projects.engine.instants import end_of_day, instant_of
from projects.engine.interruptions import Stretch
from projects.engine.measures import measure_projects
from projects.engine.project_arrays import UNKNOWN, ProjectArrays, TaskKind, Technique
from projects.engine.time_phasing import Curve
from projects.engine.value_profiles import PlannedShare, ValueProfile, cumulative_steps, falls
from projects.engine.value_report import row_values
from tests.projects.engine.chunks import ProjectFacts, TaskFacts, chunk_of

SPAN = {"start": "2026-03-02T08:00", "finish": "2026-03-13T17:00", "budget": "100"}
STARTED = {**SPAN, "actual_start": "2026-03-02T08:00"}
THURSDAY = date(2026, 3, 5)
"""Four of ten working days are over: x = 0.4."""


def chunk_with(
    *tasks: TaskFacts, profiles: dict[int, ValueProfile], quantities: dict[int, Decimal] | None = None
) -> ProjectArrays:
    chunk = chunk_of(ProjectFacts(tasks, data_date=THURSDAY))
    return replace(chunk, profiles=profiles, quantities=quantities or {})


def pv_and_ev(chunk: ProjectArrays) -> list[tuple[Decimal, Decimal]]:
    return [(row.pv, row.ev) for row in row_values(chunk)]


def test_ex_cst_2_with_details() -> None:
    """EX-CST-2: eight tasks of 100 each with what they count; EV 370 together."""
    days = [end_of_day(date(2026, 3, day)) for day in (3, 5, 13)]
    weights = [Fraction(30, 100), Fraction(30, 100), Fraction(40, 100)]
    chunk = chunk_with(
        TaskFacts(**STARTED, technique=Technique.FIXED_0_100),
        TaskFacts(**STARTED, technique=Technique.FIXED_50_50),
        TaskFacts(**STARTED, physical="60"),
        TaskFacts(**STARTED, technique=Technique.WEIGHTED_MILESTONES, physical="60"),
        TaskFacts(**STARTED, technique=Technique.UNITS),
        TaskFacts(**STARTED, technique=Technique.AGILE_POINTS),
        TaskFacts(**STARTED, technique=Technique.LEVEL_OF_EFFORT),
        TaskFacts(**STARTED, technique=Technique.APPORTIONED),
        profiles={
            3: ValueProfile(steps=cumulative_steps(list(zip(days, weights, strict=True)))),
            4: ValueProfile(planned_quantity=Decimal(10)),
            5: ValueProfile(
                planned_quantity=Decimal(100), steps=cumulative_steps([(days[1], Fraction(45, 100))])
            ),
            7: ValueProfile(base_task=2),
        },
        quantities={4: Decimal(7), 5: Decimal(30)},
    )

    measured = measure_projects(chunk, as_of=THURSDAY)[0]

    assert pv_and_ev(chunk) == [(0, 0), (50, 50), (40, 60), (60, 60), (40, 70), (45, 30), (40, 40), (40, 60)]
    assert measured.value.ev.value == 370
    assert [row.x for row in row_values(chunk)] == [Fraction(2, 5)] * 8


@pytest.mark.parametrize(
    ("curve", "planned"),
    [(Curve.LINEAR, "40"), (Curve.FRONT, "64"), (Curve.BACK, "16"), (Curve.BELL, "35.2")],
)
def test_curves_phase_the_budget(curve: Curve, planned: str) -> None:
    """EX-CST-2, CST-7: curves at x = 0.4."""
    chunk = chunk_with(TaskFacts(**STARTED, physical="10"), profiles={0: ValueProfile(curve=curve)})

    assert pv_and_ev(chunk) == [(Decimal(planned), 10)]


@pytest.mark.parametrize(
    ("day", "planned"),
    [(1, "0"), (3, "10"), (6, "25"), (10, "47.5"), (13, "100"), (20, "100")],
)
def test_manual_curve_rises_with_working_time_between_its_corners(day: int, planned: str) -> None:
    """CST-7: manual per period; 25 % by Friday the 6th, 70 % by Thursday the 12th."""
    corners = (PlannedShare(end_of_day(date(2026, 3, 6)), Fraction(1, 4)),
               PlannedShare(end_of_day(date(2026, 3, 12)), Fraction(7, 10)))  # fmt: skip
    chunk = chunk_of(ProjectFacts([TaskFacts(**SPAN)], data_date=date(2026, 3, day)))
    chunk = replace(chunk, profiles={0: ValueProfile(steps=corners, is_gradual=True)})

    (row,) = row_values(chunk)

    assert row.pv == Decimal(planned)


STRETCHES = tuple(
    Stretch(*(instant_of(datetime(2026, 3, day, hour)) for day, hour in ends))
    for ends in (((2, 8), (3, 17)), ((9, 8), (9, 17)), ((11, 8), (12, 17)))
)
"""Two, one and two days of work: from Monday 2 to Thursday 12."""
CORNERS = (PlannedShare(end_of_day(date(2026, 3, 6)), Fraction(1, 2)),)


@pytest.mark.parametrize(
    ("technique", "profile", "planned"),
    [
        (Technique.PERCENT_COMPLETE, ValueProfile(), "20 40 40 40 60 60 80 100"),
        (Technique.LEVEL_OF_EFFORT, ValueProfile(), "20 40 40 40 60 60 80 100"),
        (Technique.PERCENT_COMPLETE, ValueProfile(curve=Curve.FRONT), "36 64 64 64 84 84 96 100"),
        (Technique.FIXED_0_100, ValueProfile(), "0 0 0 0 0 0 0 100"),
        (Technique.FIXED_50_50, ValueProfile(), "50 50 50 50 50 50 50 100"),
        (
            Technique.PERCENT_COMPLETE,
            ValueProfile(steps=CORNERS, is_gradual=True),
            "25 50 50 50 66.67 66.67 83.33 100",
        ),
    ],
)
def test_nothing_is_planned_in_the_rests_of_interrupted_work(
    technique: Technique, profile: ValueProfile, planned: str
) -> None:
    """Domain 6.3, CST-7: planned value grows in worked stretches only, and not at all where it jumps."""
    row = TaskFacts("2026-03-02T08:00", "2026-03-12T17:00", "100", technique=technique)
    found = []

    for day in (2, 3, 4, 6, 9, 10, 11, 12):
        chunk = chunk_of(ProjectFacts([row], data_date=date(2026, 3, day)))
        chunk = replace(chunk, profiles={0: replace(profile, stretches=STRETCHES)})
        found += [value.pv for value in row_values(chunk)]

    assert found == [Decimal(share) for share in planned.split()]


def test_apportioned_task_pauses_with_its_base() -> None:
    base = TaskFacts("2026-03-02T08:00", "2026-03-12T17:00", "100")
    chunk = chunk_of(
        ProjectFacts([base, replace(base, technique=Technique.APPORTIONED)], data_date=date(2026, 3, 6))
    )
    chunk = replace(chunk, profiles={0: ValueProfile(stretches=STRETCHES), 1: ValueProfile(base_task=0)})

    assert [row.pv for row in row_values(chunk)] == [40, 40]


def test_split_takes_the_share_of_the_profile_at_the_start() -> None:
    """Domain 6.3: a/b with 25 % at the start, in plan and earning."""
    chunk = chunk_with(
        TaskFacts(**STARTED, technique=Technique.FIXED_50_50),
        profiles={0: ValueProfile(start_share=Fraction(1, 4))},
    )

    assert pv_and_ev(chunk) == [(25, 25)]


def test_split_earns_nothing_before_its_start_and_half_a_cent_is_rounded_up() -> None:
    """Domain 6.3: not begun, 0; 50 % of 1.01 is 0.51, whether or not the row says more than its dates."""
    odd = {**STARTED, "budget": "1.01", "technique": Technique.FIXED_50_50}
    waiting = {**SPAN, "technique": Technique.FIXED_50_50}
    chunk = chunk_with(
        *(TaskFacts(**odd), TaskFacts(**odd), TaskFacts(**waiting), TaskFacts(**waiting)),
        profiles={1: ValueProfile(), 3: ValueProfile()},
    )

    half = (Decimal("0.51"), Decimal("0.51"))
    assert pv_and_ev(chunk) == [half, half, (50, 0), (50, 0)]


def test_kind_of_task_comes_before_a_technique() -> None:
    """CST-9: a milestone earns when it is reached, level of effort what is planned, whatever is said else."""
    chunk = chunk_with(
        TaskFacts(**STARTED, kind=TaskKind.FINISH_MILESTONE, physical="50"),
        TaskFacts(**STARTED, kind=TaskKind.LEVEL_OF_EFFORT, physical="90"),
        profiles={1: ValueProfile(technique=Technique.FIXED_0_100)},
    )

    assert pv_and_ev(chunk) == [(0, 0), (40, 40)]


def test_manual_curve_begins_at_nothing_and_ends_at_all() -> None:
    """CST-7: corners at the start and the finish of the task say nothing; 4 of 10 days are over."""
    corners = (
        PlannedShare(instant_of(datetime.fromisoformat(SPAN["start"])), Fraction(1, 2)),
        PlannedShare(instant_of(datetime.fromisoformat(SPAN["finish"])), Fraction(3, 4)),
    )
    chunk = chunk_with(TaskFacts(**STARTED), profiles={0: ValueProfile(steps=corners, is_gradual=True)})

    assert pv_and_ev(chunk)[0][0] == 40


def test_what_ends_as_the_data_date_does_is_planned_and_what_starts_then_is_not() -> None:
    """CST-7: the data date ends at midnight, where one shift ends and the next one begins."""
    ending = {**SPAN, "finish": "2026-03-06T00:00"}
    starting = {**SPAN, "start": "2026-03-06T00:00", "technique": Technique.FIXED_50_50}
    chunk = chunk_with(
        *(TaskFacts(**ending), TaskFacts(**ending, technique=Technique.FIXED_50_50)),
        *(TaskFacts(**starting), TaskFacts(**starting)),
        profiles={3: ValueProfile(start_share=Fraction(1, 4))},
    )

    assert [pv for pv, _ in pv_and_ev(chunk)] == [100, 100, 0, 0]


def test_apportioned_tasks_follow_their_base_through_a_chain() -> None:
    """Domain 6.3: the base task's EV % and PV %, also when the base is apportioned itself."""
    chunk = chunk_with(
        TaskFacts(**STARTED, technique=Technique.APPORTIONED),
        TaskFacts(**STARTED, technique=Technique.APPORTIONED),
        TaskFacts(**{**STARTED, "budget": "7"}, physical="60"),
        profiles={
            0: ValueProfile(base_task=1),
            1: ValueProfile(base_task=2),
            2: ValueProfile(curve=Curve.FRONT),
        },
    )

    assert pv_and_ev(chunk) == [(64, 60), (64, 60), (Decimal("4.48"), Decimal("4.2"))]


def test_apportioned_task_without_its_base_earns_nothing_and_says_so() -> None:
    """CON-4: a base that is gone, and a ring, leave the row undefined and out of the sums."""
    chunk = chunk_with(
        TaskFacts(**STARTED, technique=Technique.APPORTIONED, physical="50"),
        TaskFacts(**STARTED, technique=Technique.APPORTIONED, physical="50"),
        TaskFacts(**STARTED, technique=Technique.APPORTIONED, physical="50"),
        profiles={
            0: ValueProfile(base_task=UNKNOWN),
            1: ValueProfile(base_task=2),
            2: ValueProfile(base_task=1),
        },
    )

    rows = row_values(chunk)

    assert [(row.pv, row.ev, row.earned, row.lacks_base) for row in rows] == [(0, 0, None, True)] * 3


def test_units_are_counted_exactly_and_never_above_the_budget() -> None:
    """CST-8: a third of a budget is 33.33; more than planned earns the budget."""
    tasks = [TaskFacts(**STARTED, technique=Technique.UNITS) for _ in range(2)]
    profile = ValueProfile(planned_quantity=Decimal(3))
    chunk = chunk_with(*tasks, profiles={0: profile, 1: profile}, quantities={0: Decimal(1), 1: Decimal(4)})

    assert [ev for _, ev in pv_and_ev(chunk)] == [Decimal("33.33"), 100]


def test_units_without_a_planned_number_earn_by_their_percentage() -> None:
    """Domain 6.3: 4 units of nobody knows how many say nothing."""
    chunk = chunk_with(
        TaskFacts(**STARTED, technique=Technique.UNITS, physical="25"),
        profiles={0: ValueProfile()},
        quantities={0: Decimal(4)},
    )

    assert [ev for _, ev in pv_and_ev(chunk)] == [25]


def test_curve_that_rests_does_not_fall() -> None:
    """CST-7: cumulative shares may stay as they are."""
    half, less = Fraction(1, 2), Fraction(1, 3)

    assert not falls([PlannedShare(1, half), PlannedShare(2, half)])
    assert falls([PlannedShare(1, half), PlannedShare(2, less)])


def test_frozen_technique_comes_before_the_one_of_the_task() -> None:
    """CST-10, CST-12: the baseline keeps the technique it was approved with."""
    chunk = chunk_with(
        TaskFacts(**STARTED, technique=Technique.PERCENT_COMPLETE, physical="60"),
        profiles={0: ValueProfile(technique=Technique.FIXED_0_100)},
    )

    assert pv_and_ev(chunk) == [(0, 0)]
