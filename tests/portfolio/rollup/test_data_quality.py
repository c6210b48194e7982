"""Data quality: weights, bands, checks that do not apply (11.2 step 9)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portfolio.rollup.data_quality import quality_checks, rate_data_quality
from portfolio.rollup.facts import ReportFacts
from portfolio.rollup.policy import QualityCheck
from portfolio.rollup.vocabulary import Color, DataQualityBand, Freshness, ProjectState
from tests.portfolio.rollup.examples import AS_OF, POLICY, dec, facts, rate

EVERY = dict.fromkeys(QualityCheck, True)


def quality(**verdicts: bool | None):
    checks = {**EVERY, **{QualityCheck(code): verdict for code, verdict in verdicts.items()}}
    found = rate_data_quality(checks, POLICY.data_quality)
    return found.value, found.band


@pytest.mark.parametrize(
    ("failed", "expected"),
    [
        ([], (dec(100), DataQualityBand.HIGH)),
        (["DATA_DATE_RECENT"], (dec(85), DataQualityBand.HIGH)),
        (["REPORT_FRESH"], (dec(80), DataQualityBand.MEDIUM)),
        (["REPORT_FRESH", "DATA_DATE_RECENT", "TASKS_OWNED"], (dec(60), DataQualityBand.MEDIUM)),
        (["REPORT_FRESH", "DATA_DATE_RECENT", "COSTS_POSTED"], (dec(55), DataQualityBand.LOW)),
    ],
)
def test_bands_at_their_limits(failed, expected):
    """11.2 step 9: at least 85 high, at least 60 medium, else low."""
    assert quality(**dict.fromkeys(failed, False)) == expected


def test_check_that_does_not_apply_leaves_the_sum():
    """11.2 step 9: passed over applicable."""
    assert quality(SCHEDULE_QUALITY=None, REPORT_FRESH=False) == (
        dec(7000) / 90,
        DataQualityBand.MEDIUM,
    )


def test_nothing_applicable_has_no_value():
    """CON-4: no value, no band."""
    found = rate_data_quality({}, POLICY.data_quality)

    assert (found.value, found.band) == (None, None)


@pytest.mark.parametrize(("days", "verdict"), [(38, True), (39, False)])
def test_data_date_within_cycle_and_grace(days, verdict):
    """11.2 step 9: data date within cycle + 7 days."""
    given = replace(facts(), data_date=AS_OF - timedelta(days=days))

    checks = quality_checks(given, POLICY, Freshness.FRESH, AS_OF)

    assert checks[QualityCheck.DATA_DATE_RECENT] is verdict


def test_no_data_date_fails_its_check():
    """A.2 no data date: data quality falls."""
    health = rate(replace(facts(), data_date=None))

    assert health.data_quality.value == 85


def test_report_that_is_not_due_is_not_applicable():
    """REP-9: nothing to report yet is neither passed nor failed."""
    given = replace(facts(), state=ProjectState.PLANNING, report=ReportFacts())

    health = rate(given)

    assert health.data_quality.checks[QualityCheck.REPORT_FRESH] is None
    assert health.data_quality.value == 100


def test_low_quality_does_not_change_the_color():
    """11.2 step 9: badge only."""
    checks = dict.fromkeys(facts().checks, False)

    health = rate(replace(facts(), checks=checks))

    assert health.data_quality.band == DataQualityBand.LOW
    assert health.color == Color.GREEN
