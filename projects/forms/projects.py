"""Input of the project's header, state and data date."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import OrgUnit
from projects.choices import EacMethod, ProgressMode, ProjectState, ReportCycle
from projects.forms.saving import VersionedForm, date_field
from projects.models import Calendar, Project
from projects.selectors.calendars import calendars_for
from projects.selectors.states import next_states

CURRENCIES = ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "JPY")


class ProjectForm(VersionedForm):
    """The header of a project."""

    name = forms.CharField(label=_("Name"), max_length=250)
    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    org_unit = forms.ModelChoiceField(
        label=_("Organization unit"),
        queryset=OrgUnit.objects.order_by("name", "pk"),
        required=False,
        empty_label="–",
    )
    category = forms.CharField(label=_("Category"), max_length=80, required=False)
    is_flagship = forms.BooleanField(
        label=_("Flagship"),
        required=False,
        help_text=_("Watched more closely; red weighs more in the portfolio."),
    )
    report_cycle = forms.ChoiceField(label=_("Report cycle"), choices=ReportCycle.choices)
    planned_start = date_field(_("Planned start"))
    planned_finish = date_field(_("Planned finish"), help_text=_("The last day of the project."))
    must_finish_by = date_field(_("Must finish by"))
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    calendar = forms.ModelChoiceField(label=_("Calendar"), queryset=Calendar.objects.none(), empty_label=None)
    progress_mode = forms.ChoiceField(label=_("Progress out of sequence"), choices=ProgressMode.choices)
    eac_method = forms.ChoiceField(label=_("Estimate at completion"), choices=EacMethod.choices)

    def __init__(self, *args: Any, project: Project, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["calendar"].queryset = calendars_for(project)
        if project.currency not in CURRENCIES:
            self.fields["currency"].choices = [
                (project.currency, project.currency),
                *self.fields["currency"].choices,
            ]

    def clean(self) -> dict[str, Any]:
        """Refuse a finish before the start."""
        values = super().clean() or {}
        start, finish = values.get("planned_start"), values.get("planned_finish")
        if start and finish and finish < start:
            self.add_error("planned_finish", _("The planned finish must not be before the planned start."))
        return values


def project_values(project: Project) -> dict[str, Any]:
    """Return the present values of `ProjectForm`."""
    names = [name for name in ProjectForm.base_fields if name != "version"]
    return {**{name: getattr(project, name) for name in names}, "version": project.version}


class StateForm(VersionedForm):
    """Another state of the project."""

    state = forms.ChoiceField(label=_("New state"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to hold, cancel or reopen a project. It stands in the audit trail."),
    )
    sponsor_agrees = forms.BooleanField(
        label=_("The sponsor agreed to reopen the project"),
        required=False,
        help_text=_("It stands in the audit trail, with your name."),
    )

    def __init__(self, *args: Any, project: Project, **options: Any) -> None:
        super().__init__(*args, **options)
        if project.state != ProjectState.CLOSED:
            self.fields["sponsor_agrees"].widget = forms.HiddenInput()
        following = next_states(project)
        self.fields["state"].choices = [(state, ProjectState(state).label) for state in following]


class DataDateForm(VersionedForm):
    """Up to which day the status is known."""

    data_date = date_field(
        _("Data date"), required=True, help_text=_("The status is known up to the end of this day.")
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, help_text=_("Only needed when the date goes back."), max_length=250
    )
