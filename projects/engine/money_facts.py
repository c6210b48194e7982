"""Money of one project as `Decimal`, taken exactly from the cents of a chunk (SEC-47)."""

from dataclasses import dataclass
from decimal import Decimal

from projects.engine.chunk_totals import ChunkTotals
from projects.engine.project_arrays import UNKNOWN, EacMethod, ProjectColumns


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """
    Amounts in project currency; ``None`` where a fact was never given.

    ``earlier`` holds EV and AC before the last three periods began.
    """

    bac: Decimal
    pv: Decimal
    ev: Decimal
    ac: Decimal
    loe_budget: Decimal
    work_budget: Decimal
    contingency: Decimal
    reserve: Decimal
    has_budget: bool
    open_commitments: Decimal
    uncommitted_etc: Decimal | None
    original_bac: Decimal | None
    eac_method: EacMethod
    earlier: tuple[Decimal, Decimal] | None = None


def from_cents(cents: int) -> Decimal:
    """Return whole cents as an amount with two decimals."""
    return Decimal(cents).scaleb(-2)


def optional_amount(cents: int) -> Decimal | None:
    """Return the amount, or None where it was never given (``UNKNOWN``)."""
    return None if cents == UNKNOWN else from_cents(cents)


def money_facts(projects: ProjectColumns, totals: ChunkTotals, position: int) -> MoneyFacts:
    """Return the amounts of the project at ``position``."""
    return MoneyFacts(
        bac=from_cents(int(totals.bac[position])),
        pv=from_cents(int(totals.pv[position])),
        ev=from_cents(int(totals.ev[position])),
        ac=from_cents(int(projects.actual_cost[position])),
        loe_budget=from_cents(int(totals.loe_budget[position])),
        work_budget=from_cents(int(projects.budget_work[position])),
        contingency=from_cents(int(projects.budget_contingency[position])),
        reserve=from_cents(int(projects.budget_reserve[position])),
        has_budget=bool(projects.has_budget[position]),
        open_commitments=from_cents(int(projects.open_commitments[position])),
        uncommitted_etc=optional_amount(int(projects.uncommitted_etc[position])),
        original_bac=optional_amount(int(projects.original_bac[position])),
        eac_method=EacMethod(int(projects.eac_method[position])),
        earlier=projects.earlier_of(position),
    )
