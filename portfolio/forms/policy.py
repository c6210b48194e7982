"""Input of a new version of the health policy."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portfolio.rollup.policy import HealthPolicy as Rules
from portfolio.rollup.policy_check import PolicyFault
from portfolio.selectors.policy_faults import fault_text
from portfolio.selectors.policy_page import indicator_name, limit_hint
from portfolio.selectors.wording import dimension_name
from projects.forms.saving import date_field

GROUP_FIELDS = {
    "red_share_for_red": _("Red from a red share of (%)"),
    "red_share_for_amber": _("Amber from a red share of (%)"),
    "red_amber_share_for_amber": _("Amber from red and amber together (%)"),
    "min_rated_share": _("Rated part of the budget needed (%)"),
}
PLACES = {
    "group.red_share": "group_red_share_for_red",
    "group.red_amber_share": "group_red_amber_share_for_amber",
    "group.min_rated_share": "group_min_rated_share",
    "project.min_coverage": "min_coverage",
    "report": "grace_days",
}


class PolicyForm(forms.Form):
    """The present rules as fields: weights, limits, guards, shares."""

    reason = forms.CharField(
        label=_("Reason of the change"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("10 characters or more; it stands in the audit trail."),
    )
    effective_from = date_field(
        _("Effective from"), required=True, help_text=_("The first roll-up of this day follows it.")
    )
    min_coverage = forms.DecimalField(
        label=_("Coverage needed for a color (%)"), max_digits=6, decimal_places=2
    )
    grace_days = forms.IntegerField(label=_("Days of grace for reports"))

    def __init__(self, *args: Any, rules: Rules, today: date, **options: Any) -> None:
        initial = {
            "effective_from": today,
            "min_coverage": rules.project.min_coverage,
            "grace_days": rules.report.grace_days,
        }
        super().__init__(*args, initial={**initial, **options.pop("initial", {})}, **options)
        self.rules = rules
        for rule in rules.dimensions:
            self._number(f"weight_{rule.code.value}", dimension_name(rule.code), rule.weight)
        green, amber = _("green"), _("amber")
        for item in rules.indicators:
            self._number(f"green_{item.code}", f"{item.code} {green}", item.green_limit)
            if item.amber_limit is not None:
                self._number(f"amber_{item.code}", f"{item.code} {amber}", item.amber_limit)
        for name, title in GROUP_FIELDS.items():
            self._number(f"group_{name}", title, getattr(rules.group, name))

    def _number(self, name: str, label: Any, value: Decimal) -> None:
        self.fields[name] = forms.DecimalField(label=label, initial=value, max_digits=9, decimal_places=3)

    @property
    def weight_rows(self) -> list[tuple[Any, Any]]:
        """Dimensions with their fields."""
        return [(rule, self[f"weight_{rule.code.value}"]) for rule in self.rules.dimensions]

    @property
    def limit_rows(self) -> list[dict[str, Any]]:
        """Indicators with the fields of both limits."""
        return [
            {
                "code": item.code,
                "name": indicator_name(item),
                "hint": limit_hint(item),
                "green": self[f"green_{item.code}"],
                "amber": self[f"amber_{item.code}"] if item.amber_limit is not None else None,
            }
            for item in self.rules.indicators
        ]

    @property
    def group_rows(self) -> list[Any]:
        """Fields of the shares and guards."""
        return [*(self[f"group_{name}"] for name in GROUP_FIELDS), self["min_coverage"], self["grace_days"]]

    @property
    def document(self) -> dict[str, Any]:
        """The new rules as the service takes them."""
        given, made = self.cleaned_data, self.rules.to_dict()
        for rule in made["dimensions"]:
            rule["weight"] = str(given[f"weight_{rule['code']}"])
        for item in made["indicators"]:
            item["green_limit"] = str(given[f"green_{item['code']}"])
            if item.get("amber_limit") is not None:
                item["amber_limit"] = str(given[f"amber_{item['code']}"])
        for name in GROUP_FIELDS:
            made["group"][name] = str(given[f"group_{name}"])
        made["project"]["min_coverage"] = str(given["min_coverage"])
        made["report"]["grace_days"] = given["grace_days"]
        return made

    def refuse(self, faults: Iterable[PolicyFault]) -> None:
        """Put each fault beside the field it speaks of."""
        for fault in faults:
            self.add_error(self._field_of(fault), fault_text(fault))

    def _field_of(self, fault: PolicyFault) -> str | None:
        if fault.where == "dimensions":
            return f"weight_{self.rules.dimensions[0].code.value}"
        for name in (f"green_{fault.where}", PLACES.get(fault.where, "")):
            if name in self.fields:
                return name
        return None
