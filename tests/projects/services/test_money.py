"""Money: totals, commitments, postings, currency (CST-1 to CST-5, CST-18, CST-20, EX-CST-1)."""

from datetime import date
from decimal import Decimal

import pytest

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError, StaleObject
from projects.models import ActualCost, BudgetLine, Commitment, FxRate, Project
from projects.selectors.money import money_totals
from projects.services import budgets, commitments, costs
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 31)


def budgeted(*amounts: tuple[str, str]) -> Project:
    """Return a project with budget lines of (category, amount)."""
    project = factories.project()
    for category, amount in amounts:
        budgets.add_budget_line(
            actor=None, project=project, amount=Decimal(amount), category=category, effective_from=DAY
        )
    return project


def test_totals_of_the_worked_example() -> None:
    """EX-CST-1: open 90, FAC 480, available 200, use 60.0 %."""
    project = budgeted(("OTHER", "500"))
    commitments.add_commitment(
        actor=None, project=project, number="1", amount=Decimal(150), invoiced=Decimal(60), date=DAY
    )
    costs.post_actual_cost(actor=None, project=project, posting_date=DAY, amount=Decimal(210))
    costs.set_forecast(actor=None, project=project, etc_amount=Decimal(180), made_on=DAY)

    totals = money_totals(project)

    assert totals.open_commitments == Decimal(90)
    assert totals.forecast == Decimal(480)
    assert totals.available == Decimal(200)
    assert totals.budget_use == Decimal("0.6")
    assert totals.forecast_change == Decimal(-4)


def test_reserves_lie_outside_bac() -> None:
    """CST-5, EX-CST-1: BAC 400, contingency 40, management reserve 20 = 460."""
    totals = money_totals(budgeted(("LABOUR", "400"), ("CONTINGENCY", "40"), ("MANAGEMENT_RESERVE", "20")))

    assert (totals.bac, totals.contingency, totals.management_reserve, totals.budget) == (400, 40, 20, 460)


def test_no_budget_is_undefined_not_zero() -> None:
    """CON-4, CST-3."""
    totals = money_totals(factories.project())

    assert (totals.budget, totals.available, totals.budget_use, totals.reason) == (
        None,
        None,
        None,
        "NO_BUDGET",
    )


def test_closed_commitment_is_available_again() -> None:
    """CST-1: open commitments only."""
    project = budgeted(("OTHER", "500"))
    row = commitments.add_commitment(actor=None, project=project, number="1", amount=Decimal(150), date=DAY)

    commitments.close_commitment(actor=None, commitment=row, closed_on=DAY, expected_version=1)

    assert money_totals(project).available == Decimal(500)


def test_commitment_beyond_the_budget_needs_approval() -> None:
    """CST-4: the manager may not; who approves changes says why."""
    project = budgeted(("OTHER", "100"))
    alice, paula = factories.manager_of(project), factories.user("Paula")
    factories.grant(paula, Role.PMO_HEAD, organization_node())
    entries = AuditEntry.objects.count()

    with pytest.raises(Conflict) as by_manager:
        commitments.add_commitment(actor=alice, project=project, number="1", amount=Decimal(150), date=DAY)
    with pytest.raises(Conflict) as without_reason:
        commitments.add_commitment(actor=paula, project=project, number="1", amount=Decimal(150), date=DAY)
    unchanged = (Commitment.objects.count(), AuditEntry.objects.count())
    commitments.add_commitment(
        actor=paula,
        project=project,
        number="1",
        amount=Decimal(150),
        date=DAY,
        reason="Approved by the board",
    )

    assert (by_manager.value.code, by_manager.value.field) == ("OVER_BUDGET", "amount")
    assert (without_reason.value.code, without_reason.value.field) == ("OVER_BUDGET", "reason")
    assert unchanged == (0, entries)
    assert money_totals(project).available == Decimal(-50)


def test_actual_cost_beyond_the_budget_is_never_refused() -> None:
    """CST-4."""
    project = budgeted(("OTHER", "100"))

    costs.post_actual_cost(actor=None, project=project, posting_date=DAY, amount=Decimal(150))

    assert money_totals(project).available == Decimal(-50)


def test_posting_fixes_rate_and_amount() -> None:
    """CST-18: the newest spot rate up to the day; a later rate changes nothing."""
    project = factories.project(currency="EUR")
    for day, rate in ((date(2026, 1, 1), "0.90"), (date(2026, 1, 20), "0.95"), (date(2026, 2, 1), "0.99")):
        FxRate.objects.create(source="USD", target="EUR", date=day, kind="SPOT", rate=Decimal(rate))

    cost = costs.post_actual_cost(
        actor=None, project=project, posting_date=DAY, amount=Decimal("100.01"), currency="USD"
    )

    assert (cost.rate, cost.project_amount) == (Decimal("0.95"), Decimal("95.01"))


def test_posting_without_rate_refused() -> None:
    """CST-20: 1 is never assumed."""
    project = factories.project(currency="EUR")
    entries = AuditEntry.objects.count()

    with pytest.raises(DomainError) as refusal:
        costs.post_actual_cost(
            actor=None, project=project, posting_date=DAY, amount=Decimal(1), currency="USD"
        )

    assert (refusal.value.code, refusal.value.field) == ("MISSING_RATE", "currency")
    assert (ActualCost.objects.count(), AuditEntry.objects.count()) == (0, entries)


def test_posting_is_reversed_once() -> None:
    """CST-18: corrected by another posting."""
    project = factories.project()
    cost = costs.post_actual_cost(actor=None, project=project, posting_date=DAY, amount=Decimal("74.40"))

    reversal = costs.reverse_actual_cost(actor=None, cost=cost, posting_date=DAY, reason="Posted twice")
    with pytest.raises(Conflict) as twice:
        costs.reverse_actual_cost(actor=None, cost=cost, posting_date=DAY)
    with pytest.raises(Conflict) as of_reversal:
        costs.reverse_actual_cost(actor=None, cost=reversal, posting_date=DAY)

    assert (reversal.amount, reversal.reverses) == (Decimal("-74.40"), cost)
    assert (twice.value.code, of_reversal.value.code) == ("REVERSED_ALREADY", "IS_REVERSAL")
    assert money_totals(project).actual == 0


def test_no_forecast_without_an_estimate_to_complete() -> None:
    """CST-2, CON-4: what is spent and promised is no forecast; an estimate of 0 makes it one."""
    project = budgeted(("OTHER", "500"))
    costs.post_actual_cost(actor=None, project=project, posting_date=DAY, amount=Decimal(210))
    before = money_totals(project)
    costs.set_forecast(actor=None, project=project, etc_amount=Decimal(0), made_on=DAY)
    after = money_totals(project)

    assert (before.etc, before.forecast, before.forecast_reason) == (None, None, "INSUFFICIENT_DATA")
    assert (after.etc, after.forecast, after.forecast_reason) == (Decimal(0), Decimal(210), "")


def test_newest_forecast_counts() -> None:
    """CST-2: the lines of the newest day."""
    project = factories.project()
    for day, amount in ((date(2026, 1, 1), 900), (DAY, 300), (DAY, 250)):
        costs.set_forecast(actor=None, project=project, etc_amount=Decimal(amount), made_on=day)

    assert money_totals(project).etc == Decimal(250)


def test_line_in_use_stays() -> None:
    project = budgeted(("OTHER", "100"))
    line = BudgetLine.objects.get()
    costs.post_actual_cost(actor=None, project=project, posting_date=DAY, amount=Decimal(1), line=line)

    with pytest.raises(Conflict) as refusal:
        budgets.remove_budget_line(actor=None, line=line, expected_version=1)

    assert refusal.value.code == "LINE_IN_USE"
    assert BudgetLine.objects.count() == 1


def test_stale_budget_line_changes_nothing() -> None:
    """XC-1, SEC-29."""
    budgeted(("OTHER", "100"))
    line = BudgetLine.objects.get()
    budgets.edit_budget_line(actor=None, line=line, changes={"amount": Decimal(120)}, expected_version=1)

    with pytest.raises(StaleObject):
        budgets.edit_budget_line(actor=None, line=line, changes={"amount": Decimal(90)}, expected_version=1)

    assert BudgetLine.objects.get().amount == Decimal(120)


def test_line_and_task_of_another_project_refused() -> None:
    """SEC-11."""
    project, other = factories.project(), budgeted(("OTHER", "100"))
    foreign_line, foreign_task = BudgetLine.objects.get(project=other), factories.task(other)

    with pytest.raises(DomainError) as by_line:
        costs.post_actual_cost(
            actor=None, project=project, posting_date=DAY, amount=Decimal(1), line=foreign_line
        )
    with pytest.raises(DomainError) as by_task:
        costs.post_actual_cost(
            actor=None, project=project, posting_date=DAY, amount=Decimal(1), task=foreign_task
        )

    assert (by_line.value.code, by_task.value.code) == ("NO_LINE", "NO_TASK")
    assert ActualCost.objects.count() == 0
