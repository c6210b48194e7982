"""Extra findings X1 to X7: worth knowing, not in the score (SQ-4)."""

from dataclasses import replace
from decimal import Decimal

import numpy as np

from projects.engine.measure import Measure, Reason
from projects.engine.schedule_quality.clock import ProjectClock
from projects.engine.schedule_quality.facts import Flags, PlanFacts
from projects.engine.schedule_quality.link_checks import open_ends
from projects.engine.schedule_quality.policy import QualityPolicy, Threshold
from projects.engine.schedule_quality.population import Population, links_holding
from projects.engine.schedule_quality.redundant_links import redundant_links
from projects.engine.schedule_quality.result import (
    CheckResult,
    Offender,
    count,
    judged,
    not_applicable,
    share,
)
from projects.engine.schedule_quality.vocabulary import Finding, Flaw, Unit
from projects.engine.scheduling.layout import PREDECESSOR, SUCCESSOR
from projects.engine.scheduling.network import LinkType


def find_all(
    facts: PlanFacts, population: Population, policy: QualityPolicy, clock: ProjectClock
) -> tuple[CheckResult, ...]:
    """Return the findings in their order."""
    return (
        _open_milestones(population, policy.findings[Finding.OPEN_MILESTONES]),
        _dangling_ends(facts, population, policy.findings[Finding.DANGLING_ENDS]),
        _redundant(facts, population, policy.findings[Finding.REDUNDANT_LINKS]),
        _of_tasks(Finding.NO_OWNER, population, ~facts.has_owner, policy),
        _old_data_date(facts, population, policy.findings[Finding.OLD_DATA_DATE]),
        _critical_share(facts, population, policy.findings[Finding.CRITICAL_SHARE]),
        _no_deliverable(facts, population, policy),
    )


def _open_milestones(population: Population, threshold: Threshold) -> CheckResult:
    """X1: milestones not reached that lack a predecessor or a successor."""
    milestones = population.open & ~population.works
    if not milestones.any():
        return not_applicable(Finding.OPEN_MILESTONES, threshold, Reason.NOT_APPLICABLE)
    offenders = open_ends(population, milestones)
    return count(Finding.OPEN_MILESTONES, threshold, offenders, denominator=int(milestones.sum()))


def _dangling_ends(facts: PlanFacts, population: Population, threshold: Threshold) -> CheckResult:
    """X2: tasks whose start nothing drives, only FF and SF come in, or whose finish drives nothing."""
    if not population.tasks.any():
        return not_applicable(Finding.DANGLING_ENDS, threshold, population.when_empty)
    links = facts.network.links
    start_held = links_holding(facts, ends=links[:, SUCCESSOR], types=(LinkType.FS, LinkType.SS))
    finish_used = links_holding(facts, ends=links[:, PREDECESSOR], types=(LinkType.FS, LinkType.FF))
    no_start = population.tasks & (population.links_in > 0) & (start_held == 0)
    no_finish = population.tasks & (population.links_out > 0) & (finish_used == 0)
    flaws = {
        (True, True): Flaw.NO_DRIVERS,
        (True, False): Flaw.NO_START_DRIVER,
        (False, True): Flaw.NO_FINISH_DRIVER,
    }
    offenders = tuple(
        Offender(int(at), flaw=flaws[bool(no_start[at]), bool(no_finish[at])])
        for at in np.flatnonzero(no_start | no_finish)
    )
    return count(Finding.DANGLING_ENDS, threshold, offenders, denominator=int(population.tasks.sum()))


def _redundant(facts: PlanFacts, population: Population, threshold: Threshold) -> CheckResult:
    """X3: links that follow from a chain of others."""
    if not population.links.any():
        return not_applicable(Finding.REDUNDANT_LINKS, threshold, Reason.NOT_APPLICABLE)
    found = np.flatnonzero(redundant_links(facts, population.links))
    offenders = tuple(Offender(int(facts.network.links[at, SUCCESSOR]), link=int(at)) for at in found)
    return count(Finding.REDUNDANT_LINKS, threshold, offenders, denominator=int(population.links.sum()))


def _of_tasks(finding: Finding, population: Population, lacks: Flags, policy: QualityPolicy) -> CheckResult:
    """X4 and X7: open tasks that lack something."""
    threshold = policy.findings[finding]
    if not population.tasks.any():
        return not_applicable(finding, threshold, population.when_empty)
    offenders = tuple(Offender(int(at)) for at in np.flatnonzero(population.tasks & lacks))
    return count(finding, threshold, offenders, denominator=int(population.tasks.sum()))


def _old_data_date(facts: PlanFacts, population: Population, threshold: Threshold) -> CheckResult:
    """X5: a data date more than one reporting cycle ago, while there is something to report."""
    limit = replace(threshold, limit=Decimal(facts.cycle_days), unit=Unit.DAYS)
    if not population.open.any():
        return not_applicable(Finding.OLD_DATA_DATE, limit, population.when_empty)
    if facts.data_date_age is None:
        return not_applicable(Finding.OLD_DATA_DATE, limit, Reason.NO_DATA_DATE)
    return judged(Finding.OLD_DATA_DATE, limit, Measure.of(Decimal(facts.data_date_age)))


def _critical_share(facts: PlanFacts, population: Population, threshold: Threshold) -> CheckResult:
    """X6: so many critical tasks that none of them stands out."""
    critical = np.flatnonzero(population.tasks & facts.schedule.is_critical)
    return share(
        Finding.CRITICAL_SHARE,
        threshold,
        numerator=critical.size,
        denominator=int(population.tasks.sum()),
        when_empty=population.when_empty,
        offenders=tuple(Offender(int(at)) for at in critical),
    )


def _no_deliverable(facts: PlanFacts, population: Population, policy: QualityPolicy) -> CheckResult:
    """X7: tasks without deliverable or acceptance, where such are recorded."""
    if facts.has_deliverable is None:
        threshold = policy.findings[Finding.NO_DELIVERABLE]
        return not_applicable(Finding.NO_DELIVERABLE, threshold, Reason.INSUFFICIENT_DATA)
    return _of_tasks(Finding.NO_DELIVERABLE, population, ~facts.has_deliverable, policy)
