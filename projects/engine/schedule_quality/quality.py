"""
Check a schedule: the 14 checks, the findings and the score.

Method: the 14-point assessment of the DCMA with its published thresholds [1]_, as domain 5.11 defines it.
Page: ``docs/algorithms/schedule_quality.md``.

References
----------
.. [1] Defense Contract Management Agency, "Earned Value Management System Program Analysis Pamphlet", 2012.
"""

from decimal import Decimal

from projects.engine.measure import Measure, Reason, quotient
from projects.engine.schedule_quality.clock import ProjectClock
from projects.engine.schedule_quality.date_checks import (
    check_execution,
    check_invalid_dates,
    check_missed_tasks,
)
from projects.engine.schedule_quality.facts import PlanFacts
from projects.engine.schedule_quality.findings import find_all
from projects.engine.schedule_quality.link_checks import (
    check_lags,
    check_leads,
    check_link_types,
    check_logic,
)
from projects.engine.schedule_quality.path_checks import check_critical_path, check_path_length
from projects.engine.schedule_quality.policy import VERSION_1, QualityPolicy
from projects.engine.schedule_quality.population import population_of
from projects.engine.schedule_quality.result import CheckResult, ScheduleQuality
from projects.engine.schedule_quality.task_checks import (
    check_hard_constraints,
    check_high_duration,
    check_high_float,
    check_negative_float,
    check_resources,
)
from projects.engine.schedule_quality.vocabulary import Grade, Verdict
from projects.engine.schedule_quality.waiving import grade_from


def assess_schedule(facts: PlanFacts, policy: QualityPolicy = VERSION_1) -> ScheduleQuality:
    """
    Return all checks of a plan with their offenders, the findings and the score.

    Parameters
    ----------
    facts : PlanFacts
        The network, its schedule, and what the network lacks.
    policy : QualityPolicy
        Thresholds.

    Returns
    -------
    ScheduleQuality
        The score is null with ``INSUFFICIENT_DATA`` while no activity is linked (EX-HLT, P4), and with the
        reason of the logic check when no check applies.
    """
    population, clock = population_of(facts), ProjectClock(facts)
    checks = (
        check_logic(population, policy),
        check_leads(facts, population, policy, clock),
        check_lags(facts, population, policy, clock),
        check_link_types(facts, population, policy),
        check_hard_constraints(facts, population, policy),
        check_high_float(facts, population, policy, clock),
        check_negative_float(facts, population, policy, clock),
        check_high_duration(facts, population, policy, clock),
        check_invalid_dates(facts, population, policy, clock),
        check_resources(facts, population, policy, clock),
        check_missed_tasks(facts, population, policy, clock),
        check_critical_path(facts, population, policy, clock),
        check_path_length(facts, population, policy, clock),
        check_execution(facts, population, policy),
    )
    passed = sum(result.verdict is Verdict.PASS for result in checks)
    applicable = sum(result.verdict is not Verdict.NOT_APPLICABLE for result in checks)
    score = quotient(Decimal(100 * passed), Decimal(applicable), when_zero=population.when_empty)
    if not facts.network.links.shape[0]:
        score = Measure.missing(Reason.INSUFFICIENT_DATA)
    return ScheduleQuality(
        policy_version=policy.version,
        checks=checks,
        findings=find_all(facts, population, policy, clock),
        score=score,
        grade=grade_of(score, checks, policy),
        passed=passed,
        applicable=applicable,
    )


def grade_of(score: Measure, checks: tuple[CheckResult, ...], policy: QualityPolicy) -> Grade | None:
    """Return the score in a word; good only when the checks that must pass do (SQ-3)."""
    verdicts = {result.code: result.verdict for result in checks}
    must = all(verdicts[code] is Verdict.PASS for code in policy.must_pass)
    return grade_from(score.value, policy, must=must)
