"""Input of budget lines, commitments, postings and the forecast."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.choices import CostCategory, CostSource, CostType
from projects.forms.saving import VersionedForm, amount_field, currency_field, date_field
from projects.models import BudgetLine, Commitment, Project, Task


class BudgetLineForm(VersionedForm):
    """Money set aside for a part of the project."""

    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    category = forms.ChoiceField(label=_("Category"), choices=CostCategory.choices)
    cost_type = forms.ChoiceField(label=_("Cost type"), choices=CostType.choices)
    amount = amount_field(_("Amount"), min_value=0)
    task = forms.ModelChoiceField(
        label=_("For the task"),
        queryset=Task.objects.none(),
        required=False,
        empty_label=_("– not distributed –"),
    )
    funding_source = forms.CharField(label=_("Funding source"), max_length=100, required=False)
    effective_from = date_field(_("Effective from"), required=True)

    def __init__(self, *args: Any, project: Project, currencies: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["task"].queryset = Task.objects.filter(project=project).in_order()
        self.fields["currency"] = currency_field(currencies)
        self.order_fields(["version", "name", "category", "cost_type", "amount", "currency"])


def budget_line_values(line: BudgetLine) -> dict[str, Any]:
    """Return the present values of `BudgetLineForm`."""
    names = (*(name for name in BudgetLineForm.base_fields if name != "version"), "currency", "version")
    return {name: getattr(line, name) for name in names}


class CommitmentForm(VersionedForm):
    """Money promised to a supplier."""

    number = forms.CharField(label=_("Number"), max_length=40, help_text=_("Of the order or contract."))
    supplier = forms.CharField(label=_("Supplier"), max_length=150, required=False)
    amount = amount_field(_("Amount"), min_value=0)
    invoiced = amount_field(_("Invoiced so far"), required=False, min_value=0)
    date = date_field(_("Date"), required=True)
    line = forms.ModelChoiceField(
        label=_("Budget line"), queryset=BudgetLine.objects.none(), required=False, empty_label="–"
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=250,
        help_text=_("Only needed when the budget does not cover it."),
    )

    def __init__(self, *args: Any, project: Project, currencies: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["line"].queryset = BudgetLine.objects.filter(project=project).order_by("name", "pk")
        self.fields["currency"] = currency_field(currencies)
        self.order_fields(["version", "number", "supplier", "amount", "currency", "invoiced"])

    def clean_invoiced(self) -> Any:
        """Nothing invoiced is 0."""
        return self.cleaned_data["invoiced"] or 0


def commitment_values(commitment: Commitment) -> dict[str, Any]:
    """Return the present values of `CommitmentForm`."""
    names = ("number", "supplier", "amount", "invoiced", "date", "line", "currency", "version")
    return {name: getattr(commitment, name) for name in names}


class CloseForm(VersionedForm):
    """The end of a commitment."""

    closed_on = date_field(_("Closed on"), required=True)
    is_canceled = forms.BooleanField(label=_("Canceled, not delivered"), required=False)


class ActualCostForm(forms.Form):
    """A posting."""

    posting_date = date_field(_("Posting date"), required=True)
    text = forms.CharField(label=_("Text"), max_length=200, required=False)
    amount = amount_field(_("Amount"))
    source = forms.ChoiceField(
        label=_("Source"), choices=[choice for choice in CostSource.choices if choice[0] != CostSource.IMPORT]
    )
    line = forms.ModelChoiceField(
        label=_("Budget line"), queryset=BudgetLine.objects.none(), required=False, empty_label="–"
    )
    task = forms.ModelChoiceField(
        label=_("Task"), queryset=Task.objects.none(), required=False, empty_label="–"
    )

    def __init__(self, *args: Any, project: Project, currencies: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["line"].queryset = BudgetLine.objects.filter(project=project).order_by("name", "pk")
        self.fields["task"].queryset = Task.objects.filter(project=project).in_order()
        self.fields["currency"] = currency_field(currencies)
        self.order_fields(["posting_date", "text", "amount", "currency"])


class ReversalForm(forms.Form):
    """Taking a posting back."""

    posting_date = date_field(_("Posting date"), required=True)
    reason = forms.CharField(label=_("Reason"), max_length=250, required=False)


class ForecastForm(forms.Form):
    """What is still to be spent beyond commitments."""

    etc_amount = amount_field(_("Estimate to complete"), min_value=0)
    made_on = date_field(_("Made on"), required=True)
