"""Raw indicator values: null rules and the edge-case matrix (CON-4, domain 11.1 and A.2)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from portfolio.rollup.facts import BenefitFacts, ProjectFacts, QualityFacts, RecordRef
from portfolio.rollup.measures import FORMULAS, measure
from portfolio.rollup.policy import IndicatorPolicy
from portfolio.rollup.vocabulary import Color, Dimension, ProjectState, Unit
from projects.engine.measure import Reason
from tests.portfolio.rollup.examples import POLICY, dec, facts, p4, rate


def raw(given: ProjectFacts, code: str):
    value = measure(given, POLICY)[code]
    return value.value, value.reason


def with_cost(**changes) -> ProjectFacts:
    given = facts()
    return replace(given, cost=replace(given.cost, **changes))


def with_schedule(**changes) -> ProjectFacts:
    given = facts()
    return replace(given, schedule=replace(given.schedule, **changes))


def test_every_indicator_of_the_policy_has_a_formula():
    """11.1: nothing in version 1 is without its formula, nothing has a formula and no row."""
    assert {rule.code for rule in POLICY.indicators} == set(FORMULAS)


def test_empty_project_has_only_nulls_with_reasons():
    """CON-4, A.2 empty project: nothing is guessed."""
    found = measure(ProjectFacts("E", ProjectState.EXECUTING), POLICY)

    assert [item.value for item in found.values()] == [None] * 19
    assert all(item.reason is not None for item in found.values())


def test_no_baseline_makes_schedule_and_scope_null():
    """A.2 no baseline: NO_BASELINE, the forecast of the ledgers stands in for the variance."""
    found = measure(p4(), POLICY)

    assert [found[code].reason for code in ("HS1", "HS2", "HS3", "HC2", "HP1", "HP2")] == [
        Reason.NO_BASELINE
    ] * 6
    assert found["HC1"].value == dec(-2)


@pytest.mark.parametrize(
    ("pv", "expected"),
    [
        ("200", (dec("0.97"), None)),
        ("199.99", (None, Reason.TOO_EARLY)),
        ("0", (None, Reason.TOO_EARLY)),
    ],
)
def test_spi_t_is_rated_from_ten_percent_planned(pv, expected):
    """11.1 HS2: PV at least 10 % of BAC, the limit itself counts."""
    assert raw(with_cost(pv=dec(pv)), "HS2") == expected


def test_data_date_before_baseline_start_keeps_its_own_reason():
    """A.2 data date before baseline start: SPI(t) NOT_STARTED, HS2 not rated."""
    given = replace(
        with_schedule(spi_t=None),
        cost=replace(facts().cost, pv=dec(0)),
        missing={"HS2": Reason.NOT_STARTED},
    )

    assert raw(given, "HS2") == (None, Reason.NOT_STARTED)


def test_late_start_turns_schedule_red():
    """A.2 late start: nothing earned with 10 % planned, SPI(t) 0 is a value and RED; CPI has no cost."""
    given = replace(
        with_cost(pv=dec(200), ev=dec(0), ac=dec(0)),
        schedule=replace(facts().schedule, spi_t=dec(0)),
    )

    assert rate(given).indicator("HS2").color == Color.RED
    assert raw(given, "HC2") == (None, Reason.TOO_EARLY)


def test_cost_without_earned_value_leaves_cpi_out():
    """A.2 cost but no EV: HC2 not rated, HC1 and HC3 decide."""
    given = with_cost(ev=dec(0), ac=dec(2100))

    health = rate(given)

    assert raw(given, "HC2") == (None, Reason.TOO_EARLY)
    assert health.dimension(Dimension.COST).deciding == ("HC3",)
    assert health.dimension(Dimension.COST).computed == Color.RED


@pytest.mark.parametrize(
    ("ev", "ac", "expected"),
    [
        ("200", "400", (dec("0.5"), None)),
        ("199.99", "400", (None, Reason.TOO_EARLY)),
        ("200", "0", (None, Reason.NO_COST)),
    ],
)
def test_cpi_is_rated_from_ten_percent_earned(ev, ac, expected):
    """11.1 HC2: EV at least 10 % of BAC; no cost is NO_COST, never infinity (CON-4)."""
    assert raw(with_cost(ev=dec(ev), ac=dec(ac)), "HC2") == expected


def test_finished_project_keeps_the_rest_rated():
    """A.2 project finished, not closed: HS2 and HC3 FINISHED, the rest rated."""
    given = with_schedule(is_finished=True)

    assert raw(given, "HS2") == (None, Reason.FINISHED)
    assert raw(given, "HC3") == (None, Reason.FINISHED)
    assert raw(given, "HS1") == (dec(3), None)
    assert raw(given, "HC2") == (dec("0.97"), None)


@pytest.mark.parametrize("amount", [None, Decimal(0)])
def test_zero_or_missing_budget_makes_cost_grey(amount):
    """A.2 zero or missing budget: NO_BUDGET, cost GREY."""
    given = with_cost(budget=amount, bac=amount)

    assert [raw(given, code) for code in ("HC1", "HC2", "HC3")] == [(None, Reason.NO_BUDGET)] * 3
    assert rate(given).dimension(Dimension.COST).computed == Color.GREY


def test_variance_uses_the_declared_estimate_before_the_ledgers():
    """11.1 HC1: VAC % of BAC with the declared EAC; without EVM (budget - FAC)/budget."""
    assert raw(with_cost(eac=dec(2100), fac=dec(9999)), "HC1") == (dec(-5), None)
    assert raw(with_cost(eac=None, fac=dec(2200)), "HC1") == (dec(-10), None)
    assert raw(with_cost(eac=None, fac=None), "HC1") == (None, Reason.INSUFFICIENT_DATA)


def test_variance_without_baseline_or_bac_uses_the_ledgers():
    """A.2 no baseline, BAC 0: the forecast of the ledgers against the budget."""
    given = with_cost(eac=dec(2000), fac=dec(2200))

    assert raw(replace(given, has_baseline=False), "HC1") == (dec(-10), None)
    assert raw(with_cost(bac=dec(0), eac=dec(2000), fac=dec(2200)), "HC1") == (dec(-10), None)


def test_budget_use_needs_known_commitments():
    """11.1 HC3: unknown commitments are not taken as none (CON-4)."""
    assert raw(with_cost(open_commitments=dec(500)), "HC3") == (dec("0.75"), None)
    assert raw(with_cost(open_commitments=None), "HC3") == (None, Reason.INSUFFICIENT_DATA)


def test_quality_and_benefit_to_date_are_null_before_executing():
    """11.2 step 3: before executing HB2, HQ1 and HQ2 are null."""
    given = replace(
        facts(),
        quality=QualityFacts(True, 0, 10, 9),
        benefits=BenefitFacts(True, dec(1), dec("0.95")),
    )

    planning = measure(replace(given, state=ProjectState.PLANNING), POLICY)
    executing = measure(given, POLICY)

    assert [planning[code].reason for code in ("HB2", "HQ1", "HQ2")] == [Reason.TOO_EARLY] * 3
    assert [executing[code].value for code in ("HB2", "HQ1", "HQ2")] == [dec("0.95"), dec(0), dec(90)]
    assert planning["HB1"].value == dec(1)


@pytest.mark.parametrize(("decided", "value"), [(4, None), (5, dec(80))])
def test_first_time_rate_needs_five_decisions(decided, value):
    """QUA-4: fewer than 5 decided is INSUFFICIENT_DATA."""
    given = replace(facts(), quality=QualityFacts(True, 0, decided, 4))

    assert measure(given, POLICY)["HQ2"].value == value


def test_benefit_to_date_without_plan_is_not_planned_yet():
    """QUA-7: planned 0 has no ratio."""
    assert raw(facts(), "HB2") == (None, Reason.NOT_PLANNED_YET)


def test_no_demand_and_no_team_are_not_applicable():
    """11.1 HU1, HU2: rated when there is demand, and a team."""
    given = facts()
    idle = replace(given, resources=replace(given.resources, demand_hours=dec(0), team_size=0))

    assert raw(idle, "HU1") == (None, Reason.NOT_APPLICABLE)
    assert raw(idle, "HU2") == (None, Reason.NOT_APPLICABLE)


def test_exposure_without_contingency_left_is_red():
    """RAI-3: contingency 0 with exposure is null BUDGET_EXHAUSTED, rated RED."""
    given = facts()
    given = replace(
        given,
        risk=replace(given.risk, exposure_ratio=None),
        missing={"HR1": Reason.BUDGET_EXHAUSTED},
    )

    health = rate(given)

    assert (health.indicator("HR1").value, health.indicator("HR1").color) == (None, Color.RED)
    assert health.dimension(Dimension.RISK).deciding == ("HR1",)


def test_register_never_reviewed_leaves_issues_rated():
    """11.2 step 3: HR3 alone rates the risk dimension."""
    given = facts()
    given = replace(given, risk=replace(given.risk, is_register_reviewed=False))

    health = rate(given)

    assert raw(given, "HR1") == (None, Reason.INSUFFICIENT_DATA)
    assert health.dimension(Dimension.RISK).computed == Color.GREEN
    assert health.coverage == 100


def test_zero_baseline_duration_has_no_percentage():
    """CON-4: no division by zero."""
    assert raw(with_schedule(baseline_duration_wd=dec(0)), "HS1") == (None, Reason.INSUFFICIENT_DATA)


def test_unknown_indicator_is_null():
    """CON-4: a policy row without a formula is not guessed."""
    rule = POLICY.indicator("HG2")
    assert isinstance(rule, IndicatorPolicy)
    policy = replace(POLICY, indicators=(replace(rule, code="HX9"),))

    found = measure(facts(), policy)["HX9"]

    assert (found.value, found.reason) == (None, Reason.INSUFFICIENT_DATA)


def test_records_travel_with_the_value_in_one_order():
    """REP-2: links to the records; SEC-37: order of input is irrelevant."""
    refs = (RecordRef("task", "2", "B"), RecordRef("task", "1", "A"))
    given = replace(facts(), records={"HS3": refs})

    found = measure(given, POLICY)["HS3"]

    assert [ref.id for ref in found.records] == ["1", "2"]
    assert (found.step_unit, found.step_size) == (Unit.COUNT, 1)
