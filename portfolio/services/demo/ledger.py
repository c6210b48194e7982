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
POSTINGS = (
    (0.5, "Hours of the team", CostSource.TIMESHEET),
    (0.35, "Invoices of suppliers", CostSource.INVOICE),
    (0.15, "Transfers and accruals", CostSource.ACCRUAL),
)


@dataclass
class Ledger:
    """Money of one project: budget per step, what was posted and is committed."""

    budgets: dict[str, Decimal]
    lines: list[BudgetLine]
    posted: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)
    months: int = field(default=0)

    @property
    def bac(self) -> Decimal:
        """Sum of the budgets of all steps."""
        return sum(self.budgets.values(), Decimal(0))

    def earned(self, physical: Mapping[str, Decimal]) -> Decimal:
        """Return the value earned at percentages by step."""
        done = (self.budgets[key] * share / HUNDRED for key, share in physical.items() if key in self.budgets)
        return sum(done, Decimal(0))


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
    return Ledger(budgets, add_budget_lines(actor=cast.finance, project=project, drafts=drafts))


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
            line=ledger.lines[number % len(ledger.lines)],
            amount=amount,
            invoiced=invoiced,
            date=day,
        )
        ledger.committed += amount - invoiced


def post_month(
    *, cast: Cast, project: Project, ledger: Ledger, rng: Random, earned: Decimal, cpi: float, close: date
) -> None:
    """Post what a month cost, so that all value earned so far cost ``earned / cpi``."""
    ledger.months += 1
    spent = rounded(earned / Decimal(str(round(cpi, 4)))) - ledger.posted
    if spent <= 0:
        return
    drafts, rest = [], spent
    for number, (share, text, source) in enumerate(POSTINGS):
        is_last = number == len(POSTINGS) - 1
        amount = rest if is_last else rounded(spent * Decimal(share))
        rest -= amount
        day = close.replace(day=min(close.day, (10, 22, close.day)[number]))
        if amount:
            line = rng.choice(ledger.lines[:-2])
            drafts.append(CostDraft(day, amount, text=f"{text}, {close:%m/%Y}", source=source, line=line))
    post_actual_costs(actor=cast.finance, project=project, drafts=drafts)
    ledger.posted += spent


def estimate(*, cast: Cast, project: Project, ledger: Ledger, earned: Decimal, cpi: float, day: date) -> None:
    """Say what the rest costs beyond commitments."""
    rest = (ledger.bac - earned) / Decimal(str(round(cpi, 4))) - ledger.committed
    set_forecast(actor=cast.finance, project=project, etc_amount=max(rounded(rest), Decimal(0)), made_on=day)
