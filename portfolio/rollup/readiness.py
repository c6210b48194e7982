"""Is a gate ready, and what may be decided at it (STD-13, STD-14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portfolio.rollup.numbers import percent


class Answer(StrEnum):
    """The answer to a question of the checklist; `NOT_APPLICABLE` leaves the sum."""

    YES = "YES"
    PARTLY = "PARTLY"
    NO = "NO"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Decision(StrEnum):
    """The five outcomes of a gate."""

    GO = "GO"
    CONDITIONAL_GO = "CONDITIONAL_GO"
    HOLD = "HOLD"
    RECYCLE = "RECYCLE"
    KILL = "KILL"


POINTS = {Answer.YES: Decimal(1), Answer.PARTLY: Decimal("0.5"), Answer.NO: Decimal(0)}
PASSING = frozenset({Decision.GO, Decision.CONDITIONAL_GO})
STOPPING = (Decision.HOLD, Decision.RECYCLE, Decision.KILL)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a gate asks; without an answer it counts like "no". ``is_waived``: a waiver covers it."""

    code: str
    weight: int
    answer: Answer | None
    is_knock_out: bool = False
    is_waived: bool = False


@dataclass(frozen=True, slots=True)
class Readiness:
    """
    How far a gate is ready.

    ``percent`` is null when nothing is asked; ``failed`` are the knock-outs that stop the gate,
    ``unanswered`` the codes nobody answered yet.
    """

    percent: Decimal | None
    threshold: Decimal
    failed: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()

    @property
    def is_enough(self) -> bool:
        """Whether the percentage reaches the threshold, compared before rounding (CON-2)."""
        return self.percent is None or self.percent >= self.threshold

    @property
    def is_ready(self) -> bool:
        """Whether a GO may be decided."""
        return self.is_enough and not self.failed

    def without(self, waived: Sequence[str]) -> "Readiness":
        """Return the same with knock-outs lifted by waivers that were approved since."""
        left = tuple(code for code in self.failed if code not in waived)
        return Readiness(self.percent, self.threshold, left, self.unanswered)


def readiness_of(lines: Sequence[Line], *, threshold: Decimal) -> Readiness:
    """
    Return the readiness of a gate.

    Examples
    --------
    >>> lines = [Line("A", 1, Answer.YES), Line("B", 1, Answer.PARTLY), Line("C", 2, Answer.NOT_APPLICABLE)]
    >>> readiness_of(lines, threshold=Decimal(80)).percent
    Decimal('75.0')
    """
    asked = [line for line in lines if line.answer != Answer.NOT_APPLICABLE]
    weight = sum(line.weight for line in asked)
    reached = sum(
        (line.weight * POINTS[line.answer] for line in asked if line.answer is not None), Decimal(0)
    )
    return Readiness(
        percent=percent(reached, Decimal(weight)) if weight else None,
        threshold=threshold,
        failed=tuple(
            line.code
            for line in asked
            if line.is_knock_out and not line.is_waived and line.answer != Answer.YES
        ),
        unanswered=tuple(line.code for line in asked if line.answer is None),
    )


def open_decisions(readiness: Readiness) -> tuple[Decision, ...]:
    """
    Return what may be decided (STD-14).

    A failed knock-out leaves only HOLD, RECYCLE and KILL; when only the percentage fails, a conditional GO
    is left too.
    """
    if readiness.failed:
        return STOPPING
    if not readiness.is_enough:
        return (Decision.CONDITIONAL_GO, *STOPPING)
    return (Decision.GO, Decision.CONDITIONAL_GO, *STOPPING)
