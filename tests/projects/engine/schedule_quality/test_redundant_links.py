"""Redundant links (X3): small cases, a graph library, and dates that do not change without them."""

from dataclasses import replace
from datetime import date

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.engine.schedule_quality import redundant_links as module
from projects.engine.schedule_quality.redundant_links import redundant_links
from projects.engine.scheduling.network import ActivityKind
from projects.engine.scheduling.options import PORTAL, ScheduleOptions
from projects.engine.scheduling.schedule import compute_schedule
from tests.projects.engine.schedule_quality.checked import Checked
from tests.projects.engine.scheduling.plans import Plan, at

pytestmark = pytest.mark.pure


def found(plan: Plan, options: ScheduleOptions = PORTAL) -> list[int]:
    """Return the positions of the redundant links of a plan."""
    facts = Checked(plan, options=options).facts()
    return np.flatnonzero(redundant_links(facts, np.ones(len(plan.links), dtype=bool))).tolist()


def three() -> Plan:
    """Return three tasks of two days."""
    return Plan().add("A", 2).add("B", 2).add("C", 2)


def test_link_over_a_chain_is_redundant() -> None:
    plan = three().link("A", "B").link("B", "C").link("A", "C")

    assert found(plan) == [2]


def test_chain_with_lag_implies_too_and_one_with_lead_does_not() -> None:
    assert found(three().link("A", "B", days=1).link("B", "C").link("A", "C")) == [2]
    assert found(three().link("A", "B", days=-1).link("B", "C").link("A", "C")) == []


def test_links_into_what_a_date_holds_say_nothing_only_where_the_date_wins() -> None:
    """X3, SCH-13: a hard date that wins over logic leaves the links into it without effect."""
    plan = three().link("A", "B").link("B", "C").link("A", "C").change("C", must_start=at(date(2026, 3, 20)))

    assert found(plan) == [2]
    assert found(plan, replace(PORTAL, hard_dates_win=True)) == []


def test_link_with_lag_is_never_redundant_and_one_with_lead_is() -> None:
    assert found(three().link("A", "B").link("B", "C").link("A", "C", days=1)) == []
    assert found(three().link("A", "B").link("B", "C").link("A", "C", days=-1)) == [2]


def test_start_to_start_follows_from_finish_to_start() -> None:
    assert found(three().link("A", "B").link("A", "B", "SS").link("B", "C")) == [1]


def test_start_to_start_and_finish_to_finish_say_different_things() -> None:
    """A ladder: neither end follows from the other."""
    assert found(three().link("A", "B", "SS").link("A", "B", "FF").link("B", "C")) == []


def test_chain_through_starts_does_not_hold_a_finish() -> None:
    """FS from A to C asks for more than B beginning with A."""
    assert found(three().link("A", "B", "SS").link("B", "C", "SS").link("A", "C")) == []


def test_milestone_is_one_moment() -> None:
    """Its start is its finish, so FS and SS from it are the same: the second of them is redundant."""
    plan = Plan().add("M", kind=ActivityKind.START_MILESTONE).add("A", 1).link("M", "A").link("M", "A", "SS")

    assert found(plan) == [1]


def test_what_no_longer_obeys_links_proves_nothing() -> None:
    """B was dated by hand, so only the link itself keeps C behind A."""
    plan = three().link("A", "B").link("B", "C").link("A", "C")
    plan.change("B", fixed_start=at(date(2026, 3, 3)), fixed_finish=at(date(2026, 3, 4)))

    assert found(plan) == []


def test_level_of_effort_is_left_out() -> None:
    plan = three().link("A", "B").link("B", "C").link("A", "C")
    plan.change("B", kind=ActivityKind.LEVEL_OF_EFFORT)

    assert found(plan) == []


_LINKS = st.lists(
    st.tuples(
        *(st.integers(0, 8), st.integers(0, 8)),
        *(st.sampled_from(["FS", "SS", "FF", "SF"]), st.sampled_from([0, 0, 0, 1, -1])),
    ),
    max_size=24,
    unique_by=lambda item: item[:3],
)


def _plan(links: list[tuple[int, int, str, int]], lengths: list[int]) -> Plan:
    plan = Plan()
    for place, days in enumerate(lengths):
        plan.add(f"T{place}", days)
    for one, other, kind, days in links:
        if one < other:
            plan.link(f"T{one}", f"T{other}", kind, days)
    return plan


@settings(max_examples=60, deadline=None)
@given(_LINKS, st.lists(st.integers(0, 6), min_size=9, max_size=9))
def test_dates_stay_without_redundant_links(
    links: list[tuple[int, int, str, int]], lengths: list[int]
) -> None:
    """What is redundant can go, all of it at once, and no early date moves."""
    plan = _plan(links, lengths)
    gone = set(found(plan))

    rest = replace(plan, links=[link for at, link in enumerate(plan.links) if at not in gone])

    assert rest.schedule().positions("early_finish") == plan.schedule().positions("early_finish")
    assert rest.schedule().positions("early_start") == plan.schedule().positions("early_start")


@settings(max_examples=40, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=60), st.sampled_from([3, 16_384]))
def test_finish_to_start_links_left_are_the_transitive_reduction(
    pairs: set[tuple[int, int]], block: int
) -> None:
    """An independent answer, with sets in one block and in many."""
    forward = sorted(pair for pair in pairs if pair[0] < pair[1])
    plan = Plan()
    for place in range(15):
        plan.add(f"T{place}", 1)
    for one, other in forward:
        plan.link(f"T{one}", f"T{other}")
    kept = module.BLOCK

    module.BLOCK = block
    try:
        gone = set(found(plan))
    finally:
        module.BLOCK = kept

    graph = nx.DiGraph(forward)
    assert {pair for at, pair in enumerate(forward) if at not in gone} == set(
        nx.transitive_reduction(graph).edges
    )


def test_network_is_not_changed() -> None:
    """The engine mutates nothing."""
    facts = Checked(three().link("A", "B").link("B", "C").link("A", "C")).facts()
    before = (facts.network.columns.copy(), facts.network.links.copy(), facts.network.parts.copy())

    Checked(three()).quality()
    redundant_links(facts, np.ones(3, dtype=bool))
    compute_schedule(facts.network, facts.options)

    after = (facts.network.columns, facts.network.links, facts.network.parts)
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))
