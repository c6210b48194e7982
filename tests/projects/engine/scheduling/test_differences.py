"""Differences of two networks are enough to go on from the schedule of the first (issue 3, section 1)."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.engine.scheduling.differences import differing_activities
from projects.engine.scheduling.rescheduling import reschedule
from projects.engine.scheduling.schedule import compute_schedule
from tests.projects.engine.scheduling.chance import ChancePlan
from tests.projects.engine.scheduling.plans import DAY, example
from tests.projects.engine.scheduling.test_chance import values
from tests.projects.engine.scheduling.test_rescheduling import edit

pytestmark = pytest.mark.pure


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_any_edits_are_found_without_being_told(seed: int) -> None:
    """Several edits at once, of values, parts and links: going on gives what a full run gives."""
    plan = ChancePlan(Random(seed), 14)
    before = plan.network()
    former = compute_schedule(before, plan.options)
    for _ in range(plan.random.randrange(4)):
        edit(plan)
    after = plan.network()

    changed = differing_activities(before, after).tolist()

    again = reschedule(after, plan.options, former, changed)
    assert values(again) == values(compute_schedule(after, plan.options))
    assert changed or before.start != after.start or values(again) == values(former)


def test_values_and_links_name_their_activities() -> None:
    """B is longer, and another link ties A and E."""
    before = example().network()
    longer = example().change("B", duration=4 * DAY).network()
    tied = example().link("A", "E").network()

    assert differing_activities(before, before).tolist() == []
    assert differing_activities(before, longer).tolist() == [1]
    assert differing_activities(before, tied).tolist() == [0, 4]
