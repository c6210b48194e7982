"""Rescheduling after a change gives what a full run gives (issue 3, section 1)."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.engine.instants import MINUTES_PER_DAY, NO_INSTANT
from projects.engine.scheduling.differences import differing_activities, origin_of
from projects.engine.scheduling.options import PORTAL
from projects.engine.scheduling.order import CycleError
from projects.engine.scheduling.rescheduling import reschedule
from projects.engine.scheduling.schedule import compute_schedule
from tests.projects.engine.scheduling.chance import (
    CALENDARS,
    ChancePlan,
    chosen_activity,
    chosen_link,
    instant,
)
from tests.projects.engine.scheduling.plans import DAY, example
from tests.projects.engine.scheduling.test_chance import values

pytestmark = pytest.mark.pure


def edit(plan: ChancePlan) -> set[int]:
    """Change one thing of a plan; return the positions of the activities it concerns."""
    random, size = plan.random, len(plan.activities)
    at = random.randrange(size)
    activity, kind = plan.activities[at], random.randrange(11)
    if kind in {0, 1}:
        plan.activities[at] = replace(activity, duration=random.randrange(1, 40) * 60)
        # A lag in percent of it differs too.
        ends = [link.successor for link in plan.links if link.predecessor == at]
        return {plan.place[end] for end in (at, *ends)}
    elif kind == 2:
        name = random.choice(("start_floor", "finish_floor", "start_cap", "must_start", "deadline"))
        plan.activities[at] = replace(activity, **{name: random.choice((NO_INSTANT, instant(random)))})
    elif kind == 3:
        plan.activities[at] = replace(activity, calendar=random.randrange(len(CALENDARS)))
    elif kind == 4:
        plan.activities[at] = replace(
            chosen_activity(random), duration=activity.duration, is_elapsed=activity.is_elapsed
        )
    elif kind == 8:
        begun = {"actual_start": instant(random, -10, 3), "actual_finish": NO_INSTANT}
        plan.activities[at] = replace(activity, **begun, remaining=random.randrange(activity.duration + 1))
    elif kind == 9:
        late = random.random() < 0.5
        plan.activities[at] = replace(activity, is_as_late_as_possible=late, rest=60, remaining_rest=30)
    elif kind == 10:
        plan.start += random.randrange(-3, 6) * MINUTES_PER_DAY
    elif kind == 5 or not plan.links:
        link = chosen_link(random, size)
        plan.links.insert(random.randrange(len(plan.links) + 1), link)
        return {plan.place[link.predecessor], plan.place[link.successor]}
    else:
        place = random.randrange(len(plan.links))
        link = plan.links.pop(place)
        if kind == 6:
            plan.links.insert(place, replace(link, lag=random.choice((0, 480, -240)), is_lag_elapsed=False))
        return {plan.place[link.predecessor], plan.place[link.successor]}
    return {plan.place[at]}


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_edits_one_after_another_give_what_full_runs_give(seed: int) -> None:
    """Full = incremental, whatever is edited, in the three conventions; nothing former is changed."""
    plan = ChancePlan(Random(seed), 14)
    found = compute_schedule(plan.network(), plan.options)

    for _ in range(4):
        former, kept = found, values(found)
        changed = edit(plan)
        found = reschedule(plan.network(), plan.options, former, changed)

        assert values(found) == values(compute_schedule(plan.network(), plan.options))
        assert values(former) == kept


def add_or_remove(plan: ChancePlan, keys: list[int]) -> list[int]:
    """Add an activity with links at the end, or take one out with its links; return the keys then."""
    random, size = plan.random, len(plan.activities)
    if random.random() < 0.5 or size < 3:
        plan.activities.append(replace(chosen_activity(random), is_as_late_as_possible=False))
        plan.place.append(size)
        for _ in range(random.randrange(3)):
            link = chosen_link(random, size)
            plan.links.append(replace(link, predecessor=random.randrange(size), successor=size))
        return [*keys, max(keys) + 1]
    gone = random.randrange(size)
    at = plan.place.pop(gone)
    del plan.activities[gone]
    plan.place = [place - (place > at) for place in plan.place]
    plan.links = [
        replace(
            link,
            predecessor=link.predecessor - (link.predecessor > gone),
            successor=link.successor - (link.successor > gone),
        )
        for link in plan.links
        if gone not in {link.predecessor, link.successor}
    ]
    return keys[:at] + keys[at + 1 :]


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_rows_added_and_deleted_give_what_full_runs_give(seed: int) -> None:
    """Full = incremental for other activities too, told by nothing but the keys of the rows."""
    plan = ChancePlan(Random(seed), 10)
    keys = list(range(10))
    found = compute_schedule(plan.network(), plan.options)

    for _ in range(4):
        former, kept, old_keys = found, values(found), keys
        keys = add_or_remove(plan, keys)
        if plan.random.random() < 0.3:
            edit(plan)
        network = plan.network()
        origin = origin_of(np.array(old_keys), np.array(keys))
        assert former.workings is not None
        changed = differing_activities(former.workings.network, network, origin)
        found = reschedule(network, plan.options, former, changed.tolist(), origin=origin)

        assert values(found) == values(compute_schedule(network, plan.options))
        assert values(former) == kept


def test_a_row_more_places_only_what_it_can_move() -> None:
    """G waits for E and has its float: nobody else is placed again, and the result is that of a full run."""
    plan = example()
    former = plan.schedule().result
    assert former.workings is not None
    plan.add("G", 1).link("E", "G")
    network = plan.network()
    origin = np.array([0, 1, 2, 3, 4, 5, -1])

    changed = differing_activities(former.workings.network, network, origin)
    found = reschedule(network, PORTAL, former, changed.tolist(), origin=origin)

    assert changed.tolist() == [4, 6]
    assert values(found) == values(plan.schedule().result)


def test_two_activities_changed_at_once() -> None:
    plan = example()
    former = plan.schedule().result
    plan.change("B", duration=6 * DAY).change("E", duration=DAY)

    found = reschedule(plan.network(), PORTAL, former, [1, 4])

    assert values(found) == values(plan.schedule().result)


def test_what_cannot_move_is_not_placed_again() -> None:
    """E has four days of float: a day more for it leaves all others where they are."""
    plan = example()
    former = plan.schedule().result
    plan.change("E", duration=3 * DAY)

    found = reschedule(plan.network(), PORTAL, former, [4])

    moved = np.flatnonzero(
        (found.early_start != former.early_start) | (found.late_start != former.late_start)
    )
    assert moved.tolist() == [4]
    assert values(found) == values(plan.schedule().result)


def test_other_number_of_activities_is_scheduled_anew() -> None:
    plan = example()
    former = plan.schedule().result
    plan.add("G", 3).link("F", "G")

    assert values(reschedule(plan.network(), PORTAL, former, [5, 6])) == values(plan.schedule().result)


def test_far_dates_are_found() -> None:
    """The tables of the former run end before: sixty years of work."""
    plan = example()
    former = plan.schedule().result
    plan.change("A", duration=15_000 * DAY)

    assert values(reschedule(plan.network(), PORTAL, former, [0])) == values(plan.schedule().result)


def test_cycle_is_refused() -> None:
    """SCH-10."""
    plan = example()
    former = plan.schedule().result
    plan.link("F", "A")

    with pytest.raises(CycleError):
        reschedule(plan.network(), PORTAL, former, [0, 5])
