"""Input of how a plan is scheduled."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.choices import FloatKind, LagCalendar, ProgressMode, ScheduleConvention
from projects.forms.saving import VersionedForm, date_field, shown_value
from projects.models import Project
from projects.selectors.work_days import in_days, in_minutes


def _days_field(label: Any, help_text: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, min_value=-2000, max_value=2000, decimal_places=2
    )


class SchedulingForm(VersionedForm):
    """The rules the engine follows for one project."""

    convention = forms.ChoiceField(
        label=_("Schedule convention"),
        choices=ScheduleConvention.choices,
        help_text=_("Whose dates are wanted where tools differ. An imported plan keeps that of its tool."),
    )
    planned_start = date_field(_("Planned start"), help_text=_("Nothing is planned before this day."))
    must_finish_by = date_field(
        _("Must finish by"), help_text=_("Float is measured to this day instead of the last finish.")
    )
    progress_mode = forms.ChoiceField(
        label=_("Progress out of sequence"),
        choices=ProgressMode.choices,
        help_text=_(
            "Whether remaining work of a task that began too early still waits for its predecessors."
        ),
    )
    honor_hard_dates = forms.BooleanField(
        label=_("Hard dates win over links"),
        required=False,
        help_text=_("“Must start on” and “must finish on” hold even where links make them impossible."),
    )
    deadline_bounds_float = forms.BooleanField(
        label=_("Deadlines bound float"),
        required=False,
        help_text=_("A deadline lowers total float; it never moves dates."),
    )
    critical_days = _days_field(_("Critical up to"), _("Working days of total float."))
    near_critical_days = _days_field(_("Near-critical up to"), _("Working days of total float."))
    float_kind = forms.ChoiceField(label=_("Total float is"), choices=FloatKind.choices)
    default_lag_calendar = forms.ChoiceField(
        label=_("Lag runs on the calendar of"), choices=LagCalendar.choices
    )

    def __init__(self, *args: Any, project: Project, **options: Any) -> None:
        super().__init__(*args, **options)
        self.project = project

    def clean(self) -> dict[str, Any]:
        """Refuse a near-critical limit below the critical one."""
        values = super().clean() or {}
        low, high = values.get("critical_days"), values.get("near_critical_days")
        if low is not None and high is not None and high < low:
            self.add_error("near_critical_days", _("It must not be below “critical up to”."))
        return values

    @property
    def changes(self) -> dict[str, Any]:
        """The columns of the project."""
        values = super().changes
        for name in ("critical", "near_critical"):
            days: Decimal = values.pop(f"{name}_days")
            values[f"{name}_threshold"] = in_minutes(days, self.project)
        return values


@dataclass(frozen=True)
class Rule:
    """A rule of scheduling as a page shows it."""

    label: str
    value: str


def rules_in_words(project: Project) -> list[Rule]:
    """Return the rules with their present values."""
    form = SchedulingForm(project=project)
    values = scheduling_values(project)
    lengths = {"critical_days", "near_critical_days"}
    said = {name: shown_value(field, values[name]) for name, field in form.fields.items()}
    return [
        Rule(
            str(field.label),
            str(_("%(days)s working days") % {"days": said[name]}) if name in lengths else said[name],
        )
        for name, field in form.fields.items()
        if name != "version"
    ]


def scheduling_values(project: Project) -> dict[str, Any]:
    """Return the present values of `SchedulingForm`."""
    plain = {name: getattr(project, name) for name in SchedulingForm.base_fields if hasattr(project, name)}
    return {
        **plain,
        "critical_days": in_days(project.critical_threshold, project),
        "near_critical_days": in_days(project.near_critical_threshold, project),
        "version": project.version,
    }
