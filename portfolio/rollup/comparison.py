"""Comparison of a group at two dates: who came and went, who moved the score, and why (HLT-8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portfolio.rollup.codec import to_plain
from portfolio.rollup.numbers import ZERO, divide
from portfolio.rollup.policy import TrendRules
from portfolio.rollup.vocabulary import RATED_COLORS, Color


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """
    One project of the group at one date.

    ``weight`` is the budget of HLT-1 in reporting currency; ``parent`` the key of the program or
    sub-portfolio it sits in.
    """

    key: str
    color: Color
    score: Decimal | None = None
    weight: Decimal | None = None
    parent: str = ""

    @property
    def is_rated(self) -> bool:
        """Rated and with a score."""
        return self.color in RATED_COLORS and self.score is not None


@dataclass(frozen=True, slots=True)
class Mover:
    """A project whose score changed, with both scores and the change in points."""

    key: str
    before: Decimal
    after: Decimal
    change: Decimal


@dataclass(frozen=True, slots=True)
class ColorChange:
    """A project whose color changed."""

    key: str
    before: Color
    after: Color


@dataclass(frozen=True, slots=True)
class Move:
    """A project that sits somewhere else now."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Transition:
    """One cell of the transition matrix: projects at both dates, by color then and now."""

    before: Color
    after: Color
    count: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """
    How the group score changed: ``total = like_for_like + mix``, unrounded points.

    ``before`` and ``after`` are the scores of all rated projects of each date;
    ``like_before`` and ``like_after`` those of projects rated at both, with the later budgets as weights.
    """

    before: Decimal | None
    after: Decimal | None
    total: Decimal | None
    like_before: Decimal | None
    like_after: Decimal | None
    like_for_like: Decimal | None
    mix: Decimal | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything a page of two dates shows; lists are sorted by key unless said otherwise."""

    joined: tuple[str, ...]
    left: tuple[str, ...]
    moved: tuple[Move, ...]
    transitions: tuple[Transition, ...]
    movers: tuple[Mover, ...]
    color_changes: tuple[ColorChange, ...]
    score: ScoreChange
    newly_red: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-safe data; numbers with decimals travel as text."""
        plain: dict[str, Any] = to_plain(self)
        return plain


def compare(
    before: Iterable[ComparedRow],
    after: Iterable[ComparedRow],
    rules: TrendRules,
    *,
    parents_before: Mapping[str, str] | None = None,
    parents_after: Mapping[str, str] | None = None,
) -> Comparison:
    """
    Compare a group at two dates.

    Parameters
    ----------
    before, after : iterable of ComparedRow
        Projects of the group at the earlier and the later date, in any order.
    rules : TrendRules
        Length of the movers list.
    parents_before, parents_after : mapping of str to str, optional
        Where projects outside the group sat at either date. With it a project that came from or went
        to another part of the organization is listed as moved, not as joined or left.

    Returns
    -------
    Comparison
        Movers are the largest changes by size, then by budget, then by key; colors that changed are
        all listed.
    """
    old = {row.key: row for row in before}
    new = {row.key: row for row in after}
    from_elsewhere = parents_before or {}
    to_elsewhere = parents_after or {}
    came = sorted(new.keys() - old.keys())
    gone = sorted(old.keys() - new.keys())
    both = sorted(old.keys() & new.keys())
    moves = [Move(key, from_elsewhere[key], new[key].parent) for key in came if key in from_elsewhere]
    moves += [Move(key, old[key].parent, to_elsewhere[key]) for key in gone if key in to_elsewhere]
    moves += [
        Move(key, old[key].parent, new[key].parent) for key in both if old[key].parent != new[key].parent
    ]
    return Comparison(
        joined=tuple(key for key in came if key not in from_elsewhere),
        left=tuple(key for key in gone if key not in to_elsewhere),
        moved=tuple(sorted(moves, key=lambda move: move.key)),
        transitions=_transitions(old, new, both),
        movers=_movers(old, new, both, rules.movers),
        color_changes=tuple(
            ColorChange(key, old[key].color, new[key].color)
            for key in both
            if old[key].color != new[key].color
        ),
        score=_score_change(old, new, both),
        newly_red=tuple(
            sorted(
                key
                for key, row in new.items()
                if row.color == Color.RED and (key not in old or old[key].color != Color.RED)
            )
        ),
    )


def _transitions(
    old: Mapping[str, ComparedRow], new: Mapping[str, ComparedRow], both: Sequence[str]
) -> tuple[Transition, ...]:
    cells: dict[tuple[Color, Color], list[str]] = {}
    for key in both:
        cells.setdefault((old[key].color, new[key].color), []).append(key)
    return tuple(
        Transition(was, now, len(cells[was, now]), tuple(cells[was, now]))
        for was in Color
        for now in Color
        if (was, now) in cells
    )


def _movers(
    old: Mapping[str, ComparedRow], new: Mapping[str, ComparedRow], both: Sequence[str], length: int
) -> tuple[Mover, ...]:
    movers = []
    for key in both:
        was, now = old[key], new[key]
        if was.is_rated and now.is_rated and was.score is not None and now.score is not None:
            change = now.score - was.score
            if change != 0:
                movers.append(Mover(key, was.score, now.score, change))
    movers.sort(key=lambda item: (-abs(item.change), -(new[item.key].weight or ZERO), item.key))
    return tuple(movers[:length])


def _mean(rows: Iterable[tuple[Decimal | None, Decimal | None]]) -> Decimal | None:
    points = weights = ZERO
    for score, weight in rows:
        if score is not None and weight is not None and weight > 0:
            points += weight * score
            weights += weight
    return divide(points, weights)


def _minus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or right is None else left - right


def _score_change(
    old: Mapping[str, ComparedRow], new: Mapping[str, ComparedRow], both: Sequence[str]
) -> ScoreChange:
    rated_at_both = [key for key in both if old[key].is_rated and new[key].is_rated]
    before = _mean((old[key].score, old[key].weight) for key in sorted(old) if old[key].is_rated)
    after = _mean((new[key].score, new[key].weight) for key in sorted(new) if new[key].is_rated)
    like_before = _mean((old[key].score, new[key].weight) for key in rated_at_both)
    like_after = _mean((new[key].score, new[key].weight) for key in rated_at_both)
    total = _minus(after, before)
    like_for_like = _minus(like_after, like_before)
    return ScoreChange(
        before=before,
        after=after,
        total=total,
        like_before=like_before,
        like_after=like_after,
        like_for_like=like_for_like,
        mix=_minus(total, like_for_like),
    )
