"""Two versions of a plan beside each other."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from projects.engine.plan_comparison import ItemChange, PlanItem, compare_plans


def working_days(first: date, second: date) -> int:
    return int(np.busday_count(first, second))


def item(uid: int, **facts: Any) -> PlanItem:
    usual: dict[str, Any] = {
        "uid": uid,
        "name": f"Task {uid}",
        "is_milestone": False,
        "is_key_milestone": False,
        "start": date(2026, 3, 2),
        "finish": date(2026, 3, 6),
        "duration": 2400,
        "total_float": 0,
        "budget": Decimal(100),
    }
    return PlanItem(**(usual | facts))


def test_each_leaf_is_compared_and_those_of_one_version_are_named() -> None:
    """SCH-37: Friday 6 to Tuesday 10 March is two working days late; 3 is new, 2 was removed."""
    before = {1: item(1), 2: item(2, finish=date(2026, 3, 13))}
    later = item(1, start=date(2026, 3, 3), finish=date(2026, 3, 10), duration=2880, budget=Decimal(150))
    after = {1: later, 3: item(3)}

    found = compare_plans(before, after, working_days=working_days)

    assert found.changes == (
        ItemChange(1, before[1], later, start_wd=1, finish_wd=2, duration=480, cost=Decimal(50)),
        ItemChange(3, None, after[3]),
        ItemChange(2, before[2], None),
    )
    assert (found.added, found.removed) == (found.changes[1:2], found.changes[2:])
    assert (found.finish_before, found.finish_after) == (date(2026, 3, 13), date(2026, 3, 10))
    assert (found.finish_wd, found.cost) == (-3, Decimal(50))
    assert [change.is_changed for change in found.changes] == [True, True, True]


def test_equal_versions_show_no_change() -> None:
    found = compare_plans({1: item(1)}, {1: item(1, total_float=480)}, working_days=working_days)

    assert [change.is_changed for change in found.changes] == [False]
    assert (found.finish_wd, found.cost) == (0, Decimal(0))


def test_new_name_is_a_change() -> None:
    found = compare_plans({1: item(1)}, {1: item(1, name="Trench")}, working_days=working_days)

    assert found.changes[0].is_changed
    assert found.changes[0].name == "Trench"


def test_dates_that_are_missing_leave_the_difference_undefined() -> None:
    found = compare_plans({1: item(1, start=None, finish=None)}, {1: item(1)}, working_days=working_days)

    assert (found.changes[0].start_wd, found.changes[0].finish_wd, found.finish_wd) == (None, None, None)
