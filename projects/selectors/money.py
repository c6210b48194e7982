"""Money of a project: totals and lists (CST-1 to CST-5)."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Sum

from projects.choices import RESERVES, CommitmentState, CostCategory, ProjectState
from projects.engine.budget import forecast_at_completion
from projects.engine.measure import Reason
from projects.models import ActualCost, BudgetLine, Commitment, ForecastLine, FxRate, Project
from projects.selectors.currency import CENT, rate_on

ZERO = Decimal(0)


@dataclass(frozen=True)
class MoneyTotals:
    """
    Totals in project currency.

    ``budget_use`` is a ratio; undefined figures are None with their reason beside them (CON-4):
    ``reason`` of those that need a budget, ``forecast_reason`` of those that need an estimate to complete.
    ``left_out`` counts rows without a known rate, which are in no sum (CST-20).
    """

    currency: str
    budget: Decimal | None
    bac: Decimal | None
    contingency: Decimal
    management_reserve: Decimal
    actual: Decimal
    open_commitments: Decimal
    etc: Decimal | None
    forecast: Decimal | None
    available: Decimal | None
    budget_use: Decimal | None
    reason: str = ""
    forecast_reason: str = ""
    left_out: int = 0

    @property
    def spoken_for(self) -> Decimal:
        """What is spent or promised."""
        return self.actual + self.open_commitments

    @property
    def forecast_change(self) -> Decimal | None:
        """By how many percent of the budget the forecast lies above it; None without one of the two."""
        if self.forecast is None or not self.budget:
            return None
        return (self.forecast - self.budget) / self.budget * 100


@dataclass(frozen=True)
class BudgetRow:
    """A budget line in the list."""

    pk: int
    name: str
    category: str
    category_title: str
    cost_type: str
    funding_source: str
    task: str
    currency: str
    amount: Decimal
    actual: Decimal
    effective_from: date
    version: int


@dataclass(frozen=True)
class CommitmentRow:
    """A commitment in the list."""

    pk: int
    number: str
    supplier: str
    line: str
    date: date
    currency: str
    amount: Decimal
    invoiced: Decimal
    open_amount: Decimal
    state: str
    state_title: str
    version: int


@dataclass(frozen=True)
class CostRow:
    """A posting in the list."""

    pk: int
    posting_date: date
    text: str
    task: str
    line: str
    source_title: str
    currency: str
    amount: Decimal
    rate: Decimal
    project_amount: Decimal
    is_reversal: bool
    is_reversed: bool


class Rates:
    """Converts amounts to project currency with one query per pair of currency and day at most."""

    def __init__(self, project: Project) -> None:
        self.target = project.currency
        self.known: dict[tuple[str, date], Decimal | None] = {}
        self.left_out = 0

    def convert(self, amount: Decimal, currency: str, day: date) -> Decimal:
        """Return the amount in project currency; 0 and one more row left out without a rate."""
        if currency == self.target:
            return amount
        key = (currency, day)
        if key not in self.known:
            self.known[key] = rate_on(source=currency, target=self.target, day=day)
        rate = self.known[key]
        if rate is None:
            self.left_out += 1
            return ZERO
        return (amount * rate).quantize(CENT, rounding=ROUND_HALF_UP)


def money_totals(project: Project) -> MoneyTotals:
    """Return the totals of a project. Four queries, and those for foreign currencies."""
    rates = Rates(project)
    sums: dict[str, Decimal] = {}
    for line in BudgetLine.objects.filter(project=project):
        amount = rates.convert(line.amount, line.currency, line.effective_from)
        sums[line.category] = sums.get(line.category, ZERO) + amount
    budget = sum(sums.values(), ZERO) if sums else None
    reserves = {category: sums.get(category, ZERO) for category in RESERVES}
    actual = (
        ActualCost.objects.filter(project=project).aggregate(total=Sum("project_amount"))["total"] or ZERO
    )
    committed = ZERO
    for row in Commitment.objects.filter(project=project, state=CommitmentState.OPEN):
        committed += rates.convert(max(ZERO, row.amount - row.invoiced), row.currency, row.date)
    etc = _etc(project)
    spoken_for = actual + committed
    return MoneyTotals(
        currency=project.currency,
        budget=budget,
        bac=None if budget is None else budget - sum(reserves.values(), ZERO),
        contingency=reserves[CostCategory.CONTINGENCY],
        management_reserve=reserves[CostCategory.MANAGEMENT_RESERVE],
        actual=actual,
        open_commitments=committed,
        etc=etc,
        forecast=(
            None
            if etc is None
            else forecast_at_completion(ac=actual, open_commitments=committed, uncommitted_etc=etc)
        ),
        available=None if budget is None else budget - spoken_for,
        budget_use=spoken_for / budget if budget else None,
        reason="" if budget else Reason.NO_BUDGET.value,
        forecast_reason=Reason.INSUFFICIENT_DATA.value if etc is None else "",
        left_out=rates.left_out,
    )


def _etc(project: Project) -> Decimal | None:
    """
    Return the newest estimate to complete: all lines of its day; None while nobody made one (CST-2).

    A canceled project has nothing left to complete: what it still owes is promised or posted.
    """
    if project.state == ProjectState.CANCELED:
        return ZERO
    newest = ForecastLine.objects.filter(project=project).order_by("-made_on").values("made_on")[:1]
    lines = ForecastLine.objects.filter(project=project, made_on__in=newest)
    total: Decimal | None = lines.aggregate(total=Sum("etc_amount"))["total"]
    return total


def budget_rows(project: Project) -> list[BudgetRow]:
    """Return the budget lines with what was posted on them. One query."""
    lines = (
        BudgetLine.objects.filter(project=project)
        .select_related("task")
        .annotate(posted=Sum("actual_costs__project_amount"))
        .order_by("category", "name", "pk")
    )
    return [
        BudgetRow(
            pk=line.pk,
            name=line.name or line.get_category_display(),
            category=line.category,
            category_title=line.get_category_display(),
            cost_type=line.get_cost_type_display(),
            funding_source=line.funding_source,
            task=str(line.task) if line.task else "",
            currency=line.currency,
            amount=line.amount,
            actual=line.posted or ZERO,
            effective_from=line.effective_from,
            version=line.version,
        )
        for line in lines
    ]


def commitment_rows(project: Project) -> list[CommitmentRow]:
    """Return the commitments, open ones first. One query."""
    rows = [
        CommitmentRow(
            pk=row.pk,
            number=row.number,
            supplier=row.supplier,
            line=str(row.line) if row.line else "",
            date=row.date,
            currency=row.currency,
            amount=row.amount,
            invoiced=row.invoiced,
            open_amount=max(ZERO, row.amount - row.invoiced) if row.state == CommitmentState.OPEN else ZERO,
            state=row.state,
            state_title=row.get_state_display(),
            version=row.version,
        )
        for row in Commitment.objects.filter(project=project).select_related("line").order_by("-date", "-pk")
    ]
    return sorted(rows, key=lambda row: row.state != CommitmentState.OPEN)


def cost_postings(project: Project) -> Any:
    """Return the postings, newest first, with what the list shows."""
    return (
        ActualCost.objects.filter(project=project)
        .select_related("task", "line", "reversed_by")
        .order_by("-posting_date", "-pk")
    )


def cost_row(cost: ActualCost) -> CostRow:
    """Return a posting of `cost_postings` as the list shows it."""
    return CostRow(
        pk=cost.pk,
        posting_date=cost.posting_date,
        text=cost.text,
        task=str(cost.task) if cost.task else "",
        line=str(cost.line) if cost.line else "",
        source_title=cost.get_source_display(),
        currency=cost.currency,
        amount=cost.amount,
        rate=cost.rate,
        project_amount=cost.project_amount,
        is_reversal=cost.reverses_id is not None,
        is_reversed=hasattr(cost, "reversed_by"),
    )


def known_currencies(project: Project) -> list[str]:
    """Return the project's currency and those with a rate to or from it."""
    pairs = FxRate.objects.values_list("source", "target").distinct().order_by("source", "target")
    return sorted({project.currency} | {code for pair in pairs for code in pair if project.currency in pair})
