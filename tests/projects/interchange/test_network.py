"""Links as a plan takes them over (SCH-9, SCH-10, oracle rule 7)."""

from datetime import datetime

import pytest

from projects.interchange.document import Link, ProjectDocument, ProjectOptions, Task
from projects.interchange.network import find_cycle, leaf_network
from projects.interchange.vocabulary import LagUnit, LinkType, TaskKind


def plan(*links: Link) -> ProjectDocument:
    """Return a plan: 1 Design (2 Draw, 3 Check), 4 Build (5 Dig, 6 Pour), 7 Open."""
    names = {1: "Design", 2: "Draw", 3: "Check", 4: "Build", 5: "Dig", 6: "Pour", 7: "Open"}
    parents = {2: 1, 3: 1, 5: 4, 6: 4}
    starts = {2: datetime(2026, 3, 3, 8), 3: datetime(2026, 3, 2, 8)}
    tasks = tuple(
        Task(
            uid=uid,
            id=uid,
            name=name,
            parent_uid=parents.get(uid),
            kind=TaskKind.SUMMARY if uid in (1, 4) else TaskKind.TASK,
            start=starts.get(uid),
        )
        for uid, name in names.items()
    )
    return ProjectDocument(options=ProjectOptions(name="House"), tasks=tasks, links=links)


def test_leaf_network_of_links_between_leaves_is_unchanged() -> None:
    """Nothing to report, nothing touched; two links of a pair with different types are two links."""
    links = (Link(2, 3), Link(3, 5, LinkType.SS, 480.0), Link(3, 5, LinkType.FF, -10.0, LagUnit.PERCENT))

    network = leaf_network(plan(*links))

    assert (network.links, network.problems) == (links, ())


def test_leaf_network_of_link_from_summary_comes_from_all_leaves() -> None:
    """SCH-9: all leaves of the summary, the lag on each, and one line about it."""
    network = leaf_network(plan(Link(1, 7, LinkType.FS, 60.0)))

    assert network.links == (Link(2, 7, LinkType.FS, 60.0), Link(3, 7, LinkType.FS, 60.0))
    assert [(problem.code, problem.where, problem.message) for problem in network.problems] == [
        (
            "LINK_SUMMARY",
            "Link 1 Design → 7 Open (FS)",
            "A link on a summary becomes 2 links between its tasks.",
        )
    ]


@pytest.mark.parametrize("kind", [LinkType.SS, LinkType.SF])
def test_leaf_network_of_start_link_from_summary_comes_from_earliest_leaf(kind: LinkType) -> None:
    """SS and SF from a summary: from the leaf that starts first, here 3."""
    assert leaf_network(plan(Link(1, 7, kind))).links == (Link(3, 7, kind),)


def test_leaf_network_between_summaries_joins_all_leaves() -> None:
    """Two leaves before, two after: four links."""
    network = leaf_network(plan(Link(1, 4)))

    assert network.links == (Link(2, 5), Link(2, 6), Link(3, 5), Link(3, 6))


def test_leaf_network_of_duplicate_keeps_the_first() -> None:
    """SCH-10: the same pair and type once."""
    network = leaf_network(plan(Link(2, 3, lag=60.0), Link(2, 3, lag=120.0)))

    assert network.links == (Link(2, 3, lag=60.0),)
    assert [problem.code for problem in network.problems] == ["LINK_DUPLICATE"]


@pytest.mark.parametrize("link", [Link(2, 2), Link(1, 2), Link(6, 4)])
def test_leaf_network_of_link_to_itself_or_ancestor_is_empty(link: Link) -> None:
    """SCH-9: refused."""
    network = leaf_network(plan(link))

    assert network.links == ()
    assert [problem.code for problem in network.problems] == ["LINK_ANCESTOR"]


def test_leaf_network_of_cycle_names_the_tasks_and_opens_it() -> None:
    """SCH-10: the message names the tasks of the cycle in order."""
    network = leaf_network(plan(Link(2, 3), Link(3, 5), Link(5, 2), Link(5, 7)))

    assert network.links == (Link(2, 3), Link(3, 5), Link(5, 7))
    assert [problem.message for problem in network.problems] == [
        "These tasks wait for each other; the last link is left out: 2 Draw → 3 Check → 5 Dig → 2 Draw"
    ]


@pytest.mark.parametrize(
    ("successors", "cycle"),
    [
        ({}, []),
        ({1: [2, 3], 2: [4], 3: [4]}, []),
        ({1: [1]}, [1]),
        ({1: [2], 2: [3], 3: [2]}, [2, 3]),
        ({1: [2], 3: [1], 4: [5], 5: [4]}, [4, 5]),
    ],
)
def test_find_cycle_returns_its_nodes_in_order(successors: dict[int, list[int]], cycle: list[int]) -> None:
    """A diamond is no cycle; a loop of one is."""
    assert find_cycle(successors) == cycle


def test_find_cycle_in_long_chain_needs_no_recursion() -> None:
    """50,000 tasks in a row, the last one waiting for none."""
    assert find_cycle({uid: [uid + 1] for uid in range(50_000)}) == []
