"""Which lessons fit a project, and why (KNO-6)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

SAME_CATEGORY, SAME_METHODOLOGY, SHARED_TAG, SAME_TIER = 3, 2, 1, 1
PROPOSED_AT_MOST = 10


@dataclass(frozen=True)
class Profile:
    """What a project and a lesson are compared by; empty values match nothing."""

    category: str = ""
    methodology: str = ""
    tier: str = ""
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """A published lesson."""

    pk: int
    profile: Profile
    published_on: date


@dataclass(frozen=True)
class Fit:
    """What a lesson and a project have in common; empty where nothing."""

    category: str = ""
    methodology: str = ""
    tags: tuple[str, ...] = ()
    tier: str = ""

    @property
    def points(self) -> int:
        """Same category 3, same methodology 2, each shared tag 1, same tier 1."""
        return (
            SAME_CATEGORY * bool(self.category)
            + SAME_METHODOLOGY * bool(self.methodology)
            + SHARED_TAG * len(self.tags)
            + SAME_TIER * bool(self.tier)
        )


@dataclass(frozen=True)
class Match:
    """A lesson with what fits."""

    pk: int
    fit: Fit


def fit_of(project: Profile, lesson: Profile) -> Fit:
    """
    Return what a project and a lesson have in common; category and tags are compared without their case.

    Examples
    --------
    >>> site = Profile("Site", "SG", "T2", frozenset({"permit", "crane"}))
    >>> fit_of(site, Profile("site", "", "T2", frozenset({"permit"})))
    Fit(category='Site', methodology='', tags=('permit',), tier='T2')
    >>> fit_of(site, Profile("site", "", "T2", frozenset({"permit"}))).points
    5
    """
    return Fit(
        category=_same(project.category, lesson.category),
        methodology=_same(project.methodology, lesson.methodology),
        tags=tuple(sorted(project.tags & lesson.tags)),
        tier=_same(project.tier, lesson.tier),
    )


def best_matches(
    project: Profile,
    lessons: Iterable[Candidate],
    *,
    but: Collection[int] = frozenset(),
    most: int = PROPOSED_AT_MOST,
) -> list[Match]:
    """Return the lessons that fit best, of those that fit at all; of equals the newer first."""
    rated = [(each, fit_of(project, each.profile)) for each in lessons if each.pk not in but]
    fitting = [(each, fit) for each, fit in rated if fit.points > 0]
    fitting.sort(key=lambda pair: (-pair[1].points, -pair[0].published_on.toordinal(), -pair[0].pk))
    return [Match(each.pk, fit) for each, fit in fitting[: max(most, 0)]]


def review_rate(*, marked: int, proposed: int) -> Decimal | None:
    """
    Return marked ÷ proposed, a plain ratio; None while nothing was proposed.

    Examples
    --------
    >>> review_rate(marked=3, proposed=4), review_rate(marked=0, proposed=0)
    (Decimal('0.75'), None)
    """
    return None if proposed == 0 else Decimal(marked) / proposed


def _same(one: str, other: str) -> str:
    return one if one and one.casefold() == other.casefold() else ""
