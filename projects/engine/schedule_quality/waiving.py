"""Whether a plan is good enough for a baseline when some of its checks need not be passed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from projects.engine.measure import Measure, Reason, quotient
from projects.engine.schedule_quality.policy import VERSION_1, QualityPolicy
from projects.engine.schedule_quality.vocabulary import Check, Grade, Verdict

RANK = {Grade.POOR: 0, Grade.FAIR: 1, Grade.GOOD: 2}


@dataclass(frozen=True, slots=True)
class Judgment:
    """
    The checks of a plan without those that are waived.

    Attributes
    ----------
    score : Measure
        Passed in percent of the applicable checks, 0-100.
    grade : Grade or None
        None without a score.
    failed : tuple of Check
        Failed checks that nobody waived.
    waived : tuple of Check
        Failed checks that were left out.
    """

    score: Measure
    grade: Grade | None
    failed: tuple[Check, ...]
    waived: tuple[Check, ...]

    def is_at_least(self, wanted: Grade) -> bool:
        """Whether the plan is as good as wanted, or better."""
        return self.grade is not None and RANK[self.grade] >= RANK[wanted]


def judge_without(
    verdicts: Mapping[Check, Verdict], waived: Collection[str], policy: QualityPolicy = VERSION_1
) -> Judgment:
    """
    Return score and grade of a plan when failed checks that are waived do not count.

    A waived check that is passed counts as passed. A waived check that must be passed for *good* does not
    stand in the way of it.
    """
    left_out = tuple(code for code, verdict in verdicts.items() if verdict is Verdict.FAIL and code in waived)
    counted = {code: verdict for code, verdict in verdicts.items() if code not in left_out}
    passed = sum(verdict is Verdict.PASS for verdict in counted.values())
    applicable = sum(verdict is not Verdict.NOT_APPLICABLE for verdict in counted.values())
    score = quotient(Decimal(100 * passed), Decimal(applicable), when_zero=Reason.NOT_APPLICABLE)
    failed = tuple(code for code, verdict in counted.items() if verdict is Verdict.FAIL)
    must = all(counted.get(code, Verdict.PASS) is Verdict.PASS for code in policy.must_pass)
    return Judgment(score, grade_from(score.value, policy, must=must), failed, left_out)


def grade_from(score: Decimal | None, policy: QualityPolicy, *, must: bool) -> Grade | None:
    """Return a score in a word; good only where the checks that must pass do (SQ-3)."""
    if score is None:
        return None
    if must and score >= policy.good_from:
        return Grade.GOOD
    return Grade.FAIR if score >= policy.fair_from else Grade.POOR
