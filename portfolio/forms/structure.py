"""Input of portfolios, programs, new projects and saved views."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import OrgUnit, Person
from portfolio.access import portfolios_where, programs_where
from portfolio.models import Portfolio, Program
from projects.choices import ReportCycle, Tier
from projects.forms.projects import CURRENCIES
from projects.forms.saving import VersionedForm, date_field

CODE_HINT = _("Letters, digits and hyphens; it stands in addresses and never changes.")


def _person(label: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=label, queryset=Person.objects.order_by("name", "pk"), required=False, empty_label="–"
    )


class PortfolioForm(VersionedForm):
    """A portfolio."""

    code = forms.SlugField(label=_("Code"), max_length=40, help_text=CODE_HINT)
    name = forms.CharField(label=_("Name"), max_length=150)
    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    parent = forms.ModelChoiceField(
        label=_("Part of"),
        queryset=Portfolio.objects.none(),
        required=False,
        empty_label=_("The organization"),
    )
    owner = _person(_("Owner"))
    manager = _person(_("Portfolio manager"))
    reporting_currency = forms.ChoiceField(
        label=_("Reporting currency"), choices=[(code, code) for code in CURRENCIES]
    )

    def __init__(self, *args: Any, user: Any, portfolio: Portfolio | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        above = portfolios_where(user, "portfolio.edit")
        if portfolio is not None:
            del self.fields["code"]
            above = above.exclude(node__path__startswith=portfolio.node.path)
            if portfolio.parent_id:
                above = above | Portfolio.objects.filter(pk=portfolio.parent_id)
        self.fields["parent"].queryset = above.order_by("name", "pk")


class ProgramForm(VersionedForm):
    """A program of a portfolio."""

    code = forms.SlugField(label=_("Code"), max_length=40, help_text=CODE_HINT)
    name = forms.CharField(label=_("Name"), max_length=150)
    outcomes = forms.CharField(
        label=_("Outcomes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the projects achieve together."),
    )
    portfolio = forms.ModelChoiceField(
        label=_("Portfolio"), queryset=Portfolio.objects.none(), empty_label=_("Choose a portfolio")
    )
    manager = _person(_("Program manager"))
    sponsor = _person(_("Sponsor"))

    def __init__(self, *args: Any, user: Any, program: Program | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if program is not None:
            del self.fields["code"]
        self.fields["portfolio"].queryset = portfolios_where(user, "portfolio.edit").order_by("name", "pk")


class NewProjectForm(forms.Form):
    """A new project with its home; everything else can follow later."""

    name = forms.CharField(label=_("Name"), max_length=250)
    home = forms.ChoiceField(
        label=_("Portfolio or program"), help_text=_("Money and health roll up along this path.")
    )
    code = forms.SlugField(
        label=_("Code"), max_length=40, required=False, help_text=_("Leave empty for the next free number.")
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    org_unit = forms.ModelChoiceField(
        label=_("Organization unit"),
        queryset=OrgUnit.objects.order_by("name", "pk"),
        required=False,
        empty_label="–",
    )
    category = forms.CharField(label=_("Category"), max_length=80, required=False)
    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices, initial=Tier.T2)
    report_cycle = forms.ChoiceField(
        label=_("Report cycle"), choices=ReportCycle.choices, initial=ReportCycle.MONTHLY
    )
    planned_start = date_field(_("Planned start"))
    planned_finish = date_field(_("Planned finish"), help_text=_("The last day of the project."))
    is_auto_scheduled = forms.BooleanField(
        label=_("The portal computes the dates of its plan"),
        required=False,
        initial=True,
        help_text=_("From links, calendars, constraints and progress. Otherwise dates are typed in."),
    )
    is_flagship = forms.BooleanField(
        label=_("Flagship"),
        required=False,
        help_text=_("Watched more closely; red weighs more in the portfolio."),
    )
    is_confidential = forms.BooleanField(
        label=_("Confidential"),
        required=False,
        help_text=_("Invisible to everyone without a role on the project itself, in counts and sums too."),
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._programs = {f"program:{item.code}": item for item in programs_where(user, "project.create")}
        self._portfolios = {
            f"portfolio:{item.code}": item for item in portfolios_where(user, "project.create")
        }
        self.fields["home"].choices = [
            (_("Portfolios"), [(key, item.name) for key, item in self._portfolios.items()]),
            (
                _("Programs"),
                [(key, f"{item.portfolio.name} › {item.name}") for key, item in self._programs.items()],
            ),
        ]

    @property
    def has_homes(self) -> bool:
        """Whether there is a place for a project the person may create one in."""
        return bool(self._programs or self._portfolios)

    def clean(self) -> dict[str, Any]:
        """Refuse a finish before the start."""
        values = super().clean() or {}
        start, finish = values.get("planned_start"), values.get("planned_finish")
        if start and finish and finish < start:
            self.add_error("planned_finish", _("The planned finish must not be before the planned start."))
        return values

    @property
    def facts(self) -> dict[str, Any]:
        """The arguments of `components.create_project`."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "home"}
        home = self.cleaned_data["home"]
        return {**given, "program": self._programs.get(home), "portfolio": self._portfolios.get(home)}


class SavedViewForm(forms.Form):
    """A name for the present view of a list."""

    name = forms.CharField(label=_("Name"), max_length=80)
    is_shared = forms.BooleanField(label=_("Share with everybody"), required=False)
