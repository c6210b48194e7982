"""Measures against a slow reference that takes one task at a time, and sums that never lose a cent."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.engine.calendar import DAY_OFF, ELAPSED_CALENDAR, STANDARD_CALENDAR, WorkCalendar, shift
from projects.engine.earned_schedule import earned_schedule
from projects.engine.instants import end_of_day, instant_of, start_of_day
from projects.engine.measures import measure_projects
from projects.engine.periods import elapsed_periods, month_boundary
from projects.engine.project_arrays import Technique
from projects.engine.techniques import earned_amount
from projects.engine.time_phasing import elapsed_fraction, share_of_cents
from projects.engine.working_time import WorkingTime
from tests.projects.engine.chunks import ProjectFacts, TaskFacts, chunk_of

NIGHT = WorkCalendar("Night", ((shift(1320, 360),),) * 5 + (DAY_OFF,) * 2)
AS_OF = date(2027, 1, 1)
CALENDARS = (STANDARD_CALENDAR, NIGHT, ELAPSED_CALENDAR)


@st.composite
def task_facts(draw: st.DrawFn) -> TaskFacts:
    start = datetime(2026, 1, 5) + timedelta(minutes=draw(st.integers(0, 300_000)))
    finish = start + timedelta(minutes=draw(st.integers(0, 200_000)))
    is_started = draw(st.booleans())
    is_finished = is_started and draw(st.booleans())
    return TaskFacts(
        start.isoformat(),
        finish.isoformat(),
        budget=str(draw(st.decimals(min_value=0, max_value=10**9, places=2))),
        technique=draw(st.sampled_from(list(Technique))),
        actual_start=start.isoformat() if is_started else None,
        actual_finish=finish.isoformat() if is_finished else None,
        physical=str(draw(st.decimals(min_value=0, max_value=100, places=2))),
        calendar=draw(st.sampled_from(CALENDARS)),
    )


PROJECTS = st.lists(
    st.builds(
        ProjectFacts,
        tasks=st.lists(task_facts(), min_size=1, max_size=6),
        data_date=st.dates(date(2025, 12, 20), date(2026, 12, 31)),
    ),
    min_size=1,
    max_size=4,
)


def planned(task: TaskFacts, at: int) -> Decimal:
    """Planned value of one task, straight from the definition."""
    start, finish = (instant_of(datetime.fromisoformat(text)) for text in (task.start, task.finish) if text)
    if task.technique is Technique.FIXED_0_100:
        share = Fraction(int(at >= finish))
    elif task.technique is Technique.FIXED_50_50:
        share = Fraction(1) if at >= finish else Fraction(int(at > start), 2)
    elif at >= finish:
        share = Fraction(1)
    else:
        work = WorkingTime(task.calendar, date(2026, 1, 1), date(2027, 1, 1))
        share = elapsed_fraction(work, start=start, finish=finish, at=at)
    return earned_amount(Decimal(task.budget), share)


def earned(task: TaskFacts, at: int) -> Decimal:
    """Earned value of one task, straight from the table of techniques."""
    if task.actual_finish:
        share = Fraction(1)
    elif task.technique is Technique.FIXED_0_100:
        share = Fraction(0)
    elif task.technique is Technique.FIXED_50_50:
        share = Fraction(int(task.actual_start is not None), 2)
    elif task.technique is Technique.LEVEL_OF_EFFORT:
        return planned(task, at)
    else:
        share = Fraction(task.physical or "0") / 100
    return earned_amount(Decimal(task.budget), share)


def reference_earned_schedule(project: ProjectFacts, value: Decimal) -> Decimal:
    """Earned schedule from the whole series of monthly planned values."""
    funded = [task for task in project.tasks if Decimal(task.budget) > 0]
    first = min(datetime.fromisoformat(task.start or "").date() for task in project.tasks)
    finish = max(instant_of(datetime.fromisoformat(task.finish or "")) for task in funded)
    count = next(k for k in range(1, 40) if start_of_day(month_boundary(first, k)) >= finish)
    series = [
        sum((planned(task, start_of_day(month_boundary(first, k))) for task in project.tasks), Decimal(0))
        for k in range(1, count + 1)
    ]
    work = WorkingTime(project.calendar, first, first)
    last_day = date(1970, 1, 1) + timedelta(days=(finish - 1) // 1440)
    plan = elapsed_periods(first, last_day + timedelta(days=1), work.working_days_between)
    if value >= series[-1]:
        return plan
    return max(earned_schedule(series, ev=value, planned_duration=plan), Decimal(0))


@settings(max_examples=120, deadline=None)
@given(projects=PROJECTS)
def test_chunk_equals_the_slow_reference(projects: list[ProjectFacts]) -> None:
    """CST-7, CST-11, CST-16: PV, EV and ES of every project, to the cent and to the last digit."""
    results = measure_projects(chunk_of(*projects), as_of=AS_OF)

    for project, result in zip(projects, results, strict=True):
        at = end_of_day(project.data_date or AS_OF)
        bac = sum((Decimal(task.budget) for task in project.tasks), Decimal(0))
        if bac == 0:
            assert result.value.bac.reason == "NO_BUDGET"
            continue
        assert result.value.bac.value == bac
        assert result.value.pv.value == sum((planned(task, at) for task in project.tasks), Decimal(0))
        assert result.value.ev.value == sum((earned(task, at) for task in project.tasks), Decimal(0))
        if result.time.earned_schedule.value is not None:
            value = result.value.ev.value
            assert value is not None
            assert result.time.earned_schedule.value == reference_earned_schedule(project, value)


@settings(max_examples=60, deadline=None)
@given(project=PROJECTS.map(lambda projects: projects[0]))
def test_project_equals_the_sum_of_its_tasks(project: ProjectFacts) -> None:
    """SEC-47, CST-8, CST-11: the parts add up to the total to the cent and earn at most their budget."""
    whole = measure_projects(chunk_of(project), as_of=AS_OF)[0].value
    parts = measure_projects(
        chunk_of(*[replace(project, tasks=[task]) for task in project.tasks if Decimal(task.budget) > 0]),
        as_of=AS_OF,
    )

    if whole.bac.value is not None:
        for name in ("bac", "pv", "ev"):
            amounts = [getattr(part.value, name).value for part in parts]
            assert sum(amounts, Decimal(0)) == getattr(whole, name).value
        for value in (part.value for part in parts):
            assert value.ev.value is not None
            assert value.bac.value is not None
            assert value.ev.value <= value.bac.value


@settings(max_examples=60, deadline=None)
@given(project=PROJECTS.map(lambda projects: projects[0]), days=st.integers(1, 200))
def test_planned_value_never_falls(project: ProjectFacts, days: int) -> None:
    """CST-7: a later data date never plans less, and never more than BAC."""
    data_date = project.data_date or AS_OF
    later = replace(project, data_date=data_date + timedelta(days=days))

    first, second = (result.value for result in measure_projects(chunk_of(project, later), as_of=AS_OF))

    if first.pv.value is not None and second.pv.value is not None and first.bac.value is not None:
        assert first.pv.value <= second.pv.value <= first.bac.value


@given(
    amount=st.integers(0, 10**17),
    parts=st.tuples(st.integers(0, 10**8), st.integers(1, 10**8)).map(lambda pair: (min(pair), max(pair))),
)
def test_shares_of_cents_are_exact(amount: int, parts: tuple[int, int]) -> None:
    """SEC-47: half up to the cent for amounts of a thousand billions, without overflow."""
    part, whole = parts

    computed = share_of_cents(*(np.array([value], dtype=np.int64) for value in (amount, part, whole)))

    exact = Fraction(amount) * part / whole
    assert int(computed[0]) == int(exact + Fraction(1, 2))


@pytest.mark.parametrize(("amount", "expected"), [("0.01", "0.01"), ("0.03", "0.02"), ("1.00", "0.50")])
def test_half_cents_round_up(amount: str, expected: str) -> None:
    """CON-1: half up, as `Decimal` does it."""
    assert earned_amount(Decimal(amount), Fraction(1, 2)) == Decimal(expected)
    assert (Decimal(amount) / 2).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) == Decimal(expected)
