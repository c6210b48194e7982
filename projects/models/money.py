"""Budget, commitments, actual cost, forecast, exchange rates."""

from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.scopes import within_reach
from projects.choices import CommitmentState, CostCategory, CostSource, CostType, FxKind

MONEY = {"max_digits": 18, "decimal_places": 2}


M = TypeVar("M", bound=models.Model)


class MoneyQuerySet(models.QuerySet[M]):
    """Adjectives shared by the rows of the ledger."""

    def visible_to(self, user: Any, permission: str = "budget.view") -> "MoneyQuerySet[M]":
        """Rows of projects where the person may see amounts."""
        return self.filter(within_reach(user, permission, node="project__node"))


class BudgetLine(models.Model):
    """Money set aside for a part of the project."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="budget_lines")
    task = models.ForeignKey(
        "projects.Task",
        verbose_name=_("WBS element"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="budget_lines",
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    category = models.CharField(
        _("category"), max_length=18, choices=CostCategory.choices, default=CostCategory.OTHER
    )
    cost_type = models.CharField(
        _("cost type"), max_length=5, choices=CostType.choices, default=CostType.OPEX
    )
    funding_source = models.CharField(_("funding source"), max_length=100, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), **MONEY)
    effective_from = models.DateField(_("effective from"))
    entered_on = models.DateField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = MoneyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(category__in=CostCategory.values), name="budget_category_known"
            )
        ]
        indexes = [models.Index(fields=["project", "effective_from"], name="budget_project_effective")]

    def __str__(self) -> str:
        return self.name or self.get_category_display()


class BudgetAmount(models.Model):
    """Part of a budget line that falls into one period (``2026-03``)."""

    line = models.ForeignKey(BudgetLine, on_delete=models.CASCADE, related_name="amounts")
    period_code = models.CharField(max_length=10)
    amount = models.DecimalField(**MONEY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "period_code"], name="budget_amount_once_per_period")
        ]

    def __str__(self) -> str:
        return f"{self.period_code} {self.amount}"


class Commitment(models.Model):
    """Money promised to a supplier and not yet invoiced in full (CST-1)."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="commitments")
    line = models.ForeignKey(
        BudgetLine, null=True, blank=True, on_delete=models.SET_NULL, related_name="commitments"
    )
    number = models.CharField(_("number"), max_length=40)
    supplier = models.CharField(_("supplier"), max_length=150, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), **MONEY)
    invoiced = models.DecimalField(_("invoiced"), default=0, **MONEY)
    date = models.DateField(_("date"))
    state = models.CharField(
        _("state"), max_length=8, choices=CommitmentState.choices, default=CommitmentState.OPEN
    )
    closed_on = models.DateField(null=True, blank=True)
    entered_on = models.DateField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MoneyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="commitment_number_unique"),
            models.CheckConstraint(condition=Q(invoiced__gte=0), name="commitment_invoiced_not_negative"),
        ]

    def __str__(self) -> str:
        return self.number


class ActualCost(models.Model):
    """A posting; corrected by another one that reverses it, never edited (CST-18)."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="actual_costs")
    task = models.ForeignKey(
        "projects.Task",
        verbose_name=_("WBS element"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="actual_costs",
    )
    line = models.ForeignKey(
        BudgetLine, null=True, blank=True, on_delete=models.SET_NULL, related_name="actual_costs"
    )
    posting_date = models.DateField(_("posting date"))
    text = models.CharField(_("text"), max_length=200, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), **MONEY)
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8, default=1)
    project_amount = models.DecimalField(_("in project currency"), editable=False, **MONEY)
    source = models.CharField(
        _("source"), max_length=9, choices=CostSource.choices, default=CostSource.JOURNAL
    )
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = MoneyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rate__gt=0), name="actual_cost_rate_positive"),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | ~Q(reverses=F("id")), name="actual_cost_not_own_reversal"
            ),
        ]
        indexes = [models.Index(fields=["project", "posting_date"], name="actual_cost_project_date")]

    def __str__(self) -> str:
        return f"{self.posting_date} {self.amount}"


class CostHold(models.Model):
    """
    A time in which no cost is booked on a project, but on its ``lines``: those of closing (domain 2.5).

    ``cause`` names the gate that ordered it, such as G3, if one did; it ends when the project goes on. On a
    canceled project it says that its closing checklist is done and the costs are final.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="cost_holds")
    cause = models.CharField(max_length=40, blank=True)
    lines = models.ManyToManyField(BudgetLine, blank=True, related_name="+")
    began_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(ended_on__isnull=True), name="cost_hold_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="cost_hold_ends_after_its_begin",
            ),
        ]

    def __str__(self) -> str:
        return self.cause


class ForecastLine(models.Model):
    """Estimate of cost still to come that is not committed yet."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="forecast_lines")
    line = models.ForeignKey(
        BudgetLine, null=True, blank=True, on_delete=models.SET_NULL, related_name="forecasts"
    )
    period_code = models.CharField(max_length=10, blank=True)
    etc_amount = models.DecimalField(_("estimate to complete"), **MONEY)
    made_on = models.DateField(_("made on"))

    objects = MoneyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(etc_amount__gte=0), name="forecast_not_negative"),
            models.UniqueConstraint(
                fields=["project", "line", "period_code", "made_on"],
                name="forecast_once_per_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_on} {self.etc_amount}"


class FxRate(models.Model):
    """Value of one unit of ``source`` in ``target`` from a day on."""

    source = models.CharField(_("from"), max_length=3)
    target = models.CharField(_("to"), max_length=3)
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=7, choices=FxKind.choices, default=FxKind.BUDGET)
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "date", "kind"], name="fx_rate_unique"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="fx_rate_positive"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="fx_rate_two_currencies"),
        ]

    def __str__(self) -> str:
        return f"{self.source}/{self.target} {self.rate}"
