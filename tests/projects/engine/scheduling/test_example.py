"""EX-SCH: the worked schedule of the specification with its variants (domain 5.10)."""

from datetime import date
from typing import Any

import pytest

from projects.engine.instants import NO_INSTANT, finish_day, start_day
from projects.engine.scheduling.options import PORTAL, ProgressMode, ScheduleOptions
from tests.projects.engine.scheduling.plans import DAY, Plan, at, end_of, example

pytestmark = pytest.mark.pure

NAMES = "ABCDEF"


def by_name(*values: Any) -> dict[str, Any]:
    return dict(zip(NAMES, values, strict=True))


def test_dates_and_float_of_the_example() -> None:
    """EX-SCH, SCH-7, SCH-8, SCH-16, SCH-17."""
    dated = example().schedule()

    assert dated.positions("early_start") == by_name(0, 5, 2, 8, 6, 12)
    assert dated.positions("early_finish") == by_name(5, 8, 8, 12, 8, 12)
    assert dated.positions("late_start") == by_name(0, 5, 5, 8, 10, 12)
    assert dated.positions("late_finish") == by_name(5, 8, 11, 12, 12, 12)
    assert dated.days("total_float") == by_name(0, 0, 3, 0, 4, 0)
    assert dated.days("free_float") == by_name(0, 0, 3, 0, 4, 0)


def test_days_shown_of_the_example() -> None:
    """EX-SCH, SCH-1, SCH-3: a start on the day it begins, a finish on the last day of work."""
    dated = example().schedule()
    starts, finishes = dated.instants("early_start"), dated.instants("early_finish")

    assert {name: start_day(starts[name]) for name in "ABCDE"} == {
        "A": date(2026, 3, 2),
        "B": date(2026, 3, 10),
        "C": date(2026, 3, 4),
        "D": date(2026, 3, 13),
        "E": date(2026, 3, 11),
    }
    assert {name: finish_day(finishes[name]) for name in NAMES} == by_name(
        date(2026, 3, 6),
        date(2026, 3, 12),
        date(2026, 3, 12),
        date(2026, 3, 18),
        date(2026, 3, 12),
        date(2026, 3, 18),
    )


def test_critical_and_longest_path_of_the_example() -> None:
    """EX-SCH, SCH-18: three and four days are near-critical, the chain A-B-D-F sets the finish."""
    dated = example().schedule()

    assert dated.flagged("is_critical") == set("ABDF")
    assert dated.flagged("is_near_critical") == set("CE")
    assert dated.flagged("is_longest_path") == set("ABDF")


def test_finish_not_later_than_lowers_float() -> None:
    """EX-SCH variant 1, SCH-13."""
    dated = example().change("D", finish_cap=end_of(date(2026, 3, 17))).schedule()

    assert dated.days("total_float") == by_name(-1, -1, 2, -1, 4, 0)
    assert finish_day(dated.instants("early_finish")["F"]) == date(2026, 3, 18)
    assert dated.days("free_float")["C"] == 2


def test_must_start_on_moves_right() -> None:
    """EX-SCH variant 2."""
    dated = example().change("B", must_start=at(date(2026, 3, 16))).schedule()

    assert start_day(dated.instants("early_start")["B"]) == date(2026, 3, 16)
    assert finish_day(dated.instants("early_finish")["F"]) == date(2026, 3, 24)
    assert {name: dated.days("total_float")[name] for name in "ABCE"} == {"A": 4, "B": 0, "C": 7, "E": 4}


def test_impossible_must_start_on_leaves_dates() -> None:
    """EX-SCH variant 3, SCH-13: logic is not broken, float turns negative."""
    dated = example().change("B", must_start=at(date(2026, 3, 4))).schedule()

    assert dated.positions("early_start") == by_name(0, 5, 2, 8, 6, 12)
    assert dated.days("total_float")["A"] == -3
    assert dated.days("total_float")["B"] == -3


def progressed() -> Plan:
    """EX-SCH with data date Thursday 5 March: A, B and C have begun, B out of sequence."""
    plan = example()
    plan.change("A", actual_start=at(date(2026, 3, 2)), remaining=2 * DAY)
    plan.change("B", actual_start=at(date(2026, 3, 5)), remaining=2 * DAY)
    plan.change("C", actual_start=at(date(2026, 3, 4)), remaining=4 * DAY)
    plan.start = at(date(2026, 3, 6))
    return plan


def shown(dated: Any, name: str) -> tuple[date, date]:
    start = dated.instants("remaining_start")[name]
    return start_day(start), finish_day(dated.instants("early_finish")[name])


def test_progress_under_retained_logic() -> None:
    """EX-SCH progress, SCH-21, SCH-24."""
    dated = progressed().schedule()

    assert finish_day(dated.instants("early_finish")["A"]) == date(2026, 3, 10)
    assert shown(dated, "B") == (date(2026, 3, 11), date(2026, 3, 12))
    assert finish_day(dated.instants("early_finish")["C"]) == date(2026, 3, 12)
    assert shown(dated, "D") == (date(2026, 3, 13), date(2026, 3, 18))
    assert shown(dated, "E") == (date(2026, 3, 11), date(2026, 3, 12))
    assert finish_day(dated.instants("early_finish")["F"]) == date(2026, 3, 18)
    assert {name: dated.days("total_float")[name] for name in "ABCDE"} == {
        "A": 0,
        "B": 0,
        "C": 3,
        "D": 0,
        "E": 4,
    }


def test_progress_under_override() -> None:
    """EX-SCH progress, SCH-25."""
    options = ScheduleOptions(progress_mode=ProgressMode.PROGRESS_OVERRIDE)
    dated = progressed().schedule(options)

    assert shown(dated, "B") == (date(2026, 3, 6), date(2026, 3, 10))
    assert shown(dated, "D") == (date(2026, 3, 11), date(2026, 3, 16))
    assert shown(dated, "E") == (date(2026, 3, 6), date(2026, 3, 10))
    assert finish_day(dated.instants("early_finish")["F"]) == date(2026, 3, 16)
    assert {name: dated.days("total_float")[name] for name in "ABCDE"} == {
        "A": 4,
        "B": 0,
        "C": 1,
        "D": 0,
        "E": 4,
    }


@pytest.mark.parametrize("options", [PORTAL, ScheduleOptions(progress_mode=ProgressMode.PROGRESS_OVERRIDE)])
def test_links_violated_by_actuals_are_listed(options: ScheduleOptions) -> None:
    """EX-SCH progress, SCH-26: B began before A was done; C began two days after A as it must."""
    dated = progressed().schedule(options)

    assert dated.result.is_out_of_sequence.tolist() == [True, False, False, False, False, False, False]


def test_actual_start_stays_in_view() -> None:
    """SCH-21: the early start of what has begun is its actual start."""
    dated = progressed().schedule()

    assert start_day(dated.instants("early_start")["B"]) == date(2026, 3, 5)


def test_finished_work_has_no_float() -> None:
    """SCH-16: undefined, not zero."""
    plan = progressed().change(
        "A", remaining=0, actual_start=at(date(2026, 3, 2)), actual_finish=end_of(date(2026, 3, 5))
    )

    dated = plan.schedule()

    assert dated.days("total_float")["A"] is None
    assert dated.days("free_float")["A"] is None
    assert dated.instants("total_float")["A"] == NO_INSTANT
    assert "A" not in dated.flagged("is_critical")
