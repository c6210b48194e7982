"""Input of new periods, and the word before one is closed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.saving import date_field
from projects.selectors.periods import Span

MONTHS, ONE = "MONTHS", "ONE"


class PeriodsForm(forms.Form):
    """The next periods: months by the calendar, or one with days of its own."""

    rule = forms.ChoiceField(
        label=_("How"),
        widget=forms.RadioSelect,
        choices=[(MONTHS, _("Calendar months")), (ONE, _("One period with its own days"))],
        initial=MONTHS,
    )
    months = forms.IntegerField(
        label=_("Number of months"),
        min_value=1,
        max_value=36,
        initial=12,
        required=False,
        help_text=_("Only for calendar months."),
    )
    start = date_field(_("First day"))
    end = date_field(_("Last day"), help_text=_("Only for a period with its own days."))
    code = forms.SlugField(
        label=_("Code"),
        max_length=10,
        required=False,
        help_text=_("Only for a period with its own days, such as FY27-01."),
    )

    def __init__(self, *args: Any, is_first: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["start"].help_text = (
            _("The first period may begin on any day; months begin with the first of this month.")
            if is_first
            else _("Periods follow each other without gaps, so this day is fixed.")
        )
        if not is_first:
            self.fields["start"].widget.attrs["readonly"] = True

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen rule needs."""
        values = super().clean() or {}
        needed = {MONTHS: ("months", "start"), ONE: ("code", "start", "end")}.get(values.get("rule", ""), ())
        for name in needed:
            if values.get(name) in {None, ""} and name not in self.errors:
                self.add_error(name, _("This is needed for the rule you chose."))
        return values

    @property
    def is_by_month(self) -> bool:
        """Whether calendar months are asked for."""
        return bool(self.cleaned_data["rule"] == MONTHS)

    @property
    def span(self) -> Span:
        """The period with days of its own."""
        given = self.cleaned_data
        return Span(given["code"], given["start"], given["end"])


class CloseForm(forms.Form):
    """The person has read that a close cannot be undone; not asked again for a closed period."""

    is_final = forms.BooleanField(label=_("I know that this cannot be undone"))

    def __init__(self, *args: Any, is_closed: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_closed:
            del self.fields["is_final"]
