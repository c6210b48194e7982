"""Age of the last published status report (REP-9)."""

from dataclasses import dataclass
from datetime import date

from portfolio.rollup.facts import ReportFacts
from portfolio.rollup.policy import ReportRules
from portfolio.rollup.vocabulary import Freshness


@dataclass(frozen=True, slots=True)
class ReportAge:
    """Age class and age in calendar days; no age while nothing was ever published."""

    freshness: Freshness
    days: int | None


def report_age(report: ReportFacts, rules: ReportRules, as_of: date) -> ReportAge:
    """
    Return how old the last published report is.

    Parameters
    ----------
    report : ReportFacts
        Cycle, end of the last reported period, entry into executing, reopening.
    rules : ReportRules
        Days of each cycle and days of grace.
    as_of : date
        Day of the roll-up.

    Returns
    -------
    ReportAge
        Fresh up to cycle + grace days; very stale beyond twice the cycle + grace; stale between.
        Never reported: very stale once executing for more than cycle + grace days, before that
        not due. A reopened project counts from the day it was opened again.
    """
    cycle = rules.cycle_days[report.cycle]
    restart = report.cycle_restarted_on
    if report.last_period_end is None:
        return _never_reported(report, cycle + rules.grace_days, as_of)
    start = max(report.last_period_end, restart) if restart else report.last_period_end
    days = (as_of - start).days
    if days <= cycle + rules.grace_days:
        return ReportAge(Freshness.FRESH, days)
    if days <= 2 * cycle + rules.grace_days:
        return ReportAge(Freshness.STALE, days)
    return ReportAge(Freshness.VERY_STALE, days)


def _never_reported(report: ReportFacts, allowed_days: int, as_of: date) -> ReportAge:
    starts = [day for day in (report.executing_since, report.cycle_restarted_on) if day is not None]
    if report.executing_since is None or (as_of - max(starts)).days <= allowed_days:
        return ReportAge(Freshness.NOT_DUE, None)
    return ReportAge(Freshness.VERY_STALE, None)
