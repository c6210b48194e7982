"""Age of reports (REP-9, EX-REP)."""

from datetime import date, timedelta

import pytest

from portfolio.rollup.facts import ReportFacts
from portfolio.rollup.freshness import ReportAge, report_age
from portfolio.rollup.vocabulary import Freshness, ReportCycle
from tests.portfolio.rollup.examples import POLICY

FRESH, STALE, VERY_STALE = Freshness.FRESH, Freshness.STALE, Freshness.VERY_STALE


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2026, 3, 10), ReportAge(FRESH, 38)),
        (date(2026, 3, 11), ReportAge(STALE, 39)),
        (date(2026, 4, 10), ReportAge(STALE, 69)),
        (date(2026, 4, 11), ReportAge(VERY_STALE, 70)),
    ],
)
def test_monthly_report_of_january(as_of, expected):
    """EX-REP: fresh to 10 Mar (age 38), stale from 11 Mar, very stale from 11 Apr (70 > 69)."""
    report = ReportFacts(ReportCycle.MONTHLY, last_period_end=date(2026, 1, 31))

    assert report_age(report, POLICY.report, as_of) == expected


@pytest.mark.parametrize(
    ("cycle", "last_fresh", "last_stale"),
    [
        (ReportCycle.WEEKLY, 14, 21),
        (ReportCycle.TWO_WEEKLY, 21, 35),
        (ReportCycle.MONTHLY, 38, 69),
        (ReportCycle.QUARTERLY, 99, 191),
    ],
)
def test_limits_of_each_cycle(cycle, last_fresh, last_stale):
    """REP-9: cycle days 7, 14, 31, 92 with 7 days of grace."""
    end = date(2026, 1, 31)
    report = ReportFacts(cycle, last_period_end=end)

    ages = [last_fresh, last_fresh + 1, last_stale, last_stale + 1]
    found = [report_age(report, POLICY.report, end + timedelta(days=age)).freshness for age in ages]

    assert found == [FRESH, STALE, STALE, VERY_STALE]


@pytest.mark.parametrize(("days", "expected"), [(38, Freshness.NOT_DUE), (39, VERY_STALE)])
def test_never_reported_while_executing(days, expected):
    """REP-9: never reported and executing for more than cycle + 7 days is very stale."""
    since = date(2026, 1, 1)

    found = report_age(ReportFacts(executing_since=since), POLICY.report, since + timedelta(days=days))

    assert found == ReportAge(expected, None)


def test_never_reported_before_executing_is_not_due():
    """REP-9: the clock starts with executing."""
    assert report_age(ReportFacts(), POLICY.report, date(2026, 1, 1)).freshness == Freshness.NOT_DUE
