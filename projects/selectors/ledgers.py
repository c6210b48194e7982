"""Money of many projects at a date, in whole cents of each project's currency."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import Greatest

from pmo_portal.common.among import Among
from projects.choices import CommitmentState, CostCategory, FxKind
from projects.engine.currency import convert_sum
from projects.engine.instants import end_of_day
from projects.models import ActualCost, BudgetLine, Commitment, ForecastLine, FxRate
from projects.selectors.columns import Hundredths
from projects.selectors.former_values import former_lines, former_promises

Rates = Mapping[tuple[str, str], Decimal]


@dataclass
class ProjectMoney:
    """Sums of one project, cents; ``missing_rates`` names currencies left out (CST-20)."""

    has_budget: bool = False
    budget_work: int = 0
    budget_contingency: int = 0
    budget_reserve: int = 0
    actual_cost: int = 0
    open_commitments: int = 0
    uncommitted_etc: int | None = None
    missing_rates: set[str] = field(default_factory=set)


def load_rates(as_of: date, *, kind: str = FxKind.BUDGET) -> dict[tuple[str, str], Decimal]:
    """
    Return the rate in force per (source, target) on a day. One query.

    A pair that is kept the other way round only is inverted; nothing is ever taken as 1 (CST-20).
    """
    rows = (
        FxRate.objects.filter(kind=kind, date__lte=as_of)
        .order_by("date", "pk")
        .values_list("source", "target", "rate")
    )
    direct = {(source, target): rate for source, target, rate in rows}
    inverse = {(target, source): Decimal(1) / rate for (source, target), rate in direct.items()}
    return inverse | direct


def load_money(
    currencies: Mapping[int, str], until: Mapping[int, date], as_of: date
) -> dict[int, ProjectMoney]:
    """
    Return the money of projects. Seven queries whatever their number.

    Parameters
    ----------
    currencies : mapping of int to str
        Project id to project currency.
    until : mapping of int to date
        Last posting date that counts per project: its data date (CST-11).
    as_of : date
        Budgets, commitments and estimates made later are not known yet.
    """
    ids = list(currencies)
    found = {project_id: ProjectMoney() for project_id in ids}
    rates = load_rates(as_of)
    _add_budgets(found, currencies, rates, as_of)
    _add_commitments(found, currencies, rates, as_of)
    _add_actuals(found, until, as_of)
    _add_estimates(found, as_of)
    return found


def _in_project_currency(
    money: ProjectMoney, cents: int, source: str, target: str, rates: Rates
) -> int | None:
    """Return the amount in project currency, or None and a note when the rate is missing."""
    if source == target:
        return cents
    known = {source: rates[source, target]} if (source, target) in rates else {}
    converted = convert_sum([Decimal(cents).scaleb(-2)], [source], known)
    if converted.missing:
        money.missing_rates.add(source)
        return None
    return int(converted.total.scaleb(2))


def _add_budgets(
    found: dict[int, ProjectMoney], currencies: Mapping[int, str], rates: Rates, as_of: date
) -> None:
    former = former_lines(list(found), as_of)
    lines = BudgetLine.objects.filter(Among("project_id", found), effective_from__lte=as_of)
    sums: dict[tuple[int, str, str], int] = {
        (project_id, category, currency): cents
        for project_id, category, currency, cents in (lines.exclude(pk__in=former) if former else lines)
        .order_by("project_id")
        .values_list("project_id", "category", "currency")
        .annotate(cents=Hundredths(Sum("amount")))
    }
    for line in former.values():
        if line.effective_from <= as_of:
            key = (line.project_id, line.category, line.currency)
            sums[key] = sums.get(key, 0) + line.cents
    for (project_id, category, currency), cents in sums.items():
        money = found[project_id]
        amount = _in_project_currency(money, cents, currency, currencies[project_id], rates)
        if amount is None:
            continue
        money.has_budget = True
        if category == CostCategory.CONTINGENCY:
            money.budget_contingency += amount
        elif category == CostCategory.MANAGEMENT_RESERVE:
            money.budget_reserve += amount
        else:
            money.budget_work += amount


def _add_commitments(
    found: dict[int, ProjectMoney], currencies: Mapping[int, str], rates: Rates, as_of: date
) -> None:
    """Sum max(0, amount − invoiced) of what was open at the end of the day (CST-1)."""
    former = former_promises(list(found), as_of)
    rows = Commitment.objects.filter(Among("project_id", found), date__lte=as_of).filter(
        Q(state=CommitmentState.OPEN) | Q(closed_on__gt=as_of)
    )
    sums: dict[tuple[int, str], int] = {
        (project_id, currency): cents
        for project_id, currency, cents in (rows.exclude(pk__in=former) if former else rows)
        .order_by("project_id")
        .values_list("project_id", "currency")
        .annotate(cents=Hundredths(Sum(Greatest("amount", "invoiced")) - Sum("invoiced")))
    }
    for promise in former.values():
        if promise.is_open:
            key = (promise.project_id, promise.currency)
            sums[key] = sums.get(key, 0) + promise.cents
    for (project_id, currency), cents in sums.items():
        money = found[project_id]
        amount = _in_project_currency(money, cents, currency, currencies[project_id], rates)
        money.open_commitments += amount or 0


def _add_actuals(found: dict[int, ProjectMoney], until: Mapping[int, date], as_of: date) -> None:
    rows = (
        ActualCost.objects.filter(Among("project_id", found), posting_date__lte=as_of)
        .order_by("project_id")
        .values_list("project_id", "posting_date")
        .annotate(cents=Hundredths(Sum("project_amount")))
    )
    for project_id, posting_date, cents in rows:
        if posting_date <= until.get(project_id, as_of):
            found[project_id].actual_cost += cents


def _add_estimates(found: dict[int, ProjectMoney], as_of: date) -> None:
    """Take the newest estimate of each line (CST-2)."""
    rows: Any = (
        ForecastLine.objects.filter(Among("project_id", found), made_on__lte=as_of)
        .order_by("project_id")
        .values_list("project_id", "line_id", "made_on")
        .annotate(cents=Hundredths(Sum("etc_amount")))
    )
    newest: dict[tuple[int, int | None], tuple[int, int]] = {}
    for project_id, line_id, made_on, cents in rows:
        key, day = (project_id, line_id), end_of_day(made_on)
        if key not in newest or newest[key][0] < day:
            newest[key] = (day, cents)
    totals: dict[int, int] = defaultdict(int)
    for (project_id, _line_id), (_day, cents) in newest.items():
        totals[project_id] += cents
    for project_id, cents in totals.items():
        found[project_id].uncommitted_etc = cents
