"""Findings X1 to X7, the score, the grades and the groups (SQ-3, SQ-4, SQ-5)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from projects.engine.measure import Measure
from projects.engine.schedule_quality.policy import VERSION_1
from projects.engine.schedule_quality.practices import (
    BY_PRACTICE,
    BY_QUALITY,
    Practice,
    Quality,
    practices_of,
    qualities_of,
)
from projects.engine.schedule_quality.quality import assess_schedule, grade_of
from projects.engine.schedule_quality.vocabulary import Check, Finding, Grade, Verdict, number_of
from projects.engine.scheduling.network import ActivityKind
from tests.projects.engine.schedule_quality.checked import Checked, figures
from tests.projects.engine.schedule_quality.example import example
from tests.projects.engine.schedule_quality.test_checks import chain
from tests.projects.engine.scheduling.plans import Plan

pytestmark = pytest.mark.pure


def test_limits_are_the_published_ones() -> None:
    """SQ-2: the column "Pass" of the table, and X6; a value on the limit passes."""
    limits = {number_of(code): str(threshold.limit) for code, threshold in VERSION_1.checks.items()}
    critical = VERSION_1.findings[Finding.CRITICAL_SHARE]

    assert [limits[number] for number in sorted(limits)] == [
        *("5", "0", "5", "90", "5", "5", "0", "5", "0", "0", "5", "600", "0.95", "0.95"),
    ]
    assert (critical.is_kept_by(Decimal(40)), critical.is_kept_by(Decimal("40.01"))) == (True, False)


def test_milestone_with_open_ends_is_found() -> None:
    """X1: the end of the plan is exempt, the milestone in the middle is not."""
    plan = chain(1, 1).add("M", kind=ActivityKind.FINISH_MILESTONE).link("A", "M")
    plan.add("END", kind=ActivityKind.FINISH_MILESTONE).link("B", "END")
    checked = Checked(plan)

    assert checked.stumbled(Finding.OPEN_MILESTONES) == [("M", "NO_SUCCESSOR", None)]
    assert figures(checked.result(Finding.OPEN_MILESTONES)) == (1, 1, 2, "FAIL")


def test_dangling_ends_are_found() -> None:
    """X2: only FF comes into B, only SS leaves C; D has both faults; SS into F and FF out of it suffice."""
    plan = Plan().add("A", 5).add("B", 5).add("C", 5).add("D", 5).add("E", 5).add("F", 5)
    plan.link("A", "F", "SS").link("F", "E", "FF")
    plan.link("A", "B", "FF").link("B", "E").link("A", "C").link("C", "E", "SS")
    plan.link("A", "D", "FF").link("D", "E", "SS")

    assert Checked(plan).stumbled(Finding.DANGLING_ENDS) == [
        ("B", "NO_START_DRIVER", None),
        ("C", "NO_FINISH_DRIVER", None),
        ("D", "NO_DRIVERS", None),
    ]


def test_tasks_without_owner_are_found() -> None:
    """X4."""
    checked = Checked(chain(1, 1, 1), unowned=frozenset("B"))

    assert checked.stumbled(Finding.NO_OWNER) == [("B", "", None)]


@pytest.mark.parametrize(("age", "verdict"), [(31, "PASS"), (32, "FAIL")])
def test_data_date_is_old_after_one_cycle(age: int, verdict: str) -> None:
    """X5: a month."""
    checked = Checked(chain(1), more={"data_date_age": age, "cycle_days": 31})

    assert figures(checked.result(Finding.OLD_DATA_DATE)) == (age, None, None, verdict)


def test_old_data_date_needs_one() -> None:
    assert Checked(chain(1)).result(Finding.OLD_DATA_DATE).value == Measure.missing("NO_DATA_DATE")


def test_share_of_critical_tasks() -> None:
    """X6: two of four are 50 %."""
    plan = chain(5, 5).add("X", 1).add("Y", 1).link("X", "B").link("Y", "B")

    assert figures(Checked(plan).result(Finding.CRITICAL_SHARE)) == (50, 2, 4, "FAIL")


def test_deliverables_are_asked_for_where_they_are_recorded() -> None:
    """X7: none are kept, or B has none."""
    plain, kept = Checked(chain(1, 1)), Checked(chain(1, 1))
    kept.more = {"has_deliverable": np.array([True, False])}

    assert plain.result(Finding.NO_DELIVERABLE).value == Measure.missing("INSUFFICIENT_DATA")
    assert kept.stumbled(Finding.NO_DELIVERABLE) == [("B", "", None)]


def test_findings_of_the_example() -> None:
    """EX-SQ: 22 links FS and 15 SS say nothing new, two of them with a lead."""
    found = {item.code: figures(item) for item in example().quality().findings}

    assert found == {
        Finding.OPEN_MILESTONES: (0, 0, 1, "PASS"),
        Finding.DANGLING_ENDS: (0, 0, 120, "PASS"),
        Finding.REDUNDANT_LINKS: (37, 37, 180, "FAIL"),
        Finding.NO_OWNER: (0, 0, 120, "PASS"),
        Finding.OLD_DATA_DATE: (None, None, None, "NO_DATA_DATE"),
        Finding.CRITICAL_SHARE: (pytest.approx(100 * 20 / 120), 20, 120, "PASS"),
        Finding.NO_DELIVERABLE: (None, None, None, "INSUFFICIENT_DATA"),
    }


def test_plan_without_links_has_no_score() -> None:
    """EX-HLT, P4: not applicable while no tasks are linked; the logic check says so."""
    quality = Checked(Plan().add("A", 1).add("B", 1).add("C", 1)).quality()

    assert (quality.score, quality.grade) == (Measure.missing("INSUFFICIENT_DATA"), None)
    assert quality.checks[0].verdict is Verdict.FAIL


def test_empty_plan_has_no_score() -> None:
    quality = Checked(Plan()).quality()

    assert (quality.score, quality.applicable) == (Measure.missing("INSUFFICIENT_DATA"), 0)
    assert {item.value.reason for item in quality.checks} <= {"NOT_APPLICABLE", "INSUFFICIENT_DATA"}


def test_sound_plan_is_good() -> None:
    """SQ-3."""
    plan = chain(5, 5, 5).add("END", kind=ActivityKind.FINISH_MILESTONE).link("C", "END")
    quality = Checked(plan).quality()

    assert (quality.score, quality.passed, quality.grade) == (Measure.of(Decimal(100)), 10, Grade.GOOD)


@pytest.mark.parametrize(
    ("score", "broken", "grade"),
    [
        ("85", None, Grade.GOOD),
        ("84.9", None, Grade.FAIR),
        ("90", Check.NEGATIVE_FLOAT, Grade.FAIR),
        ("90", Check.CRITICAL_PATH_TEST, Grade.FAIR),
        ("70", None, Grade.FAIR),
        ("69.9", None, Grade.POOR),
    ],
)
def test_grade_of_a_score(score: str, broken: Check | None, grade: Grade) -> None:
    """SQ-3: good from 85 with checks 7 and 12 passed, fair from 70; compared before rounding."""
    checks = tuple(
        replace(item, verdict=Verdict.FAIL if item.code == broken else Verdict.PASS)
        for item in example().quality().checks
    )

    assert grade_of(Measure.of(Decimal(score)), checks, VERSION_1) is grade


def test_other_thresholds_give_another_verdict() -> None:
    """SQ-2: thresholds are data."""
    facts = example().facts()
    strict = VERSION_1.checks | {Check.LAGS: replace(VERSION_1.checks[Check.LAGS], limit=Decimal(2))}
    policy = replace(VERSION_1, version=2, checks=strict)

    quality = assess_schedule(facts, policy)

    assert (quality.policy_version, quality.passed) == (2, 8)
    assert quality.checks[2].verdict is Verdict.FAIL


def test_every_check_and_finding_is_in_a_practice_and_a_quality() -> None:
    """SQ-5: ten practices, eight qualities."""
    everything = {*Check, *Finding}

    assert (len(BY_PRACTICE), len(BY_QUALITY)) == (10, 8)
    assert {code for codes in BY_PRACTICE.values() for code in codes} == everything
    assert {code for codes in BY_QUALITY.values() for code in codes} == everything


def test_groups_of_the_example() -> None:
    """SQ-5: a practice fails as soon as one of its checks does; risk analysis has none."""
    quality = example().quality()

    practices = {group.code: group.verdict for group in practices_of(quality)}
    qualities = {group.code: group.verdict for group in qualities_of(quality)}

    assert practices == {
        Practice.CAPTURE_ALL: Verdict.PASS,
        Practice.SEQUENCE: Verdict.FAIL,
        Practice.RESOURCE: Verdict.PASS,
        Practice.DURATIONS: Verdict.PASS,
        Practice.TRACEABILITY: Verdict.PASS,
        Practice.CRITICAL_PATH: Verdict.FAIL,
        Practice.FLOAT: Verdict.PASS,
        Practice.RISK_ANALYSIS: Verdict.NOT_APPLICABLE,
        Practice.UPDATE: Verdict.PASS,
        Practice.BASELINE: Verdict.FAIL,
    }
    assert qualities[Quality.TRANSPARENT] is Verdict.FAIL
    assert qualities[Quality.TRACEABLE] is Verdict.PASS


def test_checks_are_numbered_as_printed() -> None:
    assert (number_of(Check.LOGIC), number_of(Check.CRITICAL_PATH_TEST), number_of(Check.BEI)) == (1, 12, 14)


def test_example_is_statused() -> None:
    """X5 of EX-SQ with an age."""
    checked = example()
    checked.more = {"data_date_age": (date(2026, 5, 20) - date(2026, 4, 10)).days}

    assert figures(checked.result(Finding.OLD_DATA_DATE)) == (40, None, None, "FAIL")
