"""From the sums of one project to its earned-value measures with their reasons (domain 6.4, A.2)."""

from dataclasses import fields

from projects.engine.earned_value import (
    cost_performance_index,
    cost_variance,
    estimate_to_complete,
    percent_of_budget,
    schedule_performance_index,
    schedule_variance,
    to_complete_index_bac,
    to_complete_index_eac,
    variance_at_completion,
)
from projects.engine.estimates import cost_status, declared_estimate, estimate_at_completion
from projects.engine.measure import Measure, Reason
from projects.engine.money_facts import MoneyFacts
from projects.engine.project_arrays import EacMethod
from projects.engine.project_measures import EarnedValueMeasures

_MONEY_NAMES = [
    field.name for field in fields(EarnedValueMeasures) if field.name not in {"eac_method", "eac_fell_back"}
]


def measure_value(money: MoneyFacts, *, has_baseline: bool, has_data_date: bool) -> EarnedValueMeasures:
    """
    Return the earned-value measures of one project.

    Without baseline all but AC are ``NO_BASELINE``, without data date ``NO_DATA_DATE`` (BAC stays), with a
    BAC of 0 ``NO_BUDGET``.
    """
    if not has_baseline:
        return _undefined(money, Reason.NO_BASELINE, has_data_date=has_data_date)
    if money.bac <= 0:
        return _undefined(money, Reason.NO_BUDGET, has_data_date=has_data_date)
    if not has_data_date:
        return _undefined(money, Reason.NO_DATA_DATE, has_data_date=False)
    return _defined(money)


def _undefined(money: MoneyFacts, reason: Reason, *, has_data_date: bool) -> EarnedValueMeasures:
    measures = dict.fromkeys(_MONEY_NAMES, Measure.missing(reason))
    if reason is Reason.NO_DATA_DATE:
        measures["bac"] = Measure.of(money.bac)
    measures["ac"] = Measure.of(money.ac) if has_data_date else Measure.missing(Reason.NO_DATA_DATE)
    return EarnedValueMeasures(**measures, eac_method=money.eac_method.name, eac_fell_back=False)


def _defined(money: MoneyFacts) -> EarnedValueMeasures:
    bac, pv, ev, ac = money.bac, money.pv, money.ev, money.ac
    status = cost_status(
        bac=bac,
        pv=pv,
        ev=ev,
        ac=ac,
        uncommitted_etc=money.uncommitted_etc,
        open_commitments=money.open_commitments,
        earlier=money.earlier,
    )
    estimate = declared_estimate(money.eac_method, status)
    eac = estimate.amount
    vac = variance_at_completion(bac=bac, eac=eac)
    return EarnedValueMeasures(
        bac=Measure.of(bac),
        pv=Measure.of(pv),
        ev=Measure.of(ev),
        ac=Measure.of(ac),
        sv=Measure.of(schedule_variance(ev=ev, pv=pv)),
        cv=Measure.of(cost_variance(ev=ev, ac=ac)),
        spi=schedule_performance_index(ev=ev, pv=pv),
        cpi=cost_performance_index(ev=ev, ac=ac),
        tcpi_bac=to_complete_index_bac(bac=bac, ev=ev, ac=ac),
        tcpi_eac=to_complete_index_eac(bac=bac, ev=ev, ac=ac, eac=eac),
        percent_planned=percent_of_budget(pv, bac=bac),
        percent_done=percent_of_budget(ev, bac=bac),
        percent_spent=percent_of_budget(ac, bac=bac),
        eac=Measure.of(eac),
        etc=Measure.of(estimate_to_complete(eac=eac, ac=ac)),
        vac=Measure.of(vac),
        vac_percent=percent_of_budget(vac, bac=bac),
        eac_method=estimate.method.name,
        eac_fell_back=estimate.fell_back,
        eac_1=estimate_at_completion(EacMethod.EAC_1, status),
    )
