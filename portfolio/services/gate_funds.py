"""Release the money of the next phase with the decision of a gate (domain 2.5)."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import User
from pmo_portal.common.errors import DomainError, NotAllowed
from pmo_portal.common.templatetags.common import money2
from portfolio.models import GateReview
from portfolio.selectors.gate_funds import funds_of, phase_after
from portfolio.selectors.governance import Governance
from portfolio.services.governance import record
from projects.actions import FUNDS_RELEASED
from projects.models import Project

FIELD = "released_amount"


def require_releasable(
    actor: User | None, project: Project, known: Governance, gate: str, amount: Decimal | None, today: date
) -> None:
    """
    Go on if a gate may release the amount; releasing nothing is always right.

    Raises
    ------
    NotAllowed
        If the person does not see the money of the project.
    DomainError
        If no phase follows the gate, or the budget does not hold so much beside what is released already.
    """
    if amount is None:
        return
    if actor is not None and not may(actor, "budget.view_totals", project.node):
        raise NotAllowed(
            _("Only who sees the money of the project releases it."), field=FIELD, code="MONEY_HIDDEN"
        )
    if amount <= 0:
        raise DomainError(_("Release more than 0, or leave it empty."), field=FIELD, code="NOT_POSITIVE")
    if not phase_after(known, gate):
        raise DomainError(
            _("No phase follows this gate, so there is nothing to release money for."),
            field=FIELD,
            code="NO_PHASE_FOLLOWS",
        )
    _require_budget(project, known, amount, today)


def _require_budget(project: Project, known: Governance, amount: Decimal, today: date) -> None:
    funds = funds_of(project, known, today)
    if funds.left is None:
        raise DomainError(
            _("The project has no budget money could be released from."), field=FIELD, code="NO_BUDGET"
        )
    if funds.money.left_out:
        raise DomainError(
            _("An exchange rate is missing, so it is not known what is left of the budget."),
            field=FIELD,
            code="RATE_MISSING",
        )
    if amount > funds.left:
        values = {"left": money2(max(funds.left, Decimal(0)), project.currency)}
        raise DomainError(
            _("The budget leaves %(left)s to be released.") % values, field=FIELD, code="ABOVE_BUDGET"
        )


def note_release(actor: User | None, review: GateReview, project: Project) -> None:
    """Write the release into the trail, apart from the decision: amounts are for those who see money."""
    if review.released_amount is None:
        return
    after = {"gate": review.label, "amount": str(review.released_amount), "currency": project.currency}
    record(actor, FUNDS_RELEASED, review, project, after=after)
