"""Checks 1 to 4: logic, leads, lags and link types."""

from decimal import Decimal

import numpy as np

from projects.engine.measure import Measure, Reason
from projects.engine.schedule_quality.clock import ProjectClock
from projects.engine.schedule_quality.facts import Flags, PlanFacts
from projects.engine.schedule_quality.policy import QualityPolicy
from projects.engine.schedule_quality.population import Population
from projects.engine.schedule_quality.result import CheckResult, Offender, judged, not_applicable, share
from projects.engine.schedule_quality.vocabulary import Check, Flaw
from projects.engine.scheduling.layout import LAG, LINK_TYPE, SUCCESSOR
from projects.engine.scheduling.network import LinkType


def check_logic(population: Population, policy: QualityPolicy) -> CheckResult:
    """Return check 1: open tasks without a predecessor, a successor, or both."""
    return share(
        Check.LOGIC,
        policy.checks[Check.LOGIC],
        numerator=int((population.tasks & (population.lacks_predecessor | population.lacks_successor)).sum()),
        denominator=int(population.tasks.sum()),
        when_empty=population.when_empty,
        offenders=open_ends(population, population.tasks),
    )


def open_ends(population: Population, among: Flags) -> tuple[Offender, ...]:
    """Return which of some activities lack a link, and at which end."""
    no_start, no_finish = population.lacks_predecessor, population.lacks_successor
    flaws = {
        (True, True): Flaw.NO_LINKS,
        (True, False): Flaw.NO_PREDECESSOR,
        (False, True): Flaw.NO_SUCCESSOR,
    }
    return tuple(
        Offender(int(at), flaw=flaws[bool(no_start[at]), bool(no_finish[at])])
        for at in np.flatnonzero(among & (no_start | no_finish))
    )


def check_leads(
    facts: PlanFacts, population: Population, policy: QualityPolicy, clock: ProjectClock
) -> CheckResult:
    """Return check 2: links with negative lag."""
    found = population.links & (facts.network.links[:, LAG] < 0)
    return _links(Check.LEADS, facts, population, policy, found, clock)


def check_lags(
    facts: PlanFacts, population: Population, policy: QualityPolicy, clock: ProjectClock
) -> CheckResult:
    """Return check 3: links with positive lag."""
    found = population.links & (facts.network.links[:, LAG] > 0)
    return _links(Check.LAGS, facts, population, policy, found, clock)


def _links(
    check: Check,
    facts: PlanFacts,
    population: Population,
    policy: QualityPolicy,
    found: Flags,
    clock: ProjectClock,
) -> CheckResult:
    links = facts.network.links
    return share(
        check,
        policy.checks[check],
        numerator=int(found.sum()),
        denominator=int(population.links.sum()),
        when_empty=_when_no_links(population),
        offenders=tuple(
            Offender(int(links[at, SUCCESSOR]), link=int(at), days=clock.days(int(links[at, LAG])))
            for at in np.flatnonzero(found)
        ),
    )


def check_link_types(facts: PlanFacts, population: Population, policy: QualityPolicy) -> CheckResult:
    """Return check 4: finish-to-start in percent of the links; the others are its offenders."""
    links, threshold = facts.network.links, policy.checks[Check.LINK_TYPES]
    total = int(population.links.sum())
    if total == 0:
        return not_applicable(Check.LINK_TYPES, threshold, _when_no_links(population))
    others = np.flatnonzero(population.links & (links[:, LINK_TYPE] != LinkType.FS))
    kept = total - others.size
    return judged(
        Check.LINK_TYPES,
        threshold,
        Measure.of(Decimal(100 * kept) / Decimal(total)),
        numerator=Decimal(kept),
        denominator=Decimal(total),
        offenders=tuple(
            Offender(
                int(links[at, SUCCESSOR]), link=int(at), flaw=Flaw(LinkType(int(links[at, LINK_TYPE])).name)
            )
            for at in others
        ),
    )


def _when_no_links(population: Population) -> Reason:
    """Return why there are no links to check: nothing is open, or nothing is linked."""
    return Reason.INSUFFICIENT_DATA if population.open.any() else population.when_empty
