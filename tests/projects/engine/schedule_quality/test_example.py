"""EX-SQ (domain 5.11): the printed figures from a network of 120 open tasks and 180 links."""

from decimal import Decimal

import pytest

from projects.engine.measure import Measure
from projects.engine.schedule_quality.population import population_of
from projects.engine.schedule_quality.vocabulary import Check, Grade, Verdict
from tests.projects.engine.schedule_quality.checked import figures
from tests.projects.engine.schedule_quality.example import example

pytestmark = pytest.mark.pure

PRINTED = {
    Check.LOGIC: (3.3, 4, 120, "PASS"),
    Check.LEADS: (1.1, 2, 180, "FAIL"),
    Check.LAGS: (5.0, 9, 180, "PASS"),
    Check.LINK_TYPES: (91.7, 165, 180, "PASS"),
    Check.HARD_CONSTRAINTS: (5.8, 7, 120, "FAIL"),
    Check.HIGH_FLOAT: (5.0, 6, 120, "PASS"),
    Check.NEGATIVE_FLOAT: (0.0, 0, 120, "PASS"),
    Check.HIGH_DURATION: (4.2, 5, 120, "PASS"),
    Check.INVALID_DATES: (0, 0, None, "PASS"),
    Check.RESOURCES: (0.0, 0, 110, "PASS"),
    Check.MISSED_TASKS: (18.8, 9, 48, "FAIL"),
    Check.CRITICAL_PATH_TEST: (600, 600, 600, "PASS"),
    Check.CPLI: (0.94, 94, 100, "FAIL"),
    Check.BEI: (0.90, 45, 50, "FAIL"),
}


def test_population_of_the_example() -> None:
    population = population_of(example().facts())

    assert (population.tasks.sum(), population.links.sum()) == (120, 180)


@pytest.mark.parametrize("check", Check)
def test_check_of_the_example(check: Check) -> None:
    """SQ-1, SQ-2: value as printed, numerator and denominator exactly, and the verdict."""
    value, numerator, denominator, verdict = figures(example().result(check))

    assert value is not None
    digits = 2 if check in {Check.CPLI, Check.BEI} else 1
    assert (round(value, digits), numerator, denominator, verdict) == PRINTED[check]


def test_score_of_the_example() -> None:
    """SQ-3: 9 of 14 pass, 64.3 %, poor."""
    quality = example().quality()

    assert (quality.passed, quality.applicable, quality.grade) == (9, 14, Grade.POOR)
    assert quality.score == Measure.of(Decimal(900) / Decimal(14))
    assert round(quality.score.value or 0, 1) == Decimal("64.3")


def test_offenders_of_the_example_are_those_counted() -> None:
    """SQ-2: the offending tasks of each check."""
    checked = example()

    assert checked.stumbled(Check.LOGIC) == [
        ("S1.1", "NO_PREDECESSOR", None),
        ("S2.1", "NO_PREDECESSOR", None),
        ("S3.1", "NO_PREDECESSOR", None),
        ("S4.5", "NO_SUCCESSOR", None),
    ]
    assert checked.stumbled(Check.LEADS) == [("S18.4", "", -0.5), ("S19.4", "", -0.5)]
    assert [name for name, _, _ in checked.stumbled(Check.HIGH_FLOAT)] == [
        *("S4.1", "S4.2", "S4.3", "S4.4", "S4.5", "S5.5")
    ]
    assert {(name, days) for name, _, days in checked.stumbled(Check.HIGH_DURATION)} == {
        (f"L{number}", 50.0) for number in range(1, 6)
    }
    assert [(name, flaw) for name, flaw, _ in checked.stumbled(Check.MISSED_TASKS)] == [
        *((f"D{number}", "FINISHED_LATE") for number in (40, 41, 42)),
        *((name, "UNFINISHED") for name in ("M1", "M2", "S1.1", "S2.1", "S3.1", "L1")),
    ]


def test_critical_path_test_names_the_task_it_delayed() -> None:
    checked = example()

    result = checked.result(Check.CRITICAL_PATH_TEST)

    assert result.verdict is Verdict.PASS
    assert result.subject is not None
    assert checked.names[result.subject] == "M1"
    assert result.offenders == ()
