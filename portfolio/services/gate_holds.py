"""Stop the booking of costs with the hold of a gate, but for listed costs of closing (domain 2.5)."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import User
from pmo_portal.common.errors import NotAllowed
from portfolio.models import GateReview
from projects.models import BudgetLine, Project
from projects.services.cost_holds import hold_costs


def require_listable(actor: User | None, project: Project, lines: Sequence[BudgetLine]) -> None:
    """
    Go on if the person may name lines of the budget; naming none is always right.

    Raises
    ------
    NotAllowed
        If the person does not see the money of the project.
    """
    if lines and actor is not None and not may(actor, "budget.view_totals", project.node):
        raise NotAllowed(
            _("Only who sees the money of the project names lines of its budget."),
            field="closing_lines",
            code="MONEY_HIDDEN",
        )


def stop_costs(
    review: GateReview,
    project: Project,
    *,
    lines: Sequence[BudgetLine],
    actor: User | None,
    today: date,
) -> None:
    """Let a hold stop the costs of the project until it goes on; the review keeps which lines stay open."""
    review.cost_hold = hold_costs(actor=actor, project=project, cause=review.label, lines=lines, today=today)
    review.save(update_fields=["cost_hold"])
