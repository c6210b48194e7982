"""Sums of groups: straight from projects, in one currency, with and without confidential projects."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from portfolio.models import GroupHealth
from portfolio.rollup.facts import CostFacts, ProjectFacts
from portfolio.rollup.vocabulary import ProjectState
from portfolio.services.rollups import refresh_groups
from projects.models import FxRate
from tests.portfolio.rollup.examples import p1, p3
from tests.portfolio.worlds import AS_OF, keep_facts, make_portfolio, make_program, make_project

pytestmark = pytest.mark.django_db


def spent(key: str, amount: int) -> ProjectFacts:
    money = Decimal(amount)
    return ProjectFacts(
        key=key, state=ProjectState.EXECUTING, cost=CostFacts(budget=money, ac=money, fac=money)
    )


def group(code: str, audience: str = "FULL") -> GroupHealth:
    return GroupHealth.objects.get(node__portfolio__code=code, audience=audience, as_of=AS_OF)


def test_foreign_amounts_are_converted_at_the_budget_rate() -> None:
    """CST-19, EX-FX: 40 000 USD at 0.90 are 36 000 EUR; the effect of the spot rate stands apart."""
    home = make_portfolio()
    keep_facts(make_project("P1", home, currency="USD"), spent("P1", 40000))
    for kind, rate in (("BUDGET", "0.90"), ("SPOT", "0.95")):
        FxRate.objects.create(source="USD", target="EUR", date=date(2026, 1, 1), kind=kind, rate=rate)

    refresh_groups(as_of=AS_OF)

    row = group("CORE")
    assert (row.actual, row.budget, row.currency) == (36000, 36000, "EUR")
    assert row.document["fx"] == {"effect": "2000.00", "missing": []}


def test_missing_rate_leaves_the_project_out_and_lists_it() -> None:
    """CST-20: never 1."""
    home = make_portfolio()
    keep_facts(make_project("P1", home, currency="USD"), spent("P1", 40000))
    keep_facts(make_project("P2", home), spent("P2", 500))

    refresh_groups(as_of=AS_OF)

    row = group("CORE")
    assert (row.actual, row.projects_total) == (500, 2)
    assert row.document["fx"]["missing"] == ["P1"]


def test_sums_go_straight_from_projects() -> None:
    """HLT-4: the parent is no mean of means; a sub-portfolio and a program count once."""
    root = make_portfolio("ROOT")
    small, large = make_portfolio("SMALL", parent=root), make_portfolio("LARGE", parent=root)
    program = make_program("PROG", large)
    keep_facts(make_project("P1", small), p1())
    keep_facts(make_project("P3", program), replace(p3(), key="P3"))
    keep_facts(make_project("P9", program), replace(p1(), key="P9"))

    refresh_groups(as_of=AS_OF)

    scores = {code: round(group(code).score, 4) for code in ("SMALL", "LARGE", "ROOT")}
    assert scores == {"SMALL": 100.0, "LARGE": 75.0, "ROOT": 85.4167}
    assert group("ROOT").projects_total == 3
    assert GroupHealth.objects.get(scope="PROGRAM", audience="FULL").projects_total == 2


def test_red_program_turns_its_portfolio_amber() -> None:
    """HLT-2: a RED program makes the portfolio at least AMBER, whatever its share."""
    home = make_portfolio()
    program = make_program("PROG", home)
    keep_facts(make_project("P3", program), p3())
    for number in range(10):
        keep_facts(make_project(f"G{number}", home), replace(p1(), key=f"G{number}"))

    refresh_groups(as_of=AS_OF)

    row = group("CORE")
    assert row.color == "AMBER"
    assert row.document["health"]["rule"]["code"] == "PROGRAM_RED"


def test_confidential_projects_are_only_in_the_full_sum() -> None:
    """SEC-13: two sums per group, and no name of the secret project in the open one."""
    home = make_portfolio()
    keep_facts(make_project("P1", home), p1())
    keep_facts(make_project("ZEPHYR", home, is_confidential=True), replace(p3(), key="ZEPHYR"))

    refresh_groups(as_of=AS_OF)

    full, is_open = group("CORE"), group("CORE", "OPEN")
    assert (full.projects_total, full.budget) == (2, 2800)
    assert (is_open.projects_total, is_open.budget, is_open.color) == (1, 2000, "GREEN")
    assert "ZEPHYR" in str(full.document)
    assert "ZEPHYR" not in str(is_open.document)
