"""Invented money: budget lines, commitments, monthly postings and estimates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from portfolio.services.demo.cast import Cast
from portfolio.services.demo.plans import Step
from projects.choices import CostCategory as C
from projects.choices import CostSource, CostType
from projects.models import BudgetLine, Project, Task
from projects.services.budgets import add_budget_lines
from projects.services.commitments import add_commitment
from projects.services.costs import CostDraft, post_actual_costs, set_forecast

HUNDRED = Decimal(100)
CATEGORIES = {
    "build": (C.MATERIAL, C.CONTRACTOR, C.LABOUR, C.EQUIPMENT),
    "software": (C.LABOUR, C.SOFTWARE, C.CONTRACTOR, C.LABOUR),
    "policy": (C.LABOUR, C.OTHER, C.TRAINING, C.LABOUR),
    "site": (C.FACILITIES, C.CONTRACTOR, C.LABOUR, C.MATERIAL),
}
SUPPLIERS = (
    "Corvus Engineering",
    "Tideway Systems",
    "Blackthorn Works",
    "Lumen Consulting",
    "Ardan Ltd",
)
HOURS = ("Hours of the team", CostSource.TIMESHEET, 10)
INVOICES = ("Invoices of suppliers", CostSource.INVOICE, 22)
ACCRUALS = ("Transfers and accruals", CostSource.ACCRUAL, 31)
ACCRUED_SHARE = Decimal("0.15")


@dataclass
class Ledger:
    """Money of one project: budget and line per step, value earned, what was posted and is committed."""

    budgets: dict[str, Decimal]
    lines: dict[str, BudgetLine]
    values: dict[str, Decimal] = field(default_factory=dict)
    posted: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)

    @property
    def bac(self) -> Decimal:
        """Sum of the budgets of all steps."""
        return sum(self.budgets.values(), Decimal(0))

    @property
    def earned(self) -> Decimal:
        """Value earned by all steps so far."""
        return sum(self.values.values(), Decimal(0))

    @property
    def line_at_work(self) -> BudgetLine:
        """The line of the first work that is not done."""
        open_keys = (key for key, budget in self.budgets.items() if self.values.get(key, 0) < budget)
        return self.lines[next(open_keys, next(iter(self.lines)))]

    def earn(self, physical: Mapping[str, Decimal]) -> dict[str, Decimal]:
        """Take over percentages by step; return the value each of them gained by it, the largest first."""
        values = {
            key: self.budgets[key] * share / HUNDRED for key, share in physical.items() if key in self.budgets
        }
        gains = {key: value - self.values.get(key, Decimal(0)) for key, value in values.items()}
        self.values = values
        return dict(sorted(gains.items(), key=lambda each: -each[1]))


def rounded(amount: Decimal | float, *, to: int = 100) -> Decimal:
    """Return the amount rounded to hundreds."""
    return (Decimal(amount) / to).quantize(Decimal(1), rounding=ROUND_HALF_UP) * to


def open_ledger(
    *,
    cast: Cast,
    project: Project,
    steps: Sequence[Step],
    tasks: Mapping[str, Task],
    budget: int,
    kind: str,
    day: date,
) -> Ledger:
    """Budget every task of the plan by its length, with reserves beside; return the ledger."""
    work = [step for step in steps if step.is_work]
    total = sum(step.length for step in work)
    budgets = {step.key: rounded(Decimal(budget * 1000) * step.length / total) for step in work}
    drafts: list[dict[str, Any]] = []
    for number, step in enumerate(work):
        category = CATEGORIES[kind][number % len(CATEGORIES[kind])]
        drafts.append(
            {
                "task": tasks[step.key],
                "name": step.name,
                "category": category,
                "cost_type": CostType.OPEX if category in {C.TRAINING, C.OTHER} else CostType.CAPEX,
                "funding_source": "Investment plan",
                "amount": budgets[step.key],
                "effective_from": day,
            }
        )
    for name, category, share in (
        ("Contingency", C.CONTINGENCY, 6),
        ("Management reserve", C.MANAGEMENT_RESERVE, 3),
    ):
        amount = rounded(Decimal(budget) * share * 10)
        drafts.append({"name": name, "category": category, "amount": amount, "effective_from": day})
    lines = add_budget_lines(actor=cast.finance, project=project, drafts=drafts)
    return Ledger(budgets, dict(zip(budgets, lines, strict=False)))


def commit(
    *, cast: Cast, project: Project, ledger: Ledger, rng: Random, day: date, share_done: float
) -> None:
    """Order from two suppliers; as much is invoiced as the project is done."""
    for number, share in enumerate((0.12, 0.08), start=1):
        amount = rounded(ledger.bac * Decimal(share))
        invoiced = rounded(amount * Decimal(min(share_done * 1.1, 1.0)))
        add_commitment(
            actor=cast.finance,
            project=project,
            number=f"PO-{project.pk:04d}-{number}",
            supplier=rng.choice(SUPPLIERS),
            line=list(ledger.lines.values())[number % len(ledger.lines)],
            amount=amount,
            invoiced=invoiced,
            date=day,
        )
        ledger.committed += amount - invoiced


def post_month(
    *, cast: Cast, project: Project, ledger: Ledger, gains: Mapping[str, Decimal], cpi: float, close: date
) -> None:
    """Post a month's cost to the work that gained value, so that all value so far cost ``earned / cpi``."""
    spent = rounded(ledger.earned / Decimal(str(round(cpi, 4)))) - ledger.posted
    if spent <= 0:
        return
    worked = {key: gain for key, gain in gains.items() if gain > 0} or dict.fromkeys(
        list(gains)[:1], Decimal(1)
    )
    total = sum(worked.values())
    accrued = rounded(spent * ACCRUED_SHARE)
    main, *others = worked
    amounts = {key: rounded((spent - accrued) * worked[key] / total) for key in others}
    amounts = {main: spent - accrued - sum(amounts.values()), **amounts}
    kinds = {key: HOURS if ledger.lines[key].category == C.LABOUR else INVOICES for key in amounts}
    postings = [(ledger.lines[key], amount, *kinds[key]) for key, amount in amounts.items()]
    post_actual_costs(
        actor=cast.finance,
        project=project,
        drafts=[
            CostDraft(
                close.replace(day=min(close.day, day)),
                amount,
                text=f"{text}, {close:%m/%Y}",
                source=source,
                line=line,
            )
            for line, amount, text, source, day in (*postings, (ledger.lines[main], accrued, *ACCRUALS))
            if amount
        ],
    )
    ledger.posted += spent


def estimate(*, cast: Cast, project: Project, ledger: Ledger, cpi: float, day: date) -> None:
    """Say what the rest costs beyond commitments."""
    rest = (ledger.bac - ledger.earned) / Decimal(str(round(cpi, 4))) - ledger.committed
    set_forecast(actor=cast.finance, project=project, etc_amount=max(rounded(rest), Decimal(0)), made_on=day)
