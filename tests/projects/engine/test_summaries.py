"""What summaries take from below: the worked table and its edges (SCH-30, SCH-31, SCH-33)."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from projects.engine.instants import NO_INSTANT
from projects.engine.summaries import OutlineRows, done_and_left, roll_up

pytestmark = pytest.mark.pure

DAY = 480


def numbers(*values: int | None) -> Any:
    """Return a column; None is missing."""
    return np.array([NO_INSTANT if value is None else value for value in values], dtype=np.int64)


def flags(*values: int) -> Any:
    """Return a column of flags."""
    return np.array(values, dtype=np.bool_)


def rows(parent: list[int], percent: list[int], **columns: Any) -> OutlineRows:
    """Return rows of one day each; a row that is somebody's parent is a summary."""
    size = len(parent)
    done, left = done_and_left(
        duration=np.full(size, DAY), remaining=np.full(size, -1), percent=np.array(percent)
    )
    missing = np.full(size, NO_INSTANT, dtype=np.int64)
    made = OutlineRows(
        parent=np.array(parent, dtype=np.int64),
        is_summary=np.isin(np.arange(size), parent),
        is_active=np.ones(size, dtype=np.bool_),
        is_milestone=np.zeros(size, dtype=np.bool_),
        is_reached=np.array(percent) == 10_000,
        starts=(missing,),
        finishes=(missing,),
        actual_start=missing,
        actual_finish=missing,
        done=done,
        left=left,
        hours=(np.zeros(size, dtype=np.int64),),
        total_float=missing,
        free_float=missing,
        is_critical=np.zeros(size, dtype=np.bool_),
    )
    return replace(made, **columns)


def test_percent_weighs_leaves_by_their_working_time() -> None:
    """SCH-31: 1 d at 50 %, 1 d at 0 %, 1 d at 10 % are 20 %, over two levels as over one."""
    flat = roll_up(rows([-1, 0, 0, 0], [0, 5000, 0, 1000]))
    nested = roll_up(rows([-1, 0, 1, 1, 0], [0, 0, 5000, 0, 1000]))

    assert (flat.percent[0], flat.left[0]) == (2000, 2.4 * DAY)
    assert (nested.percent[0], nested.percent[1]) == (2000, 2500)


def test_milestones_weigh_nothing_but_count_where_there_is_nothing_else() -> None:
    """SCH-31: one of two reached is 50 %; beside a task they do not count."""
    alone = rows([-1, 0, 0], [0, 10_000, 0], is_milestone=flags(0, 1, 1))
    beside = rows([-1, 0, 0], [0, 10_000, 1000], is_milestone=flags(0, 1, 0))

    assert roll_up(alone).percent[0] == 5000
    assert roll_up(beside).percent[0] == 1000


def test_dates_span_active_rows_and_finish_waits_for_all() -> None:
    """SCH-30: the inactive row does not count; the actual finish comes with the last one."""
    columns = {
        "is_active": flags(1, 1, 1, 0),
        "starts": (numbers(None, 20, 10, 1),),
        "finishes": (numbers(None, 30, 40, 99),),
        "actual_start": numbers(None, 20, 12, 1),
    }
    still_open = roll_up(rows([-1, 0, 0, 0], [0] * 4, actual_finish=numbers(None, 30, None, 99), **columns))
    finished = roll_up(rows([-1, 0, 0, 0], [0] * 4, actual_finish=numbers(None, 30, 41, 99), **columns))

    assert (still_open.starts[0][0], still_open.finishes[0][0]) == (10, 40)
    assert (still_open.actual_start[0], still_open.actual_finish[0]) == (12, NO_INSTANT)
    assert finished.actual_finish[0] == 41


def test_float_is_the_smallest_below_and_criticality_any() -> None:
    """SCH-33; a finished row has no float and says nothing."""
    found = roll_up(
        rows(
            [-1, 0, 0, 0],
            [0] * 4,
            total_float=numbers(None, 5, None, -2),
            free_float=numbers(None, 3, None, 0),
            is_critical=flags(0, 0, 0, 1),
        )
    )

    assert (found.total_float[0], found.free_float[0], bool(found.is_critical[0])) == (-2, 0, True)


def test_summary_without_active_rows_is_open_and_empty() -> None:
    """Nothing below says that it is finished, nor when it is."""
    found = roll_up(rows([-1, 0, 0], [0, 10_000, 0], is_active=flags(1, 0, 0)))

    assert (found.percent[0], found.actual_finish[0], found.starts[0][0]) == (0, NO_INSTANT, NO_INSTANT)
    assert found.total_float[0] == NO_INSTANT


def test_hours_are_summed_over_all_levels() -> None:
    """SCH-30: hundredths of hours, summaries' own columns are not counted twice."""
    found = roll_up(rows([-1, 0, 1, 1, 0], [0] * 5, hours=(numbers(99, 99, 150, 250, 75),)))

    assert found.hours[0].tolist()[:2] == [475, 400]
