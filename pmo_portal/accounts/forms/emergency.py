"""The form that opens emergency access."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from pmo_portal.accounts.forms.people import BareForm
from pmo_portal.accounts.services.emergency import HOURS, LONGEST_CODE, LONGEST_REASON, SHORTEST_REASON


class EmergencyForm(BareForm, forms.Form):
    """Which project, why, and for how long."""

    project_code = forms.CharField(
        label=_("Code of the project"),
        max_length=LONGEST_CODE,
        help_text=_("Type it exactly. The portal does not say whether it exists."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        help_text=_("At least 20 characters. Every PMO head reads it now, auditors later."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    hours = forms.TypedChoiceField(label=_("For"), coerce=int, initial=HOURS[0])
    includes_confidential = forms.BooleanField(
        label=_("The project is confidential"),
        required=False,
        help_text=_("Only with this does the access reach a confidential project."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"].choices = [
            (hours, ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours})
            for hours in HOURS
        ]
