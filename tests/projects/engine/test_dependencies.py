"""Colors of dependencies between projects, and circles (RAI-16, RAI-17)."""

import pytest

from projects.engine.dependencies import Rating, circular_edges, rate_dependency


@pytest.mark.parametrize(
    ("slack", "is_agreed", "days", "color"),
    [
        (5, True, 200, Rating.GREEN),
        (4, True, 200, Rating.AMBER),
        (0, True, 200, Rating.AMBER),
        (-1, True, 200, Rating.RED),
        (30, False, 61, Rating.GREEN),
        (30, False, 60, Rating.AMBER),
        (-1, False, 60, Rating.RED),
        (None, True, 10, Rating.GREY),
        (None, False, 10, Rating.AMBER),
    ],
)
def test_color_follows_slack_and_agreement(
    slack: int | None, is_agreed: bool, days: int, color: Rating
) -> None:
    """RAI-16: 5 green, 0 to 4 amber, below red; not agreed 60 days ahead at least amber."""
    found = rate_dependency(slack=slack, is_agreed=is_agreed, is_finished=False, days_until_need=days)

    assert found == color


def test_what_is_reached_is_blue() -> None:
    assert rate_dependency(slack=-9, is_agreed=False, is_finished=True, days_until_need=-9) == Rating.BLUE


def test_only_edges_of_circles_are_circular() -> None:
    edges = [(1, 2), (2, 1), (2, 3), (3, 4), (4, 5), (5, 3), (6, 6), (7, 1)]

    assert circular_edges(edges) == {0, 1, 3, 4, 5, 6}
    assert circular_edges([]) == frozenset()


def test_long_chains_are_no_circle() -> None:
    chain = [(place, place + 1) for place in range(20_000)]

    assert circular_edges(chain) == frozenset()
    assert len(circular_edges([*chain, (20_000, 0)])) == 20_001
