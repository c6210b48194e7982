"""From slim rows of projects to the figures of a group: the same for stored and for personal sums."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from pmo_portal.accounts.models import OrgUnit, ScopeNode
from portfolio.models import Portfolio, Program
from portfolio.rollup.aggregate import aggregate
from portfolio.rollup.codec import to_plain
from portfolio.rollup.comparison import ComparedRow, compare
from portfolio.rollup.group import ChildRow, GroupHealth, ProgramRow
from portfolio.rollup.numbers import decimal_from_float
from portfolio.rollup.policy import DataQualityRules
from portfolio.rollup.trend import trend_of
from portfolio.rollup.vocabulary import (
    POPULATION_OF_STATE,
    Color,
    DataQualityBand,
    Freshness,
    Population,
    ProjectState,
)
from portfolio.selectors.health_rows import HealthRow
from portfolio.selectors.policies import PolicyInForce
from projects.choices import FxKind
from projects.engine.currency import exchange_effect, to_cents
from projects.selectors.ledgers import Rates, load_rates

DEFAULT_CURRENCY = "EUR"


@dataclass(frozen=True)
class GroupScope:
    """A program, a portfolio or the organization whose projects are added up."""

    kind: str
    node_id: int
    path: str
    key: str
    title: str
    currency: str
    portfolio_id: int | None


@dataclass(frozen=True)
class ExchangeRates:
    """Budget rates health is converted with (CST-19) and spot rates for the effect shown apart."""

    budget: Rates
    spot: Rates

    def to(self, currency: str, source: str) -> Decimal | None:
        """Return the budget rate into ``currency``; None when it is missing (CST-20)."""
        return Decimal(1) if source == currency else self.budget.get((source, currency))


# Members by stored value: every group asks for each of its projects.
_STATES = {state.value: state for state in ProjectState} | {"CANCELED": ProjectState.CANCELLED}


@dataclass(frozen=True)
class Former:
    """Rows and score of the former period close."""

    as_of: date | None
    rows: Sequence[HealthRow]


@dataclass(frozen=True)
class GroupFigures:
    """Figures of a group in its reporting currency, and the document with everything behind them."""

    health: GroupHealth
    budget: Decimal
    actual: Decimal
    forecast: Decimal
    currency: str
    projects_total: int
    document: dict[str, Any]


class ChildRows:
    """Projects of a date as groups see them, made once for all groups of a currency and a policy."""

    def __init__(self, rates: ExchangeRates) -> None:
        """Start without any."""
        self._rates = rates
        self._made: dict[tuple[str, str], dict[int, ChildRow]] = {}

    def of(self, rows: Iterable[HealthRow], currency: str, policy: PolicyInForce) -> list[ChildRow]:
        """Return the rows with money in ``currency``; each project has one row."""
        made = self._made.setdefault((currency, policy.label), {})
        found = []
        for row in rows:
            child = made.get(row.project_id)
            if child is None:
                child = made[row.project_id] = _child(row, currency, self._rates, policy.rules.data_quality)
            found.append(child)
        return found


def load_exchange_rates(as_of: date) -> ExchangeRates:
    """Return the rates in force on a day. Two queries."""
    return ExchangeRates(budget=load_rates(as_of), spot=load_rates(as_of, kind=FxKind.SPOT))


def organization_currency() -> str:
    """Return the currency of the organization: that of its top unit. One query."""
    return (
        OrgUnit.objects.filter(parent__isnull=True).order_by("pk").values_list("currency", flat=True).first()
        or DEFAULT_CURRENCY
    )


def portfolio_scope(portfolio: Portfolio) -> GroupScope:
    """Return the scope of a portfolio with everything below it."""
    return GroupScope(
        kind="PORTFOLIO",
        node_id=portfolio.node_id,
        path=str(portfolio.node.path),
        key=portfolio.code,
        title=portfolio.name,
        currency=portfolio.reporting_currency,
        portfolio_id=portfolio.pk,
    )


def organization_scope(root: ScopeNode) -> GroupScope:
    """Return the scope of everything."""
    return GroupScope(
        kind="ORGANIZATION",
        node_id=root.pk,
        path=str(root.path),
        key="ORGANIZATION",
        title=root.title,
        currency=organization_currency(),
        portfolio_id=None,
    )


def program_scope(program: Program) -> GroupScope:
    """Return the scope of a program."""
    return GroupScope(
        kind="PROGRAM",
        node_id=program.node_id,
        path=str(program.node.path),
        key=program.code,
        title=program.name,
        currency=program.portfolio.reporting_currency,
        portfolio_id=program.portfolio_id,
    )


def add_up(
    rows: Sequence[HealthRow],
    *,
    scope: GroupScope,
    as_of: date,
    policy: PolicyInForce,
    rates: ExchangeRates,
    former: Former,
    programs: Sequence[ProgramRow] = (),
    children: ChildRows | None = None,
) -> GroupFigures:
    """
    Return the figures of a group straight from its projects (HLT-1 to HLT-4, HLT-7, HLT-8).

    Parameters
    ----------
    rows : sequence of HealthRow
        Projects of the group that the audience may see, each at its newest date.
    former : Former
        The same group and audience at the former period close.
    children : ChildRows, optional
        Projects of the date made for other groups.
    """
    totals = total_up(
        rows, scope=scope, as_of=as_of, policy=policy, rates=rates, programs=programs, children=children
    )
    before = compared_rows(former.rows, scope.currency, rates)
    after = compared_rows(rows, scope.currency, rates)
    comparison = compare(before, after, policy.rules.trend)
    trend = trend_of(totals.health.score, comparison.score.before, policy.rules.trend)
    return replace(
        totals,
        document={
            "health": totals.health.to_dict(),
            "trend": {**to_plain(trend), "former_as_of": to_plain(former.as_of)},
            "changes": comparison.to_dict() if former.as_of else None,
            "fx": {
                "effect": str(_exchange_effect(rows, scope.currency, rates)),
                "missing": sorted(row.code for row in rows if rates.to(scope.currency, row.currency) is None),
            },
            "exceptions": _exception_counts(rows),
        },
    )


def total_up(
    rows: Sequence[HealthRow],
    *,
    scope: GroupScope,
    as_of: date,
    policy: PolicyInForce,
    rates: ExchangeRates,
    programs: Sequence[ProgramRow] = (),
    children: ChildRows | None = None,
) -> GroupFigures:
    """Return the figures of a group as `add_up` does, without the document behind them."""
    made = (children or ChildRows(rates)).of(rows, scope.currency, policy)
    current = [row for row in rows if _population(row) in {Population.RATED, Population.ON_HOLD}]
    return GroupFigures(
        health=aggregate(made, policy.rules, key=scope.key, as_of=as_of, programs=programs),
        budget=_converted_sum(current, "budget", scope.currency, rates),
        actual=_converted_sum(rows, "actual", scope.currency, rates),
        forecast=_converted_sum(current, "forecast", scope.currency, rates),
        currency=scope.currency,
        projects_total=sum(_is_shown(row) for row in rows),
        document={},
    )


def compared_rows(rows: Iterable[HealthRow], currency: str, rates: ExchangeRates) -> list[ComparedRow]:
    """Return the projects that are shown, with budgets in reporting currency."""
    return [_compared(row, currency, rates) for row in rows if _is_shown(row)]


def program_row(scope: GroupScope, figures: GroupFigures) -> ProgramRow:
    """Return a program as its portfolio sees it."""
    dimensions = {code: outcome.color for code, outcome in figures.health.dimensions.items()}
    return ProgramRow(key=scope.key, color=figures.health.color, dimensions=dimensions)


def state_of(state: str) -> ProjectState:
    """Return the state in the words of the rules."""
    return _STATES[state]


def _population(row: HealthRow) -> Population:
    return POPULATION_OF_STATE[state_of(row.state)]


def _is_shown(row: HealthRow) -> bool:
    return _population(row) != Population.LEFT_OUT


def _exact(value: float | None) -> Decimal | None:
    return None if value is None else decimal_from_float(value)


def _child(row: HealthRow, currency: str, rates: ExchangeRates, quality: DataQualityRules) -> ChildRow:
    rate = rates.to(currency, row.currency)

    def converted(amount: Decimal | None) -> Decimal | None:
        return None if amount is None or rate is None else to_cents(amount * rate)

    has_earned = row.ev is not None
    vac = row.weight - row.forecast if has_earned and row.weight and row.forecast is not None else None
    return ChildRow(
        key=row.code,
        state=state_of(row.state),
        color=Color(row.color),
        score=_exact(row.score),
        weight=converted(row.weight),
        is_flagship=row.is_flagship,
        dimensions=row.dimensions(),
        coverage=_exact(row.coverage),
        freshness=Freshness(row.freshness) if row.freshness else Freshness.NOT_DUE,
        data_quality=_exact(row.data_quality),
        data_quality_band=_band(row.data_quality, quality),
        bac=converted(row.weight) if has_earned else None,
        pv=converted(row.pv),
        ev=converted(row.ev),
        ac=converted(row.actual),
        vac=converted(vac),
        spi_t=_exact(row.spi_t),
    )


def _band(value: float | None, rules: DataQualityRules) -> DataQualityBand | None:
    if value is None:
        return None
    if value >= rules.high_from:
        return DataQualityBand.HIGH
    return DataQualityBand.MEDIUM if value >= rules.medium_from else DataQualityBand.LOW


def _compared(row: HealthRow, currency: str, rates: ExchangeRates) -> ComparedRow:
    rate = rates.to(currency, row.currency)
    return ComparedRow(
        key=row.code,
        color=Color(row.color),
        score=_exact(row.score),
        weight=None if row.weight is None or rate is None else to_cents(row.weight * rate),
        parent=row.home_path,
    )


def _converted_sum(rows: Iterable[HealthRow], name: str, currency: str, rates: ExchangeRates) -> Decimal:
    """Return the sum of an amount in reporting currency; rows without a rate are left out (CST-20)."""
    total = Decimal("0.00")
    for row in rows:
        amount, rate = getattr(row, name), rates.to(currency, row.currency)
        if amount is not None and rate is not None:
            total += to_cents(amount * rate)
    return total


def _exchange_effect(rows: Iterable[HealthRow], currency: str, rates: ExchangeRates) -> Decimal:
    """Return how much more the actual cost would be at spot rates (CST-19)."""
    total = Decimal("0.00")
    for row in rows:
        if row.currency == currency or row.actual is None:
            continue
        effect = exchange_effect(
            row.actual,
            spot=rates.spot.get((row.currency, currency)),
            budget_rate=rates.budget.get((row.currency, currency)),
        )
        total += effect.value or Decimal(0)
    return total


def _exception_counts(rows: Iterable[HealthRow]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        for item in row.exceptions:
            counts[item["code"]] = counts.get(item["code"], 0) + 1
    return dict(sorted(counts.items()))
