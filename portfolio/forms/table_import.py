"""Forms of the import of tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portfolio.interchange.mapping import FIELDS, MappingFault, TableMapping
from portfolio.models import Portfolio
from projects.choices import ReportCycle

FIELD_LABELS = {
    "code": _("Reference of the source"),
    "name": _("Project name"),
    "org_unit": _("Department or unit"),
    "category": _("Category"),
    "description": _("Description"),
    "start": _("Start"),
    "finish": _("Finish"),
    "budget": _("Whole-life cost"),
    "year_budget": _("Budget of the year"),
    "year_forecast": _("Forecast of the year"),
    "confidence": _("Delivery confidence (reported color)"),
    "confidence_note": _("Comment on the confidence"),
    "schedule_note": _("Comment on the schedule"),
    "variance_note": _("Comment on the variance"),
    "budget_note": _("Comment on the budget"),
    "year": _("Reporting year"),
}
UNITS = ((1, _("1")), (1_000, _("thousands")), (1_000_000, _("millions")), (1_000_000_000, _("billions")))


class TableUploadForm(forms.Form):
    """A file and the portfolio its projects belong to."""

    file = forms.FileField(label=_("Table"))
    portfolio = forms.ModelChoiceField(
        label=_("Portfolio"),
        queryset=Portfolio.objects.none(),
        empty_label=_("Choose a portfolio"),
        help_text=_("New projects get their home here; known ones are looked for here."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["portfolio"]
        field.queryset = Portfolio.objects.visible_to(user, "portfolio.import").order_by("name", "pk")  # type: ignore[attr-defined]
        homes = field.queryset[:2]  # type: ignore[attr-defined]
        self.has_homes = bool(homes)
        if len(homes) == 1:
            field.initial = homes[0]


class TableMappingForm(forms.Form):
    """Which column means what; one select per field of the portal."""

    currency = forms.RegexField(
        label=_("Currency"),
        regex=r"^[A-Za-z]{3}$",
        help_text=_("Three letters, such as EUR."),
        error_messages={"invalid": _("Use the three letters of ISO 4217, such as EUR.")},
    )
    money_unit = forms.TypedChoiceField(label=_("Amounts are in"), choices=UNITS, coerce=int)
    report_cycle = forms.ChoiceField(label=_("Such a table appears"), choices=ReportCycle.choices)
    as_of = forms.DateField(
        label=_("Status as of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave empty to take it from the reporting year."),
    )
    as_of_month_day = forms.RegexField(
        label=_("Day of the reporting year"),
        required=False,
        regex=r"^\d{2}-\d{2}$",
        help_text=_("MM-DD, such as 03-31 for statuses at the end of March."),
        error_messages={"invalid": _("Write month and day as MM-DD, such as 03-31.")},
    )
    has_first_status_as_baseline = forms.BooleanField(
        label=_("Take the first status of a project as its original baseline"),
        required=False,
        help_text=_("Later dates and costs are then measured against it. Without it they stay not rated."),
    )
    remember_as = forms.SlugField(
        label=_("Remember this mapping as"),
        required=False,
        max_length=60,
        help_text=_("A short name without blanks; choose it next time."),
    )

    def __init__(self, *args: Any, headers: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("– not in this table –")), *((header, header) for header in headers)]
        for each in FIELDS:
            self.fields[f"column_{each.code}"] = forms.ChoiceField(
                label=FIELD_LABELS[each.code], choices=choices, required=each.code == "name"
            )

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """The selects, in the order of the fields."""
        return [self[f"column_{each.code}"] for each in FIELDS]

    @property
    def choice_fields(self) -> list[forms.BoundField]:
        """The other fields."""
        return [field for field in self if not field.name.startswith("column_")]

    def clean(self) -> dict[str, Any]:
        """Refuse a mapping that gives no date, or that reads one column twice."""
        data = super().clean() or {}
        used = [header for name, header in data.items() if name.startswith("column_") and header]
        for header in {each for each in used if used.count(each) > 1}:
            self.add_error(None, _("The column “%(name)s” is chosen twice.") % {"name": header})
        has_year = data.get("column_year") and data.get("as_of_month_day")
        if not data.get("as_of") and not has_year and "as_of" not in self.errors:
            self.add_error(
                "as_of", _("Give the date of the status, or the column of the year and the day in the year.")
            )
        if not self.errors:
            try:
                data["mapping"] = self._mapping(data)
            except MappingFault as fault:
                self.add_error(None, gettext(fault.sentence) % fault.parameters)
        return data

    def _mapping(self, data: Mapping[str, Any]) -> TableMapping:
        columns = {
            each.code: (data[f"column_{each.code}"],) for each in FIELDS if data.get(f"column_{each.code}")
        }
        return TableMapping(
            title=data.get("remember_as") or "Table",
            columns=columns,
            currency=data["currency"].upper(),
            money_unit=data["money_unit"],
            as_of_month_day=data.get("as_of_month_day", ""),
            has_first_status_as_baseline=data["has_first_status_as_baseline"],
            report_cycle=data["report_cycle"],
        )


def mapping_initial(mapping: TableMapping, headers: Sequence[str]) -> dict[str, Any]:
    """Return the form's values for a mapping, as far as the table has its columns."""
    by_name = {header.casefold(): header for header in headers}
    initial: dict[str, Any] = {
        "currency": mapping.currency,
        "money_unit": mapping.money_unit,
        "report_cycle": mapping.report_cycle,
        "as_of_month_day": mapping.as_of_month_day,
        "has_first_status_as_baseline": mapping.has_first_status_as_baseline,
    }
    for code, names in mapping.columns.items():
        header = next((by_name[name.casefold()] for name in names if name.casefold() in by_name), None)
        if header is not None:
            initial[f"column_{code}"] = header
    return initial
