"""Shapes of budget lines, commitments, postings and totals; money as text (SEC-47)."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from projects.api.base import LineField, TaskField
from projects.choices import CostCategory, CostSource, CostType
from projects.models import ActualCost, BudgetLine, Commitment

AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 2}
LARGEST = Decimal("9999999999999.99")


class AmountField(serializers.DecimalField):
    """An amount that is not negative."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**AMOUNT, **{"min_value": Decimal(0), "max_value": LARGEST, **options})


class TotalsOutput(serializers.Serializer[Any]):
    """Totals in project currency; undefined ones are null and ``reason`` says why (CON-4)."""

    currency = serializers.CharField()
    budget = serializers.DecimalField(allow_null=True, **AMOUNT)
    bac = serializers.DecimalField(allow_null=True, **AMOUNT)
    contingency = serializers.DecimalField(**AMOUNT)
    management_reserve = serializers.DecimalField(**AMOUNT)
    actual = serializers.DecimalField(**AMOUNT)
    open_commitments = serializers.DecimalField(**AMOUNT)
    etc = serializers.DecimalField(allow_null=True, **AMOUNT)
    forecast = serializers.DecimalField(
        allow_null=True, help_text="Null while nobody made an estimate to complete.", **AMOUNT
    )
    available = serializers.DecimalField(allow_null=True, **AMOUNT)
    budget_use = serializers.DecimalField(max_digits=20, decimal_places=4, allow_null=True)
    reason = serializers.CharField(help_text="Why figures that need a budget are null.")
    forecast_reason = serializers.CharField(help_text="Why estimate and forecast are null.")
    left_out = serializers.IntegerField()


class BudgetLineOutput(serializers.ModelSerializer[BudgetLine]):
    """A budget line."""

    task = TaskField(read_only=True, allow_null=True)

    class Meta:
        model = BudgetLine
        fields = (
            "id",
            "name",
            "category",
            "cost_type",
            "funding_source",
            "task",
            "currency",
            "amount",
            "effective_from",
            "version",
        )
        read_only_fields = fields


class BudgetLineInput(serializers.Serializer[Any]):
    """What can be set of a budget line."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=150)
    category = serializers.ChoiceField(choices=CostCategory.choices, required=False)
    cost_type = serializers.ChoiceField(choices=CostType.choices, required=False)
    funding_source = serializers.CharField(required=False, allow_blank=True, max_length=100)
    task = TaskField(required=False, allow_null=True)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    amount = AmountField()
    effective_from = serializers.DateField()


class CommitmentOutput(serializers.ModelSerializer[Commitment]):
    """A commitment."""

    class Meta:
        model = Commitment
        fields = (
            "id",
            "number",
            "supplier",
            "line",
            "currency",
            "amount",
            "invoiced",
            "date",
            "state",
            "closed_on",
            "version",
        )
        read_only_fields = fields


class CommitmentInput(serializers.Serializer[Any]):
    """What can be set of a commitment."""

    number = serializers.CharField(max_length=40)
    supplier = serializers.CharField(required=False, allow_blank=True, max_length=150)
    line = LineField(required=False, allow_null=True)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    amount = AmountField()
    invoiced = AmountField(required=False)
    date = serializers.DateField()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class CloseInput(serializers.Serializer[Any]):
    """The end of a commitment."""

    closed_on = serializers.DateField()
    is_canceled = serializers.BooleanField(required=False)


class ActualCostOutput(serializers.ModelSerializer[ActualCost]):
    """A posting."""

    task = TaskField(read_only=True, allow_null=True)

    class Meta:
        model = ActualCost
        fields = (
            "id",
            "posting_date",
            "text",
            "task",
            "line",
            "currency",
            "amount",
            "rate",
            "project_amount",
            "source",
            "reverses",
        )
        read_only_fields = fields


class ActualCostInput(serializers.Serializer[Any]):
    """A new posting."""

    posting_date = serializers.DateField()
    text = serializers.CharField(required=False, allow_blank=True, max_length=200)
    task = TaskField(required=False, allow_null=True)
    line = LineField(required=False, allow_null=True)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    amount = AmountField(min_value=-LARGEST)
    source = serializers.ChoiceField(choices=CostSource.choices, required=False)


class ReversalInput(serializers.Serializer[Any]):
    """Taking a posting back."""

    posting_date = serializers.DateField()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class ForecastInput(serializers.Serializer[Any]):
    """What is still to be spent beyond commitments."""

    etc_amount = AmountField()
    made_on = serializers.DateField()
    line = LineField(required=False, allow_null=True)
