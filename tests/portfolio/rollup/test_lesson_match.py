"""KNO-6: what a lesson and a project have in common gives points; the ten best are proposed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from portfolio.rollup.lesson_match import Candidate, Fit, Profile, best_matches, fit_of, review_rate

pytestmark = pytest.mark.pure
DAY = date(2026, 4, 10)
SITE = Profile("Site", "SG", "T2", frozenset({"permit", "crane"}))


@pytest.mark.parametrize(
    ("lesson", "points"),
    [
        (Profile("site", "SG", "T2", frozenset({"permit", "crane"})), 3 + 2 + 2 + 1),
        (Profile("Site"), 3),
        (Profile("", "sg"), 2),
        (Profile(tags=frozenset({"permit", "data"})), 1),
        (Profile("", "", "T2"), 1),
        (Profile("Build", "P2", "T3", frozenset({"data"})), 0),
        (Profile(), 0),
    ],
)
def test_points_follow_what_is_the_same(lesson: Profile, points: int) -> None:
    """Same category 3, same methodology 2, each shared tag 1, same tier 1."""
    assert fit_of(SITE, lesson).points == points


def test_empty_values_match_nothing() -> None:
    assert fit_of(Profile(), Profile()) == Fit()


def test_ten_best_are_proposed_newer_first_of_equals() -> None:
    same = [Candidate(pk, Profile("Site"), DAY - timedelta(days=pk)) for pk in range(1, 13)]
    best = Candidate(99, Profile("Site", "SG"), DAY - timedelta(days=900))
    none = Candidate(98, Profile("Build"), DAY)

    found = best_matches(SITE, [*same, none, best])

    assert [each.pk for each in found] == [99, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert found[0].fit == Fit(category="Site", methodology="SG")


def test_what_was_offered_before_is_left_out() -> None:
    rows = [Candidate(pk, Profile("Site"), DAY) for pk in (1, 2, 3)]

    assert [each.pk for each in best_matches(SITE, rows, but={3}, most=1)] == [2]
    assert best_matches(SITE, rows, most=-2) == []


def test_review_rate_is_undefined_without_offers() -> None:
    assert review_rate(marked=0, proposed=0) is None
    assert review_rate(marked=1, proposed=4) == Decimal("0.25")
