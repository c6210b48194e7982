"""Effort rules of domain 5.8, as the table of docs/algorithms/effort.md prints them (SCH-34)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from projects.engine.effort import (
    RECALCULATED,
    Effort,
    EffortError,
    EffortType,
    Quantity,
    Staffing,
    add_person,
    change_duration,
    change_total_work,
    change_units,
    change_work,
    remove_person,
)

pytestmark = pytest.mark.pure

HOUR = 60
DAY = 480
FULL = Decimal(1)
HALF = Decimal("0.5")


def staffed(kind: EffortType, *people: tuple[int, Decimal], days: int = 5, driven: bool = False) -> Staffing:
    """Return a task of so many days with people by hours of work and units."""
    efforts = tuple(Effort(Decimal(hours * HOUR), units) for hours, units in people)
    return Staffing(kind, driven, days * DAY, efforts)


def shown(found: Staffing) -> tuple[Decimal, list[tuple[Decimal, Decimal]]]:
    """Return days, and hours and units of each person."""
    return (
        Decimal(found.duration) / DAY,
        [(effort.work / HOUR, effort.units) for effort in found.efforts],
    )


@pytest.mark.parametrize(
    ("kind", "work", "duration", "units"),
    [
        ("FIXED_UNITS", (10, 80, 1), (10, 80, 1), (10, 40, 0.5)),
        ("FIXED_WORK", (10, 80, 1), (10, 40, 0.5), (10, 40, 0.5)),
        ("FIXED_DURATION", (5, 80, 2), (10, 80, 1), (5, 20, 0.5)),
    ],
)
def test_table_of_what_is_recalculated(
    kind: str, work: tuple[float, ...], duration: tuple[float, ...], units: tuple[float, ...]
) -> None:
    """Ann works 5 days, 40 hours at 100 %; then 80 hours, or 10 days, or 50 %."""
    task = staffed(EffortType(kind), (40, FULL))
    found = (
        change_work(task, 0, Decimal(80 * HOUR)),
        change_duration(task, 10 * DAY),
        change_units(task, 0, HALF),
    )

    for staffing, (days, hours, share) in zip(found, (work, duration, units), strict=True):
        assert shown(staffing) == (days, [(hours, share)])


def test_every_pair_of_type_and_change_has_one_answer() -> None:
    assert set(RECALCULATED) == {(kind, value) for kind in EffortType for value in Quantity}
    assert all(changed is not follows for (_kind, changed), follows in RECALCULATED.items())


@pytest.mark.parametrize(
    ("kind", "days", "people"),
    [
        ("FIXED_UNITS", Decimal("2.5"), [(20, 1), (20, 1)]),
        ("FIXED_WORK", Decimal("2.5"), [(20, 1), (20, 1)]),
        ("FIXED_DURATION", 5, [(20, 0.5), (20, 0.5)]),
    ],
)
def test_person_joins_an_effort_driven_task(
    kind: str, days: Decimal, people: list[tuple[int, float]]
) -> None:
    """SCH-34: total work stays 40 hours, split by units."""
    task = staffed(EffortType(kind), (40, FULL), driven=True)

    assert shown(add_person(task, FULL)) == (days, people)


def test_work_is_split_by_units() -> None:
    """SCH-34: 30 hours are 20 for one at 100 % and 10 for one at 50 %."""
    task = staffed(EffortType.FIXED_UNITS, (30, FULL), driven=True)

    assert shown(add_person(task, HALF)) == (Decimal("2.5"), [(20, 1), (10, Decimal("0.5"))])


@pytest.mark.parametrize("kind", ["FIXED_UNITS", "FIXED_DURATION"])
def test_person_who_joins_another_task_adds_work(kind: str) -> None:
    """SCH-34"""
    task = staffed(EffortType(kind), (40, FULL))

    assert shown(add_person(task, HALF)) == (5, [(40, 1), (20, HALF)])


def test_fixed_work_stays_fixed_when_somebody_joins() -> None:
    task = staffed(EffortType.FIXED_WORK, (40, FULL), driven=False)

    assert shown(add_person(task, FULL)) == (Decimal("2.5"), [(20, 1), (20, 1)])


def test_first_person_takes_the_work_of_the_task() -> None:
    task = Staffing(EffortType.FIXED_UNITS, True, 5 * DAY, unassigned=Decimal(16 * HOUR))

    found = add_person(task, FULL)

    assert (shown(found), found.unassigned) == ((2, [(16, 1)]), 0)
    assert shown(add_person(replace(task, unassigned=Decimal(0)), HALF)) == (5, [(20, HALF)])


def test_others_take_over_the_work_of_who_leaves() -> None:
    task = staffed(EffortType.FIXED_UNITS, (20, FULL), (20, FULL), driven=True)

    assert shown(remove_person(replace(task, duration=1200), 0)) == (5, [(40, 1)])


def test_work_leaves_with_the_person() -> None:
    """The task lasts as long as those who stay; a fixed duration stays."""
    people = ((40, FULL), (16, FULL))

    assert shown(remove_person(staffed(EffortType.FIXED_UNITS, *people), 0)) == (2, [(16, 1)])
    assert shown(remove_person(staffed(EffortType.FIXED_DURATION, *people), 0)) == (5, [(16, 1)])


def test_work_stays_with_the_task_when_the_last_one_leaves() -> None:
    driven = remove_person(staffed(EffortType.FIXED_UNITS, (40, FULL), driven=True), 0)
    other = remove_person(staffed(EffortType.FIXED_UNITS, (40, FULL)), 0)

    assert (driven.work, driven.duration, other.work, other.duration) == (2400, 5 * DAY, 0, 5 * DAY)


def test_duration_is_that_of_the_one_who_needs_longest() -> None:
    task = staffed(EffortType.FIXED_UNITS, (40, FULL), (16, FULL))

    assert shown(change_work(task, 1, Decimal(48 * HOUR))) == (6, [(40, 1), (48, 1)])
    assert shown(change_work(task, 1, Decimal(8 * HOUR))) == (5, [(40, 1), (8, 1)])


def test_who_works_a_part_of_the_task_keeps_that_part() -> None:
    task = staffed(EffortType.FIXED_UNITS, (40, FULL), (16, FULL))

    assert shown(change_duration(task, 10 * DAY)) == (10, [(80, 1), (32, 1)])


def test_total_work_is_shared_as_before() -> None:
    task = staffed(EffortType.FIXED_UNITS, (40, FULL), (16, FULL))

    assert shown(change_total_work(task, Decimal(112 * HOUR))) == (10, [(80, 1), (32, 1)])
    assert shown(change_total_work(staffed(EffortType.FIXED_DURATION, (0, FULL)), Decimal(20 * HOUR))) == (
        5,
        [(20, HALF)],
    )


def test_work_without_anybody_to_do_it_is_refused() -> None:
    nobody = staffed(EffortType.FIXED_UNITS, (40, FULL))

    with pytest.raises(EffortError, match="NO_UNITS"):
        change_units(nobody, 0, Decimal(0))
    with pytest.raises(EffortError, match="NO_DURATION"):
        change_work(staffed(EffortType.FIXED_DURATION, (0, FULL), days=0), 0, Decimal(60))
    with pytest.raises(EffortError, match="NO_DURATION"):
        change_duration(staffed(EffortType.FIXED_WORK, (40, FULL)), 0)
