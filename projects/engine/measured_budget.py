"""From the sums of one project to its budget measures with their reasons (domain 6.2, A.2)."""

from collections.abc import Callable
from decimal import Decimal

from projects.engine.budget import (
    BudgetParts,
    available_budget,
    budget_use,
    forecast_at_completion,
    forecast_variance_percent,
)
from projects.engine.measure import Measure, Reason, first_missing
from projects.engine.money_facts import MoneyFacts
from projects.engine.project_measures import BudgetMeasures


def measure_budget(money: MoneyFacts, *, has_data_date: bool) -> BudgetMeasures:
    """
    Return the budget measures of one project.

    No approved budget, or one of 0, is ``NO_BUDGET``; spending up to the data date needs one
    (``NO_DATA_DATE``); a forecast needs an estimate to complete (``INSUFFICIENT_DATA``).
    """
    parts = BudgetParts(money.work_budget, money.contingency, money.reserve)
    budget = parts.project_budget if money.has_budget and parts.project_budget > 0 else None
    fac = _forecast(money, has_data_date=has_data_date)
    spent = Measure.of(money.ac) if has_data_date else Measure.missing(Reason.NO_DATA_DATE)
    return BudgetMeasures(
        project_budget=_of_budget(budget, lambda total: Measure.of(total)),
        contingency_left=_of_budget(budget, lambda _: Measure.of(parts.contingency)),
        reserve_left=_of_budget(budget, lambda _: Measure.of(parts.management_reserve)),
        open_commitments=Measure.of(money.open_commitments),
        fac=fac,
        fac_variance_percent=_of_budget(
            budget,
            lambda total: (
                fac if fac.value is None else forecast_variance_percent(budget=total, fac=fac.value)
            ),
        ),
        available=_of_budget(
            budget,
            lambda total: (
                first_missing(spent)
                or Measure.of(
                    available_budget(budget=total, ac=money.ac, open_commitments=money.open_commitments)
                )
            ),
        ),
        budget_use=_of_budget(
            budget,
            lambda total: (
                first_missing(spent)
                or budget_use(budget=total, ac=money.ac, open_commitments=money.open_commitments)
            ),
        ),
        original_bac=(
            Measure.missing(Reason.NO_BASELINE)
            if money.original_bac is None
            else Measure.of(money.original_bac)
        ),
    )


def _of_budget(budget: Decimal | None, measure: Callable[[Decimal], Measure]) -> Measure:
    return Measure.missing(Reason.NO_BUDGET) if budget is None else measure(budget)


def _forecast(money: MoneyFacts, *, has_data_date: bool) -> Measure:
    if not has_data_date:
        return Measure.missing(Reason.NO_DATA_DATE)
    if money.uncommitted_etc is None:
        return Measure.missing(Reason.INSUFFICIENT_DATA)
    return Measure.of(
        forecast_at_completion(
            ac=money.ac, open_commitments=money.open_commitments, uncommitted_etc=money.uncommitted_etc
        )
    )
