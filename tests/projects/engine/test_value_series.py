"""Planned, earned and spent day by day: EX-EVM, new baselines, reopening (CST-7, CST-11, CST-12)."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pytest

from projects.engine.instants import end_of_day, instants_array
from projects.engine.project_arrays import UNKNOWN, ProjectArrays, Technique
from projects.engine.value_profiles import ValueProfile
from projects.engine.value_series import BaselineFrame, DatedProgress, ValuePoint, value_series
from tests.projects.engine.chunks import ProjectFacts, TaskFacts, chunk_of
from tests.projects.engine.test_measures import END_OF_MARCH, EX_EVM

MONTH_ENDS = [date(2026, 1, 31), date(2026, 2, 28), END_OF_MARCH, date(2026, 4, 30), date(2026, 5, 31),
              date(2026, 6, 30)]  # fmt: skip
SPENT = [(date(2026, 1, 31), 1_100_000), (date(2026, 2, 28), 1_500_000), (END_OF_MARCH, 1_600_000)]


def entries(*rows: tuple[date, int, str, str | None, int]) -> DatedProgress:
    """Entries as (data date, task, actual start, actual finish, hundredths of a percent)."""

    def instants(texts: list[str | None]) -> np.ndarray:
        return instants_array([None if text is None else datetime.fromisoformat(text) for text in texts])

    return DatedProgress(
        task=np.array([row[1] for row in rows], dtype=np.int64),
        day_end=np.array([end_of_day(row[0]) for row in rows], dtype=np.int64),
        actual_start=instants([row[2] for row in rows]),
        actual_finish=instants([row[3] for row in rows]),
        percent_complete=np.full(len(rows), UNKNOWN, dtype=np.int64),
        percent_physical=np.array([row[4] for row in rows], dtype=np.int64),
    )


def frame(chunk: ProjectArrays, day: date = date(2026, 1, 1)) -> BaselineFrame:
    return BaselineFrame(day, chunk.baseline, chunk.profiles)


def amounts(points: list[ValuePoint]) -> list[tuple[Decimal, Decimal | None, Decimal | None]]:
    return [(point.pv, point.ev, point.ac) for point in points]


def test_series_of_ex_evm() -> None:
    """EX-EVM: cumulative PV 10, 25, 45, 70, 90, 100; EV 37 and AC 42 at the end of month 3."""
    chunk = chunk_of(EX_EVM)
    january = "2026-01-01T08:00"
    progress = entries(
        (MONTH_ENDS[0], 0, january, "2026-01-30T17:00", 10_000),
        (MONTH_ENDS[1], 1, "2026-02-02T08:00", None, 9_000),
        (MONTH_ENDS[2], 1, "2026-02-02T08:00", "2026-03-06T17:00", 10_000),
        (MONTH_ENDS[2], 2, "2026-03-09T08:00", None, 6_000),
    )

    points = value_series(chunk, frames=[frame(chunk)], progress=progress, costs=SPENT, days=MONTH_ENDS)

    assert amounts(points) == [
        (10_000, 10_000, 11_000),
        (25_000, 23_500, 26_000),
        (45_000, 37_000, 42_000),
        (70_000, None, None),
        (90_000, None, None),
        (100_000, None, None),
    ]
    assert [point.pv_in_period for point in points] == [10_000, 15_000, 20_000, 25_000, 20_000, 10_000]
    assert [point.ev_in_period for point in points[:4]] == [10_000, 13_500, 13_500, None]
    assert not any(point.is_negative for point in points)


def test_new_baseline_changes_planned_value_from_its_day_on() -> None:
    """CST-12: past PV and EV are frozen; the second plan costs more from March on."""
    span = {"start": "2026-01-01T08:00", "finish": "2026-01-30T17:00"}
    first, second = (
        chunk_of(
            ProjectFacts(
                [TaskFacts(**span, budget=budget, physical="50", actual_start=span["start"])],
                data_date=END_OF_MARCH,
            )
        )
        for budget in ("100", "300")
    )
    frames = [frame(first), frame(second, date(2026, 3, 1))]
    progress = entries((MONTH_ENDS[0], 0, span["start"], None, 5_000))

    points = value_series(
        second, frames=frames, progress=progress, costs=[], days=[*MONTH_ENDS[:2], date(2026, 3, 1)]
    )

    assert amounts(points) == [(100, 50, 0), (100, 50, 0), (300, 150, 0)]


def test_reopened_work_is_taken_back_in_its_period() -> None:
    """CST-12, SCH-28: a period value may be negative and is flagged NEGATIVE_PERIOD_EV."""
    span = {"start": "2026-01-01T08:00", "finish": "2026-01-30T17:00"}
    task = TaskFacts(**span, budget="100", physical="40", actual_start=span["start"])
    chunk = chunk_of(ProjectFacts([task], data_date=END_OF_MARCH))
    progress = entries(
        (MONTH_ENDS[0], 0, span["start"], span["finish"], 10_000),
        (MONTH_ENDS[1], 0, span["start"], None, 4_000),
    )

    points = value_series(chunk, frames=[frame(chunk)], progress=progress, costs=[], days=MONTH_ENDS[:3])

    assert [point.ev_in_period for point in points] == [100, -60, 0]
    assert [point.is_negative for point in points] == [False, True, False]


@pytest.mark.parametrize("data_date", [None, END_OF_MARCH])
def test_task_without_entries_is_believed_its_dates_only(data_date: date | None) -> None:
    """CST-11: without a data date there is no EV; without entries the percentage counts at the data date."""
    task = TaskFacts(
        "2026-01-01T08:00", "2026-04-30T17:00", "100", actual_start="2026-01-01T08:00", physical="30"
    )
    chunk = chunk_of(ProjectFacts([task], data_date=data_date))

    points = value_series(chunk, frames=[frame(chunk)], progress=entries(), costs=[], days=MONTH_ENDS[:3])

    assert [point.ev for point in points] == ([None] * 3 if data_date is None else [0, 0, 30])


def test_task_without_entries_is_finished_from_its_finish_on() -> None:
    """CST-11: what ended in February had not ended in January."""
    span = {"start": "2026-01-01T08:00", "finish": "2026-02-27T17:00"}
    task = TaskFacts(**span, budget="100", actual_start=span["start"], actual_finish=span["finish"])
    chunk = chunk_of(ProjectFacts([task], data_date=END_OF_MARCH))

    points = value_series(chunk, frames=[frame(chunk)], progress=entries(), costs=[], days=MONTH_ENDS[:3])

    assert [point.ev for point in points] == [0, 100, 100]


def test_number_of_units_is_that_of_the_last_entry() -> None:
    """CST-12: an entry that counts nothing takes back the number before and earns by its percentage."""
    task = TaskFacts(
        "2026-01-01T08:00", "2026-04-30T17:00", "100", actual_start="2026-01-01T08:00",
        technique=Technique.UNITS,
    )  # fmt: skip
    chunk = chunk_of(ProjectFacts([task], data_date=END_OF_MARCH))
    chunk = replace(chunk, profiles={0: ValueProfile(planned_quantity=Decimal(10))})
    progress = entries(*((day, 0, "2026-01-01T08:00", None, 2_000) for day in MONTH_ENDS[:2]))
    progress = replace(progress, quantities={0: Decimal(5)})

    points = value_series(chunk, frames=[frame(chunk)], progress=progress, costs=[], days=MONTH_ENDS[:2])

    assert [point.ev for point in points] == [50, 20]


def test_no_baseline_has_no_points() -> None:
    chunk = chunk_of(ProjectFacts([], data_date=END_OF_MARCH))

    assert value_series(chunk, frames=[], progress=entries(), costs=[], days=MONTH_ENDS) == []
