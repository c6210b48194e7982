"""From the sums of one project to its budget measures with their reasons (domain 6.2, A.2)."""

from projects.engine.budget import (
    BudgetParts,
    available_budget,
    budget_use,
    forecast_at_completion,
    forecast_variance_percent,
)
from projects.engine.measure import Measure, Reason
from projects.engine.money_facts import MoneyFacts
from projects.engine.project_measures import BudgetMeasures


def measure_budget(money: MoneyFacts, *, has_data_date: bool) -> BudgetMeasures:
    """
    Return the budget measures of one project.

    No approved budget, or one of 0, is ``NO_BUDGET``; spending up to the data date needs one
    (``NO_DATA_DATE``); a forecast needs an estimate to complete (``INSUFFICIENT_DATA``).
    """
    parts = BudgetParts(money.work_budget, money.contingency, money.reserve)
    fac = _forecast(money, has_data_date=has_data_date)
    if not money.has_budget or parts.project_budget <= 0:
        return _without_budget(money, fac)
    budget, open_commitments = parts.project_budget, money.open_commitments
    available = Measure.missing(Reason.NO_DATA_DATE)
    use = available
    if has_data_date:
        available = Measure.of(
            available_budget(budget=budget, ac=money.ac, open_commitments=open_commitments)
        )
        use = budget_use(budget=budget, ac=money.ac, open_commitments=open_commitments)
    return BudgetMeasures(
        project_budget=Measure.of(budget),
        contingency_left=Measure.of(parts.contingency),
        reserve_left=Measure.of(parts.management_reserve),
        open_commitments=Measure.of(open_commitments),
        fac=fac,
        fac_variance_percent=(
            fac if fac.value is None else forecast_variance_percent(budget=budget, fac=fac.value)
        ),
        available=available,
        budget_use=use,
        original_bac=_original(money),
    )


def _without_budget(money: MoneyFacts, fac: Measure) -> BudgetMeasures:
    missing = Measure.missing(Reason.NO_BUDGET)
    return BudgetMeasures(
        project_budget=missing,
        contingency_left=missing,
        reserve_left=missing,
        open_commitments=Measure.of(money.open_commitments),
        fac=fac,
        fac_variance_percent=missing,
        available=missing,
        budget_use=missing,
        original_bac=_original(money),
    )


def _original(money: MoneyFacts) -> Measure:
    if money.original_bac is None:
        return Measure.missing(Reason.NO_BASELINE)
    return Measure.of(money.original_bac)


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
