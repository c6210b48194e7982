"""Input of waived checks and of what a baseline needs."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.choices import ScheduleGrade
from projects.engine.schedule_quality.vocabulary import Check
from projects.forms.saving import VersionedForm, date_field
from projects.models import Project
from projects.selectors.quality_words import TITLES

USUAL = timedelta(days=91)


class CheckWaiverForm(forms.Form):
    """Waive a check."""

    check_code = forms.ChoiceField(label=_("Check"), choices=[(code, TITLES[code]) for code in Check])
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why the plan may fail this check, in at least 20 characters. It stays on record."),
    )
    valid_until = date_field(
        _("Valid until"), required=True, help_text=_("At most a year. After that day the check counts again.")
    )


def waiver_values(asked: str, *, today: date) -> dict[str, Any]:
    """Return what the form starts with: the check of the address, three months."""
    return {"check_code": asked if asked in set(Check) else "", "valid_until": today + USUAL}


class BaselineGradeForm(VersionedForm):
    """How good a plan must be for a baseline."""

    grade = forms.ChoiceField(
        label=_("A baseline needs a plan that is"),
        required=False,
        choices=[
            ("", _("as it is, whatever its grade")),
            (ScheduleGrade.FAIR, _("fair or better")),
            (ScheduleGrade.GOOD, _("good")),
        ],
        help_text=_("Checks that are waived are left out."),
    )


def grade_values(project: Project) -> dict[str, Any]:
    """Return the present values of `BaselineGradeForm`."""
    return {"grade": project.baseline_grade, "version": project.version}
