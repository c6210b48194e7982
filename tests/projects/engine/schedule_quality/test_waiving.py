"""Whether a plan is good enough for a baseline when checks are waived."""

from decimal import Decimal

from projects.engine.measure import Measure, Reason
from projects.engine.schedule_quality.vocabulary import Check, Grade, Verdict
from projects.engine.schedule_quality.waiving import Judgment, judge_without


def verdicts(*failed: Check, idle: tuple[Check, ...] = ()) -> dict[Check, Verdict]:
    return {
        code: Verdict.FAIL if code in failed else Verdict.NOT_APPLICABLE if code in idle else Verdict.PASS
        for code in Check
    }


EX_SQ = (Check.LEADS, Check.HARD_CONSTRAINTS, Check.MISSED_TASKS, Check.CPLI, Check.BEI)


def test_plan_of_the_specification_becomes_fair_with_two_waivers() -> None:
    """EX-SQ: 9 of 14 is poor; without leads and hard constraints 9 of 12 is fair (SQ-3)."""
    plain = judge_without(verdicts(*EX_SQ), set())
    waived = judge_without(verdicts(*EX_SQ), {Check.LEADS, Check.HARD_CONSTRAINTS})

    assert round(plain.score.value or Decimal(0), 1) == Decimal("64.3")
    assert (plain.grade, plain.failed) == (Grade.POOR, EX_SQ)
    assert (waived.score, waived.grade) == (Measure.of(75), Grade.FAIR)
    assert (waived.failed, waived.waived) == (EX_SQ[2:], EX_SQ[:2])
    assert [waived.is_at_least(grade) for grade in (Grade.FAIR, Grade.GOOD)] == [True, False]


def test_check_that_must_be_passed_stands_in_the_way_until_it_is_waived() -> None:
    """SQ-3: 13 of 14 is 92.9, but negative float keeps the plan from good."""
    failed = verdicts(Check.NEGATIVE_FLOAT)

    assert judge_without(failed, set()).grade is Grade.FAIR
    assert judge_without(failed, {Check.NEGATIVE_FLOAT}).grade is Grade.GOOD


def test_waiver_of_a_passed_check_changes_nothing() -> None:
    found = verdicts(Check.LAGS)

    assert judge_without(found, {Check.LEADS}) == judge_without(found, set())


def test_plan_without_applicable_check_has_no_grade() -> None:
    found = judge_without(verdicts(idle=tuple(Check)), set())

    assert found == Judgment(Measure.missing(Reason.NOT_APPLICABLE), None, (), ())
    assert not found.is_at_least(Grade.FAIR)
