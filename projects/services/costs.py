"""Postings of actual cost and the forecast of the rest (CST-2, CST-18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError
from projects import actions
from projects.choices import CostSource
from projects.models import ActualCost, BudgetLine, ForecastLine, Project, Task
from projects.selectors.currency import project_amount
from projects.services.changes import described_values, lock_open_project, touch_project
from projects.services.cost_holds import lock_owing_project, require_bookable
from projects.services.periods import require_open_period

FACTS = ("posting_date", "text", "currency", "amount", "rate", "project_amount", "source", "task", "line")


@dataclass(frozen=True)
class CostDraft:
    """A cost to be posted; the currency is the project's when left out."""

    posting_date: date
    amount: Decimal
    currency: str = ""
    text: str = ""
    source: str = CostSource.JOURNAL
    task: Task | None = None
    line: BudgetLine | None = None


@transaction.atomic
def post_actual_cost(
    *,
    actor: User | None,
    project: Project,
    posting_date: date,
    amount: Decimal,
    currency: str = "",
    text: str = "",
    source: str = CostSource.JOURNAL,
    task: Task | None = None,
    line: BudgetLine | None = None,
) -> ActualCost:
    """
    Return a new posting, in project currency at the spot rate of its day, fixed for ever.

    A cost beyond the budget is never refused (CST-4).

    Raises
    ------
    DomainError
        ``PERIOD_CLOSED`` for a day that is closed (CST-6), ``MISSING_RATE`` without a rate, ``ZERO_AMOUNT``,
        ``NO_TASK``, ``NO_LINE``.
    Conflict
        ``COSTS_HELD`` while a gate holds the project, but for lines that stay open; for a canceled project
        once its closing checklist is done.
    """
    locked = lock_owing_project(project)
    require_open_period(posting_date)
    require_bookable(locked, [line])
    draft = CostDraft(posting_date, amount, currency, text, source, task, line)
    return _saved(actor, actions.ACTUAL_COST_POSTED, _posting(locked, draft), locked)


@transaction.atomic
def post_actual_costs(
    *, actor: User | None, project: Project, drafts: Sequence[CostDraft]
) -> list[ActualCost]:
    """Return many new postings, checked as `post_actual_cost` does; all or nothing."""
    locked = lock_owing_project(project)
    require_open_period(*(draft.posting_date for draft in drafts))
    require_bookable(locked, [draft.line for draft in drafts])
    costs = [_posting(locked, draft) for draft in drafts]
    for cost in costs:
        cost.clean_fields(exclude=["project", "task", "line", "reverses", "recorded_at"])
    ActualCost.objects.bulk_create(costs, batch_size=500)
    changes = [
        audit.Change(
            action=actions.ACTUAL_COST_POSTED,
            target=cost,
            node=locked.node,
            after=described_values(cost, names=FACTS),
        )
        for cost in costs
    ]
    audit.record_many(actor=actor, changes=changes)
    touch_project(locked)
    return costs


def _posting(project: Project, draft: CostDraft) -> ActualCost:
    """Return the posting of a draft, not saved yet."""
    if draft.amount == 0:
        raise DomainError(_("A posting needs an amount."), code="ZERO_AMOUNT", field="amount")
    if draft.task is not None and draft.task.project_id != project.pk:
        raise DomainError(_("There is no such task in this project."), code="NO_TASK", field="task")
    if draft.line is not None and draft.line.project_id != project.pk:
        raise DomainError(_("There is no such budget line in this project."), code="NO_LINE", field="line")
    currency = draft.currency or project.currency
    converted = project_amount(draft.amount, currency=currency, project=project, day=draft.posting_date)
    return ActualCost(
        project=project,
        task=draft.task,
        line=draft.line,
        posting_date=draft.posting_date,
        text=draft.text,
        currency=currency,
        amount=draft.amount,
        rate=converted.rate,
        project_amount=converted.amount,
        source=draft.source,
    )


@transaction.atomic
def reverse_actual_cost(
    *, actor: User | None, cost: ActualCost, posting_date: date, reason: str = ""
) -> ActualCost:
    """
    Return the posting that takes another one back; postings are never edited.

    A mistake is put right during a hold of the costs too.

    Raises
    ------
    DomainError
        ``PERIOD_CLOSED`` for a day that is closed; the original may lie in a closed period (CST-6).
    Conflict
        ``REVERSED_ALREADY``, or ``IS_REVERSAL`` for a reversal itself.
    """
    locked = lock_owing_project(cost.project)
    require_open_period(posting_date)
    original = ActualCost.objects.select_for_update().get(pk=cost.pk)
    if original.reverses_id is not None:
        raise Conflict(_("This posting takes another one back already. Post anew."), code="IS_REVERSAL")
    if ActualCost.objects.filter(reverses=original).exists():
        raise Conflict(_("This posting has been reversed already."), code="REVERSED_ALREADY")
    reversal = ActualCost(
        project=locked,
        task=original.task,
        line=original.line,
        posting_date=posting_date,
        text=original.text,
        currency=original.currency,
        amount=-original.amount,
        rate=original.rate,
        project_amount=-original.project_amount,
        source=original.source,
        reverses=original,
    )
    return _saved(actor, actions.ACTUAL_COST_REVERSED, reversal, locked, reason=reason)


@transaction.atomic
def set_forecast(
    *,
    actor: User | None,
    project: Project,
    etc_amount: Decimal,
    made_on: date,
    line: BudgetLine | None = None,
    period_code: str = "",
) -> ForecastLine:
    """
    Say what is still to be spent beyond commitments; a second word on the same day replaces the first.

    The newest day's lines count together (CST-2).
    """
    locked = lock_open_project(project)
    if line is not None and line.project_id != locked.pk:
        raise DomainError(_("There is no such budget line in this project."), code="NO_LINE", field="line")
    found = ForecastLine.objects.filter(
        project=locked, line=line, period_code=period_code, made_on=made_on
    ).first()
    forecast = found or ForecastLine(project=locked, line=line, period_code=period_code, made_on=made_on)
    former = found.etc_amount if found else None
    forecast.etc_amount = etc_amount
    forecast.full_clean()
    forecast.save()
    audit.record_many(actor=actor, changes=[forecasting_of(forecast, former=former)])
    touch_project(locked)
    return forecast


def forecasting_of(forecast: ForecastLine, *, former: Decimal | None) -> audit.Change:
    """Return what the audit trail says of a forecast that was set."""
    return audit.Change(
        action=actions.FORECAST_SET,
        target=forecast,
        node=forecast.project.node,
        before=None if former is None else {"etc_amount": former},
        after={"etc_amount": forecast.etc_amount, "made_on": forecast.made_on},
    )


def _saved(
    actor: User | None, action: str, cost: ActualCost, project: Project, *, reason: str = ""
) -> ActualCost:
    cost.full_clean(exclude=["recorded_at"])
    cost.save()
    audit.record(
        actor=actor,
        action=action,
        target=cost,
        node=project.node,
        after=described_values(cost, names=FACTS),
        reason=reason,
    )
    touch_project(project)
    return cost
