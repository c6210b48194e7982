"""Money promised to suppliers (CST-1, CST-4)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError
from projects import actions
from projects.choices import CommitmentState
from projects.models import Commitment, Project
from projects.selectors.currency import project_amount
from projects.selectors.money import money_totals
from projects.services.changes import (
    described_values,
    lock_open_project,
    require_version,
    save_version,
    touch_project,
    write_changes,
)
from projects.services.cost_holds import lock_owing_project
from projects.services.former_values import entry_day, remember_commitment

EDITABLE = frozenset({"line", "number", "supplier", "currency", "amount", "invoiced", "date"})
MIN_REASON = 10


@transaction.atomic
def add_commitment(
    *,
    actor: User | None,
    project: Project,
    number: str,
    amount: Decimal,
    date: date,
    currency: str = "",
    reason: str = "",
    **facts: Any,
) -> Commitment:
    """
    Return a new commitment.

    Parameters
    ----------
    reason : str
        Needed with the right to approve changes when the budget does not cover it (CST-4).

    Raises
    ------
    Conflict
        ``OVER_BUDGET`` if less is available and nobody with that right gave a reason.
    """
    locked = lock_open_project(project)
    if set(facts) - EDITABLE:
        raise ValueError(f"not to be set here: {sorted(set(facts) - EDITABLE)}")
    commitment = Commitment(
        project=locked, number=number, amount=amount, date=date, currency=currency or locked.currency, **facts
    )
    commitment.entered_on = entry_day(locked)
    _require_sense(commitment, locked)
    commitment.full_clean()
    commitment.save()
    _require_cover(actor, locked, reason)
    audit.record(
        actor=actor,
        action=actions.COMMITMENT_CREATED,
        target=commitment,
        node=locked.node,
        after=described_values(commitment, names=sorted(EDITABLE)),
        reason=reason,
    )
    touch_project(locked)
    return commitment


@transaction.atomic
def edit_commitment(
    *,
    actor: User | None,
    commitment: Commitment,
    changes: Mapping[str, Any],
    expected_version: int | None,
    reason: str = "",
) -> Commitment:
    """Save new values of an open commitment; one of a canceled project is settled too."""
    project = lock_owing_project(commitment.project)
    locked = Commitment.objects.select_for_update().get(pk=commitment.pk)
    require_version(locked.version, expected=expected_version)
    _require_open(locked)
    former = (locked.amount, locked.currency)
    before, after = write_changes(locked, changes=changes, allowed=EDITABLE)
    if not after:
        return locked
    _require_sense(locked, project)
    remember_commitment(locked)
    save_version(locked)
    if (locked.amount, locked.currency) != former:
        _require_cover(actor, project, reason)
    audit.record(
        actor=actor,
        action=actions.COMMITMENT_CHANGED,
        target=locked,
        node=project.node,
        before=before,
        after=after,
        reason=reason,
    )
    touch_project(project)
    return locked


@transaction.atomic
def close_commitment(
    *,
    actor: User | None,
    commitment: Commitment,
    closed_on: date,
    expected_version: int | None,
    is_canceled: bool = False,
) -> Commitment:
    """Close or cancel a commitment; what is not invoiced becomes available again."""
    project = lock_owing_project(commitment.project)
    locked = Commitment.objects.select_for_update().get(pk=commitment.pk)
    require_version(locked.version, expected=expected_version)
    _require_open(locked)
    locked.state = CommitmentState.CANCELED if is_canceled else CommitmentState.CLOSED
    locked.closed_on = closed_on
    save_version(locked)
    audit.record(
        actor=actor,
        action=actions.COMMITMENT_CLOSED,
        target=locked,
        node=project.node,
        before={"state": CommitmentState.OPEN},
        after={"state": locked.state, "closed_on": closed_on},
    )
    touch_project(project)
    return locked


def _require_open(commitment: Commitment) -> None:
    if commitment.state != CommitmentState.OPEN:
        raise Conflict(_("This commitment is closed."), code="COMMITMENT_CLOSED")


def _require_sense(commitment: Commitment, project: Project) -> None:
    if commitment.line is not None and commitment.line.project_id != project.pk:
        raise DomainError(_("There is no such budget line in this project."), code="NO_LINE", field="line")
    if commitment.amount < 0 or commitment.invoiced < 0:
        raise DomainError(_("A commitment cannot be negative."), code="NEGATIVE_AMOUNT", field="amount")
    project_amount(commitment.amount, currency=commitment.currency, project=project, day=commitment.date)


def _require_cover(actor: User | None, project: Project, reason: str) -> None:
    """Refuse what the budget does not cover, unless somebody who approves changes says why (CST-4)."""
    available = money_totals(project).available
    if available is None or available >= 0 or actor is None:
        return
    if not may(actor, "change.approve", project.node):
        raise Conflict(
            _("This exceeds the budget by %(amount)s %(currency)s. The portfolio manager can enter it.")
            % {"amount": -available, "currency": project.currency},
            code="OVER_BUDGET",
            field="amount",
        )
    if len(reason.strip()) < MIN_REASON:
        raise Conflict(
            _("This exceeds the budget by %(amount)s %(currency)s. Say why it is approved.")
            % {"amount": -available, "currency": project.currency},
            code="OVER_BUDGET",
            field="reason",
        )
