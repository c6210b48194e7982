"""Guarantees on plans by chance that know every rule, in the three conventions."""

import os
import pickle
import subprocess
import sys
from dataclasses import fields, replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.engine.instants import MINUTES_PER_DAY
from projects.engine.scheduling.calendar_tables import (
    add_minutes,
    build_tables,
    minutes_between,
    next_start,
    previous_finish,
)
from projects.engine.scheduling.network import Activity, ActivityKind, Part
from projects.engine.scheduling.rules import Driver
from projects.engine.scheduling.schedule import Schedule, compute_schedule
from projects.engine.working_time import WorkingTime
from tests.projects.engine.scheduling.chance import NIGHTS, OFFICE, SIX_DAYS, START, ChancePlan
from tests.projects.engine.scheduling.plans import Plan

pytestmark = pytest.mark.pure

seeds = st.integers(0, 2**32)
ROOT = Path(__file__).parents[4]


def values(schedule: Schedule) -> dict[str, list[int] | int]:
    """Return every value of a schedule, to be compared at once."""
    found = {field.name: getattr(schedule, field.name) for field in fields(schedule) if field.compare}
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in found.items()}


def in_halves(activity: Activity) -> Activity:
    """Return the same work as two equal assignments, which the passes do not take for a plain one."""
    if activity.parts or activity.is_elapsed or activity.duration == 0:
        return activity
    left = activity.duration if activity.remaining is None else activity.remaining
    work = activity.duration + activity.rest
    part = Part(activity.calendar, work, remaining=left + activity.remaining_rest)
    return replace(activity, parts=(part, part))


@settings(max_examples=120, deadline=None)
@given(seeds)
def test_short_way_of_plain_activities_gives_the_same(seed: int) -> None:
    """What is placed without looking further comes out as what goes through all rules."""
    plan = ChancePlan(Random(seed), 15)
    found = compute_schedule(plan.network(), plan.options)

    plan.activities = [in_halves(activity) for activity in plan.activities]

    assert values(compute_schedule(plan.network(), plan.options)) == values(found)


@settings(max_examples=80, deadline=None)
@given(seeds)
def test_order_of_input_is_irrelevant_whatever_the_rules(seed: int) -> None:
    """SCH-6: every date, float and mark, levels of effort that follow each other included."""
    plan = ChancePlan(Random(seed), 15)
    found, places = compute_schedule(plan.network(), plan.options), plan.place

    plan.place = Random(seed + 1).sample(range(15), 15)
    order = Random(seed + 2).sample(range(len(plan.links)), len(plan.links))
    plan.links = [plan.links[at] for at in order]
    moved = compute_schedule(plan.network(), plan.options)

    # Of several links that drive together any one may stand for the others.
    for field in fields(found):
        before, after = getattr(found, field.name), getattr(moved, field.name)
        if field.name in {"is_driving", "is_out_of_sequence"}:
            assert after.tolist() == before[order].tolist()
        elif field.name not in {"driver_link", "project_finish", "workings"}:
            assert after[plan.place].tolist() == before[places].tolist()
    assert moved.project_finish == found.project_finish


@settings(max_examples=120, deadline=None)
@given(seeds)
def test_link_that_set_a_start_is_driving(seed: int) -> None:
    """SCH-19: of what is not finished, and of nobody else."""
    plan = ChancePlan(Random(seed), 15)

    found = compute_schedule(plan.network(), plan.options)

    set_by = found.driver_link >= 0
    assert found.is_driving[found.driver_link[set_by]].all()
    assert (found.driver[set_by] == Driver.LINK).all()
    waiting = set(np.flatnonzero(set_by).tolist())
    driven = {plan.place[plan.links[at].successor] for at in np.flatnonzero(found.is_driving).tolist()}
    assert driven == waiting


def test_level_of_effort_follows_one_given_after_it() -> None:
    """SCH-11: N spans what L spans, although L comes later in the input."""
    plan = Plan().add("A", 5).add("N", kind=ActivityKind.LEVEL_OF_EFFORT)
    plan.add("L", kind=ActivityKind.LEVEL_OF_EFFORT).add("B", 2).link("A", "B")
    plan.link("A", "L", "SS").link("A", "L", "FF").link("L", "N", "SS").link("L", "N", "FF")

    dated = plan.schedule()

    assert dated.positions("early_finish") == {"A": 5, "N": 5, "L": 5, "B": 7}


@pytest.mark.parametrize("ticks", [1, 10])
def test_tables_agree_with_working_time_on_every_calendar(ticks: int) -> None:
    """Shifts over midnight, breaks and holidays; between two others, so that borders of calendars count."""
    day = START // MINUTES_PER_DAY
    calendars = [OFFICE, NIGHTS, SIX_DAYS]
    tables = build_tables(calendars, day - 60, day + 60, ticks)
    random = Random(7)

    for place, calendar in enumerate(calendars):
        clock = WorkingTime(calendar, date(2026, 2, 1), date(2026, 4, 1))
        for _ in range(400):
            instant = START + random.randrange(-20_000, 20_000)
            minutes = random.choice((-4800, -480, -1, 0, 1, 240, 480, 481, 5000))
            asked = (tables, place, instant * ticks)
            assert next_start(*asked) == clock.next_working(instant) * ticks
            assert previous_finish(*asked) == clock.previous_working(instant) * ticks
            assert add_minutes(*asked, minutes * ticks) == clock.add(instant, minutes) * ticks
            assert (
                minutes_between(*asked, (instant + minutes) * ticks)
                == clock.between(instant, instant + minutes) * ticks
            )


def computed(target: Path, folder: Path) -> tuple[bool, list[dict[str, list[int] | int]]]:
    """Return whether a new process runs machine code from a folder, and its schedules of sixty plans."""
    script = (
        "import pickle, sys\n"
        "from random import Random\n"
        "from projects.engine.scheduling.compiled import IS_COMPILED\n"
        "from projects.engine.scheduling.schedule import compute_schedule\n"
        "from tests.projects.engine.scheduling.chance import ChancePlan\n"
        "from tests.projects.engine.scheduling.test_chance import values\n"
        "plans = [ChancePlan(Random(seed), 20) for seed in range(60)]\n"
        "found = [values(compute_schedule(plan.network(), plan.options)) for plan in plans]\n"
        "pickle.dump((IS_COMPILED, found), open(sys.argv[1], 'wb'))\n"
    )
    in_process(folder, "-c", script, str(target))
    answer: tuple[bool, list[dict[str, list[int] | int]]] = pickle.loads(target.read_bytes())
    return answer


def in_process(folder: Path, *command: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PMO_ENGINE_CODE"}
    environment["NUMBA_CACHE_DIR"] = str(folder)
    subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)


@pytest.mark.skipif(find_spec("numba") is None, reason="numba is not installed")
def test_machine_code_made_ready_gives_what_plain_python_gives(tmp_path: Path) -> None:
    """Every value of sixty plans; a process that finds no code made ready runs plain Python (ADR 20)."""
    ready = ROOT / "projects" / "engine" / "scheduling" / "__pycache__" / "code"
    in_process(ready, "-m", "projects.engine.scheduling.warming")

    plain, fast = computed(tmp_path / "plain", tmp_path), computed(tmp_path / "fast", ready)

    assert (plain[0], fast[0]) == (False, True)
    assert fast[1] == plain[1]
