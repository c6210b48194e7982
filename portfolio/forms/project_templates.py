"""Input of project templates: a project from one, one from a project, a draft."""

import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from portfolio.forms.methodologies import reading_order
from portfolio.forms.structure import NewProjectForm
from portfolio.models import TemplateVersion
from portfolio.rollup.methodology import Words
from portfolio.rollup.project_template import TemplateContent
from portfolio.services.template_projects import FACTORS, Order
from projects.choices import Tier
from projects.forms.saving import VersionedForm, amount_field, date_field

LEFT_OUT = ("planned_start", "planned_finish", "is_auto_scheduled", "tier", "category")
ORDER = (
    "name", "home", "description", "start", "manager", "total", "currency", "duration_factor", "cost_factor",
    "code",
)  # fmt: skip
IN_ORDER = ("name", "portfolio", "program", "start", "manager", "total", "duration_factor", "cost_factor")


def _factor(label: Any, help_text: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        initial=Decimal(1),
        min_value=FACTORS[0],
        max_value=FACTORS[1],
        max_digits=5,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.05"}),
    )


class TemplateProjectForm(NewProjectForm):
    """A new project from a template."""

    start = date_field(_("Start"), required=True, help_text=_("First day work may be planned on."))
    manager = forms.ModelChoiceField(
        label=_("Project manager"), queryset=User.objects.none(), required=False, empty_label="–"
    )
    total = amount_field(
        _("Budget at completion"),
        required=False,
        min_value=Decimal(0),
        help_text=_("The budget lines of the template are shares of it. 0 makes none."),
    )
    duration_factor = _factor(_("Duration factor"), _("0.5 halves all durations, to the half day."))
    cost_factor = _factor(_("Cost factor"), _("Multiplies the fixed amounts of the budget."))
    request_key = forms.CharField(max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, version: TemplateVersion, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        content = version.content
        for name in LEFT_OUT:
            del self.fields[name]
        self.fields["manager"].queryset = User.objects.filter(is_active=True).order_by("name", "pk")
        self.fields["request_key"].initial = uuid.uuid4().hex
        if not content.needs_total:
            del self.fields["total"]
        if all(line.amount is None for line in content.lines):
            del self.fields["cost_factor"]
        self.order_fields(ORDER)

    @property
    def order(self) -> Order:
        """What the service makes."""
        given = super().facts
        wanted = {name: given.pop(name) for name in IN_ORDER if name in given}
        key = given.pop("request_key")
        language = get_language() or "en"
        return Order(**wanted, language=language, request_key=key, facts=given)


class TemplateFromProjectForm(forms.Form):
    """A plan to be kept as a template."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=40,
        help_text=_("The code of a template that is there makes its next version."),
    )
    name = forms.CharField(label=_("Name"), max_length=150)
    summary = forms.CharField(
        label=_("What it is for"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    changelog = forms.CharField(
        label=_("What changed"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    with_money = forms.BooleanField(
        label=_("With the budget, as shares of the total"), required=False, initial=True
    )

    def __init__(self, *args: Any, sees_money: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not sees_money:
            del self.fields["with_money"]

    def content(self, content: TemplateContent) -> TemplateContent:
        """Return the content with the words that were typed; kept translations stay where nothing changed."""
        name, summary = self.cleaned_data["name"], self.cleaned_data["summary"]
        return replace(
            content,
            name=content.name if name in (content.name.en, content.name.de) else Words(name),
            summary=content.summary
            if summary in (content.summary.en, content.summary.de)
            else Words(summary),
            lines=content.lines if self.cleaned_data.get("with_money") else (),
        )


class DraftForm(VersionedForm):
    """The head of a draft; its plan is edited as a project."""

    name_en = forms.CharField(label=_("Name, English"), max_length=150)
    name_de = forms.CharField(label=_("Name, German"), max_length=150, required=False)
    summary_en = forms.CharField(
        label=_("What it is for, English"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    summary_de = forms.CharField(
        label=_("What it is for, German"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    methodology = forms.CharField(label=_("Methodology"), max_length=20, required=False)
    tier = forms.ChoiceField(label=_("Tier"), choices=[("", "–"), *Tier.choices], required=False)
    category = forms.CharField(label=_("Category"), max_length=80, required=False)
    changelog = forms.CharField(
        label=_("What changed"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        own, other = reading_order()
        self.order_fields([f"{name}_{each}" for name in ("name", "summary") for each in (own, other)])
        self.fields[f"name_{own}"].required, self.fields[f"name_{other}"].required = True, False
        self.initial[f"name_{own}"] = self.initial.get(f"name_{own}") or self.initial.get(f"name_{other}")

    def content(self, content: TemplateContent) -> TemplateContent:
        """Return the content with the head that was typed; one language is enough."""
        given = self.cleaned_data
        return replace(
            content,
            name=Words(given["name_en"] or given["name_de"], given["name_de"]),
            summary=Words(given["summary_en"] or given["summary_de"], given["summary_de"]),
            methodology=given["methodology"],
            tier=given["tier"],
            category=given["category"],
        )


def draft_values(version: TemplateVersion) -> dict[str, Any]:
    """Return the head of a draft by field name."""
    content = version.content
    return {
        "version": version.edition,
        "name_en": content.name.en,
        "name_de": content.name.de,
        "summary_en": content.summary.en,
        "summary_de": content.summary.de,
        "methodology": content.methodology,
        "tier": content.tier,
        "category": content.category,
        "changelog": version.changelog,
    }


class WithdrawForm(forms.Form):
    """Why a version is withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
