"""What a baseline row says about its value beyond a technique and two dates (CST-7, domain 6.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from projects.engine.interruptions import Stretch
from projects.engine.project_codes import Technique
from projects.engine.time_phasing import Curve

HALF = Fraction(1, 2)
CURVED = frozenset(
    {
        Technique.PERCENT_COMPLETE,
        Technique.UNITS,
        Technique.AGILE_POINTS,
        Technique.WEIGHTED_MILESTONES,
    }
)


@dataclass(frozen=True, slots=True)
class PlannedShare:
    """A cumulative share (0-1) that is planned at an instant."""

    instant: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class ValueProfile:
    """
    How a baseline row plans and earns its value.

    Attributes
    ----------
    technique : Technique or None
        The technique the baseline was approved with; ``None`` takes the one of the task.
    curve : Curve
        Shape of planned value where the technique leaves a choice.
    start_share : Fraction
        Share earned and planned at the start by the a/b technique.
    steps : tuple of PlannedShare
        Planned shares by instant, rising: weights of milestones, points of increments, or a manual curve.
    is_gradual : bool
        Whether value grows with working time between the steps (a manual curve) or jumps at them.
    planned_quantity : Decimal or None
        Units or points of the baseline.
    base_task : int or None
        Position of the task an apportioned one follows, `UNKNOWN` when that task is gone; ``None`` while
        no base is named: then the row earns its own physical percentage and is planned linearly.
    stretches : tuple of Stretch
        When the row is worked on; empty for work in one piece. Nothing is planned in the rests between.
    """

    technique: Technique | None = None
    curve: Curve = Curve.LINEAR
    start_share: Fraction = HALF
    steps: tuple[PlannedShare, ...] = ()
    is_gradual: bool = False
    planned_quantity: Decimal | None = None
    base_task: int | None = None
    stretches: tuple[Stretch, ...] = ()

    def is_shaped(self, technique: Technique) -> bool:
        """Whether planned value differs from the plain rule of the technique."""
        if technique is Technique.FIXED_0_100:
            return False
        if technique is Technique.FIXED_50_50:
            return self.start_share != HALF
        if self.stretches:
            return True
        return technique in CURVED and (bool(self.steps) or self.curve is not Curve.LINEAR)


def cumulative_steps(steps: Sequence[tuple[int, Fraction]]) -> tuple[PlannedShare, ...]:
    """
    Return steps of single shares as cumulative ones by instant; several at one instant become one.

    Examples
    --------
    >>> [(s.instant, str(s.share)) for s in cumulative_steps([(9, Fraction(1, 2)), (3, Fraction(1, 4))])]
    [(3, '1/4'), (9, '3/4')]
    """
    found: dict[int, Fraction] = {}
    total = Fraction(0)
    for instant, share in sorted(steps):
        total += share
        found[instant] = total
    return tuple(PlannedShare(instant, share) for instant, share in found.items())


def share_of_steps(steps: Sequence[PlannedShare], at: int) -> Fraction:
    """Return the share of the last step that is not after ``at``; 0 before the first."""
    return next((step.share for step in reversed(steps) if step.instant <= at), Fraction(0))


def falls(steps: Sequence[PlannedShare]) -> bool:
    """Whether a cumulative share is smaller than an earlier one."""
    return any(later.share < earlier.share for earlier, later in pairwise(steps))
