"""Budget lines."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError
from projects import actions
from projects.models import BudgetLine, Project, Task
from projects.selectors.currency import project_amount
from projects.services.changes import (
    described_values,
    lock_open_project,
    require_version,
    save_version,
    touch_project,
    write_changes,
)
from projects.services.former_values import entry_day, remember_budget_line

EDITABLE = frozenset(
    {"task", "name", "category", "cost_type", "funding_source", "currency", "amount", "effective_from"}
)


@transaction.atomic
def add_budget_line(
    *,
    actor: User | None,
    project: Project,
    amount: Decimal,
    effective_from: date,
    currency: str = "",
    **facts: Any,
) -> BudgetLine:
    """
    Return a new budget line; the currency is the project's when left out.

    Raises
    ------
    DomainError
        ``MISSING_RATE`` if the amount cannot be told in project currency (CST-20).
    """
    locked = lock_open_project(project)
    draft = {"amount": amount, "effective_from": effective_from, "currency": currency, **facts}
    line = draft_line(locked, draft, entered_on=entry_day(locked))
    line.full_clean(exclude=["created_at"])
    line.save()
    audit.record_many(actor=actor, changes=[creation_of(line, locked)])
    touch_project(locked)
    return line


@transaction.atomic
def add_budget_lines(
    *, actor: User | None, project: Project, drafts: Sequence[Mapping[str, Any]]
) -> list[BudgetLine]:
    """
    Return many new budget lines; all or nothing.

    Parameters
    ----------
    drafts : sequence of mappings
        Columns of ``EDITABLE``, as `add_budget_line` takes them.
    """
    locked = lock_open_project(project)
    entered_on = entry_day(locked)
    lines = [draft_line(locked, draft, entered_on=entered_on) for draft in drafts]
    for line in lines:
        line.clean_fields(exclude=["project", "task", "created_at"])
    BudgetLine.objects.bulk_create(lines, batch_size=500)
    audit.record_many(actor=actor, changes=[creation_of(line, locked) for line in lines])
    touch_project(locked)
    return lines


def draft_line(project: Project, draft: Mapping[str, Any], *, entered_on: date | None) -> BudgetLine:
    """Return the line of a draft, not saved yet."""
    if set(draft) - EDITABLE:
        raise ValueError(f"not to be set here: {sorted(set(draft) - EDITABLE)}")
    line = BudgetLine(**{**draft, "project": project, "currency": draft.get("currency") or project.currency})
    line.entered_on = entered_on
    _require_sense(line, project)
    return line


def creation_of(line: BudgetLine, project: Project) -> audit.Change:
    """Return what the audit trail says of a new line."""
    return audit.Change(
        action=actions.BUDGET_LINE_CREATED,
        target=line,
        node=project.node,
        after=described_values(line, names=sorted(EDITABLE)),
    )


@transaction.atomic
def edit_budget_line(
    *, actor: User | None, line: BudgetLine, changes: Mapping[str, Any], expected_version: int | None
) -> BudgetLine:
    """Save new values of a budget line."""
    project = lock_open_project(line.project)
    locked = BudgetLine.objects.select_for_update().get(pk=line.pk)
    require_version(locked.version, expected=expected_version)
    before, after = write_changes(locked, changes=changes, allowed=EDITABLE)
    if not after:
        return locked
    _require_sense(locked, project)
    remember_budget_line(locked)
    save_version(locked)
    audit.record(
        actor=actor,
        action=actions.BUDGET_LINE_CHANGED,
        target=locked,
        node=project.node,
        before=before,
        after=after,
    )
    touch_project(project)
    return locked


@transaction.atomic
def remove_budget_line(*, actor: User | None, line: BudgetLine, expected_version: int | None) -> None:
    """
    Remove a budget line nothing was committed or posted on.

    Raises
    ------
    Conflict
        ``LINE_IN_USE`` if commitments, postings or forecasts name it.
    """
    project = lock_open_project(line.project)
    locked = BudgetLine.objects.select_for_update().get(pk=line.pk)
    require_version(locked.version, expected=expected_version)
    if locked.commitments.exists() or locked.actual_costs.exists() or locked.forecasts.exists():
        raise Conflict(
            _("Commitments or costs were recorded on this line. Set its amount to 0 instead."),
            code="LINE_IN_USE",
        )
    described = described_values(locked, names=sorted(EDITABLE))
    label = BudgetLine(pk=locked.pk, name=locked.name, category=locked.category)
    remember_budget_line(locked)
    locked.delete()
    audit.record(
        actor=actor, action=actions.BUDGET_LINE_DELETED, target=label, node=project.node, before=described
    )
    touch_project(project)


def _require_sense(line: BudgetLine, project: Project) -> None:
    task: Task | None = line.task
    if task is not None and task.project_id != project.pk:
        raise DomainError(_("There is no such task in this project."), code="NO_TASK", field="task")
    if line.amount < 0:
        raise DomainError(_("A budget cannot be negative."), code="NEGATIVE_AMOUNT", field="amount")
    project_amount(line.amount, currency=line.currency, project=project, day=line.effective_from)
