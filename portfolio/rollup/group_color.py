"""Color of a group by rule on budget shares (HLT-2); the same rule serves each dimension."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from portfolio.rollup.group import ChildRow, GroupColor, GroupRule, RuleSentence
from portfolio.rollup.numbers import HUNDRED, ZERO, percent
from portfolio.rollup.policy import GroupRules
from portfolio.rollup.vocabulary import RATED_COLORS, Color
from projects.engine.measure import Reason


@dataclass(frozen=True, slots=True)
class ShareBasis:
    """Budgets by color over active projects, in reporting currency, and the flagships that are RED."""

    green: Decimal
    amber: Decimal
    red: Decimal
    active: Decimal
    rated_count: int
    red_flagships: tuple[str, ...]

    @property
    def rated(self) -> Decimal:
        """Budget of rated projects."""
        return self.green + self.amber + self.red

    @classmethod
    def of(cls, colored: Iterable[tuple[ChildRow, Color]]) -> Self:
        """Add up rows with the color that counts for them; budgets null or not above 0 weigh nothing."""
        sums = {Color.GREEN: ZERO, Color.AMBER: ZERO, Color.RED: ZERO}
        active = ZERO
        rated_count = 0
        flagships: list[str] = []
        for row, color in colored:
            weight = row.weight if row.weight is not None and row.weight > 0 else ZERO
            active += weight
            if color not in RATED_COLORS:
                continue
            rated_count += 1
            sums[color] += weight
            if color == Color.RED and row.is_flagship:
                flagships.append(row.key)
        return cls(
            green=sums[Color.GREEN],
            amber=sums[Color.AMBER],
            red=sums[Color.RED],
            active=active,
            rated_count=rated_count,
            red_flagships=tuple(sorted(flagships)),
        )


def color_group(basis: ShareBasis, programs: Sequence[tuple[str, Color]], rules: GroupRules) -> GroupColor:
    """
    Return the color of a group or of one of its dimensions.

    Parameters
    ----------
    basis : ShareBasis
        Budgets by color.
    programs : sequence of (key, Color)
        Programs inside the group.
    rules : GroupRules
        Limits, in percent of the budget of rated projects.

    Returns
    -------
    GroupColor
        RED for a RED flagship or enough red; else AMBER for some red, red and amber together, or a RED
        program; else GREEN. Too small a rated part of the active budget gives GREY unless RED.
    """
    red_clauses = _red_clauses(basis, rules)
    amber_clauses = _amber_clauses(basis, programs, rules)
    color = Color.RED if red_clauses else Color.AMBER if amber_clauses else Color.GREEN
    clauses = red_clauses + amber_clauses or [_within_limits(basis, rules)]
    too_little = _too_little_rated(basis, rules)
    if too_little is not None and color != Color.RED:
        color = Color.GREY
        clauses = [too_little, *red_clauses, *amber_clauses]
    return GroupColor(
        color=color,
        reason=Reason.INSUFFICIENT_DATA if color == Color.GREY else None,
        rules=tuple(clauses),
        green_share=percent(basis.green, basis.rated),
        amber_share=percent(basis.amber, basis.rated),
        red_share=percent(basis.red, basis.rated),
        rated_budget_share=percent(basis.rated, basis.active),
    )


def _reaches(part: Decimal, whole: Decimal, share: Decimal) -> bool:
    return whole > 0 and part * HUNDRED >= share * whole


def _red_clauses(basis: ShareBasis, rules: GroupRules) -> list[RuleSentence]:
    clauses = []
    if basis.red_flagships:
        clauses.append(RuleSentence(GroupRule.FLAGSHIP_RED, keys=basis.red_flagships))
    if _reaches(basis.red, basis.rated, rules.red_share_for_red):
        share = percent(basis.red, basis.rated)
        clauses.append(RuleSentence(GroupRule.RED_SHARE_RED, share, rules.red_share_for_red))
    return clauses


def _amber_clauses(
    basis: ShareBasis, programs: Sequence[tuple[str, Color]], rules: GroupRules
) -> list[RuleSentence]:
    clauses = []
    adverse = basis.red + basis.amber
    if _reaches(basis.red, basis.rated, rules.red_share_for_amber):
        share = percent(basis.red, basis.rated)
        clauses.append(RuleSentence(GroupRule.RED_SHARE_AMBER, share, rules.red_share_for_amber))
    if _reaches(adverse, basis.rated, rules.red_amber_share_for_amber):
        share = percent(adverse, basis.rated)
        clauses.append(RuleSentence(GroupRule.RED_AMBER_SHARE, share, rules.red_amber_share_for_amber))
    red_programs = tuple(sorted(key for key, color in programs if color == Color.RED))
    if red_programs:
        clauses.append(RuleSentence(GroupRule.PROGRAM_RED, keys=red_programs))
    return clauses


def _within_limits(basis: ShareBasis, rules: GroupRules) -> RuleSentence:
    share = percent(basis.red + basis.amber, basis.rated)
    return RuleSentence(GroupRule.WITHIN_LIMITS, share, rules.red_amber_share_for_amber)


def _too_little_rated(basis: ShareBasis, rules: GroupRules) -> RuleSentence | None:
    if basis.rated_count == 0:
        return RuleSentence(GroupRule.NOTHING_RATED)
    if basis.rated > 0 and _reaches(basis.rated, basis.active, rules.min_rated_share):
        return None
    return RuleSentence(GroupRule.TOO_LITTLE_RATED, percent(basis.rated, basis.active), rules.min_rated_share)
