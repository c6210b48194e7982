"""What the checks of a schedule return."""

from dataclasses import dataclass
from decimal import Decimal

from projects.engine.measure import Measure, Reason
from projects.engine.schedule_quality.policy import Threshold
from projects.engine.schedule_quality.vocabulary import Check, Finding, Flaw, Grade, Verdict


@dataclass(frozen=True, slots=True)
class Offender:
    """
    One task, or one link by its successor, that a check stumbles over.

    Attributes
    ----------
    activity : int
        Position in the network.
    link : int or None
        Position of the link, where a link is meant.
    flaw : Flaw
        What is wrong, where there are several ways.
    days : Decimal or None
        Working days of float, lag, duration or delay, where the check is about them.
    """

    activity: int
    link: int | None = None
    flaw: Flaw = Flaw.NONE
    days: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """
    One check or finding of one plan.

    Attributes
    ----------
    value : Measure
        In the unit of the threshold, unrounded; a reason where the check cannot be made (SQ-1).
    numerator, denominator : Decimal or None
        What the value was made from; for CPLI working days, for the critical path test the days the finish
        moved and those it had to.
    offenders : tuple of Offender
        In the order of the network; listed for a passed check too.
    subject : int or None
        The activity a test was made with.
    """

    code: Check | Finding
    value: Measure
    numerator: Decimal | None
    denominator: Decimal | None
    threshold: Threshold
    verdict: Verdict
    offenders: tuple[Offender, ...] = ()
    subject: int | None = None


@dataclass(frozen=True, slots=True)
class ScheduleQuality:
    """
    All checks of one plan.

    Attributes
    ----------
    score : Measure
        Passed in percent of the applicable checks, 0-100 (SQ-3).
    grade : Grade or None
        ``None`` while there is no score.
    passed, applicable : int
        Counts of checks.
    """

    policy_version: int
    checks: tuple[CheckResult, ...]
    findings: tuple[CheckResult, ...]
    score: Measure
    grade: Grade | None
    passed: int
    applicable: int


def judged(
    code: Check | Finding,
    threshold: Threshold,
    value: Measure,
    *,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    offenders: tuple[Offender, ...] = (),
    subject: int | None = None,
) -> CheckResult:
    """Return a result with the verdict its value deserves."""
    verdict = Verdict.NOT_APPLICABLE
    if value.value is not None:
        verdict = Verdict.PASS if threshold.is_kept_by(value.value) else Verdict.FAIL
    return CheckResult(code, value, numerator, denominator, threshold, verdict, offenders, subject)


def not_applicable(code: Check | Finding, threshold: Threshold, reason: Reason) -> CheckResult:
    """Return the result of a check that cannot be made."""
    return judged(code, threshold, Measure.missing(reason))


def share(
    code: Check | Finding,
    threshold: Threshold,
    *,
    numerator: int,
    denominator: int,
    when_empty: Reason,
    offenders: tuple[Offender, ...] = (),
) -> CheckResult:
    """Return a check of ``numerator`` in percent of ``denominator``; one of nothing is not applicable."""
    if denominator == 0:
        return not_applicable(code, threshold, when_empty)
    return judged(
        code,
        threshold,
        Measure.of(Decimal(100 * numerator) / Decimal(denominator)),
        numerator=Decimal(numerator),
        denominator=Decimal(denominator),
        offenders=offenders,
    )


def count(
    code: Check | Finding,
    threshold: Threshold,
    offenders: tuple[Offender, ...],
    *,
    denominator: int | None = None,
) -> CheckResult:
    """Return a check of how many offenders there are."""
    number = Decimal(len(offenders))
    return judged(
        code,
        threshold,
        Measure.of(number),
        numerator=number,
        denominator=None if denominator is None else Decimal(denominator),
        offenders=offenders,
    )
