"""The exceptions list E1 to E12 (domain 11.4), each at its limit."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portfolio.rollup.exceptions import ExceptionCode, ExceptionContext, find_exceptions
from portfolio.rollup.facts import ProjectFacts, RecordRef
from portfolio.rollup.vocabulary import Color, ProjectState
from tests.portfolio.rollup.examples import AS_OF, POLICY, dec, facts, p1, p3, p4, rate

R = Color.RED


def found(given: ProjectFacts, **context) -> dict[ExceptionCode, dict]:
    items = find_exceptions(rate(given), given, POLICY, ExceptionContext(**context))
    return {item.code: dict(item.params) for item in items}


def with_cost(given: ProjectFacts, **changes: str) -> ProjectFacts:
    return replace(given, cost=replace(given.cost, **{name: dec(text) for name, text in changes.items()}))


def test_healthy_project_has_no_exception():
    """11.4: P1 of EX-HLT."""
    assert found(p1(), former_color=Color.GREEN) == {}


@pytest.mark.parametrize(("former", "fires"), [(Color.AMBER, True), (None, True), (R, False)])
def test_e1_newly_red(former, fires):
    """E1: RED now and not at the former close."""
    assert (ExceptionCode.NEWLY_RED in found(p3(), former_color=former)) is fires


@pytest.mark.parametrize(("closes", "plan", "fires"), [(3, False, True), (2, False, False), (3, True, False)])
def test_e2_red_three_closes_without_recovery_plan(closes, plan, fires):
    """E2: RED for at least 3 period closes without approved recovery plan."""
    codes = found(p3(), former_color=R, red_closes=closes, has_recovery_plan=plan)

    assert (ExceptionCode.RED_WITHOUT_RECOVERY in codes) is fires


def test_e3_stale_and_very_stale():
    """E3: with the age class and the age."""
    old = replace(p1(), report=replace(p1().report, last_period_end=date(2025, 12, 31)))

    assert found(p4())[ExceptionCode.REPORT_STALE] == {"freshness": "STALE", "age_days": "59"}
    assert found(old)[ExceptionCode.REPORT_STALE] == {"freshness": "VERY_STALE", "age_days": "90"}


def test_e4_optimistic_declaration():
    """E4: names the dimensions."""
    assert found(p3())[ExceptionCode.OPTIMISTIC] == {"dimensions": "SCHEDULE"}


@pytest.mark.parametrize(("fac", "fires"), [("2200", False), ("2200.01", True)])
def test_e5_forecast_over_budget(fac, fires):
    """E5: FAC above 110 % of budget."""
    assert (ExceptionCode.FORECAST_OVER_BUDGET in found(with_cost(p1(), fac=fac))) is fires


def test_e6_condition_overdue_carries_the_records_of_the_indicator():
    """E6: any overdue gate condition."""
    ref = RecordRef("condition", "7", "Security test")
    given = replace(
        p1(),
        governance=replace(p1().governance, oldest_condition_overdue_days=1),
        records={"HG2": (ref,)},
    )

    items = find_exceptions(rate(given), given, POLICY, ExceptionContext())

    assert [(item.code, item.params, item.records) for item in items] == [
        (ExceptionCode.CONDITION_OVERDUE, {"days": "1"}, (ref,))
    ]


def test_e7_dependency_red():
    """E7: red dependencies are counted and linked."""
    refs = (RecordRef("dependency", "2"), RecordRef("dependency", "1"))

    assert found(p1(), red_dependencies=refs) == {ExceptionCode.DEPENDENCY_RED: {"count": "2"}}


def test_e8_data_quality_low():
    """E8: below 60."""
    assert found(p4())[ExceptionCode.DATA_QUALITY_LOW]["value"].startswith("44.444")


@pytest.mark.parametrize(
    ("ev", "ac", "expected"),
    [
        ("970", "1000", None),
        ("900", "1000", None),
        ("899.99", "1000", "1.10001"),
        ("399.99", "1000", None),
        ("400", "1000", "1.6"),
        ("2000", "2100", None),
    ],
)
def test_e9_tcpi_above_limit_after_twenty_percent(ev, ac, expected):
    """E9: TCPI(BAC) above 1.10 from 20 % done on, unfinished."""
    params = found(with_cost(p1(), ev=ev, ac=ac)).get(ExceptionCode.TCPI_HIGH, {})

    assert params.get("tcpi") == expected


def test_e9_budget_exhausted():
    """E9, A.2: AC at or above BAC with work left is shown red."""
    params = found(with_cost(p1(), ev="1900", ac="2000"))[ExceptionCode.TCPI_HIGH]

    assert params == {"reason": "BUDGET_EXHAUSTED"}


@pytest.mark.parametrize(("days", "fires"), [(5, False), (6, True), (None, False)])
def test_e10_escalation_unacknowledged(days, fires):
    """E10: more than 5 working days."""
    codes = found(p1(), unacknowledged_wd=days)

    assert (ExceptionCode.ESCALATION_UNACKNOWLEDGED in codes) is fires


@pytest.mark.parametrize(("days", "fires"), [(29, False), (30, True)])
def test_e11_no_baseline_after_thirty_days(days, fires):
    """E11: 30 days after entering executing."""
    given = replace(p4(), report=replace(p4().report, executing_since=AS_OF - timedelta(days=days)))

    assert (ExceptionCode.NO_BASELINE in found(given)) is fires


@pytest.mark.parametrize(("eac", "fires"), [("1800", False), ("1799.99", True)])
def test_e12_declared_estimate_far_below_trend(eac, fires):
    """E12: more than 10 % of BAC below EAC-1 (here 2000)."""
    given = with_cost(p1(), ev="1000", ac="1000", eac=eac)

    assert (ExceptionCode.EAC_BELOW_TREND in found(given)) is fires


def test_unknown_money_raises_nothing():
    """CON-4: what is not known is no exception."""
    given = replace(facts(), cost=type(facts().cost)())

    assert found(given) == {}


@pytest.mark.parametrize("state", [ProjectState.ON_HOLD, ProjectState.CLOSED, ProjectState.PROPOSED])
def test_projects_that_are_not_rated_are_not_listed(state):
    """11.2 step 1: no exceptions for on hold, closed or left out."""
    assert found(replace(p3(), state=state), red_closes=5) == {}
