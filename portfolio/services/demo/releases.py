"""How much money the gates of the demo release: step by step, and enough for what is spent."""

from datetime import date
from decimal import ROUND_DOWN, Decimal

from portfolio.selectors.gate_funds import ZERO, funds_of, phase_after
from portfolio.selectors.governance import Governance
from projects.models import Project

THOUSAND = Decimal(1000)
MARGIN = Decimal("1.1")


def amount_at(
    project: Project, known: Governance, gate: str, as_of: date, *, covers_spending: bool = False
) -> Decimal | None:
    """Return what a gate releases of the budget; None where nothing can be released."""
    funds = funds_of(project, known, as_of)
    budget, left = funds.money.budget, funds.left
    releasing = [row.code for row in known.content.gates if phase_after(known, row.code)]
    if budget is None or left is None or funds.money.left_out or gate not in releasing:
        return None
    wanted = budget * (releasing.index(gate) + 1) / len(releasing)
    if covers_spending:
        wanted = max(wanted, funds.money.spoken_for * MARGIN)
    amount = min(wanted - (funds.released or ZERO), left)
    rounded = (amount / THOUSAND).quantize(Decimal(1), rounding=ROUND_DOWN) * THOUSAND
    return rounded if rounded > 0 else None
